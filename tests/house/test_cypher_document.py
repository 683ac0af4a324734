"""docs/cypher.md: each example is run on every store and gives what the page says, there and nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from newsgraph.errors import QueryError
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from tests.neo4j.plugin import NEO4J

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "cypher.md").read_text(encoding="utf-8")
(GRAPH,) = re.findall(r"^```cypher\n(CREATE .+?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
#: Text, "Everywhere" or "Neo4j", the answer there, and elsewhere.
_ANSWER = r"(refused\.|`.+?`)"
EXAMPLES = re.findall(
    rf"^```cypher\n(.+?)\n```\n(Everywhere|Neo4j): {_ANSWER}(?: Elsewhere: {_ANSWER})?$", PAGE, re.MULTILINE
)


@pytest.fixture(scope="module", params=["embedded", "networkx", NEO4J])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    if request.param == "neo4j":
        opened: Callable[[], Store] = request.getfixturevalue("open_empty_neo4j")
        store = opened()
    else:
        store = open_store(
            "networkx:" if request.param == "networkx" else str(tmp_path_factory.mktemp("page") / "page.kgl")
        )
    with store:
        store.query(GRAPH, write=True)
        yield request.param, store


def test_no_example_is_left_out() -> None:
    assert len(EXAMPLES) == PAGE.count("```cypher\n") - 1 >= 30
    assert {where for _, where, _, _ in EXAMPLES} == {"Everywhere", "Neo4j"}


@pytest.mark.parametrize(("text", "where", "first", "second"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples(stored: tuple[str, Store], text: str, where: str, first: str, second: str) -> None:
    kind, store = stored
    expected = first if where == "Everywhere" or kind == "neo4j" else second
    assert (where == "Everywhere") == (second == "")
    if expected == "refused.":
        with pytest.raises(QueryError):
            store.query(text)
        return
    rows = [list(row) for row in store.query(text).rows]
    # As text, for 1 == 1.0 == True.
    assert repr(json.loads(json.dumps(rows, default=_time))) == repr(json.loads(expected.strip("`")))


TO_BEGIN_WITH = re.findall(
    r"^```cypher\n(.+?)\n```$", (DOCS / "neo4j.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize("text", TO_BEGIN_WITH, ids=range(len(TO_BEGIN_WITH)))
def test_the_queries_to_begin_with_run_everywhere(stored: tuple[str, Store], text: str) -> None:
    assert len(TO_BEGIN_WITH) >= 5
    with open_store("networkx:") as other:
        other.query(GRAPH, write=True)
        expected = other.query(text)
    found = stored[1].query(text)
    assert found.columns == expected.columns
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


def _time(value: object) -> str:
    assert isinstance(value, datetime | date)
    return value.isoformat().replace("+00:00", "Z")
