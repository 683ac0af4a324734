"""Exports of the press archives Nexis and Factiva, as text, as HTML or as RTF, and of Europresse as HTML, with many
articles in each file.

A story is known by its web address. Archives mostly give none. An article without one can't be told from others, and
can't be merged with what feeds and pages say of it. So it is left out and reported by its headline. If the export has
a line ``URL: https://...``, the article is read. The archive's own address for its copy doesn't count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.fields.entities import entity, kind_of
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.addresses import in_press_archive
from newsgraph.loaders.markup.plain_text import plain, shortened, unescaped
from newsgraph.loaders.markup.rich_text import rtf_text
from newsgraph.loaders.records import EntityRecord, Problem, Reading, Record

DIALECT = service_dialect("press archive", "URL")
_REMEDY = "It is left out; give the article's address on the web {}, or load the outlet's own pages or feeds"
#: Lines that begin an article, or end one.
_COUNTED = re.compile(
    r"\s*(?:Document |Dokument )?\d{1,5} (?:of|von|de|sur|di|van) \d{1,6}(?: DOCUMENTS?| DOKUMENTE?N?)?\s*"
)
_NEXIS_END = re.compile(
    r"\s*(?:End of Document|Ende des Dokuments|Fin del documento|Fin du document)\s*", re.IGNORECASE
)
_FACTIVA_END = re.compile(
    r"\s*(?:AN\s+)?(?:Document|Dokument|Documento)\s+([A-Z0-9]{4,12}(?:19|20)\d{6}[a-z0-9]{3,})\s*", re.IGNORECASE
)
_CODE = re.compile(
    r"\s*(SE|HD|CR|BY|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPD|IPC|PUB|URL|AN)(?:\s+(.*))?"
)
_LABEL = re.compile(
    r"\s*(BYLINE|SECTION|LENGTH|HIGHLIGHT|HEADLINE|LOAD-DATE|LANGUAGE|SUBJECT|ORGANIZATION|PERSON|COMPANY|GEOGRAPHIC"
    r"|CITY|COUNTRY|STATE|PUBLICATION-TYPE|JOURNAL-CODE|DATELINE|URL|AUTHOR|AUTOR|RUBRIK|SPRACHE|LÄNGE|SERIES|GRAPHIC"
    r"|BODY|CORRECTION|INDUSTRY|TICKER|SIGNATURE|RUBRIQUE|LONGUEUR|SECCIÓN|LONGITUD)\s*:\s*(.*)",
    re.IGNORECASE,
)
_DATE = re.compile(r".{0,20}\b(?:19|20)\d\d\b.{0,40}")
_DATE_WORDS = re.compile(
    r"\d{1,2}\D{1,12}(?:19|20)\d\d|(?<![^\W\d_])[^\W\d_]{3,}+\.?\s\d{1,2},?\s(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
)
_WORDS = re.compile(r"\s*[\d.,]{1,9}\s+(?:words|Wörter|mots|palabras|parole|woorden|palavras)\s*", re.IGNORECASE)
_CLOCK = re.compile(r"\s*\d{1,2}:\d\d(?::\d\d)?(?:\s*[AP]M)?(?:\s*[A-Z]{2,5})?\s*")
_BY = re.compile(r"(?:by|von|par|por|di|door)\s", re.IGNORECASE)
_SHARE = re.compile(r"(?:(?<!\s)\s++)?+\(\d+%\)")
_ALONE = re.compile(r"\s*(https?://[^\s<>\"]+)\s*")
_COPYRIGHT = re.compile(r"\s*(?:Copyright\b|©|\(c\)|All Rights Reserved)", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|br|tr|h\d|table|li|hr|body|center|blockquote)\b[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def matches(document: Document) -> bool:
    """Tells whether the text has the marks of an archive's export."""
    if document.ending not in (".txt", ".html", ".htm", ".rtf", ""):
        return False
    text, head = document.text, document.head
    if head.startswith("{\\rtf"):
        return True
    if head.startswith(("{", "[", "---")):
        return False
    if head.startswith("<"):
        if _of_europresse(text):
            return True
        coded = _HEADED.search(text) is not None and _DATED.search(text) is not None
        return coded or ("DOCUMENTS" in text and _OF.search(text) is not None)
    marked = "DOCUMENTS" in head or "End of Document" in text or "Document " in text or "Dokument" in text
    return marked and any(pattern.search(text) for pattern in _MARKS)


#: Codes of a headline and of a date as Factiva's pages show them. "HD" alone is also the name of a button.
_HEADED = re.compile(r">\s*HD(?:&nbsp;|\s)*<")
_DATED = re.compile(r">\s*(?:PD|SN|WC)(?:&nbsp;|\s)*<")
_OF = re.compile(r"\b\d{1,5} of \d{1,6} DOCUMENTS?\b")
_MARKS = (
    _OF,
    re.compile(r"^[ \t]*(?:Load-Date|Length|LENGTH|LOAD-DATE)[ \t]*:", re.MULTILINE),
    re.compile(r"^[ \t]*(?:AN[ \t]+)?Document[ \t]+[A-Z0-9]{4,12}(?:19|20)\d{6}", re.MULTILINE),
)


@dataclass(slots=True)
class _Article:
    """The lines of one article, and on which line of the file it begins."""

    line: int
    lines: list[str] = field(default_factory=list)


def read(document: Document) -> Reading:
    """Returns the articles that have an address. Each of the others becomes a problem that names it."""
    reader = RecordReader(DIALECT)
    records: list[Record] = []
    problems: list[Problem] = []
    for number, (line, values) in enumerate(_told(document), 1):
        place = f"article[{number}]."
        if not values.get("URL"):
            problems.append(without_address(values, "archive's export", line))
            continue
        record = reader.read(values, place, line)
        if record is not None:
            records.append(record)
    if not records and not problems:
        problems.append(Problem("no article of a press archive was found in it", "Export it again as text or HTML"))
    for one in problems:
        reader.problems.append(one)
    return Reading(DIALECT.name, tuple(records), tuple(reader.problems), reader.unknown)


def _told(document: Document) -> Iterator[tuple[int | None, Mapping[str, Any]]]:
    """Yields each article by the dialect's names, with the line on which it begins if the file shows it as text."""
    if _of_europresse(document.text):
        yield from _europresse(document.text)
        return
    straight = not document.head.startswith(("<", "{\\rtf"))
    for article in _articles(_lines(document)):
        values = _factiva(article.lines) if _is_factiva(article.lines) else _nexis(article.lines)
        yield article.line if straight else None, values


def without_address(values: Mapping[str, Any], giver: str, line: int | None, place: str = "in a line URL:") -> Problem:
    """Returns the problem of an article that has no address of its own. ``giver`` is the word for what should give it,
    and ``place`` says where in the file."""
    told = ", ".join(str(one) for one in (values.get("outlet_name"), values.get("published_at")) if one)
    title = str(values.get("title") or "an article without a headline")[:80]
    said = f"the {giver} gives no web address for {title!r}" + (f" ({told})" if told else "")
    return Problem(said, _REMEDY.format(place), line=line)


def _lines(document: Document) -> list[str]:
    text = document.text
    if document.head.startswith("{\\rtf"):
        text = rtf_text(text)
    elif document.head.startswith("<"):
        text = _without(text, "script", "style", "head").replace("\n", " ")
        text = unescaped(_TAG.sub("", _BLOCK.sub("\n", text).replace("</td>", "\t")))
    return text.replace("\u00a0", " ").replace("\r", "").replace("\f", "\n").split("\n")


#: How Europresse marks the name of a source, the line with the date, and the headline.
_EUROPRESSE = {
    "outlet_name": re.compile(r"class=[\"']DocPublicationName[\"'][^>]*>(.{0,500}?)</(?:span|div)>", re.DOTALL),
    "published_at": re.compile(r"class=[\"']DocHeader[\"'][^>]*>(.{0,500}?)</(?:span|div)>", re.DOTALL),
    "title": re.compile(r"class=[\"'][^\"'>]{0,80}titreArticleVisu[^>]*>(.{0,2000}?)</p>", re.DOTALL),
}
_DAY_OF_HEADER = re.compile(r"[^\d]{0,30}\d{1,2}(?:er)? \S{3,12} (?:19|20)\d\d|\S{3,12} \d{1,2}, (?:19|20)\d\d")


def _of_europresse(text: str) -> bool:
    return "DocPublicationName" in text and "titreArticle" in text


def _europresse(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yields the articles of a page of Europresse with their lines. An address stands alone in a line, as elsewhere."""
    starts = [one.start() for one in re.finditer("<article[ >]", text)] or [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        found = {name: pattern.search(part) for name, pattern in _EUROPRESSE.items()}
        told = {name: plain(one[1]) if one else None for name, one in found.items()}
        day = _DAY_OF_HEADER.search(told["published_at"] or "")
        lines = unescaped(_TAG.sub("", _BLOCK.sub("\n", part))).split("\n")
        line = text.count("\n", 0, start) + 1
        yield line, {**told, "published_at": day[0] if day else told["published_at"], "URL": _address(lines)}


def _without(text: str, *tags: str) -> str:
    """Returns the text without these elements. An element that isn't closed stays."""
    for tag in tags:
        kept: list[str] = []
        start = 0
        while (begin := text.find(f"<{tag}", start)) >= 0 and (end := text.find(f"</{tag}>", begin)) >= 0:
            kept.append(text[start:begin])
            start = end + len(tag) + 3
        text = "".join((*kept, text[start:]))
    return text


def _articles(lines: Sequence[str]) -> Iterator[_Article]:
    article = _Article(1)
    for number, line in enumerate(lines, 1):
        factiva = _FACTIVA_END.fullmatch(line)
        if _COUNTED.fullmatch(line) or _NEXIS_END.fullmatch(line) or factiva:
            if factiva:
                article.lines.append(line)
            if _says_something(article.lines):
                yield article
            article = _Article(number + 1)
        elif article.lines or line.strip():
            if not article.lines:
                article.line = number
            article.lines.append(line)
    if _says_something(article.lines):
        yield article


def _says_something(lines: Sequence[str]) -> bool:
    """Tells whether the lines hold an article. Cover pages and lists of results don't have an article's marks."""
    if sum(len(line) for line in lines) < 40:
        return False
    marks = sum(_LABEL.fullmatch(line) is not None or _WORDS.fullmatch(line) is not None for line in lines)
    return marks > 0 or _is_factiva(lines)


def _is_factiva(lines: Sequence[str]) -> bool:
    if any(_FACTIVA_END.fullmatch(line) for line in lines[-3:]):
        return True
    codes = {found[1] for line in lines if (found := _CODE.fullmatch(line))}
    return {"HD", "PD"} <= codes or {"HD", "SN"} <= codes


def _factiva(lines: Sequence[str]) -> dict[str, Any]:
    """Returns the article by the dialect's names. Depending on how the export was made, codes come before the
    fields."""
    coded: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        found = _CODE.fullmatch(line)
        if found is not None:
            name = found[1]
            coded.setdefault(name, [])
            if found[2]:
                coded[name].append(found[2].strip())
        elif name and line.strip():
            coded[name].append(line.strip())
    if "HD" in coded:
        told = {key: " ".join(values) for key, values in coded.items()}
        day, clock = told.get("PD"), told.get("ET")
        return {
            "title": told.get("HD"),
            "excerpt": shortened(told.get("LP")),
            "URL": _own(told.get("URL", "").split()) or _address(lines),
            "category": told.get("SE"),
            "language": told.get("LA"),
            "outlet_name": told.get("SN"),
            "authors": told.get("BY"),
            "credit": told.get("CR"),
            "entities": [
                *(entity(one, "organisation") for one in _names(told.get("CO"))),
                *(entity(one, "place") for one in _names(told.get("RE"))),
            ],
            "published_at": f"{day} {clock}" if day and clock else day,
        }
    return _unlabelled(lines)


def _names(told: str | None) -> Iterator[str]:
    """Yields the names in ``goog : Alphabet Inc. | ibm : IBM``, without the codes."""
    for one in (told or "").split("|"):
        if ":" in one:
            yield one.partition(":")[2].strip()


def _unlabelled(lines: Sequence[str]) -> dict[str, Any]:
    """Factiva's articles without codes: headline, byline, number of words, day, time, source, code, language."""
    told = [line.strip() for line in lines if line.strip()]
    place = next((number for number, line in enumerate(told) if _WORDS.fullmatch(line)), None)
    if not place:
        return {"title": told[0]}
    before, after = told[:place], told[place + 1 :]
    byline = before.pop() if len(before) > 1 and _BY.match(before[-1]) else None
    day = after.pop(0) if after and _DATE_WORDS.search(after[0]) else None
    clock = after.pop(0) if after and _CLOCK.fullmatch(after[0]) else None
    return {
        "title": before[-1],
        "URL": _address(lines),
        "authors": byline,
        "outlet_name": after[0] if after else None,
        "language": next((line for line in after[1:4] if line.isalpha() and not line.isupper()), None),
        "published_at": f"{day} {clock}" if day and clock else day,
    }


def _labelled(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Returns the texts after Nexis's labels, by the labels' English names, and the lines above the first label."""
    labels: dict[str, list[str]] = {}
    top: list[str] = []
    name, body = "", False
    for line in lines:
        text = " ".join(line.split())
        found = _LABEL.fullmatch(line)
        if found is not None:
            name = _ENGLISH.get(found[1].upper(), found[1].upper())
            labels.setdefault(name, [found[2].strip()])
        elif text.lower() == "body":
            name, body = "", True
        elif not text:
            name = ""
        elif name and not body:
            labels[name].append(text)
        elif not labels and not _COPYRIGHT.match(line):
            top.append(text)
    return {name: " ".join(parts).strip() for name, parts in labels.items()}, top


def _nexis(lines: Sequence[str]) -> dict[str, Any]:
    """Returns the article by the dialect's names. Source and date are above the lines with labels, the headline beside
    them."""
    labels, top = _labelled(lines)
    place = next((number for number, line in enumerate(top) if _is_date(line)), None)
    if place is None and "HEADLINE" not in labels:
        return {"title": top[0] if top else None, "URL": None}
    date = top[place] if place is not None else labels.get("LOAD-DATE")
    above, below = (top[:place], top[place + 1 :]) if place is not None else (top, [])
    # In the older layout the headline is below the date, in the newer one above the source.
    source = above[-1] if above else None
    heading = labels.get("HEADLINE") or " ".join(below if below else above[:-1])
    return {
        "title": heading or None,
        "excerpt": shortened(labels.get("HIGHLIGHT")),
        "URL": _own(labels.get("URL", "").split()) or _address(lines),
        "category": labels.get("SECTION", "").partition(";")[0] or None,
        "language": labels.get("LANGUAGE", "").partition(";")[0].split(" ")[0] or None,
        "outlet_name": source,
        "authors": labels.get("BYLINE"),
        "entities": list(_indexed(labels)),
        "published_at": date,
    }


def _indexed(labels: Mapping[str, str]) -> Iterator[EntityRecord | None]:
    """Yields whom Nexis's index names, in capitals and with a percentage: ``ANN WRITER (92%)``."""
    for label in ("PERSON", "ORGANIZATION", "COMPANY"):
        for one in labels.get(label, "").split(";"):
            yield entity(_SHARE.sub("", one).strip().title(), kind_of(label))


_ENGLISH = {
    "AUTHOR": "BYLINE", "AUTOR": "BYLINE", "RUBRIK": "SECTION", "RUBRIQUE": "SECTION", "SECCIÓN": "SECTION",
    "SPRACHE": "LANGUAGE",
}  # fmt: skip


def _is_date(line: str) -> bool:
    return len(line) < 80 and _DATE.fullmatch(line) is not None and _DATE_WORDS.search(line) is not None


def _address(lines: Sequence[str]) -> str | None:
    """Returns the address that is alone on a line; None if there is none, or if there are several."""
    alone = [found[1] for line in lines if (found := _ALONE.fullmatch(line)) and not in_press_archive(found[1])]
    return alone[0] if len(set(alone)) == 1 else None


def _own(words: Sequence[str]) -> str | None:
    return next((one for one in words if one.startswith("http") and not in_press_archive(one)), None)
