"""Words errors for people who neither typed a command nor called a function."""

from __future__ import annotations

from newsgraph.errors import NewsgraphError, ReadOnlyError
from newsgraph.views.document import shown

#: The number of characters of an error: it may repeat what was given.
LONGEST_ERROR = 1_000


def said(error: NewsgraphError) -> str:
    """Returns the error in one line of a bounded length. A query that would write gets no remedy, because nothing here
    allows it."""
    if isinstance(error, ReadOnlyError):
        return shown(f"{error.subject}: {error.problem}", LONGEST_ERROR)
    return shown(error.on_command_line(), LONGEST_ERROR)
