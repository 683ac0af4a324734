"""Article files with YAML front matter: a block between two lines of ``---``, then perhaps a body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from newsgraph.errors import InputError
from newsgraph.graph.urls.identity import normalised_address
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import ADDRESSES, RecordReader, pick
from newsgraph.loaders.frontmatter import fast_blocks as fast_frontmatter
from newsgraph.loaders.frontmatter import fast_records, outlet_topic_pages, safe_yaml
from newsgraph.loaders.intake.sites import date_in_name
from newsgraph.loaders.records import ArticleRecord, Problem, Reading

FORMAT = "front matter"
#: Files of front matter may be pages of a site, which tells their addresses.
PAGES = replace(GENERAL, name="pages", address_remedy=", or name the site that it is a page of: --site URL")
#: Characters of the longest front matter; an article's own has some thousands.
MAXIMUM = 2**20
_FENCE = re.compile(r"---[ \t]*(?:#.*)?")


class UnreadableError(InputError):
    """Front matter that can't be read; ``line`` counts from the first line that is no blank."""

    def __init__(self, problem: str, remedy: str, line: int | None = None) -> None:
        super().__init__("front matter", problem, remedy)
        self.line = line


def block(text: str, fence: re.Pattern[str], last: re.Pattern[str], shown: str) -> tuple[str, str]:
    """What stands between a first line that is a ``fence`` and a line that is a ``last``, and what follows. Raises
    UnreadableError; ``shown`` is the fence in its words."""
    first, _, rest = text.partition("\n")
    if not fence.fullmatch(first):
        raise UnreadableError(
            "there is no front matter", f"Begin the file with a block between two lines of {shown}", 1
        )
    start = 0
    while start <= min(len(rest), MAXIMUM):
        end = rest.find("\n", start)
        line = rest[start:] if end < 0 else rest[start:end]
        if last.fullmatch(line):
            return rest[:start], "" if end < 0 else rest[end + 1 :]
        if end < 0:
            break
        start = end + 1
    if start > MAXIMUM:
        raise UnreadableError(f"the front matter is larger than {MAXIMUM // 2**20} MB", "No article's is; shorten it")
    raise UnreadableError("the front matter has no end", f"Close the block with a line of {shown}", 1)


class _Handler(YAMLHandler):
    """python-frontmatter's handler, without the shapes in which it loses the metadata and says nothing."""

    def detect(self, text: str) -> bool:
        return True

    def split(self, text: str) -> tuple[str, str]:
        return block(text, _FENCE, _END, "---")

    def load(self, fm: str, **_: Any) -> Any:
        data = load_yaml(fm, 2)
        if data is None:
            return {}
        if not isinstance(data, dict):
            raise UnreadableError("the front matter holds no named values", "Write lines such as title: ...", 2)
        return data


def load_yaml(text: str, first: int) -> Any:
    """The YAML whose first line is that line of the file. Raises UnreadableError."""
    plain = fast_frontmatter.load(text)
    if plain is not None:
        return plain
    try:
        return safe_yaml.load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        raise UnreadableError(
            f"the YAML is broken: {said}",
            "Mend it there; quotes help around text with : or #",
            mark.line + first if mark else None,
        ) from None


_END = re.compile(rf"{_FENCE.pattern}|\.\.\.\s*")
_HANDLER = _Handler()


def matches(document: Document) -> bool:
    """Whether it begins with ---; a plain YAML file may, too."""
    return document.head.startswith("---") and document.ending not in (".yaml", ".yml")


def read(document: Document) -> Reading | None:
    """The article in the file, or the page about an outlet or topic; None for a page of another kind."""
    plain = fast_records.read(document.text, FORMAT)
    if plain is not None and not (_undated(plain) and date_in_name(document.path)):
        return plain
    blank = len(document.text) - len(document.text.lstrip())
    skipped, text = document.text.count("\n", 0, blank), document.text[blank:]
    try:
        metadata, _body = frontmatter.parse(text, handler=_HANDLER)
    except UnreadableError as error:
        return unreadable(FORMAT, error, skipped)
    return article_or_page(
        FORMAT, metadata, lambda: safe_yaml.field_lines(_HANDLER.split(text)[0], 2 + skipped), document
    )


def _undated(reading: Reading) -> bool:
    return any(isinstance(one, ArticleRecord) and one.date_quality == "missing" for one in reading.records)


def unreadable(format: str, error: UnreadableError, skipped: int) -> Reading:
    """The reading of front matter that can't be read, ``skipped`` blank lines into the file."""
    line = None if error.line is None else error.line + skipped
    return Reading(format, problems=(Problem(error.problem, error.remedy, line=line),))


def article_or_page(
    format: str,
    metadata: Mapping[str, Any],
    lines: Callable[[], Mapping[str, int]] = dict,
    document: Document | None = None,
) -> Reading | None:
    """What named values at the beginning of a file say: an article, or a page about an outlet or topic; None for a page
    about anything else. ``lines``: see :class:`~newsgraph.loaders.fields.dialect.RecordReader`. ``document`` gives what
    the file's name and its site tell: the date and the address where the file has none."""
    kind = outlet_topic_pages.kind(metadata)
    if kind == "other":
        return None
    if kind is not None:
        return outlet_topic_pages.read_page(metadata, kind, lines)
    if document is not None:
        metadata, other = _completed(metadata, document)
        if other:
            return Reading(format, other=other)
    reader = RecordReader(GENERAL if document is None else PAGES, lines)
    record = reader.read(metadata)
    return Reading(format, (record,) if record else (), tuple(reader.problems), reader.unknown)


def _completed(metadata: Mapping[str, Any], document: Document) -> tuple[Mapping[str, Any], str]:
    """The named values with what the file's path tells, and why the file is no article, if it is none."""
    completed = dict(metadata)
    if document.page is not None and not any(_is_address(pick(metadata, name)) for name in _ADDRESS_NAMES):
        other = document.page.other(metadata)
        if other:
            return metadata, other
        address = document.page.address(metadata)
        if address is not None:
            completed = {"webUrl": address, **{name: value for name, value in metadata.items() if name != "webUrl"}}
    if not any(metadata.get(name) for name in GENERAL.time):
        day = date_in_name(document.path)
        if day is not None:
            completed["date"] = day.isoformat()
    return completed, ""


_ADDRESS_NAMES = tuple(name for field in ADDRESSES for name in GENERAL.fields[field])


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and "://" in value and normalised_address(value) is not None
