"""Events in a store: incremental equals from nothing, imported ones are kept, and commands say what happened."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import newsgraph
from newsgraph.cli import cli
from newsgraph.errors import InputError, UnknownNameError, UsageError
from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.events import Derivation, EventSettings, StoryText, derive
from newsgraph.graph.events.sync import StoreStories, derive_events, explain_stories, import_events, read_derivation
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.researcher.labels_file import read_labels
from tests.loaders.snapshots import snapshot

NOW = datetime(2021, 6, 1, tzinfo=UTC)
SEEDS = Path(__file__).parents[2] / "seeds"

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

_story = st.builds(
    lambda subject, tail, time, outlet: (
        f"---\ntitle: {subject}{tail}\nwebUrl: https://outlet{outlet}.example/PATH\nexcerpt: {subject} on Monday.\n"
        f"publishedDateTime: {time}\nprovider: {{name: Outlet {outlet}, domain: outlet{outlet}.example}}\n---\n"
    ),
    st.sampled_from(_SUBJECTS),
    st.sampled_from(_TAILS),
    st.sampled_from(_TIMES),
    st.integers(0, 3),
)
_states = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), _story, max_size=8), min_size=2, max_size=4)


def test_stories_read_in_stretches_of_time_are_those_of_the_store_each_read_once(tmp_path: Path) -> None:
    chance = random.Random(11)
    times = {f"story:{number:02d}": NOW + timedelta(minutes=chance.randrange(6_000)) for number in range(60)}
    nodes = [
        Node(
            "Story",
            id,
            {"title": id, "published_at": time, "date_quality": "date_only" if id > "story:54" else "exact"},
        )
        for id, time in times.items()
    ]
    with open_store(str(tmp_path / "some.kgl")) as store:
        store.write(Batch([*nodes, Node("Story", "story:none", {"title": "none", "date_quality": "missing"})]))
        stories = StoreStories(store)
        known: dict[str, StoryText] = {}
        for _ in range(12):
            start, end = sorted(NOW + timedelta(minutes=chance.randrange(6_000)) for _ in range(2))
            found = {story.id: story for story in stories.dated(start, end)}
            assert found.keys() == {id for id, time in times.items() if start <= time <= end and id <= "story:54"}
            assert all(known.setdefault(id, story) is story for id, story in found.items())
        every = {story.id: story for story in stories.all()}
        assert every == {story.id: story for story in StoreStories(store).all()}
        assert len(every) == 61
        assert all(every[id] is story for id, story in known.items())


@pytest.mark.slow
@settings(max_examples=40)
@given(states=_states)
def test_events_after_any_history_are_those_from_nothing(states: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as scratch, open_store(f"{scratch}/lived.kgl") as store:
        folder = Path(scratch, "corpus")
        folder.mkdir()
        for state in states:
            for old in folder.iterdir():
                old.unlink()
            for name, text in state.items():
                (folder / f"{name}.md").write_text(text.replace("PATH", name))
            report = load(store, [folder], now=NOW)
            # However much the change reaches, as with a change of a large corpus.
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("newsgraph.graph.events.updates.reach.ANEW", 9.0)
                derive_events(
                    store,
                    changed=report.changed_stories,
                    left=report.left_events,
                    former=report.former_stories,
                    in_step=report.events_in_step,
                )
        with open_store(f"{scratch}/fresh.kgl") as fresh:
            load(fresh, [folder], now=NOW)
            derive_events(fresh)
            assert snapshot(store) == snapshot(fresh)


def test_a_load_updates_the_events_and_a_load_that_was_not_followed_by_events_derives_them_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew: list[int] = []

    def counted(stories: Iterable[StoryText], settings: EventSettings) -> Derivation:
        told = list(stories)
        anew.append(len(told))
        return derive(told, settings)

    monkeypatch.setattr("newsgraph.graph.events.sync.derive", counted)
    article = tmp_path / "articles" / "one.md"
    shutil.copytree(SEEDS, article.parent)
    article.write_text("---\ntitle: Ferry aground\nwebUrl: https://ledger.example/one\n---\n")
    with newsgraph.open("networkx:") as graph:
        graph.load(article.parent)
        assert len(anew) == 1
        for title in ("Grey Heron ferry aground off Skerrin", "Kessock Dam villages evacuated"):
            article.write_text(f"---\ntitle: {title}\nwebUrl: https://ledger.example/one\n---\n")
            graph.load(article.parent)
        assert len(anew) == 1
        article.write_text("---\ntitle: Ferry afloat\nwebUrl: https://ledger.example/one\n---\n")
        graph.load(article.parent, events=False)
        graph.load(article.parent)
        assert len(anew) == 2


@pytest.fixture
def seeded() -> Store:
    store = open_store("networkx:")
    load(store, [SEEDS])
    derive_events(store)
    return store


def test_every_story_has_one_event_and_spans_hold_sure_dates_only(seeded: Store) -> None:
    covers = list(seeded.edges("COVERS"))
    assert len({edge.start for edge in covers}) == len(covers) == len(list(seeded.nodes("Story")))
    stories = {node.id: node for node in seeded.nodes("Story")}
    for event in seeded.nodes("Event"):
        members = [stories[edge.start].properties for edge in covers if edge.end == event.id]
        sure = [member["published_at"] for member in members if member["date_quality"] == "exact"]
        if sure:
            assert event.properties["first_published_at"] == min(sure)
            assert event.properties["last_published_at"] == max(sure)
        assert event.properties["story_count"] == len(members)


def test_imported_events_are_kept_until_built_again(seeded: Store, tmp_path: Path) -> None:
    derived = snapshot(seeded)
    ids = [node.id for node in seeded.nodes("Story")][:5]
    labels = {ids[0]: "mine", ids[1]: "mine", ids[2]: "yours"}
    report = import_events(seeded, labels)
    assert (report.events, report.stories, report.origin) == (2, 3, "imported")
    assert {event.properties["label"] for event in seeded.nodes("Event")} == {"mine", "yours"}
    (tmp_path / "new.md").write_text("---\ntitle: New\nwebUrl: https://ledger.example/new\n---\n")
    loaded = load(seeded, [tmp_path / "new.md"])
    after = derive_events(seeded, changed=loaded.changed_stories, left=loaded.left_events)
    assert (after.events, after.origin) == (2, "imported")
    assert after.uncovered == len(list(seeded.nodes("Story"))) - 3
    (tmp_path / "new.md").unlink()
    load(seeded, [tmp_path])
    derive_events(seeded, settings=None)
    assert {event.properties["label"] for event in seeded.nodes("Event")} == {"mine", "yours"}
    from newsgraph.graph.events import EventSettings

    derive_events(seeded, settings=EventSettings())
    assert snapshot(seeded) == derived


def test_parameters_live_in_the_store(seeded: Store) -> None:
    from newsgraph.graph.events import EventSettings

    before = len(list(seeded.nodes("Event")))
    derive_events(seeded, settings=EventSettings.from_dict({"threshold": 0.95}))
    split = len(list(seeded.nodes("Event")))
    assert split > before
    derive_events(seeded)
    assert len(list(seeded.nodes("Event"))) == split


@pytest.mark.parametrize("column", ["story", "url", "id"])
def test_labels_name_stories_by_address_or_id(seeded: Store, column: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    name = (
        "https://bbc.com/news/business-53015468" if column == "id" else "http://www.bbc.com/news/amp/business-53015468"
    )
    path.write_text(f"{column},extra,Event\n{name},x,one\nhttps://nowhere.example/,x,two\n", encoding="utf-8-sig")
    read = read_labels(path, seeded)
    assert read.events == {"https://bbc.com/news/business-53015468": "one"}
    assert read.absent == ("https://nowhere.example/",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title,event\nx,y\n", "header must hold"),
        ("story,label\nx,y\n", "header must hold"),
        ("", "header must hold"),
        (
            "story,event\nhttps://bbc.com/news/business-53015468,a\nhttps://www.bbc.com/news/business-53015468,b\n",
            "given two events",
        ),
    ],
)
def test_bad_labels(seeded: Store, text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_labels(path, seeded)
    with pytest.raises(InputError, match="can't be read"):
        read_labels(tmp_path / "none.csv", seeded)


def test_labels_of_nothing_here_are_refused(seeded: Store) -> None:
    with pytest.raises(UsageError, match="none of the labelled"):
        import_events(seeded, {})


def test_why_takes_any_spelling(seeded: Store) -> None:
    found = explain_stories(
        seeded,
        "https://www.bbc.com/news/amp/business-53015468",
        "https://www.pcmag.com/news/microsoft-wont-give-facial-recognition-tech-to-us-police-until-congress?amp=true",
    )
    assert found.together and found.terms
    apart = explain_stories(seeded, "https://bbc.com/news/business-53015468", found_other(seeded))
    assert not apart.together
    with pytest.raises(UnknownNameError):
        explain_stories(seeded, "https://nowhere.example/")


def found_other(store: Store) -> str:
    return next(node.id for node in store.nodes("Story") if "charlotteobserver" in node.id)


def test_derivation_reads_back_as_it_was_written(seeded: Store) -> None:
    derivation = read_derivation(seeded)
    assert sum(event.story_count for event in derivation.events) == len(list(seeded.nodes("Story")))
    assert len(derivation.copies) == len(list(seeded.edges("COPY_OF"))) == 2


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_events_from_the_command_line(tmp_path: Path) -> None:
    store = str(tmp_path / "news.kgl")
    assert run("load", str(SEEDS), "--store", store, "--no-events").exit_code == 0
    assert "none yet" in run("info", "--store", store).output
    built = run("events", "build", "--store", store, "--window", "72", "--method", "light")
    assert built.output == "Events: 14 from 46 stories, 2 copies (derived)\n"
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "story,event\nhttps://www.bbc.com/news/business-53015468,Microsoft\n"
        "https://www.cnbc.com/2020/06/12/amazon-microsoft-face-opponents-of-police-use-of-facial-recognition.html,Activists\n"
        "https://www.charlotteobserver.com/news/business/national-business/article243441421.html,Amazon\n"
    )
    scored = run("events", "score", str(labels), "--store", store, "--format", "json")
    assert "B-cubed F1" in scored.output and "43 without a label" in scored.output
    assert "first right              -" in scored.output
    (merged,) = json.loads(scored.stdout)
    assert (merged["kind"], merged["label"], merged["other_label"]) == ("merge", "Activists", "Amazon")
    assert merged["pairs"] == 1 and "amazon" in merged["words"] and merged["why"].startswith("newsgraph events why ")
    rows = run("events", "score", str(labels), "--store", store, "--format", "json", "--measures")
    values = {row["measure"]: row["value"] for row in json.loads(rows.stdout)}
    assert values["pairs F1"] == 0 and values["B-cubed F1, alone"] == 1 and values["first right"] is None
    why = run("events", "why", "https://bbc.com/news/business-53015468", "--store", store)
    assert why.exit_code == 0 and "cosine of the texts" in why.output
    imported = run("events", "import", str(labels), "--replace", "--yes", "--store", store)
    assert "Events that go: 14; that come: 3. Stories that will have no event: 43" in imported.output
    assert "Events: 3 from 3 stories" in imported.output
    assert "imported from a researcher's labels" in run("info", "--store", store).output
