"""Hosts that are papers of their own: by which names, in a load, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import newsgraph
from newsgraph.cli import cli
from newsgraph.graph.batch import Batch
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.merging.own_hosts import own_hosts
from tests.loaders.snapshots import snapshot
from tests.loaders.test_histories import NOW

PRESS = [("press.org", "Press", 4)]


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ([("gazette.press.org", "The Gazette", 3)], ["gazette.press.org"]),
        ([("gazette.press.org", "Gazette", 3), ("gazette.press.org", "Gazette (blog)", 2)],
         ["gazette.press.org"]),
        ([("timesofholm.press.org", "Times of Holm", 8), ("timesofholm.press.org", "Press", 2)],
         ["timesofholm.press.org"]),
        ([("holm.press.org", "Holm Business Journal", 3), ("port.press.org", "Port Business Journal", 3)],
         ["holm.press.org", "port.press.org"]),
        ([("estadao.press.org", "Estadão", 3)], ["estadao.press.org"]),
        ([("g1.press.org", "G1", 3)], ["g1.press.org"]),
        ([("a.fortune.press.org", "Fortune", 2), ("b.fortune.press.org", "Fortune", 1)],
         ["fortune.press.org"]),
        ([("gazette.press.org", "Gazette", 3), ("old.gazette.press.org", "Gazette", 5)],
         ["gazette.press.org"]),
        # the domain and an agency's credit are no names of another paper
        ([("gazette.press.org", "Gazette", 3), ("gazette.press.org", "press.org", 9)],
         ["gazette.press.org"]),
        ([("gazette.press.org", "Gazette", 3), ("gazette.press.org", "Reuters", 9)],
         ["gazette.press.org"]),
        # too few stories, or names that don't agree
        ([("gazette.press.org", "Gazette", 2)], []),
        ([("gazette.press.org", "Gazette", 7), ("gazette.press.org", "Herald", 2)], []),
        # the name is also that of others
        ([("gazette.press.org", "Gazette", 9), ("press.org", "Gazette", 1)], []),
        # the domain's own name, sections of it and editions
        ([("money.press.org", "Press Money", 9)], []),
        ([("blogs.press.org", "Press (blog)", 9)], []),
        ([("uk.group.org", "Daily Star UK", 9), ("group.org", "Daily Star", 9)], []),
        ([("london.group.org", "Daily Star London", 9), ("group.org", "Daily Star", 9)], []),
        ([("fr.press.org", "Press", 9)], []),
        # hosts that don't bear the name, or name a section, a country or a blog
        ([("gazette.press.org", "Herald", 9)], []),
        ([("sport.press.org", "Sport", 9)], []),
        ([("in.press.org", "Herald in Holm", 9)], []),
        ([("gazette.blogs.press.org", "Gazette", 9)], []),
        # nothing to be apart from
        ([("reuters.press.org", "Reuters", 9)], []),
    ],
)  # fmt: skip
def test_what_makes_a_host_a_paper_of_its_own(said: list[tuple[str, str, int]], own: list[str]) -> None:
    rest = [] if any(host.endswith("group.org") for host, _, _ in said) else PRESS
    assert [one.host for one in own_hosts([*said, *rest])] == own


def test_the_only_paper_of_a_domain_is_the_domains() -> None:
    assert own_hosts([("gazette.press.org", "Gazette", 9), ("press.org", "Press", 2)]) == []
    found = own_hosts([("gazette.press.org", "Gazette", 5), ("herald.press.org", "Herald", 3)])
    assert [(one.host, one.outlet, one.name, one.stories, one.told) for one in found] == [
        ("gazette.press.org", "press.org", "Gazette", 5, 5),
        ("herald.press.org", "press.org", "Herald", 3, 3),
    ]


_labels = st.sampled_from(["", "gazette.", "herald.", "old.gazette.", "blogs.", "uk."])
_names = st.sampled_from(["Gazette", "The Gazette", "Herald", "Press", "Press UK", "press.org", "Reuters", "(blog)"])
_said = st.lists(st.tuples(_labels.map(lambda one: f"{one}press.org"), _names, st.integers(1, 9)), max_size=9)


@given(_said, st.randoms())
def test_the_order_makes_no_difference_and_each_is_named(said: list[tuple[str, str, int]], random: object) -> None:
    found = own_hosts(said)
    assert own_hosts(sorted(said, key=lambda _: random.random())) == found  # type: ignore[attr-defined]  # its own Random
    apart = [(host, name, 1) for host, name, stories in said for _ in range(stories)]
    assert own_hosts(apart) == found
    for one in found:
        assert one.host.endswith(".press.org") and one.told >= one.stories >= 3
        assert one.name.casefold().removeprefix("the ") in one.host


@pytest.mark.parametrize(
    ("url", "provider", "outlet"),
    [
        ("https://old.gazette.press.org/1", None, "gazette.press.org"),
        ("https://gazette.press.org/1", "press.org", "gazette.press.org"),
        ("https://www.press.org/1", "gazette.press.org", "press.org"),
        ("https://portal.org/1", "gazette.press.org", "gazette.press.org"),
        ("https://portal.org/1", "press.org", "press.org"),
        ("https://gazette.press.org/1", "portal.org", "portal.org"),
        ("https://herald.press.org/1", None, "herald.org"),
        ("n/a", "gazette.press.org", "gazette.press.org"),
    ],
)
def test_whose_a_story_is(url: str, provider: str | None, outlet: str) -> None:
    """The page's host decides inside the domain, the provider's elsewhere; what a researcher lists counts more."""
    directory = OutletDirectory({"herald.press.org": "herald.org"}, joined={}).with_own(
        ["gazette.press.org", "herald.press.org"]
    )
    found = directory.outlet_of(url, provider)
    assert found is not None and found.id == outlet
    assert OutletDirectory.from_json(directory.to_json()) == directory != directory.with_own(())


def write(folder: Path, name: str, told: Iterable[tuple[str, str]]) -> Path:
    """Writes a table of stories, each of a host, with the name that it gives."""
    folder.mkdir(exist_ok=True)
    lines = [
        f"{host} tells of case {name} {number},https://{host}/{name}{number},2021-03-01T1{number}:00:00Z,{said},{host}"
        for number, (host, said) in enumerate(told)
    ]
    path = folder / f"{name}.csv"
    path.write_text("\n".join(["title,url,published_at,outlet,domain", *lines]) + "\n")
    return path


GAZETTE, HERALD = ("gazette.press.org", "Gazette"), ("herald.press.org", "Herald")


def outlets(store: Store) -> dict[str, str]:
    return {node.id: str(node.properties["name"]) for node in store.nodes("Outlet")}


def run(store: str, *args: str) -> str:
    found = CliRunner().invoke(cli, [*args, "--store", store])
    return found.output if found.exception is None or found.exit_code == 0 else str(found.exception)


def test_a_load_sets_them_apart_and_takes_it_back_with_their_stories(tmp_path: Path) -> None:
    folder, store = tmp_path / "stories", str(tmp_path / "news.kgl")
    write(folder, "a", [GAZETTE, GAZETTE, HERALD, HERALD])
    assert "Outlets of their own" not in run(store, "load", str(folder))
    for name in ("gazette.press.org", "https://herald.press.org/a2", "Herald", "press.org"):
        assert "stories" in run(store, "ask", "outlet-profile", name)
    more = write(folder, "b", [GAZETTE, HERALD])
    said = run(store, "load", str(folder)).splitlines()
    assert (
        "Outlets of their own, by the names in their stories: gazette.press.org (Gazette), herald.press.org "
        "(Herald); newsgraph outlets says why" in said
    )
    with newsgraph.open(store, readonly=True) as graph:
        assert outlets(graph.store) == {"gazette.press.org": "Gazette", "herald.press.org": "Herald"}
    assert "gazette.press.org (Gazette: 3 of 3 stories that give a name, hardly any in the rest of press.org)" in run(
        store, "outlets"
    )
    assert run(store, "ask", "outlet-profile", "press.org") == (
        "press.org: no story has this outlet. Its hosts are outlets of their own: gazette.press.org (Gazette), "
        "herald.press.org (Herald)"
    )
    assert "Outlets of their own" not in run(store, "load", str(folder)), "it is said once"
    more.unlink()
    said = run(store, "load", str(folder)).splitlines()
    assert "No longer outlets of their own: gazette.press.org, herald.press.org" in said
    with newsgraph.open(store, readonly=True) as graph:
        assert set(outlets(graph.store)) == {"press.org"}


def test_a_researchers_word_stands_above_it(tmp_path: Path) -> None:
    folder, store = tmp_path / "stories", str(tmp_path / "news.kgl")
    write(folder, "a", [GAZETTE] * 4 + [HERALD] * 2)
    more = write(folder, "b", [HERALD] * 2)
    run(store, "load", str(folder))
    with newsgraph.open(store, readonly=True) as graph:
        before = snapshot(graph.store)
    said = run(store, "outlets", "join", "press.org", "gazette.press.org", "--yes")
    assert "+ Gazette (press.org): 4 stories" in said
    run(store, "outlets", "set", "herald.press.org", "country=DE", "--yes")
    with newsgraph.open(store, readonly=True) as graph:
        assert set(outlets(graph.store)) == {"press.org", "herald.press.org"}
    listed = run(store, "outlets")
    assert "herald.press.org (Herald: 4 of 4" in listed and "gazette.press.org (Gazette: 4" not in listed
    more.unlink()  # the Herald is too small now; what was said of it isn't said of the whole domain
    assert "No longer outlets of their own: herald.press.org" in run(store, "load", str(folder))
    with newsgraph.open(store, readonly=True) as graph:
        (node,) = graph.store.nodes("Outlet")
        assert (node.id, node.properties.get("country")) == ("press.org", None)
    assert "not in the store: herald.press.org" in run(store, "corrections", "--format", "csv")
    run(store, "outlets", "apart", "herald.press.org", "--yes")
    with newsgraph.open(store, readonly=True) as graph:
        nodes = {node.id: node.properties.get("country") for node in graph.store.nodes("Outlet")}
    assert nodes == {"press.org": None, "herald.press.org": "DE"}
    write(folder, "b", [HERALD] * 2)
    run(store, "load", str(folder))
    run(store, "corrections", "--undo-all", "--yes")
    with newsgraph.open(store, readonly=True) as graph:
        assert snapshot(graph.store) == before


def test_an_outlets_file_decides_about_all_that_is_below_its_domains(tmp_path: Path) -> None:
    folder, listed = tmp_path / "stories", tmp_path / "outlets.csv"
    write(folder, "a", [GAZETTE] * 4 + [HERALD] * 4)
    listed.write_text("domain,outlet,name\npress.org,press.org,The Press Group\n")
    with newsgraph.open("networkx:") as graph:
        report = graph.load(folder, outlets=listed)
        assert outlets(graph.store) == {"press.org": "The Press Group"}
        assert not report.own_hosts, "nothing is said of what doesn't hold"
        listed.write_text("domain,outlet\n")
        report = graph.load(folder, outlets=listed)
        assert [one.host for one in report.own_hosts] == ["gazette.press.org", "herald.press.org"]
        assert set(outlets(graph.store)) == {"gazette.press.org", "herald.press.org"}


class _StopError(Exception):
    pass


def test_a_load_that_ends_while_hosts_are_set_apart_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "stories", "a", [GAZETTE] * 4 + [HERALD] * 4).parent
    with open_store("networkx:") as store, open_store("networkx:") as fresh:
        write_batch = store.write

        def fail(batch: Batch) -> None:
            write_batch(batch)
            if any(node.label == "Corpus" and "own_hosts" in node.properties for node in batch.nodes):
                raise _StopError

        with monkeypatch.context() as patched:
            patched.setattr(store, "write", fail)
            with pytest.raises(_StopError):
                load(store, [folder], now=NOW)
        assert Corpus.of(store).rebuilding and set(outlets(store)) == {"press.org"}
        for one in (store, fresh):
            load(one, [folder], now=NOW)
        assert snapshot(store) == snapshot(fresh)
        assert Corpus.of(store).own_hosts == Corpus.of(fresh).own_hosts == ("gazette.press.org",
                                                                            "herald.press.org")  # fmt: skip


def test_hosts_are_set_apart_when_a_source_is_forgotten(tmp_path: Path) -> None:
    folder = write(tmp_path / "stories", "a", [GAZETTE] * 4 + [HERALD] * 4).parent
    write(folder, "b", [(GAZETTE[0], "Herald")] * 3)
    with newsgraph.open("networkx:") as graph:
        graph.load(folder)
        assert set(outlets(graph.store)) == {"press.org"}
        graph.forget("stories/b.csv")
        assert set(outlets(graph.store)) == {"gazette.press.org", "herald.press.org"}


def test_a_page_about_a_host_follows_it(tmp_path: Path) -> None:
    folder = write(tmp_path / "stories", "a", [GAZETTE] * 4 + [HERALD] * 4).parent
    (folder / "gazette.yaml").write_text("taxonomy: organization\ndomain: gazette.press.org\nname: The Holm Gazette\n")
    with newsgraph.open("networkx:") as graph:
        graph.load(folder)
        assert outlets(graph.store)["gazette.press.org"] == "The Holm Gazette"
