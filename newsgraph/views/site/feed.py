"""The sitemap (sitemaps.org, protocol 0.9) and the RSS 2.0 feed of new events, for a site with an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from newsgraph.slices import in_slices
from newsgraph.views.document import shown
from newsgraph.views.wording import utc_stamp

#: The number of addresses that one sitemap may hold, by the protocol.
MOST_ADDRESSES = 50_000
FEED = "new-events.xml"


@dataclass(frozen=True, slots=True)
class Item:
    """A new event: its page, its name, when it began, and a line about it."""

    file: str
    title: str
    begun: datetime
    summary: str


def address(base: str, file: str) -> str:
    """Returns the web address of a file of the site. That of the first page is the site's own."""
    return f"{base}/" if file == "index.html" else f"{base}/{quote(file)}"


def sitemaps(base: str, pages: Sequence[tuple[str, datetime | None]]) -> Iterable[tuple[str, bytes]]:
    """Returns the files: one sitemap, or an index of several if there are more pages than one may hold."""
    parts = list(in_slices(pages, MOST_ADDRESSES))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    for number, part in enumerate(parts, 1):
        lines = [f"<url><loc>{escape(address(base, file))}</loc>{_modified(at)}</url>" for file, at in part]
        name = "sitemap.xml" if len(parts) == 1 else f"sitemap-{number}.xml"
        yield name, f"{head}<urlset {space}>\n{chr(10).join(lines)}\n</urlset>\n".encode()
    if len(parts) > 1:
        found = "\n".join(
            f"<sitemap><loc>{escape(address(base, f'sitemap-{number}.xml'))}</loc></sitemap>"
            for number in range(1, len(parts) + 1)
        )
        yield "sitemap.xml", f"{head}<sitemapindex {space}>\n{found}\n</sitemapindex>\n".encode()


def _modified(at: datetime | None) -> str:
    return f"<lastmod>{utc_stamp(at)}</lastmod>" if at else ""


def feed(base: str, title: str, items: Sequence[Item]) -> bytes:
    """Returns the feed, newest event first. Its date is that of the newest event, so that equal sites give equal
    bytes."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>',
        f"<title>{_text(title)}</title>",
        f"<link>{escape(address(base, 'index.html'))}</link>",
        f"<description>{_text(f'New events in {title}')}</description>",
        f'<atom:link href="{escape(address(base, FEED), {chr(34): "&quot;"})}" rel="self" type="application/rss+xml"/>',
    ]
    if items:
        lines.append(f"<lastBuildDate>{format_datetime(items[0].begun)}</lastBuildDate>")
    for item in items:
        where = escape(address(base, item.file))
        # Readers take a description for HTML, so it is escaped once for XML and once for them.
        lines.append(
            f"<item><title>{_text(item.title)}</title><link>{where}</link><guid>{where}</guid>"
            f"<pubDate>{format_datetime(item.begun)}</pubDate><description>{escape(_text(item.summary))}</description></item>"
        )
    lines.append("</channel></rss>\n")
    return "\n".join(lines).encode("utf-8")


def _text(text: str) -> str:
    return escape(shown(text, 500))
