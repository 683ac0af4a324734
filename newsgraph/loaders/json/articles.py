"""Reads the elements of JSON formats, one article each, by the names of one dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dates_in_figures import order_shown
from newsgraph.loaders.fields.dialect import Dialect, RecordReader, pick
from newsgraph.loaders.fields.many_records import ManyRecords
from newsgraph.loaders.fields.times import NO_HINTS
from newsgraph.loaders.json.text import Element, given_twice
from newsgraph.loaders.markup.plain_text import plain, web_text
from newsgraph.loaders.records import Problem, Reading

#: Texts that programs write for an empty value.
_NOTHING = frozenset({"None", "none", "null", "NULL", "nan", "NaN", "N/A", "n/a", "undefined", "NaT"})
#: What is left of an article that its publisher took back.
_REMOVED = "[Removed]"
_REMOVED_ADDRESS = "https://removed.com"

#: Turns an article into values by a dialect's names.
Naming = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def read_articles(document: Document, dialect: Dialect, naming: Naming | None = None) -> Reading:
    """Returns the articles of a JSON document. An element that isn't one is left out and reported by its place or line.

    ``naming`` turns a service's own names into the names of the dialect.
    """
    assert document.json is not None
    reader = RecordReader(dialect, hints=lambda: replace(NO_HINTS, order=order_shown(_dates(document, dialect))))
    many = ManyRecords(reader)
    removed = 0
    for element in document.json.elements:
        value = _values_of(element)
        if isinstance(value, Problem):
            many.read()
            reader.problems.append(value)
            continue
        if is_removed(value):
            removed += 1
            continue
        named = without_nothing(value)
        named = naming(named) if naming else _for_readers(named, dialect)
        many.add(named, element.place, element.line)
    records = many.read()
    problems = (*document.json.problems, *reader.problems)
    notes = document.json.notes
    if removed:
        notes = (*notes, f"{removed:,} articles that the service says were removed are left out")
    return Reading(dialect.name, records, problems, reader.unknown, notes)


def read_stories(
    document: Document, dialect: Dialect, naming: Naming, is_story: Callable[[Mapping[str, Any]], bool], others: str
) -> Reading:
    """Does what :func:`read_articles` does with those elements that are stories. A note counts the others, of
    which ``others`` says what they are."""
    assert document.json is not None
    elements = document.json.elements
    # What is no object is kept, so that it is reported.
    kept = tuple(one for one in elements if not isinstance(one.value, Mapping) or is_story(one.value))
    left = len(elements) - len(kept)
    reading = read_articles(document.narrowed(replace(document.json, elements=kept)), dialect, naming)
    return replace(reading, notes=(*reading.notes, f"{left:,} {others} are left out")) if left else reading


def _dates(document: Document, dialect: Dialect) -> Iterator[str]:
    """Yields the times of all articles, as written."""
    for element in document.json.elements if document.json is not None else ():
        if isinstance(element.value, Mapping):
            given = (pick(element.value, name) for name in dialect.time)
            written = next((one for one in given if isinstance(one, str) and one), None)
            if written is not None:
                yield written


def _for_readers(value: Mapping[str, Any], dialect: Dialect) -> Mapping[str, Any]:
    """Returns the same values with titles and excerpts as readers see them: without entities and tags."""
    changed = {
        name: web_text(given)
        for name in (*dialect.fields["title"], *dialect.fields.get("excerpt", ()))
        if isinstance(given := value.get(name), str) and ("&" in given or "</" in given)
    }
    return {**value, **changed} if changed else value


def is_removed(value: Mapping[str, Any]) -> bool:
    """Tells whether only a mark is left of an article that was taken back."""
    return value.get("title") == _REMOVED or value.get("url") == _REMOVED_ADDRESS


def without_nothing(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns the same values without the texts that programs write for an empty value. A title may be any text."""
    for name, given in value.items():
        if isinstance(given, str) and len(given) < 10 and given in _NOTHING and name not in ("title", "headline"):
            return {
                name: None
                if isinstance(given, str) and given in _NOTHING and name not in ("title", "headline")
                else given
                for name, given in value.items()
            }
    return value


def mapping_of(element: Element, reader: RecordReader) -> Mapping[str, Any] | None:
    """Returns the element's named values. None, with a problem noted, if it has none or gives a name twice."""
    found = _values_of(element)
    if isinstance(found, Problem):
        reader.problems.append(found)
        return None
    return found


def _values_of(element: Element) -> Mapping[str, Any] | Problem:
    said = "named values are wanted"
    if isinstance(element.value, Mapping):
        twice = given_twice(element.value)
        if twice is None:
            return element.value
        said = f"the name {twice[:80]!r} is given twice"
    remedy = "The element is left out; the rest is kept"
    return Problem(said, remedy, element.place.rstrip("."), element.line)


def service_dialect(name: str, address_name: str = "url") -> Dialect:
    """Returns a dialect for a service whose articles a function of its own turns into the names of records."""
    fields = (
        "title", "excerpt", "url", "amp_url", "original_url", "kind", "category", "language", "topics", "outlet_name",
        "outlet_domain", "outlet_logo_url", "outlet_country", "country", "credit", "authors", "entities",
    )  # fmt: skip
    return Dialect(
        name=name,
        fields={field: (address_name if field == "url" else field,) for field in fields},
        time=("published_at",),
        seen=("seen_at",),
        images=("images",),
        address_name=address_name,
    )


def list_of(given: Any) -> list[Any]:
    """Returns a list as it is, and an empty one for anything else."""
    return given if isinstance(given, list) else []


def first_text(value: Any, *names: str) -> str | None:
    """Returns the first text under these names. A dot leads into an object; of a list the first element is used."""
    for name in names:
        given = value
        for step in name.split("."):
            given = next(iter(given), None) if isinstance(given, list) else given
            given = given.get(step) if isinstance(given, Mapping) else None
        given = next(iter(given), None) if isinstance(given, list) else given
        if isinstance(given, str) and given.strip():
            return given
    return None


def plain_or_other(value: Any) -> Any:
    """Returns a text without markup. A value that isn't a text is returned as it is, and checked where it is read."""
    return plain(value) if isinstance(value, str) else value


def first_plain(value: Any, *names: str) -> str | None:
    """Returns the first text under these names, without markup."""
    return plain(first_text(value, *names))


def broken(document: Document) -> Reading | None:
    """Returns what is reported about JSON without any element: what is wrong, or that it is of another kind."""
    if document.json is None or not document.json.problems:
        return None
    return Reading("json", problems=document.json.problems)
