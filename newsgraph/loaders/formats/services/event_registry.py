"""Answers of Event Registry (newsapi.ai): ``{"articles": {"results": [...]}}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.entities import entity, kind_of
from newsgraph.loaders.json.articles import first_plain, first_text, read_articles, service_dialect
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("event registry")


def matches(document: Document) -> bool:
    """Whether the first article has Event Registry's names."""
    names = document.sample.keys()
    return "dateTimePub" in names or ("isDuplicate" in names and isinstance(document.sample.get("source"), Mapping))


def read(document: Document) -> Reading:
    """The articles."""
    return read_articles(document, DIALECT, _named)


def _listed(given: Any) -> list[Mapping[str, Any]]:
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []


def _label(concept: Mapping[str, Any]) -> str | None:
    """The name of a concept, in English where it has one."""
    label = concept.get("label")
    other = next((one for one in label.values() if isinstance(one, str)), None) if isinstance(label, Mapping) else None
    return first_text(concept, "label.eng", "label") or other


def _named(item: Mapping[str, Any]) -> Mapping[str, Any]:
    concepts, authors = _listed(item.get("concepts")), _listed(item.get("authors"))
    category = first_text(item, "categories.label", "categories.uri")
    day, time = item.get("date"), item.get("time")
    found = f"{day}T{time}Z" if isinstance(day, str) and isinstance(time, str) else day  # its clock is UTC
    domain = first_text(item, "source.uri")
    return {
        "title": first_plain(item, "title"),
        "url": item.get("url"),
        "kind": item.get("dataType"),
        "category": category.rpartition("/")[2] if category else None,
        "language": item.get("lang"),
        "outlet_name": first_text(item, "source.title"),
        "outlet_domain": domain if domain and "." in domain else None,
        "topics": [_label(one) for one in concepts if one.get("type") == "wiki"],
        "outlet_country": first_text(
            item, "source.location.country.label.eng", "source.location.label.eng", "source.country"
        ),
        "authors": [one.get("name") for one in authors if not one.get("isAgency")],
        "credit": next((first_text(one, "name") for one in authors if one.get("isAgency")), None),
        "entities": [
            entity(_label(one), kind_of(one.get("type")), one.get("uri"), one.get("wikidataUri")) for one in concepts
        ],
        "images": [one for one in (item.get("image"),) if one],
        "published_at": item.get("dateTimePub"),
        "seen_at": item.get("dateTime") or found,
    }
