"""JSON lines: the articles as their files gave them, one on each line, for ``newsgraph load`` and jq.

Each line is a record as loaders read it (title, url, published_at, outlet_name, topics, images, related ...). Records
are in the order of the files. Loading the lines gives the same graph, except for what describes the files themselves
(Source, MENTIONS). A researcher's outlets file is not included. A narrowed part has the articles whose own story is in
the part; of the stories that they list as related, it has only those in the part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.sanitise import Sanitiser
from newsgraph.graph.schema import AddressOf, Source, Story
from newsgraph.graph.urls.identity import story_id

_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
#: The fields of a record that hold a spelling of its story's address.
_ADDRESSES = ("url", "original_url", "amp_url", "cdn_amp_url")
Record = dict[str, Any]


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the records of the part's sources.

    Raises UsageError for ``labels`` and ``edges``, which records don't have, and NothingToWriteError if no file has a
    record of the part's stories.
    """
    part = writing.part
    if part.filters.labels or part.filters.edges:
        raise UsageError("jsonl", "holds articles, not nodes and edges", "Leave out labels and edges")
    inside = _inside(writing) if part.filters.narrow else None
    written = False
    for record in _records(writing):
        if inside is not None:
            if not inside(record):
                continue
            if "related" in record:
                record["related"] = [one for one in record["related"] if inside(one)]
        out(_ENCODE(_clean(writing.sanitiser, record)) + "\n")
        writing.count_article()
        written = True
    if inside is not None and not written:
        raise NothingToWriteError(part.filters.words(), "no file's own article fits", "Widen or leave out a filter")


def _records(writing: Writing) -> Iterator[Record]:
    for source in writing.part.store.nodes(Source.label):
        yield from json.loads(str(source.properties.get("records", "[]")))


def _inside(writing: Writing) -> Callable[[Record], bool]:
    """Returns a function that tells whether a record's story is in the part, by any spelling of its address."""
    part = writing.part
    known = {node.id for node in part.nodes(Story.label)}
    known |= {edge.start for edge in part.store.edges(AddressOf.type, ends=sorted(known))}

    def inside(record: Record) -> bool:
        return any(story_id(record[name]) in known for name in _ADDRESSES if record.get(name))

    return inside


def _clean(sanitiser: Sanitiser, value: Any) -> Any:
    if isinstance(value, str):
        return sanitiser.text(value)
    if isinstance(value, list):
        return [_clean(sanitiser, one) for one in value]
    if isinstance(value, dict):
        return {key: _clean(sanitiser, one) for key, one in value.items()}
    return value
