"""Finds the articles in JSON by what they are, objects with a title and an address, wherever they are in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from newsgraph.loaders.markup.addresses import is_web
from newsgraph.patterns import later

#: Names under which services have their list of articles.
LISTS = ("articles", "value", "posts", "items", "stories", "results", "entries", "news", "data", "@graph")
#: Names of an article's values, in lower case and without marks.
_TITLES = frozenset(
    {
        "title", "headline", "headlines", "webtitle", "storytitle", "articletitle", "newstitle", "titlefull",
        "heading", "ogtitle", "dctitle",
    }
)  # fmt: skip
_ADDRESSES = frozenset({
    "url", "link", "links", "weburl", "canonicalurl", "canonical", "permalink", "href", "uri", "storyurl", "articleurl",
    "sourceurl", "newsurl", "originalurl", "externalurl", "ampurl", "ampweburl", "cdnampurl", "cdnampweburl", "pageurl",
    "documentidentifier", "alternate", "urls", "guid", "source", "sharelink", "shareurl",
    "requestedurl", "respondedurl", "html", "ogurl",
})  # fmt: skip
#: Names that show that something with a name is an article.
_NAMED = frozenset({"datePublished", "publishedAt", "attributedTo"})
#: Plain names of objects that hold what is said about an article, beside its text.
ABOUT = frozenset({"metadata", "meta", "opengraph", "og"})
#: Values that show that a single object isn't merely a link.
_MORE = (
    "date",
    "time",
    "publish",
    "description",
    "content",
    "text",
    "summary",
    "body",
    "abstract",
    "created",
    "issued",
)
#: Lists of other articles that belong to an article.
_BESIDES = ("related", "similar", "recommended", "alsoread", "seealso", "morelike", "duplicates", "references")
#: Names under which something that has a title and an address itself, such as a feed or a search, holds articles.
_HOLDING = frozenset({*LISTS, "item", "entry", "docs", "hits", "children", "edges", "nodes", "list", "rows", "records"})
#: Those among them under which programs that turn XML into JSON put an only article, without a list.
_ONE = frozenset({"item", "entry"})
#: Names that say they hold an address, and those among them whose address isn't the article's.
_LINKING = later(r"(?:url|link|href|uri|web|permalink)$")
_OTHER_LINKS = later(
    r"image|img|pic|photo|thumb|logo|icon|avatar|video|audio|podcast|media|author|byline|user|profile|feed|rss|atom|amp"
    r"|comment|home|site|source|outlet|publisher|provider|domain|categor|section|topic|tag|api|json|pdf|archive|short"
    r"|mobile|twitter|facebook|share|next|prev|base|self|related|parent|license"
)
LOOKED_AT = 20
_DEPTH = 8
_MOST_NODES = 100_000


class PlacedArticle(NamedTuple):
    """One article: its value, its path in the text ("response.docs[3]."), no line, and the object that holds its
    list."""

    value: Any
    place: str
    line: int | None
    envelope: Mapping[str, Any]


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """Returns a name in lower case, with letters and digits only."""
    return "".join(filter(str.isalnum, name.lower()))


def like_an_article(value: Any) -> bool:
    """Tells whether it is an object with a title and an address."""
    if not isinstance(value, Mapping):
        return False
    if isinstance(value.get("title"), str) and (is_web(_text(value, "url")) or is_web(_text(value, "link"))):
        return True
    titled = isinstance(value.get("name"), str) and not _NAMED.isdisjoint(value)
    addressed = False
    for name, given in value.items():
        plain = plain_name(name) if isinstance(name, str) and len(name) < 40 else ""
        if plain in _TITLES:
            titled = titled or bool(given)
        elif plain in _ADDRESSES:
            addressed = addressed or _is_address(
                given, 0, relative=plain not in ("source", "guid", "uri", "links", "html")
            )
        elif plain in ABOUT and isinstance(given, Mapping):
            addressed = addressed or any(
                is_web(_text(given, inner)) for inner in given if plain_name(str(inner)[:40]) in _ADDRESSES
            )
    return titled and (addressed or only_page_address(value) is not None)


def only_page_address(value: Mapping[str, Any]) -> str | None:
    """Returns the only name that says it holds an address (``news_link``) and does; None if there are several, or if
    the addresses are those of pictures, people and sites."""
    found = [
        name
        for name, given in value.items()
        if isinstance(name, str)
        and isinstance(given, str)
        and len(name) < 40
        and is_web(given)
        and _LINKING.search(plain_name(name))
        and not _OTHER_LINKS.search(plain_name(name))
    ]
    return found[0] if len(found) == 1 else None


def is_one_article(value: Any) -> bool:
    """Tells whether it is an article, and neither a feed that holds others nor a table by columns."""
    return like_an_article(value) and isinstance(value.get("title", ""), str) and not _holds_others(value)


def _text(value: Mapping[str, Any], name: str) -> str | None:
    given = value.get(name)
    return given if isinstance(given, str) else None


def _is_address(given: Any, depth: int, *, relative: bool) -> bool:
    if isinstance(given, str):
        return is_web(given) or (relative and "." in given and "/" in given and " " not in given[:200])
    if depth > 2:
        return False
    inner: Sequence[Any] = (
        list(given.values())[:20] if isinstance(given, Mapping) else given if isinstance(given, list) else ()
    )
    return any(_is_address(one, depth + 1, relative=False) for one in inner[:20])


def articles_inside(value: Any) -> tuple[PlacedArticle, ...] | None:
    """Returns the articles that are anywhere inside the value, in order, each with the others of its list.

    None if there is none, or if the value is an article itself.
    """
    if isinstance(value, Mapping):
        turned = _by_columns(value)
        if turned is not None:
            return turned
        if like_an_article(value) and not _holds_others(value):
            return None
    search = _Search()
    search.look(value, "", {}, 0)
    if search.listed:
        return tuple(search.listed)
    return tuple(search.alone) or None


def _holds_others(value: Mapping[str, Any]) -> bool:
    """Tells whether it has a title and an address itself and also holds articles, as a feed does."""
    return any(
        any(map(like_an_article, given[:LOOKED_AT]))
        if isinstance(given, list)
        else name in _ONE and like_an_article(given)
        for name, given in value.items()
        if name in _HOLDING
    )


class _Search:
    def __init__(self) -> None:
        self.listed: list[PlacedArticle] = []
        self.alone: list[PlacedArticle] = []
        self._left = _MOST_NODES
        self._lists = 0  # how many lists, of other things than articles, are being looked into

    def look(self, value: Any, place: str, envelope: Mapping[str, Any], depth: int) -> None:
        self._left -= 1
        if self._left < 0 or depth > _DEPTH:
            return
        if isinstance(value, list):
            self._look_in_list(value, place, envelope, depth)
        elif isinstance(value, Mapping):
            if depth and like_an_article(value) and not _holds_others(value):
                if any(one in plain_name(str(name)) for name in value for one in _MORE):
                    found = self.listed if self._lists else self.alone
                    found.append(PlacedArticle(value, f"{place}." if place else "", None, envelope))
                return
            if len(value) > 1 and all(map(_numbers_an_article, value.items())):  # a list by its numbers
                self.listed += [
                    PlacedArticle(one, f"{place}[{number}].", None, envelope) for number, one in value.items()
                ]
                return
            for name, given in value.items():
                if isinstance(given, (list, Mapping)) and not plain_name(str(name)).startswith(_BESIDES):
                    self.look(given, f"{place}.{name}" if place else str(name), value, depth + 1)

    def _look_in_list(self, value: list[Any], place: str, envelope: Mapping[str, Any], depth: int) -> None:
        sample = [one for one in value[:200] if isinstance(one, Mapping)][:LOOKED_AT]
        if not any(like_an_article(one) and not _holds_others(one) for one in sample):
            self._lists += 1
            for number, one in enumerate(value):
                if isinstance(one, (list, Mapping)):
                    self.look(one, f"{place}[{number}]", envelope, depth + 1)
            self._lists -= 1
            return
        for number, one in enumerate(value):
            here = f"{place}[{number}]"
            if isinstance(one, Mapping) and not like_an_article(one):
                before = len(self.listed)
                self._lists += 1
                self.look(one, here, envelope, depth + 1)
                self._lists -= 1
                if len(self.listed) > before:
                    continue
            self.listed.append(PlacedArticle(one, f"{here}.", None, envelope))


def _numbers_an_article(item: tuple[Any, Any]) -> bool:
    number, value = item
    return isinstance(number, str) and number.isdecimal() and like_an_article(value)


def _by_columns(value: Mapping[str, Any]) -> tuple[PlacedArticle, ...] | None:
    """Returns the articles of a table that is written column by column, as data frames are."""
    columns = value.get("columns")
    name = "data" if isinstance(value.get("data"), list) else "rows"
    rows = value.get(name)
    if isinstance(columns, list) and isinstance(rows, list) and all(isinstance(one, str) for one in columns):
        made = [dict(zip(columns, row, strict=False)) if isinstance(row, list) else row for row in rows]
        if any(map(like_an_article, made[:LOOKED_AT])):
            return tuple(PlacedArticle(one, f"{name}[{number}].", None, value) for number, one in enumerate(made))
        return None
    turned = list(_turned(value))
    if turned and any(like_an_article(one) for _, one in turned[:LOOKED_AT]):
        return tuple(PlacedArticle(one, f"[{key}].", None, value) for key, one in turned)
    return None


def _turned(value: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    titles = next((given for name, given in value.items() if plain_name(str(name)[:40]) in _TITLES), None)
    if (
        isinstance(titles, list)
        and titles
        and all(isinstance(one, list) and len(one) == len(titles) for one in value.values())
    ):
        for number in range(len(titles)):
            yield str(number), {name: column[number] for name, column in value.items()}
    elif (
        isinstance(titles, Mapping)
        and titles
        and all(isinstance(one, Mapping) and one.keys() == titles.keys() for one in value.values())
    ):
        for key in titles:
            yield str(key), {name: column[key] for name, column in value.items()}
