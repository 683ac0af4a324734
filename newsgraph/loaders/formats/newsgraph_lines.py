"""newsgraph's own lines (``newsgraph export jsonl``): one record on each line, as loaders read it, including pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType
from typing import Any

from newsgraph.graph.countries import country_code
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.converters import text, texts
from newsgraph.loaders.fields.dialect import Dialect, Plan, RecordReader
from newsgraph.loaders.fields.languages import language_tag
from newsgraph.loaders.frontmatter.outlet_topic_pages import page
from newsgraph.loaders.json.articles import mapping_of
from newsgraph.loaders.markup.plain_text import web_text
from newsgraph.loaders.record_types import check_types
from newsgraph.loaders.records import (
    ADDRESSES,
    ArticleRecord,
    EntityRecord,
    ImageRecord,
    OutletRecord,
    PageRecord,
    Reading,
    Record,
    TopicRecord,
)

_APART = ("published_at", "date_quality", "images", "related")


def _entities(value: Any) -> tuple[EntityRecord, ...]:
    try:
        found = tuple([EntityRecord(**one) for one in value])
        check_types(found)
    except TypeError:
        raise ValueError("a list of entities, each with name and kind, is wanted") from None
    return found


DIALECT = Dialect(
    name="newsgraph jsonl",
    fields={name: (name,) for name in ArticleRecord.__struct_fields__ if name not in _APART},
    time=("published_at",),
    images=("images",),
    related="related",
    left_out=frozenset({"date_quality"}),
    converters={
        "language": text, "category": text, "outlet_name": text, "topics": texts, "authors": texts, "credit": text,
        "country": text, "outlet_country": text, "entities": _entities,
    },
)  # fmt: skip
_TIMED = ("exact", "date_only", "no_zone", "doubtful", "seen")
_NAMES = {name for kind in (ArticleRecord, ImageRecord, OutletRecord, TopicRecord) for name in kind.__struct_fields__}


def matches(document: Document) -> bool:
    """Tells whether the first element is alone on its line and has names that only newsgraph's records have, used as
    they use them: a time has its quality beside it, ``published`` isn't a time, and texts, languages and countries are
    as newsgraph writes them."""
    first = document.sample
    if "page" in first:
        return first.keys() <= _NAMES
    named = "title" in first and any(name in first for name in ADDRESSES)
    foreign = ("published_at" in first and "date_quality" not in first) or not isinstance(
        first.get("published"), (bool, NoneType)
    )
    alone = document.json is None or not document.json.elements or not document.json.elements[0].place
    return named and alone and not foreign and first.keys() <= _NAMES and all(map(_own, first.items()))


def _own(item: tuple[str, Any]) -> bool:
    """Tells whether a value is of the kind that newsgraph writes under that name."""
    name, value = item
    if name in ("topics", "authors"):
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if name in ("related", "images", "entities"):
        return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)
    if name in _AS_WRITTEN and isinstance(value, str):
        return _AS_WRITTEN[name](value) == value
    return not isinstance(value, (list, Mapping))


#: Name -> what makes a value of the form in which newsgraph writes it from one that another program wrote.
_AS_WRITTEN: Mapping[str, Callable[[str], str | None]] = {
    "title": web_text, "excerpt": web_text, "language": language_tag, "country": country_code,
    "outlet_country": country_code,
}  # fmt: skip


class _Reader(RecordReader):
    def _time(
        self, data: Mapping[str, Any], plan: Plan, place: str, values: Mapping[str, Any]
    ) -> tuple[datetime | None, str]:
        """Returns the time with the quality that was found when it was first read."""
        published_at, quality = super()._time(data, plan, place, values)
        given = data.get("date_quality")
        if published_at is not None and given in _TIMED and quality == "exact":
            return published_at, str(given)
        if published_at is None and given == "impossible":
            return None, "impossible"
        return published_at, quality

    def page(self, data: Mapping[str, Any], line: int | None) -> PageRecord | None:
        """Returns the page about an outlet or a topic, if the element is one."""
        return page(self, data, str(data["page"]), line)


def read(document: Document) -> Reading:
    """The records, in order."""
    assert document.json is not None
    reader = _Reader(DIALECT)
    records: list[Record] = []
    for element in document.json.elements:
        value = mapping_of(element, reader)
        if value is None:
            continue
        record: Record | None
        record = (
            reader.page(value, element.line) if "page" in value else reader.read(value, element.place, element.line)
        )
        if record is not None:
            records.append(record)
    return Reading(DIALECT.name, tuple(records), (*document.json.problems, *reader.problems), reader.unknown)
