"""Answers of the New York Times's article search and archive: ``{"response": {"docs": [...]}}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.graph.agencies import agency_named
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.entities import entity, kind_of
from newsgraph.loaders.json.articles import first_plain, read_articles, service_dialect
from newsgraph.loaders.markup.addresses import resolved
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("nyt", "web_url")
#: The address that addresses of its pictures are relative to.
_PICTURES = "https://static01.nyt.com/"


def matches(document: Document) -> bool:
    """Whether the first article has a headline of several kinds and the Times's name for addresses."""
    return isinstance(document.sample.get("headline"), Mapping) and "web_url" in document.sample


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, _named)


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    keywords = item["keywords"] if isinstance(item.get("keywords"), list) else []
    return {
        "title": first_plain(item, "headline.main", "headline.print_headline", "headline.name"),
        "excerpt": first_plain(item, "abstract", "snippet", "lead_paragraph"),
        "web_url": item.get("web_url"),
        "kind": item.get("document_type"),
        "category": item.get("section_name") or item.get("news_desk"),
        "outlet_name": None if _credited(item) else item.get("source"),
        "credit": _credited(item),
        "authors": _authors(item.get("byline")),
        "entities": [
            entity(_turned(one.get("value")), kind_of(one.get("name"))) for one in keywords if isinstance(one, Mapping)
        ],
        "topics": list(_keywords(item.get("keywords"))),
        "images": list(_pictures(item.get("multimedia"))),
        "published_at": item.get("pub_date"),
    }


def _credited(item: Mapping[str, Any]) -> str | None:
    """Returns the agency that the text comes from, if it isn't the Times's own. It is a credit and not another
    outlet."""
    source = item.get("source")
    return source if isinstance(source, str) and agency_named(source) is not None else None


def _authors(given: Any) -> Any:
    """The names in a byline, which is a text with "By", or names in parts."""
    if not isinstance(given, Mapping):
        return given
    return given.get("original") or given.get("person") or given.get("organization")


def _turned(name: Any) -> Any:
    """Returns ``Merkel, Angela`` as a reader writes it. Places and organisations have no such comma."""
    if not isinstance(name, str) or name.count(", ") != 1 or "(" in name:
        return name
    last, first = name.split(", ")
    return f"{first} {last}"


def _keywords(given: Any) -> Iterator[Any]:
    """Yields what it is about. Keywords that are people, organisations or places don't become topics."""
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
