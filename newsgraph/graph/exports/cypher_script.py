r"""A Cypher script for a Neo4j server: ``cypher-shell -f news.cypher``.

It writes constraints first, then nodes, then edges, in batches. Every statement can be run again without changing the
result. The script has everything that the store keeps except the folders of the user's machine. Values are literals,
because a script has no parameters: texts are quoted and escaped, each row is on its own line, and a statement ends with
``;`` at the end of a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from newsgraph.graph import schema_cypher
from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.sanitise import Sanitiser, identifier
from newsgraph.graph.schema import EdgeType, NodeType, Type, Value
from newsgraph.output.times import iso

#: The number of rows in one statement. A server takes long to parse larger ones.
_ROWS = 200
# Every character that a client or server may read as the end of a line, as the end of the text, or as an escape.
_UNSAFE = re.compile(r"[\\'\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write(writing: Writing, out: TextWriter) -> None:
    """Writes the part as one script."""
    part = writing.part
    out("// Made by newsgraph. Run it with: cypher-shell -f FILE\n")
    for statement in (*schema_cypher.constraints(), *schema_cypher.indexes()):
        out(f"{statement};\n")
    for node_type in part.node_types:
        rows = _node_rows(writing, node_type)
        _batches(out, schema_cypher.merge_nodes(node_type), rows)
    for edge_type in part.edge_types:
        edge_rows = _edge_rows(writing, edge_type)
        _batches(out, schema_cypher.merge_edges(edge_type), edge_rows)


def _batches(out: TextWriter, statement: str, rows: Iterable[str]) -> None:
    batch: list[str] = []

    def flush() -> None:
        if batch:
            out(statement.replace("$rows", "[\n" + ",\n".join(batch) + "\n]", 1) + ";\n")
            batch.clear()

    for row in rows:
        batch.append(row)
        if len(batch) >= _ROWS:
            flush()
    flush()


def _node_rows(writing: Writing, declared: NodeType) -> Iterator[str]:
    literals = _literals(writing, declared)
    for node in writing.nodes(declared.label):
        id = literal(identifier(node.id))
        values = [f"id: {id}"]
        values += _values(literals, node.properties.get)
        yield f"{{id: {id}, properties: {{{', '.join(values)}}}}}"


def _edge_rows(writing: Writing, declared: EdgeType) -> Iterator[str]:
    literals = _literals(writing, declared)
    for edge in writing.edges(declared.type):
        start, end = literal(identifier(edge.start)), literal(identifier(edge.end))
        values = ", ".join(_values(literals, edge.properties.get))
        yield f"{{start: {start}, `end`: {end}, properties: {{{values}}}}}"


_Literal = Callable[[Value], str | None]


def _literals(writing: Writing, declared: NodeType | EdgeType) -> list[tuple[str, _Literal]]:
    return [(one.name, _literal_of(writing.sanitiser, one.type)) for one in writing.part.properties(declared)]


def _values(literals: list[tuple[str, _Literal]], get: Callable[[str], Value | None]) -> Iterator[str]:
    for name, make in literals:
        value = get(name)
        if value is not None and (text := make(value)) is not None:
            yield f"{name}: {text}"


def _literal_of(sanitiser: Sanitiser, kind: Type) -> _Literal:
    def make(value: Value) -> str | None:
        if kind is Type.TIME and isinstance(value, datetime):
            return f"datetime('{iso(value)}')"
        plain = sanitiser.plain(kind, value)
        if plain is None:
            return None
        if isinstance(plain, str):
            return literal(plain)
        if isinstance(plain, bool):
            return "true" if plain else "false"
        if isinstance(plain, list):
            return "[" + ", ".join(map(literal, plain)) + "]"
        return repr(plain)

    return make


def literal(text: str) -> str:
    r"""Returns a Cypher string literal. What could end a line or the text is written as ``\uXXXX``.

    A server replaces ``\uXXXX`` by its character before it reads anything else. So a backslash of the text itself is
    written as its own escape with a backslash before it, and never directly before a ``u``.
    """
    return "'" + _UNSAFE.sub(_escape, text) + "'"


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if char == "\\":
        return "\\\\"
    if char == "'":
        return "\\'"
    return f"\\u{ord(char):04x}"
