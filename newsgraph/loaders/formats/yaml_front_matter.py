"""Article files with YAML front matter: a block between two lines of ``---``, then perhaps a body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from newsgraph.graph.urls.identity import normalised_address
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import RecordReader, pick
from newsgraph.loaders.fields.saved_pages import TIMES_OF_SAVING
from newsgraph.loaders.frontmatter import fast_records, outlet_topic_pages
from newsgraph.loaders.frontmatter.fences import UnreadableError
from newsgraph.loaders.frontmatter.field_lines import field_lines
from newsgraph.loaders.intake.site_pages import date_in_name, date_in_own_path
from newsgraph.loaders.records import ADDRESSES, ArticleRecord, Problem, Reading

FORMAT = "front matter"
#: Files with front matter may be pages of a site, and the site then gives their addresses.
PAGES = replace(GENERAL, name="pages", address_remedy=", or name the site that it is a page of: --site URL")


def matches(document: Document) -> bool:
    """Whether it begins with ---; a plain YAML file may, too."""
    return document.head.startswith("---") and document.ending not in (".yaml", ".yml")


def read(document: Document) -> Reading | None:
    """Returns the article in the file, or the page about an outlet or topic; None for a page of another kind."""
    plain = fast_records.read(document.text, FORMAT, printable=document.printable)
    if plain is not None and not (_undated(plain) and date_in_name(document.path)):
        return plain
    blank = len(document.text) - len(document.text.lstrip())
    skipped, text = document.text.count("\n", 0, blank), document.text[blank:]
    from newsgraph.loaders.frontmatter.complete_blocks import block_of, metadata_of  # noqa: PLC0415  # most files are plain

    try:
        metadata = metadata_of(text)
    except UnreadableError as error:
        return unreadable(FORMAT, error, skipped)
    return article_or_page(FORMAT, metadata, lambda: field_lines(block_of(text), 2 + skipped), document)


def _undated(reading: Reading) -> bool:
    return any(isinstance(one, ArticleRecord) and one.date_quality == "missing" for one in reading.records)


def unreadable(format: str, error: UnreadableError, skipped: int) -> Reading:
    """Returns the reading for front matter that can't be read. ``skipped`` blank lines come before it in the file."""
    line = None if error.line is None else error.line + skipped
    return Reading(format, problems=(Problem(error.problem, error.remedy, line=line),))


def article_or_page(
    format: str,
    metadata: Mapping[str, Any],
    lines: Callable[[], Mapping[str, int]] = dict,
    document: Document | None = None,
) -> Reading | None:
    """Returns what named values at the beginning of a file say: an article, or a page about an outlet or topic.

    None for a page about anything else. For ``lines`` see :class:`~newsgraph.loaders.fields.dialect.RecordReader`.
    ``document`` gives date and address from the file's name and its site, if the values have none.
    """
    kind = outlet_topic_pages.kind(metadata)
    if kind == "other":
        return None
    if kind is not None:
        return outlet_topic_pages.read_page(metadata, kind, lines)
    if document is not None:
        metadata, other = _completed(metadata, document)
        if other:
            return Reading(format, other=other)
    if not any(metadata.get(name) for name in GENERAL.fields["title"]) or not _has_address(metadata):
        metadata = _usual(metadata)
    reader = RecordReader(GENERAL if document is None else PAGES, lines)
    record = reader.read(metadata)
    return Reading(format, (record,) if record else (), tuple(reader.problems), reader.unknown)


def _completed(metadata: Mapping[str, Any], document: Document) -> tuple[Mapping[str, Any], str]:
    """Returns the named values, completed by what the file's path says, and why the file isn't an article, if it
    isn't."""
    completed = dict(metadata)
    if document.page is not None and not _has_address(metadata):
        other = document.page.other(metadata)
        if other:
            return metadata, other
        address = document.page.address(metadata)
        if address is not None:
            completed = {"webUrl": address, **{name: value for name, value in metadata.items() if name != "webUrl"}}
    if not any(metadata.get(name) for name in GENERAL.time):
        day = date_in_name(document.path)
        if day is None and document.page is not None:
            day = date_in_own_path(metadata)
        if day is not None:
            completed["date"] = day.isoformat()
    return completed, ""


def _has_address(metadata: Mapping[str, Any]) -> bool:
    return any(_is_address(pick(metadata, name)) for name in _ADDRESS_NAMES)


def _usual(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns the values under the usual spelling of their names. Programs that clip pages for notes give the page's
    address as ``source``, and the time of the note as ``created``."""
    from newsgraph.loaders.json.general_names import usually_spelled  # noqa: PLC0415  # few files need it

    named = usually_spelled(metadata)
    if not _has_address(named) and _is_address(named.get("source")):
        named["url"] = named.pop("source")
        for name in TIMES_OF_SAVING & named.keys():
            named.setdefault("seendate", named.pop(name))
    return named


_ADDRESS_NAMES = tuple(name for field in ADDRESSES for name in GENERAL.fields[field])


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and "://" in value and normalised_address(value) is not None
