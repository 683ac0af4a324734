"""Writes a batch into the embedded engine.

Two faults of the engine are avoided here: a node's ``name`` is also shown as its ``title`` unless ``title`` is set to
null once; and both MERGE of an edge and the bulk call look through all edges of the edge's start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import kglite

from newsgraph.errors import QueryError, StoreError
from newsgraph.graph import schema_cypher
from newsgraph.graph.batch import Batch
from newsgraph.graph.schema import EdgeType, NodeType
from newsgraph.graph.stores import validation
from newsgraph.graph.stores.embedded import bulk_calls
from newsgraph.graph.stores.embedded.calls import chunks, column, run, translated
from newsgraph.graph.stores.embedded.reads import edges

# The number of a node's edges in a batch from which the node counts as a hub.
_MANY = 8
# The number from which a hub's new edges are not added in bulk.
_HUB = 100
#: The ids of the two ends of an edge.
_Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch whose values and ends were checked against a graph. Its content can no longer make writing fail."""

    node_rows: Mapping[str, validation.NodeRows]
    edge_rows: Mapping[str, validation.EdgeRows]
    gone_nodes: Mapping[str, Sequence[str]]
    gone_edges: Mapping[str, Sequence[tuple[str, str]]]


def prepare(graph: kglite.KnowledgeGraph, batch: Batch) -> Prepared:
    """Checks everything that can be wrong with a batch, and changes nothing. Raises StoreError."""
    prepared = Prepared(
        validation.node_rows(batch),
        validation.edge_rows(batch),
        validation.gone_nodes(batch),
        validation.gone_edges(batch),
    )
    _check_ends(graph, prepared)
    return prepared


def write(graph: kglite.KnowledgeGraph, batch: Batch) -> None:
    """As :meth:`Store.write`; for errors see :func:`prepare` and :func:`apply`."""
    apply(graph, prepare(graph, batch))


def apply(graph: kglite.KnowledgeGraph, prepared: Prepared) -> None:
    """Writes a prepared batch into the graph.

    An error can only come from the machine (no memory left, for example). The graph then holds a part of the batch and
    must not be used any more. A transaction of the engine would avoid that, but would copy the whole graph for each
    batch: the time of a load would grow with the square of its size.
    """
    graph.read_only(False)
    try:
        for name, pairs in prepared.gone_edges.items():
            gone = [{"start": start, "end": end} for start, end in pairs]
            run(graph, schema_cypher.delete_edges(validation.edge_type(name)), gone)
        for label, ids in prepared.gone_nodes.items():
            run(graph, schema_cypher.delete_nodes(validation.node_type(label)), ids, "ids")
        new = {
            label: _write_nodes(graph, validation.node_type(label), rows, set(prepared.gone_nodes.get(label, ())))
            for label, rows in prepared.node_rows.items()
        }
        ever_there = {one["type"] for one in graph.relationship_types()}
        for name, by_ends in prepared.edge_rows.items():
            _write_edges(graph, validation.edge_type(name), by_ends, new, ever_there)
    except BaseException as error:  # a panic of the engine isn't an Exception
        ours = translated(error)
        if isinstance(ours, QueryError):
            raise StoreError(
                "batch",
                f"the store broke off: {ours.problem}",
                "Open it again; what was saved is still there",
            ) from error
        if ours is not None:
            raise ours from error
        raise
    finally:
        graph.read_only(True)


def _check_ends(graph: kglite.KnowledgeGraph, prepared: Prepared) -> None:
    # The ends that the batch doesn't write itself, each once.
    asked: dict[str, set[str]] = {}
    for name, rows in prepared.edge_rows.items():
        declared = validation.edge_type(name)
        starts, ends = prepared.node_rows.get(declared.start, {}), prepared.node_rows.get(declared.end, {})
        missing_starts = {start for start, _ in rows if start not in starts}
        missing_ends = {end for _, end in rows if end not in ends}
        asked.setdefault(declared.start, set()).update(missing_starts)
        asked.setdefault(declared.end, set()).update(missing_ends)
    absent = {
        label: ids.intersection(prepared.gone_nodes.get(label, ())) | _absent(graph, label, ids)
        for label, ids in asked.items()
    }
    if not any(absent.values()):
        return
    for name, rows in prepared.edge_rows.items():
        declared = validation.edge_type(name)
        for start, end in rows:
            for label, one in ((declared.start, start), (declared.end, end)):
                if one in absent[label]:
                    raise validation.missing_end(declared, start, end, one)


def _absent(graph: kglite.KnowledgeGraph, label: str, ids: set[str]) -> set[str]:
    there: set[str] = set()
    for chunk in chunks(list(ids)):
        there.update(column(graph, schema_cypher.existing_nodes(validation.node_type(label)), ids=chunk))
    return ids - there


def _write_nodes(
    graph: kglite.KnowledgeGraph, declared: NodeType, rows: validation.NodeRows, gone: set[str]
) -> set[str]:
    # Returns the ids that were not there before.
    there: set[str] = set()
    if column(graph, f"MATCH (n:{declared.label}) RETURN count(n) AS count")[0]:
        asked = [id_ for id_ in rows if id_ not in gone]
        for chunk in chunks(asked):
            there.update(column(graph, schema_cypher.existing_nodes(declared), ids=chunk))
    new = {id_: properties for id_, properties in rows.items() if id_ not in there}
    old = [{"id": id_, "properties": {"id": id_, **rows[id_]}} for id_ in rows if id_ in there]
    if new:
        bulk_calls.add_nodes(graph, declared, new)
    untitled = "" if any(one.name == "title" for one in declared.properties) else schema_cypher.NO_TITLE
    run(graph, schema_cypher.merge_nodes(declared) + untitled, old)
    return rows.keys() - there


def _write_edges(
    graph: kglite.KnowledgeGraph,
    declared: EdgeType,
    rows: validation.EdgeRows,
    new: Mapping[str, set[str]],
    ever_there: Collection[str],
) -> None:
    """Writes the edges of one type. Edges that may exist already are written by MERGE, new ones by the bulk call. New
    edges of hubs are written by CREATE, because the bulk call is slow for them, except for the first edges of a
    type in the graph: then it looks for no others."""
    new_starts, new_ends = new.get(declared.start, set()), new.get(declared.end, set())
    if declared.type not in ever_there:
        bulk_calls.add_edges(graph, declared, rows)
        return
    # An edge of a new node can't exist yet.
    doubtful = [ends for ends in rows if ends[0] not in new_starts and ends[1] not in new_ends]
    merged, changed = _merged(graph, declared, rows, doubtful)
    fresh = {ends: rows[ends] for ends in rows if ends not in merged} if merged else rows
    bulk, created = _split(fresh, _hubs(fresh, new_starts), [property_.name for property_ in declared.properties])
    if bulk:
        bulk_calls.add_edges(graph, declared, bulk)
    written = run(graph, schema_cypher.create_edges(declared) + schema_cypher.COUNT_EDGES, created)
    rewritten = [{"start": ends[0], "end": ends[1], "properties": rows[ends]} for ends in changed]
    written += run(graph, schema_cypher.merge_edges(declared) + schema_cypher.COUNT_EDGES, rewritten)
    if written != len(created) + len(changed):
        raise bulk_calls.fewer_edges(declared)


def _merged(
    graph: kglite.KnowledgeGraph, declared: EdgeType, rows: validation.EdgeRows, doubtful: Sequence[_Ends]
) -> tuple[set[_Ends], list[_Ends]]:
    """Returns, of the edges that may exist already, those that MERGE must write, and those that differ from the stored
    ones."""
    if not doubtful:
        return set(), []
    # If a start has many edges in the batch, they are looked up from their ends. MERGE would look through all edges of
    # the start for each of them.
    hubs = {start for start, count in Counter(start for start, _ in doubtful).items() if count > _MANY}
    ends_of_hubs = list({end for start, end in doubtful if start in hubs})
    before = {(edge.start, edge.end): edge.properties for edge in edges(graph, declared, "end", ends_of_hubs)}
    merged = {ends for ends in doubtful if ends in before or ends[0] not in hubs}
    return merged, [ends for ends in merged if before.get(ends) != rows[ends]]


def _split(
    fresh: validation.EdgeRows, hubs: set[str], names: Sequence[str]
) -> tuple[validation.EdgeRows, list[list[object]]]:
    """Splits new edges into those for the bulk call, and those of hubs, as rows for CREATE."""
    if not hubs:
        return fresh, []
    bulk = {ends: properties for ends, properties in fresh.items() if ends[0] not in hubs}
    return bulk, [[*ends, *map(fresh[ends].get, names)] for ends in fresh if ends[0] in hubs]


def _hubs(fresh: Iterable[_Ends], new_starts: set[str]) -> set[str]:
    """Returns the starts whose edges the bulk call would look through for too long: they exist already, or they have
    many edges in the batch."""
    counts = Counter([start for start, _ in fresh])
    return {start for start, count in counts.items() if count > _HUB or start not in new_starts}
