"""Columns of the outlets file as properties, filters and groupings."""

from __future__ import annotations

from pathlib import Path

import pytest

import newsgraph
from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.graph.batch import Batch

STORIES = (
    ("one.example", "Dam breach floods Kessock valley", "2021-03-01T10:00:00Z"),
    ("two.example", "Kessock valley flooded after dam breach", "2021-03-01T11:00:00Z"),
    ("three.example", "Villages of the Kessock valley flooded by dam breach", "2021-03-01T12:00:00Z"),
)


@pytest.fixture
def graph(tmp_path: Path) -> newsgraph.api.Graph:
    folder = tmp_path / "stories"
    folder.mkdir()
    for host, title, time in STORIES:
        (folder / f"{host}.md").write_text(
            f"---\ntitle: {title}\nwebUrl: https://{host}/a\npublishedDateTime: {time}\n---\n"
        )
    (tmp_path / "outlets.csv").write_text(
        "Owner,domain,outlet,country,Leaning \nBig,one.example,one.example,DE,left\nBig,two.example,two.example,FR,\n"
        ",three.example,three.example,DE,\n"
    )
    graph = newsgraph.open("networkx:")
    graph.load(folder, outlets=tmp_path / "outlets.csv")
    return graph


def test_any_column_is_a_property(graph: newsgraph.api.Graph) -> None:
    facts = {node.id: node.properties.get("facts") for node in graph.store.nodes("Outlet")}
    assert facts == {
        "one.example": ("country=DE", "leaning=left", "owner=Big"),
        "two.example": ("country=FR", "owner=Big"),
        "three.example": ("country=DE",),
    }
    assert len(graph.cypher("MATCH (o:Outlet) WHERE 'owner=Big' IN o.facts RETURN o.id AS id")) == 2


@pytest.mark.parametrize(
    ("where", "outlets"),
    [
        (("country=DE",), {"one.example", "three.example"}),
        (("Country=de", "country=FR"), {"one.example", "two.example", "three.example"}),
        (("country=DE", "owner=big"), {"one.example"}),
        (("country=FR", "leaning=left"), set()),
    ],
)
def test_where_keeps_the_outlets_that_fulfil_it(
    graph: newsgraph.api.Graph, where: tuple[str, ...], outlets: set[str]
) -> None:
    rows = graph.ask("scoops", where=where, min_outlets=1)
    assert {row.outlet for row in rows} == outlets
    narrowed = graph.ask("scoops", where=where, outlet=("one.example",), min_outlets=1)
    assert {row.outlet for row in narrowed} == outlets & {"one.example"}


def test_where_chooses_the_outlets_that_one_is_compared_with(graph: newsgraph.api.Graph) -> None:
    (event,) = graph.ask("events")
    graph.store.write(Batch(gone_edges=[("COVERS", "https://one.example/a", event.event_id)]))
    (seen,) = graph.ask("blind-spots", outlet="one.example", peers=("two.example", "three.example"))
    assert seen.outlets == 2
    (seen,) = graph.ask("blind-spots", outlet="one.example", peers=("three.example",), where="country=DE")
    assert seen.outlets == 1


def test_where_narrows_exports_and_pages(graph: newsgraph.api.Graph, tmp_path: Path) -> None:
    for where, outlets in (("country=de", ["one", "three"]), (("owner=Big", "country=FR"), ["two"])):
        graph.export("csv", tmp_path / "tables", where=where, force=True)
        written = (tmp_path / "tables" / "Outlet.csv").read_text(encoding="utf-8")
        page = graph.view("timeline", event="Kessock", where=where).html
        for name in ("one", "two", "three"):
            assert (f"{name}.example" in written) == (name in outlets), (where, name)
            assert (f'data-outlet="{name}.example"' in page) == (name in outlets), (where, name)


def test_by_counts_outlets_of_one_value_as_one(graph: newsgraph.api.Graph) -> None:
    rows = {row.outlet: (row.events, row.firsts) for row in graph.ask("scoops", by="owner")}
    assert rows == {"Big": (1, 1), "three.example": (1, 0)}
    (pair,) = graph.ask("lead-lag", by="Owner", min_shared=1)
    assert (pair.a, pair.b, pair.a_first, pair.median_lag_hours) == ("Big", "three.example", 1, 2.0)
    (pair,) = graph.ask("co-coverage", by="country")
    assert (pair.a, pair.b, pair.shared) == ("DE", "FR", 1)
    assert {row.key for row in graph.ask("attention", by="country")} == {"DE", "FR"}
    assert not list(graph.ask("blind-spots", outlet="two.example", by="owner"))


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"where": "country"}, UsageError, "Write COLUMN=VALUE"),
        ({"where": "counrty=DE"}, UnknownNameError, "Did you mean country"),
        ({"where": "country=GB"}, UnknownNameError, "There are: DE, FR"),
        ({"by": "size"}, UnknownNameError, "There are: country, leaning, owner"),
    ],
)
def test_what_is_not_there_is_named(
    graph: newsgraph.api.Graph, given: dict[str, str], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        graph.ask("scoops", **given)
