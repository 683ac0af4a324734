"""RSS 2.0 (and its elders) and Atom, as files; nothing is fetched. Read by feedparser; XML that declares entities of
its own, which may multiply, is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from newsgraph.graph.urls.identity import registered_domain
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.converters import text
from newsgraph.loaders.fields.dialect import Dialect, RecordReader
from newsgraph.loaders.records import Problem, Reading, Record

#: Characters of the largest feed; feedparser needs some thirty bytes for each.
MAXIMUM = 16 * 2**20
DIALECT = Dialect(
    name="feed",
    fields={
        "title": ("title",),
        "excerpt": ("summary",),
        "url": ("link",),
        "original_url": ("original",),
        "language": ("language",),
        "topics": ("topics",),
        "outlet_name": ("outlet_name",),
        "outlet_domain": ("outlet_domain",),
    },
    time=("published",),
    seen=("updated",),
    images=("images",),
    address_name="link",
)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|RDF)[\s>]")
_ENCODING = re.compile(r"(<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']")


def matches(document: Document) -> bool:
    """Whether it is XML with a feed at its root, or is named as one."""
    if not document.head.startswith("<"):
        return False
    return document.ending in (".rss", ".atom") or _FEED.search(document.head) is not None


def read(document: Document) -> Reading:
    """The entries, in order."""
    said = document.text
    if "<!ENTITY" in said:
        line = said.count("\n", 0, said.index("<!ENTITY")) + 1
        return _failed("the XML declares entities of its own", "No feed needs them; leave the file out", line)
    if len(said) > MAXIMUM:
        return _failed(f"the feed is larger than {MAXIMUM // 2**20} MB", "Split it, or leave it out")
    # Slow to import, and few loads need it; it ships no type information.
    import feedparser  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

    # Bytes in a stream: a text alone would be taken for the name of a file or an address to fetch.
    stream = io.BytesIO(_ENCODING.sub(r"\1", said).encode("utf-8", "replace"))
    try:
        feed = feedparser.parse(
            stream, response_headers={"content-type": "application/xml; charset=utf-8"}, resolve_relative_uris=False
        )
    except (RecursionError, ValueError, AssertionError) as error:
        return _failed(f"the feed can't be read ({type(error).__name__})", "Save it again as RSS or Atom")
    reader = RecordReader(DIALECT)
    broken = _broken(feed)
    if broken is not None:
        kept = f"{len(feed.entries):,} entries before it are kept; mend" if feed.entries else "Mend"
        reader.problems.append(Problem(f"the XML is broken: {broken[0]}", f"{kept} it there", line=broken[1]))
    records: list[Record] = []
    for number, entry in enumerate(feed.entries):
        record = reader.read(_named(entry, feed.feed), f"entry[{number}].")
        if record is not None:
            records.append(record)
    format = "atom" if str(feed.get("version", "")).startswith("atom") else "rss"
    return Reading(format, tuple(records), tuple(reader.problems), reader.unknown)


def _failed(message: str, remedy: str, line: int | None = None) -> Reading:
    return Reading("feed", problems=(Problem(message, remedy, line=line),))


def _broken(feed: Any) -> tuple[str, int | None] | None:
    """What the strict parser stumbled over; a mere doubt about the encoding is none."""
    error = feed.get("bozo_exception") if feed.get("bozo") else None
    if error is None or not hasattr(error, "getMessage"):
        return None
    line = error.getLineNumber() if hasattr(error, "getLineNumber") else None
    return str(error.getMessage()), line


def _named(entry: Any, feed: Any) -> Mapping[str, Any]:
    """An entry by the dialect's names."""
    link = entry.get("link") or (entry.get("id") if str(entry.get("id", "")).startswith("http") else None)
    named: dict[str, Any] = {
        "title": plain(entry.get("title")),
        "link": link,
        "original": entry.get("feedburner_origlink"),
        "summary": plain(entry.get("summary")),
        "language": feed.get("language"),
        "topics": [tag.get("label") or tag.get("term") for tag in entry.get("tags", ())],
        "images": list(_pictures(entry)),
        # feedparser gives one for the other and warns; what isn't there must not be asked for.
        "published": dict.get(entry, "published"),
        "updated": dict.get(entry, "updated"),
    }
    source = entry.get("source") or {}
    if source.get("title"):
        named["outlet_name"] = plain(source.get("title"))
        named["outlet_domain"] = source.get("href") or source.get("link")
    else:
        named["outlet_name"] = outlet_name(feed.get("title"), feed.get("link"), link)
    return named


def outlet_name(title: Any, home: Any, link: Any) -> str | None:
    """The feed's title where the feed is of the outlet that published the entry, not a collection of several."""
    if not (isinstance(home, str) and isinstance(link, str)):
        return None
    return plain(title) if registered_domain(home) == registered_domain(link) is not None else None


def _pictures(entry: Any) -> Iterator[Mapping[str, Any]]:
    seen: set[str] = set()
    attached = [one for one in entry.get("enclosures", ()) if str(one.get("type", "")).startswith("image/")]
    media = [
        one
        for one in entry.get("media_content", ())
        if one.get("medium") == "image" or str(one.get("type", "")).startswith("image/")
    ]
    for one in (*media, *attached, *entry.get("media_thumbnail", ())):
        url = one.get("url") or one.get("href")
        if url and url not in seen:
            seen.add(url)
            yield {"url": url, "width": one.get("width"), "height": one.get("height")}


class _Text(HTMLParser):
    """What a reader would see of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = False

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen = tag in ("script", "style")
        if tag in ("p", "br", "div", "li", "td"):
            self.parts.append(" ")


def plain(value: Any) -> str | None:
    """HTML as plain text on one line."""
    written = text(value)
    if written is None or not ("<" in written or "&" in written):
        return written
    reader = _Text()
    reader.feed(written)
    reader.close()
    return text("".join(reader.parts))
