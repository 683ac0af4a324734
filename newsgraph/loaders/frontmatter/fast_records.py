"""The record of an article whose front matter is plain and clean, without the detours that a doubtful one needs.

It takes Smartable's own names and values that need no cleaning at all. Whatever else there is (another name, a text
with blanks to remove, a time that isn't sure, an address that is none, anything to report) makes it give up, and
``fields.RecordReader`` has the word. What it takes it reads exactly as that one does, which a test holds.

The records of a corpus are laid out alike: the same names, one below the other. So a layout is worked out once, by the
reader of ``fast_frontmatter``, and then says of each record which value stands on which line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from pydantic import BaseModel

from newsgraph.graph.urls.identity import image_id, normalised_address, story_ids
from newsgraph.loaders.fields.dialect import ADDRESSES, SMARTABLE
from newsgraph.loaders.frontmatter.fast_blocks import NotPlain, is_usual, scalar
from newsgraph.loaders.frontmatter.layouts import Layouts
from newsgraph.loaders.records import ArticleRecord, ImageRecord, Reading

#: Characters of the front matter that is read here.
_LONGEST = 2**18
_RELATED = "related:\n"
# Line breaks and tabs, which only escapes can bring into a value, want cleaning; all else in ASCII is printable.
_CONTROL = re.compile(r"\\[nrt]")
_DASH = re.compile(" *- ")
_CONTINUED = (" ", "-", "\n")  # what begins no key

_Record = TypeVar("_Record", bound=BaseModel)
_Container = TypeVar("_Container", dict[str, Any], list[Any])
_Converter = Callable[[str], Any]
#: Name of a field, how its value is converted, and the value's number in the layout.
_Field = tuple[str, _Converter, int]


def read(text: str, format: str) -> Reading | None:
    """The article of a file's text that begins with ``---``; None when the complete reader has to read it."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---", 3, _LONGEST)
    # Another line that ends the block can't come before: no line of that kind is taken here.
    if end < 0 or text[end + 4 : end + 5] not in ("", "\n"):
        return None
    block = text[4 : end + 1]
    if ("\\" in block and _CONTROL.search(block)) or not is_usual(block):
        return None
    try:
        return Reading(format, (_article(block),))
    except NotPlain:
        return None


def _article(block: str) -> ArticleRecord:
    start = block.find("\n" + _RELATED) + 1
    if not start:
        plan, written, _ = _ARTICLES.read(block)
        return _record(plan, written)
    end = start + len(_RELATED)
    dash = _DASH.match(block, end)
    if dash is None:
        raise NotPlain
    related = []
    while block.startswith(dash[0], end):
        plan, written, end = _RELATED_ARTICLES.read(block, end, dash[0])
        related.append(_record(plan, written))
    if block[end : end + 1] in _CONTINUED:
        raise NotPlain
    plan, written, _ = _ARTICLES.read(block[:start] + block[end:])
    return _record(plan, written, tuple(related))


# -- From values to records --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where a record's fields are in a layout. ``said`` holds the names of the fields that it gives: one set for all
    records that are laid out so, for none of them ever changes."""

    fields: Sequence[_Field]
    addresses: Sequence[str]  # the fields that hold one, the one that names the story first
    topics: Sequence[int]
    images: Sequence[Sequence[_Field]]
    logos: Sequence[Sequence[_Field]]
    left_out: Sequence[int]
    said: set[str]


def _record(plan: _Plan, written: Sequence[str], related: tuple[ArticleRecord, ...] = ()) -> ArticleRecord:
    values = _ARTICLE.copy()
    for field, convert, number in plan.fields:
        values[field] = convert(written[number])
    values["spellings"] = ids = story_ids([values[field] for field in plan.addresses])
    if None in ids:
        raise NotPlain
    values["date_quality"] = "exact"
    values["images"] = tuple([_image(fields, written) for fields in plan.images])
    values["related"] = related
    if plan.topics:
        values["topics"] = tuple(dict.fromkeys([_word(written[number]) for number in plan.topics]))
    if plan.logos:
        values["outlet_logo_url"], *_ = [_image(fields, written).url for fields in plan.logos]
    for number in plan.left_out:
        scalar(written[number])
    return _made(ArticleRecord, values, plan.said)


def _image(fields: Sequence[_Field], written: Sequence[str]) -> ImageRecord:
    values = _IMAGE.copy()
    for field, convert, number in fields:
        values[field] = convert(written[number])
    url = values["url"]
    if not url.startswith(("https://", "http://")) or len(url) > _LONGEST_PICTURE:
        raise NotPlain
    values["id"] = id_ = image_id(url)
    # Its id costs less than its address, which is one then, too. An escaped host is left to the other.
    if id_ is None or ("%" in url and normalised_address(url) is None):
        raise NotPlain
    return _made(ImageRecord, values, _IMAGE_SAID)


def _made(model: type[_Record], values: dict[str, Any], said: set[str]) -> _Record:
    """What ``model.model_construct`` gives, in a tenth of its time: the values are clean already."""
    record = model.__new__(model)
    _set(record, "__dict__", values)
    _set(record, "__pydantic_fields_set__", said)
    _set(record, "__pydantic_extra__", None)
    _set(record, "__pydantic_private__", None)
    return record


_set = object.__setattr__


# -- Converters: what is written to the value of a field; NotPlain for what wants a closer look ------------------------


def _text(written: str) -> str:
    text = scalar(written)
    if not text or text[0] == " " or text[-1] == " " or "  " in text:
        raise NotPlain
    if not text.isascii() and not text.isprintable():  # no-break spaces, controls, surrogates
        raise NotPlain
    return text


#: For texts that come again and again.
_word = lru_cache(maxsize=4096)(_text)


def _address(written: str) -> str:
    address = scalar(written)
    if address is None or " " in address or not (address.isascii() or address.isprintable()):
        raise NotPlain
    return address


@lru_cache(maxsize=4096)
def _integer(written: str) -> int:
    digits = scalar(written)
    if digits is None or not digits.removeprefix("-").isdecimal() or len(digits) > _LONGEST_INTEGER:
        raise NotPlain
    return int(digits)


@lru_cache(maxsize=64)
def _boolean(written: str) -> bool:
    word = scalar(written)
    if word not in _BOOLEANS:
        raise NotPlain
    return _BOOLEANS[word]


def _time(written: str) -> datetime:
    text = written if len(written) == _TIME_LENGTH else scalar(written)
    # The positions keep out week dates, which fromisoformat() reads, too.
    if text is None or len(text) != _TIME_LENGTH or not text.isascii() or text[4::3] != "--T::Z":
        raise NotPlain
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise NotPlain from None
    if time.tzinfo is not UTC:
        raise NotPlain
    return time


#: 2020-06-11T13:48:00Z
_TIME_LENGTH = 20
#: Digits that surely fit 64 bits.
_LONGEST_INTEGER = 18
#: Characters, far from the limit that identity sets.
_LONGEST_PICTURE = 2000
_BOOLEANS = {"true": True, "false": False}


# -- Plans -------------------------------------------------------------------------------------------------------------

_ARTICLE = {name: field.default for name, field in ArticleRecord.model_fields.items()}
_IMAGE = {name: field.default for name, field in ImageRecord.model_fields.items()}
_IMAGE_SAID = set(_IMAGE)
_LEFT_OUT = frozenset({"secured", "featuredContent", "highlight", "hashtags", "updatedDateTime", "sourceUrl"})
# Each of these names is the first that GENERAL has for its field.
_CONVERTERS: dict[str, _Converter] = {
    "title": _text,
    "excerpt": _text,
    "webUrl": _address,
    "ampWebUrl": _address,
    "cdnAmpWebUrl": _address,
    "originalUrl": _address,
    "type": _word,
    "category": _word,
    "locale": _word,
    "quality": _integer,
    "heat": _integer,
    "published": _boolean,
}
_FIELDS: dict[str, tuple[str, _Converter]] = {
    "publishedDateTime": ("published_at", _time),
    **{name: (SMARTABLE[name][0], convert) for name, convert in _CONVERTERS.items()},
}
_OUTLET_FIELDS: dict[str, tuple[str, _Converter]] = {
    "name": ("outlet_name", _word),
    "domain": ("outlet_domain", _word),
}
_IMAGE_FIELDS: dict[str, tuple[str, _Converter]] = {
    "url": ("url", _address),
    "width": ("width", _integer),
    "height": ("height", _integer),
    "isCached": ("cached", _boolean),
    "title": ("title", _text),
}


def _planned(numbered: Mapping[str, Any], *, related: bool) -> _Plan:
    """The plan of an article, from the mapping that it is with the number of each value in its place."""
    rest = dict(numbered)
    provider = dict(_container(rest, "provider", dict))
    logos = [_image_fields(one) for one in _container(provider, "images", list)]
    images = [_image_fields(one) for one in _container(rest, "images", list)]
    topics = [_number(one) for one in _container(rest, "topics", list)]
    left_out = [number for name in _LEFT_OUT & rest.keys() for number in _numbers(rest.pop(name))]
    fields = _fields(rest, _FIELDS) + _fields(provider, _OUTLET_FIELDS)
    there = {field for field, _, _ in fields}
    addresses = [field for field in ADDRESSES if field in there]
    if not (addresses and {"title", "published_at"} <= there):
        raise NotPlain
    said = there | {"date_quality", "images"} | ({"outlet_logo_url"} if logos else set())
    said |= ({"topics"} if topics else set()) | (set() if related else {"related"})
    return _Plan(fields, addresses, topics, images, logos, left_out, said)


def _fields(numbered: Any, known: Mapping[str, tuple[str, _Converter]]) -> list[_Field]:
    if type(numbered) is not dict or not numbered.keys() <= known.keys():
        raise NotPlain
    return [(*known[name], _number(value)) for name, value in numbered.items()]


def _image_fields(numbered: Any) -> list[_Field]:
    if "url" not in numbered:
        raise NotPlain
    return _fields(numbered, _IMAGE_FIELDS)


def _container(numbered: dict[str, Any], name: str, kind: type[_Container]) -> _Container:
    # Taken out; empty where it isn't there.
    found = numbered.pop(name, kind())
    if type(found) is not kind:
        raise NotPlain
    return found


def _number(numbered: Any) -> int:
    if type(numbered) is not str:
        raise NotPlain
    return int(numbered)


def _numbers(numbered: Any) -> list[int]:
    # Of all values within.
    if type(numbered) is str:
        return [int(numbered)]
    inner = numbered.values() if type(numbered) is dict else numbered or ()
    return [number for one in inner for number in _numbers(one)]


_ARTICLES = Layouts(partial(_planned, related=False))
_RELATED_ARTICLES = Layouts(partial(_planned, related=True))
