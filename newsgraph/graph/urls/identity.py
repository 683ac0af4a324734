"""Decides which spellings of web addresses mean the same story, the same picture or the same host.

One story has one key, whatever the spelling of its address, and two stories never have the same key. Where both can't
be had, the second is more important: records that name several spellings of a story are joined anyway, while a wrong
merge is never noticed.

No library does all of this. Those that clean addresses for crawlers or for browsers (courlan, w3lib, ada) keep copies
of one page apart (AMP, mobile hosts, caches), or they remove query items that hold the number of a story on some sites,
such as ``source``, ``keyword`` or ``uid``. What is known about query items is in ``tracking``.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_plus

from newsgraph.graph.urls.domains import LONGEST_HOST, Host, read_host
from newsgraph.graph.urls.escapes import (
    escape_name,
    escape_route,
    escape_unwritable,
    escape_value,
    readable,
)
from newsgraph.graph.urls.paths import is_plain_path, path_key, plain_path_key
from newsgraph.graph.urls.tracking import is_tracking
from newsgraph.patterns import later

__all__ = [
    "host",
    "image_id",
    "normalised_address",
    "read_host_or_address",
    "registered_domain",
    "story_id",
    "story_ids",
    "story_ids_of_each",
    "wraps_pages",
]

#: The longest text, in characters, that counts as an address. Servers should accept 8,000 (RFC 9110, 4.1). A database's
#: index takes little more as a key.
LONGEST_ADDRESS = 8000


# -- Reading an address ------------------------------------------------------------------------------------------------

_SCHEME = later("(?:https?://)+", re.IGNORECASE)
_PARTS = later(r"([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_AUTHORITY = later(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::0*([0-9]{0,5}))?")


class _Address(NamedTuple):
    host: Host
    port: int | None
    path: str
    query: str
    fragment: str


#: A scheme with a character missing, added or wrong: ``http:/``, ``http:\\\\``, ``https//``, ``htp://``.
_MISTYPED_SCHEME = re.compile(r"h{0,2}t{1,3}ps?\s?(?:[:;]{1,2}\s?[\\/]{0,4}|[\\/]{1,4})(?=\w)", re.IGNORECASE)
#: The characters that people and programs write around an address: ``<https://example.com/a>``.
_AROUND = "<>\"'\u2018\u2019\u201c\u201d\u00ab\u00bb \t\r\n"


def _parse(url: str) -> _Address | None:
    """Returns the parts of a web address, ``readable`` but otherwise as written; None when it isn't a web address.

    A mistyped scheme is mended if the host is under a public suffix.
    """
    if len(url) > LONGEST_ADDRESS:
        return None
    return _parts(readable(url)) or _mended(url)


def _mended(url: str) -> _Address | None:
    """Returns the parts of an address with a mistyped scheme, or with characters around it; None if it can't be
    mended."""
    bare = url.strip(_AROUND)
    mistyped = _MISTYPED_SCHEME.match(bare)
    mended = f"https://{bare[mistyped.end() :]}" if mistyped else bare
    if mended == url:
        return None
    address = _parts(readable(mended))
    return address if address is not None and address.host.public else None


def _parts(text: str) -> _Address | None:
    scheme = _SCHEME.match(text)
    named = scheme is not None or text.startswith("//")
    rest = text[scheme.end() :] if scheme else text.removeprefix("//")
    parts = _PARTS.fullmatch(rest)
    assert parts is not None  # the pattern fits every text
    authority, path, query, fragment = parts.groups("")
    if "\\" in authority:  # browsers take it for a slash
        authority, _, more = authority.partition("\\")
        path = f"/{more}{path}"
    found = _AUTHORITY.fullmatch(authority.rpartition("@")[2] if named else authority)
    place = read_host(found[1]) if found else None
    # Without a scheme, only a name on the public suffix list counts as a host: "n/a" and "story.html" don't.
    if found is None or place is None or not (named or place.public):
        return None
    port = int(found[2] or 0)
    if port > 65535:
        return None
    return _Address(place, None if port in (0, 80, 443) else port, path.replace("\\", "/"), query, fragment)


# -- Pages inside other addresses --------------------------------------------------------------------------------------

_CACHED_PAGE = later(r"/(?:[acirv]|wp|ii/w[0-9]+)/(?:s/)?([^/.]+\.[^/]+.*)", re.DOTALL)
_SHOWN_PAGE = later(r"/amp/(?:s/)?([^/.]+\.[^/]+.*)", re.DOTALL)
_GOOGLE = later(r"google(?:\.[a-z]{2,3}){1,2}")
_AMP_CACHES = ("ampproject.org", "bing-amp.com")
#: Pages that only lead to another address, which is in an item of their query.
_WAYS_OUT = {
    ("facebook.com", "/l.php"): ("u",),
    ("facebook.com", "/flx/warn/"): ("u",),
    ("instagram.com", "/"): ("u",),
    ("youtube.com", "/redirect"): ("q",),
    ("google", "/url"): ("url", "q"),
    ("google", "/translate"): ("u",),
    ("outlook.com", "/"): ("url",),  # links in mails: safelinks.protection.outlook.com
    ("bing.com", "/news/apiclick.aspx"): ("url",),
    ("getpocket.com", "/redirect"): ("url",),
}
#: Search engines and mail filters that have the address in the path of theirs. A star stands for something else there.
_TARGET_IN_PATH = {
    "yahoo.com": later(r".*/RU=(https?(?::|%3A)(?:/|%2F){1,2}[^/]+)/RK=.*", re.IGNORECASE),
    "urldefense.com": later(r"/v3/__(https?:/{1,2}[^*]+)__;.*", re.IGNORECASE),
}
#: Pages that show others to read, whose addresses are the rest of theirs.
_READERS = frozenset({"12ft.io", "outline.com", "jina.ai", "freedium.cfd", "removepaywalls.com"})
_WHOLE_PAGE = later(r"/https?:/{1,2}((?=[^/]+\.[^/])[^/]++/.+)", re.IGNORECASE)
#: Google's translations have the host in theirs, with - for a dot and -- for a hyphen.
_TRANSLATIONS, _DASHES = ".translate.goog", later("--?")
#: The older one of these has it in its query, with - for % and _ for a slash.
_ENCODED_TARGET = later(r"(?:^|&)u=(https?-3A__[^&]+)", re.IGNORECASE)
#: Google's copies of pages name them after ``cache:`` and perhaps a key of the copy.
_CACHE = "webcache.googleusercontent.com"
_CACHED_AT = later(
    r"(?:^|&)q=cache(?::|%3A)(?:[\w-]{6,16}(?::|%3A))?((?:https?(?::|%3A)(?:/|%2F){2})?[^&+]+)", re.IGNORECASE
)


#: Archives of the web show pages of other sites: the page's own address follows the time of the copy.
_ARCHIVES = (
    "archive.org",
    "archive.today",
    "archive.is",
    "archive.ph",
    "archive.fo",
    "archive.li",
    "archive.md",
    "archive.vn",
)
_ARCHIVED_PAGE = later(
    r"/(?:web/|wayback/)?(?:\d{1,14}(?:[a-z]{2}_)?|\d{4}\.\d\d\.\d\d-\d{6}|newest|oldest|o/[A-Za-z0-9]+)/((?:https?:/{1,2})?[^/:]+\.[^/]+.*)",
    re.IGNORECASE | re.DOTALL,
)


_OTHERS_THAT_WRAP = frozenset({
    "facebook.com", "instagram.com", "bing.com", "youtube.com", "youtu.be", "youtube-nocookie.com", "outlook.com",
    "getpocket.com", "googleusercontent.com", "yahoo.com", "urldefense.com", "proofpoint.com",
    _CACHE,
})  # fmt: skip


@lru_cache(maxsize=1 << 15)
def wraps_pages(domain: str) -> bool:
    """Tells whether addresses at a registered domain may stand for pages elsewhere, or may be spellings of one
    video."""
    return (
        domain in _AMP_CACHES
        or domain in _ARCHIVES
        or domain in _OTHERS_THAT_WRAP
        or domain in _READERS
        or domain.endswith(_TRANSLATIONS)
        or _GOOGLE.fullmatch(domain) is not None
    )


def _page_inside(address: _Address) -> _Address | None:
    """Returns the page that an address in an AMP cache, or on a social network's page for leaving it, stands for."""
    domain = address.host.domain
    if domain in _ARCHIVES:
        return _page_archived(address)
    if address.host.name == _CACHE:
        cached = _CACHED_AT.search(address.query)
        target = unquote_plus(cached[1]) if cached else ""
        return _parse(target if _SCHEME.match(target) else f"https://{target}") if target else None
    is_google = _GOOGLE.fullmatch(domain) is not None
    shape = _CACHED_PAGE if domain in _AMP_CACHES else _SHOWN_PAGE if is_google or domain == "bing.com" else None
    within = shape.fullmatch(address.path) if shape else None
    if within:
        query = f"?{address.query}" if address.query else ""
        fragment = f"#{address.fragment}" if address.fragment else ""
        page = _parse(f"https://{within[1]}{query}{fragment}")
        return page if page and page.host.public else None
    return _page_in_path(address, domain) or _page_led_to(address, "google" if is_google else domain)


def _page_in_path(address: _Address, domain: str) -> _Address | None:
    """Returns the page whose address is spelled in another way in that of a mail filter, a reader or a translation."""
    query = f"?{address.query}" if address.query else ""
    if domain.endswith(_TRANSLATIONS):
        return _parse(f"https://{_DASHES.sub(_sign, domain.removesuffix(_TRANSLATIONS))}{address.path}{query}")
    if domain == "proofpoint.com":
        encoded = _ENCODED_TARGET.search(address.query)
        return _parse(unquote_plus(encoded[1].replace("-", "%").replace("_", "/"))) if encoded else None
    if domain in _READERS:
        whole = _WHOLE_PAGE.fullmatch(address.path)
        return _parse(f"https://{whole[1]}{query}") if whole else None
    within = _TARGET_IN_PATH[domain].fullmatch(address.path) if domain in _TARGET_IN_PATH else None
    return _parse(unquote_plus(within[1])) if within else None


def _sign(dashes: re.Match[str]) -> str:
    return "-" if dashes[0] == "--" else "."


def _page_led_to(address: _Address, service: str) -> _Address | None:
    """Returns the page that an address of a service leads to, if it holds that page's address."""
    if address.host.name == "news.google.com" and (leading := _LEADING_PAGE.fullmatch(address.path)):
        return _page_in_id(leading[1])
    for name in _WAYS_OUT.get((service, address.path), ()):
        for item in address.query.split("&"):
            key, _, value = item.partition("=")
            target = unquote_plus(value) if key == name else ""
            if _SCHEME.match(target):
                return _parse(target)
    return None


#: A page of Google News that leads to an article. In the ids of those of before 2024 is the article's address: a text
#: of protocol buffers after these bytes and its length.
_LEADING_PAGE = later(r"/(?:rss/)?(?:articles|read)/(CBM[\w-]{17,2000})")
_BEFORE_ADDRESS = b'\x08\x13"'


def _page_in_id(id: str) -> _Address | None:
    """Returns the page whose address is in the id of an article at Google News; None if it has only a key."""
    data = urlsafe_b64decode(id[: len(id) // 4 * 4])  # the address has more behind it
    if not data.startswith(_BEFORE_ADDRESS):
        return None
    length, start = data[3], 4
    if length > 127:
        length, start = length % 128 + data[4] * 128, 5
    target = data[start : start + length].decode("latin-1")
    return _parse(target) if len(target) == length and _SCHEME.match(target) else None


def _page_archived(address: _Address) -> _Address | None:
    """Returns the page that an archive of the web shows at that address."""
    within = _ARCHIVED_PAGE.fullmatch(address.path)
    if within is None:
        return None
    query = f"?{address.query}" if address.query else ""
    fragment = f"#{address.fragment}" if address.fragment else ""
    bare = re.sub("^https?:/{1,2}", "", within[1], flags=re.IGNORECASE)
    page = _parse(f"https://{bare}{query}{fragment}")
    return page if page and page.host.public else None


_VIDEO_PATH = later(r"/(?:embed|shorts|live|video|v|e)/([0-9A-Za-z_-]{11})")
_VIDEO_HERE = later(r"/([0-9A-Za-z_-]{11})")
_VIDEO_ITEM = later(r"(?:^|&)v=([0-9A-Za-z_-]{11})(?:&|$)")


def _video(address: _Address, path: str) -> str | None:
    """Returns the key of a YouTube video, whatever page it is embedded in."""
    if address.host.domain == "youtu.be":
        found = _VIDEO_HERE.fullmatch(path)
    elif address.host.name not in ("youtube.com", "youtube-nocookie.com"):
        return None
    else:
        found = _VIDEO_ITEM.search(address.query) if path == "/watch" else _VIDEO_PATH.fullmatch(path)
    return f"youtube.com/watch?v={found[1]}" if found else None


# -- Keys --------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 10)  # a feed gives all of its stories the same query
def _key_of_query(query: str, domain: str) -> str:
    kept = []
    for item in query.split("&"):
        written_name, _, written_value = item.partition("=")
        name, value = escape_name(written_name), escape_value(written_value)
        if (name or value) and not is_tracking(name, value, domain):
            kept.append((name, f"{name}={value}" if value else name))
    # Items of the same name keep their order, because it may matter.
    kept.sort(key=lambda pair: pair[0])
    return "&".join(item for _, item in kept)


def _key(url: str) -> str | None:
    """Does what ``normalised_address`` says, in all steps."""
    address = _parse(url)
    if address is None:
        return None
    key = _key_of_address(address)
    if not wraps_pages(address.host.domain):
        return key
    while key is not None:
        # Without "//", "/index.html" and the like, the result may again be another spelling of a key.
        address = _parse(f"https://{key}")
        again = _key_of_address(address) if address else None
        if again == key:
            break
        key = again
    return key


def _key_of_address(address: _Address) -> str | None:
    if wraps_pages(address.host.domain):
        while inside := _page_inside(address):
            address = inside
    path = path_key(address.path)
    key = _video(address, path) if wraps_pages(address.host.domain) else None
    if key is None:
        query = _key_of_query(address.query, address.host.domain) if address.query else ""
        # A fragment names a place on the page, unless the page is an application that uses it as its path.
        route = escape_route(address.fragment).rstrip("/") if address.fragment[:1] in ("!", "/") else ""
        key = (
            address.host.name
            + (f":{address.port}" if address.port else "")
            + path
            + (f"?{query}" if query else "")
            + (f"#{route}" if route.lstrip("!/") else "")
        )
    return key if len(key) <= LONGEST_ADDRESS else None


# The form of most addresses: nothing to unescape, no empty or dotted segment, no fragment.
_PLAIN_FORM = (
    r"https?://([A-Za-z0-9.-]++)((?:/[A-Za-z0-9_~!$'*,:@=+-][A-Za-z0-9_~!$'*,:@=+.-]*+)*+)(/?)"
    r"(?:\?([A-Za-z0-9_~!$'()*,:@=+&./?-]*+))?"
)
_PLAIN = later(_PLAIN_FORM)
#: Each line of a text: it gives the groups of ``_PLAIN`` if it has that form, and empty groups otherwise.
_PLAIN_LINES = later(rf"^(?:{_PLAIN_FORM}|.*)$", re.MULTILINE)
_PLAIN_HOST = later("[A-Za-z0-9.-]+")


class _Site(NamedTuple):
    """A host, with what must be known of its pages. ``caches`` tells whether it is an AMP cache."""

    host: Host
    wraps: bool
    caches: bool


@lru_cache(maxsize=1 << 15)
def _site(written: str) -> _Site | None:
    """Returns the host that a text names, with what must be known of its pages; None when it can't be a host."""
    place = read_host(written)
    return None if place is None else _Site(place, wraps_pages(place.domain), place.domain in _AMP_CACHES)


def _plain_key(host: str, path: str, slash: str = "", query: str | None = None) -> str | None:
    """Returns the key of an address that ``_PLAIN`` fits, of a page or of its copy in an AMP cache.

    None if all steps are needed. ``slash`` is the one at the end of the path, which isn't part of ``path``.
    """
    site = _site(host)
    if site is None:
        return None
    cached = _CACHED_PAGE.fullmatch(path) if site.caches else None
    if cached:
        written, before_rest, rest = cached[1].partition("/")
        site = _site(written) if _PLAIN_HOST.fullmatch(written) else None
        if site is None or not site.host.public:
            return None
        path = before_rest + rest
    place, wraps, caches = site
    if not is_plain_path(path):
        path = plain_path_key(path + slash)
    if wraps and (not caches or _CACHED_PAGE.fullmatch(path)):
        return None
    kept = _key_of_query(query, place.domain) if query else ""
    return f"{place.name}{path}?{kept}" if kept else place.name + path


def _normalised(url: str) -> str | None:
    """Does what ``normalised_address`` says. A corpus gives most of its addresses once, and remembering them would take
    as long as a part of the work."""
    plain = _PLAIN.fullmatch(url)
    if plain and len(url) <= LONGEST_ADDRESS:
        key = _plain_key(*plain.groups())
        if key and len(key) <= LONGEST_ADDRESS:
            return key
    return _key(url)


@lru_cache(maxsize=1 << 12)
def normalised_address(url: str) -> str | None:
    """Returns the key of a web address: ``host/path?query`` without scheme, the same for all spellings of one page.

    None if it isn't an http or https address: for other schemes, without a host, with a bad port, or with more than
    8,000 characters. An address without a scheme counts if its host ends in a public suffix. Hosts are in lower case
    and readable letters, paths and queries in ASCII. Never raises. ``normalised_address("https://" + key) == key``.
    """
    return _normalised(url)


def story_id(url: str) -> str | None:
    """Returns the id of the story at that address: ``https://`` and the normalised address.

    None if it isn't a web address.

    >>> story_id("http://www.example.com/a/?utm_source=x"), story_id("n/a")
    ('https://example.com/a', None)
    """
    key = normalised_address(url)
    return None if key is None else f"https://{key}"


def story_ids(urls: Sequence[str]) -> tuple[str | None, ...]:
    """Returns the ids that stories at these addresses would have, each once and in the order of the addresses."""
    return tuple([f"https://{key}" if key else None for key in dict.fromkeys(map(_normalised, urls))])


def story_ids_of_each(urls: Sequence[str]) -> list[str | None]:
    """Returns ``story_id`` of each address, in half the time for many."""
    found = _PLAIN_LINES.findall("\n".join(urls))
    if len(found) != len(urls):  # there is a newline in one of them
        return [story_ids([url])[0] for url in urls]
    ids: list[str | None] = []
    for url, (host, *parts) in zip(urls, found, strict=True):
        key = _plain_key(host, *parts) if host and len(url) <= LONGEST_ADDRESS else None
        if not key or len(key) > LONGEST_ADDRESS:
            key = _key(url)
        ids.append(None if key is None else f"https://{key}")
    return ids


@lru_cache(maxsize=1 << 14)
def host(url: str) -> str | None:
    """Returns the host of the page at a web address, in lower case and readable letters.

    It has no port, no www, m, mobile or amp; for a page in an AMP cache it is the host of the page itself. None if it
    isn't a web address. Never raises.
    """
    key = normalised_address(url)
    if key is None:
        return None
    address = _parts(f"https://{key}")
    return address.host.name if address else None


def read_host_or_address(text: str) -> Host | None:
    """Returns the host that a text names, as a host or as a web address; None for any other text. Never raises."""
    text = text.strip()
    found = read_host(text) if len(text) <= LONGEST_HOST else None
    if found is None:
        address = _parse(text)
        found = address.host if address else None
    return found


def registered_domain(host_or_url: str) -> str | None:
    """Returns the domain that a host, or the host of a web address, was registered under.

    Private suffixes count: it is ``bbc.co.uk`` for ``www.news.bbc.co.uk``, and ``someone.blogspot.com`` for itself. For
    an IP address, or a name that the public suffix list doesn't know, it is the host without ``www.``. None if it is
    neither a host nor a web address. Never raises.
    """
    found = read_host_or_address(host_or_url)
    return found.domain if found else None


# The form of most pictures' addresses: no port, no fragment, and no semicolon, which could end an HTML entity.
_PLAIN_PICTURE = later(
    r"https?://([A-Za-z0-9.-]++)((?:/[A-Za-z0-9_~!$'()*,:@=+&%./-]*+)?(?:\?[A-Za-z0-9_~!$'()*,:@=+&%./?-]++)?)"
)


def image_id(url: str) -> str | None:
    """Returns the id of the picture at that address; None if it isn't a web address with a scheme. Never raises.

    It is ``https://`` and the address with its host in lower case, without default port, fragment and HTML entities.
    Path and query stay as written, because they may name the picture or its size.
    """
    plain = _PLAIN_PICTURE.fullmatch(url) if len(url) < LONGEST_ADDRESS else None
    if plain is None:
        return _picture_key(url)
    place = read_host(plain[1])
    return f"https://{place.full}{plain[2]}" if place else None


def _picture_key(url: str) -> str | None:
    """Does what ``image_id`` says, in all steps."""
    if len(url) > LONGEST_ADDRESS:
        return None
    text = readable(url, unescape=False)
    address = _parts(text) if _SCHEME.match(text) or text.startswith("//") else None
    if address is None:
        return None
    # Hosts of pictures keep all their labels: www.example.com may be a cache in front of example.com.
    port = f":{address.port}" if address.port else ""
    query = f"?{address.query}" if address.query else ""
    key = f"https://{address.host.full}{port}{escape_unwritable(address.path + query)}"
    return key if len(key) <= LONGEST_ADDRESS else None
