"""Writes records as the JSON text that a Source keeps, and reads it: fields in their order, without default values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from json.encoder import encode_basestring
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
_QUALITY = "date_quality"
#: The fields of each kind of record, in order. Each comes with its name as JSON has it.
_KEYS = {
    kind: tuple((one.name, f'"{one.name}":') for one in fields(kind))
    for kind in (ArticleRecord, EntityRecord, ImageRecord, OutletRecord, TopicRecord)
}


def json_of(records: Iterable[Record]) -> str:
    """Returns the text for some records."""
    return f"[{','.join(map(_text, records))}]"


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


def _text(record: Record | EntityRecord | ImageRecord) -> str:
    """Returns the object of the fields that differ from their defaults. A default is None, an empty tuple, or a missing
    time."""
    # The encoder of the library writes the same, but it would first need a dictionary for each record.
    own = record.__dict__  # the fastest way to the fields
    parts: list[str] = []
    for name, key in _KEYS[type(record)]:
        value = own[name]
        if value is None:
            continue
        kind = type(value)
        if kind is str:
            if name != _QUALITY or value != ArticleRecord.date_quality:
                parts.append(key + encode_basestring(value))
        elif kind is tuple:
            if value:
                listed = map(encode_basestring, value) if type(value[0]) is str else map(_text, value)
                parts.append(f"{key}[{','.join(listed)}]")
        elif kind is datetime:
            parts.append(f'{key}"{iso(value)}"')
        else:
            parts.append(key + json.dumps(value))
    return f"{{{','.join(parts)}}}"


def _typed(found: dict[str, Any]) -> dict[str, Any]:
    """Returns the same values, with tuples, a time and records in the place of JSON's lists, text and objects."""
    for name, value in found.items():
        if type(value) is list:
            kind = _NESTED.get(name)
            found[name] = tuple(value) if kind is None else tuple([kind(**_typed(one)) for one in value])
        elif name == _TIME:
            found[name] = datetime.fromisoformat(value)
    return found
