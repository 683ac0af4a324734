"""The one place where commands speak: what a terminal would obey instead of showing comes out as its code.

Names of stores, folders and files, titles and the words of errors come from anybody. Answers that are tables are
written by :mod:`newsgraph.output.tables`, which sees to the same.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from io import TextIOWrapper

import click

from newsgraph.output.safe_text import harmless, printable


def tell(line: str = "") -> None:
    """A line of what was asked for, on standard output."""
    click.echo(printable(line))


def say(line: str = "") -> None:
    """A message about the work, on standard error, so that answers pipe cleanly."""
    click.echo(printable(line), err=True)


def show(document: str, *, aside: bool = False) -> None:
    """A text of several lines, on standard output, or on standard error when it stands beside an answer."""
    click.echo(harmless(document), err=aside)


def never_fail_on_a_character() -> None:
    """What the encoding of standard output can't hold comes out as its code, as it does on standard error."""
    with suppress(OSError, ValueError):
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
