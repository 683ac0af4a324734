"""Answers of Drupal's JSON:API (``/jsonapi/node/article``). Only published nodes become stories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, first_text, read_stories, service_dialect
from newsgraph.loaders.markup.addresses import resolved
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("drupal")


def matches(document: Document) -> bool:
    """Whether the first resource is a node."""
    sample = document.sample
    return str(sample.get("type")).startswith("node--") and isinstance(sample.get("attributes"), Mapping)


def read(document: Document) -> Reading:
    """Returns the published nodes. A note counts all other resources."""
    return read_stories(document, DIALECT, _named, _is_story, "resources that are no published nodes")


def _is_story(node: Mapping[str, Any]) -> bool:
    attributes = node.get("attributes")
    unpublished = isinstance(attributes, Mapping) and attributes.get("status") is False
    return str(node.get("type")).startswith("node--") and not unpublished


def _named(node: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "title": first_plain(node, "attributes.title"),
        "excerpt": first_plain(node, "attributes.body.summary", "attributes.field_summary.processed"),
        "url": _address(node),
        "language": first_text(node, "attributes.langcode"),
        "published_at": first_text(node, "attributes.published_at", "attributes.created"),
    }


def _address(node: Mapping[str, Any]) -> str | None:
    """Returns the page's address: its path, at the site that answered."""
    number = first_text(node, "attributes.drupal_internal__nid")
    path = first_text(node, "attributes.path.alias") or (f"/node/{number}" if number else None)
    return resolved(path, first_text(node, "links.self.href", "links.self")) if path else None
