"""Pages about outlets and topics: what they say goes with them, stands before what stories say, and follows outlets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsgraph.graph.exports.registry import export
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.records import ArticleRecord
from newsgraph.loaders.registry import reading_of
from newsgraph.loaders.researcher.outlets_file import read_outlets
from tests.loaders.formats.test_examples import write_all
from tests.loaders.snapshots import snapshot

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    return open_store("networkx:")


def story(folder: Path, name: str, provider: str, topic: str = "Sea") -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(
        f"---\ntitle: {name}\nwebUrl: https://ledger.example/{name}\nprovider: {{name: {provider}}}\n"
        f"topics: [{topic}]\n---\n"
    )


def properties(store: Store, label: str, id: str) -> dict[str, object]:
    return dict(next(store.nodes(label, [id])).properties)


def test_a_page_stands_before_stories_and_goes_with_its_file(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "f"
    for name in "abc":
        story(folder, name, "Stories' Name")
    page = folder / "outlet.yaml"
    page.write_text("taxonomy: organization\n_id: ledger.example\nname: Page's Name\n")
    load(store, [folder], now=NOW)
    assert properties(store, "Outlet", "ledger.example")["name"] == "Page's Name"
    page.write_text("taxonomy: organization\n_id: ledger.example\nname: New Name\n")
    load(store, [folder], now=NOW)
    assert properties(store, "Outlet", "ledger.example")["name"] == "New Name"
    page.unlink()
    report = load(store, [folder], now=NOW)
    assert report.gone == 1
    assert properties(store, "Outlet", "ledger.example")["name"] == "Stories' Name"


def test_an_outlet_and_a_topic_of_a_page_only_are_nodes_until_it_goes(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "f"
    story(folder, "a", "Ledger")
    (folder / "o.yaml").write_text("_id: courier.example\nname: Courier\ndomain: courier.example\n")
    (folder / "t.yaml").write_text("_id: x\nname: Canvas apps\nparent: Apps\nkeywords: [canvas]\n")
    load(store, [folder], now=NOW)
    assert [node.id for node in store.nodes("Outlet")] == ["courier.example", "ledger.example"]
    assert [node.id for node in store.nodes("Topic")] == ["apps", "canvas-apps", "sea"]
    assert [(edge.start, edge.end) for edge in store.edges("SUBTOPIC_OF")] == [("canvas-apps", "apps")]
    assert properties(store, "Topic", "canvas-apps") == {"name": "Canvas apps", "keywords": ("canvas",)}
    (folder / "t.yaml").write_text("_id: x\nname: Canvas apps\nparent: Sea\n")
    load(store, [folder], now=NOW)
    assert [(edge.start, edge.end) for edge in store.edges("SUBTOPIC_OF")] == [("canvas-apps", "sea")]
    assert [node.id for node in store.nodes("Topic")] == ["canvas-apps", "sea"]
    (folder / "t.yaml").unlink()
    (folder / "o.yaml").unlink()
    load(store, [folder], now=NOW)
    assert [node.id for node in store.nodes("Outlet")] == ["ledger.example"]
    assert [node.id for node in store.nodes("Topic")] == ["sea"]
    assert not list(store.edges("SUBTOPIC_OF"))


def test_two_pages_of_one_topic_unite_their_parents(store: Store, tmp_path: Path) -> None:
    for number, parent in enumerate(("Apps", "Tools")):
        (tmp_path / f"{number}.yaml").write_text(f"taxonomy: topic\nname: Canvas\nparent: {parent}\n")
    load(store, [tmp_path], now=NOW)
    assert [edge.end for edge in store.edges("SUBTOPIC_OF", starts=["canvas"])] == ["apps", "tools"]
    (tmp_path / "0.yaml").unlink()
    load(store, [tmp_path], now=NOW)
    assert [edge.end for edge in store.edges("SUBTOPIC_OF", starts=["canvas"])] == ["tools"]


def test_a_page_follows_the_outlets_file(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "f"
    story(folder, "a", "Ledger")
    (folder / "o.yaml").write_text("taxonomy: organization\ndomain: bbc.co.uk\nname: BBC\n")
    load(store, [folder], now=NOW)
    assert [node.id for node in store.nodes("Outlet")] == ["bbc.co.uk", "ledger.example"]
    outlets = tmp_path / "outlets.csv"
    outlets.write_text("domain,outlet,name\nbbc.co.uk,bbc,The Corporation\n")
    directory = read_outlets(outlets)
    load(store, [folder], outlets=directory, now=NOW)
    assert [node.id for node in store.nodes("Outlet")] == ["bbc", "ledger.example"]
    fresh = open_store("networkx:")
    load(fresh, [folder], outlets=directory, now=NOW)
    assert snapshot(store) == snapshot(fresh)


def test_what_newsgraph_writes_as_lines_it_reads_back(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    write_all(folder)
    story(folder, "a", "Ledger")
    load(store, [folder], now=NOW)
    lines = tmp_path / "lines.jsonl"
    export("jsonl", store, lines)
    again = open_store("networkx:")
    report = load(again, [lines], now=NOW)
    assert report.errors == [] and not report.unknown_fields

    def told(store: Store) -> dict[str, object]:
        apart = ("Source ", "MENTIONS ", "DESCRIBES_")
        return {key: value for key, value in snapshot(store).items() if not key.startswith(apart)}

    assert told(again) == told(store)
    assert sum(key.startswith("Story ") for key in told(store)) > 20


def test_a_page_without_a_subject_is_an_error(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("taxonomy: organization\nname: X\n")
    (tmp_path / "b.yaml").write_text("taxonomy: topic\nkeywords: [x]\n")
    (tmp_path / "c.yaml").write_text("taxonomy: person\nname: X\n")
    (tmp_path / "d.yaml").write_text("plugins: [a, b]\n")
    report = load(store, [tmp_path], now=NOW)
    assert [line.split(": ", 1)[1].split(". ")[0] for line in report.errors] == [
        "domain: there is no domain",
        "name: there is no name",
    ]
    assert (report.failed, report.other_kinds) == (2, 2)


def test_a_list_of_articles_in_yaml() -> None:
    rows = "".join(f"- title: T{n}\n  url: https://ledger.example/{n}\n  date: 2021-03-01\n" for n in (1, 2))
    for text in (rows, "articles:\n" + "".join(f"  {line}\n" for line in rows.splitlines())):
        reading = reading_of(text.encode(), ".yml")
        assert [one.title for one in reading.records if isinstance(one, ArticleRecord)] == ["T1", "T2"]
    assert reading_of(b"- a\n- b\n", ".yaml").other
