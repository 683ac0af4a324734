"""Reads nodes and edges from the embedded engine, a few hundred ids at a time, so that memory doesn't grow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import kglite

from newsgraph.graph import schema_cypher
from newsgraph.graph.batch import Columns, Edge, Node
from newsgraph.graph.schema import EdgeType, NodeType, Value, property_types
from newsgraph.graph.stores import validation
from newsgraph.graph.stores.embedded import calls
from newsgraph.slices import in_slices

# The number of ids that are read at a time; they have a few thousand edges. More ids take a third more time, and
# memory.
_READ = 500


def sorted_ids(graph: kglite.KnowledgeGraph, label: str) -> list[str]:
    """The ids of all nodes of a label."""
    # This takes a tenth of the time of a query, and none of its memory.
    ids = graph.select(validation.node_type(label).label, include_secondary=True).ids()
    for wrong in (id_ for id_ in ids if type(id_) is not str):
        raise validation.wrong_id(label, wrong)
    return sorted(ids)


def nodes(graph: kglite.KnowledgeGraph, label: str, ids: Sequence[str]) -> Iterator[Node]:
    """Reads nodes of the given ids as :meth:`Store.nodes` does. No id may be given twice. Sorted if the ids are
    sorted."""
    names = [one.name for one in validation.node_type(label).properties]
    for some in node_columns(graph, label, names, ids):
        for id_, *values in zip(*some.ids, *some.values, strict=True):
            yield Node(label, id_, _present(names, values))


def edges(graph: kglite.KnowledgeGraph, declared: EdgeType, by: str, ids: Sequence[str]) -> Iterator[Edge]:
    """Reads the edges of a type that start (or end, see ``by``) at the given ids. No id may be given twice.

    They are sorted if the ids are sorted and the edges start at them.
    """
    names = [one.name for one in declared.properties]
    for some in _read(graph, schema_cypher.list_edges(declared, names, by=by), declared, names, ids):
        for start, end, *values in zip(*some.ids, *some.values, strict=True):
            yield Edge(declared.type, start, end, _present(names, values))


def node_columns(
    graph: kglite.KnowledgeGraph, label: str, names: Sequence[str], ids: Sequence[str]
) -> Iterator[Columns]:
    """Reads columns of the given ids as :meth:`Store.node_columns` does. Sorted if the ids are sorted."""
    declared = validation.node_type(label)
    text = schema_cypher.list_nodes(declared, names)
    for some in _read(graph, text, declared, names, ids):
        # The engine shows the label if there is no property of that name.
        yield Columns(
            some.ids,
            [
                [None if value == label else value for value in column] if name == "label" else column
                for name, column in zip(names, some.values, strict=True)
            ],
        )


def edge_columns(
    graph: kglite.KnowledgeGraph, type_: str, names: Sequence[str], starts: Sequence[str]
) -> Iterator[Columns]:
    """Reads columns of the given starts as :meth:`Store.edge_columns` does. Sorted if the starts are sorted."""
    declared = validation.edge_type(type_)
    return _read(graph, schema_cypher.list_edges(declared, names, by="start"), declared, names, starts)


def _read(
    graph: kglite.KnowledgeGraph, text: str, declared: NodeType | EdgeType, names: Sequence[str], ids: Sequence[str]
) -> Iterator[Columns]:
    types = dict(property_types(declared))
    for chunk in in_slices(ids, _READ):
        columns = calls.columns(graph, text, ids=chunk)
        split = len(columns) - len(names)
        keys, values = columns[:split], columns[split:]
        subject = partial(_subject, declared, keys)
        if keys and keys[0]:
            yield Columns(
                keys,
                [
                    validation.read_column(name, types[name], column, subject)
                    for name, column in zip(names, values, strict=True)
                ],
            )


def _subject(declared: NodeType | EdgeType, keys: Sequence[list[str]], place: int) -> str:
    if isinstance(declared, NodeType):
        return f"{declared.label} {keys[0][place]}"
    return f"{declared.type} from {keys[0][place]} to {keys[1][place]}"


def _present(names: Sequence[str], values: Sequence[Value | None]) -> dict[str, Value]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
