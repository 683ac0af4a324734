"""Finds series: headlines made of one template, as those on stock moves, the weather or results are.

"Acme shares rise 3% on Monday" and "Borealis shares rise 7% on Monday" have most words in common and tell two things.
Compared by their words, a day's stock moves would be one event, and thousands of them would each be compared with each.
So the texts of one half of a day are looked through for templates: the words that several of them have, in one order,
with gaps between them that each fills in its own way. What such texts are compared by is told in ``series_texts``.

Frequent words in a fixed order mark the template, as in the clustering of log lines (Vaarandi 2003); what is frequent
is tried in steps, as a gap may be filled by one of thousands of companies or by one of fifty cities.

An event has like headlines too. Two things tell them apart: the words that an event's headlines share name who or what
it is about, where a template's names stand in its gaps; and hardly two texts of a series fill them with the same name.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import pairwise

from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.languages import CALENDAR
from newsgraph.graph.events.text.texts import TOKEN, Reading, language, words

SERIES = 5
"""Texts. From so many of one half of a day that one template makes, they are a series."""
FRAME_WORDS = 2
"""Words that a template has at least; numbers at one place of it count as one ..."""
FRAME_SHARE = 0.4
"""... and their share of its words and gaps."""
UNLIKELY = 5.0
"""A template's texts are at least so many times as many as would have its words by chance."""
GAP_WORDS = 3
"""Words that fill a gap beside numbers, at most: a name has so many; what is longer is told, not filled in."""
MATCHED_GAP_WORDS = 5
"""The same for a text that is not among those by which a template was found: "The Bank of New York" holds words that
many texts have."""
COMMON_WORD = SERIES
"""Texts of one half of a day. A word that fewer have fills gaps ..."""
STEP = 1.25
"""... and where no template is found so, one that fewer than so many times as many have, and so on."""
FILLED = 0.8
"""Share of a template's texts, at least, that have a name or a number in a gap."""
SAME_FILLING = 0.34
"""Share of a template's texts, at most, that have the same name in a gap."""
NAMED = 0.5
"""Share of a template's texts in which one of its words is a name: from here on it tells of an event."""
NAME_WEIGHT = 8.0
"""Weight from which a word is as rare as names are."""
LOOKED_AT = 120
"""Texts of a template whose gaps are looked at."""
TITLE_CASE_SHARE = 0.7
"""Share of capitalised longer words from which capitals say nothing."""

DATES = frozenset().union(*CALENDAR.values())
"""Names of days and months, which have a capital in any title."""
BEFORE_CAPITALS = frozenset({"", ".", ":", "!", "?"})

GAP = ""
"""Stands in a template for one word or several."""

FILLING = "\N{SECTION SIGN}"
"""Stands for what fills a gap where templates are compared: no word of a text is it."""

Template = tuple[str, ...]
NO_TEMPLATE: Template = ()


def templates_among(readings: Sequence[Reading], settings: EventSettings) -> dict[Template, list[int]]:
    """Returns the templates of the series among the texts of one half of a day, each with its texts by place. Equal
    texts must be given once."""
    if len(readings) < SERIES:
        return {}
    counts = Counter(word for reading in readings for word in set(reading.title) if not word[0].isdigit())
    often = common_words(counts, SERIES)
    if sum([may_be_made(reading.title, often) for reading in readings]) < SERIES:
        return {}
    found: dict[Template, list[int]] = {}
    left = [place for place, reading in enumerate(readings) if reading.title]
    joined = [hyphened(reading) for reading in readings]
    unfit: list[int] = []
    refused: dict[Template, int] = {}
    common = COMMON_WORD
    highest = max(counts.values(), default=0)
    while common <= highest and len(left) >= SERIES:
        made: dict[Template, list[int]] = {}
        frame = common_words(counts, common)
        for place in left:
            made.setdefault(template_of(readings[place].title, frame, joined[place]), []).append(place)
        # What has too few common words now won't have more of them later.
        unfit += made.pop(NO_TEMPLATE, [])
        left = []
        for template, places in made.items():
            # Of the same template, the same texts were looked at before.
            known = refused.get(template) == len(places)
            if not known and makes_series(template, [readings[place] for place in places], len(readings), settings):
                found[template] = [*found.get(template, []), *places]
            else:
                refused[template] = len(places)
                left += places
        left.sort()
        common = math.ceil(common * STEP)
    if not found:
        return {}
    found = widened(found)
    making = Patterns(found)
    for place in sorted([*left, *unfit]):
        fitting = making.of(readings[place].title)
        if fitting:
            found[fitting[0]].append(place)
    return found


def makes_series(template: Template, made_by_it: Sequence[Reading], of: int, settings: EventSettings) -> bool:
    """Returns whether the texts that a template makes, out of ``of`` texts, are a series."""
    return (
        len(made_by_it) >= SERIES
        and GAP in template
        and is_unlikely(template, made_by_it, of, settings)
        and is_series(template, spread(made_by_it), settings)
    )


def widened(found: Mapping[Template, Sequence[int]]) -> dict[Template, list[int]]:
    """Returns the texts of each template that no wider one makes: "... city beat ..." is part of "... beat ..."."""
    making = Patterns(found)
    wide: dict[Template, list[int]] = {}
    for template, places in found.items():
        widest = making.of([word or FILLING for word in template], itself=template)
        wide.setdefault(widest[-1] if widest else template, []).extend(places)
    return {template: sorted(places) for template, places in wide.items()}


def spread(readings: Sequence[Reading]) -> Sequence[Reading]:
    """Returns some of the texts, evenly chosen."""
    return readings[:: -(-len(readings) // LOOKED_AT)]


def common_words(counts: Mapping[str, int], least: int) -> frozenset[str]:
    """Returns the words that so many texts have at least."""
    return frozenset(word for word, count in counts.items() if count >= least)


def may_be_made(title: Sequence[str], common: Set[str]) -> bool:
    """Returns whether a template that makes ``SERIES`` texts can make this one: then that many have its words too.
    ``common`` are the words that so many have; no number is among them."""
    frame = sum([word in common for word in title])
    return frame >= FRAME_WORDS and frame >= FRAME_SHARE * sum([not word[0].isdigit() for word in title])


def hyphened(reading: Reading) -> Set[int]:
    """Returns the places of the words of a title that a hyphen joins to the one before: three in
    "Saint-Jean-sur-Loire", which is one name."""
    text = reading.title_text
    if "-" not in text:
        return frozenset()
    tokens = list(TOKEN.finditer(text))
    if len(tokens) != len(reading.title):  # some of it is written without spaces
        return frozenset()
    return {
        place
        for place, (before, token) in enumerate(pairwise(tokens), 1)
        if text[before.end() : token.start()] == "-" and not token.group()[0].isdigit()
    }


def template_of(title: Sequence[str], common: Set[str], joined: Set[int] = frozenset()) -> Template:
    """Returns the title with a gap for each run of words that aren't ``common``, as no number is. A word whose place is
    in ``joined`` is one with the word before it.

    ``NO_TEMPLATE`` if too little is left or a gap is too long.
    """
    template: list[str] = []
    run = frame = 0
    numbers = False
    for place, word in enumerate(title):
        if word in common:
            template.append(word)
            frame += 1
            run = 0
            continue
        if not template or template[-1] != GAP:
            template.append(GAP)
        if word[0].isdigit():
            numbers = True
            run = 0
            continue
        run += place not in joined or run == 0
        if run > GAP_WORDS:
            return NO_TEMPLATE
    frame += bool(frame and numbers)
    if frame < FRAME_WORDS or frame < FRAME_SHARE * (frame + template.count(GAP)):
        return NO_TEMPLATE
    return tuple(template)


def is_unlikely(template: Template, readings: Sequence[Reading], among: int, settings: EventSettings) -> bool:
    """Returns whether so many texts ``among`` as many hardly have the template's words by chance.

    Their chance is the product of the words' chances in the language; words without weight are taken to be in every
    text.
    """
    term = language(readings[0].language, settings).term
    chance = math.exp(-sum(max(0.0, term(word)[1] - 1.0) for word in set(template) if word))
    return len(readings) >= UNLIKELY * chance * among


def is_series(template: Template, readings: Sequence[Reading], settings: EventSettings) -> bool:
    """Returns whether names fill the gaps, hardly one of them twice; or numbers or rare words if none of the template's
    own words is a name."""
    filled = with_names = 0
    named: Counter[str] = Counter()
    fillings: Counter[str] = Counter()
    frame = set(template)
    for reading in readings:
        names = names_in(reading.title_text)
        term = language(reading.language, settings).term
        own = {word for word in reading.title if word not in frame and not word[0].isdigit()}
        rare = {word for word in own if term(word)[1] >= NAME_WEIGHT}
        telling = rare | (own & names)
        with_names += bool(own & names or rare & capitals_at_start(reading.title_text))
        filled += bool(telling) or any(word[0].isdigit() for word in reading.title)
        fillings.update(telling)
        named.update(word for word in names & frame if term(word)[1] > 0.0)
    least = FILLED * len(readings)
    if max(fillings.values(), default=0) > max(1.0, SAME_FILLING * len(readings)):
        return False
    nameless = max(named.values(), default=0) < NAMED * len(readings)
    return with_names >= least or (nameless and filled >= least)


def names_in(title: str) -> set[str]:
    """Returns the words with a capital where only names have one. Acronyms are none: "NYSE" says where, not who."""
    tokens = list(TOKEN.finditer(title))
    longer = [
        match.group()[0].isupper()
        for match in tokens[1:]
        if len(match.group()) >= 4 and match.group().casefold() not in DATES and not begins(title, match.start())
    ]
    if len(longer) >= 2 and sum(longer) >= TITLE_CASE_SHARE * len(longer):
        return set()
    return {
        word
        for match in tokens[1:]
        if match.group()[0].isupper() and not match.group().isupper() and not begins(title, match.start())
        for word in words(match.group())
    }


def capitals_at_start(title: str) -> set[str]:
    """Returns the words with a capital where every word has one: those that begin the title or follow a colon."""
    return {
        word
        for match in TOKEN.finditer(title)
        if match.group()[0].isupper() and begins(title, match.start())
        for word in words(match.group())
    }


def begins(title: str, place: int) -> bool:
    """Returns whether every word has a capital there: at the beginning, and after a colon or the end of a sentence."""
    return title[:place].rstrip()[-1:] in BEFORE_CAPITALS


class Patterns:
    """Some templates, to tell which of them make a text."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self.order = sorted(templates, key=lambda template: (-sum(word != GAP for word in template), template))
        """Those with most words first."""
        gap = rf"(?:\S+ ){{0,{MATCHED_GAP_WORDS}}}"
        counts = Counter(word for template in self.order for word in set(template) if word)
        self.wanted: dict[str, list[tuple[int, frozenset[str], re.Pattern[str]]]] = {}
        """By the one of their words that fewest templates have: their number, words and form."""
        for number, template in enumerate(self.order):
            frame = frozenset(template) - {GAP}
            pattern = re.compile("".join(f"{re.escape(word)} " if word else gap for word in template))
            self.wanted.setdefault(min(sorted(frame), key=counts.__getitem__), []).append((number, frame, pattern))

    def of(self, title: Sequence[str], itself: Template | None = None) -> list[Template]:
        """Returns the templates that make a title, those with most words first; ``itself`` is left out."""
        there = frozenset(title)
        told = "".join(f"{word} " for word in title if not word[0].isdigit())
        fitting = [
            number
            for word in there & self.wanted.keys()
            for number, frame, pattern in self.wanted[word]
            if frame < there and pattern.fullmatch(told) and self.order[number] != itself
        ]
        return [self.order[number] for number in sorted(fitting)]


def in_words(template: Template) -> str:
    """Returns the template as it is shown: "... shares rise ... on monday"."""
    return " ".join(word or "..." for word in template)
