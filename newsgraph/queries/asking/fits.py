"""How well words fit an event that they may mean, by its own title and by those of its stories.

A store's file keeps which titles have which words. From that, nothing need be read of the titles but of those that have
all of the words, to see whether these follow one another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsgraph.graph.columnar.records import Records
from newsgraph.graph.columnar.word_index import WordIndex
from newsgraph.graph.words import folded, folded_each, words_of
from newsgraph.queries.asking.words import having, in_a_row, match, row_pattern

#: The share of an event's stories that must have a word for the event to fit it. Fewer stories only mention it.
_ENOUGH = 1 / 3
#: If several events fit, one of them is meant if the rarest word is in so many times more of its titles.
_CLEARLY = 2.0


@dataclass(frozen=True, slots=True)
class Fit:
    """How well words fit the event at a place: the share of its titles that have the word that the fewest have; whether
    each word is in its own title or in enough of its stories' titles; whether the words follow one another in a title;
    and whether one title has all of them."""

    place: int
    share: float
    fits: bool
    in_a_row: bool
    in_one: bool


def likely_places(fits: Iterable[Fit]) -> list[int]:
    """Returns the places of the events that may be meant, the best first; only one if it is clear which is meant.

    Of equally good ones, those come first that are given first.
    """
    likely = _likely(list(fits))
    return [fit.place for fit in (likely[:1] if _is_clear(likely) else likely)]


def fit_of(
    place: int, wanted: Sequence[str], title: Sequence[str], label: Sequence[str], others: Sequence[Sequence[str]]
) -> Fit:
    """Returns how well words fit an event. ``title`` and ``label`` are its own words, ``others`` those of its stories'
    titles."""
    own = [*title, *label]
    counted = others or [own]
    share = min(_mentions(word, counted) for word in wanted) / len(counted)
    return Fit(
        place,
        share=1.0 if all(match(word, label) for word in wanted) else share,
        fits=all(match(word, own) or _enough(_mentions(word, others), len(others)) for word in wanted),
        in_a_row=len(wanted) > 1 and any(in_a_row(wanted, words) for words in [own, *others]),
        in_one=any(all(match(word, words) for word in wanted) for words in others),
    )


def kept_fits(
    records: Records, story_words: WordIndex, event_words: WordIndex, wanted: Sequence[str], events: Sequence[int]
) -> Iterator[Fit]:
    """Yields what :func:`fit_of` returns for the events at some places, from what a store's file keeps."""
    own = [having(word, event_words) for word in wanted]
    told = [having(word, story_words) for word in wanted]
    mentions = [Counter(records.events_of.ends_of(stories)) for stories in told]
    _, covered = records.events_of.columns()
    titles = Counter(covered)
    fitting = set.intersection(
        *(
            own_titles.union(event for event, count in counted.items() if _enough(count, titles[event]))
            for own_titles, counted in zip(own, mentions, strict=True)
        )
    )
    in_one = list(records.events_of.of(set.intersection(*told)))
    with_all = {event for _, event in in_one}
    all_own = set.intersection(*own)
    in_rows = _in_a_row(records, wanted, all_own, in_one)
    labels = records.events.texts("label")
    for event in events:
        in_own = event in all_own
        label = labels[event] if in_own else None
        if label is not None and all(match(word, words_of(label)) for word in wanted):
            share = 1.0
        elif number := titles.get(event):
            share = min(counted.get(event, 0) for counted in mentions) / number
        else:
            share = float(in_own)
        yield Fit(event, share, event in fitting, event in in_rows, event in with_all)


def _in_a_row(
    records: Records, wanted: Sequence[str], events: Collection[int], in_one: Iterable[tuple[int, int]]
) -> set[int]:
    """Returns the events in a title of which the words follow one another. All of the words are in the own titles of
    ``events``, or in that of one of the stories ``in_one``, which stand with their events."""
    if len(wanted) < 2:
        return set()
    follow = row_pattern(wanted).search
    own = zip(events, *(records.events.texts(name).taken(events) for name in ("name", "label")), strict=True)
    found = {event for event, name, label in own if follow(folded(f"{name or ''} {label or ''}"))}
    left = [(story, event) for story, event in in_one if event not in found]
    titles = records.stories.texts("title").taken([story for story, _ in left])
    plain = folded_each(title or "" for title in titles)
    found.update(event for (_, event), title in zip(left, plain, strict=True) if follow(title))
    return found


def _likely(fits: Sequence[Fit]) -> list[Fit]:
    """Returns the fits that may be meant, the best first."""
    likely = [fit for fit in fits if fit.fits]
    if not any(fit.in_a_row for fit in likely):
        likely += [fit for fit in fits if fit.in_a_row and not fit.fits]
    likely = likely or [fit for fit in fits if fit.in_one]
    # The sort is stable: equal ones stay in the order of their scores.
    return sorted(likely, key=lambda fit: (fit.in_a_row, fit.share), reverse=True)


def _is_clear(likely: Sequence[Fit]) -> bool:
    """Tells whether the first one is so much better than the others that it is meant."""
    best = likely[0].share if likely else 0.0
    return best > 0 and all(best >= _CLEARLY * fit.share for fit in likely[1:])


def _mentions(word: str, titles: Sequence[Sequence[str]]) -> int:
    """Returns how many of the titles, which are split into words, have the word."""
    return sum(match(word, title) > 0 for title in titles)


def _enough(mentions: int, titles: int) -> bool:
    """Tells whether enough of the titles have a word."""
    return titles > 0 and mentions >= _ENOUGH * titles
