"""What a question is computed from is the same whether it comes from the rows of its text or from a store's columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from newsgraph.errors import StoreFormatError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.columnar.graph_columns import PARTS
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.stores.embedded import engine_file
from newsgraph.graph.stores.embedded.column_scans import parts_of
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.parameters import Kind
from newsgraph.queries.asking.question import Question
from newsgraph.queries.questions.events import EventRow
from newsgraph.queries.registry import QUESTIONS, question
from newsgraph.queries.statistics.ranking import Place, StoryOnEvent, confidence, order_of_coverage
from tests.queries.corpora import Told, fill
from tests.queries.test_against_reference import COUNTRIES, GROUPS, SHAPES, Shape, filters, stories

TABLED = [asked for asked in map(question, QUESTIONS) if asked.table is not None]
OWNERS = {"a.example": "One", "b.example": "One", "c.example": "Other"}


class TextOnly:
    """A store that has no columns at hand, as a server has none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def columns(self) -> None:
        """Returns nothing."""

    def records(self) -> None:
        """Returns nothing."""


def replaced(node: Node, **properties: Any) -> Node:
    """Returns the node with some of its properties replaced."""
    return Node(node.label, node.id, {**node.properties, **properties})


def filled(store: Store, shape: Shape) -> tuple[list[Told], Random]:
    """Writes the corpus of a shape, with what the plain generator doesn't make: stories of several outlets and events,
    outlets with facts, weak fits, fits of any size and none, and times before 1970."""
    random = Random(shape.seed)
    told = stories(shape, random)
    fill(store, told, GROUPS, COUNTRIES)
    outlets, events = ({getattr(one, name) for one in told} - {None} for name in ("outlet", "event"))
    edges = []
    for one in told:
        if outlets and random.random() < 0.2:
            edges.append(Edge("PUBLISHED_BY", one.id, random.choice(sorted(outlets))))
        if events and (one.event or random.random() < 0.2):
            on = one.event if one.event and random.random() < 0.7 else random.choice(sorted(events))
            fit = {"score": random.choice((0.12345, 0.5, 0.875))} if random.random() < 0.8 else {}
            edges.append(Edge("COVERS", one.id, on, fit | ({"weak_fit": True} if random.random() < 0.2 else {})))
    ids = sorted(outlets & OWNERS.keys())
    facts = [replaced(node, facts=(f"owner={OWNERS[node.id]}",)) for node in store.nodes("Outlet", ids)]
    old = datetime(1969, 7, 20, 20, 17, 39, 999_999, tzinfo=UTC)
    ids = [one.id for one in told if random.random() < 0.03]
    times = [replaced(node, title="Ünïcode: 月", published_at=old) for node in store.nodes("Story", ids)]
    store.write(Batch(facts + times, edges))
    return told, random


def asked_of(asked: Question[Any, Any], told: list[Told], shape: Shape, random: Random) -> Iterator[dict[str, Any]]:
    """Parameters of a question: none but those that it needs, all of the filters, and each further choice that it
    has."""
    outlets = sorted({one.outlet for one in told if one.outlet})
    if not outlets:
        return
    needed = {one.name: random.choice(outlets) for one in asked.declared if one.required and one.kind is Kind.OUTLET}
    yield needed
    known = {one.name for one in asked.declared}
    given = asdict(filters(shape, random, told, random.choice(("include", "exclude")), random.choice(("all", "sure"))))
    chosen = {name: value for name, value in given.items() if name in known and name not in needed and value}
    yield needed | chosen
    for one in asked.declared:
        if one.kind is Kind.COLUMN:
            columns = ["owner"] if OWNERS.keys() & set(outlets) else []
            for by in (*one.choices, *columns):
                yield needed | chosen | {one.name: by}


def check_same(store: Store, shape: Shape) -> None:
    """Asks every question that has a table, and compares the answers from columns with those from texts."""
    told, random = filled(store, shape)
    if not told:
        return
    assert store.columns() is None
    store.save()
    assert store.columns() is not None
    texts: Any = TextOnly(store)
    for asked in TABLED:
        for values in asked_of(asked, told, shape, random):
            ours, theirs = ask(store, asked.name, **values), ask(texts, asked.name, **values)
            assert ours.to_dicts() == theirs.to_dicts(), (asked.name, values)
            assert (ours.notes, ours.parameters) == (theirs.notes, theirs.parameters), (asked.name, values)
    check_events(store, texts)


def check_events(store: Store, texts: Store) -> None:
    """Compares the first outlets and their confidence with the rule for a single event."""
    on: dict[str, list[StoryOnEvent]] = {}
    event = question("events")
    for id, title, outlet, story, time, quality, is_copy, fit, weak in texts.query(
        event.text, event.query(event.parameters(copies="include"))
    ):
        one = (id, title, outlet or "", None, story, None, None, time, quality, is_copy, fit, weak)
        on.setdefault(str(id), []).append(StoryOnEvent(*one))  # type: ignore[arg-type]  # the text's columns
    kept = {id: [story for story in of if not story.is_copy] for id, of in on.items()}
    for row in ask(store, "events", min_outlets=0):
        _check_event(row, kept[row.event_id])


def _check_event(row: EventRow, told: list[StoryOnEvent]) -> None:
    places: list[Place] = order_of_coverage(told)
    sure = any(story.sure for story in told)
    leaders = [place.story.outlet for place in places if place.rank == 1] if sure else []
    assert row.first_outlet == ((leaders[0] or None) if len(leaders) == 1 else None)
    wanted = confidence(places, told) if sure else None
    assert row.confidence == (None if wanted is None else round(wanted, 4))


def test_columns_and_texts_give_the_same_answers(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "news.kgl")) as store:
        check_same(store, Shape(4, 40, 6, 8, 0.3, 0.2, 0.5))


@pytest.mark.slow
@given(shape=SHAPES)
@example(shape=Shape(7, 150, 6, 12, 0.2, 0.2, 0.3))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_they_do_so_whatever_the_corpus_and_the_filters(tmp_path: Path, shape: Shape) -> None:
    path = tmp_path / f"{abs(hash(shape))}.kgl"
    path.unlink(missing_ok=True)
    with open_store(str(path)) as store:
        check_same(store, shape)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "news.kgl"
    with open_store(str(path)) as store:
        filled(store, Shape(5, 60, 6, 8, 0.2, 0.2, 0.0))
    return path


def test_a_question_with_a_table_needs_only_the_columns_of_the_file(saved: Path) -> None:
    with open_store(str(saved), create=False, readonly=True, defer=True) as store:
        answers = [ask(store, asked.name, **_needed(asked)) for asked in TABLED]
        assert len(answers) == 13 and not store.loaded  # type: ignore[attr-defined]  # of the embedded store
        columns = store.columns()
    with open_store(str(saved), create=False, readonly=True) as store:
        parts = parts_of(store.engine_graph)  # type: ignore[attr-defined]  # of the embedded store
    assert columns is not None and parts is not None
    for name in PARTS:
        kept = columns._part(name)
        assert kept.keys() == parts[name].keys()
        assert all(kept[key].tolist() == parts[name][key].tolist() or key == "fit" for key in kept), name


def _needed(asked: Question[Any, Any]) -> dict[str, Any]:
    return {one.name: "a.example" for one in asked.declared if one.required}


def test_columns_follow_what_is_written(saved: Path) -> None:
    with open_store(str(saved), create=False) as store:
        before = ask(store, "date-quality").to_dicts()
        fill(store, [Told("new", "z.example", quality="seen")])
        after = ask(store, "date-quality").to_dicts()
        assert {row["outlet"] for row in after} - {row["outlet"] for row in before} == {"z.example"}
    with open_store(str(saved), create=False, readonly=True, defer=True) as store:
        assert ask(store, "date-quality").to_dicts() == after


def test_a_damaged_byte_of_the_columns_is_noticed(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[-200] ^= 1  # before the footer: the list of the arrays
    saved.write_bytes(content)
    for defer in (False, True):
        with (
            pytest.raises(StoreFormatError, match="it is damaged"),
            open_store(str(saved), create=False, readonly=True, defer=defer) as store,
        ):
            ask(store, "scoops")
    with pytest.raises(StoreFormatError, match="it is damaged"):
        open_store(str(saved), create=False)  # nobody writes to it either


def test_a_file_without_columns_gets_them_when_it_is_next_saved(saved: Path) -> None:
    with open_store(str(saved), create=False, readonly=True) as store:
        engine_file.save(store.engine_graph, saved, str(saved))  # type: ignore[attr-defined]  # as older versions did
    with open_store(str(saved), create=False, readonly=True) as store:
        assert store.columns() is None
        answer = ask(store, "scoops").to_dicts()
    with open_store(str(saved), create=False) as store:
        store.query("MATCH (s:Story) SET s.language = 'en'", write=True)
        store.save()
    with open_store(str(saved), create=False, readonly=True) as store:
        assert store.columns() is not None
        assert ask(store, "scoops").to_dicts() == answer


def test_a_load_that_is_under_way_saves_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "news.kgl"
    sizes = []
    for current in (False, True):
        with open_store(str(path)) as store:
            filled(store, Shape(5, 60, 6, 8, 0.2, 0.2, 0.0))
            Corpus.of(store).write(store, events_current=current)
        sizes.append(path.stat().st_size)
        with open_store(str(path), create=False, readonly=True, defer=True) as store:
            # Without columns in the file the text is asked.
            answer = ask(store, "topics-together", min_together=1)
            assert len(answer) > 0
            assert store.loaded != current  # type: ignore[attr-defined]  # of the embedded store
    assert sizes[0] < sizes[1]


def test_a_value_that_no_column_can_hold_leaves_the_text(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "news.kgl")) as store:
        fill(store, [Told("1", "a.example", "event:1"), Told("2", "b.example", "event:1", hours=1.0)])
        known = ask(store, "scoops", min_events=1).to_dicts()
        store.query("MATCH (s:Story) SET s.language = 3", write=True)
        store.save()
        assert store.columns() is None
        assert ask(store, "scoops", min_events=1).to_dicts() == known
