"""Stories drawn at random and judged one by one: what they say about all events."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsgraph.cli import cli
from newsgraph.cli.decisions.events_review import reviewed
from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.graph.events.review import Suspect
from newsgraph.graph.events.sampling import SAMPLE, Judged, judged, sample
from newsgraph.graph.events.sync import derive_events, read_derivation
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.researcher.correcting import correct, decision_states, kept_corrections
from newsgraph.queries.statistics.measures import wilson
from tests.loaders.snapshots import snapshot

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "news.kgl")
    with open_store(path) as store:
        load(store, [SEEDS])
        derive_events(store)
    return path


@pytest.fixture
def store(path: str) -> Iterator[Store]:
    with open_store(path) as store:
        yield store


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def answers(store: Store) -> Judged:
    decided = kept_corrections(store).corrections
    return judged(store, decided, decision_states(store, decided))


def drawn(store: Store, number: int = 1000, seed: int = 0) -> list[Suspect]:
    return sample(store, kept_corrections(store).corrections, number, seed)


def judge(store: Store, number: int, keys: str) -> list[str]:
    """The stories that were shown, judged by these keys in turn."""
    shown = drawn(store, number)
    pressed = iter(keys)
    reviewed(store, shown, lambda: next(pressed), lambda line: None, "Ada")
    return [one.story for one in shown]


def test_what_is_drawn_are_originals_of_events_of_several_in_an_order_that_stays(store: Store) -> None:
    derivation = read_derivation(store)
    copies = {copy.story_id for copy in derivation.copies}
    able = {
        member.story_id
        for event in derivation.events
        if sum(one.story_id not in copies for one in event.members) > 1
        for member in event.members
        if member.story_id not in copies
    }
    every = drawn(store)
    assert {one.story for one in every} == able and len(every) == len(able)
    together = {member.story_id: event.id for event in derivation.events for member in event.members}
    assert all(one.story != one.other and together[one.story] == together[one.other] for one in every)
    assert [one.story for one in drawn(store, 5)] == [one.story for one in every][:5]
    assert [one.story for one in drawn(store, 5, seed=1)] != [one.story for one in every][:5]


def test_answers_are_kept_and_say_how_right_the_events_are(path: str, store: Store) -> None:
    before = snapshot(store)
    first = judge(store, 4, "yn\ry")  # the third is skipped
    made = list(kept_corrections(store).corrections)
    assert [(one.kind, one.value) for one in made] == [
        (Kind.JOIN, SAMPLE), (Kind.SPLIT, SAMPLE), (Kind.JOIN, SAMPLE)
    ]  # fmt: skip
    found = answers(store)
    assert (found.right, found.judged, found.others) == (2, 3, 0)
    again = [one.story for one in drawn(store)]
    assert again[0] == first[2], "what was skipped comes again"
    assert not set(again) & {first[0], first[1], first[3]}
    # The one that didn't belong is out of its event, and nobody went along.
    event_of = {m.story_id: e.id for e in read_derivation(store).events for m in e.members}
    assert list(event_of.values()).count(event_of[first[1]]) == 1
    store.save()

    scored = run("events", "score", "--store", path, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(scored.stdout))
    low, high = wilson(2, 3) or (0, 1)
    assert (row["measure"], row["of"]) == ("belongs to its event", "3")
    assert [float(row[name]) for name in ("value", "low", "high")] == pytest.approx([2 / 3, low, high])
    assert f"2 of 3 right; drawn from {found.drawn_from} stories" in scored.stderr
    assert "different events" in scored.stderr
    correct(store, Corrections())
    assert snapshot(store) == before


def test_decisions_that_were_not_drawn_and_those_overruled_do_not_count(store: Store) -> None:
    shown = drawn(store, 3)
    judge(store, 1, "y")
    weakest = Decision(Kind.SPLIT, (shown[1].story,), apart=(shown[1].other,), reason="review: seam")
    overruling = Decision(Kind.SPLIT, (shown[0].story,), apart=(shown[0].other,))
    correct(store, kept_corrections(store).corrections.adding(weakest))
    assert shown[1].story not in {one.story for one in drawn(store)}
    found = answers(store)
    assert (found.right, found.judged, found.others) == (1, 1, 1)
    correct(store, kept_corrections(store).corrections.adding(overruling))
    assert answers(store).judged == 0


def test_without_labels_and_without_a_sample_it_says_what_to_do(path: str) -> None:
    said = run("events", "score", "--store", path)
    assert said.exit_code != 0 and "events review --random 100" in str(said.exception or said.output)
    listed = run("events", "review", "--random", "3", "--store", path)
    assert len(listed.output.splitlines()) == 3 and "drawn at random" in listed.output


def test_answers_are_those_of_the_file_of_decisions_when_it_was_edited(path: str) -> None:
    with open_store(path) as store:
        first = judge(store, 3, "yyy")
    kept = Path(path).with_suffix(".corrections.csv")
    kept.write_text("".join(kept.read_text().splitlines(keepends=True)[:-1]))
    scored = run("events", "score", "--store", path)
    assert scored.exit_code == 0 and "2 of 2 right" in scored.stderr and "1 decision fewer" in scored.stderr
    with open_store(path) as store:
        assert [one.story for one in drawn(store, 1)] == first[-1:], "it is drawn again"
