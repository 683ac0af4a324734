"""Finds series: headlines made of one template, as those on stock moves, the weather or results are.

"Acme shares rise 3% on Monday" and "Borealis shares rise 7% on Monday" have most words in common and tell two things.
Compared by their words, thousands of them would be one event, and each would be compared with each. So the texts of one
half of a day are looked through for templates: the words that many of them have, in one order, with gaps between them
that each fills in its own way. A text of such a series is compared by what fills its gaps, taken as one word.

Frequent words in a fixed order mark the template, as in the clustering of log lines (Vaarandi 2003); what is frequent
is tried in steps, as a gap may be filled by one of thousands of companies or by one of fifty cities.

A large event has like headlines too. What tells them apart: the words that an event's headlines share name who or what
it is about, a template's names stand in its gaps.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.texts import TOKEN, Reading, language, words

SERIES = 50
"""Texts. From so many of one half of a day that one template makes, they are a series."""
FRAME_WORDS = 2
"""Words that a template has at least ..."""
FRAME_SHARE = 0.4
"""... and their share of each text's words that are no numbers: numbers only ever fill gaps."""
GAP_WORDS = 3
"""Words that fill a gap beside numbers, at most: a name has so many; what is longer is told, not filled in."""
MATCHED_GAP_WORDS = 5
"""The same for a text that is not among those by which a template was found: "The Bank of New York" holds words that
many texts have."""
COMMON_WORD = 20
"""Texts of one half of a day. A word that fewer have fills gaps ..."""
STEP = 1.25
"""... and where no template is found so, one that fewer than so many times as many have, and so on."""
FILLED = 0.8
"""Share of a template's texts, at least, that have a name or a number in a gap."""
NAMED = 0.5
"""Share of a template's texts in which one of its words is a name: from here on it tells of an event."""
NAME_WEIGHT = 8.0
"""Weight from which a word is as rare as names are."""
LOOKED_AT = SERIES
"""Texts of a template whose gaps are looked at."""
TITLE_CASE_SHARE = 0.7
"""Share of capitalised longer words from which capitals say nothing."""

GAP = ""
"""Stands in a template for one word or several."""
MARK = "\N{SECTION SIGN}"
"""Begins and ends what fills a text's gaps as one word: no word of a text has it."""

Template = tuple[str, ...]
NO_TEMPLATE: Template = ()


@dataclass(frozen=True, slots=True)
class Series:
    """What a text of a series is compared by, and the series."""

    own: Reading
    template: Template
    texts: int
    """Different texts of the half day that the template makes."""


def series_among(readings: Sequence[Reading], settings: EventSettings) -> dict[int, Series]:
    """Returns those of the texts of one half of a day, by place, that belong to a series. Equal texts must be given
    once."""
    if len(readings) < SERIES:
        return {}
    counts = Counter(word for reading in readings for word in set(reading.title))
    if sum(may_be_made(reading.title, counts) for reading in readings) < SERIES:
        return {}
    found: dict[Template, list[int]] = {}
    left = [place for place, reading in enumerate(readings) if reading.title]
    unfit: list[int] = []
    refused: dict[Template, int] = {}
    common = COMMON_WORD
    highest = max(counts.values(), default=0)
    while common <= highest and len(left) >= SERIES:
        made: dict[Template, list[int]] = {}
        for place in left:
            made.setdefault(template_of(readings[place].title, counts, common), []).append(place)
        # What has too few common words now won't have more of them later.
        unfit += made.pop(NO_TEMPLATE, [])
        left = []
        for template, places in made.items():
            # Of the same template, the same texts were looked at before.
            several = len(places) >= SERIES and GAP in template and refused.get(template) != len(places)
            if several and is_series(template, [readings[place] for place in places[:LOOKED_AT]], settings):
                found[template] = [*found.get(template, []), *places]
            else:
                refused[template] = len(places)
                left += places
        left.sort()
        common = math.ceil(common * STEP)
    if not found:
        return {}
    for place, template in matched(readings, sorted([*left, *unfit]), found):
        found[template] = [*found[template], place]
    return {
        place: one
        for template, places in found.items()
        for place, one in zip(places, compared(template, [readings[place] for place in places]), strict=True)
    }


def may_be_made(title: Sequence[str], counts: Mapping[str, int]) -> bool:
    """Returns whether a template that makes ``SERIES`` texts can make this one: then that many have its words too."""
    frame = sum(counts[word] >= SERIES and not word[0].isdigit() for word in title)
    return frame >= FRAME_WORDS and frame >= FRAME_SHARE * sum(not word[0].isdigit() for word in title)


def template_of(title: Sequence[str], counts: Mapping[str, int], common: int) -> Template:
    """Returns the title with a gap for each run of numbers and of words that fewer than ``common`` texts have.

    ``NO_TEMPLATE`` if too little is left or a gap is too long.
    """
    template: list[str] = []
    run = frame = numbers = 0
    for word in title:
        if counts[word] >= common and not word[0].isdigit():
            template.append(word)
            frame += 1
            run = 0
            continue
        if not template or template[-1] != GAP:
            template.append(GAP)
        numbers += word[0].isdigit()
        run += not word[0].isdigit()
        if run > GAP_WORDS:
            return NO_TEMPLATE
    if frame < FRAME_WORDS or frame < FRAME_SHARE * (len(title) - numbers):
        return NO_TEMPLATE
    return tuple(template)


def is_series(template: Template, readings: Sequence[Reading], settings: EventSettings) -> bool:
    """Returns whether names fill the gaps, or numbers or rare words if none of the template's own words is a name."""
    filled = with_names = 0
    named: Counter[str] = Counter()
    frame = set(template)
    for reading in readings:
        names = names_in(reading.title_text)
        term = language(reading.language, settings).term
        with_names += any(word in names and word not in frame for word in reading.title)
        filled += any(
            word[0].isdigit() or word in names or term(word)[1] >= NAME_WEIGHT
            for word in reading.title
            if word not in frame
        )
        named.update(word for word in names & frame if term(word)[1] > 0.0)
    most = max(named.values(), default=0)
    nameless = most < NAMED * len(readings)
    return with_names >= FILLED * len(readings) or (nameless and filled >= FILLED * len(readings))


def names_in(title: str) -> set[str]:
    """Returns the words with a capital where only names have one. Acronyms are none: "NYSE" says where, not who."""
    tokens = list(TOKEN.finditer(title))
    longer = [match.group()[0].isupper() for match in tokens[1:] if len(match.group()) >= 4]
    if len(longer) >= 2 and sum(longer) >= TITLE_CASE_SHARE * len(longer):
        return set()
    return {
        word
        for match in tokens[1:]
        if match.group()[0].isupper()
        and not match.group().isupper()
        and title[: match.start()].rstrip()[-1:] not in {".", ":", "!", "?"}
        for word in words(match.group())
    }


def matched(
    readings: Sequence[Reading], places: Iterable[int], templates: Iterable[Template]
) -> list[tuple[int, Template]]:
    """Returns which further texts the templates make; of several templates the one with most words is taken."""
    order = sorted(templates, key=lambda template: (-sum(word != GAP for word in template), template))
    gap = rf"\S+(?: \S+){{0,{MATCHED_GAP_WORDS - 1}}}"
    wanted = [
        (frozenset(template) - {GAP}, re.compile(" ".join(re.escape(word) if word else gap for word in template)))
        for template in order
    ]
    found = []
    for place in places:
        title = readings[place].title
        there = frozenset(title)
        for template, (frame, pattern) in zip(order, wanted, strict=True):
            if frame <= there and pattern.fullmatch(" ".join(title)):
                found.append((place, template))
                break
    return found


def compared(template: Template, readings: Sequence[Reading]) -> list[Series]:
    """Returns the texts of one template as they are compared: by what fills the gaps, and by what only their excerpts
    say."""
    counts = Counter(word for reading in readings for word in set(reading.excerpt))
    frame = Counter(template)
    found = []
    for reading in readings:
        spare = frame.copy()
        own: list[str] = []
        for word in reading.title:
            if spare[word] > 0:
                spare[word] -= 1
            else:
                own.append(word)
        filling = f"{MARK}{' '.join(own)}{MARK}"
        excerpt = tuple(word for word in reading.excerpt if counts[word] < COMMON_WORD and not word[0].isdigit())
        found.append(Series(replace(reading, title=(filling,), excerpt=excerpt), template, len(readings)))
    return found


def in_words(template: Template) -> str:
    """Returns the template as it is shown: "... shares rise ... on monday"."""
    return " ".join(word or "..." for word in template)
