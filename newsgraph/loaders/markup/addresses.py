"""Addresses as feeds and pages write them: relative ones, and those of services that lead on to the page."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from newsgraph.graph.urls.identity import host, registered_domain, wraps_pages
from newsgraph.patterns import later

_ABSOLUTE = later(r"\s*https?:/", re.IGNORECASE)
_OTHER_SCHEME = later(r"[A-Za-z][A-Za-z0-9+.-]*:(?!//)")
#: An address that leaves its scheme to the page that it is on.
_WITHOUT_SCHEME = later(r"//[\w-]+(?:\.[\w-]+)+(?:[:/?#]|$)")
_BLANKS = later(r"[\s\x00-\x1f]+")
#: Hosts whose addresses count clicks and then lead to the page. The page belongs to another outlet.
PROXIES = frozenset({
    "feedproxy.google.com", "feeds.feedburner.com", "feedburner.com", "rss.feedsportal.com", "feeds.feedblitz.com",
    "feedblitz.com", "feed.click", "da.feedsportal.com", "go.theregister.com", "rss.cnn.com",
})  # fmt: skip
#: Query items in which such services give the page's address.
_TARGETS = {
    ("bing.com", "/news/apiclick.aspx"): ("url",),
    ("google.com", "/url"): ("url", "q"),
    ("news.google.com", "/news/url"): ("url",),
    ("google.com", "/news/url"): ("url",),
    ("news.url.google.com", "/news/url"): ("url",),
    ("l.facebook.com", "/l.php"): ("u",),
}
_LEADING = frozenset(place for place, _ in _TARGETS)
_HOST = later(r"https?://(?:[^/?#@]*@)?([^/?#:@]+)", re.IGNORECASE)
_YAHOO = later(r"/RU=(https?%3[aA]%2[fF]%2[fF][^/]+)/")


def resolved(written: str | None, base: str | None) -> str | None:
    """Returns the full address, if it is relative and its base is known; otherwise the address as written. An address
    that only lacks its scheme gets https."""
    if not written:
        return None
    written = written.strip()
    if not base and _WITHOUT_SCHEME.match(written):
        return f"https:{written}"
    if not base or _ABSOLUTE.match(written) or _OTHER_SCHEME.match(written):
        return written or None
    try:
        return urljoin(base, _BLANKS.sub("%20", written))
    except ValueError:
        return written


def joined(base: str | None, more: str | None) -> str | None:
    """Returns a base that may itself be relative to another base (xml:base, for example)."""
    return resolved(more, base) if more else base


def is_web(written: str | None) -> bool:
    """Tells whether it is an address with its scheme, http or https."""
    return written is not None and _ABSOLUTE.match(written) is not None


def _named_host(written: str | None) -> str:
    """Returns the host in lower case; empty if there is none."""
    found = _HOST.match(written) if written else None
    return found[1].lower() if found else ""


def led_to(written: str | None) -> str | None:
    """Returns the page that a link of a search or news service leads to, if the link holds it; otherwise the link."""
    if written is None or "=" not in written:
        return written
    place = _named_host(written).removeprefix("www.")
    if place.endswith("search.yahoo.com"):
        found = _YAHOO.search(written)
        return unquote(found[1]) if found else written
    if place not in _LEADING:
        return written
    try:
        parts = urlsplit(written)
        names = _TARGETS.get((place, parts.path), ())
        targets = (value for name, value in parse_qsl(parts.query, max_num_fields=100) if name in names)
        return next((one for one in targets if is_web(one)), written)
    except ValueError:
        return written


def is_proxy(written: str | None) -> bool:
    """Tells whether it is an address that counts clicks for the outlet and then leads to the page."""
    name = _named_host(written)
    return name in PROXIES or name.endswith(".feedsportal.com")


#: Services whose own pages show, or lead to, what others published.
_COLLECTORS = frozenset({
    "news.google.com", "google.com", "bing.com", "apple.news", "flipboard.com", "feedly.com", "news.ycombinator.com",
    "reddit.com", "t.co", "bit.ly",
})  # fmt: skip


_HOSTS = later(r"://([\w.-]+)(?=[:/?#]|$)")
_PRESS_ARCHIVE = later(
    r"(?:[\w-]+\.)*(?:(?:factiva|lexisnexis|lexis|nexis|nexisuni|proquest|dowjones|europresse|newsbank|pressreader"
    r"|newspaperarchive|ebscohost|galegroup|gale)\.(?:com|de)|genios\.de|wiso-net\.de)",
    re.IGNORECASE,
)


def in_press_archive(text: str) -> bool:
    """Tells whether an address of a press archive is in the text. There, it is that of the archive's own copy of an
    article, and not the article's."""
    return any(map(_PRESS_ARCHIVE.fullmatch, set(_HOSTS.findall(text))))


def is_collector(written: str | None) -> bool:
    """Tells whether it is an address of a service that leads to pages of others."""
    return _named_host(written).removeprefix("www.") in _COLLECTORS


def site(written: str | None) -> str | None:
    """Returns the registered domain of the page that the address leads to."""
    domain = _domain(_named_host(written))
    if written is None or (domain is not None and not wraps_pages(domain)):
        return domain
    seen = host(written)
    return registered_domain(seen) if seen else None


@lru_cache(maxsize=4096)
def _domain(name: str) -> str | None:
    return registered_domain(name) if name else None


def same_site(one: str | None, other: str | None) -> bool:
    """Tells whether both lead to pages of one registered domain."""
    first = site(one)
    return first is not None and first == site(other)


def one_outlet(one: str, other: str) -> bool:
    """Tells whether two addresses at different domains belong to one outlet: they have the same path, or the same name
    (bbc.com and bbc.co.uk)."""
    first, second = site(one), site(other)
    if first is None or second is None:
        return False
    try:
        paths = {urlsplit(address).path.rstrip("/") for address in (one, other)}
    except ValueError:
        return False
    return first.partition(".")[0] == second.partition(".")[0] or (len(paths) == 1 and len(paths.pop()) > 1)
