"""Writes records as the JSON text that a Source keeps, and reads it: fields in their order, without default values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from newsgraph.errors import StoreFormatError
from newsgraph.loaders.records import ArticleRecord, OutletRecord, Record, TopicRecord
from newsgraph.slices import in_slices

#: The values of ``page`` in a page. Articles have none.
_PAGES: Mapping[object, type[OutletRecord] | type[TopicRecord]] = {"outlet": OutletRecord, "topic": TopicRecord}
_PAGE_KEY = '"page":'  # in a text the quotes would be escaped, so only a name can look like this
#: The number of records that are made and written together: few enough for the memory of one part to serve the next.
_TOGETHER = 200
_ENCODER = msgspec.json.Encoder()
_ARTICLES = msgspec.json.Decoder(tuple[ArticleRecord, ...])
_OBJECTS = msgspec.json.Decoder(tuple[dict[str, object], ...])


def json_of(records: Sequence[Record]) -> str:
    """Returns the text for some records. Of records that come as columns, few are made at a time."""
    written = bytearray()
    for some in in_slices(records, _TOGETHER):
        written += b","
        written += _ENCODER.encode(list(some))[1:-1]
    written[:1] = b"["
    written += b"]"
    return written.decode()


def records_of(text: str, source: str) -> tuple[Record, ...]:
    """Returns the records of a text that :func:`json_of` made.

    Raises StoreFormatError, about ``source``, for any other text. Only a hand-written query can have put it there.
    """
    try:
        if _PAGE_KEY not in text:
            return _ARTICLES.decode(text)
        return tuple([_record(one) for one in _OBJECTS.decode(text)])
    except (ValueError, TypeError) as error:
        raise StoreFormatError(
            source, f"its records can't be read ({str(error)[:100]})", "Load the folder into a new store"
        ) from error


def _record(given: Mapping[str, object]) -> Record:
    kind: type[Record] = _PAGES.get(given.get("page"), ArticleRecord)
    return msgspec.convert(given, kind)
