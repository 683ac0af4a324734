"""The content of a store in a form in which two stores can be compared."""

from __future__ import annotations

from typing import Any

from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES
from newsgraph.graph.stores.protocol import Store

_OF_THE_LOAD = ("loaded_at", "stamp")


def snapshot(store: Store) -> dict[str, Any]:
    """Returns every node and edge with every property, except when a file was loaded, its stamp, and the corpus's
    folders."""
    content: dict[str, Any] = {}
    for node_type in NODE_TYPES:
        if node_type.label != "Corpus":
            for node in store.nodes(node_type.label):
                content[f"{node.label} {node.id}"] = {k: v for k, v in node.properties.items() if k not in _OF_THE_LOAD}
    for edge_type in EDGE_TYPES:
        for edge in store.edges(edge_type.type):
            content[f"{edge.type} {edge.start} -> {edge.end}"] = dict(edge.properties)
    return content
