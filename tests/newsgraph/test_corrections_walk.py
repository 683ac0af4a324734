"""Decisions on the sample articles, on every store; and through the commands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import newsgraph
from newsgraph.cli import cli
from newsgraph.cli.decisions.events_review import reviewed
from newsgraph.cli.events import measures
from newsgraph.errors import AmbiguousNameError, InputError, UnknownNameError
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.graph.events import score
from newsgraph.graph.events.clustering.seams import seam_of
from newsgraph.graph.events.preview import preview
from newsgraph.graph.events.review import Reason, suspects
from newsgraph.graph.events.sync import StoreStories, derive_events, kept_settings, read_derivation
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.transfer import copy
from newsgraph.loaders.load import load
from newsgraph.loaders.researcher.correcting import correct, kept_corrections
from newsgraph.queries.ask import ask
from tests.loaders.snapshots import snapshot

SEEDS = Path(__file__).parents[2] / "seeds"
NOW = datetime(2021, 6, 1, tzinfo=UTC)
CNBC = "https://www.cnbc.com/2020/06/12/amazon-microsoft-face-opponents-of-police-use-of-facial-recognition.html"
AMAZON = "http://charlotteobserver.com/news/business/national-business/article243441421.html?utm_source=x"
MICROSOFT = "https://www.bbc.com/news/amp/business-53015468"
WALK = Corrections(
    (
        Decision(Kind.SPLIT, (CNBC,), apart=(AMAZON,)),
        Decision(Kind.JOIN, (CNBC, MICROSOFT)),
        Decision(Kind.RENAME, (AMAZON,), value="Amazon pauses police use"),
        Decision(Kind.DATE, (MICROSOFT,), value="2020-06-11T16:00:00Z"),
        Decision(Kind.LEAVE_OUT, ("https://nowhere.example/1",)),
    )
)
LATER = "---\ntitle: {title}\nwebUrl: https://later.example/{name}\npublishedDateTime: {time}\n---\n"


def event_titles(store: Store) -> dict[str, str]:
    titles = {node.id: str(node.properties["title"]) for node in store.nodes("Event")}
    return {edge.start: titles[edge.end] for edge in store.edges("COVERS")}


def walked(store: Store, folder: Path) -> tuple[object, ...]:
    load(store, [SEEDS], now=NOW, label="seeds")
    derive_events(store)
    plain = snapshot(store)
    correct(store, WALK, now=NOW)
    folder.mkdir(exist_ok=True)
    (folder / "a.md").write_text(
        LATER.format(name="a", time="2020-06-11T09:00:00Z", title="Amazon bans police use of its face recognition")
    )
    (folder / "m.md").write_text(
        LATER.format(name="m", time="2020-06-11T19:30:00Z", title="Microsoft won't sell police facial recognition")
    )
    report = load(store, [folder], now=NOW)
    derive_events(store, changed=report.changed_stories, left=report.left_events)
    titles = event_titles(store)
    cnbc = CNBC.replace("www.", "")
    assert titles["https://later.example/a"] == "Amazon pauses police use"
    assert titles["https://later.example/m"] == titles[cnbc] == titles["https://bbc.com/news/business-53015468"]
    bbc = next(iter(store.nodes("Story", ["https://bbc.com/news/business-53015468"]))).properties
    assert bbc["date_quality"] == "corrected" and bbc["source_date_quality"] == "exact"
    assert bbc["published_at"] == datetime(2020, 6, 11, 16, tzinfo=UTC)
    assert bbc["source_published_at"] == datetime(2020, 6, 12, 0, 34, tzinfo=UTC)
    first = next(iter(ask(store, "first-to-cover", event="Microsoft won't sell")))
    assert first.outlet == "bbc.com" and first.date_quality == "corrected"
    answers = [list(ask(store, name)) for name in ("events", "scoops")]
    corrected = snapshot(store)
    for path in folder.iterdir():
        path.unlink()
    report = load(store, [folder], now=NOW)
    derive_events(store, changed=report.changed_stories, left=report.left_events)
    correct(store, Corrections(), now=NOW)
    assert snapshot(store) == plain, "all taken back, the graph is the first"
    return answers, corrected


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    with open_store("networkx:") as store:
        return walked(store, tmp_path_factory.mktemp("walk") / "more")


def test_the_walk_in_a_file(expected: tuple[object, ...], tmp_path: Path) -> None:
    with open_store(str(tmp_path / "news.kgl")) as store:
        assert walked(store, tmp_path / "more") == expected


@pytest.mark.slow
def test_the_walk_on_neo4j(expected: tuple[object, ...], open_empty_neo4j: Callable[[], Store], tmp_path: Path) -> None:
    with open_empty_neo4j() as store:
        assert walked(store, tmp_path / "more") == expected


def test_a_story_that_is_split_off_takes_its_nearest_along(tmp_path: Path) -> None:
    titles = (
        "Kessock Dam breach floods valley", "Dam breach at Kessock floods the valley below",
        "Valley below Kessock Dam flooded after breach", "Kessock Dam breach as minister resigns over flooded valley",
        "Minister resigns over breach of Kessock Dam and flooded valley",
    )  # fmt: skip
    folder = tmp_path / "dam"
    folder.mkdir()
    for number, title in enumerate(titles):
        (folder / f"{number}.md").write_text(
            LATER.format(name=number, title=title, time=f"2021-03-01T1{number}:00:00Z")
        )
    with open_store("networkx:") as store:
        load(store, [folder], now=NOW)
        derive_events(store)
        assert len(read_derivation(store).events) == 1
        apart = Decision(Kind.SPLIT, ("https://later.example/3",), apart=("https://later.example/0",))
        correct(store, Corrections((apart,)), now=NOW)
        groups = {frozenset(m.story_id[-1] for m in event.members) for event in read_derivation(store).events}
        assert groups == {frozenset("012"), frozenset("34")}
        alone = Decision(Kind.LEAVE_OUT, ("http://www.later.example/4/",))
        correct(store, Corrections((apart, alone)), now=NOW)
        groups = {frozenset(m.story_id[-1] for m in event.members) for event in read_derivation(store).events}
        assert groups == {frozenset("012"), frozenset("3")}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=True)


@pytest.fixture
def store_path(tmp_path: Path) -> str:
    path = str(tmp_path / "news.kgl")
    with newsgraph.open(path) as graph:
        graph.load(SEEDS)
    return path


def test_commands_show_write_list_and_take_back(store_path: str, tmp_path: Path) -> None:
    beside = tmp_path / "news.corrections.csv"
    with open_store(store_path, readonly=True) as store:
        plain = snapshot(store)
    seen = run("events", "split", AMAZON, CNBC, "--dry-run", "--store", store_path)
    assert "Nothing written." in seen.output and not beside.exists()
    refused = run("events", "split", AMAZON, CNBC, "--store", store_path)
    assert refused.exit_code and not beside.exists()
    for arguments in (
        ("events", "split", AMAZON, CNBC, "--why", "activists"),
        ("events", "move", CNBC, MICROSOFT),
        ("events", "rename", AMAZON, "Amazon pauses"),
        ("copies", "mark", MICROSOFT, CNBC),
        ("copies", "clear", MICROSOFT),
        ("dates", "set", CNBC, "2020-06-12T12:00:00+02:00"),
        ("events", "leave-out", AMAZON),
    ):
        done = run(*arguments, "--yes", "--store", store_path)
        assert done.exit_code == 0, (arguments, done.output, done.exception)
    assert len(beside.read_text().splitlines()) == 8
    listed = run("corrections", "--format", "csv", "--store", store_path).output
    assert "overruled by 5" in listed and listed.count("holds") >= 4
    assert "2 rows shown, of 7" in run("corrections", "--limit", "2", "--store", store_path).output
    why = run("events", "why", CNBC, "--store", store_path).output
    assert "decision 2: move" in why
    why = run("events", "why", AMAZON, "--store", store_path).output
    assert "is in no event" in why and "leave-out" in why
    # A line that is taken out by hand no longer holds.
    beside.write_text("".join(line for line in beside.read_text().splitlines(True) if not line.startswith("leave-out")))
    with newsgraph.open(store_path) as graph:
        graph.load(SEEDS)
        assert any(edge.start.startswith("https://charlotteobserver") for edge in graph.store.edges("COVERS"))
    with open_store(store_path, readonly=True) as one, open_store(str(tmp_path / "copy.kgl")) as other:
        copy(one, other)
        assert len(kept_corrections(other).corrections) == 6
    undone = run("corrections", "--undo", "1", "--undo-last", "--yes", "--store", store_path)
    assert "Decisions: 4" in undone.output
    assert run("corrections", "--undo", "9", "--yes", "--store", store_path).exit_code
    assert run("corrections", "--undo-all", "--yes", "--store", store_path).exit_code == 0
    with open_store(store_path, readonly=True) as store:
        assert snapshot(store) == plain


def test_a_split_takes_nobody_along_unasked(tmp_path: Path) -> None:
    titles = (
        "Kessock Dam breach floods valley", "Dam breach at Kessock floods the valley below",
        "Valley below Kessock Dam flooded after breach", "Kessock Dam breach as minister resigns over flooded valley",
        "Minister resigns over breach of Kessock Dam and flooded valley",
        "Minister resigns over breach of Kessock Dam and the flooded valley",
    )  # fmt: skip
    folder = tmp_path / "dam"
    folder.mkdir()
    for number, title in enumerate(titles):
        path = folder / f"{number}.md"
        path.write_text(LATER.format(name=number, title=title, time=f"2021-03-01T1{number}:00:00Z"))
    store_path = str(tmp_path / "dam.kgl")
    with newsgraph.open(store_path) as graph:
        graph.load(folder)
    story = "https://later.example/3"
    alone = run("events", "split", "https://later.example/0", story, "--dry-run", "--store", store_path).output
    assert "+ Kessock Dam breach as minister resigns over flooded valley: 1 story" in alone and "along" not in alone
    drawn = run("events", "split", "https://later.example/0", story, "--along", "--dry-run", "--store", store_path)
    assert "3 stories go along with it:" in drawn.output and "(https://later.example/1)" in drawn.output
    # A copy goes along, and is said to.
    copied = run(
        "events", "split", "https://later.example/0", "https://later.example/4", "--yes", "--store", store_path
    )
    assert "1 story goes along with it:\n  Minister resigns over breach of Kessock Dam and the flooded" in copied.output
    with newsgraph.open(store_path) as graph:
        groups = {frozenset(m.story_id[-1] for m in e.members) for e in read_derivation(graph.store).events}
        assert groups == {frozenset("0123"), frozenset("45")}
        (folder / "7.md").write_text(
            LATER.format(name=7, title="Minister resigns over the breach of Kessock Dam", time="2021-03-01T18:00:00Z")
        )
        graph.load(folder)
        of = {m.story_id[-1]: e.id for e in read_derivation(graph.store).events for m in e.members}
        assert of["7"] == of["4"], "what comes later goes where its text draws it"


def test_copies_between_joined_events_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "dam"
    folder.mkdir()
    title = "Kessock Dam breach floods the valley below and its villages"
    for number, (text, day) in enumerate(((title, 1), (title, 1), (title, 9), (title, 9), ("Zeppelin lands", 9))):
        (folder / f"{number}.md").write_text(
            LATER.format(name=number, title=text, time=f"2021-03-0{day}T1{number}:00:00Z").replace(
                "later.", f"outlet{number}."
            )
        )
    with open_store("networkx:") as store:
        load(store, [folder], now=NOW)
        derive_events(store)
        plain = snapshot(store)
        assert len(read_derivation(store).events) == 3
        near = Corrections(
            (
                Decision(Kind.DATE, ("https://outlet2.example/2",), value="2021-03-04T12:00:00Z"),
                Decision(Kind.JOIN, ("https://outlet0.example/0", "https://outlet2.example/2")),
                Decision(Kind.JOIN, ("https://outlet0.example/0", "https://outlet3.example/3")),
            )
        )
        seen = preview(store, near)
        correct(store, near, now=NOW)
        pairs = {(copy.story_id[-1], copy.original_id[-1]) for copy in read_derivation(store).copies}
        assert ("1", "0") in pairs and all(original == "0" for _, original in pairs)
        assert ("2", "0") in pairs, "found though the two were never of one event"
        assert {pair for pair in pairs if pair[0] == "2"} == {
            (one[-1], other[-1]) for one, other in seen.copies_new if one[-1] == "2"
        }
        correct(store, Corrections(), now=NOW)
        assert snapshot(store) == plain


def test_imported_labels_leave_the_other_events(store_path: str, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(f"story,event\n{CNBC},Activists\n{MICROSOFT},Microsoft\n")
    done = run("events", "import", str(labels), "--yes", "--store", store_path)
    assert done.exit_code == 0, done.output
    with open_store(store_path, readonly=True) as store:
        titles = event_titles(store)
        assert titles[CNBC.replace("www.", "")] == "Activists"
        assert titles["https://bbc.com/news/business-53015468"] == "Microsoft"
        assert len(titles) == len(list(store.nodes("Story")))


def test_a_file_of_decisions_is_loaded_kept_and_replaced(tmp_path: Path) -> None:
    given = tmp_path / "mine.csv"
    given.write_text(f"kind,stories,value\nrename,{AMAZON},Mine\njion,x,\nrename,https://nowhere.example/1,Theirs\n")
    with newsgraph.open(str(tmp_path / "news.kgl")) as graph:
        report = graph.load(SEEDS, corrections=given)
        assert report.exit_code == 1 and any("line 3: field kind" in line for line in report.errors)
        assert any("not in the store" in note for note in report.notes)
        assert "Mine" in event_titles(graph.store).values()
        graph.load(SEEDS)
        assert "Mine" in event_titles(graph.store).values()
        given.write_text("kind,stories\n")
        with pytest.raises(InputError, match=r"elsewhere\.csv: it can't be read"):
            graph.load(SEEDS, corrections=tmp_path / "elsewhere.csv")  # there are decisions beside the store already
        graph.load(SEEDS, corrections=given)
        assert "Mine" not in event_titles(graph.store).values()
    assert "Mine" in (tmp_path / "news.corrections.old.csv").read_text()


def test_words_that_fit_several_stories_are_refused_with_a_list(store_path: str) -> None:
    done = run("copies", "clear", "facial recognition", "--yes", "--store", store_path)
    assert isinstance(done.exception, AmbiguousNameError) and "https://" in str(done.exception)
    done = run("events", "why", "Activists want to ban police", "--store", store_path)
    assert done.output.startswith("It is one of 4 stories"), "events why takes words, too"
    assert "NAME: is empty. Rename needs it" in str(
        run("events", "rename", "oyster beds", "", "--yes", "--store", store_path).exception
    )
    done = run("copies", "clear", "zeppelin", "--yes", "--store", store_path)
    assert isinstance(done.exception, UnknownNameError)


def test_a_review_writes_each_decision_as_it_goes(store_path: str) -> None:
    assert "two events that may be one" in run("events", "review", "--store", store_path).output
    said: list[str] = []
    keys = iter("x\rjsq")
    with open_store(store_path) as store:
        derive_events(store)
        found = suspects(store)
        assert found and found[0].reason is Reason.NEARLY_ONE
        several = [found[0]] * 4
        made = reviewed(store, several, lambda: next(keys), said.append, "Ada")
        assert made == 2
        assert [one.kind for one in kept_corrections(store).corrections] == [Kind.JOIN, Kind.SPLIT]
        assert all(one.author == "Ada" for one in kept_corrections(store).corrections)
        assert not [one for one in suspects(store) if one.story == found[0].story]
    assert any("1 of 4" in line for line in said)


def reviewed_corpus(tmp_path: Path, told: list[tuple[str, str]]) -> Store:
    """Stories of as many outlets, each with its title and time."""
    folder = tmp_path / "review"
    folder.mkdir()
    for number, (title, time) in enumerate(told):
        (folder / f"{number:02}.md").write_text(
            LATER.format(name=number, title=title, time=time).replace("later.", f"outlet{number}.")
        )
    store = open_store("networkx:")
    load(store, [folder], now=NOW)
    derive_events(store)
    return store


def test_a_review_offers_ties_for_first(tmp_path: Path) -> None:
    titles = (
        "Kessock Dam breach floods valley",
        "Kessock Dam breach floods villages",
        "Kessock Dam breach, valley floods",
    )
    times = ("2021-03-01T10:00:00Z", "2021-03-01T10:00:30Z", "2021-03-01T13:00:00Z")
    with reviewed_corpus(tmp_path, list(zip(titles, times, strict=True))) as store:
        ties = [one for one in suspects(store) if one.reason is Reason.NEAR_TIE]
        assert [(one.story[-1], one.other[-1], one.value) for one in ties] == [("0", "1", 0.1)]
        made = reviewed(store, ties, lambda: "c", lambda line: None)
        assert made == 1 and {copy.story_id for copy in read_derivation(store).copies} == {ties[0].story}
        assert not [one for one in suspects(store) if one.reason is Reason.NEAR_TIE]


def test_a_review_offers_an_event_on_a_seam_between_two_names(tmp_path: Path) -> None:
    forms = (
        "{} raises interest rates by half a point", "{} raises rates to fight rising prices",
        "Rates are raised by {} as prices rise", "Prices rise: {} raises its interest rates",
        "{} raises interest rates again to slow prices",
    )  # fmt: skip
    told = [
        (form.format(bank), f"2021-03-01T{9 + place:02}:{minute}:00Z")
        for place, form in enumerate(forms)
        for bank, minute in (("Riksbank", "10"), ("Norges Bank", "40"))
    ]
    with reviewed_corpus(tmp_path, told) as store:
        derivation = read_derivation(store)
        texts = {story.id: story for story in StoreStories(store).all()}
        sides = seam_of(list(texts.values()), derivation.background, kept_settings(Corpus.of(store)))
        assert sides is not None and sides.share == 0.5
        named = [{"Riksbank" in texts[id].title for id in side} for side in (sides.one, sides.other)]
        assert sorted(map(sorted, named)) == [[False], [True]]
        alike = [texts[id] for id in sides.one]
        assert seam_of(alike, derivation.background, kept_settings(Corpus.of(store))) is None


def test_a_score_has_an_interval_by_labelled_events() -> None:
    labels = {f"s{n}": f"e{n // 4}" for n in range(40)}
    right = score(labels, labels)
    assert right.interval == (1.0, 1.0)
    assert score({"a": "one", "b": "one"}, {"a": "x", "b": "y"}).interval is None
    half = {story: f"{event}{int(story[1:]) % 2 if int(event[1:]) % 2 else ''}" for story, event in labels.items()}
    found = score(labels, half)
    assert found.interval is not None and found.interval[0] < found.f1 < found.interval[1]
    assert found.interval == score(dict(reversed(labels.items())), half).interval
    assert "95 % interval" in measures(found)[2].line


def test_a_command_that_is_killed_loses_no_decision(store_path: str, tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from newsgraph.graph.events import sync\n"
        "sync.derive_events = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from newsgraph.cli import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", script, "events", "rename", AMAZON, "Kept", "--yes", "--store", store_path]
    done = subprocess.run(command, check=False, env={**os.environ}, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    with newsgraph.open(store_path) as graph:
        assert "Kept" not in event_titles(graph.store).values()
        graph.load(SEEDS)
        assert "Kept" in event_titles(graph.store).values()


def test_two_processes_that_correct_at_once_lose_nothing(store_path: str) -> None:
    commands = [
        [sys.executable, "-m", "newsgraph", "events", "rename", where, name, "--yes", "--store", store_path]
        for where, name in ((AMAZON, "One"), (MICROSOFT, "Two"))
    ]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for command in commands]
    outputs = [process.communicate(timeout=300)[0] for process in running]
    codes = [process.returncode for process in running]
    with open_store(store_path, readonly=True) as store:
        titles = set(event_titles(store).values())
    for name, code, output in zip(("One", "Two"), codes, outputs, strict=True):
        assert (name in titles) == (code == 0), output
        assert code == 0 or b"is writing to it. Wait until it is done" in output, output


def test_a_file_of_decisions_that_was_changed_is_named(tmp_path: Path) -> None:
    kept = tmp_path / "news.corrections.csv"
    store = str(tmp_path / "news.kgl")
    with newsgraph.open(store) as graph:
        graph.load(SEEDS)
    for name in ("Mine", "Yours"):
        assert run("events", "rename", AMAZON, name, "--yes", "--store", store).exit_code == 0
    assert "changed" not in run("corrections", "--store", store).output
    kept.write_text(kept.read_text().replace("Mine", "Mime"))
    said = f"{kept}: it was changed since the store took its decisions: 1 decision more, such as rename"
    for command in (("corrections",), ("check",), ("events", "rename", AMAZON, "Ours", "--dry-run")):
        assert said in run(*command, "--store", store).output, command
    with newsgraph.open(store) as graph:
        report = graph.load(SEEDS)
        assert report.exit_code == 0 and [note for note in report.notes if said in note and "1 decision fewer" in note]
        assert not [note for note in graph.load(SEEDS).notes if "changed" in note], "it is said once"
        before = kept.read_text()
        kept.unlink()
        assert [note for note in graph.load(SEEDS).notes if "it was missing; written again with the store's 2" in note]
        assert kept.read_text() == before


def test_what_another_file_replaces_is_kept_each_time(tmp_path: Path) -> None:
    given = tmp_path / "mine.csv"
    with newsgraph.open(str(tmp_path / "news.kgl")) as graph:
        for number in range(1, 4):
            given.write_text(f"kind,stories,value\nrename,{AMAZON},Number {number}\n")
            notes = graph.load(SEEDS, corrections=given).notes
            assert bool([note for note in notes if "kept as" in note]) == (number > 1)
    for name, number in (("old.csv", 1), ("old-2.csv", 2), ("csv", 3)):
        assert f"Number {number}" in (tmp_path / f"news.corrections.{name}").read_text()
