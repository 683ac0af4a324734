"""One tree of errors. Each message names what is wrong, where, and what to do about it, on one line.

The command line prints ``str(error)`` and leaves with ``error.exit_code``; a library user catches by class.
"""

from __future__ import annotations

from newsgraph.output.safe_text import printable


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
        line = f"{subject}: {problem}" + (f". {remedy}" if remedy else "")
        # One line, whatever a hostile file name or title holds.
        super().__init__(printable(line))


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
