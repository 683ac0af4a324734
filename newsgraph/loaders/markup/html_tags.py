"""What a web page's tags say about it: its metadata, links, linked data and itemprop marks.

Tags are found as browsers' tokenizers find them, in one pass, wherever they are. No tree is built, so broken pages take
no more time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsgraph.loaders.markup.plain_text import without_tags

#: Tags that are read, and tags that hide others. All others are ignored.
_READ = r"<!--|<(?:meta|link|script|style|template|textarea|html|base|title|time|h1|noscript)(?=[\s/>])"
_MARKED = r"|<[a-z][a-z0-9]*(?=\s[^<>]*?\b(?:%s)\b)"
_SEEN = re.compile(_READ + _MARKED % "item(?:prop|scope)", re.IGNORECASE)
#: Those with RDFa or microformats, which take longer to find.
_SEEN_WITH_OTHERS = re.compile(
    _READ
    + _MARKED
    % (
        "item(?:prop|scope)|typeof|property|h-?entry|h-cite|p-(?:name|author|summary|category|canonical)|vcard"
        "|dt-(?:published|updated)|u-(?:url|photo|featured)|entry-(?:title|summary)"
    ),
    re.IGNORECASE,
)
_OTHER_MARKS = re.compile(r"\btypeof=|\bh-?entry\b")
_NAME = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)")
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s=>/\"'][^\s=>/]*+)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+))?")
_SKIP = re.compile(r"[\s/]*+")
#: The most attributes of one tag that are kept. No page needs more.
_MOST_ATTRIBUTES = 200
_HIDING = ("script", "style", "title", "textarea", "template")
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _HIDING}
_LINKED_DATA = re.compile(r"application/(?:[a-z.+-]*\+)?ld\+json", re.IGNORECASE)


@dataclass(slots=True)
class Item:
    """One thing that a page describes by microdata: its type, and what is said about it, in order."""

    type: str
    values: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """What a page's tags say.

    ``metas`` are names (of any attribute) in lower case with their contents. ``links`` are relations with addresses.
    ``linked`` are the texts of its JSON-LD. ``times`` are the texts of time elements, and whether they are times of
    publication; ``before_heading`` of them stand before the heading. ``properties`` are what itemprop marks say, with
    the tag's name, and so do the marks of RDFa; ``classes`` are what the classes of microformats say.
    """

    metas: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    times: list[tuple[str, bool]] = field(default_factory=list)
    before_heading: int = 0
    properties: list[tuple[str, str, str]] = field(default_factory=list)
    classes: list[tuple[str, str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    language: str | None = None
    base: str | None = None
    title: str | None = None
    heading: str | None = None


#: How the class or itemprop of a time element says that it is the time of publication.
_OF_PUBLICATION = re.compile(
    r"(?:^|[\s_-])(?:date-?published|published(?:-(?:date|time|at))?|dt-published|pub-?date|publish-?date"
    r"|publication-?date|entry-date|post-date|article-date)(?=$|[\s_-])",
    re.IGNORECASE,
)


class _Scanner:
    def __init__(self, text: str, seen: re.Pattern[str]) -> None:
        self._text = text
        self._seen = seen
        self._page = Page()
        self._no_end: set[str] = set()  # tags of which no further end tag is in the text

    def page(self) -> Page:
        position = 0
        while position >= 0 and (found := self._seen.search(self._text, position)):
            position = self._comment(found.start()) if found[0] == "<!--" else self._tag(found.start())
        return self._page

    def _comment(self, start: int) -> int:
        end = self._text.find("-->", start + 4)
        if end < 0:
            return -1
        if len(self._page.comments) < 100:
            self._page.comments.append(self._text[start + 4 : min(end, start + 2000)])
        return end + 3

    def _tag(self, start: int) -> int:
        name = _NAME.match(self._text, start)
        assert name is not None  # the tag was found
        attributes, position = attributes_at(self._text, name.end())
        if position < 0:
            return -1
        tag = name[1].lower()
        inside = ""
        if tag in _ENDS:
            inside, position = self._inside(tag, position)
        self._note(tag, attributes, inside, position)
        return position

    def _inside(self, tag: str, start: int) -> tuple[str, int]:
        close = None if tag in self._no_end else _ENDS[tag].search(self._text, start)
        if close is None:
            self._no_end.add(tag)
            return "", start
        return self._text[start : close.start()], close.end()

    def _note(self, tag: str, attributes: dict[str, str], inside: str, position: int) -> None:
        page = self._page
        if tag == "meta":
            self._meta(attributes)
        elif tag == "link" and attributes.get("href"):
            page.links.extend((one, attributes["href"]) for one in attributes.get("rel", "").lower().split())
        elif tag == "script" and _LINKED_DATA.match(attributes.get("type", "").strip()):
            page.linked.append(inside)
        elif tag in ("html", "base", "title"):
            self._head(tag, attributes, inside)
        elif tag == "time" and attributes.get("datetime"):
            said = f"{attributes.get('itemprop', '')} {attributes.get('class', '')}"
            marked = "pubdate" in attributes or _OF_PUBLICATION.search(said) is not None
            page.times.append((attributes["datetime"], marked))
        elif tag == "h1" and page.heading is None:
            end = self._text.find("</h1", position, position + 4000)
            page.heading = self._text[position:end] if end >= 0 else None
            page.before_heading = len(page.times)
        self._marks(tag, attributes, position)

    def _marks(self, tag: str, attributes: dict[str, str], position: int) -> None:
        """Notes what a tag says by microdata, by RDFa, or by microformats."""
        page = self._page
        if "itemprop" in attributes or "itemscope" in attributes:
            self._property(tag, attributes, position, page.properties)
        elif "typeof" in attributes or ("property" in attributes and tag != "meta"):
            self._property(tag, _of_rdfa(attributes), position, page.properties)
        elif "class" in attributes and (marked := _of_microformats(attributes)):
            self._property(tag, marked, position, page.classes)

    def _meta(self, attributes: dict[str, str]) -> None:
        content = attributes.get("content", attributes.get("value", ""))
        if not content.strip():
            return
        for name in ("property", "name", "itemprop", "http-equiv"):
            self._page.metas.extend((one, content) for one in attributes.get(name, "").lower().split())

    def _head(self, tag: str, attributes: dict[str, str], inside: str) -> None:
        """Reads what a page says only once about itself. The first of each is used."""
        page = self._page
        if tag == "html":
            page.language = page.language or attributes.get("lang") or attributes.get("xml:lang")
        elif tag == "base":
            page.base = page.base or attributes.get("href")
        else:
            page.title = page.title or inside

    def _property(
        self, tag: str, attributes: dict[str, str], position: int, properties: list[tuple[str, str, str]]
    ) -> None:
        if len(properties) >= 2000:
            return
        if "itemscope" in attributes:
            said = (attributes.get("itemprop", ""), "itemscope", attributes.get("itemtype", ""))
            properties.append(said)
            about = attributes.get("itemid")
            if about:
                properties.append(("@id", tag, about))
            return
        value = next(
            (attributes[name] for name in ("content", "datetime", "href", "src", "value") if attributes.get(name)), None
        )
        names = attributes["itemprop"].split()
        linked = tag == "a" and any(name.lower() in _TEXTS for name in names)  # a text that also leads somewhere
        text = ""
        if value is None or linked:
            end = self._text.find("</" + tag, position, position + 4000)
            text = without_tags(self._text[position:end]).strip() if end >= 0 else ""
        for name in names:
            as_text = value is None or (linked and name.lower() in _TEXTS)
            properties.append((name, tag, (text or value or "") if as_text else value or ""))


def _of_rdfa(attributes: dict[str, str]) -> dict[str, str]:
    """Returns the attributes with the marks of RDFa (``typeof="schema:Article"``) as those of microdata."""
    marked = {**attributes, "itemprop": _without_prefixes(attributes.get("property", ""))}
    if "typeof" in attributes:
        marked |= {"itemscope": "", "itemtype": _without_prefixes(attributes["typeof"]).partition(" ")[0]}
    return marked


def _without_prefixes(names: str) -> str:
    return " ".join(name.rpartition(":")[2] for name in names.split())


#: What the classes of microformats mean in schema.org's words: those of today, and of hAtom before them.
_CLASSES = {
    "p-name": "headline", "entry-title": "headline", "dt-published": "datePublished", "published": "datePublished",
    "dt-updated": "dateModified", "updated": "dateModified", "u-url": "url", "p-canonical": "url",
    "p-author": "author", "author": "author",
    "p-summary": "description", "entry-summary": "description", "p-category": "keywords", "u-photo": "image",
    "u-featured": "image",
}  # fmt: skip


def _of_microformats(attributes: dict[str, str]) -> dict[str, str]:
    """Returns the attributes with the classes of microformats as marks of microdata; empty if there are none."""
    classes = attributes["class"].lower().split()
    for name, kind in (("h-entry", "Article"), ("hentry", "Article"), ("h-cite", "Citation")):
        if name in classes:
            return {"itemscope": "", "itemtype": kind}
    names = " ".join(dict.fromkeys(_CLASSES[name] for name in classes if name in _CLASSES))
    return {**attributes, "itemprop": names} if names else {}


def attributes_at(text: str, position: int) -> tuple[dict[str, str], int]:
    """Returns the attributes from that position on, names in lower case, and where the tag ends; -1 if it doesn't
    end."""
    found: dict[str, str] = {}
    while True:
        one = _ATTRIBUTE.match(text, position)
        if one is None:
            skipped = _SKIP.match(text, position)
            position = skipped.end() if skipped else position
            if position >= len(text):
                return found, -1
            if text[position] == ">":
                return found, position + 1
            if text[position] in "\"'=":  # a stray character, as after a quote inside quotes
                position += 1
                continue
            return found, position
        if one[2] is None and text.startswith("=", _SKIP_BLANKS.match(text, one.end()).end()):  # type: ignore[union-attr]  # it matches nothing, too
            return _unclosed(text, one.end(), found)
        position = one.end()
        if len(found) < _MOST_ATTRIBUTES:
            value = one[2] or ""
            bare = value[1:-1] if value[:1] in ("'", '"') else value
            found.setdefault(one[1].lower(), html.unescape(bare) if "&" in bare else bare)


_SKIP_BLANKS = re.compile(r"\s*+")


def _unclosed(text: str, position: int, found: dict[str, str]) -> tuple[dict[str, str], int]:
    """Handles a name and = without a value: a missing value before the tag's end, or a quote that is never closed."""
    sign = _SKIP_BLANKS.match(text, position)
    value = _SKIP_BLANKS.match(text, (sign.end() if sign else position) + 1)
    place = value.end() if value else position
    if text.startswith(">", place):
        return found, place + 1
    return found, -1


def scan(text: str) -> Page:
    """Returns what the tags of the page say, without RDFa and microformats."""
    return _Scanner(text, _SEEN).page()


def scan_other_marks(text: str) -> Page | None:
    """Returns what the tags of the page say, with RDFa and microformats; None for a page without them."""
    return _Scanner(text, _SEEN_WITH_OTHERS).page() if _OTHER_MARKS.search(text) else None


_SAVED_FROM = re.compile(r"\s*saved from url=\(\d+\)\s*(\S+)", re.IGNORECASE)
_SINGLE_FILE = re.compile(r"\s*Page saved with SingleFile.*?\burl:\s*(\S+)", re.IGNORECASE | re.DOTALL)
_MIRRORED = re.compile(r"\s*Mirrored from (\S+) by HTTrack", re.IGNORECASE)
_SCRAPBOOK = re.compile(r"\s*(?:saved from|source url|original url|url)\s*[:=]\s*(https?://\S+)", re.IGNORECASE)


def saved_from(page: Page) -> str | None:
    """Returns the address that the program which saved the page wrote into it; None if it wrote none."""
    for comment in page.comments:
        for pattern in (_SAVED_FROM, _SINGLE_FILE, _MIRRORED, _SCRAPBOOK):
            found = pattern.match(comment)
            if found:
                address = found[1]
                if pattern is _MIRRORED and "://" not in address:
                    address = f"http://{address}"
                if address.lower().startswith("http"):
                    return address
    for name in ("data-scrapbook-source", "savepage-url", "monolith-source"):
        for key, content in page.metas:
            if key == name:
                return content
    return None


#: Properties that are texts, even on a link.
_TEXTS = frozenset({
    "headline", "name", "alternativeheadline", "alternatename", "description", "articlesection", "keywords", "author",
    "creator", "about", "genre",
})  # fmt: skip
#: Properties of which an article may have several.
_SEVERAL = ("author", "creator", "keywords")
_ARTICLE_TYPE = re.compile(r".*(?:article|posting)$", re.IGNORECASE)
_NESTED_NAMES = frozenset({"name", "url", "logo", "width", "height", "image", "sameas", "address", "@id"})


def microformats(page: Page) -> list[dict[str, object]]:
    """Returns the entries that the page describes by microformats, in the form of JSON-LD."""
    starts = [number for number, (_, tag, _) in enumerate(page.classes) if tag == "itemscope"]
    parts = (page.classes[start:end] for start, end in zip(starts, [*starts[1:], len(page.classes)], strict=False))
    found = (microdata(part) for part in parts)
    return [one for one in found if one is not None and one.get("headline")]


def microdata(properties: list[tuple[str, str, str]]) -> dict[str, object] | None:
    """Returns the first article that a page describes by microdata, in the form of JSON-LD; None if there is none."""
    article: dict[str, object] | None = None
    nested: dict[str, object] | None = None
    last = ""  # the article's property that was said last
    for name, tag, value in properties:
        if tag == "itemscope":
            kind = value.rstrip("/").rpartition("/")[2]
            main = not name or (article is None and name.lower() in ("maincontentofpage", "mainentity"))
            if main and _ARTICLE_TYPE.match(kind):
                if article is not None:
                    break
                article, nested = {"@type": kind}, None
            elif article is not None and name:
                inner: dict[str, object] = {"@type": kind}
                key = name.split()[0]
                if nested is not None and key in ("logo", "image"):
                    nested.setdefault(key, inner)
                    last = ""
                else:
                    last = _add(article, key, inner, last)
                    nested = inner
            else:
                last = ""
            continue
        if article is None:
            continue
        target = nested if nested is not None and name.lower() in _NESTED_NAMES and name not in nested else article
        if target is article and name.lower() in ("name", "url") and nested is not None:
            continue
        added = _add(target, name, value, last)
        last = added if target is article else last
    return article


def _add(target: dict[str, object], name: str, value: object, last: str) -> str:
    """Sets what is said first under a name, and returns the name; otherwise an empty text.

    Authors that stand one after the other belong to one byline; others are those of comments and of other articles. All
    keywords are kept.
    """
    had = target.get(name)
    if had is None:
        target[name] = value
        return name
    if name not in _SEVERAL or name not in (last, "keywords"):
        return ""
    if value != had:
        target[name] = [*had, value] if isinstance(had, list) else [had, value]
    return name


def contents(page: Page, names: tuple[str, ...]) -> Iterator[str]:
    """Yields the contents of the page's metadata under those names, the best name first."""
    for name in names:
        for key, content in page.metas:
            if key == name:
                yield content
