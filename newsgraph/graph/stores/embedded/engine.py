"""The embedded Cypher engine (kglite), in memory: the embedded store's graph, and the networkx store's mirror.

Traps of the engine that are dealt with here: a node's ``name`` shows again as ``title`` unless ``title`` is set to null
once; one optimiser pass gives wrong rows; MERGE of an edge looks through all edges of its start, so it is used only
where the edge is there already.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import kglite

from newsgraph.graph import schema_cypher as statements
from newsgraph.graph.batch import Batch, Columns, Edge, Node
from newsgraph.errors import NewsgraphError, QueryError, QueryTimeoutError, ReadOnlyError, StoreError
from newsgraph.graph.schema import EdgeType, NodeType, Value, property_types
from newsgraph.graph.stores import validation as checks
from newsgraph.graph.stores import query_text as cypher
from newsgraph.graph.stores.embedded import unsupported as dialect
from newsgraph.graph.stores.embedded import bulk_calls as engine_bulk
from newsgraph.graph.stores.protocol import Cell, Rows

# This pass drops rows of MATCH ... RETURN with an aggregate in some shapes (measured on 0.21.2). To disable it has a
# price: the engine makes the plan anew each time.
_UNSAFE_PASSES = ["fuse_match_return_aggregate"]
# Larger chunks only cost memory: the time a row takes stays the same from 1,000 rows on.
_CHUNK = 5_000
# What is read at a time: a few thousand edges of as many starts. More costs a third more time, and memory.
_READ = 500
# Edges of one start in a batch from which on it is taken for a hub.
_MANY = 8
# And from which on its new ones are not added in bulk.
_HUB = 100
_Row = TypeVar("_Row")
# What the engine gives as a cell is already.
_AS_THEY_ARE = frozenset({str, bool, int, float, type(None)})

kglite.set_query_warning_policy("silent")  # hints such as "unknown label" are no business of stderr


def sorted_ids(graph: kglite.KnowledgeGraph, label: str) -> list[str]:
    """The ids of all nodes of a label."""
    # A tenth of the time that a query takes, and none of its memory.
    ids = graph.select(checks.node_type(label).label, include_secondary=True).ids()
    for wrong in (id_ for id_ in ids if type(id_) is not str):
        raise checks.wrong_id(label, wrong)
    return sorted(ids)


def nodes(graph: kglite.KnowledgeGraph, label: str, ids: Sequence[str]) -> Iterator[Node]:
    """As :meth:`Store.nodes`, of the given ids (none twice); sorted where these are."""
    names = [one.name for one in checks.node_type(label).properties]
    for some in node_columns(graph, label, names, ids):
        for id_, *values in zip(*some.ids, *some.values, strict=True):
            yield Node(label, id_, _present(names, values))


def edges(graph: kglite.KnowledgeGraph, declared: EdgeType, by: str, ids: Sequence[str]) -> Iterator[Edge]:
    """The edges of a type that start (or end, ``by``) at the given ids (none twice); sorted where these are sorted
    starts."""
    names = [one.name for one in declared.properties]
    for some in _read(graph, statements.list_edges(declared, names, by=by), declared, names, ids):
        for start, end, *values in zip(*some.ids, *some.values, strict=True):
            yield Edge(declared.type, start, end, _present(names, values))


def node_columns(
    graph: kglite.KnowledgeGraph, label: str, names: Sequence[str], ids: Sequence[str]
) -> Iterator[Columns]:
    """As :meth:`Store.node_columns`, of the given ids; sorted where these are."""
    declared = checks.node_type(label)
    text = statements.list_nodes(declared, names)
    for some in _read(graph, text, declared, names, ids):
        # The engine shows the label where there is no property of that name.
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
    """As :meth:`Store.edge_columns`, of the given starts; sorted where these are."""
    declared = checks.edge_type(type_)
    return _read(graph, statements.list_edges(declared, names, by="start"), declared, names, starts)


def _read(
    graph: kglite.KnowledgeGraph, text: str, declared: NodeType | EdgeType, names: Sequence[str], ids: Sequence[str]
) -> Iterator[Columns]:
    types = dict(property_types(declared))
    for chunk in _chunks(ids, _READ):
        columns = _columns(graph, text, ids=chunk)
        split = len(columns) - len(names)
        keys, values = columns[:split], columns[split:]
        subject = partial(_subject, declared, keys)
        if keys and keys[0]:
            yield Columns(
                keys,
                [
                    checks.read_column(name, types[name], column, subject)
                    for name, column in zip(names, values, strict=True)
                ],
            )


def _subject(declared: NodeType | EdgeType, keys: Sequence[list[str]], place: int) -> str:
    if isinstance(declared, NodeType):
        return f"{declared.label} {keys[0][place]}"
    return f"{declared.type} from {keys[0][place]} to {keys[1][place]}"


def _present(names: Sequence[str], values: Sequence[Value | None]) -> dict[str, Value]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch whose values and ends were checked against a graph, so that writing it can't fail for what it holds."""

    node_rows: Mapping[str, checks.NodeRows]
    edge_rows: Mapping[str, checks.EdgeRows]
    gone_nodes: Mapping[str, Sequence[str]]
    gone_edges: Mapping[str, Sequence[tuple[str, str]]]


def prepare(graph: kglite.KnowledgeGraph, batch: Batch) -> Prepared:
    """Checks all that can be wrong with a batch, and changes nothing. Raises StoreError."""
    prepared = Prepared(
        checks.node_rows(batch), checks.edge_rows(batch), checks.gone_nodes(batch), checks.gone_edges(batch)
    )
    _check_ends(graph, prepared)
    return prepared


def write(graph: kglite.KnowledgeGraph, batch: Batch) -> None:
    """As :meth:`Store.write`; for errors see :func:`prepare` and :func:`apply`."""
    apply(graph, prepare(graph, batch))


def apply(graph: kglite.KnowledgeGraph, prepared: Prepared) -> None:
    """Writes a prepared batch in place. After an error, which only the machine can cause (no memory left, say), the
    graph holds part of the batch and must not be used any more.

    A transaction of the engine would copy the whole graph at each batch: a load would cost the square of its size.
    """
    graph.read_only(False)
    try:
        for name, pairs in prepared.gone_edges.items():
            gone = [{"start": start, "end": end} for start, end in pairs]
            _run(graph, statements.delete_edges(checks.edge_type(name)), gone)
        for label, ids in prepared.gone_nodes.items():
            _run(graph, statements.delete_nodes(checks.node_type(label)), ids, "ids")
        new = {
            label: _write_nodes(graph, checks.node_type(label), rows, set(prepared.gone_nodes.get(label, ())))
            for label, rows in prepared.node_rows.items()
        }
        for name, by_ends in prepared.edge_rows.items():
            _write_edges(graph, checks.edge_type(name), by_ends, new)
    except BaseException as error:  # a panic of the engine is no Exception
        translated = _translated(error)
        if isinstance(translated, QueryError):
            raise StoreError(
                "batch",
                f"the store broke off: {translated.problem}",
                "Open it again; what was saved is still there",
            ) from error
        if translated is not None:
            raise translated from error
        raise
    finally:
        graph.read_only(True)


def _check_ends(graph: kglite.KnowledgeGraph, prepared: Prepared) -> None:
    # Ends that the batch doesn't write itself, each once.
    asked: dict[str, set[str]] = {}
    for name, rows in prepared.edge_rows.items():
        declared = checks.edge_type(name)
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
        declared = checks.edge_type(name)
        for start, end in rows:
            for label, one in ((declared.start, start), (declared.end, end)):
                if one in absent[label]:
                    raise checks.missing_end(declared, start, end, one)


def _absent(graph: kglite.KnowledgeGraph, label: str, ids: set[str]) -> set[str]:
    there: set[str] = set()
    for chunk in _chunks(list(ids)):
        there.update(_column(graph, statements.existing_nodes(checks.node_type(label)), ids=chunk))
    return ids - there


def query(
    graph: kglite.KnowledgeGraph,
    text: str,
    parameters: Mapping[str, Any] | None,
    *,
    write: bool,
    timeout: float | None,
    limit: int | None,
) -> Rows:
    """As :meth:`Store.query`."""
    given = dict(parameters or {})
    if not write:
        cypher.check_reads_only(text)
    cypher.check_parameters(text, given)
    dialect.check(text)
    if graph.read_only() == write:  # to set what is set already would cost the engine its plans
        graph.read_only(not write)
    try:
        result = graph.cypher(
            cypher.without_comments(text),  # it doesn't know /* ... */
            params=given,
            timeout_ms=0 if timeout is None else max(1, math.ceil(timeout * 1000)),
            row_limit=limit,
            disabled_passes=_UNSAFE_PASSES if dialect.may_aggregate(text) else None,
            hide_structural_keys=True,
        )
        assert isinstance(result, kglite.ResultView)  # for mypy: FORMAT CSV, which gives text, was refused
        columns = tuple(result.columns)
        rows = list(zip(*(_cells_of(result.column(name)) for name in columns), strict=True))
        cut = (result.diagnostics or {}).get("total_rows") is not None
    except BaseException as error:
        translated = _translated(error, timeout)
        if translated is None:
            raise
        raise translated from error
    finally:
        if write:
            graph.read_only(True)
    return Rows(columns, rows, cut)


def _write_nodes(graph: kglite.KnowledgeGraph, declared: NodeType, rows: checks.NodeRows, gone: set[str]) -> set[str]:
    # Returns the ids that were not there before.
    there: set[str] = set()
    if _column(graph, f"MATCH (n:{declared.label}) RETURN count(n) AS count")[0]:
        asked = [id_ for id_ in rows if id_ not in gone]
        for chunk in _chunks(asked):
            there.update(_column(graph, statements.existing_nodes(declared), ids=chunk))
    new = {id_: properties for id_, properties in rows.items() if id_ not in there}
    old = [{"id": id_, "properties": {"id": id_, **rows[id_]}} for id_ in rows if id_ in there]
    if new:
        engine_bulk.add_nodes(graph, declared, new)
    untitled = "" if any(one.name == "title" for one in declared.properties) else statements.NO_TITLE
    _run(graph, statements.merge_nodes(declared) + untitled, old)
    return rows.keys() - there


def _write_edges(
    graph: kglite.KnowledgeGraph, declared: EdgeType, rows: checks.EdgeRows, new: Mapping[str, set[str]]
) -> None:
    # An edge of a new node can't be there yet. MERGE looks through every edge of its start, so the edges of a start
    # that has many are looked up from their ends, here; the others are left to it.
    new_starts, new_ends = new.get(declared.start, set()), new.get(declared.end, set())
    doubtful = [ends for ends in rows if ends[0] not in new_starts and ends[1] not in new_ends]
    if doubtful and not _column(graph, f"MATCH ()-[r:{declared.type}]->() RETURN count(r) AS count")[0]:
        doubtful = []
    hubs = {start for start, count in Counter(start for start, _ in doubtful).items() if count > _MANY}
    asked = list({end for start, end in doubtful if start in hubs})
    before = {(edge.start, edge.end): edge.properties for edge in edges(graph, declared, "end", asked)}
    merged = {ends for ends in doubtful if ends in before or ends[0] not in hubs}
    changed = [
        {"start": ends[0], "end": ends[1], "properties": rows[ends]}
        for ends in merged
        if before.get(ends) != rows[ends]
    ]
    fresh = {ends: rows[ends] for ends in rows if ends not in merged} if merged else rows
    # The bulk call looks at all edges that a start has: at few of them where the start is new and no hub.
    numbers = Counter([start for start, _ in fresh])
    slow = {start for start, count in numbers.items() if count > _HUB or start not in new_starts}
    names = [one.name for one in declared.properties]
    others = [[*ends, *map(fresh[ends].get, names)] for ends in fresh if ends[0] in slow] if slow else []
    if len(others) < len(fresh):
        few = {ends: properties for ends, properties in fresh.items() if ends[0] not in slow} if slow else fresh
        engine_bulk.add_edges(graph, declared, few)
    written = _run(graph, statements.create_edges(declared) + statements.COUNT_EDGES, others)
    written += _run(graph, statements.merge_edges(declared) + statements.COUNT_EDGES, changed)
    if written != len(others) + len(changed):
        raise engine_bulk.fewer_edges(declared)


def _run(graph: kglite.KnowledgeGraph, text: str, rows: Sequence[Any], name: str = "rows") -> int:
    # Returns the sum of what the text counts, if it counts.
    return sum(sum(_column(graph, text, **{name: chunk})) for chunk in _chunks(rows))


def _column(graph: kglite.KnowledgeGraph, text: str, **parameters: Any) -> list[Any]:
    columns = _columns(graph, text, **parameters)
    return columns[0] if columns else []


def _columns(graph: kglite.KnowledgeGraph, text: str, **parameters: Any) -> list[list[Any]]:
    try:
        result = graph.cypher(text, params=parameters, timeout_ms=0)
    except kglite.KgError as error:
        raise StoreError(
            "store", f"it can't be read: {_first_line(error)}", "Load the folder into a new store"
        ) from error
    assert isinstance(result, kglite.ResultView)  # for mypy: these texts ask for nothing else
    return [result.column(name) for name in result.columns]


def _chunks(rows: Sequence[_Row], size: int = _CHUNK) -> Iterator[Sequence[_Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].strip()


def _translated(error: BaseException, timeout: float | None = None) -> NewsgraphError | None:
    """The error of newsgraph for one of the engine; None for what isn't its own (an interrupt, a bug of ours)."""
    if isinstance(error, NewsgraphError):
        return error
    if isinstance(error, kglite.CypherTimeoutError):
        return QueryTimeoutError("query", f"it ran longer than {timeout or 0:g} s", "Narrow it, or raise --timeout")
    if isinstance(error, UnicodeEncodeError) or "unsupported Python type 'str'" in str(error):
        return QueryError("query", "a text holds half of a character (a lone surrogate)", "Replace it by U+FFFD")
    if isinstance(error, kglite.ReadOnlyError):
        return ReadOnlyError(
            "query", "it would write, and only reading is allowed", "Use --write (write=True) if you mean it"
        )
    # A panic of the engine is no Exception, but it is the engine's.
    if isinstance(error, kglite.KgError | TypeError | ValueError | OverflowError | RecursionError) or (
        type(error).__name__ == "PanicException"
    ):
        return QueryError("query", _first_line(error), dialect.remedy(str(error)))
    return None


def _cells_of(column: list[Any]) -> list[Cell]:
    # Most columns hold nothing that must be converted; to see that of a whole column at once is what makes it cheap.
    if _AS_THEY_ARE.issuperset(map(type, column)) or checks.are_times_in_utc(column):
        return column
    return [value if type(value) in _AS_THEY_ARE else _cell(value) for value in column]


def _cell(value: Any) -> Cell:  # noqa: PLR0911  # one return a kind of value is the plainest form
    if isinstance(value, dict):
        keys = value.keys()
        if keys == {"id", "labels", "properties"}:
            # The engine adds the label as ``type``; a type of a node's own is not declared.
            labels = value["labels"]
            own = {name: one for name, one in value["properties"].items() if name != "type" and [one] != labels}
            return cypher.node_cell(labels, _cells(own))
        if keys == {"id", "start", "end", "type", "properties"}:
            return cypher.edge_cell(_cells(value["properties"]))
        if keys == {"nodes", "relationships"}:
            parts = [_cell(one) for one in value["nodes"]], [_cell(one) for one in value["relationships"]]
            return cypher.path_cell(*parts)  # type: ignore[arg-type]  # nodes and edges come as maps
        if keys and keys <= {"months", "days", "seconds", "nanoseconds"} and {"months", "days", "seconds"} <= keys:
            return cypher.duration_cell(**value)
        return {key: _cell(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_cell(one) for one in value]
    return cypher.cell(value)


def _cells(properties: Mapping[str, Any]) -> dict[str, Cell]:
    return {name: _cell(one) for name, one in properties.items()}
