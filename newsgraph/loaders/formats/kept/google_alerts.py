"""Mails of Google Alerts, each in a file (``.eml``) or many in a mailbox (``.mbox``).

Only such mails are read: their links lead through Google to articles, and the texts of the links are the articles'
titles. What other mails and newsletters link to can be anything. The date of a mail says when Google found the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_string, policy
from email.message import Message
from itertools import pairwise
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.intake.encodings import usual_encoding
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.addresses import is_web, led_to
from newsgraph.loaders.markup.html_tags import attributes_at
from newsgraph.loaders.markup.plain_text import plain
from newsgraph.loaders.records import Reading
from newsgraph.patterns import later

DIALECT = service_dialect("google alerts")
#: How a mail begins, and where the next one of a mailbox does.
_MAIL = later(
    r"(?:From |Return-Path:|Delivered-To:|Received:|X-[\w-]+:|MIME-Version:|Date:|From:|Message-ID:)", re.IGNORECASE
)
_NEXT = later(r"^From (?=\S+ )", re.MULTILINE)
_LINK = later(r"<a(?=\s)", re.IGNORECASE)
_LEADING = later(r"<a\s[^<>]{0,200}?google\.[a-z.]{2,6}/url\?", re.IGNORECASE)
_END = later(r"</a\s*+>", re.IGNORECASE)
#: The number of characters after a link in which the mail tells more of the article.
_MORE = 5_000
_ALERT = later(r"https?://(?:www\.)?google\.[a-z.]{2,6}/url\?", re.IGNORECASE)
_PUBLISHER = later(r"itemprop=[\"']publisher[\"'][^<>]{0,300}+>(?:\s*+<[^<>]*+>){0,9}+([^<>]{1,300}+)<", re.IGNORECASE)
_DESCRIPTION = later(
    r"itemprop=[\"']description[\"'][^<>]{0,1000}+>(.{0,2000}?)</(?:div|td|span)>", re.IGNORECASE | re.DOTALL
)


def matches(document: Document) -> bool:
    """Tells whether its name says that it holds mail, and it begins as mail does."""
    return document.ending in (".eml", ".mbox") and _MAIL.match(document.head) is not None


def read(document: Document) -> Reading:
    """Returns the articles of its alerts. A note counts all other mails."""
    reader = RecordReader(DIALECT)
    records, others = [], 0
    for line, text in _mails(document.text):
        try:
            alerts = list(_alerts(message_from_string(text, policy=policy.compat32)))
        except (RecursionError, ValueError, LookupError) as error:
            reader.report("", f"the mail can't be read ({type(error).__name__})", "It is left out; get it again", line)
            continue
        found = [record for one in alerts if (record := reader.read(one, "", line)) is not None]
        records += found
        others += not found
    if not records:
        why = "it holds no mail of Google Alerts; of other mails nothing is read, so save the pages that they link to"
        return Reading(DIALECT.name, problems=tuple(reader.problems), other="" if tuple(reader.problems) else why)
    notes = (f"{others:,} mails that are not of Google Alerts are left out",) if others else ()
    return Reading(DIALECT.name, tuple(records), tuple(reader.problems), reader.unknown, notes)


def _mails(text: str) -> Iterator[tuple[int, str]]:
    """Yields the text of each mail with the line on which it begins."""
    starts = [0, *(found.start() for found in _NEXT.finditer(text, 1)), len(text)]
    line = 1
    for start, end in pairwise(starts):
        yield line, text[start:end].lstrip()
        line += text.count("\n", start, end)


def _alerts(mail: Message) -> Iterator[dict[str, Any]]:
    """Yields the articles of a mail by the dialect's names."""
    for part in mail.walk():
        if part.get_content_type() == "text/html":
            for values in _linked(_text(part)):
                yield {**values, "seen_at": str(mail["Date"] or "")}


def _text(part: Message) -> str:
    payload = part.get_payload()
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() in ("base64", "quoted-printable"):
        decoded = part.get_payload(decode=True)
        charset = usual_encoding(str(part.get_content_charset("utf-8"))) or "utf-8"
        return decoded.decode(charset, "replace") if isinstance(decoded, bytes) else ""
    return payload if isinstance(payload, str) else ""


def _linked(text: str) -> Iterator[dict[str, Any]]:
    """Yields what each link through Google says whose text is a title. Links around pictures have none."""
    position, seen = 0, set()
    while (found := _LINK.search(text, position)) is not None:
        named, begin = attributes_at(text, found.end())
        end = _END.search(text, begin) if begin > 0 else None
        if end is None:
            return
        position = end.end()
        link = named.get("href", "")
        address, title = led_to(link), plain(text[begin : end.start()])
        if _ALERT.match(link) is None or not is_web(address) or address == link or not title or address in seen:
            continue
        seen.add(address)
        following = _LEADING.search(text, position, position + _MORE)
        about = text[position : following.start() if following else position + _MORE]
        publisher, description = _PUBLISHER.search(about), _DESCRIPTION.search(about)
        yield {
            "title": title,
            "url": address,
            "outlet_name": plain(publisher[1]) if publisher else None,
            "excerpt": plain(description[1]) if description else None,
        }
