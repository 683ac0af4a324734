"""Makes the record of an article whose front matter is plain, without the checks that a doubtful one needs.

It accepts names and values of which ``RecordReader`` would report nothing but a doubtful time. For everything else (an
invalid address, a related story without a title, a list instead of a text) it gives up, and ``RecordReader`` is used.
A test checks that both give the same result.

The records of a corpus have the same layout: the same names, one below the other. So a layout is worked out only once,
by the reader of ``fast_blocks`` and the dialect. After that it tells for each record on which line each value is.

Articles about the same things list the same related stories. A story that was listed before is known by its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from newsgraph.graph.urls.identity import image_id, normalised_address, story_ids
from newsgraph.loaders.fields import converters
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import NULLS, REMOVED, RecordReader
from newsgraph.loaders.frontmatter.fast_blocks import forms, is_printable, is_usual
from newsgraph.loaders.frontmatter.field_lines import field_lines
from newsgraph.loaders.frontmatter.layouts import Layouts, Value
from newsgraph.loaders.frontmatter.listed_before import Listed, ListedBefore
from newsgraph.loaders.frontmatter.plainness import NotPlain
from newsgraph.loaders.frontmatter.record_plans import Conversion, ImagePlan, Plan, converted, plan_of_article
from newsgraph.loaders.records import ArticleRecord, ImageRecord, Reading
from newsgraph.patterns import later

# The longest front matter, in characters, that is read here.
_LONGEST = 2**18
_FENCE = later(r"\s*+---[ \t]*+(?:#.*)?\n")
# Where the last line may begin, and that line. The first is found in a third of the time of two searches for texts.
_MAY_END = later(r"\n(?:---|\.\.\.)")
_END = later(r"\n(?:---[ \t]*+(?:#.*)?|\.\.\.[ \t]*+)(?:\n|\Z)")
_RELATED = later(r"related:\n++(?= *+- )")
# Escapes that put something else into a value than a printable character.
_CONTROL = later(r'\\[^"\\/]')
_BLANK_LINES = later("(?: *+\n)++")
_LINE_OUTSIDE = later("\n(?=[^ \n])")
_DASH = later(" *+- ++")


def read(text: str, format: str, *, printable: bool = False) -> Reading | None:
    """Returns the article of a text that begins with ``---``; None if the complete reader has to read it.

    ``printable`` says that the text is surely as ``fast_blocks.is_printable`` wants it.
    """
    fence = _FENCE.match(text)
    if fence is None:
        return None
    start = fence.end()
    last = _MAY_END.search(text, start - 1, start + _LONGEST)
    if last is None or not _END.match(text, last.start()):
        return None
    block = text[start : last.start() + 1]
    printable = printable or is_printable(block)
    if not (printable or is_usual(block)):
        return None
    first = text.count("\n", 0, start) + 1
    for form in forms(block):
        reader = RecordReader(GENERAL, partial(field_lines, block, first))
        try:
            record = _Reader(reader, printable and not ("\\" in form and _CONTROL.search(form))).article(form)
        except NotPlain:
            continue
        return Reading(format, (record,), tuple(reader.problems), reader.unknown)
    return None


class _Item(NamedTuple):
    """A related story as it stands in a file. ``text`` is all of it if it may come again, and empty otherwise."""

    text: str
    plan: Plan
    values: Sequence[Value]


class _Reader:
    """Reads the records of one file."""

    def __init__(self, reader: RecordReader, clean: bool) -> None:
        """``reader`` decides about doubtful times. ``clean`` says that all characters can be printed and all blanks are
        plain."""
        self._reader = reader
        self._clean = clean

    def article(self, block: str) -> ArticleRecord:
        """Returns the article of a block. Raises NotPlain."""
        start = block.find("\nrelated:\n") + 1
        listed = _RELATED.match(block, start) if start else None
        dash = _DASH.match(block, listed.end()) if listed else None
        items: list[_Item | Listed] = []
        if listed and dash:
            end = listed.end()
            while block.startswith(dash[0], end):
                item, end = self._item(block, end, dash[0])
                items.append(item)
            if block[end : end + 1] in ("-", " "):
                raise NotPlain
            block = block[:start] + block[end:]
        plan, values, _ = _ARTICLES.read(block)
        if items and plan.names_related:
            raise NotPlain  # the name occurs twice
        # The problems of a file are told in the order of its text, so the article itself comes first.
        fields, ids = self._fields(plan, values, "")
        fields["related"] = tuple([self._related(item, f"related[{number}].") for number, item in enumerate(items)])
        return ArticleRecord.known(fields, ids)

    def _item(self, block: str, start: int, dash: str) -> tuple[_Item | Listed, int]:
        """Returns the related story that begins there with that dash, and where it ends."""
        text = ""
        if self._clean and _LISTED_BEFORE.may_come_again(block, start):
            end = block.find(f"\n{dash}", start) + 1
            if not end:
                outside = _LINE_OUTSIDE.search(block, start)
                end = outside.end() if outside else len(block)
            text = block[start:end]
            known = _LISTED_BEFORE.get(text)
            if known is not None:
                return known, end
        plan, values, end = _RELATED_ARTICLES.read(block, start, dash)
        blank = _BLANK_LINES.match(block, end)
        end = blank.end() if blank else end
        return _Item(text if start + len(text) == end else "", plan, values), end

    def _related(self, item: _Item | Listed, place: str) -> ArticleRecord:
        """Returns the record of a related story."""
        if isinstance(item, Listed):
            listed = item
        elif item.text:
            # It is read by itself. What would be reported isn't to be lost where the text comes again.
            alone = RecordReader(GENERAL)
            fields, ids = _Reader(alone, self._clean)._fields(item.plan, item.values, place)
            listed = Listed(ArticleRecord.known(fields, ids), tuple(alone.unknown.elements()))
            if any(alone.problems):
                return ArticleRecord.known(*self._fields(item.plan, item.values, place))
            _LISTED_BEFORE.keep(item.text, listed)
        else:
            return ArticleRecord.known(*self._fields(item.plan, item.values, place))
        self._reader.unknown.update(listed.unknown)
        return listed.record

    def _fields(self, plan: Plan, values: Sequence[Value], place: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Returns the fields of a record, and the ids that its addresses give."""
        if _any_mark(values):
            raise NotPlain  # no value, or not an article
        texts: Sequence[Any] = [values[index] for index in plan.texts]
        if not (self._clean and converters.all_clean(texts, printable=True)):
            texts = [converted(converters.text, text) for text in texts]
        fields: dict[str, Any] = dict(zip(plan.text_fields, texts, strict=True))
        for conversion in plan.conversions:
            value = values[conversion.index]
            if value and (made := self._converted(conversion, value)) is not None:
                fields[conversion.field] = made
        for field in plan.sure:
            if fields.get(field) is None:
                raise NotPlain
        ids = _ids(plan, fields)
        fields["published_at"], fields["date_quality"] = self._time(plan, values, place, fields)
        if plan.images:
            fields["images"] = images = self._images(plan.images, values)
            if plan.other_images and not images:
                raise NotPlain
        if plan.logos:
            logos = self._images(plan.logos, values)
            if logos:
                fields["outlet_logo_url"] = logos[0].url
        if plan.unknown:
            self._reader.unknown.update(plan.unknown)
        return fields, ids

    def _converted(self, conversion: Conversion, value: Value) -> Any:
        if type(value) is str:
            return conversion.remembered(value)
        listed = conversion.converter is converters.texts or conversion.converter is converters.tags
        if listed and self._clean and type(value) is list and converters.all_clean(value, printable=True):
            return tuple(dict.fromkeys(value))
        return converted(conversion.converter, value)

    def _time(
        self, plan: Plan, values: Sequence[Value], place: str, fields: Mapping[str, Any]
    ) -> tuple[datetime | None, str]:
        if plan.common_time:
            text = values[plan.times[0][1]]
            # Checking the positions excludes week dates, which fromisoformat() reads, too.
            if type(text) is str and len(text) == _TIME_LENGTH and text[4::3] == "--T::Z" and text.isascii():
                try:
                    time = datetime.fromisoformat(text)
                except ValueError:
                    pass  # the reader says what is wrong
                else:
                    if _FIRST_YEAR <= time.year <= _LAST_YEAR:
                        return time, "exact"
        return self._reader.time({name: values[index] for name, index in plan.times}, place, fields)

    def _images(self, plans: Sequence[ImagePlan], values: Sequence[Value]) -> tuple[ImageRecord, ...]:
        images: list[ImageRecord | None] = []
        for plan in plans:
            url = values[plan.url]
            if type(url) is not list:
                images.append(self._image(plan, url, values))
            elif plan.unknown or plan.fields:
                raise NotPlain
            else:
                images.extend([self._image(plan, one, values) for one in url])
        return tuple([image for image in images if image is not None])

    def _image(self, plan: ImagePlan, url: Any, values: Sequence[Value]) -> ImageRecord | None:
        address = type(url) is str and url.startswith(("https://", "http://")) and " " not in url
        if not (address and self._clean and len(url) <= _LONGEST_PICTURE):
            url = converted(converters.picture, url)
            if url is None:
                return None
        fields: dict[str, Any] = {"url": url}
        for conversion in plan.fields:
            fields[conversion.field] = self._converted(conversion, values[conversion.index])
        id = image_id(url)
        # Its id is faster to find than its address, which is then valid, too. A host with escapes is checked more
        # closely.
        if id is None or ("%" in url and normalised_address(url) is None):
            raise NotPlain
        if plan.unknown:
            self._reader.unknown.update(plan.unknown)
        return ImageRecord.known(fields, id)


def _ids(plan: Plan, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the ids of a record's addresses. Raises NotPlain if it has none, or if it isn't a story."""
    for field in plan.absolute:
        if fields[field] is not None and not fields[field].startswith(("https://", "http://")):
            raise NotPlain
    ids = story_ids([address for field in plan.addresses if (address := fields[field]) is not None])
    if not ids or None in ids or fields["title"] is None:
        raise NotPlain
    return ids  # type: ignore[return-value]  # none of them is None


def _any_mark(values: Sequence[Value]) -> bool:
    """Tells whether one of the values is a mark for no value, or for an article that was taken back."""
    try:
        return not _MARKS.isdisjoint(values)
    except TypeError:  # there is a list
        return not _MARKS.isdisjoint([value for value in values if type(value) is str])


# 2020-06-11T13:48:00Z
_TIME_LENGTH = 20
# Other years come from programs that have no time, or are mistakes.
_FIRST_YEAR, _LAST_YEAR = 1971, 9998
_MARKS = NULLS | REMOVED
# The number of characters is far below the limit that ``urls.identity`` sets.
_LONGEST_PICTURE = 2000

_ARTICLES = Layouts(partial(plan_of_article, related=False))
_RELATED_ARTICLES = Layouts(partial(plan_of_article, related=True))
_LISTED_BEFORE = ListedBefore()
