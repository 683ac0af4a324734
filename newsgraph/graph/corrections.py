"""The decisions of a researcher about stories, events, copies, times and outlets, in the order in which they were made.

A decision names stories by their addresses and never events by their ids. An address stays valid when stories are added
or removed, in other stores and on other machines. An event is named by one of its stories. :func:`constraints_of` turns
the decisions into constraints on the derivation of events. Decisions about outlets name them by their domains;
:mod:`newsgraph.graph.outlet_decisions` applies them. If two decisions contradict each other, the later one holds and
the pair is reported.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Self

from newsgraph.errors import StoreFormatError


class Kind(StrEnum):
    """What is decided. Each value has ``words`` for the help, and ``fields``, the columns that it needs."""

    words: str
    fields: tuple[str, ...]

    def __new__(cls, value: str, words: str, fields: tuple[str, ...]) -> Self:
        """Makes a member from its value, its words and the columns that it needs."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        member.fields = fields
        return member

    JOIN = "join", "these stories are of one event", ()
    SPLIT = "split", "these stories are one event, and not that of the stories in `from`", ("from",)
    MOVE = "move", "these stories are of the event of the story in `to`, and not of that in `from`", ("to",)
    LEAVE_OUT = "leave-out", "these stories are of no event", ()
    RENAME = "rename", "the event of this story is called by the name in `value`", ("value",)
    LABEL = (
        "label",
        "these stories are the event in `value`; stories of different labels are of different events",
        ("value",),
    )
    COPY = "copy", "these stories are copies of the story in `to`", ("to",)
    NO_COPY = "no-copy", "these stories are no copies", ()
    DATE = "date", "these stories were published at the time in `value`", ("value",)
    OUTLET_JOIN = "outlet-join", "the outlets of these domains are one with that of the domain in `to`", ("to",)
    OUTLET_APART = "outlet-apart", "each of these domains or hosts is an outlet of its own", ()
    OUTLET_SET = "outlet-set", "the outlets of these domains have the COLUMN=VALUE in `value`", ("value",)

    @property
    def of_outlets(self) -> bool:
        """Whether it is about outlets, so that ``stories`` and ``to`` hold domains."""
        return self.value.startswith("outlet-")


#: Each kind by its value.
KINDS: dict[str, Kind] = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``stories``, ``to`` and ``apart`` (the column ``from``) are web addresses in any spelling, or ids
    of stories. In a decision about outlets, ``stories`` and ``to`` are domains. ``made_at`` is the date or time of the
    decision as written. It doesn't decide which decision is later."""

    kind: Kind
    stories: tuple[str, ...]
    to: str = ""
    apart: tuple[str, ...] = ()
    value: str = ""
    made_at: str = ""
    author: str = ""
    reason: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Returns every address of a story that the decision names, each once."""
        return (
            ()
            if self.kind.of_outlets
            else tuple(dict.fromkeys((*self.stories, *((self.to,) if self.to else ()), *self.apart)))
        )

    @property
    def words(self) -> str:
        """Returns the decision in one line for people, with its reason, date and author."""
        said = " ".join(self.stories)
        if self.to:
            said += f" to {self.to}"
        if self.apart:
            said += f" from {' '.join(self.apart)}"
        if self.value:
            said += f": {self.value}"
        beside = ", ".join(part for part in (self.made_at, self.author) if part)
        return f"{self.kind} {said}" + (f" ({beside})" if beside else "") + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Corrections:
    """The decisions in their order. A later one overrides an earlier one. Decisions are numbered from 1."""

    decisions: tuple[Decision, ...] = ()

    def __bool__(self) -> bool:
        """Tells whether there is any decision."""
        return bool(self.decisions)

    def __iter__(self) -> Iterator[Decision]:
        return iter(self.decisions)

    def __len__(self) -> int:
        return len(self.decisions)

    def adding(self, *more: Decision) -> Corrections:
        """Returns these decisions, followed by ``more``."""
        return Corrections((*self.decisions, *more))

    def without(self, numbers: Iterable[int]) -> Corrections:
        """Returns all decisions but those with these numbers."""
        gone = set(numbers)
        return Corrections(tuple(one for number, one in enumerate(self.decisions, 1) if number not in gone))

    @property
    def addresses(self) -> tuple[str, ...]:
        """Returns every address that a decision names, each once."""
        return tuple(dict.fromkeys(address for decision in self.decisions for address in decision.addresses))

    @property
    def fingerprint(self) -> str:
        """Returns a text that is the same for the same decisions and different for other ones."""
        return blake2b(self.to_json().encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def to_json(self) -> str:
        """Returns all decisions as JSON; an empty text when there are none."""
        if not self.decisions:
            return ""
        rows = [
            [one.kind.value, list(one.stories), one.to, list(one.apart), one.value, one.made_at, one.author, one.reason]
            for one in self.decisions
        ]
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Corrections:
        """Returns the decisions that ``to_json`` wrote. Raises StoreFormatError for any other text."""
        if not text:
            return cls()
        try:
            return cls(
                tuple(
                    Decision(KINDS[kind], tuple(stories), to, tuple(apart), value, made_at, author, reason)
                    for kind, stories, to, apart, value, made_at, author, reason in json.loads(text)
                )
            )
        except (ValueError, TypeError, KeyError, RecursionError):
            raise StoreFormatError(
                "the store", "its corrections are damaged", "Load again with corrections=FILE"
            ) from None

    def dates(self, keys: Mapping[str, str]) -> dict[str, datetime]:
        """Returns story id -> its true time (with zone, in UTC) where a decision gives it; ``keys`` maps addresses to
        ids."""
        return {key: time for key, (_, time) in self.numbered_dates(keys).items()}

    def numbered_dates(self, keys: Mapping[str, str]) -> dict[str, tuple[int, datetime]]:
        """Returns the same as ``dates``, each time with the number of its decision."""
        return {
            keys[address]: (number, datetime.fromisoformat(one.value))
            for number, one in enumerate(self.decisions, 1)
            if one.kind is Kind.DATE
            for address in one.stories
            if address in keys
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two decisions, by number, that contradict each other. The later one holds."""

    overruled: int
    holding: int


@dataclass(frozen=True, slots=True)
class Constraints:
    """What the decisions require of the events. Only stories that the store has are in it. Numbers are decisions'
    numbers.

    ``together`` and ``apart``: pairs of stories. ``labels``: story -> the label of its event; stories with different
    labels must be apart. ``names``: story, name of its event and number, in order. ``copies``: copy -> original.
    ``no_copies``: stories that are no copies. ``absent``: number and address, for each address of a story that the
    store doesn't have.
    """

    together: Mapping[tuple[str, str], int] = field(default_factory=dict)
    apart: Mapping[tuple[str, str], int] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    names: tuple[tuple[str, str, int], ...] = ()
    copies: Mapping[str, str] = field(default_factory=dict)
    no_copies: frozenset[str] = frozenset()
    conflicts: tuple[Conflict, ...] = ()
    absent: tuple[tuple[int, str], ...] = ()

    def __bool__(self) -> bool:
        """Tells whether anything is required."""
        return bool(self.together or self.apart or self.labels or self.left_out or self.names or self.copies) or bool(
            self.no_copies
        )


def constraints_of(corrections: Corrections, story_of: Mapping[str, str]) -> Constraints:
    """Returns the constraints that the decisions make. ``story_of`` maps addresses to ids of stories that exist.

    The decisions are taken from the last to the first. What contradicts a decision taken before has no effect. If a
    decision is about several stories, only the contradicting part of it has none.
    """
    taking = _Taking()
    numbered = [(n, one) for n, one in enumerate(corrections.decisions, 1) if not one.kind.of_outlets]
    absent = [(n, address) for n, one in numbered for address in one.addresses if address not in story_of]
    for number, decision in reversed(numbered):
        stories = list(dict.fromkeys(story_of[one] for one in decision.stories if one in story_of))
        taking.take(
            number,
            decision,
            stories,
            story_of.get(decision.to),
            [story_of[one] for one in decision.apart if one in story_of],
        )
    return Constraints(
        together=taking.together,
        apart=taking.apart,
        labels=dict(sorted(taking.labels.items())),
        left_out=taking.left_out,
        names=tuple(sorted(taking.names, key=lambda name: name[2])),
        copies=taking.copies,
        no_copies=frozenset(taking.no_copies),
        conflicts=tuple(Conflict(*pair) for pair in sorted(taking.conflicts)),
        absent=tuple(absent),
    )


class _Taking:
    """The constraints that hold so far, while decisions are taken from the last to the first."""

    def __init__(self) -> None:
        self.together: dict[tuple[str, str], int] = {}
        self.apart: dict[tuple[str, str], int] = {}
        self.labels: dict[str, str] = {}
        self.left_out: dict[str, int] = {}
        self.names: list[tuple[str, str, int]] = []
        self._renames: set[int] = set()  # the decisions that gave a name, and no label
        self.copies: dict[str, str] = {}
        self.no_copies: set[str] = set()
        self.conflicts: set[tuple[int, int]] = set()
        self._said_of_copy: dict[str, int] = {}
        self._said_of_date: dict[str, int] = {}
        self._label_number: dict[str, int] = {}
        self._label_first: dict[str, list[str]] = {}
        self._group: dict[str, set[str]] = {}
        self._next: dict[str, dict[str, int]] = {}  # story -> stories joined to it by a decision, and its number
        self._apart_of: dict[str, dict[str, int]] = {}

    def take(self, number: int, one: Decision, stories: Sequence[str], to: str | None, apart: Sequence[str]) -> None:
        match one.kind:
            case Kind.JOIN | Kind.SPLIT | Kind.MOVE:
                self._place(number, [*([to] if to and one.kind is Kind.MOVE else []), *stories], stories, apart)
            case Kind.LEAVE_OUT:
                self._leave_out(number, stories)
            case Kind.LABEL:
                self._label(number, stories, one.value)
            case Kind.RENAME:
                for story in stories[:1]:
                    self._name(number, story, one.value)
            case Kind.COPY | Kind.NO_COPY:
                self._copy(number, stories, to if one.kind is Kind.COPY else None)
            case Kind.DATE:
                for story in stories:
                    self._later_only(self._said_of_date, story, number)

    def _place(self, number: int, joined: Sequence[str], stories: Sequence[str], apart: Sequence[str]) -> None:
        for story in stories:
            for other in apart:
                self._part(story, other, number)
        firsts: list[str] = []
        for story in joined:
            self._join_any(firsts, story, number)

    def _join_any(self, firsts: list[str], story: str, number: int) -> bool:
        """Joins the story to the first of those that it may be joined to; False if there is none."""
        refused = 0
        for first in firsts:
            refused = self._refusal(first, story)
            if not refused:
                self._join(first, story, number)
                return True
        if refused:
            self.conflicts.add((number, refused))
        if story in self.left_out:
            self.conflicts.add((number, self.left_out[story]))
        else:
            firsts.append(story)
        return not refused

    def _leave_out(self, number: int, stories: Sequence[str]) -> None:
        for story in stories:
            if self._next.get(story):
                self.conflicts.add((number, max(self._next[story].values())))
            elif story in self.labels:
                self.conflicts.add((number, self._label_number[self.labels[story]]))
            else:
                self.left_out.setdefault(story, number)

    def _label(self, number: int, stories: Sequence[str], label: str) -> None:
        firsts = self._label_first.setdefault(label, [])
        self._label_number.setdefault(label, number)
        # Stories that a later decision moved come last, so that the other stories decide which event has the label.
        for story in sorted(stories, key=lambda one: (len(self._next.get(one, ())), len(self._apart_of.get(one, ())))):
            mine = {self.labels[one] for one in self._members(story) if one in self.labels} - {label}
            if mine:
                self.conflicts.add((number, max(self._label_number[one] for one in mine)))
            elif self._join_any(firsts, story, number) and story not in self.left_out:
                for one in self._members(story):
                    self.labels[one] = label
                self.names.append((story, label, number))

    def _name(self, number: int, story: str, name: str) -> None:
        later = next((one for one in self.names if one[0] == story and one[2] in self._renames), None)
        if later is None or later[1] == name:
            self.names.append((story, name, number))
            self._renames.add(number)
        else:
            self.conflicts.add((number, later[2]))

    def _copy(self, number: int, stories: Sequence[str], original: str | None) -> None:
        for story in stories:
            if story == original or not self._later_only(self._said_of_copy, story, number):
                continue
            if original is None:
                self.no_copies.add(story)
            elif self._root(original) != story:
                self.copies[story] = original

    def _root(self, story: str) -> str:
        while story in self.copies:
            story = self.copies[story]
        return story

    def _later_only(self, said: dict[str, int], story: str, number: int) -> bool:
        if story in said:
            self.conflicts.add((number, said[story]))
            return False
        said[story] = number
        return True

    def _members(self, story: str) -> set[str]:
        return self._group.get(story) or {story}

    def _refusal(self, one: str, other: str) -> int:
        """Returns the number of the decision that keeps two stories apart, or 0."""
        left = max(self.left_out.get(one, 0), self.left_out.get(other, 0))
        if left:
            return left
        here, there = self._members(one), self._members(other)
        if other in here:
            return 0
        parted = [number for a in here for b, number in self._apart_of.get(a, {}).items() if b in there]
        labels = {self.labels[a] for a in here if a in self.labels}, {self.labels[b] for b in there if b in self.labels}
        if labels[0] and labels[1] and labels[0] != labels[1]:
            parted.extend(self._label_number[label] for label in labels[0] | labels[1])
        return max(parted, default=0)

    def _join(self, one: str, other: str, number: int) -> None:
        if one == other:
            return
        self.together.setdefault((min(one, other), max(one, other)), number)
        self._next.setdefault(one, {}).setdefault(other, number)
        self._next.setdefault(other, {}).setdefault(one, number)
        whole = self._members(one) | self._members(other)
        label = next((self.labels[story] for story in sorted(whole) if story in self.labels), None)
        for story in whole:
            self._group[story] = whole
            if label is not None:
                self.labels[story] = label

    def _part(self, one: str, other: str, number: int) -> None:
        if one == other or other in self._members(one):
            if one != other:
                self.conflicts.add((number, self._joined_by(one, other)))
            return
        if self.labels.get(one) is not None and self.labels.get(one) == self.labels.get(other):
            self.conflicts.add((number, self._label_number[self.labels[one]]))
            return
        self.apart.setdefault((min(one, other), max(one, other)), number)
        self._apart_of.setdefault(one, {}).setdefault(other, number)
        self._apart_of.setdefault(other, {}).setdefault(one, number)

    def _joined_by(self, one: str, other: str) -> int:
        """Returns the latest of the decisions by which two stories are joined, directly or through others."""
        best = {one: 0}
        waiting = deque([one])
        while waiting:
            here = waiting.popleft()
            if here == other:
                return best[here]
            for there, number in self._next.get(here, {}).items():
                if there not in best:
                    best[there] = max(best[here], number)
                    waiting.append(there)
        return 0
