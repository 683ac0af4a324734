"""The examples of docs/formats.md: each a file and what it adds to the graph, as the page shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsgraph.graph.schema import Value
from newsgraph.graph.stores.protocol import Store

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
_EXAMPLE = re.compile(r"^`([\w./-]+)`:\n\n```\w*\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A file's name, its text, and what the page says that it gives."""

    name: str
    text: str
    gives: str


def examples() -> list[Example]:
    """Every example of the page, in order."""
    return [Example(*found.groups()) for found in _EXAMPLE.finditer(PAGE.read_text("utf-8"))]


def shown(store: Store) -> str:
    """Stories with what they point at, then outlets and topics that pages describe, as the page writes them."""
    return "".join(f"{line}\n" for line in _lines(store))


_NAMED = (("AUTHORED_BY", "Author"), ("MENTIONS_ENTITY", "Entity"))


def _lines(store: Store) -> Iterator[str]:
    for story in store.nodes("Story"):
        yield f"Story {story.id}"
        for name, value in story.properties.items():
            if name != "url":
                yield f"  {name}: {_written(value)}"
        for type, label in (("PUBLISHED_BY", "Outlet"), ("ABOUT", "Topic"), ("HAS_IMAGE", "Image"), *_NAMED):
            for edge in sorted(store.edges(type, starts=[story.id]), key=lambda edge: edge.end):
                (end,) = store.nodes(label, [edge.end])
                yield f"  {type} {edge.end}{_name(end.properties.get('name'), edge.end)}"
        for edge in store.edges("RELATED_TO", starts=[story.id]):
            yield f"  RELATED_TO {edge.end}"
    for label, type in (("Outlet", "DESCRIBES_OUTLET"), ("Topic", "DESCRIBES_TOPIC")):
        for id in sorted({edge.end for edge in store.edges(type)}):
            (node,) = store.nodes(label, [id])
            yield f"{label} {id}"
            for name, value in node.properties.items():
                yield f"  {name}: {_written(value)}"
            for edge in store.edges("SUBTOPIC_OF", starts=[id]) if label == "Topic" else ():
                yield f"  SUBTOPIC_OF {edge.end}"


def _name(name: Value | None, id: str) -> str:
    return f" ({name})" if name is not None and name != id else ""


def _written(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
