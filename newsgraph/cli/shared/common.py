"""Shared by all commands: the store option, output options, messages, progress."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.shared.terminal import say
from newsgraph.errors import UsageError
from newsgraph.output.safe_text import printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from newsgraph.graph.stores.protocol import Store
    from newsgraph.registry import Registry

STORE_VARIABLE = "NEWSGRAPH_STORE"
#: A folder of the user's own questions.
QUESTIONS_VARIABLE = "NEWSGRAPH_QUESTIONS"
#: Who decides.
AUTHOR_VARIABLE = "NEWSGRAPH_AUTHOR"
#: No first sentence is longer.
_WHOLE = 1000


class Group(click.Group):
    """A group whose help shows the first sentence of each command whole. click cuts it to one line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands, each with its first sentence."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(_WHOLE)) for name, one in commands if one])


def refuse_swapped(kind: str, name: str, target: str, known: Iterable[str]) -> None:
    """Raises UsageError if ``target`` is the name of a known ``kind`` and ``name`` is none: the two are in the wrong
    order."""
    known = set(known)
    if target in known and name not in known:
        raise UsageError(name, f"the {kind} comes before the file", f"Write {target} {name}")


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--store URL``, which is NEWSGRAPH_STORE if it isn't given, or else news.kgl. It is passed as
    ``store_url``."""
    return click.option(
        "--store",
        "store_url",
        metavar="URL",
        envvar=STORE_VARIABLE,
        default="news.kgl",
        show_default=True,
        show_envvar=True,
        help="A file path, networkx:FILE.json, or neo4j://HOST.",
    )(command)


def bounds_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--timeout`` and ``--memory`` of a user's query. They are passed under those names."""
    from newsgraph.graph.stores.bounds import SECONDS  # noqa: PLC0415  # keeps --help light

    memory = click.option(
        "--memory",
        metavar="SIZE",
        help="Give up beyond this much, as 500M or 2G.  [default: a quarter of the machine's]",
    )
    timeout = click.option(
        "--timeout", type=float, default=SECONDS, show_default=True, metavar="SECONDS", help="Give up after this long."
    )
    return timeout(memory(command))


def force_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--force``: replace a target that exists."""
    return click.option("--force", is_flag=True, help="Replace the target if it exists.")(command)


def completing(listed: Callable[[], Mapping[str, str]]) -> Callable[..., list[CompletionItem]]:
    """Returns what a shell offers for an argument: those names of ``listed`` (name -> line of help) that begin like the
    text."""

    def complete(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem  # noqa: PLC0415  # only a shell asks for it

        return [CompletionItem(name, help=line) for name, line in listed().items() if name.startswith(incomplete)]

    return complete


def open_for_reading(store_url: str, *, defer: bool = False) -> Store:
    """Returns the store at that address, which must exist, opened without its writer's lock. ``defer``: see
    ``open_store``."""
    from newsgraph.graph.stores.registry import open_store  # noqa: PLC0415  # keeps --help light

    return open_store(store_url, create=False, readonly=True, defer=defer)


def open_graph(url: str) -> Store:
    """Returns the store at that address, or the lake in that folder, opened for reading. A lake answers no questions,
    so this is for what reads nodes and edges, and counts them."""
    from newsgraph.graph.stores.registry import is_lake  # noqa: PLC0415  # keeps --help light

    if not is_lake(url):
        return open_for_reading(url)
    from newsgraph.lake.graph import LakeGraph  # noqa: PLC0415  # few need it

    return LakeGraph(Path(url))


def say_problems(registry: Registry[Any]) -> None:
    """Prints a line for each thing of another package that can't be used."""
    for line in registry.problems():
        say(f"newsgraph: {line}")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Makes SIGTERM, by which systemd ends a service, end what runs inside as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int | None], None]]:
    """Gives ``advance(done, total)``, which draws a bar with rate and remaining time.

    It is drawn only on a terminal, and only after a second of work. ``NO_COLOR`` and ``TERM=dumb`` are respected.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda done, total: None
        return
    from time import monotonic  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415  # only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(printable(label), total=None, rate="")
    started = monotonic()
    shown = False

    def advance(done: int, total: int | None) -> None:
        nonlocal shown
        elapsed = monotonic() - started
        if not shown and elapsed > 1:
            bar.start()
            shown = True
        bar.update(task, completed=done, total=total, rate=f"{done / elapsed:,.0f}/s" if elapsed else "")

    try:
        yield advance
    finally:
        if shown:
            bar.stop()


def store_named(own: str) -> str:
    """``--store`` of a command of a group, else that of the group, where both have it; ``own`` is the command's."""
    ctx = click.get_current_context()
    parent = ctx.parent
    named = ctx.get_parameter_source("store_url")
    if parent is not None and named is not click.core.ParameterSource.COMMANDLINE:
        return str(parent.params.get("store_url", own))
    return own
