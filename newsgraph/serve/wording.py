"""Words errors for people who neither typed a command nor called a function."""

from __future__ import annotations

from newsgraph.errors import NewsgraphError, ReadOnlyError


def said(error: NewsgraphError) -> str:
    """Returns the error in one line. A query that would write gets no remedy, because nothing here allows it."""
    if isinstance(error, ReadOnlyError):
        return f"{error.subject}: {error.problem}"
    return error.on_command_line()
