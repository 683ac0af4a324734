"""``newsgraph ask``: each question is a command, whose arguments and options are the question's parameters."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from newsgraph.cli.shared.answers import answer_options, emit_answer, output_of
from newsgraph.cli.shared.common import (
    QUESTIONS_VARIABLE,
    bounds_options,
    open_for_reading,
    say_problems,
    store_named,
    store_option,
)
from newsgraph.cli.shared.provenance import Wanted, provenance_options
from newsgraph.cli.shared.terminal import say, show, tell
from newsgraph.graph.stores.bounds import Bounds
from newsgraph.output.safe_text import harmless
from newsgraph.queries.ask import ask, shown
from newsgraph.queries.asking.parameters import Kind, Parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.registry import REGISTRY, question, questions

_TYPES: dict[Kind, str] = {
    Kind.INTEGER: "NUMBER",
    Kind.REAL: "NUMBER",
    Kind.MOMENT: "DATE",
    Kind.ZONE: "ZONE",
    Kind.EVENT: "EVENT",
    Kind.OUTLET: "OUTLET",
    Kind.TOPIC: "TOPIC",
    Kind.GROUP: "GROUP",
    Kind.LANGUAGE: "TAG",
    Kind.COUNTRY: "COUNTRY",
    Kind.WHERE: "COLUMN=VALUE",
    Kind.COLUMN: "COLUMN",
}


class QuestionGroup(click.Group):
    """Questions as commands. A command is made when it is asked for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads ``--questions DIR`` wherever it is, because it decides which commands there are."""
        for place, one in enumerate(args):
            if one == "--":
                break
            if one == "--questions" and place + 1 < len(args):
                args = [*args[place : place + 2], *args[:place], *args[place + 2 :]]
                break
            if one.startswith("--questions="):
                args = [one, *args[:place], *args[place + 1 :]]
                break
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns all questions: newsgraph's own in the order of the table, then the user's."""
        return list(questions(_folder(ctx)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Returns the command that asks the question. Raises UnknownNameError, which suggests the most similar
        names."""
        return _command(question(cmd_name, _folder(ctx)), _folder(ctx))

    def get_help(self, ctx: click.Context) -> str:
        """Returns the help with what a terminal would obey shown as codes, as a file of questions may contain
        anything."""
        return harmless(super().get_help(ctx))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the listing without importing any question."""
        with formatter.section("Questions"):
            formatter.write_dl(list(questions(_folder(ctx)).items()))
        say_problems(REGISTRY)


@click.group("ask", cls=QuestionGroup, invoke_without_command=True, subcommand_metavar="[QUESTION] [ARGS]...")
@click.option(
    "--questions",
    "folder",
    metavar="DIR",
    envvar=QUESTIONS_VARIABLE,
    show_envvar=True,
    type=click.Path(path_type=Path),
    help="A folder of your own questions, .cypher files.",
)
@store_option
@click.pass_context
def command(ctx: click.Context, folder: Path | None, store_url: str) -> None:
    """Ask a question. Alone, lists all questions; `newsgraph ask QUESTION --help` explains one."""
    if ctx.invoked_subcommand is None:
        listed = questions(folder)
        width = max(len(name) for name in listed)
        for name, line in listed.items():
            tell(f"{name:<{width}}  {line}")
        say()
        say("newsgraph ask QUESTION --help explains one.")
        say_problems(REGISTRY)


def _folder(ctx: click.Context) -> Path | None:
    folder: Path | None = ctx.params.get("folder")
    return folder


def _command(asked: Question[Any, Any], folder: Path | None) -> click.Command:
    """Returns the question as a command, with its own parameters and those of every answer."""

    def run(**options: Any) -> None:
        _run(asked, folder, options)

    described = provenance_options(answer_options(store_option(run)))
    shared = list(reversed(getattr(described, "__click_params__", [])))
    own: list[click.Parameter] = [_argument(one) if one.positional else _option(one) for one in asked.declared]
    limits = list(reversed(getattr(bounds_options(lambda: None), "__click_params__", []))) if asked.own else []
    return _QuestionCommand(
        asked,
        name=asked.name,
        callback=run,
        params=[
            *own,
            click.Option(["--sort"], metavar="COLUMN", help="Order by a column; with - before it, descending."),
            click.Option(
                ["--show-cypher"], is_flag=True, help="Print the query text with its values instead of asking."
            ),
            *limits,
            *shared,
        ],
    )


class _QuestionCommand(click.Command):
    """The command of a question. Its help ends with the columns of the answer."""

    def __init__(self, asked: Question[Any, Any], **settings: Any) -> None:
        super().__init__(help=asked.detail, **settings)
        self.asked = asked

    def get_help(self, ctx: click.Context) -> str:
        """Returns the help with what a terminal would obey shown as codes, as a file of questions may contain
        anything."""
        return harmless(super().get_help(ctx))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the question's docstring, and the arguments that have no option name."""
        super().format_help_text(ctx, formatter)
        bare = [one for one in self.asked.declared if one.positional]
        if bare:
            with formatter.section("Arguments"):
                formatter.write_dl([(one.option, one.meaning) for one in bare])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes every column with its type, unit and meaning."""
        from newsgraph.queries.answer import columns_of  # noqa: PLC0415

        rows = []
        for one in columns_of(self.asked.row):
            unit = f"; {one.unit}" if one.unit else ""
            empty = ", or empty" if one.optional else ""
            rows.append((one.name, f"{one.meaning} [{one.kind}{empty}{unit}]"))
        with formatter.section("Columns"):
            formatter.write_dl(rows)


def _argument(one: Parameter) -> click.Argument:
    # bind reports missing ones, in newsgraph's words. Several words need no quotes.
    return click.Argument(
        [one.name], required=False, nargs=-1 if one.kind is Kind.EVENT else 1, metavar=one.name.upper()
    )


def _option(one: Parameter) -> click.Option:
    name = one.option
    meaning = one.meaning
    if one.default is not None and one.default != () and one.kind is not Kind.FLAG:
        meaning += f"  [default: {one.default:g}]" if isinstance(one.default, float) else f"  [default: {one.default}]"
    if one.kind is Kind.FLAG:
        return click.Option([name, one.name], is_flag=True, default=None, help=meaning)
    # bind checks the values, with the same messages in Python and here; click only passes them on.
    also = ("COLUMN",) if one.kind is Kind.COLUMN else ()
    metavar = "|".join((*one.choices, *also)) if one.choices else _TYPES.get(one.kind, "TEXT")
    return click.Option([name, one.name], multiple=one.multiple, default=None, metavar=metavar, help=meaning)


def _run(asked: Question[Any, Any], folder: Path | None, options: dict[str, Any]) -> None:
    sort, show_cypher = options.pop("sort"), options.pop("show_cypher")
    store_url = store_named(options.pop("store_url"))
    output = output_of(
        store_url, **{name: options.pop(name) for name in ("format", "target", "force", "raw", "excel", "limit")}
    )
    provenance = Wanted(options.pop("provenance"), options.pop("provenance_file"), output.force)
    provenance.check(store_url)
    limits = {name: options.pop(name) for name in ("timeout", "memory") if asked.own}
    Bounds.of(timeout=limits.get("timeout"), memory=limits.get("memory"), limit=None)  # said before the store is opened
    given = {one.name: _given(one, options[one.name]) for one in asked.declared}
    if show_cypher and any(one.required and given[one.name] is None for one in asked.declared):
        show(asked.text.rstrip())
        return
    with open_for_reading(store_url, defer=True) as store:
        given = _chosen(asked, given, store)
        if show_cypher:
            show(shown(asked, given, store))
            return
        answer = ask(store, asked.name, limit=output.shown_rows, sort=sort, questions_folder=folder, **limits, **given)
        provenance.say(store, "question", answer.question, answer.parameters)
        about = _about(store, answer) if output.format in ("html", "xlsx") else []
    emit_answer(output, answer, about=about)


def _about(store: Any, answer: Any) -> list[str]:
    """Returns what a file says of its date, version, corpus and settings, as a page does."""
    from newsgraph.output.cells import json_value  # noqa: PLC0415
    from newsgraph.views.options import Options  # noqa: PLC0415
    from newsgraph.views.stamp import stamp  # noqa: PLC0415

    given = {name: json_value(value) for name, value in answer.parameters.items() if value not in (None, (), [])}
    return stamp(store, Options(), settings=[f"{name} {value}" for name, value in given.items()])


def _given(one: Parameter, value: Any) -> Any:
    if one.positional and isinstance(value, tuple):
        return " ".join(value) or None
    return value if value != () else None


def _person_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _chosen(asked: Question[Any, Any], given: Mapping[str, Any], store: Any) -> dict[str, Any]:
    """Asks which event is meant if words fit several and there is a person to ask."""
    result = dict(given)
    if not _person_there():
        return result
    from newsgraph.output.safe_text import one_line  # noqa: PLC0415
    from newsgraph.queries.asking.names import AmbiguousEventError, resolve_event  # noqa: PLC0415

    for one in asked.declared:
        if one.kind is not Kind.EVENT or not one.positional or result[one.name] is None:
            continue
        try:
            result[one.name] = resolve_event(store, result[one.name])
        except AmbiguousEventError as error:
            say(f"{error.number} events fit:")
            for number, hit in enumerate(error.hits, 1):
                say(f"  {number}. {one_line(hit.name or hit.id)} ({hit.id})")
            wanted = click.prompt("Which one", type=click.IntRange(1, len(error.hits)), err=True)
            result[one.name] = error.hits[wanted - 1].id
    return result
