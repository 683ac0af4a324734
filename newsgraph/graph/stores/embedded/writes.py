"""Writes a batch into the embedded engine.

Two faults of the engine are avoided here: a node's ``name`` is also shown as its ``title`` unless ``title`` is set to
null once; and both MERGE of an edge and the bulk call look through all edges of the edge's start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import kglite

from newsgraph.errors import QueryError, StoreError
from newsgraph.graph import schema_cypher
from newsgraph.graph.batch import Batch, EdgeTable, NodeTable
from newsgraph.graph.schema import EdgeType, NodeType
from newsgraph.graph.stores import validation
from newsgraph.graph.stores.embedded import bulk_calls
from newsgraph.graph.stores.embedded.calls import CHUNK, column, run, translated
from newsgraph.graph.stores.embedded.reads import edges
from newsgraph.slices import in_slices

# The number of a node's edges in a batch from which the node counts as a hub.
_MANY = 8
# The number from which a hub's new edges are not added in bulk.
_HUB = 100
#: The ids of the two ends of an edge.
_Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch whose values and ends were checked against a graph. Its content can no longer make writing fail.

    Nodes and edges of tables aren't among the rows.
    """

    node_rows: Mapping[str, validation.NodeRows]
    edge_rows: Mapping[str, validation.EdgeRows]
    node_tables: Sequence[NodeTable]
    edge_tables: Sequence[EdgeTable]
    gone_nodes: Mapping[str, Sequence[str]]
    gone_edges: Mapping[str, Sequence[tuple[str, str]]]

    def ends(self) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
        """Yields each edge type with the starts and the ends of its edges."""
        for type, rows in self.edge_rows.items():
            yield type, [start for start, _ in rows], [end for _, end in rows]
        for table in self.edge_tables:
            yield table.type, table.starts, table.ends


def prepare(graph: kglite.KnowledgeGraph, batch: Batch) -> Prepared:
    """Checks everything that can be wrong with a batch, and changes nothing. Raises StoreError."""
    node_tables = _node_tables_apart(batch)
    edge_tables = _edge_tables_apart(batch)
    rows = replace(
        batch,
        node_tables=[table for table in batch.node_tables if table not in node_tables],
        edge_tables=[table for table in batch.edge_tables if table not in edge_tables],
    )
    prepared = Prepared(
        validation.node_rows(rows),
        validation.edge_rows(rows),
        node_tables,
        edge_tables,
        validation.gone_nodes(batch),
        validation.gone_edges(batch),
    )
    _check_ends(graph, prepared)
    return prepared


def write(graph: kglite.KnowledgeGraph, batch: Batch) -> None:
    """As :meth:`Store.write`; for errors see :func:`prepare` and :func:`apply`."""
    apply(graph, prepare(graph, batch), set())


def apply(graph: kglite.KnowledgeGraph, prepared: Prepared, ever_there: set[str]) -> None:
    """Writes a prepared batch into the graph.

    ``ever_there`` are edge types of which the graph surely has, or had, an edge; those of the batch are added to it.

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
        for table in prepared.node_tables:
            if bulk_calls.add_nodes(graph, table):
                new.setdefault(table.label, set()).update(table.ids)
            else:  # some nodes were there, so that none counts as new
                _rewrite_nodes(
                    graph, validation.node_type(table.label), {node.id: node.properties for node in table.rows()}
                )
        if not ever_there.issuperset(type for type, _, _ in prepared.ends()):
            ever_there.update(one["type"] for one in graph.relationship_types())
        for edges_ in prepared.edge_tables:
            _write_edge_table(graph, edges_, new, ever_there)
            ever_there.add(edges_.type)
        for name, by_ends in prepared.edge_rows.items():
            _write_edges(graph, validation.edge_type(name), by_ends, new, ever_there)
            ever_there.add(name)
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


def _node_tables_apart(batch: Batch) -> list[NodeTable]:
    """Returns the tables whose nodes can be added as they are, as far as the batch shows it: no other node in it has
    their ids."""
    labels = Counter([table.label for table in batch.node_tables if table])
    gone = {label for label, _ in batch.gone_nodes}
    found: list[NodeTable] = []
    for table in batch.node_tables:
        if not table or labels[table.label] > 1 or table.label in gone:
            continue
        if not validation.is_sound(table.label, table.ids, table.columns):
            continue
        ids = set(table.ids)
        if len(ids) == len(table) and not any(node.id in ids for node in batch.nodes if node.label == table.label):
            found.append(table)
    return found


def _edge_tables_apart(batch: Batch) -> list[EdgeTable]:
    """Returns the tables whose edges can be added as they are, as far as the batch shows it. Their ends aren't looked
    at here."""
    types = Counter([table.type for table in batch.edge_tables if table])
    others: dict[str, set[_Ends]] = {type: set() for type in types}
    for edge in batch.edges:
        if edge.type in others:
            others[edge.type].add((edge.start, edge.end))
    found: list[EdgeTable] = []
    for table in batch.edge_tables:
        if not table or types[table.type] > 1 or not validation.is_sound(table.type, (), table.columns):
            continue
        if _are_different(table, others[table.type]):
            found.append(table)
    return found


def _are_different(table: EdgeTable, others: set[_Ends]) -> bool:
    """Tells whether no two edges of a table have the same ends, and none those of one of the others."""
    if not others and any(len(set(ends)) == len(table) for ends in (table.starts, table.ends)):
        return True
    pairs = set(zip(table.starts, table.ends, strict=True))
    return len(pairs) == len(table) and others.isdisjoint(pairs)


def _check_ends(graph: kglite.KnowledgeGraph, prepared: Prepared) -> None:
    # The ends that the batch doesn't write itself, each once.
    written: dict[str, set[str]] = {label: set(rows) for label, rows in prepared.node_rows.items()}
    for table in prepared.node_tables:
        written.setdefault(table.label, set()).update(table.ids)
    asked: dict[str, set[str]] = {}
    for name, starts, ends in prepared.ends():
        declared = validation.edge_type(name)
        for label, several in ((declared.start, starts), (declared.end, ends)):
            here = written.get(label, set())
            elsewhere = set() if here.issuperset(several) else set(several) - here
            validation.check_ids(name, elsewhere)  # a table may name anything
            asked.setdefault(label, set()).update(elsewhere)
    absent = {
        label: ids.intersection(prepared.gone_nodes.get(label, ())) | (ids - _there(graph, label, ids))
        for label, ids in asked.items()
    }
    if not any(absent.values()):
        return
    for name, starts, ends in prepared.ends():
        declared = validation.edge_type(name)
        for start, end in zip(starts, ends, strict=True):
            for label, one in ((declared.start, start), (declared.end, end)):
                if one in absent[label]:
                    raise validation.missing_end(declared, start, end, one)


def _there(graph: kglite.KnowledgeGraph, label: str, ids: Iterable[str]) -> set[str]:
    """Returns those of the ids that nodes of the graph have."""
    there: set[str] = set()
    for chunk in in_slices(list(ids), CHUNK):
        there.update(column(graph, schema_cypher.existing_nodes(validation.node_type(label)), ids=chunk))
    return there


def _write_nodes(
    graph: kglite.KnowledgeGraph, declared: NodeType, rows: validation.NodeRows, gone: set[str]
) -> set[str]:
    # Returns the ids that were not there before.
    asked = [id_ for id_ in rows if id_ not in gone]
    there = _there(graph, declared.label, asked) if _any_there(graph, declared.label) else set()
    new = {id_: properties for id_, properties in rows.items() if id_ not in there}
    if new:
        bulk_calls.add_nodes(graph, NodeTable(declared.label, list(new), bulk_calls.columns_of(new.values())))
    _rewrite_nodes(graph, declared, {id_: rows[id_] for id_ in rows if id_ in there})
    return rows.keys() - there


def _rewrite_nodes(graph: kglite.KnowledgeGraph, declared: NodeType, rows: validation.NodeRows) -> None:
    """Replaces all properties of nodes that exist."""
    untitled = "" if any(one.name == "title" for one in declared.properties) else schema_cypher.NO_TITLE
    given = [{"id": id_, "properties": {"id": id_, **properties}} for id_, properties in rows.items()]
    run(graph, schema_cypher.merge_nodes(declared) + untitled, given)


def _any_there(graph: kglite.KnowledgeGraph, label: str) -> bool:
    return bool(column(graph, f"MATCH (n:{label}) RETURN count(n) AS count")[0])


def _write_edge_table(
    graph: kglite.KnowledgeGraph, table: EdgeTable, new: Mapping[str, set[str]], ever_there: Collection[str]
) -> None:
    """Writes the edges of a table in bulk if all of them start at new nodes, and none of these is a hub."""
    declared = validation.edge_type(table.type)
    starts = set(table.starts)
    no_hub = len(starts) == len(table) or max(Counter(table.starts).values()) <= _HUB
    in_bulk = no_hub and starts <= new.get(declared.start, set())
    if in_bulk or table.type not in ever_there:
        bulk_calls.add_edges(graph, table)
    else:
        rows = {(edge.start, edge.end): edge.properties for edge in table.rows()}
        _write_edges(graph, declared, rows, new, ever_there)


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
        bulk_calls.add_edges(graph, _table(declared, rows))
        return
    # An edge of a new node can't exist yet.
    doubtful = [ends for ends in rows if ends[0] not in new_starts and ends[1] not in new_ends]
    merged, changed = _merged(graph, declared, rows, doubtful)
    fresh = {ends: rows[ends] for ends in rows if ends not in merged} if merged else rows
    bulk, created = _split(fresh, _hubs(fresh, new_starts), [property_.name for property_ in declared.properties])
    if bulk:
        bulk_calls.add_edges(graph, _table(declared, bulk))
    written = run(graph, schema_cypher.create_edges(declared) + schema_cypher.COUNT_EDGES, created)
    rewritten = [{"start": ends[0], "end": ends[1], "properties": rows[ends]} for ends in changed]
    written += run(graph, schema_cypher.merge_edges(declared) + schema_cypher.COUNT_EDGES, rewritten)
    if written != len(created) + len(changed):
        raise bulk_calls.fewer_edges(declared)


def _table(declared: EdgeType, rows: validation.EdgeRows) -> EdgeTable:
    starts, ends = ([pair[place] for pair in rows] for place in (0, 1))
    return EdgeTable(declared.type, starts, ends, bulk_calls.columns_of(rows.values()))


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
