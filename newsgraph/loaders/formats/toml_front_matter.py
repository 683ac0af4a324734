"""Article files with TOML front matter, as Hugo writes them: a block between two lines of ``+++``, then a body."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.formats.yaml_front_matter import article_or_page, unreadable
from newsgraph.loaders.frontmatter.fences import UnreadableError, block
from newsgraph.loaders.records import Reading

FORMAT = "toml front matter"
_FENCE = re.compile(r"\+\+\+[ \t]*")
_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_DEEPEST = 32
_STEP = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_DEEP = re.compile(rf"(?<![\w-]){_STEP}(?:[ \t]*+\.[ \t]*+{_STEP}){{{_DEEPEST},}}")
_KEY = re.compile(r"\s*[\"']?([\w.-]+)[\"']?\s*=")


def matches(document: Document) -> bool:
    """Whether it begins with +++."""
    return document.head.startswith("+++")


def read(document: Document) -> Reading | None:
    """The article in the file, or the page about an outlet or topic."""
    blank = len(document.text) - len(document.text.lstrip())
    skipped = document.text.count("\n", 0, blank)
    try:
        fm, _body = block(document.text[blank:], _FENCE, _FENCE, "+++")
        data = _load(fm)
    except UnreadableError as error:
        return unreadable(FORMAT, error, skipped)
    return article_or_page(FORMAT, data, lambda: _lines(fm, 2 + skipped), document)


def _load(text: str) -> Mapping[str, Any]:
    deep = _DEEP.search(text)
    if deep is not None:  # tomllib needs memory of the square of such a key's length
        line = text.count("\n", 0, deep.start()) + 2
        raise UnreadableError(f"a key of more than {_DEEPEST} steps", "No article's is; leave it out", line)
    try:
        data: Mapping[str, Any] = _plain(tomllib.loads(text, parse_float=str))
    except RecursionError:
        raise UnreadableError("the TOML is nested too deep", "No article's is; leave it out") from None
    except ValueError as error:
        said, found = str(error), _LINE.search(str(error))
        at = int(found[1]) + 1 if found else None
        raise UnreadableError(f"the TOML is broken: {_LINE.sub('', said).strip()}", "Mend it there", at) from None
    return data


def _plain(value: Any) -> Any:
    """Returns times as text, as they were written or nearly so."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, (datetime, date, time)) else value


def _lines(text: str, first: int) -> Mapping[str, int]:
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), first):
        key = _KEY.match(line)
        if key:
            lines.setdefault(key[1], number)
    return lines
