"""Turns the names and values of a file into an ArticleRecord: a converter for each field, a Dialect for each family of
formats.

A converter (fields/converters.py) returns the clean value, or None for an empty one, and raises ``ValueError`` with
what it expected. If an optional field is wrong, only that field is lost. If the title or every address is wrong, the
article is lost. Both are reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from newsgraph.loaders.fields.bylines import byline
from newsgraph.loaders.fields.converters import (
    Converter,
    SlipError,
    address,
    address_text,
    boolean,
    country,
    flag,
    integer,
    items,
    language,
    mapping,
    picture,
    pixels,
    single,
    tags,
    text,
    texts,
    time_text,
)
from newsgraph.loaders.fields.entities import entities
from newsgraph.loaders.fields.times import NO_HINTS, ReadTime, TimeHints, parse_time
from newsgraph.loaders.fields.zones import country_of_domain, country_of_language, primary_language
from newsgraph.loaders.records import ADDRESSES, ArticleRecord, ImageRecord, Problem, Problems

#: Smartable's names of the fields with a single value.
SMARTABLE: dict[str, tuple[str, Converter]] = {
    "title": ("title", text),
    "excerpt": ("excerpt", text),
    "webUrl": ("url", address),
    "ampWebUrl": ("amp_url", address),
    "cdnAmpWebUrl": ("cdn_amp_url", address),
    "originalUrl": ("original_url", address),
    "type": ("kind", text),
    "category": ("category", single),
    "quality": ("quality", integer),
    "heat": ("heat", integer),
    "published": ("published", flag),
    "locale": ("language", language),
    "topics": ("topics", texts),
}
#: The converter of each field of a record for all names other than Smartable's.
CONVERTERS: dict[str, Converter] = {
    "title": text,
    "excerpt": text,
    "url": address_text,
    "amp_url": address_text,
    "cdn_amp_url": address_text,
    "original_url": address_text,
    "kind": text,
    "category": single,
    "quality": integer,
    "heat": integer,
    "published": flag,
    "language": language,
    "topics": tags,
    "outlet_name": single,
    "outlet_domain": text,
    "outlet_logo_url": picture,
    "outlet_country": country,
    "country": country,
    "credit": single,
    "authors": byline,
    "entities": entities,
}


class Dialect(Struct, frozen=True, eq=False, dict=True):
    """The names that one family of formats uses.

    ``fields`` maps a record's field to its names in the file, the best one first. A dot leads into an object
    (``source.name``). The first name that has a value gives the field.

    ``seen`` are names of times at which a collector found the story; they are used if there is no other time.
    ``provider`` and ``related`` name Smartable's nested objects. ``address_name`` is the name that a file without an
    address is asked to use.
    """

    name: str
    fields: Mapping[str, tuple[str, ...]]
    time: tuple[str, ...]
    images: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    provider: str = ""
    related: str = ""
    left_out: frozenset[str] = frozenset()
    address_name: str = "url"
    address_remedy: str = ""  # what else would help a file without an address, after "give it a webUrl"
    converters: Mapping[str, Converter] = field(default_factory=dict)  # by name, before all others

    @cached_property
    def known(self) -> frozenset[str]:
        """The names that are read, or left out on purpose."""
        names = {name for several in self.fields.values() for name in several}
        names |= {*self.time, *self.images, *self.seen, self.provider, self.related}
        return frozenset(name.partition(".")[0] for name in names) | self.left_out

    def plan(self, names: Iterable[Any]) -> Plan:
        """Returns what to look for in an article with these names. Most articles of a corpus have the same names."""
        return _plan(self, self.known.intersection(names))

    def converter(self, field: str, name: str) -> Converter:
        """Returns the converter of that field for a value under that name."""
        if name in self.converters:
            return self.converters[name]
        smartable = SMARTABLE.get(name)
        return smartable[1] if smartable and smartable[0] == field and self.provider else CONVERTERS[field]


class Plan(Struct, frozen=True):
    """Which names of a dialect an article has: for each field, the names with their converters, the best one first."""

    fields: tuple[tuple[str, tuple[tuple[str, Converter], ...]], ...]
    time: tuple[str, ...]
    images: tuple[str, ...]
    usual_time: str  # the name that a time should have, whether it is there or not


@lru_cache(maxsize=1000)
def _plan(dialect: Dialect, names: frozenset[str]) -> Plan:
    def there(several: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in several if name.partition(".")[0] in names)

    fields = ((field, there(several)) for field, several in dialect.fields.items())
    return Plan(
        tuple(
            (field, tuple((name, dialect.converter(field, name)) for name in some)) for field, some in fields if some
        ),
        there((*dialect.time, *dialect.seen)),
        there(dialect.images),
        (*dialect.time, *dialect.seen)[0],
    )


def pick(data: Mapping[str, Any], name: str) -> Any:
    """Returns the value of that name. A dot in it leads into an object."""
    if "." not in name:
        return data.get(name)
    value: Any = data
    for step in name.split("."):
        if type(value) is not dict and not isinstance(value, Mapping):  # the second takes ten times as long
            return None
        value = value.get(step)
    return value


#: What programs write for an empty value.
NULLS = frozenset({"nan", "NaN", "None", "null", "NULL", "N/A", "n/a", "<NA>", "NaT", "undefined"})
#: What is left of an article that its publisher took back.
REMOVED = frozenset({"[Removed]", "[removed]", "[deleted]"})


#: Texts that are no value.
EMPTY_TEXTS = NULLS | {""}


def nothing(value: Any) -> bool:
    """Tells whether it is what programs write for an empty value."""
    return value is None or (value in NULLS if isinstance(value, str) and value else value in ("", [], {}))


class RecordReader:
    """Turns the named values of one file into records, and collects problems and names that aren't known."""

    def __init__(
        self,
        dialect: Dialect,
        lines: Callable[[], Mapping[str, int]] = dict,
        hints: Callable[[], TimeHints] = lambda: NO_HINTS,
    ) -> None:
        """``lines`` is only called if there is a problem; it returns the line of the file for each name. ``hints`` is
        only called for a time that can't be read without them; it returns what the file as a whole says about its
        times."""
        self.problems = Problems()
        self.unknown: Counter[str] = Counter()
        self.dialect = dialect
        self._find_lines = lines
        self._find_hints = hints
        self._line: int | None = None

    def read(self, data: Mapping[str, Any], place: str = "", line: int | None = None) -> ArticleRecord | None:
        """Returns the record of one article, or None if the values don't make one.

        ``place`` is its path in the file ("articles[3]."). ``line`` is its line, in a file with one article on each
        line.
        """
        self._line = line
        return self._read(data, place, nested=False)

    def _read(self, data: Mapping[str, Any], place: str, *, nested: bool) -> ArticleRecord | None:
        plan = self.dialect.plan(data)
        values = self._values_of(data, plan, place)
        if not self.dialect.known.issuperset(data):
            self.note_unknown(data, place)
        if values.get("title") in REMOVED:
            said, remedy = "the article was removed by its publisher", "Nothing is left of it to be loaded"
            self._report(place + self.dialect.fields["title"][0], said, remedy, remark=True)
            return None
        if not self._names_a_story(values, place, nested=nested):
            return None
        values["published_at"], values["date_quality"] = self._time(data, plan, place, values)
        if self.dialect.provider:
            values.update(self._provider(data.get(self.dialect.provider), place))
        values["images"] = tuple(self._images_of(data, plan, place))
        related = self.dialect.related
        if related and not nested:
            values["related"] = tuple(self._related(data.get(related), place + related))
        elif related and data.get(related):
            self.unknown[place_without_numbers(place) + related] += 1
        record = ArticleRecord(**values)
        record.spellings  # noqa: B018  # worked out and kept, while the keys of its addresses are remembered
        return record

    def note_unknown(self, data: Mapping[str, Any], place: str) -> None:
        """Counts the names that aren't known."""
        for name in data:
            if name not in self.dialect.known:
                self.unknown[place_without_numbers(place) + str(name)[:80]] += 1

    def _values_of(self, data: Mapping[str, Any], plan: Plan, place: str) -> dict[str, Any]:
        """The fields that are made of one value each."""
        values: dict[str, Any] = {}
        for field_name, names in plan.fields:
            for name, converter in names:
                given = data.get(name) if "." not in name else pick(data, name)
                if given is None or (given in EMPTY_TEXTS if type(given) is str else nothing(given)):
                    continue
                try:
                    value = converter(given)
                except ValueError:
                    value = self._convert(converter, given, place + name)  # which tells of it
                if value is not None and value != ():
                    values[field_name] = value
                    break
        return values

    def _names_a_story(self, values: Mapping[str, Any], place: str, *, nested: bool) -> bool:
        whole = "This related story is left out, the rest is kept" if nested else "The article is left out"
        title = self.dialect.fields["title"][0]
        if "title" not in values:
            self._report(place + title, "there is no title", f"{whole}; give it a title")
            return False
        if values.keys().isdisjoint(ADDRESSES):
            name = self.dialect.address_name
            self._report(
                place + name, "there is no web address", f"{whole}; give it a {name}{self.dialect.address_remedy}"
            )
            return False
        return True

    def _time(
        self, data: Mapping[str, Any], plan: Plan, place: str, values: Mapping[str, Any]
    ) -> tuple[datetime | None, str]:
        """Returns the time of publication and its quality. The first name that holds a time is used. A name that holds
        none is only reported if no other holds one."""
        name, written = plan.usual_time, None
        found = ReadTime(None, "missing")
        for candidate in plan.time:
            given = pick(data, candidate)
            # published: true
            if nothing(given) or (str(given)[:1] not in _DIGITS and str(given).strip().lower() in _FLAGS):
                continue
            here = self._convert(self.dialect.converters.get(candidate, time_text), given, place + candidate)
            if here is None:
                continue
            read = parse_time(here, lambda: self._time_hints(values))
            if written is None or read.time is not None:
                name, written, found = candidate, here, read
            if read.time is not None:
                break
        published_at, quality, why = found
        if published_at is not None and name in self.dialect.seen:
            quality = "seen"
        if quality != "exact":
            self._report(
                place + name, _doubt(quality, written, why), "The story is kept and marked as unsure", doubt=quality
            )
        return published_at, quality

    def time(
        self,
        data: Mapping[str, Any],
        place: str,
        values: Mapping[str, Any] | None = None,
        line: int | None = None,
    ) -> tuple[datetime | None, str]:
        """Returns the time of publication among named values, and its quality. Doubts about it are noted."""
        self._line = line
        return self._time(data, self.dialect.plan(data), place, values or {})

    def _time_hints(self, values: Mapping[str, Any]) -> TimeHints:
        """Returns what the article's language and address, and its file, say about its times."""
        tag = str(values.get("language") or "")
        address = next((values[name] for name in ADDRESSES if values.get(name)), "")
        country = self._hints.country or country_of_language(tag) or country_of_domain(address)
        return replace(self._hints, country=country, language=self._hints.language or primary_language(tag))

    @cached_property
    def _hints(self) -> TimeHints:
        return self._find_hints()

    def _provider(self, given: Any, place: str) -> dict[str, Any]:
        place += self.dialect.provider
        provider = self._convert(mapping, given, place) or {}
        for name in provider:
            if name not in ("name", "domain", "images", "publishers", "authors"):
                self.unknown[f"{place_without_numbers(place)}.{str(name)[:80]}"] += 1
        logos = list(self._images(provider.get("images"), place + ".images"))
        values: dict[str, Any] = {
            "outlet_name": self._convert(text, provider.get("name"), place + ".name"),
            "outlet_domain": self._convert(text, provider.get("domain"), place + ".domain"),
            # The largest of several sizes could change with their list, so it is the one that the file puts first.
            "outlet_logo_url": logos[0].url if logos else None,
        }
        if authors := byline(provider.get("authors")):
            values["authors"] = authors
        return {name: value for name, value in values.items() if value is not None}

    def images(self, data: Mapping[str, Any], place: str, line: int | None = None) -> tuple[ImageRecord, ...]:
        """Returns the pictures among named values. What is wrong with them is noted."""
        self._line = line
        return tuple(self._images_of(data, self.dialect.plan(data), place))

    def _images_of(self, data: Mapping[str, Any], plan: Plan, place: str) -> Iterator[ImageRecord]:
        for name in plan.images:
            given = pick(data, name)
            if nothing(given):
                continue
            found = list(self._images(given, place + name))
            if found:
                yield from found
                return

    def _images(self, given: Any, place: str) -> Iterator[ImageRecord]:
        if isinstance(given, bool):
            return  # hero: false
        if isinstance(given, str) or (isinstance(given, Mapping) and not place.endswith("images")):
            if isinstance(given, str) and given.strip().lower() in ("true", "false", "yes", "no"):
                return
            given = [given]
        for number, one in enumerate(self._convert(items, given, place) or []):
            here = f"{place}[{number}]"
            image = self._convert(mapping, {"url": one} if isinstance(one, str) else one, here)
            if not image:
                continue
            given_url = next((image[name] for name in _PICTURE_NAMES if not nothing(image.get(name))), None)
            url = self._convert(picture, given_url, here + ".url")
            if url is None:
                continue
            for name in image:
                if name not in _PICTURE_FIELDS:
                    self.unknown[f"{place_without_numbers(here)}.{str(name)[:80]}"] += 1
            values: dict[str, Any] = {"url": url}
            for field_name, names, converter in _PICTURE_VALUES:
                written = image.get(names[0], image.get(names[-1]))
                if written is not None:
                    values[field_name] = self._convert(converter, written, f"{here}.{names[0]}")
            yield ImageRecord(**values)

    def _related(self, given: Any, name: str) -> Iterator[ArticleRecord]:
        if nothing(given):
            return
        for number, one in enumerate(self._convert(items, given, name) or []):
            place = f"{name}[{number}]"
            data = self._convert(mapping, one, place)
            if data is None:
                continue
            record = self._read(data, place + ".", nested=True)
            if record is not None:
                yield record

    def _convert(self, converter: Converter, given: Any, place: str) -> Any:
        try:
            return converter(given)
        except SlipError as error:
            self._report(place, str(error), "It is left out; nothing else is lost", remark=True)
        except ValueError as error:
            self._report(place, str(error), "It is left out; the rest is kept")
        return None

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        return self._find_lines()

    def _report(self, place: str, message: str, remedy: str, *, doubt: str = "", remark: bool = False) -> None:
        line = self._lines.get(place) if self._line is None else self._line
        self.problems.append(Problem(message, remedy, place, line, doubt, remark=remark))

    def convert(self, converter: Converter, given: Any, place: str, line: int | None = None) -> Any:
        """Returns the clean value; None, with a problem noted, if it can't be converted. Pages that are no articles use
        it."""
        self._line = line
        return self._convert(converter, given, place)

    def report(self, place: str, message: str, remedy: str, line: int | None = None) -> None:
        """Notes a problem at a place of the file."""
        self._line = line
        self._report(place, message, remedy)


_DIGITS = frozenset("0123456789")
_FLAGS = frozenset({"true", "false", "yes", "no", "on", "off"})


def _doubt(quality: str, written: str | None, why: str) -> str:
    """Returns the message about a time that isn't exact."""
    shown = repr((written or "")[:60])
    return {
        "missing": f"{shown} is no time" if written else "there is no time of publication",
        "impossible": f"{shown} is no time that can be",
        "doubtful": f"{shown} was not understood in full",
        "date_only": f"{shown} is a date without a time",
        "no_zone": f"{shown} has no time zone that is known and is read as UTC",
        "seen": f"{shown} is when a collector found it",
    }[quality] + (f": {why}" if why else "")


_PICTURE_NAMES = ("url", "contentUrl", "src", "image", "href", "path")
#: The other fields of a picture, each with the names that it goes by and what makes it of what stands there.
_PICTURE_VALUES: tuple[tuple[str, tuple[str, ...], Converter], ...] = (
    ("width", ("width",), pixels),
    ("height", ("height",), pixels),
    ("cached", ("isCached", "cached"), boolean),
    ("title", ("title", "caption"), text),
)
_PICTURE_FIELDS = frozenset(
    {*_PICTURE_NAMES, "width", "height", "isCached", "cached", "title", "caption", "attribution", "alt", "@type"}
)


def place_without_numbers(place: str) -> str:
    """Returns ``related[].images[]`` for ``related[3].images[0]``, so that the same field is counted once."""
    return "".join(c for c in place if not c.isdigit()) if "[" in place else place
