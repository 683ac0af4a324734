"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.json.text import Element
from newsgraph.loaders.markup.addresses import is_web, resolved
from newsgraph.loaders.markup.feed_entries import outlet_name
from newsgraph.loaders.markup.plain_text import headline, plain
from newsgraph.loaders.records import Reading

DIALECT = Dialect(
    name="json feed",
    fields={
        "title": ("title",),
        "excerpt": ("summary", "content_text"),
        "url": ("url", "id"),
        "language": ("language",),
        "topics": ("tags",),
        "outlet_name": ("outlet_name",),
        "authors": ("authors", "author"),
    },
    time=("date_published",),
    seen=("date_modified",),
    images=("image", "banner_image"),
    left_out=frozenset({"content_html", "content_text", "attachments", "external_url"}),
)
#: An item may have its whole text instead of a summary.
EXCERPT = 500


def matches(document: Document) -> bool:
    """Whether it says so."""
    return "jsonfeed.org/version/" in str(document.envelope.get("version", ""))


def read(document: Document) -> Reading:
    """The items, in order."""
    assert document.json is not None
    elements = tuple(replace(one, value=_named(one, one.envelope)) for one in document.json.elements)
    return read_articles(document.narrowed(replace(document.json, elements=elements)), DIALECT)


def _named(element: Element, feed: Mapping[str, Any]) -> Any:
    item = element.value
    if type(item) is not dict:
        return item
    named = dict(item)
    home = feed.get("home_page_url") or feed.get("feed_url")
    given = next((one for name in ("url", "id") if isinstance(one := item.get(name), str) and one), None)
    link = resolved(given, home if isinstance(home, str) else None)
    if not item.get("url") and not (is_web(given) or (given or "").startswith("/")):
        link = None  # an id that is no address
    named.pop("id", None)
    named["url"] = link
    named["outlet_name"] = outlet_name(feed.get("title"), feed.get("home_page_url"), link)
    if not (item.get("authors") or item.get("author")):
        named["authors"] = feed.get("authors") or feed.get("author")
    named.setdefault("language", feed.get("language"))
    body = item.get("content_text")
    if isinstance(body, str) and len(body) > EXCERPT:
        named["content_text"] = body[:EXCERPT].rsplit(" ", 1)[0] + " ..."
    if not item.get("title"):
        named["title"] = headline(_text(item))
    return {
        name: plain(value) if name == "title" and isinstance(value, str) else value for name, value in named.items()
    }


def _text(item: Mapping[str, Any]) -> str | None:
    """Returns the text of an item, which may stand for its title."""
    for name in ("summary", "content_text", "content_html"):
        given = item.get(name)
        if isinstance(given, str) and (text := plain(given)):
            return text
    return None
