"""Converters. Each turns a written value into a clean one, returns None for an empty value, or raises ``ValueError``
with what was expected."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from newsgraph.graph.countries import country_code
from newsgraph.graph.urls.identity import normalised_address
from newsgraph.loaders.fields.languages import language_tag
from newsgraph.loaders.fields.times import parse_time
from newsgraph.patterns import later

Converter = Callable[[Any], Any]


class SlipError(ValueError):
    """A value that is wrong and is reported, but that no question needs."""


_CONTROLS = later("[\x00-\x1f\x7f-\x9f]")
_LEAST, _MOST = -(2**63), 2**63 - 1


def text(value: Any) -> str | None:
    """Returns a text on one line; numbers and booleans as they were written. Lone surrogates become U+FFFD, and control
    characters are removed."""
    # Most texts are clean: the only blank that can be printed is the plain one.
    if type(value) is str and value and value.isprintable() and "  " not in value and value[0] != " " != value[-1]:
        return value
    if value is None:
        return None
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, (int, float)):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError(f"a text is wanted, not {_kind(value)}")
    line = " ".join(_sound(value).split())
    return (line if line.isprintable() else " ".join(_CONTROLS.sub("", line).split())) or None


def all_clean(values: Sequence[Any], *, printable: bool = False) -> bool:
    """Tells whether all values are texts that :func:`text` returns as they are. It takes a fraction of the time of
    calling that for each. ``printable`` says that all of their characters but newlines can surely be printed."""
    try:
        # Two blanks follow each other where a text is empty, or begins or ends with a blank, or has two of them.
        joined = f" {' '.join(values)} "
    except TypeError:  # there is something else
        return False
    return "  " not in joined and ("\n" not in joined if printable else joined.isprintable())


def are_none_of(texts: Collection[str], short: frozenset[str]) -> bool:
    """Tells whether none of the texts is one of some short ones. Most columns have only longer texts, of which looking
    one up would take ten times as long."""
    return min(map(len, texts), default=0) > max(map(len, short)) or short.isdisjoint(texts)


def address(value: Any) -> str | None:
    """Returns a web address exactly as it is written. HTML entities in it are not decoded here."""
    written = text(value)
    if written is not None and normalised_address(written) is None:
        raise ValueError(f"{written[:80]!r} is no web address")
    return written


def integer(value: Any) -> int | None:
    """Returns a whole number of 64 bits. A number written as text is accepted."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        if len(value) > 40:
            raise ValueError("a whole number is wanted, not a text that long")
        try:
            value = float(value) if any(c in value for c in ".eE") else int(value)
        except ValueError:
            raise ValueError(f"a whole number is wanted, not {value[:40]!r}") from None
    # Not ``in range(...)``, which takes very long for a large float. NaN is between no bounds.
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not _LEAST <= value <= _MOST or value != int(value):
        raise ValueError("a whole number is wanted")
    return int(value)


def pixels(value: Any) -> int | None:
    """Returns a length in pixels, also if it is written with that unit; None for another unit, or ``auto``."""
    if isinstance(value, str):
        found = _PIXELS.fullmatch(value.strip())
        if found is None:
            raise SlipError(f"{value[:40]!r} is no number of pixels")
        value = found[1]
    if isinstance(value, bool):
        raise SlipError("a number of pixels is wanted")
    return integer(value)


_PIXELS = later(r"(\d{1,9})(?:\.0*)?\s*(?:px|pixels?)?", re.IGNORECASE | re.ASCII)


def boolean(value: Any) -> bool | None:
    """Returns true or false, also for the spellings of YAML 1.1."""
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in ("true", "yes", "on"):
        return True
    if word in ("false", "no", "off"):
        return False
    raise ValueError(f"true or false is wanted, not {str(value)[:40]!r}")


def texts(value: Any) -> tuple[str, ...]:
    """Returns a list of texts without repeats. A single text is a list of one."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"a list of texts is wanted, not {_kind(value)}")
    return tuple(dict.fromkeys(item for item in map(text, value) if item))


def mapping(value: Any) -> Mapping[str, Any]:
    """Returns an object with named values."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"named values are wanted, not {_kind(value)}")
    return value


def items(value: Any) -> list[Any]:
    """Returns a list; an empty one if there is no value."""
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"a list is wanted, not {_kind(value)}")
    return list(value)


#: Where another address follows in a text that holds several. An address can have another one in it.
_ANOTHER = later(r"(?:(?<!\s)\s++)?+(?:[;|,]\s++|(?<=\s))(?=https?://)|[;|](?=https?://)")
#: Addresses relative to a page of the same site, whose address a file doesn't have.
_RELATIVE = later(r"/(?!/)|\.{1,2}/|[#?]")


def address_text(value: Any) -> str | None:
    """Returns a web address, the first of several; None if it is relative to a site that the file doesn't name."""
    written = text(value)
    if written is not None and written.count("://") > 1:
        written = _ANOTHER.split(written, 1)[0]
    return None if written is None or _RELATIVE.match(written) else address(written)


def picture(value: Any) -> str | None:
    """Returns a picture's web address; None if it is relative, holds the picture itself as data, or is true or
    false."""
    if isinstance(value, Mapping):
        value = value.get("url")
    if isinstance(value, bool):
        return None
    written = text(value)
    if written is None or _RELATIVE.match(written) or written.startswith("data:"):
        return None
    if normalised_address(written) is None:
        if _PICTURE_FILE.fullmatch(written) or "." not in written:  # img/ferry.jpg, or a word such as "default"
            return None
        raise SlipError(f"{written[:80]!r} is no web address")
    return written


#: The path of a file that belongs to a site.
_PICTURE_FILE = later(r"[^:]*\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)(?:\?.*)?", re.IGNORECASE)


def single(value: Any) -> str | None:
    """Returns a text, the first of a list of texts, or the name in an object."""
    if isinstance(value, (list, tuple)):
        value = next((one for one in value if one), None)
    return text(label(value))


def tags(value: Any) -> tuple[str, ...]:
    """Returns the texts in a list, or in one text with semicolons, bars or commas between them. Of an object the name
    is used."""
    if isinstance(value, str):
        separator = next((one for one in ";|," if one in value), None)
        value = value.split(separator) if separator else [value]
    if isinstance(value, (list, tuple)):
        value = [label(one) for one in value]
    return texts(value)


def language(value: Any) -> str | None:
    """Returns a language tag, also from a language's name; the first of a list. Raises SlipError if it isn't a
    language."""
    written = single(value)
    if written is None:
        return None
    tag = language_tag(written)
    if tag is None:
        raise SlipError(f"{written[:40]!r} is no language")
    return tag


def time_text(value: Any) -> str | None:
    """Returns a time as text, also from the objects that MongoDB, PHP and JSON-LD write; the first of a list."""
    if isinstance(value, (list, tuple)):
        value = next(iter(value), None)
    if isinstance(value, Mapping):
        inner = next((value[name] for name in ("$date", "$numberLong", "@value", "value") if name in value), None)
        if inner is not None:
            return time_text(inner)
        if isinstance(value.get("date"), str):  # as PHP writes it
            zone = value.get("timezone")
            return f"{value['date']} {zone}" if isinstance(zone, str) else value["date"]
    return text(value)


def flag(value: Any) -> bool | None:
    """Returns true or false, also for 1 and 0; None if the value is a time, which another field then gets."""
    written = str(value).strip()
    if written in ("0", "1"):
        return written == "1"
    if written[:1].isdecimal() or "," in written or " " in written:
        return None if parse_time(time_text(value)).time is not None else boolean(value)
    return boolean(value)


def country(value: Any) -> str | None:
    """Returns the country that a value names: a text, the only one of a list, or the name in an object. None
    otherwise."""
    if isinstance(value, (list, tuple)):
        value = next(iter(value), None) if len(value) == 1 else None  # of several countries, none is the story's
    if isinstance(value, Mapping):
        value = next((found for name in ("code", "iso", "alpha2", "name", "label") if (found := value.get(name))), None)
    return country_code(value) if isinstance(value, str) and len(value) <= 60 else None


def negated(value: Any) -> bool | None:
    """Returns False for true, and True for false."""
    found = boolean(value)
    return None if found is None else not found


_LABELS = (
    "name", "label", "term", "tag", "title", "topic", "keyword", "category", "subject", "value", "text", "displayName",
    "display_name", "prefLabel",
)  # fmt: skip


def label(value: Any) -> Any:
    """Returns the name in an object; what isn't an object, or has no name, as it is."""
    if isinstance(value, Mapping):
        return next((value[name] for name in _LABELS if isinstance(value.get(name), str) and value[name]), value)
    return value


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "named values"
    return "a list" if isinstance(value, (list, tuple)) else "a text" if isinstance(value, str) else "that"


def _sound(value: str) -> str:
    return value if value.isascii() else value.encode("utf-8", "replace_surrogates").decode("utf-8")


def _replace_surrogates(error: UnicodeError) -> tuple[str | bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    # As bytes, because the encoder accepts only ASCII as text.
    return "\N{REPLACEMENT CHARACTER}".encode() * (error.end - error.start), error.end


codecs.register_error("replace_surrogates", _replace_surrogates)
