"""Plain YAML files: a page about an outlet or topic, or an article with the names of front matter."""

from __future__ import annotations

from collections.abc import Mapping

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
    """The page or the article; None for YAML that is neither, such as a site's settings."""
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
        return None
    about = outlet_topic_pages.kind(data)
    if about is None and not ({"title", "headline"} & data.keys() and {"webUrl", "url", "link"} & data.keys()):
        return None
    return article_or_page(FORMAT, data, lambda: field_lines(text, 1))
