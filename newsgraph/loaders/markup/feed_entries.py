"""Reads the entries of feeds, RSS of every version and Atom, by one set of names, whatever the prefixes in the file."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from newsgraph.loaders.fields.times import completes, parse_time
from newsgraph.loaders.markup.addresses import is_collector, is_proxy, is_web, joined, led_to, resolved, same_site
from newsgraph.loaders.markup.namespaces import Names
from newsgraph.loaders.markup.plain_text import BREAKS, headline, plain, shortened
from newsgraph.loaders.markup.xml_tree import Tree

ENTRY_NAMES = frozenset({"item", "entry"})
_XML = "{http://www.w3.org/XML/1998/namespace}"
_PUBLISHED = (
    "pubdate", "atom:published", "dc:date", "dcterms:issued", "dcterms:created", "dcterms:date", "atom:issued",
    "atom:created", "prism:publicationdate", "published", "date", "issued",
)  # fmt: skip
_UPDATED = ("atom:updated", "atom:modified", "dcterms:modified", "prism:modificationdate", "updated", "modified")
_TITLES = ("title", "atom:title", "media:title", "dc:title", "dcterms:title", "itunes:title")
_EXCERPTS = (
    "excerpt:encoded", "description", "atom:summary", "dc:description", "dcterms:abstract", "media:description",
    "itunes:summary", "itunes:subtitle", "summary", "abstract",
)  # fmt: skip
_WHOLE = ("content:encoded", "atom:content", "xhtml:body", "xhtml:div", "content", "body")
_NO_PICTURE = re.compile(
    r"\.(?:mp[34]|m4[av]|m3u8|mov|webm|avi|wmv|flv|swf|wav|og[gav]|aac|flac|pdf|html?|js|torrent|zip)$", re.IGNORECASE
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|svg|heic)$", re.IGNORECASE)
_MOVING = ("duration", "bitrate", "framerate", "samplingrate", "channels")

Got = Mapping[str, list[Element]]


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says about itself: ``home`` is the address of its site, ``base`` the address that links are relative
    to."""

    title: str | None
    home: str | None
    base: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed with its entries, each with its elements by name."""

    feed: Feed
    entries: tuple[tuple[Element, Got], ...]
    names: Names

    @classmethod
    def of(cls, tree: Tree) -> FeedDocument:
        """The feed that the tree is."""
        root = tree.root
        atom = is_atom(root)
        names = Names(root.tag, "atom" if atom else "")
        top = got(root, names)
        channels = top.get("channel", [])
        about = {} if names[root.tag] in _ENTRIES else got(channels[0], names) if channels and not atom else top
        if tree.entries is None:
            entries = list(_entries(root, channels, names, atom=atom))
        else:
            entries = [_entry_in(one, names) for one in tree.entries]
        base = joined(root.get(_XML + "base"), channels[0].get(_XML + "base") if channels else None)
        language = root.get(_XML + "lang") or (channels[0].get(_XML + "lang") if channels else None)
        return cls(_feed(about, base, language), tuple((entry, got(entry, names)) for entry in entries), names)


def is_atom(root: Element) -> bool:
    """Tells whether the root is Atom's: a feed, or an entry by itself."""
    return root.tag.rpartition("}")[2].lower() in ("feed", "entry")


def _entries(root: Element, channels: list[Element], names: Names, *, atom: bool) -> Iterator[Element]:
    """Yields the entries of a feed. RSS has them in its channel or beside it, and RSS 1.1 in a list ``items``."""
    if names[root.tag] in _ENTRIES:
        yield root
        return
    inside = () if atom else [child for channel in channels for child in channel]
    for child in (*inside, *root):
        name = names[child.tag]
        if name in _ENTRIES:
            yield child
        elif name == "items":
            yield from (one for one in child if names[one.tag] in _ENTRIES)


_ENTRIES = frozenset({"item", "entry", "atom:entry", "atom:item"})


def _entry_in(element: Element, names: Names) -> Element:
    """Returns the entry itself, which may be inside a channel."""
    return element if names[element.tag] in _ENTRIES else next(iter(element), element)


def got(element: Element, names: Names) -> dict[str, list[Element]]:
    """Returns the element's children by their names."""
    found: dict[str, list[Element]] = {}
    for child in element:
        name = names[child.tag]
        if name in found:
            found[name].append(child)
        else:
            found[name] = [child]
    return found


def _feed(about: Got, base: str | None, language: str | None) -> Feed:
    own = next((one.get("href") for one in about.get("atom:link", ()) if one.get("rel") == "self"), None)
    home = next(
        (one.get("href") for one in about.get("atom:link", ()) if one.get("rel", "alternate") == "alternate"), None
    )
    home = first(about, ("link", "atom:link")) or home
    own = resolved(own, base)
    home = resolved(home, base or own)
    if base is None or not is_web(base):
        elsewhere = is_proxy(own) or (is_web(own) and is_web(home) and not same_site(own, home))
        place = home if elsewhere or not is_web(own) else own
        base = resolved(base, place) if base else place
    return Feed(
        said(about, ("title", "atom:title", "dc:title")),
        home if is_web(home) else own if not is_proxy(own) else None,
        base if is_web(base) else None,
        language or first(about, ("language", "atom:language", "dc:language", "dcterms:language")),
    )


def text_of(element: Element) -> str | None:
    """Returns the text in the element and in the elements inside it."""
    return element.text if len(element) == 0 else "".join(_texts_in(element))


def _texts_in(element: Element) -> Iterator[str]:
    """Yields the texts in the element, with blanks around what readers see as a block of its own."""
    waiting: list[Element | str] = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one.tag, str):  # a comment has a function there
            around = " " if one.tag.rpartition("}")[2].lower() in BREAKS else ""
            inside = [part for child in one for part in (child, child.tail or "")]
            waiting.extend([around, *reversed(inside), f"{around}{one.text or ''}"])


def first(found: Got, names: tuple[str, ...]) -> str | None:
    """Returns the text of the first of these elements that has one, as written."""
    for name in names:
        for element in found.get(name, ()):
            written = text_of(element)
            if written and not written.isspace():
                return written.strip()
    return None


def _time(found: Got, names: tuple[str, ...]) -> str | None:
    """Returns the first time that these elements hold. Some programs put HTML's ``<time datetime="...">`` there."""
    for name in names:
        for element in found.get(name, ()):
            marked = next((given for one in element.iter() if (given := one.get("datetime"))), None)
            written = marked or text_of(element)
            if written and "<" in written:
                inside = _MARKED_TIME.search(written)
                written = inside[1] if inside else plain(written)
            if written and not written.isspace():
                return written.strip()
    return None


def _published(found: Got) -> str | None:
    """Returns the time of publication as written: the first, or one that completes it, such as by its zone."""
    told = _time(found, _PUBLISHED)
    if told is None:
        return None
    for name in _PUBLISHED:
        if name in found and (other := _time(found, (name,))) not in (told, None):
            read = parse_time(told)
            if read.quality == "exact":
                break
            if completes(parse_time(other), read):
                told = other
    return told


_MARKED_TIME = re.compile(r"<time\b[^<>]*?\bdatetime\s*=\s*[\"']([^\"'<>]+)", re.IGNORECASE)


def said(found: Got, names: tuple[str, ...]) -> str | None:
    """Returns the first text that these elements hold, as a reader sees it, without markup."""
    for name in names:
        for element in found.get(name, ()):
            written = _read(element)
            if written:
                return written
    return None


def _read(element: Element) -> str | None:
    written = text_of(element)
    if not written:
        return None
    if element.get("src"):  # the content is elsewhere
        return None
    kind = element.get("type")
    if element.get("mode") == "base64" or kind == "application/octet-stream":
        try:
            written = b64decode(written, validate=False).decode("utf-8")
        except ValueError:
            return None
    elif len(element) or kind in ("text", "plain", "text/plain"):
        return " ".join(written.split()) or None
    return plain(written)


#: How Blogger says what an entry of its export is: a post, or something else.
_BLOGGER = "http://schemas.google.com/blogger/2008/kind#"
_NO_POSTS = {"comment": "comments", "page": "pages", "template": "templates"}


def other_kind(found: Got) -> str:
    """Returns what an entry is if it is no story: a comment, a draft, or a part of a blog's settings; empty for a
    story."""
    if "thread:in-reply-to" in found:
        return "comments"
    if _is_draft(found.get("app:control", [])):
        return "drafts"
    for element in found.get("atom:category", ()):
        term = element.get("term") or ""
        if term.startswith(_BLOGGER) and not term.endswith("#post"):
            return _NO_POSTS.get(term[len(_BLOGGER) :], "settings")
    return ""


def _is_draft(controls: list[Element]) -> bool:
    return any((text_of(one) or "").strip().lower() == "yes" for control in controls for one in control)


def named(entry: Element, found: Got, document: FeedDocument) -> dict[str, Any]:
    """Returns the entry by the names of the feeds' dialect."""
    feed = document.feed
    base = joined(feed.base, entry.get(_XML + "base"))
    link, other = _links(entry, found, base)
    excerpt = said(found, _EXCERPTS)
    if excerpt is None and "media:group" in found:
        excerpt = said(got(found["media:group"][0], document.names), ("media:description",))
    if excerpt is None:
        excerpt = shortened(said(found, _WHOLE))
    values: dict[str, Any] = {
        "title": said(found, _TITLES) or headline(excerpt),
        "link": link,
        "original": other,
        "summary": excerpt,
        "language": entry.get(_XML + "lang") or first(found, ("dc:language", "language")) or feed.language,
        "topics": list(_topics(found)),
        "credit": _credit(found),
        "authors": list(_authors(found, document.names)),
        "images": list(_pictures(found, document.names, base)),
        "published": _published(found),
        "updated": _time(found, _UPDATED),
    }
    values["outlet_name"], values["outlet_domain"] = _outlet(found, feed, link, document.names)
    return values


def _links(entry: Element, found: Got, base: str | None) -> tuple[str | None, str | None]:
    """Returns the entry's address, and another one that it is known by."""
    original = first(found, ("feedburner:origlink", "pheedo:origlink"))
    link = led_to(_link(entry, found, base))
    if original:
        return resolved(original, base), link
    if is_proxy(link):
        inside = next((one for one in _guids(found) if is_web(one) and not is_proxy(one)), None)
        if inside is not None:
            return inside, link
    return link, None


def _link(entry: Element, found: Got, base: str | None) -> str | None:
    """Returns the entry's address, which may be a text, an attribute or a permanent id, or have another name."""
    link = _written_link(found, base) or _alternate_link(found, base) or _permanent_link(found, base)
    if link:
        return link
    about = next((value for key, value in entry.items() if key.rpartition("}")[2] == "about"), None)
    return next((one for one in (about, *_guids(found)) if is_web(one)), None)


def _written_link(found: Got, base: str | None) -> str | None:
    for name in ("link", "atom:link"):
        for element in found.get(name, ()):
            other = element.get("href") or element.get("rel", "alternate").rpartition("/")[2] != "alternate"
            written = None if other else (element.text or "").strip()
            if written:
                return resolved(written, joined(base, element.get(_XML + "base")))
    return None


def _alternate_link(found: Got, base: str | None) -> str | None:
    linked = [
        one
        for name in ("atom:link", "link")
        for one in found.get(name, ())
        if one.get("href") and one.get("rel", "alternate").rpartition("/")[2] == "alternate"
    ]
    if linked:
        best = min(linked, key=lambda one: "html" not in (one.get("type") or "html"))
        return resolved(best.get("href"), joined(base, best.get(_XML + "base")))
    return None


def _permanent_link(found: Got, base: str | None) -> str | None:
    for element in found.get("guid", ()):
        written = (element.text or "").strip()
        if written and (element.get("isPermaLink") or "true").strip().lower() != "false":
            relative = resolved(written, base) if written.startswith("/") else written
            if is_web(relative):
                return relative
    return None


def _guids(found: Got) -> Iterator[str | None]:
    for name in ("guid", "atom:id", "id", "dc:identifier", "dcterms:identifier"):
        for element in found.get(name, ()):
            yield (element.text or "").strip() or None


def _topics(found: Got) -> Iterator[str]:
    for name in ("category", "atom:category", "dc:subject", "dcterms:subject", "media:category"):
        for element in found.get(name, ()):
            if element.get("domain") in ("post_format", "nav_menu", "author"):
                continue
            written = element.get("label") or element.get("term") or plain(element.text)
            if written and not written.startswith(_BLOGGER):
                yield written
    for name in ("media:keywords", "itunes:keywords", "news:keywords"):
        for element in found.get(name, ()):
            yield from (one for one in (plain(element.text) or "").split(",") if one.strip())


def _authors(found: Got, names: Names) -> Iterator[str]:
    """Yields the authors that the entry names. Of several ways to name them, the first with any names is used."""
    for tag in ("dc:creator", "atom:author", "author", "itunes:author", "dcterms:creator", "byline"):
        told = False
        for element in found.get(tag, ()):
            written = said(got(element, names), ("atom:name", "name")) if len(element) else _read(element)
            if written:
                told = True
                yield written
        if told:
            return


def _credit(found: Got) -> str | None:
    """Returns whom the entry credits: in a field for credits, or as a source that isn't an address."""
    return said(found, ("agency", "news:agency", "source", "dc:source", "dc:publisher"))


def _outlet(found: Got, feed: Feed, link: str | None, names: Names) -> tuple[str | None, str | None]:
    """Returns name and domain of the entry's publisher, both for an outlet's own feed and for one that collects from
    others."""
    for name in ("source", "atom:source"):
        for element in found.get(name, ()):
            within = got(element, names)
            title = said(within, ("atom:title", "title")) if within else plain(element.text)
            home = (
                element.get("url")
                or next(
                    (
                        one.get("href")
                        for one in within.get("atom:link", ())
                        if one.get("rel", "alternate") == "alternate"
                    ),
                    None,
                )
                or first(within, ("link",))
            )
            outlet = _sourced(title, home, feed, link) if title else None
            if outlet is not None:
                return outlet
    told = said(found, ("bing:source", "news:publisher"))
    if told:
        return told, None
    if is_proxy(link):
        return (feed.title, feed.home) if is_web(feed.home) else (None, None)
    return outlet_name(feed.title, feed.home, link), None


def _sourced(title: str, home: str | None, feed: Feed, link: str | None) -> tuple[str, str | None] | None:
    """Returns the outlet that an entry names as its source.

    None if the page is another outlet's own. Then the source is a credit: newspapers name agencies in this way.
    """
    place = home if is_web(home) and not is_proxy(home) else None
    if is_collector(link) or is_proxy(link) or link is None or (place is not None and same_site(place, link)):
        return title, place
    if place is None and not same_site(feed.home, link):
        return title, None
    return None


def outlet_name(title: Any, home: Any, link: Any) -> str | None:
    """Returns the feed's title if the feed belongs to the outlet that published the entry, and isn't a collection."""
    if not (isinstance(home, str) and isinstance(link, str)):
        return None
    return plain(title) if same_site(home, link) else None


def _pictures(found: Got, names: Names, base: str | None) -> Iterator[Mapping[str, Any]]:
    seen: set[str] = set()
    for element, url in _media(found, names):
        full = resolved(url, base)
        if full and full not in seen:
            seen.add(full)
            yield {"url": full, "width": element.get("width"), "height": element.get("height")}


def _media(found: Got, names: Names) -> Iterator[tuple[Element, str | None]]:
    """Yields attached elements that are pictures, with their addresses, the largest kind first."""
    groups = [found, *(got(group, names) for group in found.get("media:group", ()))]
    for group in groups:
        for element in group.get("media:content", ()):
            if _is_picture(element, untyped=True):
                yield element, element.get("url")
    for element in found.get("enclosure", ()):
        if _is_picture(element, untyped=False):
            yield element, element.get("url")
    for element in found.get("atom:link", ()):
        if element.get("rel") == "enclosure" and (element.get("type") or "").startswith("image/"):
            yield element, element.get("href")
    for group in groups:
        yield from _thumbnails(group, names)
    for name in ("itunes:image", "image", "image:image", "bing:image"):
        for element in found.get(name, ()):
            inner = got(element, names)
            bare = (element.text or "").strip() if not inner else None
            yield element, element.get("url") or element.get("href") or first(inner, ("url", "image:loc")) or bare


def _thumbnails(group: Got, names: Names) -> Iterator[tuple[Element, str | None]]:
    for element in group.get("media:thumbnail", ()):
        yield element, element.get("url") or (element.text or "").strip()
    for content in group.get("media:content", ()):
        for child in content:
            if names[child.tag] == "media:thumbnail":
                yield child, child.get("url")


def _is_picture(element: Element, *, untyped: bool) -> bool:
    """Tells whether an attached element is a picture: by its type, or by its ending, or (``untyped``) because nothing
    says that it is video or sound."""
    kind = (element.get("medium") or element.get("type") or "").lower()
    if kind:
        return kind.startswith("image")
    try:
        path = urlsplit(element.get("url") or "").path
    except ValueError:
        return False
    if _PICTURE.search(path):
        return True
    return untyped and not _NO_PICTURE.search(path) and not any(element.get(name) for name in _MOVING)
