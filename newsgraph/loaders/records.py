"""What a file says, in one form for every format: frozen records that loaders return and that are merged.

They are structs of msgspec, which are made, kept and written as JSON in a fraction of the time and memory of classes.
Making one checks nothing: newsgraph's own loaders have converted each value before, and ``record_types`` checks the
records of other packages' loaders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, Self

from msgspec import Struct, field, structs

from newsgraph.graph.agencies import agency_named
from newsgraph.graph.topics import topic_slug
from newsgraph.graph.urls.identity import image_id, story_ids
from newsgraph.output.safe_text import printable

#: The fields of an article with its web addresses; the first that has one names the story.
ADDRESSES = ("url", "original_url", "amp_url", "cdn_amp_url")


class ImageRecord(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, dict=True):
    """A picture as one record lists it. ``width`` and ``height`` are in pixels."""

    url: str
    width: int | None = None
    height: int | None = None
    cached: bool | None = None
    title: str | None = None

    @cached_property
    def id(self) -> str | None:
        """The id of the picture, the same for every record; None if its address isn't valid."""
        return image_id(self.url)

    @classmethod
    def known(cls, values: Mapping[str, Any], id: str) -> Self:
        """Returns a record whose ``id`` was found already."""
        record = cls(**values)
        record.__dict__["id"] = id  # where cached_property keeps it
        return record


class EntityRecord(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A person, an organisation or a place as one record lists it. ``wikidata`` is its id there: ``Q`` and digits."""

    name: str
    kind: Literal["person", "organisation", "place"]
    wikidata: str | None = None

    @property
    def id(self) -> str | None:
        """The id of the entity, the same for every record; None for a name without a letter."""
        if self.wikidata:
            return self.wikidata
        slug = topic_slug(self.name)
        return f"{self.kind}:{slug}" if slug else None


class ArticleRecord(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, dict=True):
    """One article as one file gives it. Absent fields are None or empty. Nothing in it has been merged yet.

    ``published_at`` has a zone and is in UTC. ``date_quality`` is exact, date_only, no_zone (read as UTC), doubtful
    (not all of it was understood), seen (when a collector found it), missing or impossible. Whether a time is in the
    future is decided at each load and not here.

    ``authors`` are the names of its byline, including those of agencies. ``credit`` is what a field for credits says,
    as written. ``country`` is the story's and ``outlet_country`` the outlet's; both are codes of two letters.
    """

    title: str
    excerpt: str | None = None
    url: str | None = None
    amp_url: str | None = None
    cdn_amp_url: str | None = None
    original_url: str | None = None
    published_at: datetime | None = None
    date_quality: str = "missing"
    kind: str | None = None
    category: str | None = None
    quality: int | None = None
    heat: int | None = None
    published: bool | None = None
    language: str | None = None
    outlet_name: str | None = None
    outlet_domain: str | None = None
    outlet_logo_url: str | None = None
    country: str | None = None
    outlet_country: str | None = None
    credit: str | None = None
    authors: tuple[str, ...] = ()
    entities: tuple[EntityRecord, ...] = ()
    topics: tuple[str, ...] = ()
    images: tuple[ImageRecord, ...] = ()
    related: tuple[ArticleRecord, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its web addresses as written. The first one names the story."""
        return tuple(a for a in (self.url, self.original_url, self.amp_url, self.cdn_amp_url) if a)

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Its addresses, each as the id that a story of that address would have. The first one names the story."""
        return tuple([id for id in story_ids(self.addresses) if id])

    @classmethod
    def known(cls, values: Mapping[str, Any], spellings: tuple[str, ...]) -> Self:
        """Returns a record whose ``spellings`` were found already."""
        record = cls(**values)
        record.__dict__["spellings"] = spellings  # where cached_property keeps it
        return record

    @cached_property
    def richness(self) -> int:
        """How many of its fields have a value. Related stories don't count, because they are records of their own."""
        scalars = (
            self.excerpt, self.url, self.amp_url, self.cdn_amp_url, self.original_url, self.published_at, self.kind,
            self.category, self.quality, self.heat, self.published, self.language, self.outlet_name, self.outlet_domain,
            self.outlet_logo_url, self.country, self.outlet_country, self.credit,
        )  # fmt: skip
        lists = (self.topics, self.images, self.authors, self.entities)
        return sum(value is not None for value in scalars) + sum(map(len, lists))

    def without_authors(self) -> ArticleRecord:
        """Returns the same article, and the same related stories, without the names in bylines except those of
        agencies."""
        if not self.authors and not any(one.authors for one in self.related):
            return self
        agencies = tuple(name for name in self.authors if agency_named(name) is not None)
        related = tuple(one.without_authors() for one in self.related)
        return structs.replace(self, authors=agencies, related=related)


class OutletRecord(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """One outlet as a page about it describes it. ``domain`` is a host; the outlet's list isn't applied to it yet."""

    page: Literal["outlet"]  # without a default, so that it is always written and tells the kinds apart
    domain: str
    name: str | None = None
    logo_url: str | None = None


class TopicRecord(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """One topic as a page about it describes it. ``parents`` are names of the topics above it."""

    page: Literal["topic"]
    name: str
    keywords: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


#: What a file can have records of.
PageRecord = OutletRecord | TopicRecord
Record = ArticleRecord | OutletRecord | TopicRecord


class Problem(Struct, frozen=True):
    """Something wrong in a file.

    With a ``doubt``, nothing was lost; it names what is doubtful, for example a missing date. With ``remark``, nothing
    was lost either, but it is worth knowing. Otherwise it is an error. ``count`` is how often a doubt or remark
    occurred in the file.
    """

    message: str
    remedy: str
    field: str = ""
    line: int | None = None
    doubt: str = ""
    count: int = 1
    remark: bool = False

    def describe(self, path: str) -> str:
        """Returns one line: file, line, field, what is wrong, what to do."""
        place = f"{path}:{self.line}" if self.line else path
        field_name = f" {self.field}:" if self.field else ""
        times = f" ({self.count:,} times)" if self.remark and self.count > 1 else ""
        line = f"{place}:{field_name} {self.message}{times}. {self.remedy}"
        # It stays on one line, whatever a hostile file's name, field or text contains.
        return printable(line)


#: The number of errors of one file that are reported one by one. A table of another kind could have millions.
PROBLEMS_TOLD = 200


class Problems:
    """What was wrong in one file, in order. Doubts and remarks are counted by kind. Up to PROBLEMS_TOLD errors are
    reported one by one."""

    def __init__(self) -> None:
        self._told: list[Problem] = []
        self._errors = 0
        self._doubts: dict[str, tuple[Problem, int]] = {}

    def append(self, problem: Problem) -> None:
        """Adds a problem."""
        if problem.doubt or problem.remark:
            kind = problem.doubt or problem.remedy
            first, count = self._doubts.get(kind, (problem, 0))
            self._doubts[kind] = first, count + 1
            return
        self._errors += 1
        if self._errors <= PROBLEMS_TOLD:
            self._told.append(problem)

    def __iter__(self) -> Iterator[Problem]:
        yield from self._told
        if self._errors > PROBLEMS_TOLD:
            more = f"{self._errors - PROBLEMS_TOLD:,} more errors are in this file"
            yield Problem(more, "Mend those above first, or leave the file out")
        yield from (structs.replace(first, count=count) for first, count in self._doubts.values())


class Reading(Struct, frozen=True):
    """What one file gave: its records, its problems, and how often each unknown field occurred.

    ``notes`` says, a line each, what a reader had to find out about the file, such as its columns. ``other`` says why a
    file is of a kind that has no articles; it is empty for all other files.
    """

    format: str
    records: Sequence[Record] = ()
    problems: tuple[Problem, ...] = ()
    unknown_fields: Mapping[str, int] = field(default_factory=Counter)
    notes: tuple[str, ...] = ()
    other: str = ""
