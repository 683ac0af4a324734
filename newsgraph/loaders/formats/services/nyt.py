"""Answers of the New York Times: of its article search and archive (``{"response": {"docs": [...]}}``), and of its
lists of top stories and of those that are read most (``{"results": [...]}``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.graph.agencies import agency_named
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.entities import entity, kind_of
from newsgraph.loaders.json.articles import first_plain, list_of, read_articles, service_dialect
from newsgraph.loaders.markup.addresses import resolved
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("nyt", "web_url")
LISTED = service_dialect("nyt", "url")
#: What each list of names in top stories holds.
_FACETS = {"per_facet": "person", "org_facet": "organisation", "geo_facet": "place"}
#: The address that addresses of its pictures are relative to.
_PICTURES = "https://static01.nyt.com/"


def matches(document: Document) -> bool:
    """Whether the first article has a headline of several kinds and the Times's name for addresses, or the lists of
    what top stories are about."""
    sample = document.sample
    return (isinstance(sample.get("headline"), Mapping) and "web_url" in sample) or _is_listed(sample)


def _is_listed(sample: Mapping[str, Any]) -> bool:
    return {"des_facet", "published_date", "byline", "url"} <= sample.keys()


def read(document: Document) -> Reading:
    """The articles."""
    if _is_listed(document.sample):
        return read_articles(document, LISTED, _listed)
    return read_articles(document, DIALECT, _named)


def _listed(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns a top story, or one that is read most, by the names of its dialect."""
    named = ((one, kind) for name, kind in _FACETS.items() for one in list_of(item.get(name)))
    media = list_of(item.get("media"))[:1]
    pictures = list_of(item.get("multimedia")) or [
        one for medium in media if isinstance(medium, Mapping) for one in list_of(medium.get("media-metadata"))[-1:]
    ]
    return {
        "title": first_plain(item, "title"),
        "excerpt": first_plain(item, "abstract"),
        "url": item.get("url"),
        "kind": item.get("item_type") or item.get("type"),
        "category": item.get("section"),
        "outlet_name": None if _credited(item) else item.get("source"),
        "credit": _credited(item),
        "authors": item.get("byline"),
        "entities": [entity(_turned(one), kind_of(kind)) for one, kind in named],
        "topics": list(_keywords(item.get("des_facet"))),
        "images": list(_pictures(pictures)),
        "published_at": item.get("published_date"),
    }


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    keywords = list_of(item.get("keywords"))
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
