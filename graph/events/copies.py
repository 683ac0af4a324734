"""Copies: the same text at several outlets.

Within one event, a story is a copy of the earliest story with nearly the same words in nearly the same order. What
differs in a number or a negation is another text, however much of it is the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from newsgraph.graph.events.model import Copy, StoryText
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text import read
from newsgraph.graph.events.voices import seconds, story_order

NEGATIONS = frozenset(
    "no not never without nor neither none nobody nothing cannot cant dont doesnt didnt wont wouldnt isnt arent wasnt "
    "werent couldnt shouldnt hasnt havent hadnt deny denies denied unlikely "
    "nicht kein keine keinen keinem keiner nie niemals ohne weder "
    "non ne pas jamais sans aucun aucune ni "
    "nunca jamás sin ningún ninguna ninguno tampoco "
    "não nem sem nenhum nenhuma mai senza nessun nessuna né".split()
)
"""Words of ``DETECTED`` languages that turn a sentence round. "no" and "sin" are words elsewhere too: no harm, as they
only count when one text has them and the other has not."""
NUMBER_WORDS = {
    word: str(value)
    for names in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
    )
    for value, word in enumerate(names.split(), 1)
}
MOST_COMPARED = 200
"""Originals that one story is compared with, the latest: an event with more different texts is no wire report."""


@dataclass(frozen=True, slots=True)
class Text:
    """What of a story is compared."""

    story: StoryText
    title: tuple[str, ...]
    excerpt: tuple[str, ...]
    time: int | None
    """Seconds since 1970."""

    @property
    def words(self) -> tuple[str, ...]:
        return self.title + self.excerpt


def copies_among(stories: Iterable[StoryText], settings: EventSettings) -> list[Copy]:
    """The copies among the stories of one event, each with the earliest of its group."""
    originals: list[Text] = []
    exact: dict[tuple[tuple[str, ...], tuple[str, ...]], Text] = {}
    found: list[Copy] = []
    for story in sorted(stories, key=story_order):
        reading = read(story)
        if not reading.title:
            continue
        time = None if story.published_at is None else seconds(story.published_at)
        text = Text(story, reading.title, reading.excerpt, time)
        same = exact.get((text.title, text.excerpt))
        if same is not None and in_time(same, text, settings):
            found.append(Copy(story.id, same.story.id, 1.0))
            continue
        original = nearest(originals, text, settings)
        if original is None:
            originals.append(text)
            exact[text.title, text.excerpt] = text
        else:
            found.append(Copy(story.id, original[0].story.id, round(original[1], 4)))
    return found


def nearest(originals: Sequence[Text], text: Text, settings: EventSettings) -> tuple[Text, float] | None:
    """The earliest original that ``text`` copies, and how much they have in common."""
    for original in originals[-MOST_COMPARED:]:
        if in_time(original, text, settings):
            common = likeness(original, text, settings.copy_similarity)
            if common >= settings.copy_similarity:
                return original, common
    return None


def in_time(original: Text, text: Text, settings: EventSettings) -> bool:
    """Whether ``text`` came soon enough after: short texts recur, and so do an outlet's own headlines."""
    if original.time is None or text.time is None or not (original.story.date_sure and text.story.date_sure):
        return True
    short = min(len(original.words), len(text.words)) < settings.copy_words
    own = original.story.outlet is not None and original.story.outlet == text.story.outlet
    hours = settings.short_copy_hours if short or own else settings.copy_hours
    return text.time - original.time <= hours * 3600


def likeness(original: Text, text: Text, least: float) -> float:
    """Share of words in common, 0..1; 0 when a number or a negation differs. Excerpts count where both have one."""
    pairs = [(original.title, text.title)]
    if original.excerpt and text.excerpt:
        pairs.append((original.excerpt, text.excerpt))
    total = matched = 0.0
    for one, other in pairs:
        share, size = common_share(one, other, least)
        if share == 0.0:
            return 0.0
        total += size
        matched += share * size
    return matched / total


def common_share(one: tuple[str, ...], other: tuple[str, ...], least: float) -> tuple[float, int]:
    """Ratcliff and Obershelp's share of words in common, and how many words that speaks for.

    Of texts one of which is the other's beginning (a cut headline), only the beginning counts, if it is long enough.
    """
    short, long = sorted((one, other), key=len)
    size = len(short) + len(long)
    if len(short) >= 5 and long[: len(short) - 1] == short[:-1] and long[len(short) - 1].startswith(short[-1]):
        long = long[: len(short)]
        return 1.0, size
    if 2.0 * len(short) < least * size or meaning(one) != meaning(other):
        return 0.0, size
    return SequenceMatcher(None, one, other, autojunk=False).ratio(), size


def meaning(found: tuple[str, ...]) -> tuple[list[str], bool]:
    """What must be equal: the numbers, sorted, and whether there is an odd number of negations."""
    numbers = sorted(NUMBER_WORDS.get(word, word) for word in found if word[0].isdigit() or word in NUMBER_WORDS)
    return numbers, sum(word in NEGATIONS for word in found) % 2 == 1
