"""Writing pages: whole files, refusals, bad and scant input, the same bytes every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

import newsgraph
from newsgraph.errors import (
    NewsgraphError,
    NothingToWriteError,
    OutputError,
    TargetExistsError,
    UnknownNameError,
    UsageError,
)
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.islands import GAP, islands
from newsgraph.graph.schema import About, PublishedBy
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.subgraph import select
from newsgraph.queries.questions.topics_together import TopicsTogether
from newsgraph.views import map as map_page
from newsgraph.views import map_data
from newsgraph.views.registry import VIEWS, page_html, view, write_page
from newsgraph.views.topics import network
from tests.newsgraph.views.corpus import make

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "news.kgl")) as store:
        yield store


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(str(tmp_path_factory.mktemp("store") / "news.kgl")) as store:
        store.write(make(120).batch())
        yield store


def event_of(store: Store) -> str:
    return max(store.nodes("Event"), key=lambda node: (node.properties["story_count"], node.id)).id


HASHES = """
import hashlib
from newsgraph.graph.stores.registry import open_store
from newsgraph.views.registry import VIEWS, page_html
from tests.newsgraph.views.corpus import make

store = open_store("networkx:")
store.write(make(120).batch())
event = max(store.nodes("Event"), key=lambda node: (node.properties["story_count"], node.id)).id
for name in VIEWS:
    html = page_html(name, store, **({"event": event} if name == "timeline" else {}))
    print(name, hashlib.sha256(html.encode()).hexdigest())
"""


@pytest.mark.slow
def test_the_same_graph_gives_the_same_bytes_whatever_the_order_of_hashes() -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", HASHES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    first, second = (process.communicate()[0] for process in running)
    assert len(first.splitlines()) == len(VIEWS)
    assert first == second


@pytest.mark.parametrize("name", VIEWS)
def test_pages_ask_for_nothing_and_hold_nothing_internal(full: Store, name: str) -> None:
    options: dict[str, Any] = {"event": event_of(full)} if name == "timeline" else {}
    html = page_html(name, full, **options)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in unescape(policy.group(1)).split("; "))
    assert rules["default-src"] == "'none'"
    assert set(rules) == {
        "default-src", "script-src", "style-src", "base-uri", "form-action", "require-trusted-types-for",
        "trusted-types",
    }  # fmt: skip
    for directive in ("script-src", "style-src"):
        assert all(source.startswith("'sha256-") for source in rules[directive].split())
    own = re.sub(r"<script>/\*\*\s+\* vis-network.*?</script>", "", html, flags=re.DOTALL)
    for word in ("<img", "<link", "@import", "url(", "<iframe", "<form", "src=", "style="):
        assert word not in own, word
    for word in ('"records"', "content_hash", "loaded_at", "MENTIONS", "ADDRESS_OF"):
        assert word not in own, word


def test_an_existing_file_is_refused_before_any_work_and_kept(full: Store, tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    target.write_text("mine")
    with pytest.raises(TargetExistsError, match="force=True"):
        write_page("map", full, target)
    assert target.read_text() == "mine"
    report = write_page("map", full, target, force=True)
    assert target.stat().st_size == report.size
    assert [path.name for path in tmp_path.glob("*map*")] == ["map.html"]


def test_a_folder_and_an_unreachable_place_are_one_clear_line(full: Store, tmp_path: Path) -> None:
    with pytest.raises(TargetExistsError, match="is a folder"):
        write_page("map", full, tmp_path, force=True)
    with pytest.raises(UsageError, match="there is no folder") as caught:
        write_page("map", full, tmp_path / "missing" / "map.html")
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.glob("missing*"))


@pytest.mark.parametrize("url", ["news.kgl", "networkx:graph.json"])
def test_the_store_itself_is_never_replaced(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "within").mkdir()
    with newsgraph.open(url) as graph:
        graph.store.write(make(20).batch())
        graph.store.save()
        held = tmp_path / url.removeprefix("networkx:")
        before = held.read_bytes()
        (tmp_path / "link").symlink_to(held)
        page = graph.view("map")
        for target in (held, held.name, f"within/../{held.name}", "link"):
            with pytest.raises(UsageError) as caught:
                page.write(target, force=True)
            assert str(caught.value) == f"{target}: is the store itself. Give another name"
        assert held.read_bytes() == before
        (tmp_path / "other.html").write_text("another page")
        assert page.write("other.html", force=True).size == (tmp_path / "other.html").stat().st_size


def test_nothing_partial_is_left_when_the_disk_is_full(
    full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr("newsgraph.views.document.os.fsync", no_space)
    with pytest.raises(OutputError, match="No space left"):
        write_page("report", full, folder / "r.html")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", VIEWS)
def test_an_empty_store_is_one_clear_line(store: Store, tmp_path: Path, name: str) -> None:
    options: dict[str, Any] = {"event": "event:1"} if name == "timeline" else {}
    with pytest.raises(NewsgraphError) as caught:
        write_page(name, store, tmp_path / "page.html", **options)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "page.html").exists()


def test_unknown_names_are_said() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean map"):
        write_page("mop", make(1), "x.html")


def test_a_timeline_needs_an_event(full: Store) -> None:
    with pytest.raises(UsageError, match="event=EVENT") as raised:
        view("timeline", full)
    assert "--event EVENT" in raised.value.on_command_line()


def test_too_large_a_graph_names_the_limit_and_the_filters(full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_page, "MOST_STORIES", 100)
    with pytest.raises(UsageError, match=r"120 stories .* 100 .*--since.*--topic"):
        view("map", full)
    assert view("map", full, event=event_of(full))


def story(number: int, **properties: object) -> Node:
    return Node("Story", f"https://a.example/{number}", {"title": f"Story {number}", **properties})  # type: ignore[dict-item]  # any value a test hands over


def scant(kind: str) -> Batch:
    """A corpus of one story, or of stories that lack something."""
    dated = {"published_at": AT, "date_quality": "exact"}
    event = Node("Event", "event:1", {"title": "Only", "story_count": 1, "outlet_count": 1})
    outlets = [Node("Outlet", "a.example", {"name": "A"}), Node("Outlet", "idle.example", {"name": "Idle"})]
    covers = Edge("COVERS", "https://a.example/1", "event:1", {"score": 1.0})
    by = Edge("PUBLISHED_BY", "https://a.example/1", "a.example")
    return {
        "one story": Batch([story(1, **dated), event, *outlets], [covers, by]),
        "no dates": Batch([story(1, date_quality="missing"), story(2), event, *outlets], [covers, by]),
        "no outlets": Batch([story(1, **dated), event], [covers]),
        "no events": Batch([story(1, **dated), story(2, **dated), *outlets], [by]),
        "bare": Batch([Node("Story", "https://a.example/1", {})], []),
    }[kind]


@pytest.mark.parametrize("kind", ["one story", "no dates", "no outlets", "no events", "bare"])
@pytest.mark.parametrize("name", VIEWS)
def test_scant_corpora_give_a_page_or_a_clear_line(store: Store, kind: str, name: str) -> None:
    store.write(scant(kind))
    options: dict[str, Any] = {"event": "event:1"} if name == "timeline" else {}
    try:
        html = page_html(name, store, **options)
    except (NothingToWriteError, UnknownNameError) as error:
        assert name not in ("map", "report")
        assert "\n" not in str(error)
    else:
        assert "</html>" in html


def test_the_report_counts_corrected_dates_as_sure_and_says_which_story_hardly_fits(store: Store) -> None:
    outlets = [Node("Outlet", f"{name}.example", {"name": name}) for name in "abc"]
    qualities = ("corrected", "exact", "exact")
    stories = [
        story(number, published_at=AT + timedelta(hours=number), date_quality=quality)
        for number, quality in enumerate(qualities)
    ]
    event = Node("Event", "event:1", {"title": "Only", "story_count": 3, "outlet_count": 3})
    covers = [Edge("COVERS", one.id, "event:1", {"score": 0.8}) for one in stories[:2]]
    covers.append(Edge("COVERS", stories[2].id, "event:1", {"score": 0.1, "weak_fit": True}))
    by = [Edge("PUBLISHED_BY", one.id, outlet.id) for one, outlet in zip(stories, outlets, strict=True)]
    store.write(Batch([*stories, *outlets, event], [*covers, *by]))
    html = page_html("report", store)
    assert "from dates that are sure: 3 of 3 are." in html
    assert html.count("hardly fits<") == 1 and "date unsure" not in html
    assert "newsgraph ask events --copies include" in html


def test_filters_narrow_the_map(full: Store) -> None:
    event = event_of(full)
    count = next(full.nodes("Event", [event])).properties["story_count"]
    assert view("map", full, event=event).lines[0].startswith(f"{count} stories, ")
    assert view("map", full, event=event).lines[1] == f"Only: event {event}."
    outlet = next(full.nodes("Outlet")).id
    assert "1 outlet" in view("map", full, outlet=outlet).lines[0]
    with pytest.raises(NothingToWriteError):
        view("map", full, since="2030-01-01")


def test_in_a_notebook_a_page_is_a_sandboxed_frame(full: Store) -> None:
    shown = view("report", full)._repr_html_()
    assert 'sandbox="allow-scripts allow-popups allow-downloads"' in shown
    assert "allow-same-origin" not in shown
    assert "<script" not in shown


def test_large_maps_leave_out_excerpts_and_say_so(full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert '"excerpt":' in view("map", full).html
    monkeypatch.setattr(map_data, "FULL_STORIES", 10)
    page = view("map", full)
    assert any("Excerpts" in line for line in page.lines)
    assert '"excerpt":' not in page.html


@st.composite
def memberships(draw: st.DrawFn) -> tuple[np.ndarray, int, sparse.csr_array, sparse.csr_array]:
    events = draw(st.integers(0, 12))
    sizes = draw(st.lists(st.integers(1, 30), min_size=events, max_size=events))
    loose = draw(st.integers(0, 6))
    event_of = np.array([e for e, size in enumerate(sizes) for _ in range(size)] + [-1] * loose, dtype=np.int64)
    matrices = []
    for columns in (draw(st.integers(0, 5)), draw(st.integers(0, 5))):
        chosen = draw(st.lists(st.integers(0, max(columns, 1) - 1), min_size=len(event_of), max_size=len(event_of)))
        matrix = np.zeros((len(event_of), columns))
        if columns:
            matrix[np.arange(len(event_of)), chosen] = 1.0
        matrices.append(sparse.csr_array(matrix))
    return event_of, events, matrices[0], matrices[1]


@settings(max_examples=40)
@given(memberships())
def test_islands_hold_their_stories_in_order_and_stay_apart(
    given: tuple[np.ndarray, int, sparse.csr_array, sparse.csr_array],
) -> None:
    event_of, events, outlets, topics = given
    places = islands(event_of, events, outlets, topics)
    assert places.stories.shape == (len(event_of), 2)
    assert places.outlets.shape == (outlets.shape[1], 2)
    assert all(np.isfinite(array).all() for array in (places.events, places.stories, places.outlets, places.topics))
    for event in range(events):
        members = places.stories[event_of == event]
        out = np.hypot(*(members - places.events[event]).T)
        assert (np.diff(out) > 0).all()
        assert out.max() < places.radii[event]
        for other in range(event):
            apart = np.hypot(*(places.events[event] - places.events[other]))
            assert apart > places.radii[event] + places.radii[other] + 0.5 * GAP
    again = islands(event_of, events, outlets, topics)
    assert (again.stories == places.stories).all()
    assert (again.topics == places.topics).all()


def test_hundreds_of_islands_do_not_overlap_and_fill_the_picture() -> None:
    data = map_data.read_map(select(make(3_000)))
    places = islands(data.event_of, data.count("Event"), data.memberships(PublishedBy), data.memberships(About))
    apart = np.hypot(*(places.events[:, None, :] - places.events[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert (apart > places.radii[:, None] + places.radii[None, :]).all()
    covered = np.pi * (places.radii**2).sum() / np.ptp(places.events, axis=0).prod()
    assert 0.2 < covered < 0.9


def test_no_topic_of_the_network_covers_another_however_many_stories_have_it() -> None:
    generator = np.random.default_rng(5)
    topics = [f"topic-{number:02}" for number in range(40)]
    stories = {topic: int(generator.integers(1, 50_000)) for topic in topics}
    pairs = [
        TopicsTogether(
            a=a,
            b=b,
            together=2,
            a_stories=stories[a],
            b_stories=stories[b],
            all_stories=60_000,
            npmi=float(generator.random()),
            q=0.01,
        )
        for a, b in combinations(topics, 2)
        if generator.random() < 0.2
    ]
    dots, lines, (width, height) = network(pairs, {})
    assert len(dots) == 40 and lines
    for one, other in combinations(dots, 2):
        assert np.hypot(one.x - other.x, one.y - other.y) > one.r + other.r
        # Nor does a disc cover the name below another.
        assert not (abs(one.x - other.x) < other.r and one.y + one.r + 4 < other.y < one.y + one.r + 13)
    assert all(one.r < one.x < width - one.r and one.r < one.y < height - one.r - 13 for one in dots)
    by_size = sorted(dots, key=lambda one: one.stories)
    assert [one.r for one in by_size] == sorted(one.r for one in dots)
