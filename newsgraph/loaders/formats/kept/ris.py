"""RIS, the format in which reference managers and press archives (Zotero, EndNote, ProQuest) export lists of articles.

A record is a list of lines such as ``TI  - Ferry aground``, from ``TY`` to ``ER``. A record without a web address is
reported by its title, as in other exports of press archives; the archive's own address of its copy doesn't count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import RecordReader
from newsgraph.loaders.fields.times import parse_time
from newsgraph.loaders.formats.press_archives import without_address
from newsgraph.loaders.json.articles import service_dialect
from newsgraph.loaders.markup.addresses import in_press_archive, is_web
from newsgraph.loaders.markup.plain_text import plain, shortened
from newsgraph.loaders.records import Problem, Reading
from newsgraph.patterns import later

DIALECT = service_dialect("ris", "UR")
_LINE = later(r"([A-Z][A-Z0-9])  ?-(?: (.*))?")
_FIRST = later(r"\s*TY  ?- ?[A-Z]+\s*\n")
_DATE = later(r"(\d{4})/(\d{1,2})/(\d{1,2})(?:/(.*))?")
#: The tags that hold each field, the best one first.
_TITLE, _EXCERPT, _OUTLET = ("TI", "T1", "CT"), ("AB", "N2"), ("T2", "JF", "JO", "JA", "PB")
_ADDRESS, _TIME = ("UR", "LK", "L2", "L1"), ("DA", "Y1", "PY")

#: The values of each tag of a record, in order.
Tagged = Mapping[str, list[str]]


def matches(document: Document) -> bool:
    """Tells whether its first line begins a record, or its name says that it is RIS."""
    return document.ending == ".ris" or _FIRST.match(document.head) is not None


def read(document: Document) -> Reading:
    """Returns the records that have an address. Each of the others becomes a problem that names it."""
    reader = RecordReader(DIALECT)
    records = []
    lacking: list[Problem] = []
    for line, tagged in _records(document.text):
        values = _values(tagged)
        if values["UR"] is None:
            lacking.append(without_address(values, "record", line, "in a line UR"))
        elif (record := reader.read(values, "", line)) is not None:
            records.append(record)
    for one in lacking:
        reader.problems.append(one)
    problems = tuple(reader.problems)
    other = "" if records or problems else "no line in it begins a record (TY  -)"
    return Reading(DIALECT.name, tuple(records), problems, reader.unknown, other=other)


def _records(text: str) -> Iterator[tuple[int, Tagged]]:
    """Yields each record with the line on which it begins. A line without a tag continues the value before it."""
    tagged: dict[str, list[list[str]]] = {}  # of each value, its lines
    begins, last = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line.strip())
        if found is None:
            if last and line.strip():
                tagged[last][-1].append(line.strip())
            continue
        tag, value = found[1], (found[2] or "").strip()
        if tag in ("TY", "ER"):
            if tagged:
                yield begins, _joined(tagged)
            tagged, begins, last = {}, number, ""
        if tag != "ER":
            last = tag
            tagged.setdefault(tag, []).append([value])
    if tagged:
        yield begins, _joined(tagged)


def _joined(tagged: Mapping[str, list[list[str]]]) -> Tagged:
    return {tag: [" ".join(lines).strip() for lines in several] for tag, several in tagged.items()}


def _values(tagged: Tagged) -> dict[str, Any]:
    """Returns the record by the dialect's names."""
    return {
        "title": plain(_first(tagged, _TITLE)),
        "excerpt": shortened(plain(_first(tagged, _EXCERPT))),
        "UR": _address(tagged),
        "outlet_name": plain(_first(tagged, _OUTLET)),
        "category": _first(tagged, ("SE",)),
        "language": _first(tagged, ("LA",)),
        "authors": [turned(one) for tag in ("AU", "A1") for one in tagged.get(tag, ())],
        "topics": [topic.strip() for several in tagged.get("KW", ()) for topic in several.split(";")],
        "published_at": _time(tagged),
    }


def _first(tagged: Tagged, tags: tuple[str, ...]) -> str | None:
    return next((value for tag in tags for value in tagged.get(tag, ()) if value), None)


def _address(tagged: Tagged) -> str | None:
    """Returns the first web address that isn't the one of a press archive's copy. A line may hold several."""
    every = (
        one.strip() for tag in _ADDRESS for value in tagged.get(tag, ()) for one in value.replace(";", " ").split()
    )
    return next((one for one in every if is_web(one) and not in_press_archive(one)), None)


def _time(tagged: Tagged) -> str | None:
    """Returns the first date that has a day, or else the first one. RIS writes ``2021/03/01/`` and any text after it,
    which is used if it is a time of that day."""
    written = [_spelled(value) for tag in _TIME for value in tagged.get(tag, ()) if value.strip("/ ")]
    return next((one for one in written if parse_time(one).time is not None), next(iter(written), None))


def _spelled(value: str) -> str:
    found = _DATE.fullmatch(value)
    if found is None:
        return value
    day, more = f"{found[1]}-{found[2]}-{found[3]}", (found[4] or "").strip().lstrip("T")
    return f"{day} {more}" if more and parse_time(f"{day} {more}").quality in ("exact", "no_zone") else day


def turned(name: str) -> str:
    """Returns ``Doe, Jane`` as ``Jane Doe``, and ``Doe, John, Jr.`` as ``John Doe Jr.``. RIS has surnames first."""
    last, *others = (part.strip() for part in name.split(","))
    return " ".join(filter(None, (*others[:1], last, *others[1:])))
