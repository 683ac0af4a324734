"""Splits groups whose stories tell the same kind of act by different actors.

"Fed raises rates" and "Bank of England raises rates" have all words in common but the name. A name is a word that the
group's own texts write with a capital within sentences. A group is split when two names divide nearly all its titles
between them, hardly any title has both, no third name connects the two sides, and the sides are less alike between them
than within.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsgraph.graph.events.clustering.time_windows import Group, pick
from newsgraph.graph.events.model import StoryText
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.texts import CACHED_WORDS, TOKEN, Language, Reading, excerpt_text, language, read
from newsgraph.graph.events.text.vectors import UNIT, Int, matrix

SENTENCE_ENDS = frozenset(".:!?|\"'([-")
"""Marks after which a capital letter doesn't prove a name."""
TITLE_CASE_SHARE = 0.7
"""The share of its longer words with a capital from which a headline is in title case. Its capitals prove nothing."""
UNPROVEN_WEIGHT = 8.0
"""The least weight from which a word counts as a name if it is seen only at the start of sentences or in title case."""
MOST_NAMES = 40
"""The number of names, the most frequent ones, that are considered in one group. A group has few actors."""
LONGEST_ACRONYM = 5
"""The greatest number of letters of an acronym."""
CAPITALISING = frozenset({"de", "lb"})
"""Languages that write every noun with a capital, so that a capital doesn't prove a name."""

Flags = NDArray[np.bool_]


class Word(NamedTuple):
    """A word as a text writes it."""

    stem: str
    """Its stem; empty if nothing of the word is left."""
    written: str
    starts: bool
    """Whether it is the first of its sentence."""
    upper: bool
    """Whether it begins with a capital."""
    acronym: bool
    """Whether it is all capitals."""


@lru_cache(maxsize=CACHED_WORDS)
def word_of(written: str, starts: bool, tongue: Language) -> Word:
    """Returns the word for one way to write it. Results are cached."""
    stem = "" if written[0].isdigit() else tongue.stem_of_written(written)
    return Word(stem, written, starts, written[0].isupper(), len(written) > 1 and written.isupper())


def split_by_actor(group: Group, settings: EventSettings) -> list[Group]:
    """Returns the groups that the group is split into by actor, or the group itself."""
    if len(group.stories) < 2 * settings.actor_stories:
        return [group]
    labels = Actors(group, settings).divide(np.arange(len(group.stories)))
    if not labels.any():
        return [group]
    return [pick(group, np.flatnonzero(labels == label)) for label in range(int(labels.max()) + 1)]


class Actors:
    """The names in the titles of one group, and how the titles are divided between them."""

    def __init__(self, group: Group, settings: EventSettings) -> None:
        self.settings = settings
        self.times = group.times
        self.has = np.zeros((len(group.stories), 0), dtype=bool)
        written = [
            Written(voice[0], reading, settings) for voice, reading in zip(group.stories, group.readings, strict=True)
        ]
        names = proven_names(written, settings)
        counts = Counter(stem for one in written for stem in one.capitalised & names)
        self.names: list[str] = []
        if not counts or max(counts.values()) > (1.0 - settings.actor_share) * len(written):
            return  # no name, or one in nearly all titles: that actor is what the event is about
        self.names = [stem for stem, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_NAMES]]
        self.has = np.array([[stem in one.capitalised for stem in self.names] for one in written], dtype=bool)
        self.has = self.has.reshape(len(written), len(self.names))
        self.merge_aliases(written)
        self.written = written
        # Cosines over the group's own words; sums over sides are sums of rows.
        self.texts = matrix(group.vectors, np.unique(group.vectors.terms)).astype(np.float64) / UNIT
        self.lengths = np.asarray(self.texts.multiply(self.texts).sum(axis=1)).ravel()

    def merge_aliases(self, written: Sequence["Written"]) -> None:
        """Counts two forms of one name as one: "GM" gets the titles of "General Motors", "Fed" those of "Federal"."""
        place = {stem: index for index, stem in enumerate(self.names)}
        own = self.has.copy()
        initials: dict[str, set[str]] = {}
        shorts = [stem for stem in self.names if 2 <= len(stem) <= LONGEST_ACRONYM]
        for one in written:
            one.add_initials(shorts, initials)
        for stem, index in place.items():
            others = {other for other in initials.get(stem, set()) if other in place}
            if len(stem) >= 3:
                others |= {other for other in place if other.startswith(stem)}
            for other in sorted(others - {stem}):
                self.has[:, index] |= own[:, place[other]]
                self.has[:, place[other]] |= own[:, index]

    def divide(self, rows: Int) -> Int:
        """Returns a label for each of ``rows``, from 0; all are 0 when the rows are about one event."""
        labels = np.zeros(len(rows), dtype=np.int64)
        found = self.best_pair(rows)
        if found is None:
            return labels
        first, second = found
        side = self.sides(rows, first, second)
        count = 0
        for here in (side, ~side):
            below = (
                self.divide(rows[here]) if here.any() and not here.all() else np.zeros(int(here.sum()), dtype=np.int64)
            )
            labels[here] = below + count
            count += int(below.max()) + 1 if len(below) else 0
        return labels

    def best_pair(self, rows: Int) -> tuple[int, int] | None:
        """Returns the two names that divide ``rows`` most evenly; None if no two names divide them."""
        numbers = self.settings
        has, count = self.has[rows], len(rows)
        least = max(numbers.actor_stories, numbers.actor_share * count)
        large = [name for name in range(len(self.names)) if has[:, name].sum() >= least]
        best: tuple[tuple[float, ...], int, int] | None = None
        for position, first in enumerate(large):
            for second in large[position + 1 :]:
                both = has[:, first] & has[:, second]
                if both.sum() > 1 + numbers.actor_both * count:
                    continue
                one, other = has[:, first] & ~both, has[:, second] & ~both
                smaller = min(int(one.sum()), int(other.sum()))
                if smaller < least or not self.apart(rows, has, one, other):
                    continue
                if self.cover(has, large, first, second) < numbers.actor_cover * count:
                    continue
                rank = (smaller, int(one.sum() + other.sum()), -position, -second)
                if best is None or rank > best[0]:
                    best = (rank, first, second)
        return None if best is None else (best[1], best[2])

    def apart(self, rows: Int, has: Flags, one: Flags, other: Flags) -> bool:
        """Tells whether the sides share hardly any name and are less alike between them than within."""
        shared = np.minimum(has[one].mean(axis=0), has[other].mean(axis=0))
        if shared.sum() > self.settings.actor_bridge:
            return False
        left, right = self.total(rows[one]), self.total(rows[other])
        between = float(left @ right) / (one.sum() * other.sum())
        within = (self.within(rows[one], left) + self.within(rows[other], right)) / 2
        return bool(between <= self.settings.actor_likeness * within)

    def cover(self, has: Flags, large: Sequence[int], first: int, second: int) -> int:
        """Counts the texts that name one of the two actors, or a further actor that is hardly ever named together with
        them.

        There may be more than two: three banks may all raise rates.
        """
        covered = has[:, first] | has[:, second]
        allowed = 1 + self.settings.actor_both * len(has)
        for name in large:
            if (has[:, name] & covered).sum() <= allowed:
                covered = covered | has[:, name]
        return int(covered.sum())

    def total(self, rows: Int) -> NDArray[np.float64]:
        return np.asarray(self.texts[rows].sum(axis=0)).ravel()

    def within(self, rows: Int, total: NDArray[np.float64]) -> float:
        count = len(rows)
        return float(total @ total - self.lengths[rows].sum()) / (count * (count - 1)) if count > 1 else 1.0

    def sides(self, rows: Int, first: int, second: int) -> Flags:
        """Returns True for each row on the first actor's side. A text that names both goes with the one named first;
        one that names neither goes with the side that it is more like."""
        has = self.has[rows]
        one, other = has[:, first] & ~has[:, second], has[:, second] & ~has[:, first]
        both = has[:, first] & has[:, second]
        lead = [[self.written[row].position(self.names[name]) for name in (first, second)] for row in rows]
        earlier = np.array([one <= other for one, other in lead])
        likeness = []
        for side in (one, other):
            mean = self.texts[rows] @ self.total(rows[side]) / side.sum()
            hours = np.abs(self.times[rows] - np.median(self.times[rows][side])) / 3600.0
            likeness.append(mean * np.exp(-hours / self.settings.actor_decay_hours))
        chosen: Flags = one | (both & earlier) | (~other & ~both & (likeness[0] >= likeness[1]))
        return chosen


class Written:
    """The title and excerpt of one voice, as they are written, with capitals."""

    def __init__(self, story: StoryText, reading: Reading, settings: EventSettings) -> None:
        self.code = reading.language
        self.tongue = language(self.code, settings)
        self.title = self.split(reading.title_text)
        self.excerpt = self.split(excerpt_text(story)) if story.excerpt else []
        self.capitalised = {word.stem for word in self.title if word.upper}
        longer = [word.upper for word in self.title if not word.starts and len(word.written) >= 4]
        self.title_case = len(longer) >= 2 and sum(longer) >= TITLE_CASE_SHARE * len(longer)
        self.shouted = sum([word.written.isupper() for word in self.title]) > len(self.title) / 2

    def split(self, text: str) -> list[Word]:
        found = []
        tongue = self.tongue
        for match in TOKEN.finditer(text):
            start = match.start()
            # Plain text has single spaces, and none at its ends.
            before = text[start - 2 if text[start - 1] == " " else start - 1] if start else "."
            word = word_of(match.group(), before in SENTENCE_ENDS, tongue)
            if word.stem:
                found.append(word)
        return found

    def position(self, stem: str) -> int:
        return next((index for index, word in enumerate(self.title) if word.stem == stem), len(self.title))

    def add_initials(self, shorts: Sequence[str], initials: dict[str, set[str]]) -> None:
        """Records which names each of ``shorts`` may be the initials of: "boe" of "Bank of England"."""
        firsts = "".join([word.written[0] for word in self.title]).casefold()
        for short in shorts:
            start = firsts.find(short)
            while start >= 0:
                run = self.title[start : start + len(short)]
                if run[0].upper and run[-1].upper:
                    initials.setdefault(short, set()).update(one.stem for one in run if one.upper)
                start = firsts.find(short, start + 1)


def proven_names(written: Sequence[Written], settings: EventSettings) -> set[str]:
    """Returns the stems that are written with a capital, where only names are, more often than not."""
    upper: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    weights: dict[str, float] = {}
    for one in written:
        for text, silent in ((one.title, one.title_case), (one.excerpt, False)):
            telling = not (silent or one.code in CAPITALISING)
            for word in text:
                stem = word.stem
                if not word.upper:
                    lower[stem] += 1
                elif (word.acronym and not one.shouted) or (telling and not word.starts):
                    upper[stem] += 1
                if stem not in weights:
                    weights[stem] = one.tongue.term(word.written.casefold().removesuffix("'s"))[1]
    return {
        stem
        for stem, weight in weights.items()
        if len(stem) > 1
        and (upper[stem] > lower[stem] or (not upper[stem] and not lower[stem] and weight >= UNPROVEN_WEIGHT))
    }


def dividing_names(
    one: Sequence[StoryText], other: Sequence[StoryText], settings: EventSettings
) -> tuple[tuple[str, int, int], tuple[str, int, int]] | None:
    """Returns, for each of two events, the name that most sets it off from the other, and how many titles of each have
    it.

    ``None`` unless both names count as actors: a name must be in ``actor_stories`` titles and in ``actor_share`` of the
    titles of its own event, and in hardly any of the other's.
    """
    sides = [[Written(story, read(story), settings) for story in side] for side in (one, other)]
    names = proven_names([*sides[0], *sides[1]], settings)
    counts = [Counter(stem for text in side for stem in text.capitalised & names) for side in sides]
    found = []
    for side in (0, 1):
        mine, theirs, size = counts[side], counts[1 - side], len(sides[side])
        apart = [stem for stem in mine if theirs[stem] <= 1 + settings.actor_both * len(sides[1 - side])]
        name = max(apart, key=lambda stem: (mine[stem], stem), default="")
        if mine[name] < max(settings.actor_stories, settings.actor_share * size):
            return None
        written = Counter(word.written for text in sides[side] for word in text.title if word.stem == name)
        found.append((max(written, key=lambda form: (written[form], form)), counts[0][name], counts[1][name]))
    return found[0], found[1]
