"""The file of the networkx store: JSON with one node or edge on each line, in a fixed order, so that files can be
compared.

Times are ISO 8601 texts, lists are JSON lists; the schema says which text is a time. The last line holds the SHA-256 of
all text before it, so that damage is noticed. If you edit the file by hand, remove that line. A file without it, as
older versions wrote it, is read unchecked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.errors import StoreFormatError, StoreVersionError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.schema import EDGES, NODES, SCHEMA_VERSION, EdgeType, NodeType, Value, property_types
from newsgraph.graph.stores.networkx.shape import attribute, columns

FORMAT = "newsgraph networkx store"
#: What the user can do about a file that can't be read.
NO_STORE = "Give the path of a file that a networkx store wrote, restore a backup, or load the folder into another file"
_SUM = "sha256"
_BEGINNING = f'{{"format": "{FORMAT}"'.encode()
_LAST_LINE = re.compile(rb'"sha256": "([0-9a-f]{64})"\}\s*\Z')
_KEYS = {"format", "schema_version", "nodes", "links", _SUM}


def lines(whole: Batch) -> Iterator[str]:
    """Yields the file's text in pieces."""
    digest = hashlib.sha256()
    for piece in _pieces(whole):
        digest.update(piece.encode("utf-8"))
        yield piece
    yield f'"{_SUM}": "{digest.hexdigest()}"}}\n'


def _pieces(whole: Batch) -> Iterator[str]:
    yield f'{{"format": "{FORMAT}", "schema_version": {SCHEMA_VERSION},\n"nodes": ['
    comma = "\n"
    for node in whole.nodes:
        yield comma + _json({"label": node.label, "id": node.id, **_plain(NODES[node.label], node.properties)})
        comma = ",\n"
    yield '\n],\n"links": ['
    comma = "\n"
    for edge in whole.edges:
        ends = {"type": edge.type, "source": edge.start, "target": edge.end}
        yield comma + _json({**ends, **_plain(EDGES[edge.type], edge.properties)})
        comma = ",\n"
    yield "\n],\n"


def read(content: bytes, url: str) -> Batch:
    """Returns the content of a file. Raises StoreFormatError when it isn't such a file or is damaged, StoreVersionError
    when a newer newsgraph wrote it."""
    last = _LAST_LINE.search(content, content.rfind(b"\n", 0, -1) + 1)
    if last and content.startswith(_BEGINNING) and not _sum_fits(content, last[1].decode()):
        raise StoreFormatError(url, "it is damaged (its checksum doesn't fit what it holds)", NO_STORE)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StoreFormatError(url, f"it is no newsgraph store, or is damaged ({error})", NO_STORE) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise StoreFormatError(url, "it is no newsgraph store", NO_STORE)
    version = data.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise newer(url, version)
    if not data.keys() <= _KEYS or (_SUM in data and not _sum_fits(content, data[_SUM])):
        raise StoreFormatError(url, "it is damaged (its checksum doesn't fit what it holds)", NO_STORE)
    try:
        return Batch([_node(node) for node in data["nodes"]], [_edge(edge) for edge in data["links"]])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreFormatError(url, f"it is damaged ({error})", NO_STORE) from error


def newer(url: str, version: int) -> StoreVersionError:
    """Returns the error for a store that a newer newsgraph wrote."""
    return StoreVersionError(
        url,
        f"it was written by a newer newsgraph (schema {version}, this one knows {SCHEMA_VERSION})",
        "Update newsgraph: pip install -U newsgraph",
    )


def _sum_fits(content: bytes, written: object) -> bool:
    before = content[: content.rindex(f'"{_SUM}"'.encode())]
    return hashlib.sha256(before).hexdigest() == written


def _plain(declared: NodeType | EdgeType, properties: Mapping[str, Value]) -> dict[str, object]:
    types = dict(property_types(declared))
    return {attribute(declared, name): types[name].does.to_json(value) for name, value in properties.items()}


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _node(data: dict[str, Any]) -> Node:
    return Node(data["label"], data["id"], _typed(NODES[data["label"]], data, ("label", "id")))


def _edge(data: dict[str, Any]) -> Edge:
    properties = _typed(EDGES[data["type"]], data, ("type", "source", "target"))
    return Edge(data["type"], data["source"], data["target"], properties)


def _typed(declared: NodeType | EdgeType, data: Mapping[str, Any], own: tuple[str, ...]) -> dict[str, Value]:
    types = dict(columns(declared))
    typed: dict[str, Value] = {}
    for key, value in data.items():
        if key in own:
            continue
        name, type_ = types[key]
        typed[name] = type_.does.from_json(value)
    return typed
