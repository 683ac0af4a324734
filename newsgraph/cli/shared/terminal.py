"""All that commands print goes through here. Characters that would control a terminal are shown as codes.

Names of stores, folders and files, titles and the texts of errors may come from anybody. Answers that are tables are
written by :mod:`newsgraph.output.tables`, which does the same.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from io import TextIOWrapper

import click

from newsgraph.output.safe_text import harmless, printable


def tell(line: str = "") -> None:
    """Prints a line of what was asked for on standard output."""
    click.echo(printable(line))


def say(line: str = "") -> None:
    """Prints a message about the work on standard error, so that it doesn't mix with an answer that is piped."""
    click.echo(printable(line), err=True)


def show(document: str, *, aside: bool = False) -> None:
    """Prints a text of several lines on standard output, or on standard error (``aside``) if it accompanies an
    answer."""
    click.echo(harmless(document), err=aside)


def never_fail_on_a_character() -> None:
    """Makes standard output show characters that its encoding lacks as codes, as standard error does."""
    with suppress(OSError, ValueError):
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
