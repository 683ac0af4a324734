"""schema.org articles as JSON-LD: one, an array, lines, or a ``@graph``; also the JSON-LD in web pages.

Linked data is a graph: if a thing is only given by its ``@id``, it is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from newsgraph.graph.agencies import agency_in_credit, agency_named
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect, nothing
from newsgraph.loaders.fields.entities import entity, kind_of
from newsgraph.loaders.json.articles import read_articles
from newsgraph.loaders.json.text import Element
from newsgraph.loaders.markup.addresses import is_web, one_outlet, resolved, same_site
from newsgraph.loaders.markup.plain_text import plain, web_text
from newsgraph.loaders.records import EntityRecord, Reading

DIALECT = Dialect(
    name="json-ld",
    fields={
        "title": ("headline", "name", "alternativeHeadline"),
        "excerpt": ("description", "abstract"),
        "url": ("url", "mainEntityOfPage.@id", "mainEntityOfPage", "@id"),
        "category": ("articleSection",),
        "language": ("inLanguage",),
        "topics": ("keywords",),
        "outlet_name": ("publisher.name", "sourceOrganization.name"),
        "outlet_domain": ("publisher.url",),
        "outlet_logo_url": ("publisher.logo.url", "publisher.logo"),
        "credit": ("credit",),
        "authors": ("author", "creator"),
        "entities": ("entities",),
    },
    time=("datePublished", "dateCreated", "uploadDate"),
    seen=("dateModified",),
    images=("image", "thumbnailUrl"),
    left_out=frozenset(
        {
            "@context", "@type", "editor", "articleBody", "isAccessibleForFree",
            "hasPart", "isPartOf", "speakable", "wordCount", "copyrightHolder", "copyrightYear", "commentCount",
            "comment", "video", "mentions", "about", "creditText", "identifier", "potentialAction", "liveBlogUpdate",
        }
    ),
)  # fmt: skip
_KINDS = ("article", "posting", "videoobject", "review")
_DEPTH = 4
#: Names under which a page's main subject may be found.
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage", "@included", "subjectOf")
_DIGITS = re.compile(r"\s*+(\d{1,6})(?:[.,]\d++)?\s*+(?:(?:px|pixels?)\s*+)?", re.IGNORECASE)
_REFERENCE = frozenset({"@id", "@type"})


def matches(document: Document) -> bool:
    """Whether the first element is of a type of schema.org's, or an article is among the elements."""
    if document.json is None:
        return False
    return any(
        is_article(one) and not _of_other_vocabulary(one)
        for element in document.json.elements[:100]
        for one in nodes([element.value])
    )


def _of_other_vocabulary(value: Mapping[str, Any]) -> bool:
    """Tells whether an article has the names of OpenGraph or of ActivityPub, which json_plain reads."""
    return "og:title" in value or "attributedTo" in value


def _types(value: Any) -> Iterator[str]:
    given = value.get("@type", value.get("type") if "@id" in value or "@context" in value else None)
    for one in given if isinstance(given, list) else [given]:
        if isinstance(one, str):
            yield re.split(r"[/:#]", one)[-1].lower()


def is_article(value: Any) -> bool:
    """Tells whether it is an article or something like it."""
    return isinstance(value, Mapping) and any(one.endswith(_KINDS) for one in _types(value))


def is_text(value: Any) -> bool:
    """Tells whether it is an article, and not a video or a review."""
    return isinstance(value, Mapping) and any(one.endswith(_KINDS[:2]) for one in _types(value))


def nodes(values: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    """Yields the things that linked data describes, including those in graphs and those that a page is about."""
    waiting = list(values)[::-1]
    for _ in range(10_000):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one[::-1])
        elif isinstance(one, Mapping):
            yield one
            waiting.extend(inside for name in _INSIDE[::-1] if isinstance(inside := one.get(name), (list, Mapping)))


class Graph:
    """The linked data of one document: its things by their ``@id``."""

    def __init__(self, values: Iterable[Any], base: str | None = None) -> None:
        self._base = base
        self._by_id: dict[str, dict[str, Any]] = {}
        self.things = tuple(nodes(values))
        for thing in _described(self.things):
            known = self._by_id.setdefault(thing["@id"], {})
            for name, value in thing.items():
                known.setdefault(name, value)

    def article(self, thing: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the article by the dialect's names, with references looked up, full addresses, and texts as readers
        see them."""
        whole = {_bare(name): value for name, value in {**self._by_id.get(str(thing.get("@id")), {}), **thing}.items()}
        made = {name: self._value(whole[name], 0) for name in whole if name not in DIALECT.left_out}
        made["entities"] = list(self._entities(whole))
        made["credit"] = self._credit(whole)
        for name in ("author", "creator"):
            if name in made:
                made[name] = _people(made[name])
        for name in ("headline", "name", "alternativeHeadline", "description", "abstract"):
            if name in made:
                made[name] = _text(made[name])
        for name in ("datePublished", "dateCreated", "uploadDate", "dateModified"):
            if name in made:
                made[name] = _first(made[name])
        if "inLanguage" in made:
            made["inLanguage"] = _language(made["inLanguage"])
        made.update(self._addresses(made))
        for name in ("image", "thumbnailUrl"):
            if name in made:
                made[name] = list(self._pictures(made[name]))
        own = next(
            (made[name] for name in ("url", "mainEntityOfPage", "@id") if isinstance(made.get(name), str)), self._base
        )
        for name in ("publisher", "sourceOrganization"):
            if name in made:
                made[name] = self._organisation(_first(made[name]), own)
        return made

    def address(self, thing: Mapping[str, Any]) -> str | None:
        """Returns the address that the article gives for itself, in full."""
        return next((one for one in self._addresses(thing).values() if isinstance(one, str)), None)

    def _value(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return web_text(value)
        if depth >= _DEPTH:
            return None if isinstance(value, (list, Mapping)) else value
        if isinstance(value, list):
            return [self._value(one, depth + 1) for one in value[:1000]]
        if not isinstance(value, Mapping):
            return value
        for wrapper in ("@value", "@list", "@set"):
            if wrapper in value:
                return self._value(value[wrapper], depth + 1)
        if value.keys() <= _REFERENCE and isinstance(value.get("@id"), str):
            value = self._by_id.get(value["@id"], value)
        return {_bare(name): self._value(one, depth + 1) for name, one in value.items()}

    def _entities(self, whole: Mapping[str, Any]) -> Iterator[EntityRecord | None]:
        """The people, organisations and places that the article is about or mentions."""
        for name in ("about", "mentions", "contentLocation"):
            given = self._value(whole.get(name), 0)
            for one in given if isinstance(given, list) else [given]:
                if isinstance(one, Mapping):
                    kind = kind_of(list(_types(one))) or (kind_of("place") if name == "contentLocation" else None)
                    yield entity(
                        _first(one.get("name")), kind, one.get("sameAs"), one.get("@id"), one.get("identifier")
                    )

    def _credit(self, whole: Mapping[str, Any]) -> str | None:
        """Returns whom it credits: a text for credits, or the organisation that it is from."""
        for name in ("creditText", "sourceOrganization", "copyrightHolder"):
            told = _text(self._value(whole.get(name), 0))
            if told and agency_in_credit(told) is not None:
                return told
        return None

    def _addresses(self, made: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in ("url", "mainEntityOfPage", "@id"):
            if name not in made:
                continue
            given = _first(made[name])
            if isinstance(given, Mapping):
                given = _first(given.get("@id") or given.get("url"))
            full = resolved(given, self._base) if isinstance(given, str) else None
            whole = is_web(full) or (full is not None and "/" in full and "." in full.partition("/")[0])
            found[name] = (
                _page_of(full) if full is not None and whole and not (name == "@id" and not is_web(full)) else None
            )
        return found

    def _pictures(self, given: Any) -> Iterator[Any]:
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, str):
                yield resolved(one, self._base)
            elif isinstance(one, Mapping):
                url = next((_first(one[name]) for name in ("url", "contentUrl", "@id") if one.get(name)), None)
                if isinstance(url, Mapping):
                    url = url.get("@id") or url.get("url")
                full = resolved(url, self._base) if isinstance(url, str) else None
                if is_web(full):
                    sizes = {name: _pixels(one.get(name)) for name in ("width", "height")}
                    caption = one.get("caption")
                    yield {"url": full, **sizes, "title": caption if isinstance(caption, str) else None}

    def _organisation(self, given: Any, page: str | None) -> Any:
        """Returns who published the page. An organisation with another site owns the outlet, but isn't the outlet."""
        if isinstance(given, str):
            return {"name": given}
        if not isinstance(given, Mapping):
            return None
        logo = next(iter(self._pictures(given.get("logo") or given.get("image"))), None)
        home = _first(given.get("url"))
        place = home if isinstance(home, str) and is_web(home) else None
        if place is not None and page is not None and not same_site(place, page):
            if not one_outlet(place, page):
                return None
            place = None
        name = _text(given.get("name") or given.get("legalName") or given.get("alternateName"))
        if name is None or nothing(name):
            return {"name": "", "url": place, "logo": logo} if place or logo else None
        return {"name": name, "url": place, "logo": logo}


def _people(given: Any) -> list[Any]:
    """Returns the names of authors. Of organisations, only agencies are kept; others are publishers."""
    told: list[Any] = []
    for one in given if isinstance(given, list) else [given]:
        if not _is_publisher(one):
            names = one.get("name") if isinstance(one, Mapping) else None
            told.extend(map(_text, names) if isinstance(names, list) else [_text(one)])
    return [one for one in told if one]


def _is_publisher(author: Any) -> bool:
    if not isinstance(author, Mapping) or kind_of(list(_types(author))) != "organisation":
        return False
    name = _text(author)
    return name is None or agency_named(name) is None


def _described(things: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yields everything that has an ``@id`` and says more than that, however deeply it is nested."""
    waiting: list[tuple[Any, int]] = [(thing, 0) for thing in things]
    seen = 0
    while waiting and seen < 100_000:
        one, depth = waiting.pop()
        seen += 1
        if isinstance(one, Mapping):
            if isinstance(one.get("@id"), str) and not one.keys() <= _REFERENCE:
                yield one
            inner: Iterable[Any] = one.values()
        else:
            inner = one
        if depth < 2 * _DEPTH:
            waiting.extend((value, depth + 1) for value in inner if isinstance(value, (Mapping, list)))


def _bare(name: Any) -> str:
    """Returns a name without the prefix that stands for schema.org."""
    written = str(name)
    for beginning in ("schema:", "http://schema.org/", "https://schema.org/"):
        if written.startswith(beginning):
            return written[len(beginning) :]
    return written


def _first(value: Any) -> Any:
    return next((one for one in value if one), None) if isinstance(value, list) else value


def _text(value: Any) -> str | None:
    given = _first(value)
    if isinstance(given, Mapping):
        given = given.get("name") or given.get("headline")
    return plain(given) if isinstance(given, str) else None


def _language(value: Any) -> str | None:
    given = _first(value)
    if isinstance(given, Mapping):
        given = given.get("alternateName") or given.get("name") or given.get("identifier")
    return given if isinstance(given, str) else None


def _pixels(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("value") or value.get("name")
    found = _DIGITS.fullmatch(str(value)) if isinstance(value, (str, int, float)) else None
    return found[1] if found else None


def _page_of(address: str) -> str:
    """Returns the address without the fragment by which linked data names things on a page."""
    return address.partition("#")[0] if "#!" not in address else address


def read(document: Document) -> Reading:
    """Returns the articles. Elements of other types are ignored."""
    assert document.json is not None
    graph = Graph([element.value for element in document.json.elements])
    articles: list[Element] = []
    for element in document.json.elements:
        if is_article(element.value) and isinstance(element.value, dict) and type(element.value) is not dict:
            articles.append(element)  # a name is given twice in it: to be reported
            continue
        articles.extend(replace(element, value=graph.article(one)) for one in nodes([element.value]) if is_article(one))
    return read_articles(document.narrowed(replace(document.json, elements=tuple(articles))), DIALECT)
