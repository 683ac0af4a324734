"""Answers of the New York Times's article search and archive: ``{"response": {"docs": [...]}}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, read_articles, service_dialect
from newsgraph.loaders.markup.addresses import resolved
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("nyt", "web_url")
#: What addresses of its pictures are relative to.
_PICTURES = "https://static01.nyt.com/"
#: Whom its texts are from where they are not its own: a credit, no other outlet.
_CREDITS = frozenset({"AP", "The Associated Press", "Associated Press", "Reuters", "AFP", "Agence France-Presse"})


def matches(document: Document) -> bool:
    """Whether the first article has a headline of several kinds and the Times's name for addresses."""
    return isinstance(document.sample.get("headline"), Mapping) and "web_url" in document.sample


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, _named)


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "title": first_plain(item, "headline.main", "headline.print_headline", "headline.name"),
        "excerpt": first_plain(item, "abstract", "snippet", "lead_paragraph"),
        "web_url": item.get("web_url"),
        "kind": item.get("document_type"),
        "category": item.get("section_name") or item.get("news_desk"),
        "outlet_name": item.get("source") if item.get("source") not in _CREDITS else None,
        "topics": list(_keywords(item.get("keywords"))),
        "images": list(_pictures(item.get("multimedia"))),
        "published_at": item.get("pub_date"),
    }


def _keywords(given: Any) -> Iterator[Any]:
    """What it is about; people, organisations and places among the keywords are no topics."""
    for one in given if isinstance(given, list) else ():
        if isinstance(one, Mapping) and str(one.get("name", "subject")).lower() == "subject":
            yield one.get("value")
        elif isinstance(one, str):
            yield one


def _pictures(given: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(given, Mapping):  # as of 2025
        given = [one for one in (given.get("default"), given.get("thumbnail")) if isinstance(one, Mapping)]
    for one in (given if isinstance(given, list) else ())[:1]:
        if isinstance(one, Mapping) and isinstance(one.get("url"), str) and one["url"]:
            yield {"url": resolved(one["url"], _PICTURES), "width": one.get("width"), "height": one.get("height")}
