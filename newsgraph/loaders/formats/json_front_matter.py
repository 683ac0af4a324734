"""Article files with JSON front matter, as Hugo writes them: an object, then a body."""

from __future__ import annotations

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.formats.yaml_front_matter import article_or_page
from newsgraph.loaders.json.articles import mapping_of
from newsgraph.loaders.records import Reading

FORMAT = "json front matter"


def matches(document: Document) -> bool:
    """Whether it is an object before other text, or alone in a file of articles."""
    if document.json is None:
        return False
    alone = document.json.kind == "object" and document.ending in (".md", ".markdown")
    return alone or document.json.kind == "front"


def read(document: Document) -> Reading | None:
    """The article in the file, or the page about an outlet or topic."""
    assert document.json is not None
    reader = RecordReader(GENERAL)
    metadata = mapping_of(document.json.elements[0], reader)
    if metadata is None:
        return Reading(FORMAT, problems=tuple(reader.problems))
    return article_or_page(FORMAT, metadata, document=document)
