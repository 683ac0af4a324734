"""All errors of newsgraph. Each message says on one line what is wrong, where, and what to do about it.

A remedy names what a Python user passes (``force=True``). The command line prints ``error.on_command_line()``, which
names the option instead, and exits with ``error.exit_code``. Python code can catch each class by itself.
"""

from __future__ import annotations

import re

from newsgraph.output.safe_text import printable

#: A keyword argument that a remedy tells a Python user to pass: ``force=True``, ``timeout=SECONDS``.
_ARGUMENT = re.compile(r"(?<![\w-])([a-z][a-z_]*)=(?:True\b|([A-Z]+)\b)")
_PARAMETER = re.compile(r"\bparameters=\{'(\w+)': \.\.\.\}")


def as_options(text: str) -> str:
    """Returns the text with keyword arguments as options of the command line: ``Pass force=True`` becomes ``Pass
    --force``, and ``Pass a larger timeout=SECONDS`` becomes ``Pass a larger --timeout SECONDS``."""

    def option(found: re.Match[str]) -> str:
        value = f" {found[2]}" if found[2] else ""
        return f"--{found[1].replace('_', '-')}{value}"

    return _PARAMETER.sub(r"-p \1=VALUE", _ARGUMENT.sub(option, text))


class NewsgraphError(Exception):
    """Base class of every error that newsgraph raises on purpose.

    ``subject`` is the file, store, parameter or name that it is about. ``problem`` says what is wrong with it, and
    ``remedy`` what to do. Together they make the one line that people see.
    """

    exit_code = 1

    def __init__(self, subject: str, problem: str, remedy: str = "") -> None:
        self.subject = subject
        self.problem = problem
        self.remedy = remedy
        super().__init__(self._line(remedy))

    def __reduce__(self) -> tuple[type[NewsgraphError], tuple[str, str, str]]:
        """Lets the error pass from one process to another."""
        return type(self), (self.subject, self.problem, self.remedy)

    def on_command_line(self) -> str:
        """Returns the same line for someone who types commands: the remedy names options instead of keyword
        arguments."""
        return self._line(as_options(self.remedy))

    def _line(self, remedy: str) -> str:
        # It stays on one line, whatever a hostile file name or title contains.
        return printable(f"{self.subject}: {self.problem}" + (f". {remedy}" if remedy else ""))


class UsageError(NewsgraphError):
    """The request itself is wrong: an option, parameter or name isn't valid. Exit code 2."""

    exit_code = 2


class UnknownNameError(UsageError):
    """Nothing has that name (a question, event, outlet, topic, format ...). The remedy suggests the most similar
    names."""


class AmbiguousNameError(UsageError):
    """The words fit several things. The remedy lists them."""


class TargetExistsError(UsageError):
    """A file or folder that should be written exists already."""


class InputError(NewsgraphError):
    """A file can't be read as what it should be. Everything else is kept. Exit code 1."""


class OutputError(NewsgraphError):
    """A file can't be written. No partial file is left behind."""


class NothingToWriteError(NewsgraphError):
    """Nothing is left after the filters, so nothing was written. Exit code 1."""


class PluginError(UsageError):
    """Something that another installed package adds can't be used. newsgraph itself still works."""


class QueryError(UsageError):
    """The store refuses a Cypher text: its syntax is wrong, a function is unknown, or a parameter is missing."""


class ReadOnlyError(UsageError):
    """A Cypher text would write where only reading is allowed."""


class QueryLimitError(NewsgraphError):
    """A query goes beyond a limit: its text is too long or nests too deeply, or its work is too much. Exit code 1."""


class QueryTimeoutError(QueryLimitError):
    """A query took longer than its time limit."""


class QueryMemoryError(QueryLimitError):
    """A query needed more memory than it may have."""


class QueryCrashError(NewsgraphError):
    """A query made the engine crash that answered it. The store is unchanged. Exit code 1."""


class StoreError(NewsgraphError):
    """The store can't be used. Exit code 3."""

    exit_code = 3


class StoreMissingError(StoreError):
    """There is no store at that address."""


class StoreFormatError(StoreError):
    """The file isn't a newsgraph store, or it is damaged."""


class StoreVersionError(StoreError):
    """A newer newsgraph wrote the store."""


class StoreBusyError(StoreError):
    """Another process is writing to the store."""


class StoreWriteError(StoreError):
    """The store could not be written (disk full, no permission). It still has what it had before."""


class StoreConnectionError(StoreError):
    """The server can't be reached, or refuses the log-in."""
