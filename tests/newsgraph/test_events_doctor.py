"""What looks wrong in events without labels, and what to type."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsgraph.cli import cli
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.events import Background, Era, EventSettings, StoryText
from newsgraph.graph.events.diagnosis import Problem, background_part, diagnose
from newsgraph.graph.events.text.background import terms_of
from newsgraph.graph.events.text.texts import read
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store

START = datetime(2021, 3, 1, tzinfo=UTC)
SEEDS = Path(__file__).parents[2] / "seeds"


def filled(sizes: dict[str, list[float]], hours: float = 1.0, step: float = 0.0) -> Store:
    """A store with an event for each name, a story for each score; an event begins ``step`` hours after the last."""
    store = open_store("networkx:")
    nodes: list[Node] = []
    edges: list[Edge] = []
    for number, (event, scores) in enumerate(sizes.items()):
        times = [START + timedelta(hours=number * step + place * hours) for place in range(len(scores))]
        span = {"first_published_at": times[0], "last_published_at": times[-1]}
        nodes.append(
            Node("Event", event, {"title": event, "label": "", "story_count": len(scores), "outlet_count": 1, **span})
        )
        for place, (score, time) in enumerate(zip(scores, times, strict=True)):
            id = f"https://{event}.example/{place}"
            nodes.append(Node("Story", id, {"title": id, "date_quality": "exact", "published_at": time}))
            edges.append(Edge("COVERS", id, event, {"score": score, "weak_fit": False}))
    store.write(Batch(nodes=nodes, edges=edges))
    return store


def test_a_large_event_is_one_that_holds_much_of_its_days() -> None:
    small = {f"s{number}": [1.0] for number in range(600)}
    with filled({"big": [0.8] * 20} | small, hours=0.1) as store:
        found = diagnose(store)
        (one,) = found.findings
        assert (one.problem, one.event, one.stories) == (Problem.LARGE, "big", 20)
        assert one.value == pytest.approx(20 / 620, abs=1e-4)
        assert one.command[:3] == ("newsgraph", "events", "why")
        assert (found.events, found.stories, found.advice) == (601, 620, ())
    with filled({"big": [0.8] * 20} | {f"s{number}": [1.0] for number in range(700)}, hours=0.1) as store:
        assert diagnose(store).findings == ()
    with filled({"few": [0.8] * 19}) as store:
        assert diagnose(store).findings == ()


def test_loose_groups_are_told_with_the_stories_to_split_off_and_a_threshold() -> None:
    with filled({"loose": [0.6, 0.5, 0.4, 0.1], "tight": [0.9, 0.8, 0.9], "two": [0.1, 0.1]}, step=2000) as store:
        found = diagnose(store)
        (one,) = found.findings
        assert (one.problem, one.event, one.value) == (Problem.LOW_FIT, "loose", 0.4)
        assert one.command == ("newsgraph", "events", "split", "loose", "https://loose.example/3", "--dry-run")
        assert "--threshold 0.165 (now 0.11)" in found.advice[0]


def test_background_words_that_hold_a_group_together_are_named() -> None:
    settings = EventSettings()
    stories = [
        StoryText(str(number), f"Power platform {tail}", language="en")
        for number, tail in enumerate(("gains charts", "drops connectors", "adds offline maps"))
    ]
    levels = dict.fromkeys(terms_of(read(StoryText("x", "Power platform", language="en")), settings), 1)
    always = Background((1,), (Era(1, levels),))
    share, words = background_part(stories, always, settings)
    assert share == 1.0 and {"power", "platform"} <= set(words)
    assert background_part(stories, Background(), settings) == (0.0, ())
    assert background_part(stories[:1], always, settings) == (0.0, ())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_the_command_gives_rows_and_commands_that_work(tmp_path: Path) -> None:
    store = str(tmp_path / "news.kgl")
    assert run("load", str(SEEDS), "--store", store).exit_code == 0
    fine = run("events", "doctor", "--store", store, "--format", "json")
    assert json.loads(fine.stdout) == [] and "0 of 14 events look wrong (46 stories)" in fine.stderr
    joined = run("events", "join", "wind farm", "oyster beds", "bottle deposit", "--yes", "--store", store)
    assert joined.exit_code == 0, joined.output
    wrong = run("events", "doctor", "--store", store, "--format", "json")
    rows = json.loads(wrong.stdout)
    assert rows and {"problem", "event_id", "event_title", "stories", "value", "limit", "why", "do"} == set(rows[0])
    for row in rows:
        done = run(*shlex.split(row["do"])[1:], "--store", store)
        assert done.exit_code == 0, done.output
