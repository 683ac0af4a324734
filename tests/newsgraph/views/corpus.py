"""Made-up corpora of any size for tests of pages and for ``bench/pages``, and the least store that holds one.

Titles and addresses are as long as those of real headlines (56 and 97 characters in the mean) and compress about as
well; all names are invented. The same arguments give the same corpus.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from newsgraph.graph.batch import Batch, Columns, Edge, Node, columns_of_edges, columns_of_nodes
from newsgraph.graph.schema import EDGES, NODE_TYPES, SURE, Story, Value
from newsgraph.graph.stores.protocol import Rows
from newsgraph.queries.asking.texts import packaged

START = datetime(2024, 3, 4, 6, 0, tzinfo=UTC)
CATEGORIES = ("business", "technology", "entertainment", "health", "politics", "sport")


@dataclass
class MemoryStore:
    """Nodes and edges in dicts: enough of a store for pages that read no Cypher."""

    labels: dict[str, dict[str, Node]] = field(default_factory=lambda: {one.label: {} for one in NODE_TYPES})
    types: dict[str, dict[tuple[str, str], Edge]] = field(default_factory=lambda: {name: {} for name in EDGES})

    url = "memory:"

    def node(self, label: str, identity: str, /, **properties: Value) -> str:
        self.labels[label][identity] = Node(label, identity, properties)
        return identity

    def edge(self, type: str, start: str, end: str, /, **properties: Value) -> None:
        self.types[type][start, end] = Edge(type, start, end, properties)

    def nodes(self, label: str, ids: Iterable[str] | None = None) -> Iterator[Node]:
        held = self.labels[label]
        for identity in sorted(held) if ids is None else dict.fromkeys(ids):
            if identity in held:
                yield held[identity]

    def edges(
        self, type: str, *, starts: Iterable[str] | None = None, ends: Iterable[str] | None = None
    ) -> Iterator[Edge]:
        start_set = None if starts is None else set(starts)
        end_set = None if ends is None else set(ends)
        for key in sorted(self.types[type]):
            if (start_set is None or key[0] in start_set) and (end_set is None or key[1] in end_set):
                yield self.types[type][key]

    def node_columns(self, label: str, names: Sequence[str]) -> Iterator[Columns]:
        return columns_of_nodes(self.nodes(label), names)

    def edge_columns(self, type: str, names: Sequence[str]) -> Iterator[Columns]:
        return columns_of_edges(self.edges(type), names)

    def columns(self) -> None: ...
    def records(self) -> None: ...

    def write(self, batch: Batch) -> None:
        raise NotImplementedError

    def save(self) -> None:
        raise NotImplementedError

    def query(self, text: str, parameters: Mapping[str, Any] | None = None, **_: object) -> Rows:
        # What the foot of a page says: its dates, and of the corpus nothing, for it wasn't loaded from anything.
        if text != packaged("lookups/story_span"):
            return Rows((), [])
        told = [node.properties for node in self.labels[Story.label].values()]
        sure = [one["published_at"] for one in told if one.get("date_quality") in SURE and one.get("published_at")]
        times = [time for time in sure if isinstance(time, datetime)]
        return Rows(("stories", "oldest", "newest"), [(len(told), min(times, default=None), max(times, default=None))])

    def user_query(self, text: str, parameters: Mapping[str, Any] | None = None, **_: object) -> Rows:
        raise NotImplementedError

    def close(self) -> None:
        return

    def __enter__(self) -> MemoryStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def batch(self) -> Batch:
        """Returns the whole corpus, for writing to a real store."""
        return Batch(
            nodes=[node for held in self.labels.values() for node in held.values()],
            edges=[edge for held in self.types.values() for edge in held.values()],
        )


def make(stories: int, *, seed: int = 1) -> MemoryStore:
    """A corpus of that many stories: events of 1 to some 120 stories (a few large, many small), one outlet and one to
    three topics a story, one in eight related to another of its event, one in twelve a copy, one in twenty of an
    unsure date."""
    chance = random.Random(seed)
    words = _invented_words(30_000)
    store = MemoryStore()
    outlet_count = max(6, int(stories**0.62))
    outlets = [
        store.node("Outlet", f"{'-'.join(chance.sample(words, 2))}-{i}.example", name=_titled(chance.sample(words, 2)))
        for i in range(outlet_count)
    ]
    for outlet in outlets:
        store.labels["Outlet"][outlet].properties["domain"] = outlet  # type: ignore[index]  # a dict here
    topics = [
        store.node("Topic", f"{word}-{i}", name=word.title())
        for i, word in enumerate(chance.sample(words, max(8, int(stories**0.55))))
    ]
    done = 0
    while done < stories:
        size = min(stories - done, max(1, int(chance.paretovariate(0.75))), 60 + chance.randrange(60))
        theme = chance.randrange(len(topics))
        category = CATEGORIES[theme % len(CATEGORIES)]
        subject = chance.sample(words, 5)
        begun = START + timedelta(seconds=chance.randrange(14 * 86_400))
        members: list[tuple[datetime, str, str, str]] = []
        for place in range(size):
            title = _headline(chance, words, subject)
            outlet = outlets[min(int(chance.expovariate(1) * outlet_count / 4), outlet_count - 1)]
            path = "-".join(title.lower().split())[:40].strip("-")
            address = (
                f"https://www.{outlet}/{category}/2024/{chance.randrange(1, 13):02}/{path}-{chance.randrange(10**8)}"
            )
            at = begun + timedelta(seconds=int(chance.expovariate(1 / 30_000)) if place else 0)
            unsure = chance.random() < 0.05
            store.node(
                "Story",
                address,
                title=title,
                url=address + ".html",
                published_at=at,
                category=category,
                kind="article",
                date_quality="date_only" if unsure else "exact",
                excerpt=" ".join(chance.choices(words, k=24)) + ".",
                quality=chance.randrange(100),
                published=True,
            )
            store.edge("PUBLISHED_BY", address, outlet)
            for topic in {theme, chance.randrange(len(topics)), (theme + chance.randrange(4)) % len(topics)}:
                store.edge("ABOUT", address, topics[topic])
            if members and chance.random() < 0.125:
                store.edge("RELATED_TO", address, chance.choice(members)[1], position=0)
            if members and chance.random() < 0.08:
                store.edge("COPY_OF", address, members[0][1], similarity=0.97)
            members.append((at, address, title, outlet))
        first = min(members)
        event = store.node(
            "Event",
            f"event:{done:06}",
            title=first[2],
            story_count=size,
            outlet_count=len({one[3] for one in members}),
            first_published_at=first[0],
            last_published_at=max(members)[0],
        )
        for _, address, _, _ in members:
            store.edge("COVERS", address, event, score=0.8)
        done += size
    return store


def _invented_words(count: int) -> list[str]:
    """Pronounceable words of no language, some short and frequent, as a language has them."""
    chance = random.Random(7)
    onsets, vowels, codas = (
        [
            "b",
            "d",
            "f",
            "g",
            "h",
            "k",
            "l",
            "m",
            "n",
            "p",
            "r",
            "s",
            "t",
            "v",
            "w",
            "br",
            "dr",
            "gl",
            "kr",
            "pl",
            "st",
            "tr",
        ],
        "aeiou",
        ("", "", "n", "r", "l", "s"),
    )
    words: dict[str, None] = {}
    while len(words) < count:
        syllables = range(2 + (len(words) > 2000) + (chance.random() < 0.3))
        words["".join(chance.choice(onsets) + chance.choice(vowels) + chance.choice(codas) for _ in syllables)] = None
    return list(words)


def _headline(chance: random.Random, words: list[str], subject: list[str]) -> str:
    common = [words[min(int(chance.expovariate(1 / 900)), len(words) - 1)] for _ in range(5)]
    chosen = [*chance.sample(subject, 3), *common]
    chance.shuffle(chosen)
    return " ".join(chosen).capitalize()


def _titled(words: list[str]) -> str:
    return " ".join(words).title()
