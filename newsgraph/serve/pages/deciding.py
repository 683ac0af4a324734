"""A decision that a form sends: shows what it would change, and writes it, by the functions that the commands use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from newsgraph.errors import UsageError
from newsgraph.graph.corrections import Corrections, Decision
from newsgraph.graph.events.along import along_lines, keeping_others
from newsgraph.graph.events.preview import preview
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.stores.writer_lock import writing
from newsgraph.loaders.researcher.correcting import contradictions, correct, kept_corrections, signed
from newsgraph.loaders.researcher.outlets_preview import outlets_preview
from newsgraph.output.safe_text import showable
from newsgraph.queries.asking import decisions

#: The seconds for which another program that writes is waited for, if the store lets several write.
SECONDS_TO_WAIT = 20.0
UNDO = "undo"

Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for, in the words of its fields. ``seen`` identifies the change that the person was shown; it is
    empty before that."""

    kind: str
    event: str = ""
    stories: tuple[str, ...] = ()
    other: str = ""
    value: str = ""
    reason: str = ""
    number: int = 0
    words: str = ""
    seen: str = ""

    @classmethod
    def of(cls, given: Given) -> Asked:
        """Returns what was sent. Each kind has its own field for the other event or original, because they are in one
        form. A page can't carry every character, so what it would change is changed here: a decision that was looked at
        is the one that is written."""

        def one(name: str) -> str:
            return showable(next((value.strip() for value in given.get(name, ()) if value.strip()), ""))

        kind = one("kind")
        number = one("number")
        return cls(
            kind=kind,
            event=one("event"),
            stories=tuple(value.strip() for value in given.get("story", ()) if value.strip()),
            other=one(f"to-{kind}") or one("other"),
            value=one(f"value-{kind}") or one("value"),
            reason=one("reason"),
            number=int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0,
            words=one("words"),
            seen=one("seen"),
        )

    def fields(self) -> list[tuple[str, str]]:
        """Returns the same as fields of a form that sends it again."""
        pairs = [("kind", self.kind), ("event", self.event), *(("story", story) for story in self.stories)]
        pairs += [("other", self.other), ("value", self.value), ("reason", self.reason), ("words", self.words)]
        if self.number:
            pairs.append(("number", str(self.number)))
        return [(name, value) for name, value in pairs if value]


@dataclass(frozen=True, slots=True)
class Change:
    """What would be decided, and what that would change. In ``lines``, what would go begins with "-", and what would
    come with "+". ``seen`` identifies all of it."""

    wanted: Corrections
    words: Sequence[str]
    lines: Sequence[str]
    doubts: Sequence[str]

    @property
    def seen(self) -> str:
        """A text that is the same for the same change, and different for any other."""
        told = "\n".join([self.wanted.fingerprint, *self.lines, *self.doubts])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def change_of(store: Store, asked: Asked, author: str) -> Change:
    """Returns what the decision would change. Raises what making it raises, and InputError for a file of decisions that
    can't be read."""
    kept = kept_corrections(store)
    wanted, words = _wanted(store, kept.corrections, asked, author)
    outlets = outlets_preview(store, wanted)
    seen = preview(store, wanted, outlets.moved)
    doubts = [*kept.remarks, *contradictions(seen, kept.corrections, wanted)]
    known = set(kept.corrections)
    along = [line for one in wanted if one not in known for line in along_lines(store, seen, one)]
    return Change(wanted, words, [*outlets.lines(), *seen.lines(), *along], doubts)


def _wanted(store: Store, kept: Corrections, asked: Asked, author: str) -> tuple[Corrections, list[str]]:
    if asked.kind == UNDO:
        held = kept.decisions[asked.number - 1 : asked.number] if asked.number else ()
        if not held or showable(held[0].words.strip()) != asked.words:
            raise UsageError("decision", "the decisions have changed meanwhile", "Look at the list again")
        return kept.without([asked.number]), [f"Taken back: {held[0].words}"]
    made = [signed(one, asked.reason, author) for one in _made(store, asked)]
    if asked.kind in ("split", "move"):
        made = [keeping_others(store, kept, one) for one in made]
    return kept.adding(*made), [one.words for one in made]


def _made(store: Store, asked: Asked) -> list[Decision]:
    """Returns the decisions that a form's kind stands for.

    Raises UsageError for an unknown kind, and if no story is given where some are needed.
    """
    if asked.kind not in _MAKERS:
        raise UsageError("kind", f"there is no decision {asked.kind!r}", "Use the forms of the pages")
    if asked.kind not in ("join", "rename") and not asked.stories:
        raise UsageError("stories", "none is chosen", "Choose the stories that it is about")
    return _MAKERS[asked.kind](store, asked)


#: The decision that each button of the pages makes.
_MAKERS: dict[str, Callable[[Store, Asked], list[Decision]]] = {
    "join": lambda store, asked: [decisions.joined(store, [one for one in (asked.event, asked.other) if one])],
    "split": lambda store, asked: [decisions.split(store, asked.event, asked.stories)],
    "move": lambda store, asked: [decisions.moved(store, asked.stories, asked.other)],
    "leave-out": lambda store, asked: [decisions.left_out(store, asked.stories)],
    "rename": lambda store, asked: [decisions.renamed(store, asked.event, asked.value)],
    "copy": lambda store, asked: [decisions.copied(store, story, asked.other) for story in asked.stories],
    "no-copy": lambda store, asked: [decisions.no_copies(store, asked.stories)],
    "date": lambda store, asked: [decisions.dated(store, story, asked.value) for story in asked.stories],
    "one-event": lambda store, asked: [decisions.one_event(store, (*asked.stories, asked.other))],
    "two-events": lambda store, asked: [decisions.two_events(store, asked.stories, asked.other)],
}


def write(url: str, asked: Asked, author: str) -> Change | None:
    """Writes the decision, with the store open for writing. Returns None if that is done.

    If it would now change something else than the person saw, nothing is written, and that change is returned. Raises
    what :func:`change_of` raises, and StoreError if the store can't be written.
    """
    with open_store(url, create=False) as store, writing(store, wait=SECONDS_TO_WAIT):
        change = change_of(store, asked, author)
        if change.seen != asked.seen:
            return change
        correct(store, change.wanted)
    return None
