"""Files keep their ids however they are named; folders have labels; what is gone goes, unless it is to be kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsgraph.errors import UsageError
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load

NOW = datetime(2021, 6, 1, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    return open_store("networkx:")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "sub").mkdir(parents=True)
    write(folder / "a.md", "a")
    write(folder / "sub" / "b.md", "b")
    return folder


def write(path: Path, slug: str, title: str = "A title") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: {title}\nwebUrl: https://ledger.example/{slug}\n---\n")


def ids(store: Store) -> list[str]:
    return [node.id for node in store.nodes("Source")]


def test_a_file_keeps_its_id_however_it_is_named(store: Store, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(store, [corpus], now=NOW)
    before = ids(store)
    assert before == ["corpus/a.md", "corpus/sub/b.md"]
    report = load(store, [corpus / "sub" / "b.md"], now=NOW)
    assert (report.unchanged, report.gone) == (1, 0)
    monkeypatch.chdir(corpus)
    assert load(store, [Path()], now=NOW).unchanged == 2
    assert load(store, [Path("sub")], now=NOW).unchanged == 1
    monkeypatch.chdir(corpus / "sub")
    assert load(store, [Path("..") / "a.md"], now=NOW).unchanged == 1
    assert ids(store) == before


def test_a_second_folder_of_the_same_name_needs_a_name(store: Store, corpus: Path, tmp_path: Path) -> None:
    load(store, [corpus], now=NOW)
    other = tmp_path / "elsewhere" / "corpus"
    write(other / "c.md", "c")
    with pytest.raises(UsageError, match="--as"):
        load(store, [other], now=NOW)
    load(store, [other], label="second", now=NOW)
    assert ids(store) == ["corpus/a.md", "corpus/sub/b.md", "second/c.md"]


def test_a_folder_that_moved_keeps_its_label(store: Store, corpus: Path, tmp_path: Path) -> None:
    load(store, [corpus], now=NOW)
    moved = tmp_path / "moved" / "corpus"
    moved.parent.mkdir()
    corpus.rename(moved)
    assert load(store, [moved], now=NOW).unchanged == 2


def test_one_name_for_several_folders_is_refused(store: Store, corpus: Path) -> None:
    with pytest.raises(UsageError, match="several paths"):
        load(store, [corpus, corpus / "sub"], label="x", now=NOW)
    with pytest.raises(UsageError, match="can't name a folder"):
        load(store, [corpus], label="a/b", now=NOW)


def test_what_is_gone_goes_and_can_be_kept(store: Store, corpus: Path) -> None:
    load(store, [corpus], now=NOW)
    (corpus / "a.md").unlink()
    assert load(store, [corpus], keep_missing=True, now=NOW).gone == 0
    assert len(list(store.nodes("Story"))) == 2
    report = load(store, [corpus / "sub"], now=NOW)
    assert report.gone == 0, "a part of the folder says nothing about the rest"
    report = load(store, [corpus], now=NOW)
    assert (report.gone, report.stories_removed) == (1, 1)
    assert ids(store) == ["corpus/sub/b.md"]


def test_deleting_the_winner_revives_the_next_ones_facts(store: Store, corpus: Path) -> None:
    write(corpus / "a.md", "same", "The winner's title\nexcerpt: richer")
    write(corpus / "z.md", "same/?utm_source=x", "The other's title")
    load(store, [corpus], now=NOW)
    story = next(iter(store.nodes("Story", ["https://ledger.example/same"])))
    assert story.properties["title"] == "The winner's title"
    (corpus / "a.md").unlink()
    load(store, [corpus], now=NOW)
    story = next(iter(store.nodes("Story", ["https://ledger.example/same"])))
    assert story.properties["title"] == "The other's title"
    assert "excerpt" not in story.properties


def test_the_future_is_judged_at_each_load(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "f"
    write(folder / "a.md", "a", "T\npublishedDateTime: 2021-06-02T00:00:00Z")

    def quality(now: datetime) -> object:
        load(store, [folder], now=now)
        (story,) = store.nodes("Story")
        return story.properties["date_quality"]

    assert quality(NOW) == "future"
    assert quality(datetime(2021, 6, 3, tzinfo=UTC)) == "exact"
    assert quality(NOW) == "future", "a clock set back"


def test_dry_run_reads_everything_and_writes_nothing(store: Store, corpus: Path) -> None:
    write(corpus / "bad.md", "x", "")
    report = load(store, [corpus], dry_run=True, now=NOW)
    assert (report.found, report.read, report.failed) == (3, 2, 1)
    assert not list(store.nodes("Story")) and not list(store.nodes("Corpus"))


def test_an_outlets_file_merges_splits_and_groups(store: Store, tmp_path: Path) -> None:
    from newsgraph.loaders.researcher.outlets_file import read_outlets

    folder = tmp_path / "f"
    for number, url in enumerate(
        ("https://abcnews.go.com/1", "https://www.espn.go.com/2", "https://www.bbc.com/3", "https://www.bbc.co.uk/4")
    ):
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.md").write_text(f"---\ntitle: T\nwebUrl: {url}\n---\n")
    load(store, [folder], now=NOW)
    assert [node.id for node in store.nodes("Outlet")] == ["bbc.co.uk", "bbc.com", "go.com"]
    (tmp_path / "outlets.csv").write_text(
        "domain,outlet,name,country,group\nabcnews.go.com,abc,ABC News,us,Disney\nespn.go.com,espn,ESPN,us,Disney\n"
        "bbc.com,bbc,BBC,gb,\nbbc.co.uk,bbc,,,\n"
    )
    load(store, [folder], outlets=read_outlets(tmp_path / "outlets.csv"), now=NOW)
    outlets = {node.id: node.properties for node in store.nodes("Outlet")}
    assert sorted(outlets) == ["abc", "bbc", "espn"]
    assert outlets["abc"]["name"] == "ABC News" and outlets["abc"]["group"] == "Disney"
    assert len(list(store.edges("PUBLISHED_BY", ends=["bbc"]))) == 2
    (folder / "5.md").write_text("---\ntitle: T\nwebUrl: https://news.bbc.co.uk/5\n---\n")
    load(store, [folder], now=NOW)
    assert sorted(node.id for node in store.nodes("Outlet")) == ["abc", "bbc", "espn"], "the store keeps the file"


def test_a_folder_knows_what_is_gone_from_its_parts(store: Store, corpus: Path) -> None:
    load(store, [corpus / "sub"], now=NOW)
    load(store, [corpus], now=NOW)
    assert ids(store) == ["corpus/a.md", "sub/b.md"], "an id once given stays"
    (corpus / "sub" / "b.md").unlink()
    assert load(store, [corpus], now=NOW).gone == 1
    assert ids(store) == ["corpus/a.md"]


def test_a_known_folder_keeps_its_name(store: Store, corpus: Path) -> None:
    load(store, [corpus], now=NOW)
    load(store, [corpus], label="corpus", now=NOW)
    for folder in (corpus, corpus / "sub"):
        with pytest.raises(UsageError, match="loaded under 'corpus' already"):
            load(store, [folder], label="other", now=NOW)
