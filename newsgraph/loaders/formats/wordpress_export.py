"""WordPress's own export files (WXR). Only published posts become stories, not drafts, pages, pictures and menus."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from newsgraph.loaders.document import Document
from newsgraph.loaders.formats.feeds import read_entries
from newsgraph.loaders.markup.feed_entries import FeedDocument, Got, first, named
from newsgraph.loaders.records import Reading

#: Kinds of entries, of WordPress and of its most used extensions, that are not stories.
_NO_STORIES = re.compile(
    r"attachment|page|revision|nav_menu_item|custom_css|customize_changeset|oembed_cache|user_request|wp_\w+|acf.*|"
    r"elementor_\w+|feedback|amp_\w+|shop_\w+|product\w*|jetpack_\w+|wpcf7_\w+|tribe_\w+|popup|slide\w*|block|template"
)
_NIL = re.compile(r"0000-|.*\s-0*1\s")
_NAMESPACE = "wordpress.org/export/"


def matches(document: Document) -> bool:
    """Whether it is RSS with WordPress's names for exports."""
    root = document.xml_root
    if root is None or root.local != "rss":
        return False
    return _NAMESPACE in document.text[root.start : root.start + 4096]


def read(document: Document) -> Reading:
    """Returns the published posts in order. A note counts all other entries."""
    left: Counter[str] = Counter()

    def naming(entry: Element, found: Got, feed: FeedDocument) -> Mapping[str, Any] | None:
        kind, status = first(found, ("wp:post_type",)), first(found, ("wp:status",))
        if kind is not None and _NO_STORIES.fullmatch(kind):
            left[kind] += 1
            return None
        if status not in (None, "publish"):
            left[f"{kind or 'post'} of status {status}"] += 1
            return None
        values = named(entry, found, feed)
        values["published"] = _time(found) or values["published"]
        return values

    reading = read_entries(document, naming)
    if not left:
        return reading
    counted = ", ".join(f"{number:,} {what}" for what, number in sorted(left.items()))
    return replace(reading, notes=(*reading.notes, f"what is no published post is left out: {counted}"))


def _time(found: Got) -> str | None:
    for name, zone in (("pubdate", ""), ("wp:post_date_gmt", "Z"), ("wp:post_date", "")):
        written = first(found, (name,))
        if written and not _NIL.match(written):
            return written + zone
    return None
