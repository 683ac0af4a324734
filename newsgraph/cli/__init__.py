"""The command line. Commands parse, call and print. Each is a module of its own, which is imported only when it
runs."""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from newsgraph.cli.shared.terminal import never_fail_on_a_character, say
from newsgraph.errors import NewsgraphError, UnknownNameError
from newsgraph.output.safe_text import printable
from newsgraph.version import __version__

#: Command -> module with a click command named ``command``, and its line in ``newsgraph --help``. One line for each.
COMMANDS: dict[str, tuple[str, str]] = {
    "load": ("newsgraph.cli.load", "Load article files and folders, then derive events."),
    "watch": ("newsgraph.cli.watch", "Load what arrives in folders, and report what is new."),
    "forget": ("newsgraph.cli.forget", "Remove sources, and everything that only they said."),
    "ask": ("newsgraph.cli.ask", "Ask a question: who was first, who follows whom ..."),
    "find": ("newsgraph.cli.find", "Find stories, outlets, topics and events by words."),
    "cypher": ("newsgraph.cli.cypher", "Run a Cypher query of your own."),
    "info": ("newsgraph.cli.info", "Show what the store holds, and how sure its dates are."),
    "merged": ("newsgraph.cli.merged", "List which spellings, outlets and records were treated as the same."),
    "events": ("newsgraph.cli.events", "Derive, score, explain, import or correct events."),
    "corrections": ("newsgraph.cli.decisions.corrections", "List a researcher's decisions, or take them back."),
    "outlets": ("newsgraph.cli.outlets", "List the outlets with their names and hosts, or correct them."),
    "copies": ("newsgraph.cli.decisions.copies", "Decide which story is a copy of which."),
    "dates": ("newsgraph.cli.decisions.dates", "Decide when stories were published."),
    "export": ("newsgraph.cli.export", "Write the graph for other tools."),
    "view": ("newsgraph.cli.view", "Write an interactive page that opens with no network."),
    "serve": ("newsgraph.cli.serve", "Look at a store in a web browser: pages, questions, Cypher."),
    "mcp": ("newsgraph.cli.mcp", "Let an assistant answer from a store, with sources."),
    "copy": ("newsgraph.cli.stores.copy", "Copy a whole graph from one store to another."),
    "diff": ("newsgraph.cli.stores.diff", "Show where two stores or lakes differ."),
    "check": ("newsgraph.cli.stores.check", "Verify that a store is complete and undamaged."),
    "backup": ("newsgraph.cli.stores.backup", "Write everything that a store holds to a file."),
    "restore": ("newsgraph.cli.stores.restore", "Restore a backup."),
    "lake": ("newsgraph.cli.lake", "Build a corpus too large for one store, also on Spark."),
    "demo": ("newsgraph.cli.demo", "Load the sample articles and show what comes out."),
}


#: What NumPy's libraries ask for the number of their threads, when NumPy is imported. Its matrices are small here: more
#: threads take memory and, on a busy machine, several times the CPU. Whoever sets one of these decides.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class LazyGroup(click.Group):
    """A group that knows the names and help lines of its commands, and imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Returns the command of that name, imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the help lines of the table without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Does what click does, and suggests the most similar names for an unknown one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches  # noqa: PLC0415  # only when there is something to suggest

            near = get_close_matches(args[0], COMMANDS, n=2)
            hint = f"Did you mean {' or '.join(near)}?" if near else "newsgraph --help lists the commands"
            raise UnknownNameError(args[0], "there is no such command", _as_part_of_a_command(args[0]) or hint)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Does what click does, but ends silently if the reader of the output has ended (``| head``). click would
        report a failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Nothing may be written any more to the output that is gone.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(141)


def _as_part_of_a_command(name: str) -> str:
    """Returns the command of which a name is a part if it is that of a question, a page or an export format; otherwise
    an empty text."""
    parts = (
        ("newsgraph.queries.registry", "the question: newsgraph ask {}"),
        ("newsgraph.views.registry", "the page: newsgraph view {} FILE.html"),
        ("newsgraph.graph.exports.registry", "the export: newsgraph export {} FILE"),
    )
    for module, meant in parts:
        if name in import_module(module).REGISTRY.listed():
            return f"Did you mean {meant.format(name)}?"
    return ""


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"newsgraph {__version__}")
        ctx.exit()


def _store(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Accepts --store before the command, where it means the same as after it. It is used instead of
    NEWSGRAPH_STORE."""
    if value is not None:
        before = os.environ.get("NEWSGRAPH_STORE")
        os.environ["NEWSGRAPH_STORE"] = value
        context.call_on_close(
            lambda: os.environ.pop("NEWSGRAPH_STORE") if before is None else os.environ.update(NEWSGRAPH_STORE=before)
        )


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@click.option(
    "--store", metavar="URL", help="The store of the command that follows.", expose_value=False, callback=_store
)
def cli() -> None:
    """A knowledge graph of news stories, outlets and topics.

    newsgraph reads a folder of article files. It makes a graph that you can query with Cypher, answers such as which
    outlets covered the same event first, exports, and interactive pages that open without a network.

    \b
      newsgraph load articles/
      newsgraph ask first-to-cover "facial recognition"
      newsgraph view map map.html

    The store is --store URL. Without it, the store is the one that NEWSGRAPH_STORE names, or news.kgl in this folder.
    Exit codes: 0 done, 1 some files failed or a query ran out of time, 2 wrong usage, 3 the store can't be used.
    """


#: Numbers of errors that say that a disk is full or broken, or that a file would become larger than the system allows.
_CANT_BE_WRITTEN = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG)


def main() -> None:
    """Runs the command line. An error of newsgraph is one line on standard error and an exit code, never a
    traceback."""
    never_fail_on_a_character()
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    try:
        code = cli.main(prog_name="newsgraph", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except NewsgraphError as error:
        _fail(error.on_command_line(), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:  # no error: a group alone shows its help
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _fail(_in_one_line(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _fail("stopped", 130)
    except BrokenPipeError:
        # Its reader needs no more (| head). Standard output is gone, and nothing may be written to it any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        if error.errno not in _CANT_BE_WRITTEN:
            _unexpected(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        where = error.filename or "standard output"
        _fail(f"{where}: it can't be written ({(error.strerror or str(error)).lower()})", 1)
    except Exception as error:  # a bug of newsgraph: one line for people, and the rest for those who fix it
        _unexpected(error)
    finally:
        gc.freeze()  # Python would search everything for cycles once more, although the process ends


def _in_one_line(error: click.ClickException) -> str:
    """Returns what click found wrong with the command line, with its suggestion, and where to read the right way."""
    near = " or ".join(f"'{name}'" for name in (getattr(error, "possibilities", None) or ())[:2])
    said = printable(" ".join((error.message if near else error.format_message()).split()))
    said = said[:1].lower() + said[1:] + (f" Did you mean {near}?" if near else "")
    if not isinstance(error, click.UsageError):
        return said
    # If an option lacks its value, click doesn't say to which command it belongs.
    where = f"{error.ctx.command_path} --help" if error.ctx else "the command with --help"
    return f"{said if said.endswith(('.', '?')) else said + '.'} Try {where}"


def _fail(line: str, code: int) -> NoReturn:
    say(f"newsgraph: {line}")
    sys.exit(code)


def _unexpected(error: Exception) -> NoReturn:
    if os.environ.get("NEWSGRAPH_TRACEBACK"):
        raise error
    said = " ".join(str(error).split())[:300]
    _fail(f"unexpected {type(error).__name__}: {said}. This is a bug; NEWSGRAPH_TRACEBACK=1 shows where", 1)


if __name__ == "__main__":
    main()
