"""XML namespaces by one short name each, for all spellings of their addresses: http or https, with or without a
slash."""

from __future__ import annotations

import re
from functools import lru_cache

_SCHEME = re.compile(r"^(?:https?:/*)?(?:www\.)?", re.IGNORECASE)
_KNOWN = {
    "w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "purl.org/atom/app": "app",
    "w3.org/2007/app": "app",
    "purl.org/syndication/thread/1.0": "thread",
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "purl.org/net/rss1.1": "",
    "purl.org/net/rss1.1/payload": "content",
    "my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "search.yahoo.com/mrss": "media",
    "video.search.yahoo.com/mrss": "media",
    "search.yahoo.com/mrss/xmlns": "media",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "pheedo.com/namespace/pheedo": "pheedo",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "w3.org/1999/xhtml": "xhtml",
    "w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "google.com/schemas/sitemap-news/0.9": "news",
    "google.com/schemas/sitemap-image/1.1": "image",
    "sitemaps.org/schemas/sitemap/0.9": "sitemap",
    "sitemaps.org/schemas/sitemap/0.84": "sitemap",
    "google.com/schemas/sitemap/0.84": "sitemap",
    "iptc.org/std/nar/2006-10-01": "nar",
    "iptc.org/std/nitf/2006-10-18": "nitf",
    "w3.org/xml/1998/namespace": "xml",
}
#: The beginnings of addresses that contain a version or a query.
_BEGINNINGS = (
    ("backend.userland.com/rss", ""),
    ("wordpress.org/export/", "wp"),
    ("prismstandard.org/namespaces/", "prism"),
    ("bing.com/news/search", "bing"),
    ("bing.com:80/news/search", "bing"),
    ("bing.com:443/news/search", "bing"),
    ("iptc.org/std/nitf/", "nitf"),
)


@lru_cache(maxsize=4096)
def prefix(address: str) -> str | None:
    """Returns the short name of a namespace; None for an unknown one."""
    if address.startswith("undeclared:"):
        return address.partition(":")[2].lower()
    plain = _SCHEME.sub("", address.strip().lower()).rstrip("/#")
    known = _KNOWN.get(plain)
    if known is None:
        for beginning, name in _BEGINNINGS:
            if plain.startswith(beginning):
                return "excerpt" if name == "wp" and plain.endswith("/excerpt") else name
    return known


class Names:
    """The names of one document's tags: the local name in lower case after a known prefix (``dc:date``). Elements in
    the root's own namespace, or in none, have the prefix ``own``."""

    def __init__(self, root_tag: str, own: str = "") -> None:
        self._own = own
        self._root = root_tag[1:].partition("}")[0] if root_tag.startswith("{") else ""
        self._known: dict[str, str] = {}

    def __getitem__(self, tag: str) -> str:
        found = self._known.get(tag)
        if found is None:
            found = self._known[tag] = self._name(tag)
        return found

    def _name(self, tag: str) -> str:
        address, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        local = local.lower()
        if address in ("", self._root):
            short: str | None = self._own if address == "" else (prefix(address) or self._own)
        else:
            short = prefix(address)
        if short is None:
            return f"?:{local}"
        return f"{short}:{local}" if short else local
