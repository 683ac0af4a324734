"""The record of an article whose front matter is plain and clean, without the detours that a doubtful one needs.

It takes Smartable's own names and values that need no cleaning at all. Whatever else there is (another name, a text
with blanks to remove, a time that isn't sure, an address that is none, anything to report) makes it give up, and
``fields.RecordReader`` has the word. What it takes it reads exactly as that one does, which a test holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from newsgraph.graph.identity import image_id, normalised_address
from newsgraph.loaders import fast_frontmatter
from newsgraph.loaders.records import ArticleRecord, ImageRecord, Reading

_LEFT_OUT = frozenset({"secured", "featuredContent", "highlight", "hashtags", "updatedDateTime", "sourceUrl"})
_CONTROL = re.compile(r"\\[nrt]")
_BOOLEANS = {"true": True, "false": False}
_ARTICLE = {name: field.default for name, field in ArticleRecord.model_fields.items()}
_IMAGE = {name: field.default for name, field in ImageRecord.model_fields.items()}
#: 2020-06-11T13:48:00Z
_TIME_LENGTH = 20
#: Digits that surely fit 64 bits.
_LONGEST_INTEGER = 18
#: Characters, far from the limit that identity sets.
_LONGEST_PICTURE = 2000

#: Characters of the front matter that is read here.
_LONGEST = 2**18

_Record = TypeVar("_Record", bound=BaseModel)


class _NotPlain(Exception):  # noqa: N818  # no error: the sign to give up
    """Something that the complete reader has to look at."""


_GIVE_UP = _NotPlain()


def read(text: str, format: str) -> Reading | None:
    """The article of a file's text that begins with ``---``; None when the complete reader has to read it."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---", 3, _LONGEST)
    # Another line that ends the block can't come before: the fast reader takes no line of that kind.
    if end < 0 or text[end + 4 : end + 5] not in ("", "\n"):
        return None
    block = text[4 : end + 1]
    # Line breaks and tabs, which only escapes can bring into a value, want cleaning; all else in ASCII is printable.
    if "\\" in block and _CONTROL.search(block):
        return None
    data = fast_frontmatter.load(block)
    if data is None:
        return None
    try:
        return Reading(format, (_article(data, nested=False),))
    except (_NotPlain, TypeError):  # a list where a word belongs can't be looked up among those seen
        return None


def _article(data: Mapping[str, Any], *, nested: bool) -> ArticleRecord:
    values = _ARTICLE.copy()
    said = {"published_at", "date_quality", "images"}
    for name, given in data.items():
        known = _FIELDS.get(name)
        if known is not None:
            field, converter = known
            values[field] = converter(given)
            said.add(field)
        elif name == "provider":
            said.update(_provider(given, values))
        elif name == "related" and not nested:
            values[name] = tuple([_article(_mapping(one), nested=True) for one in _list(given)])
        elif name not in _LEFT_OUT:
            raise _GIVE_UP
    if values["published_at"] is None or "title" not in said or said.isdisjoint(_ADDRESSES):
        raise _GIVE_UP
    values["date_quality"] = "exact"
    if not nested:
        said.add("related")
    return _made(ArticleRecord, values, said)


def _made(model: type[_Record], values: dict[str, Any], said: set[str]) -> _Record:
    """What ``model.model_construct`` gives, in a tenth of its time: the values are clean already."""
    record = model.__new__(model)
    _set(record, "__dict__", values)
    _set(record, "__pydantic_fields_set__", said)
    _set(record, "__pydantic_extra__", None)
    _set(record, "__pydantic_private__", None)
    return record


_set = object.__setattr__


def _text(given: Any) -> str:
    if given.__class__ is not str or not given or given[0] == " " or given[-1] == " " or "  " in given:
        raise _GIVE_UP
    if not given.isascii() and not given.isprintable():  # no-break spaces, controls, surrogates
        raise _GIVE_UP
    return given


#: For texts that come again and again.
_word = lru_cache(maxsize=4096)(_text)


def _address(given: Any) -> str:
    written = _unbroken(given)
    if normalised_address(written) is None:
        raise _GIVE_UP
    return written


def _unbroken(given: Any) -> str:
    if given.__class__ is not str or " " in given or not (given.isascii() or given.isprintable()):
        raise _GIVE_UP
    return given


@lru_cache(maxsize=4096)
def _integer(given: Any) -> int:
    if given.__class__ is not str or not given.removeprefix("-").isdecimal() or len(given) > _LONGEST_INTEGER:
        raise _GIVE_UP
    return int(given)


def _boolean(given: Any) -> bool:
    if given.__class__ is not str or given not in _BOOLEANS:
        raise _GIVE_UP
    return _BOOLEANS[given]


def _time(given: Any) -> datetime:
    if given.__class__ is not str or len(given) != _TIME_LENGTH or not given.isascii():
        raise _GIVE_UP
    # The positions keep out week dates, which fromisoformat() reads, too.
    if given[4::3] != "--T::Z":
        raise _GIVE_UP
    try:
        time = datetime.fromisoformat(given)
    except ValueError:
        raise _GIVE_UP from None
    if time.tzinfo is not UTC:
        raise _GIVE_UP
    return time


def _list(given: Any) -> list[Any]:
    if given.__class__ is not list:
        raise _GIVE_UP
    return given


def _mapping(given: Any) -> dict[str, Any]:
    if given.__class__ is not dict:
        raise _GIVE_UP
    return given


def _provider(given: Any, values: dict[str, Any]) -> list[str]:
    """Fills in the outlet's fields; their names."""
    said = []
    for name, value in _mapping(given).items():
        if name == "name":
            field = "outlet_name"
            values[field] = _word(value)
        elif name == "domain":
            field = "outlet_domain"
            values[field] = _word(value)
        elif name == "images":
            field = "outlet_logo_url"
            images = _images(value)
            if not images:
                continue
            values[field] = images[0].url
        else:
            raise _GIVE_UP
        said.append(field)
    return said


def _image(given: Any) -> ImageRecord:
    values = _IMAGE.copy()
    for name, value in _mapping(given).items():
        if name == "url":
            values[name] = _image_address(value)
        elif name in ("width", "height"):
            values[name] = _integer(value)
        elif name == "isCached":
            values["cached"] = _boolean(value)
        elif name == "title":
            values[name] = _text(value)
        else:
            raise _GIVE_UP
    if values["url"].__class__ is not str:
        raise _GIVE_UP
    return _made(ImageRecord, values, set(values))


def _image_address(given: Any) -> str:
    # The id is wanted later, and costs less than the address of a page. An escaped host is left to the other.
    written = _unbroken(given)
    if not written.startswith(("https://", "http://")):
        raise _GIVE_UP
    if len(written) > _LONGEST_PICTURE or "%" in written:
        return _address(written)
    if image_id(written) is None:
        raise _GIVE_UP
    return written


def _texts(given: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys([_word(one) for one in _list(given)]))


def _images(given: Any) -> tuple[ImageRecord, ...]:
    return tuple([_image(one) for one in _list(given)])


_ADDRESSES = frozenset({"url", "amp_url", "cdn_amp_url", "original_url"})
# Each of these names is the first that GENERAL has for its field.
_FIELDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "title": ("title", _text),
    "excerpt": ("excerpt", _text),
    "publishedDateTime": ("published_at", _time),
    "webUrl": ("url", _address),
    "ampWebUrl": ("amp_url", _address),
    "cdnAmpWebUrl": ("cdn_amp_url", _address),
    "originalUrl": ("original_url", _address),
    "type": ("kind", _word),
    "category": ("category", _word),
    "locale": ("language", _word),
    "quality": ("quality", _integer),
    "heat": ("heat", _integer),
    "published": ("published", _boolean),
    "topics": ("topics", _texts),
    "images": ("images", _images),
}
