"""The titles of the stories, one a line."""

from __future__ import annotations

from newsgraph.graph.exports.context import TextWriter, Writing
from newsgraph.graph.exports.registry import Format

FORMAT = Format("newsgraph_sample.titles", ".txt", "text", "readers in a hurry")


def write(writing: Writing, out: TextWriter) -> None:
    """Writes them by id."""
    for node in writing.nodes("Story"):
        out(writing.sanitiser.text(str(node.properties.get("title"))) + "\n")
