"""The graph is a function of the files and the decisions, and what is taken back leaves no trace."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.graph.events.preview import preview
from newsgraph.graph.events.sync import derive_events, read_derivation
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.researcher.correcting import correct
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
_story = st.builds(
    lambda subject, tail, time: (
        f"---\ntitle: {subject}{tail}\nwebUrl: https://outletOUTLET.example/PATH\nexcerpt: {subject} on Monday.\n"
        f"publishedDateTime: {time}\nprovider: {{name: Outlet OUTLET, domain: outletOUTLET.example}}\n---\n"
    ),
    st.sampled_from(_SUBJECTS),
    st.sampled_from(_TAILS),
    st.sampled_from(_TIMES),
)
_states = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), _story, min_size=3, max_size=8), min_size=2, max_size=4)
_address = st.builds(
    lambda start, name, end: f"{start}outlet{_OUTLETS[name]}.example/{name}{end}",
    st.sampled_from(["https://", "http://www."]),
    st.sampled_from("abcdefgh"),
    st.sampled_from(["", "/", "?utm_source=x"]),
)
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
)
_decisions = st.lists(_decision, max_size=5).map(lambda several: Corrections(tuple(several)))


def put(folder: Path, state: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in state.items():
        (folder / f"{name}.md").write_text(text.replace("PATH", name).replace("OUTLET", _OUTLETS[name]))


def loaded(store: Store, folder: Path, corrections: Corrections | None = None) -> None:
    report = load(store, [folder], now=NOW, corrections=corrections)
    derive_events(store, changed=report.changed_stories, left=report.left_events)


@pytest.mark.parametrize("kind", ["embedded", "networkx"])
@settings(max_examples=25)
@given(states=_states, decided=st.lists(_decisions, min_size=4, max_size=4))
def test_the_graph_is_a_function_of_files_and_decisions(
    kind: str, states: list[dict[str, str]], decided: list[Corrections]
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "corpus")
        lived, fresh, plain = (
            (f"{scratch}/lived.kgl", f"{scratch}/fresh.kgl", f"{scratch}/plain.kgl")
            if kind == "embedded"
            else ("networkx:", "networkx:", "networkx:")
        )
        with open_store(lived) as store, open_store(fresh) as other, open_store(plain) as without:
            for number, state in enumerate(states):
                put(folder, state)
                if number % 2:
                    loaded(store, folder)
                    expected = preview(store, decided[number])
                    correct(store, decided[number], now=NOW)
                    assert not preview(store, decided[number]), "what is done changes nothing more"
                    titles = {event.title for event in read_derivation(store).events}
                    assert {event.title for event in expected.after} <= titles
                else:
                    loaded(store, folder, decided[number])
            loaded(other, folder, decided[len(states) - 1])
            assert snapshot(store) == snapshot(other)
            correct(store, Corrections(), now=NOW)
            loaded(without, folder)
            assert snapshot(store) == snapshot(without)
