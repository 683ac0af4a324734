"""Plain YAML files: a page about an outlet or topic, an article with the names of front matter, or a list of articles
that is read as one in JSON is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from newsgraph.loaders.document import Document
from newsgraph.loaders.formats.yaml_front_matter import article_or_page, unreadable
from newsgraph.loaders.frontmatter import outlet_topic_pages
from newsgraph.loaders.frontmatter.complete_blocks import load_yaml
from newsgraph.loaders.frontmatter.fences import MAXIMUM, UnreadableError
from newsgraph.loaders.frontmatter.field_lines import field_lines
from newsgraph.loaders.intake.site_settings import SETTINGS
from newsgraph.loaders.records import Reading

FORMAT = "yaml"


def matches(document: Document) -> bool:
    """Tells whether the ending says so. YAML can't be recognised by its content."""
    return document.ending in (".yaml", ".yml")


def read(document: Document) -> Reading | None:
    """The page or the articles; None for YAML that has none, such as a site's settings."""
    text = document.text
    if document.path.rpartition("/")[2] in SETTINGS:
        return Reading(FORMAT, other="it is the settings of a site")
    try:
        if len(text) > MAXIMUM:
            raise UnreadableError(f"the YAML is larger than {MAXIMUM // 2**20} MB", "No page is; leave it out")
        data = load_yaml(text, 1)
    except UnreadableError as error:
        return unreadable(FORMAT, error, 0)
    if not isinstance(data, Mapping):
        return _listed(document, data)
    about = outlet_topic_pages.kind(data)
    if about is None and not ({"title", "headline"} & data.keys() and {"webUrl", "url", "link"} & data.keys()):
        return _listed(document, data)
    return article_or_page(FORMAT, data, lambda: field_lines(text, 1))


def _listed(document: Document, data: Any) -> Reading | None:
    """Returns the articles in a list; None if there are none."""
    from newsgraph.loaders.formats import json_plain  # noqa: PLC0415  # few YAML files hold a list
    from newsgraph.loaders.json.text import whole  # noqa: PLC0415

    reading = json_plain.read(document.narrowed(whole(data)))
    return None if reading is None else replace(reading, format=FORMAT)
