"""``newsgraph cypher``: runs a query that the user wrote."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.shared.answers import answer_options, cut_line, emit, output_of
from newsgraph.cli.shared.common import bounds_options, open_for_reading, store_option
from newsgraph.cli.shared.terminal import say
from newsgraph.errors import UsageError
from newsgraph.graph.stores.bounds import Bounds

if TYPE_CHECKING:
    from newsgraph.graph.stores.protocol import Store

#: The number of rows that are fetched if --limit doesn't say otherwise, so that no query can fill the memory.
MOST_ROWS = 100_000

#: No system allows a longer name of a file.
_LONGEST_NAME = 256


@click.command("cypher")
@click.argument("query")
@click.option(
    "-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE", help="A value for $NAME: JSON, or else text."
)
@click.option("--write", is_flag=True, help="Allow the query to change the graph.")
@bounds_options
@click.option("--admin", is_flag=True, help="Allow SHOW and any procedure that reads.")
@store_option
@answer_options
def command(
    query: str,
    given: tuple[str, ...],
    write: bool,
    timeout: float,
    memory: str | None,
    admin: bool,
    store_url: str,
    **options: Any,
) -> None:
    """Run a Cypher QUERY: a text, a file that ends in .cypher (or @FILE), or - for standard input.

    Only reading is allowed unless --write is given. Then the result must fit the schema. Values are given as
    parameters: with "MATCH (o:Outlet {id: $id}) RETURN o.name" use -p id=bbc.com for $id.
    """
    from newsgraph.queries.asking.query_parameters import query_parameter  # noqa: PLC0415  # keeps --help light
    from newsgraph.queries.asking.unknown_names import unknown_names  # noqa: PLC0415  # keeps --help light

    output = output_of(store_url, **options)
    text = _text(query)
    Bounds.of(timeout=timeout, memory=memory, limit=None)  # reported before the store is opened
    parameters = dict(query_parameter(pair, f"-p {pair}") for pair in given)
    limit = output.shown_rows if output.shown_rows is not None else MOST_ROWS
    with _opened(store_url, write=write) as store:
        rows = store.user_query(text, parameters, write=write, admin=admin, timeout=timeout, memory=memory, limit=limit)
    emit(output, rows.columns, rows.rows, notes=unknown_names(text), cut=cut_line(len(rows), None) if rows.cut else "")
    if write and not rows.columns:
        say("Done. Nothing is shown, for the query has no RETURN.")


def _opened(store_url: str, *, write: bool) -> Store:
    if not write:
        return open_for_reading(store_url, defer=True)
    from newsgraph.graph.stores.registry import open_store  # noqa: PLC0415  # keeps --help light

    return open_store(store_url, create=False)


def _text(query: str) -> str:
    if query == "-":
        return _decoded(sys.stdin.buffer.read(), "standard input")
    path = Path(query.removeprefix("@"))
    # Every query contains a blank, and a file's name may, too. A text that ends in .cypher is a file's name.
    if query.startswith("@") or query.endswith(".cypher"):
        try:
            return _decoded(path.read_bytes(), str(path))
        except FileNotFoundError:
            remedy = "Name a file that holds a query, or give its text"
            raise UsageError(str(path), "there is no such file", remedy) from None
        except OSError as error:
            raise UsageError(str(path), f"can't be read ({error.strerror})", "Name a file that holds a query") from None
    if not query.strip():
        raise UsageError("query", "it is empty", "Give its text, or @FILE")
    if " " not in query and len(query) < _LONGEST_NAME and path.is_file():
        raise UsageError(query, "is a file, not a query", f"Write @{query} to run what it holds")
    return query


def _decoded(content: bytes, subject: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(subject, "is not UTF-8 text", "Save the query as UTF-8") from None
