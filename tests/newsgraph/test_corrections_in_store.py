"""The graph is a function of the files and the decisions, and what is taken back leaves no trace."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.graph.events.preview import preview
from newsgraph.graph.events.sync import derive_events, read_derivation
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.merging import own_hosts
from newsgraph.loaders.researcher.correcting import correct
from newsgraph.loaders.researcher.corrections_file import checked
from newsgraph.loaders.researcher.outlets_preview import outlets_preview
from tests.loaders.snapshots import snapshot

NOW = datetime(2021, 6, 1, tzinfo=UTC)
_SUBJECTS = (
    "Grey Heron ferry runs aground off Skerrin",
    "Kessock Dam villages evacuated",
    "Orrin picks Northgate for chip plant",
)
_TAILS = ("", " with 142 on board", " after crack in spillway", " as hundreds watch", " - Ledger", ", minister says")
_TIMES = (
    "2021-03-01T10:00:00Z",
    "2021-03-01T15:00:00Z",
    "2021-03-03T09:00:00Z",
    "2021-03-09T09:00:00Z",
    "2021-03-02",
    "",
)
#: File -> outlet: an address names the same story in every state.
_OUTLETS = dict(zip("abcdefgh", "01201201", strict=True))
#: File -> host, some of them a part of the outlet that may be one of its own. That of the quay is one where its stories
#: give its own name, and others of its domain another; here one story is enough to show it.
_HOSTS = {
    name: f"{'quay.' if name in 'cd' else 'blog.' if name == 'g' else ''}outlet{number}.org"
    for name, number in _OUTLETS.items()
}
_story = st.builds(
    lambda subject, tail, time, own: (
        f"---\ntitle: {subject}{tail}\nwebUrl: https://HOST/PATH\nexcerpt: {subject} on Monday.\n"
        f"publishedDateTime: {time}\nprovider: {{name: {own}, domain: outletOUTLET.org}}\n---\n"
    ),
    st.sampled_from(_SUBJECTS),
    st.sampled_from(_TAILS),
    st.sampled_from(_TIMES),
    st.sampled_from(["NAME", "NAME", "NAME", "Outlet OUTLET", "Quay Gazette", ""]),
)
_states = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), _story, min_size=3, max_size=8), min_size=2, max_size=4)
_address = st.builds(
    lambda start, name, end: f"{start}{_HOSTS[name]}/{name}{end}",
    st.sampled_from(["https://", "http://www."]),
    st.sampled_from("abcdefgh"),
    st.sampled_from(["", "/", "?utm_source=x"]),
)
_domain = st.sampled_from(["outlet0.org", "www.outlet1.org", "https://outlet2.org/"])
_host = _domain | st.sampled_from(["quay.outlet2.org", "quay.outlet0.org", "blog.outlet0.org"])
_domains = st.lists(_host, min_size=1, max_size=2, unique=True).map(tuple)
_addresses = st.lists(_address, min_size=1, max_size=3, unique=True).map(tuple)
_decision = st.one_of(
    st.builds(Decision, st.just(Kind.JOIN), st.lists(_address, min_size=2, max_size=4, unique=True).map(tuple)),
    st.builds(Decision, st.just(Kind.SPLIT), _addresses, apart=_addresses),
    st.builds(Decision, st.just(Kind.MOVE), _addresses, to=_address, apart=st.just(()) | _addresses),
    st.builds(Decision, st.just(Kind.LEAVE_OUT), _addresses),
    st.builds(Decision, st.just(Kind.RENAME), _address.map(lambda one: (one,)), value=st.sampled_from(["One", "Two"])),
    st.builds(Decision, st.just(Kind.LABEL), _addresses, value=st.sampled_from(["mine", "yours"])),
    st.builds(Decision, st.just(Kind.COPY), _addresses, to=_address),
    st.builds(Decision, st.just(Kind.NO_COPY), _addresses),
    st.builds(
        Decision,
        st.just(Kind.DATE),
        _addresses,
        value=st.sampled_from(["2021-03-01T08:00:00Z", "2021-03-02T08:00:00Z", "2021-03-20T08:00:00Z"]),
    ),
    st.builds(Decision, st.just(Kind.OUTLET_JOIN), _domains, to=_host),
    st.builds(Decision, st.just(Kind.OUTLET_APART), _domains),
    st.builds(
        Decision,
        st.just(Kind.OUTLET_SET),
        _domains,
        value=st.sampled_from(["name=The Outlet", "Group=One", "group=", "country=Germany", "leaning=left"]),
    ),
)


def _as_kept(decision: Decision) -> Decision:
    """The decision in the form that a file and a command give it."""
    found = checked(decision)
    assert isinstance(found, Decision)
    return found


_decisions = st.lists(_decision.map(_as_kept), max_size=5).map(lambda several: Corrections(tuple(several)))
#: The outlets file of a load; None: none is given, and that of the load before stays.
_outlets = st.none() | st.sampled_from(
    [
        OutletDirectory({"outlet1.org": "outlet0.org"}, {"outlet0.org": {"name": "Zero", "group": "Two"}}),
        OutletDirectory({"quay.outlet2.org": "quay.outlet2.org"}),
    ]
)


@pytest.fixture(autouse=True)
def _one_story_shows_an_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_hosts, "FEWEST", 1)


def put(folder: Path, state: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in state.items():
        own = "Quay Gazette" if "quay" in _HOSTS[name] else "Outlet OUTLET"
        filled = text.replace("NAME", own).replace("HOST", _HOSTS[name])
        filled = filled.replace("PATH", name).replace("OUTLET", _OUTLETS[name])
        (folder / f"{name}.md").write_text(filled)


def loaded(
    store: Store, folder: Path, corrections: Corrections | None = None, outlets: OutletDirectory | None = None
) -> None:
    report = load(store, [folder], now=NOW, corrections=corrections, outlets=outlets)
    derive_events(store, changed=report.changed_stories, left=report.left_events)


def graph(store: Store) -> dict[str, Any]:
    """The content of a store, with the hosts that are outlets of their own."""
    corpus = Corpus.of(store)
    return snapshot(store) | {"own hosts": (corpus.own_hosts, corpus.own_hosts_current, corpus.rebuilding)}


def lived(
    store: Store,
    folder: Path,
    states: list[dict[str, str]],
    decided: list[Corrections],
    outlets: OutletDirectory | None,
) -> dict[str, Any]:
    """Loads the states in turn, decides at each, and gives the graph of the last; then everything is taken back."""
    for number, state in enumerate(states):
        put(folder, state)
        if number % 2:
            loaded(store, folder, outlets=outlets)
            shown = outlets_preview(store, decided[number])
            expected = preview(store, decided[number], shown.moved)
            correct(store, decided[number], now=NOW)
            assert not preview(store, decided[number]), "what is done changes nothing more"
            assert not outlets_preview(store, decided[number])
            events = {event.id: (event.title, event.outlet_count) for event in read_derivation(store).events}
            assert {event.id: (event.title, event.outlets) for event in expected.after}.items() <= events.items()
            counts = Counter(edge.end for edge in store.edges("PUBLISHED_BY"))
            for one in shown.after:
                node = next(iter(store.nodes("Outlet", [one.id])))
                assert (node.properties["name"], counts[one.id]) == (one.name, one.stories)
        else:
            loaded(store, folder, decided[number])
    last = graph(store)
    correct(store, Corrections(), now=NOW)
    return last


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["embedded", "networkx"])
@settings(max_examples=25)
@given(states=_states, decided=st.lists(_decisions, min_size=4, max_size=4), outlets=_outlets)
def test_the_graph_is_a_function_of_files_and_decisions(
    kind: str, states: list[dict[str, str]], decided: list[Corrections], outlets: OutletDirectory | None
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "corpus")
        first, fresh, plain = (
            (f"{scratch}/lived.kgl", f"{scratch}/fresh.kgl", f"{scratch}/plain.kgl")
            if kind == "embedded"
            else ("networkx:", "networkx:", "networkx:")
        )
        with open_store(first) as store, open_store(fresh) as other, open_store(plain) as without:
            # However much a change reaches, the events are updated, as with a change of a large corpus.
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("newsgraph.graph.events.updates.reach.ANEW", 9.0)
                had = lived(store, folder, states, decided, outlets)
            loaded(other, folder, decided[len(states) - 1], outlets)
            assert had == graph(other)
            loaded(without, folder, outlets=outlets)
            assert graph(store) == graph(without)


@settings(max_examples=4)
@given(states=_states, decided=st.lists(_decisions, min_size=4, max_size=4), outlets=_outlets)
def test_the_graph_is_a_function_of_files_and_decisions_on_neo4j(
    open_empty_neo4j: Callable[[], Store],
    states: list[dict[str, str]],
    decided: list[Corrections],
    outlets: OutletDirectory | None,
) -> None:
    """A server keeps no file beside it; what it holds is what the same life gives in memory."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "corpus")
        with open_empty_neo4j() as store, open_store("networkx:") as other, open_store("networkx:") as without:
            had = lived(store, folder, states, decided, outlets)
            loaded(other, folder, decided[len(states) - 1], outlets)
            assert had == graph(other)
            loaded(without, folder, outlets=outlets)
            assert graph(store) == graph(without)
