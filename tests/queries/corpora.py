"""Small corpora of invented stories, written to a store directly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.protocol import Store

START = datetime(2020, 6, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """One invented story. ``hours`` counts from START; None means that it has no time."""

    name: str
    outlet: str | None = None
    event: str | None = None
    hours: float | None = 0.0
    quality: str = "exact"
    copy_of: str | None = None
    topics: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    title: str = ""
    agency: str | None = None
    language: str | None = None
    country: str | None = None

    @property
    def id(self) -> str:
        return f"https://news.example/{self.name}"

    @property
    def time(self) -> datetime | None:
        return None if self.hours is None else START + timedelta(hours=self.hours)


@dataclass
class Corpus:
    """Stories and everything that belongs to them."""

    told: Sequence[Told]
    groups: dict[str, str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)

    def batch(self) -> Batch:
        """Every node and edge that the stories imply."""
        nodes: dict[tuple[str, str], Node] = {}
        edges: list[Edge] = []

        def node(label: str, id: str, **properties: object) -> None:
            nodes.setdefault((label, id), Node(label, id, properties))  # type: ignore[arg-type]  # values are of the schema

        for one in self.told:
            title = one.title or f"Story {one.name}"
            properties: dict[str, object] = {"title": title, "url": f"{one.id}?as=written", "date_quality": one.quality}
            if one.time is not None:
                properties["published_at"] = one.time
            for name in ("agency", "language", "country"):
                if getattr(one, name) is not None:
                    properties[name] = getattr(one, name)
            node("Story", one.id, **properties)
            if one.outlet is not None:
                group = {"group": self.groups[one.outlet]} if one.outlet in self.groups else {}
                country = {"country": self.countries[one.outlet]} if one.outlet in self.countries else {}
                node("Outlet", one.outlet, domain=one.outlet, name=f"The {one.outlet}", **group, **country)
                edges.append(Edge("PUBLISHED_BY", one.id, one.outlet))
            if one.event is not None:
                node("Event", one.event, title=f"Event {one.event}", **self._size(one.event))
                edges.append(Edge("COVERS", one.id, one.event, {"score": 1.0}))
            if one.copy_of is not None:
                edges.append(Edge("COPY_OF", one.id, f"https://news.example/{one.copy_of}", {"similarity": 0.9}))
            for topic in one.topics:
                node("Topic", topic, name=topic.title())
                edges.append(Edge("ABOUT", one.id, topic))
            for place, image in enumerate(one.images):
                node("Image", image, url=image)
                edges.append(Edge("HAS_IMAGE", one.id, image, {"position": place}))
            for place, other in enumerate(one.related):
                edges.append(Edge("RELATED_TO", one.id, f"https://news.example/{other}", {"position": place}))
        return Batch(list(nodes.values()), edges)

    def _size(self, event: str) -> dict[str, object]:
        on = [one for one in self.told if one.event == event]
        times = [one.time for one in on if one.time is not None]
        size: dict[str, object] = {
            "story_count": len(on),
            "outlet_count": len({one.outlet for one in on if one.outlet}),
        }
        return size | ({"first_published_at": min(times), "last_published_at": max(times)} if times else {})


def fill(
    store: Store,
    told: Iterable[Told],
    groups: dict[str, str] | None = None,
    countries: dict[str, str] | None = None,
) -> Store:
    """Writes the stories to the store, and returns it."""
    store.write(Corpus(list(told), groups or {}, countries or {}).batch())
    return store
