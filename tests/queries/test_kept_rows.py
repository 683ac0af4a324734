"""What a look-up reads from a store's file is the same that its text gives, and so is what words find."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from newsgraph.errors import NewsgraphError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.columnar import word_index
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from newsgraph.queries.asking import names
from newsgraph.queries.asking.find import all_hits, find, known_events
from newsgraph.queries.asking.kept_rows import KEPT, rows_of
from newsgraph.queries.provenance import corpus_hash
from newsgraph.views.registry import page_html
from tests.queries.corpora import START, Told
from tests.queries.test_against_reference import SHAPES, Shape, filters
from tests.queries.test_tables import TextOnly, filled, replaced

WORDS = ("dam", "dams", "Dämme", "d\u2019accord", "Kessock", "ferry", "ferries", "the", "of", "U.N.", "月の石", "ﬁre")
ASKED = ("first-to-cover", "coverage")
SEEN: dict[str, Any] = {"excerpt": "As it was.", "seen_at": START, "replaced_at": START + timedelta(hours=1)}
#: The look-ups that take ids of stories.
OF_STORIES = {
    *("lookups/events_of_stories", "lookups/story_times", "lookups/story_facts", "lookups/originals_of_stories"),
    *("lookups/topics_of_stories", "lookups/pictures_of_stories", "lookups/events_beside_stories"),
}


def retitled(store: Store, random: Random) -> None:
    """Gives stories and events titles of few words, some of them none; events labels and sizes; stories addresses."""
    stories, events = list(store.nodes("Story")), list(store.nodes("Event"))
    nodes = [replaced(node, title=title(random)) for node in stories if random.random() < 0.9]
    for node in (replaced(node, title=title(random), story_count=random.randint(0, 9)) for node in events):
        label = {"label": title(random)} if random.random() < 0.3 else {}
        nodes.append(replaced(node, **label) if random.random() < 0.8 else Node("Event", node.id, {}))
    addresses = [f"https://old.example/{random.randint(0, 20)}" for _ in stories]
    edges = {(address, random.choice(stories).id) for address in addresses}
    nodes += [Node("Address", address) for address in sorted(set(addresses))]
    nodes += [replaced(node, names=("The D\u00e4mme", node.id)) for node in store.nodes("Outlet")]
    nodes += [replaced(node, keywords=("dams", "ferry")) for node in store.nodes("Topic") if random.random() < 0.5]
    nodes += [replaced(node, url=node.id) for node in stories if random.random() < 0.5]
    nodes += [replaced(node, url=f"{node.id}?w=9") for node in store.nodes("Image") if random.random() < 0.5]
    nodes += [Node("Source", f"x/{n}.md", {"content_hash": f"{n:064}", "records": "[]"}) for n in range(4)]
    nodes.append(Node("Corpus", "corpus", {"event_origin": "derived", "no_authors": True, "folders": '{"x": "/x"}'}))
    store.write(Batch(nodes, [Edge("ADDRESS_OF", *ends) for ends in sorted(edges)]))
    counted = [one.id for one in nodes if one.label == "Event" and one.properties]
    store.write(edited(random, [one.id for one in stories], counted))


def edited(random: Random, stories: list[str], events: list[str]) -> Batch:
    """Earlier wordings of stories, some of them without an excerpt or a time, and events that follow others."""
    versions = {f"{(story := random.choice(stories))}#{n}": story for n in range(len(stories) // 4)}
    nodes = [
        Node("Version", id, {"title": title(random), "source": random.choice("ab")} | random.choice(({}, SEEN)))
        for id in versions
    ]
    edges = [Edge("VERSION_OF", id, story) for id, story in versions.items()]
    for place, event in enumerate(events):
        if place and random.random() < 0.6:
            said: dict[str, Any] = random.choice(({"score": 0.25, "related": 2}, {"score": 0.5}, {"related": 1}))
            edges.append(Edge("FOLLOWS", event, random.choice(events[:place]), said))
    return Batch(nodes, edges)


def title(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(0, 6)))


def parameters(name: str, told: list[Told], random: Random, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a text is asked about: things that are there, and some that aren't."""
    stories = [*random.choices([one.id for one in told], k=4), "https://no.example/"]
    events = [*random.choices([one.event for one in told if one.event] or [""], k=3), "event:none"]
    if name in OF_STORIES:
        yield {"ids": sorted(set(stories))}
    elif name == "lookups/stories_of_events":
        yield {"ids": sorted(set(events))}
    elif name == "lookups/story":
        yield from ({"id": id} for id in stories)
    elif name == "lookups/event":
        yield from ({"id": id} for id in events)
    elif name == "lookups/story_of_address":
        yield from ({"id": f"https://old.example/{number}"} for number in range(22))
    else:
        yield {}


def outcome(work: Callable[[], Any]) -> Any:
    """Returns what a call returns, or the error that it raises."""
    try:
        return work()
    except NewsgraphError as error:
        return type(error), str(error)


def check_same(store: Store, shape: Shape) -> None:
    told, random = filled(store, shape)
    if not told:
        return
    retitled(store, random)
    assert store.records() is None
    store.save()
    texts: Any = TextOnly(store)
    asked = asdict(filters(shape, random, told, "include", "all"))
    for name in KEPT:
        if name.startswith("lookups/") and name not in ("lookups/any_story", "lookups/events"):
            for values in parameters(name, told, random, asked):
                ours, theirs = rows_of(store, name, values), rows_of(texts, name, values)
                assert sorted(map(repr, ours)) == sorted(map(repr, theirs)), (name, values)
    assert known_events(store) == known_events(texts)
    edits = {name: value for name, value in asked.items() if value and name not in ("dates", "event")}
    for event in sorted({one.event for one in told if one.event})[:4]:
        for question in ASKED:
            for chosen in ({}, {name: value for name, value in asked.items() if value and name != "event"}):
                ours, theirs = (ask(one, question, event=event, **chosen) for one in (store, texts))
                assert (ours.to_dicts(), ours.notes) == (theirs.to_dicts(), theirs.notes), (question, event, chosen)
        for question, of in (("thread", {"event": event}), ("changes", {**edits, "event": [event]}), ("changes", {})):
            ours, theirs = (ask(one, question, **of) for one in (store, texts))
            assert (ours.to_dicts(), ours.notes) == (theirs.to_dicts(), theirs.notes), (question, of)
        pages = [outcome(lambda: page_html("timeline", one, event=event)) for one in (store, texts)]  # noqa: B023  # at once
        assert pages[0] == pages[1], event
    assert corpus_hash(store) == corpus_hash(texts)
    check_words(store, texts, random, told)


def check_words(store: Store, texts: Store, random: Random, told: list[Told]) -> None:
    """Compares what words, addresses and names find."""
    given = [*WORDS[::2], "da", "dam Kessock", "the of", "nothing", told[0].id, *(title(random) for _ in range(4))]
    given += [told[0].event or "event:none", "https://old.example/3", "ferry https", "old.example", told[0].name]
    for words in given:
        found = outcome(lambda: find(store, words))  # noqa: B023  # at once
        assert found == outcome(lambda: find(texts, words)), words  # noqa: B023  # likewise
        if isinstance(found, list):
            assert (len(all_hits(store, words)), find(store, words, limit=2)) == (len(found), found[:2]), words
        for resolve in (names.resolve_event, names.resolve_story, names.resolve_thing, names.resolve_outlet):
            ours, theirs = (outcome(lambda: resolve(one, words)) for one in (store, texts))  # noqa: B023  # likewise
            assert ours == theirs, (resolve, words)


def test_records_and_texts_give_the_same(tmp_path: Path) -> None:
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


#: Runs a command, and prints which large libraries it imported.
LIBRARIES = """
import sys
from newsgraph.cli import main
try:
    main()
finally:
    print(*sorted({"kglite", "numpy", "scipy", "pandas"}.intersection(sys.modules)), file=sys.stderr)
"""


def test_a_look_up_needs_neither_the_graph_nor_numpy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "news.kgl")
    with open_store(path) as store:
        told, random = filled(store, Shape(5, 60, 6, 8, 0.2, 0.2, 0.0))
        retitled(store, random)
    event = next(one for one in told if one.event and one.outlet and "." in one.outlet)
    with open_store(path, create=False, readonly=True, defer=True) as store:
        for given in (event.event, event.id):
            assert outcome(lambda: ask(store, "first-to-cover", event=given)) is not None  # noqa: B023  # at once
        assert find(store, "dam")
        assert names.resolve_outlet(store, event.outlet or "") == event.outlet
        assert Corpus.of(store).event_origin == "derived"
        for page in ("timeline", "attention", "topics", "lead-lag", "report"):
            assert (event.event or "") in page_html(page, store, event=event.event)
        assert not store.loaded  # type: ignore[attr-defined]  # of the embedded store
        command_line = ("ask", "first-to-cover", event.event or "", "--format", "csv", "--store", path)
        asked = [sys.executable, "-c", LIBRARIES, *command_line]
        command = subprocess.run(asked, capture_output=True, text=True, check=True)
        assert command.stdout.startswith("rank,outlet") and command.stderr.splitlines()[-1] == ""
        monkeypatch.setattr(word_index, "EDITION", "of another Python")
    with open_store(path, create=False, readonly=True, defer=True) as store:
        assert find(store, "dam"), "the words are found by the text"
