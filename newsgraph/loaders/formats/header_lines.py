"""Article files that begin with lines of ``Name: value``: posts of Pelican in Markdown (``Title: Ferry aground``) and
in reStructuredText (``:date: 2021-03-01`` below the title), and posts of Nikola (``.. title: Ferry aground``).

The names are those of front matter. As in front matter, the site's settings and the file's path give what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from newsgraph.loaders.document import Document
from newsgraph.loaders.formats.yaml_front_matter import article_or_page
from newsgraph.loaders.records import Reading
from newsgraph.patterns import later

FORMAT = "header lines"
_ENDINGS = (".md", ".markdown", ".rst", ".txt")
#: Lines that give a name a value: Pelican's in Markdown, a field of reStructuredText, and Nikola's.
_PLAIN = later(r"([A-Za-z][\w -]{0,30}):[ \t]*(.*)")
_FIELD = later(r":([A-Za-z][\w -]{0,30}):[ \t]*(.*)")
_NIKOLA = later(r"\.\. ([a-z_]{1,30}):[ \t]*(.*)")
#: The line below a title of reStructuredText, and perhaps above it.
_RULE = later(r"([=\-`:'\"~^_*+#<>.])\1{2,}\s*")
#: Names of which a header without marks has one beside its title. Any text can have a line with a colon.
_OF_POSTS = frozenset({"date", "slug", "category", "tags", "url", "link", "author", "authors", "status"})


def matches(document: Document) -> bool:
    """Tells whether its first lines give a title and something else that only articles have."""
    return document.ending in _ENDINGS and bool(_header(document.head))


def read(document: Document) -> Reading | None:
    """Returns the article."""
    header = _header(document.head)
    above = document.text.count("\n", 0, len(document.text) - len(document.text.lstrip()))
    lines = {name: above + line for name, (_, line) in header.items()}
    return article_or_page(FORMAT, {name: value for name, (value, _) in header.items()}, lambda: lines, document)


def _header(text: str) -> Mapping[str, tuple[str, int]]:
    """Returns the values by their names in small letters, each with its line; empty for another text."""
    lines = text.split("\n")
    found = (
        dict(_nikola(lines)) if text.startswith((".. ", "<!--")) else dict(_values(lines, _PLAIN, 0)) or _titled(lines)
    )
    return found if found.get("title", ("", 0))[0] and not _OF_POSTS.isdisjoint(found) else {}


def _nikola(lines: list[str]) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yields the values of a comment of reStructuredText or, in Markdown, of HTML."""
    start = 1 if lines[0].strip() == "<!--" else 0
    yield from _values(lines, _NIKOLA, start)


def _titled(lines: list[str]) -> dict[str, tuple[str, int]]:
    """Returns the fields below a title of reStructuredText, with the title itself."""
    start = 1 if _RULE.fullmatch(lines[0]) else 0
    if len(lines) < start + 3 or not lines[start].strip() or not _RULE.fullmatch(lines[start + 1]):
        return {}
    below = next((number for number in range(start + 2, len(lines)) if lines[number].strip()), len(lines))
    fields = dict(_values(lines, _FIELD, below))
    return {"title": (lines[start].strip(), start + 1), **fields} if fields else {}


def _values(lines: list[str], pattern: re.Pattern[str], start: int) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yields the values of the lines from that one on, up to the first that gives none. An indented line continues the
    value above it."""
    name, value, place = "", "", 0
    for number, line in enumerate(lines[start:], start + 1):
        given = pattern.fullmatch(line.rstrip())
        if given is not None:
            if name:
                yield name, (value, place)
            name, value, place = given[1].strip().lower(), given[2].strip(), number
        elif name and line[:1] in " \t" and line.strip():
            value = f"{value} {line.strip()}".strip()
        else:
            break
    if name:
        yield name, (value, place)
