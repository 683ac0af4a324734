"""GDELT's Global Knowledge Graph 2 (``*.gkg.csv``): one page on each line, tabs between its 27 values, no header.

Lines have a title since 2019; lines without one are not read as stories. If GDELT found a time on the page itself, that
time is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.fields.entities import entity, kind_of
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.plain_text import plain
from newsgraph.loaders.records import EntityRecord, Problem, Reading, Record

DIALECT = service_dialect("gdelt gkg")
_RECORD = re.compile(r"\d{14}-T?\d+\t\d{14}\t\d*\t[^\t\n]*\t")
_COLUMNS = 27
_EXTRAS = re.compile(
    r"<(PAGE_TITLE|PAGE_PRECISEPUBTIMESTAMP|PAGE_ALTURL_AMP|PAGE_ALTURL_MOBILE|PAGE_AUTHORS)>([^<]*)</"
)
_LANGUAGE = re.compile(r"srclc:([a-z]{2,3})")


def matches(document: Document) -> bool:
    """Whether its first line is a record of GDELT's."""
    return _RECORD.match(document.head) is not None


def read(document: Document) -> Reading:
    """The pages; a note counts those without a title."""
    reader = RecordReader(DIALECT)
    records: list[Record] = []
    untitled = 0
    for number, line in enumerate(document.text.split("\n"), 1):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) < _COLUMNS - 1:
            said = f"the line has {len(cells)} values, but a record has {_COLUMNS}"
            reader.problems.append(Problem(said, "The line is left out; get the file again", line=number))
            continue
        values = _named(cells)
        if not values["title"]:
            untitled += 1
            continue
        record = reader.read(values, "", number)
        if record is not None:
            records.append(record)
    notes: tuple[str, ...] = ()
    if untitled:
        notes = (f"{untitled:,} pages for which GDELT gives no title are left out",)
        if not records:
            reader.problems.append(Problem("no page in it has a title", "Use files of GDELT's since 2019"))
    return Reading(DIALECT.name, tuple(records), tuple(reader.problems), reader.unknown, notes)


def _entities(cells: list[str]) -> Iterator[EntityRecord | None]:
    """Yields the people, organisations and places that GDELT lists. The name of a place is the second of its values.
    GDELT writes the others in small letters, and as the page does in the column after them, with their places in it."""
    for place in cells[9].split(";"):
        yield entity(place.split("#")[1] if place.count("#") > 1 else None, "place")
    for column, kind in ((11, kind_of("person")), (13, kind_of("organisation"))):
        written = {name.lower(): name for one in cells[column + 1].split(";") if (name := one.rpartition(",")[0])}
        for name in map(str.strip, cells[column].split(";")):
            yield entity(written.get(name, name), kind)


def _named(cells: list[str]) -> Mapping[str, Any]:
    extras = dict(_EXTRAS.findall(cells[26])) if len(cells) >= _COLUMNS else {}
    precise = extras.get("PAGE_PRECISEPUBTIMESTAMP")
    language = _LANGUAGE.search(cells[25])
    return {
        "title": plain(extras.get("PAGE_TITLE")),
        "url": cells[4],
        "amp_url": extras.get("PAGE_ALTURL_AMP"),
        "outlet_domain": cells[3],
        "language": language[1] if language else None,
        "authors": extras.get("PAGE_AUTHORS"),
        "entities": list(_entities(cells)),
        "images": [cells[18]] if cells[18] else [],
        # GDELT's clock is UTC.
        "published_at": f"{precise[:8]}T{precise[8:14]}Z" if precise and re.fullmatch(r"\d{14}", precise) else None,
        "seen_at": f"{cells[1][:8]}T{cells[1][8:]}Z",
    }
