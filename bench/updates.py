"""What an update of events costs, beside deriving all of them, for several kinds of change.

    python bench/updates.py FOLDER [--only NAME] [--weeks N] [--change NAME] [--store]

``FOLDER`` holds ``headlines-tuning.csv`` (see ``events.py``). The corpora made of it:

- ``headlines``: the four days as they are, large events beside each other;
- ``weeks``: the same twelve times, each a week later, one word in eight replaced by one of that week's own. The same
  events return each week, so that most of their words are background;
- ``small``: events of a realistic size, twice beside each other in each of thirteen weeks (or ``--weeks``), with names
  of their own in each: new events every week.

The changes: one title edited in the middle, the newest 1 % of all stories added, as many where they are the first ones
of an era of the background (see ``graph.events.text.background``), a hundredth of the titles of one week edited, as
many edits as 1 % of all stories but all in one week, 1 % of all titles edited anywhere, and 1 % of all stories removed
anywhere. An edit replaces one word by one of another title. Prints CPU seconds, their share of deriving all, and
whether the update gives the same; ends with 1 if one doesn't. With ``--store``, the stories are in a store on disk, and
both columns are all that a load does after the stories are written: reading the events and texts, the events, the
threads, writing what is new, and saving.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._events import timed
from bench._measure import table
from bench.events import Labelled, corpus, read
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.events import Derivation, EventSettings, StoryText, derive, update
from newsgraph.graph.events.moments import moment_of
from newsgraph.graph.events.sync import derive_events, read_derivation
from newsgraph.graph.events.text.background import background, span_seconds
from newsgraph.graph.events.text.texts import language
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from tests.graph.events.sources import Listed

Stories = dict[str, StoryText]
NAME_WEIGHT = 8.0
HEADER = ("change", "stories", "in other events", "update", "deriving all", "share", "equal")
WEEKS, BESIDE = 13, 2


def small_events(rows: Labelled, weeks: int = WEEKS) -> list[StoryText]:
    """The thin headlines again and again, with the rare words renamed each time: other names, the same language."""
    term = language("en", EventSettings()).term
    found = []
    for week in range(weeks):
        for copy in range(BESIDE):
            tail = "".join(chr(ord("a") + int(digit)) for digit in f"{week * BESIDE + copy:03d}")
            for story, _, thin in rows:
                if not thin or story.published_at is None:
                    continue
                words = [
                    word + tail
                    if len(word) > 3 and word.isalpha() and term(word.casefold())[1] >= NAME_WEIGHT
                    else word
                    for word in story.title.split(" ")
                ]
                later = timedelta(weeks=week, hours=7 * copy)
                found.append(
                    replace(
                        story,
                        id=f"{story.id}#{week}-{copy}",
                        title=" ".join(words),
                        published_at=story.published_at + later,
                    )
                )
    return found


CORPORA: Mapping[str, Callable[[Labelled], list[StoryText]]] = {
    "headlines": lambda rows: [story for story, _, _ in rows],
    "weeks": lambda rows: corpus(rows, 12),
    "small": small_events,
}


def begins_era(stories: list[StoryText], part: int) -> tuple[Stories, Stories] | None:
    """The first stories of the last era of the background, so many as ``part``, added; None if there is one era."""
    settings = EventSettings()
    eras = background(stories, settings).eras
    if len(eras) < 2:
        return None
    begins = moment_of(eras[-1].begins * span_seconds(settings))
    count = sum(story.published_at is not None and story.published_at < begins for story in stories)
    return ({one.id: one for one in stories[:count]}, {one.id: one for one in stories[: count + part]})


def changes(stories: list[StoryText]) -> dict[str, tuple[Stories, Stories]]:
    """What each change makes of the stories, given in order of time: those before it and those after it."""
    chance = random.Random(7)
    part = max(1, len(stories) // 100)
    words = [word for story in stories for word in story.title.split()]
    middle = stories[len(stories) // 2].published_at
    assert middle is not None
    week = [
        story
        for story in stories
        if story.published_at is not None and abs(story.published_at - middle) <= timedelta(days=3.5)
    ]

    def edited(chosen: list[StoryText]) -> tuple[Stories, Stories]:
        after = {story.id: story for story in stories}
        for story in chosen:
            title = story.title.split()
            title[chance.randrange(len(title))] = chance.choice(words)
            after[story.id] = replace(story, title=" ".join(title))
        return {story.id: story for story in stories}, after

    def gone(chosen: list[StoryText]) -> tuple[Stories, Stories]:
        ids = {story.id for story in chosen}
        return {story.id: story for story in stories}, {one.id: one for one in stories if one.id not in ids}

    newest = stories[-part:]
    era = begins_era(stories, part)
    return {
        "one edited": edited([stories[len(stories) // 2]]),
        "newest 1 % added": gone(newest)[::-1],
        **({} if era is None else {"1 % that begin an era added": era}),
        "1 % of a week edited": edited(chance.sample(week, max(1, len(week) // 100))),
        "1 % edited in a week": edited(chance.sample(week, min(part, len(week)))),
        "1 % edited anywhere": edited(chance.sample(stories, part)),
        "1 % removed anywhere": gone(chance.sample(stories, part)),
    }


Measured = tuple[float, float, Derivation, bool]
"""CPU seconds of the update and of deriving all, the second's result, and whether the first has the same."""


def altered(before: Stories, after: Stories) -> set[str]:
    return {id for id in before.keys() | after.keys() if before.get(id) != after.get(id)}


def in_memory(was: Derivation, before: Stories, after: Stories) -> Measured:
    changed = altered(before, after)
    former = {id: before[id] for id in changed & before.keys()}
    spent, found = timed(lambda: update(was, Listed(after.values()), changed, former=former))
    whole, fresh = timed(lambda: derive(after.values()))
    return spent, whole, fresh, found == fresh


def in_store(was: Derivation, before: Stories, after: Stories) -> Measured:
    changed = altered(before, after)
    former = {id: before[id] for id in changed & before.keys()}
    gone = changed - after.keys()
    left = {member.story_id: event.id for event in was.events for member in event.members if member.story_id in gone}
    with TemporaryDirectory() as folder:
        with open_store(f"{folder}/updated.kgl") as store:
            write(store, before)
            derive_events(store)
            write(store, {id: after[id] for id in changed & after.keys()})
            store.write(Batch(gone_nodes=[("Story", id) for id in sorted(gone)]))
            spent, _ = timed(lambda: derive_events(store, changed=changed, left=left, former=former))
            found = read_derivation(store), sorted(store.edges("FOLLOWS"), key=itemgetter(1))
        with open_store(f"{folder}/fresh.kgl") as store:
            write(store, after)
            whole, _ = timed(lambda: derive_events(store))
            fresh = read_derivation(store), sorted(store.edges("FOLLOWS"), key=itemgetter(1))
    return spent, whole, fresh[0], found == fresh


def write(store: Store, stories: Stories) -> None:
    """Writes what the events depend on; the stories have no excerpts and list none as related."""
    nodes, edges = [], []
    for id, one in stories.items():
        assert one.published_at is not None
        assert one.outlet is not None
        nodes.append(Node("Story", id, {"title": one.title, "published_at": one.published_at, "date_quality": "exact"}))
        nodes.append(Node("Outlet", one.outlet))
        edges.append(Edge("PUBLISHED_BY", id, one.outlet, {"said": json.dumps({"name": one.outlet_name})}))
    store.write(Batch(nodes, edges))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=list(CORPORA))
    parser.add_argument("--weeks", type=int, default=WEEKS, help="of the corpus of small events")
    parser.add_argument("--change", help="one kind of change alone")
    parser.add_argument("--store", action="store_true", help="with all that a load reads and writes for it")
    options = parser.parse_args()
    labelled = read(options.folder)
    unequal = 0
    corpora = {**CORPORA, "small": partial(small_events, weeks=options.weeks)}
    for name, make in corpora.items():
        if options.only not in (None, name):
            continue
        stories = sorted(make(labelled), key=lambda story: (story.published_at, story.id))
        derived = {}
        rows: list[tuple[str, ...]] = [HEADER]
        found_changes = changes(stories)
        if options.change not in (None, *found_changes):
            parser.error(f"no change is named {options.change!r}; there are: {', '.join(found_changes)}")
        for change, (before, after) in found_changes.items():
            if options.change not in (None, change):
                continue
            if len(before) not in derived:
                derived[len(before)] = derive(before.values())
            was = derived[len(before)]
            spent, whole, fresh, equal = (in_store if options.store else in_memory)(was, before, after)
            other = sum(event.story_count for event in set(fresh.events) - set(was.events))
            unequal += not equal
            print(f"{name}, {change}: {spent / whole:.3f}", file=sys.stderr)
            rows.append(
                (change, f"{len(altered(before, after)):,}", f"{other / len(after):.0%}", f"{spent:.2f}",
                 f"{whole:.2f}", f"{spent / whole:.3f}", "yes" if equal else "NO")
            )  # fmt: skip
        table(f"{name}: {len(stories):,} stories, CPU seconds", rows)
    return 1 if unequal else 0


if __name__ == "__main__":
    sys.exit(main())
