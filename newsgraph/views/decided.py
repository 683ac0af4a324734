"""What a researcher decided about the stories of an event, for its page: the kinds of decisions, and no names or
reasons, which were not written to be published."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.graph.events.sampling import SAMPLE
from newsgraph.graph.events.sync import stories_named
from newsgraph.graph.stores.protocol import Store

_WORDS = {
    Kind.JOIN: "stories put together",
    Kind.SPLIT: "stories taken apart",
    Kind.MOVE: "stories moved",
    Kind.RENAME: "its name",
    Kind.LABEL: "its stories named",
    Kind.COPY: "copies marked",
    Kind.NO_COPY: "stories marked as no copies",
    Kind.DATE: "a time set",
}
#: A story of a random sample that was judged to belong where it is.
_CONFIRMED = "stories looked at and left"


def decisions_by_story(store: Store) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Returns for each story the decisions that are about it: number and what was decided, in words."""
    decided = Corrections.from_json(Corpus.of(store).corrections)
    named = stories_named(store, decided.addresses) if decided else {}
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, one in enumerate(decided, 1):
        for address in one.addresses:
            if address in named and one.kind in _WORDS:
                found[named[address]].append((number, _words(one)))
    return found


def _words(one: Decision) -> str:
    return _CONFIRMED if one.value == SAMPLE and one.kind is Kind.JOIN else _WORDS[one.kind]


def decided_words(by_story: Mapping[str, Sequence[tuple[int, str]]], stories: Iterable[str]) -> str:
    """Returns what was decided about these stories, with numbers, such as ``stories taken apart (2), a time set (1)``;
    empty for nothing."""
    about = dict(pair for story in stories for pair in by_story.get(story, ()))
    return ", ".join(f"{words} ({number})" for words, number in sorted(Counter(about.values()).items()))
