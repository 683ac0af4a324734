"""What an export or a page is narrowed to: named by words, addresses and names, as a question is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

import newsgraph
from newsgraph.errors import AmbiguousNameError, UnknownNameError, UsageError
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.subgraph import Filters
from newsgraph.queries.asking.part_filters import part_filters
from tests.queries.corpora import Told, fill

TOLD = (
    Told("a1", "a.example", "event:dam", 0, topics=("dams",), title="Dam cracks, villages leave"),
    Told("b1", "b.example", "event:dam", 1, title="Thousands flee the cracked dam"),
    Told("b2", "b.example", "event:ferry", 5, title="Ferry aground"),
    Told("c2", "c.example", "event:ferry", 6, title="Ferry refloated"),
)
MAY = datetime(2020, 5, 1, tzinfo=UTC)


@pytest.fixture
def told(new_store: Callable[[], Store]) -> Any:
    with new_store() as store:
        yield fill(store, TOLD)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Filters()),
        ({"event": "event:dam"}, Filters(event="event:dam")),
        ({"event": "villages leave"}, Filters(event="event:dam")),
        ({"event": "http://www.news.example/b2?utm_source=x"}, Filters(event="event:ferry")),
        ({"topic": "Dams"}, Filters(topic="dams")),
        ({"outlet": "the C.example"}, Filters(outlet="c.example")),
        ({"since": "2020-05-01", "until": date(2020, 5, 1)}, Filters(since=MAY, until=MAY)),
        ({"labels": ["Story"], "edges": ("ABOUT",)}, Filters(labels=("Story",), edges=("ABOUT",))),
    ],
)
def test_names_become_ids_and_texts_times(given: dict[str, Any], expected: Filters, told: Store) -> None:
    assert part_filters(told, **given) == expected


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"event": "Event event"}, AmbiguousNameError, "fits 2 events"),
        ({"event": "zeppelin"}, UnknownNameError, "no event goes by that"),
        ({"topic": "dmas"}, UnknownNameError, "Nearest: dams"),
        ({"outlet": "a.exampel"}, UnknownNameError, "Nearest: a.example"),
        ({"since": "soon"}, UsageError, "neither a date nor a time"),
    ],
)
def test_what_is_not_there_is_said(given: dict[str, Any], error: type[Exception], said: str, told: Store) -> None:
    with pytest.raises(error, match=said):
        part_filters(told, **given)


def test_exports_and_pages_take_the_same_words(told: Store, tmp_path: Any) -> None:
    graph = newsgraph.Graph(told)
    report = graph.export("jsonld", tmp_path / "dam.jsonld", event="villages leave")
    whole = graph.export("jsonld", tmp_path / "all.jsonld")
    by_id = graph.export("jsonld", tmp_path / "id.jsonld", event="event:dam")
    assert 0 < report.nodes < whole.nodes and report.nodes == by_id.nodes
    assert (tmp_path / "dam.jsonld").read_bytes() == (tmp_path / "id.jsonld").read_bytes()
    assert "villages leave" in graph.view("timeline", event="thousands flee").html
