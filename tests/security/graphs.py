"""A small store of every label and property, including a store's internal ones, for the tests of promises."""

from __future__ import annotations

from datetime import UTC, datetime

from newsgraph.graph.batch import Batch, Edge, Node

#: Texts that must never be seen. Each is in an internal property of the store.
SECRETS = ("SECRET-FOLDER", "SECRET-RECORD", "SECRET-SAID", "SECRET-OUTLETS")
TIME = datetime(2026, 3, 2, 9, tzinfo=UTC)


def graph(stories: int = 20) -> Batch:
    """Stories in a chain, each at one of two outlets and of one topic."""
    nodes = [
        Node("Outlet", "a.example", {"name": "A", "stale": False}),
        Node("Outlet", "b.example", {"name": "B"}),
        Node("Topic", "weather", {"name": "Weather", "keywords": ("rain", "sun")}),
        Node("Source", "feed/1.md", {"path": "1.md", "records": '[{"title": "SECRET-RECORD"}]', "stamp": "1"}),
        Node(
            "Corpus",
            "corpus",
            {
                "schema_version": 1,
                "event_origin": "none",
                "folders": '{"feed": "/srv/SECRET-FOLDER/feed"}',
                "outlets": '"SECRET-OUTLETS"',
            },
        ),
    ]
    edges = []
    for number in range(stories):
        id_ = f"https://{'ab'[number % 2]}.example/{number:05}"
        nodes.append(
            Node(
                "Story",
                id_,
                {
                    "title": f"Rain in town {number}",
                    "excerpt": f"It rained {number} times in the town, and the river rose by {number * 7} cm.",
                    "url": id_,
                    "published_at": TIME,
                    "date_quality": "exact",
                    "heat": number,
                },
            )
        )
        said = f'{{"name": "SECRET-SAID {number}"}}'
        edges.append(Edge("PUBLISHED_BY", id_, f"{'ab'[number % 2]}.example", {"said": said}))
        edges.append(Edge("ABOUT", id_, "weather", {"said": said}))
        edges.append(Edge("MENTIONS", "feed/1.md", id_, {"role": "main"}))
        if number:
            before = f"https://{'ab'[(number - 1) % 2]}.example/{number - 1:05}"
            edges.append(Edge("RELATED_TO", id_, before, {"position": 0}))
    return Batch(nodes=nodes, edges=edges)
