"""What the JSON formats share: their elements, one article each, read by the names of one dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect, RecordReader
from newsgraph.loaders.json.text import Element, given_twice
from newsgraph.loaders.records import Problem, Reading, Record


def read_articles(document: Document, dialect: Dialect) -> Reading:
    """The articles of a JSON document; an element that is none costs itself and is reported by its place or line."""
    assert document.json is not None
    reader = RecordReader(dialect)
    records: list[Record] = []
    for element in document.json.elements:
        value = mapping_of(element, reader)
        record = None if value is None else reader.read(value, element.place, element.line)
        if record is not None:
            records.append(record)
    problems = (*document.json.problems, *reader.problems)
    return Reading(dialect.name, tuple(records), problems, reader.unknown)


def mapping_of(element: Element, reader: RecordReader) -> Mapping[str, object] | None:
    """The element's named values, or None and a problem when it has none or gives a name twice."""
    problem = Problem("named values are wanted", "The element is left out; the rest is kept")
    if isinstance(element.value, Mapping):
        twice = given_twice(element.value)
        if twice is None:
            return element.value
        problem = replace(problem, message=f"the name {twice[:80]!r} is given twice")
    reader.problems.append(replace(problem, field=element.place.rstrip("."), line=element.line))
    return None


def broken(document: Document) -> Reading | None:
    """What is to be said of JSON that holds no element at all: what is wrong, or that it is of another kind."""
    if document.json is None or not document.json.problems:
        return None
    return Reading("json", problems=document.json.problems)
