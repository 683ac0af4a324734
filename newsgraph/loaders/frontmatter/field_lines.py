"""Finds the lines of names in a file's front matter, for messages about problems."""

from __future__ import annotations

from collections.abc import Mapping


def field_lines(text: str, first: int) -> Mapping[str, int]:
    """Returns the line numbers of the top-level keys in ``text``, which begins on line ``first`` of the file."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), first):
        if line and not line[0].isspace() and line[0] not in "-#" and ":" in line:
            lines.setdefault(line.split(":", 1)[0].strip("\"' "), number)
    return lines
