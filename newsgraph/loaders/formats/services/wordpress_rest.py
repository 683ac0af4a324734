"""Answers of WordPress's REST API (``/wp-json/wp/v2/posts``). Only published posts become stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.json.articles import first_plain, first_text, read_stories, service_dialect
from newsgraph.loaders.records import Reading

DIALECT = service_dialect("wordpress", "link")
_NO_STORIES = frozenset({"attachment", "page", "nav_menu_item", "wp_block", "wp_template", "wp_navigation", "revision"})


def matches(document: Document) -> bool:
    """Whether the first post's title is rendered."""
    title = document.sample.get("title")
    return isinstance(title, Mapping) and "rendered" in title


def read(document: Document) -> Reading:
    """Returns the published posts. A note counts all other entries."""
    return read_stories(document, DIALECT, _named, _is_story, "entries that are no published posts")


def _is_story(post: Mapping[str, Any]) -> bool:
    return post.get("status", "publish") == "publish" and post.get("type") not in _NO_STORIES


def _named(post: Mapping[str, Any]) -> Mapping[str, Any]:
    time = first_text(post, "date_gmt")
    if time and not time.startswith("0000"):
        time += "Z"
    terms = list(_terms(post))
    return {
        "title": first_plain(post, "title.rendered", "title.raw"),
        "excerpt": first_plain(post, "excerpt.rendered", "excerpt.raw"),
        "link": post.get("link"),
        "kind": post.get("type"),
        "category": next((name for name, kind in terms if kind == "category"), None),
        "language": first_text(post, "lang", "yoast_head_json.schema.@graph.inLanguage"),
        "topics": [name for name, kind in terms if kind == "post_tag"],
        "outlet_name": first_plain(post, "yoast_head_json.og_site_name"),
        "authors": _authors(post),
        "images": [one for one in (_picture(post),) if one],
        "published_at": time or first_text(post, "date"),
    }


def _authors(post: Mapping[str, Any]) -> Any:
    """The names of the authors; a bare number is their id on the site."""
    embedded = post.get("_embedded")
    told = embedded.get("author") if isinstance(embedded, Mapping) else None
    return told or first_text(post, "yoast_head_json.author", "author_name", "author_info.display_name")


def _terms(post: Mapping[str, Any]) -> Iterator[tuple[str | None, Any]]:
    embedded = post.get("_embedded")
    groups = embedded.get("wp:term") if isinstance(embedded, Mapping) else None
    for group in groups if isinstance(groups, list) else ():
        for one in group if isinstance(group, list) else ():
            if isinstance(one, Mapping):
                yield first_plain(one, "name"), one.get("taxonomy")


def _picture(post: Mapping[str, Any]) -> str | None:
    return first_text(
        post, "_embedded.wp:featuredmedia.source_url", "jetpack_featured_media_url", "yoast_head_json.og_image.url"
    )
