"""Turns the layout of a record into a plan: which of its values gives which field, by the dialect, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any

from msgspec import Struct

from newsgraph.loaders.fields import converters
from newsgraph.loaders.fields.converters import Converter
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import pick
from newsgraph.loaders.frontmatter import outlet_topic_pages
from newsgraph.loaders.frontmatter.plainness import NotPlain
from newsgraph.loaders.records import ADDRESSES

#: Converters whose values occur again and again: words, numbers.
_REMEMBERED = 4096
#: Converters that return a clean text unchanged.
_TEXTS = frozenset({converters.text, converters.single, converters.address, converters.address_text})
_PICTURE: Mapping[str, tuple[str, Converter]] = {
    "width": ("width", converters.pixels),
    "height": ("height", converters.pixels),
    "isCached": ("cached", converters.boolean),
    "title": ("title", converters.text),
}
#: Other names for a picture's address, for whether it is cached, and for its title.
_ONCE = frozenset({"contentUrl", "src", "image", "href", "path", "cached", "caption"})
_PICTURE_NAMES = frozenset({"url", *_PICTURE, "attribution", "alt", "@type"})
_OF_PROVIDER = frozenset({"name", "domain", "images", "publishers", "authors"})


class Conversion(Struct, frozen=True):
    """How a field that isn't a plain text is converted, with a cache of what its texts were converted to."""

    field: str
    converter: Converter
    remembered: Callable[[str], Any]
    index: int


class ImagePlan(Struct, frozen=True):
    """One picture, or several if the value at ``url`` is a list of addresses."""

    url: int
    fields: tuple[Conversion, ...]
    unknown: tuple[str, ...]


class Plan(Struct, frozen=True):
    """Where a record's fields are among the values that a layout gives. Numbers are positions among these values."""

    wanted: frozenset[int]  # of all values in the layout
    text_fields: tuple[str, ...]
    texts: tuple[int, ...]
    conversions: tuple[Conversion, ...]
    absolute: tuple[str, ...]  # fields that don't accept an address relative to their site
    addresses: tuple[str, ...]  # the one that names the story first
    sure: frozenset[str]  # fields for which the file has another name, in case this one is empty
    times: tuple[tuple[str, int], ...]
    common_time: bool  # whether the first time is a time of publication
    images: tuple[ImagePlan, ...]
    other_images: bool  # whether the file has another name for these
    logos: tuple[ImagePlan, ...]
    unknown: tuple[str, ...]
    names_related: bool


def converted(converter: Converter, value: Any) -> Any:
    """Returns what a converter makes of a value; None for an empty one. Raises NotPlain if there is something to
    report."""
    try:
        made = converter(value)
    except ValueError:
        raise NotPlain from None
    return None if made == () else made


@cache
def _remembering(converter: Converter) -> Callable[[str], Any]:
    return lru_cache(maxsize=_REMEMBERED)(partial(converted, converter))


def plan_of_article(numbered: Mapping[str, Any], *, related: bool) -> Plan:
    """Returns the plan of an article, from its mapping with the number of each value in its place.

    Raises NotPlain if such articles give no record, or if there is something to report in each of them.
    """
    place = "related[]." if related else ""
    wanted = _Planner(place, {}).plan(numbered).wanted
    return _Planner(place, {number: index for index, number in enumerate(sorted(wanted))}).plan(numbered)


class _Planner:
    def __init__(self, place: str, places: Mapping[int, int]) -> None:
        """``places`` maps each wanted value to its position among all of them, once that is known."""
        self._place = place
        self._places = places
        self._wanted: set[int] = set()

    def plan(self, numbered: Mapping[str, Any]) -> Plan:
        if outlet_topic_pages.kind(numbered) is not None or _something(numbered.get(GENERAL.related)):
            raise NotPlain
        names = GENERAL.plan(numbered)
        fields, sure = self._fields(numbered, names.fields)
        times = [(name, self._text(numbered[name])) for name in names.time if _something(pick(numbered, name))]
        images, other_images = self._all_images(numbered, names.images)
        unknown = [f"{self._place}{name[:80]}" for name in numbered if name not in GENERAL.known]
        logos = self._provider(numbered.get(GENERAL.provider), fields, sure, unknown)
        if "title" not in fields or fields.keys().isdisjoint(ADDRESSES):
            raise NotPlain
        texts = {field: index for field, (converter, index) in fields.items() if converter in _TEXTS}
        return Plan(
            wanted=frozenset(self._wanted),
            text_fields=tuple(texts),
            texts=tuple(texts.values()),
            conversions=tuple(
                Conversion(field, converter, _remembering(converter), index)
                for field, (converter, index) in fields.items()
                if field not in texts
            ),
            absolute=tuple(field for field in texts if fields[field][0] is converters.address_text),
            addresses=tuple(field for field in ADDRESSES if field in fields),
            sure=frozenset(sure),
            times=tuple(times),
            common_time=bool(times) and times[0][0] not in GENERAL.seen and times[0][0] not in GENERAL.converters,
            images=images,
            other_images=other_images,
            logos=logos,
            unknown=tuple(unknown),
            names_related=GENERAL.related in numbered,
        )

    def _fields(
        self, numbered: Mapping[str, Any], names: Iterable[tuple[str, Sequence[tuple[str, Converter]]]]
    ) -> tuple[dict[str, tuple[Converter, int]], set[str]]:
        # The first name with a value gives a field. If there are several names, the first one must have a value.
        fields: dict[str, tuple[Converter, int]] = {}
        sure = set()
        for field, several in names:
            there = [(name, converter) for name, converter in several if _something(pick(numbered, name))]
            if there:
                name, converter = there[0]
                fields[field] = converter, self._number(pick(numbered, name))
                if len(there) > 1:
                    sure.add(field)
        return fields, sure

    def _provider(
        self, given: Any, fields: dict[str, tuple[Converter, int]], sure: set[str], unknown: list[str]
    ) -> tuple[ImagePlan, ...]:
        if not _something(given):
            return ()
        if type(given) is not dict:
            raise NotPlain
        if _something(given.get("authors")):
            raise NotPlain
        place = f"{self._place}{GENERAL.provider}"
        unknown.extend(f"{place}.{name[:80]}" for name in given if name not in _OF_PROVIDER)
        for name, field in (("name", "outlet_name"), ("domain", "outlet_domain")):
            if _something(given.get(name)):
                if field in fields:
                    sure.add(field)
                fields[field] = converters.text, self._text(given[name])
        logos = self._images(given.get("images"), f"{place}.images")
        if logos and "outlet_logo_url" in fields:
            raise NotPlain
        return logos

    def _all_images(self, numbered: Mapping[str, Any], names: Iterable[str]) -> tuple[tuple[ImagePlan, ...], bool]:
        there = [name for name in names if _something(pick(numbered, name))]
        if not there:
            return (), False
        given = pick(numbered, there[0])
        if type(given) is not list:
            if there[0].endswith("images"):
                raise NotPlain
            given = [given]
        return self._images(given, f"{self._place}{there[0]}"), len(there) > 1

    def _images(self, given: Any, place: str) -> tuple[ImagePlan, ...]:
        if not _something(given):
            return ()
        if type(given) is not list:
            raise NotPlain
        return tuple([self._image(one, place) for one in given])

    def _image(self, given: Any, place: str) -> ImagePlan:
        if type(given) is str:
            return ImagePlan(self._number(given), (), ())
        if type(given) is not dict or not _something(given.get("url")):
            raise NotPlain
        if not _ONCE.isdisjoint(given):  # other names of what is looked for here
            raise NotPlain
        fields = [
            Conversion(field, converter, _remembering(converter), self._text(given[name]))
            for name, (field, converter) in _PICTURE.items()
            if _something(given.get(name))
        ]
        unknown = tuple(f"{place}[].{name[:80]}" for name in given if name not in _PICTURE_NAMES)
        return ImagePlan(self._text(given["url"]), tuple(fields), unknown)

    def _number(self, given: Any) -> int:
        """Returns the position of a text, or of a list of texts."""
        return self._text(given[0] if type(given) is list and len(given) == 1 else given)

    def _text(self, given: Any) -> int:
        """Returns the position of a text."""
        if type(given) is not str:
            raise NotPlain
        number = int(given)
        self._wanted.add(number)
        return self._places.get(number, number)


def _something(given: Any) -> bool:
    return given is not None and given != ""
