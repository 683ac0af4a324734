"""From the names and values of a file to an ArticleRecord: one converter a type, one table of names a family of
formats.

A converter gives the clean value, or None for nothing, and raises ``ValueError`` with what it wanted. What is wrong
in an optional field costs that field; what is wrong in a title or in every address costs the article; both are
reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from newsgraph.graph.identity import normalised_address
from newsgraph.loaders.records import ArticleRecord, ImageRecord, Problem
from newsgraph.loaders.times import parse_time

Converter = Callable[[Any], Any]

_INTEGERS = range(-(2**63), 2**63)


def text(value: Any) -> str | None:
    """A text on one line; numbers and booleans as they were written. Lone surrogates become U+FFFD."""
    if value is None:
        return None
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, (int, float)):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError(f"a text is wanted, not {_kind(value)}")
    return " ".join(_sound(value).split()) or None


def address(value: Any) -> str | None:
    """A web address exactly as written, but for HTML entities' harmlessness: it is not decoded here."""
    written = text(value)
    if written is not None and normalised_address(written) is None:
        raise ValueError(f"{written[:80]!r} is no web address")
    return written


def integer(value: Any) -> int | None:
    """A whole number of 64 bits; numbers written as text count."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        if len(value) > 40:
            raise ValueError("a whole number is wanted, not a text that long")
        try:
            value = float(value) if any(c in value for c in ".eE") else int(value)
        except ValueError:
            raise ValueError(f"a whole number is wanted, not {value[:40]!r}") from None
    # NaN, infinities and fractions are in no range of integers.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value not in _INTEGERS:
        raise ValueError("a whole number is wanted")
    return int(value)


def boolean(value: Any) -> bool | None:
    """True or false, also as YAML 1.1 spells them."""
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in ("true", "yes", "on"):
        return True
    if word in ("false", "no", "off"):
        return False
    raise ValueError(f"true or false is wanted, not {str(value)[:40]!r}")


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of one. Repeats are left out."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"a list of texts is wanted, not {_kind(value)}")
    return tuple(dict.fromkeys(item for item in map(text, value) if item))


def mapping(value: Any) -> Mapping[str, Any]:
    """An object with named values."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"named values are wanted, not {_kind(value)}")
    return value


def items(value: Any) -> list[Any]:
    """A list; nothing is an empty one."""
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"a list is wanted, not {_kind(value)}")
    return list(value)


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "named values"
    return "a list" if isinstance(value, (list, tuple)) else "a text" if isinstance(value, str) else "that"


def _sound(value: str) -> str:
    return value if value.isascii() else value.encode("utf-8", "replace_surrogates").decode("utf-8")


def _replace_surrogates(error: UnicodeError) -> tuple[str | bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "\N{REPLACEMENT CHARACTER}" * (error.end - error.start), error.end


def _register() -> None:
    import codecs  # noqa: PLC0415  # used once

    codecs.register_error("replace_surrogates", _replace_surrogates)


_register()

#: Smartable's names of the scalar fields.
SMARTABLE: dict[str, tuple[str, Converter]] = {
    "title": ("title", text),
    "excerpt": ("excerpt", text),
    "webUrl": ("url", address),
    "ampWebUrl": ("amp_url", address),
    "cdnAmpWebUrl": ("cdn_amp_url", address),
    "originalUrl": ("original_url", address),
    "type": ("kind", text),
    "category": ("category", text),
    "quality": ("quality", integer),
    "heat": ("heat", integer),
    "published": ("published", boolean),
    "locale": ("language", text),
    "topics": ("topics", texts),
}
_TIME = "publishedDateTime"
_NESTED = {"provider", "images", "related", _TIME}
#: Known, and kept out of the graph: bulky, private or of no use to a question.
_LEFT_OUT = {
    "secured", "featuredContent", "content", "highlight", "tags", "hashtags", "updatedDateTime", "sourceUrl", "path",
    "categories", "attribution",
}  # fmt: skip


class RecordReader:
    """Turns the named values of one file into records and gathers what was wrong and what nobody knows."""

    def __init__(self, lines: Mapping[str, int] | None = None) -> None:
        self.problems: list[Problem] = []
        self.unknown: Counter[str] = Counter()
        self._lines = lines or {}

    def read(self, data: Mapping[str, Any], place: str = "") -> ArticleRecord | None:
        """The record of one article; ``place`` is its path in the file ("related[3]."). None when it can't be one."""
        values: dict[str, Any] = {}
        for name, given in data.items():
            if name in SMARTABLE:
                field, converter = SMARTABLE[name]
                value = self._convert(converter, given, place + name)
                if value is not None and value != ():
                    values[field] = value
            elif name not in _NESTED and name not in _LEFT_OUT:
                self.unknown[place_without_numbers(place) + str(name)[:80]] += 1
        if not self._names_a_story(values, place):
            return None
        values["published_at"], values["date_quality"] = self._time(data.get(_TIME), place + _TIME)
        values.update(self._provider(data.get("provider"), place))
        values["images"] = tuple(self._images(data.get("images"), place))
        if not place:
            values["related"] = tuple(self._related(data.get("related")))
        elif data.get("related"):
            self.unknown[place_without_numbers(place) + "related"] += 1
        return ArticleRecord.model_validate(values)

    def _names_a_story(self, values: Mapping[str, Any], place: str) -> bool:
        whole = "The article is left out" if not place else "This related story is left out, the rest is kept"
        if "title" not in values:
            self._report(place + "title", "there is no title", f"{whole}; give it a title")
            return False
        if not any(name in values for name in ("url", "original_url", "amp_url", "cdn_amp_url")):
            self._report(place + "webUrl", "there is no web address", f"{whole}; give it a webUrl")
            return False
        return True

    def _time(self, given: Any, place: str) -> tuple[Any, str]:
        written = self._convert(text, given, place)
        published_at, quality = parse_time(written)
        if quality != "exact":
            said = {
                "missing": "there is no time of publication",
                "impossible": f"{(written or '')[:40]!r} is no time that can be",
                "date_only": f"{written!r} is a date without a time",
                "no_zone": f"{written!r} has no time zone and is read as UTC",
            }[quality]
            self._report(place, said, "The story is kept and marked as unsure", doubt=quality)
        return published_at, quality

    def _provider(self, given: Any, place: str) -> dict[str, Any]:
        place += "provider"
        provider = self._convert(mapping, given, place) or {}
        for name in provider:
            if name not in ("name", "domain", "images", "publishers", "authors"):
                self.unknown[f"{place_without_numbers(place)}.{str(name)[:80]}"] += 1
        logos = list(self._images(provider.get("images"), place + "."))
        values = {
            "outlet_name": self._convert(text, provider.get("name"), place + ".name"),
            "outlet_domain": self._convert(text, provider.get("domain"), place + ".domain"),
            # The largest of a fixed order of sizes would change with the list; the first is what the file puts first.
            "outlet_logo_url": logos[0].url if logos else None,
        }
        return {name: value for name, value in values.items() if value is not None}

    def _images(self, given: Any, place: str) -> Iterator[ImageRecord]:
        for number, one in enumerate(self._convert(items, given, place + "images") or []):
            here = f"{place}images[{number}]"
            image = self._convert(mapping, one, here)
            if not image:
                continue
            url = self._convert(address, image.get("url"), here + ".url")
            if url is None:
                continue
            for name in image:
                if name not in ("url", "width", "height", "isCached", "title", "attribution"):
                    self.unknown[f"{place_without_numbers(here)}.{str(name)[:80]}"] += 1
            yield ImageRecord(
                url=url,
                width=self._convert(integer, image.get("width"), here + ".width"),
                height=self._convert(integer, image.get("height"), here + ".height"),
                cached=self._convert(boolean, image.get("isCached"), here + ".isCached"),
                title=self._convert(text, image.get("title"), here + ".title"),
            )

    def _related(self, given: Any) -> Iterator[ArticleRecord]:
        for number, one in enumerate(self._convert(items, given, "related") or []):
            place = f"related[{number}]"
            data = self._convert(mapping, one, place)
            if data is None:
                continue
            record = self.read(data, place + ".")
            if record is not None:
                yield record

    def _convert(self, converter: Converter, given: Any, place: str) -> Any:
        try:
            return converter(given)
        except ValueError as error:
            self._report(place, str(error), "It is left out; the rest is kept")
            return None

    def _report(self, place: str, message: str, remedy: str, *, doubt: str = "") -> None:
        self.problems.append(Problem(message, remedy, place, self._lines.get(place), doubt))


def place_without_numbers(place: str) -> str:
    """``related[3].images[0]`` as ``related[].images[]``, so that the same field counts once."""
    return "".join(c for c in place if not c.isdigit()) if "[" in place else place
