"""One tree of errors. Each message names what is wrong, where, and what to do about it, on one line.

A remedy names what a Python user passes (``force=True``); the command line prints ``error.on_command_line()``, which
names the option instead, and leaves with ``error.exit_code``. A library user catches by class.
"""

from __future__ import annotations

import re

from newsgraph.output.safe_text import printable

#: A keyword argument that a remedy tells a Python user to pass: ``force=True``, ``timeout=SECONDS``.
_ARGUMENT = re.compile(r"\b([a-z][a-z_]*)=(?:True\b|([A-Z]+)\b)")
_PARAMETER = re.compile(r"\bparameters=\{'(\w+)': \.\.\.\}")


def as_options(text: str) -> str:
    """The text with keyword arguments as options of the command line: ``Pass force=True`` becomes ``Pass --force``,
    ``Pass a larger timeout=SECONDS`` becomes ``Pass a larger --timeout SECONDS``."""

    def option(found: re.Match[str]) -> str:
        value = f" {found[2]}" if found[2] else ""
        return f"--{found[1].replace('_', '-')}{value}"

    return _PARAMETER.sub(r"-p \1=VALUE", _ARGUMENT.sub(option, text))


class NewsgraphError(Exception):
    """Base of every error that newsgraph raises on purpose.

    ``subject`` is the file, store, parameter or name that it is about; ``problem`` what is wrong with it; ``remedy``
    what to do. The three make the one line that people see.
    """

    exit_code = 1

    def __init__(self, subject: str, problem: str, remedy: str = "") -> None:
        self.subject = subject
        self.problem = problem
        self.remedy = remedy
        super().__init__(self._line(remedy))

    def on_command_line(self) -> str:
        """The same line for someone who types commands: the remedy names options in place of keyword arguments."""
        return self._line(as_options(self.remedy))

    def _line(self, remedy: str) -> str:
        # One line, whatever a hostile file name or title holds.
        return printable(f"{self.subject}: {self.problem}" + (f". {remedy}" if remedy else ""))


class UsageError(NewsgraphError):
    """The request itself is off: a bad option, parameter or name. Exit code 2."""

    exit_code = 2


class UnknownNameError(UsageError):
    """Nothing goes by that name (question, event, outlet, topic, format ...); the remedy names the nearest ones."""


class AmbiguousNameError(UsageError):
    """The words fit several things; the remedy lists them."""


class TargetExistsError(UsageError):
    """A file or folder to be written is there already."""


class InputError(NewsgraphError):
    """A file that can't be read as what it should be. Everything else is kept. Exit code 1."""


class OutputError(NewsgraphError):
    """A file that can't be written. Nothing partial is left behind."""


class NothingToWriteError(NewsgraphError):
    """The filters left nothing, so nothing was written. Exit code 1."""


class PluginError(UsageError):
    """Something that another installed package adds can't be used. Nothing of newsgraph's own is hurt by it."""


class QueryError(UsageError):
    """A Cypher text that the store refuses: syntax, unknown function, missing parameter."""


class ReadOnlyError(UsageError):
    """A Cypher text that would write, where only reading is allowed."""


class QueryTimeoutError(NewsgraphError):
    """A query that ran out of its time limit. Exit code 1."""


class QueryMemoryError(NewsgraphError):
    """A query that needed more memory than it may have. Exit code 1."""


class QueryCrashError(NewsgraphError):
    """A query that broke the engine that answered it; the store is untouched. Exit code 1."""


class StoreError(NewsgraphError):
    """The store can't be used. Exit code 3."""

    exit_code = 3


class StoreMissingError(StoreError):
    """There is no store at that address."""


class StoreFormatError(StoreError):
    """The file is no newsgraph store, or is damaged."""


class StoreVersionError(StoreError):
    """The store was written by a newer newsgraph."""


class StoreBusyError(StoreError):
    """Another process is writing to the store."""


class StoreWriteError(StoreError):
    """The store could not be written (disk full, permission lost). What was there before is still there."""


class StoreConnectionError(StoreError):
    """The server can't be reached, or refuses the log-in."""
