"""How an error is said to whom neither typed a command nor called a function."""

from __future__ import annotations

from newsgraph.errors import NewsgraphError, ReadOnlyError


def said(error: NewsgraphError) -> str:
    """The error in one line. A query that would write gets no remedy: nothing here lets it."""
    if isinstance(error, ReadOnlyError):
        return f"{error.subject}: {error.problem}"
    return error.on_command_line()
