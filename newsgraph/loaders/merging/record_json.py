"""Writes records as the JSON text that a Source keeps, and reads it: fields in their order, without default values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from newsgraph.errors import StoreFormatError
from newsgraph.loaders.records import ArticleRecord, EntityRecord, ImageRecord, OutletRecord, Record, TopicRecord
from newsgraph.output.times import iso

#: The values of ``page`` in a page. Articles have none.
_PAGES: Mapping[str, type[OutletRecord] | type[TopicRecord]] = {"outlet": OutletRecord, "topic": TopicRecord}
#: Fields whose values are records.
_NESTED: Mapping[str, type[ArticleRecord] | type[ImageRecord] | type[EntityRecord]] = {
    "entities": EntityRecord,
    "images": ImageRecord,
    "related": ArticleRecord,
}
_TIME = "published_at"
#: The fields of each kind of record, in order.
_FIELDS = {
    kind: tuple(one.name for one in fields(kind))
    for kind in (ArticleRecord, EntityRecord, ImageRecord, OutletRecord, TopicRecord)
}


def json_of(records: Iterable[Record]) -> str:
    """Returns the text for some records."""
    return _ENCODER.encode([_named(one) for one in records])


def records_of(text: str, source: str) -> tuple[Record, ...]:
    """Returns the records of a text that :func:`json_of` made.

    Raises StoreFormatError, about ``source``, for any other text. Only a hand-written query can have put it there.
    """
    try:
        return tuple([_PAGES.get(one.get("page"), ArticleRecord)(**_typed(one)) for one in json.loads(text)])
    except (ValueError, TypeError, AttributeError) as error:
        raise StoreFormatError(
            source, f"its records can't be read ({str(error)[:100]})", "Load the folder into a new store"
        ) from error


def _named(record: Record | EntityRecord | ImageRecord) -> dict[str, Any]:
    """Returns the fields that differ from their defaults, by name. A default is None, an empty tuple, or a missing
    time."""
    own = record.__dict__  # the fastest way to the fields
    named = {
        name: value
        for name in _FIELDS[type(record)]
        if (value := own[name]) is not None and (value or type(value) is not tuple)
    }
    if named.get("date_quality") == ArticleRecord.date_quality:
        del named["date_quality"]
    return named


def _encoded(value: Any) -> Any:
    """Returns a value that the encoder doesn't know in a form that it knows."""
    return iso(value) if type(value) is datetime else _named(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=_encoded)


def _typed(found: dict[str, Any]) -> dict[str, Any]:
    """Returns the same values, with tuples, a time and records in the place of JSON's lists, text and objects."""
    for name, value in found.items():
        if type(value) is list:
            kind = _NESTED.get(name)
            found[name] = tuple(value) if kind is None else tuple([kind(**_typed(one)) for one in value])
        elif name == _TIME:
            found[name] = datetime.fromisoformat(value)
    return found
