"""The sample corpus of one subject: all of it is about one firm and its product, and its events stay apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import newsgraph
from newsgraph.graph.events import EventSettings, Score, StoryText, derive, score
from newsgraph.graph.events.sync import StoreStories
from newsgraph.loaders.researcher.labels_file import read_labels

CORPUS = Path(__file__).parents[3] / "newsgraph" / "seeds_one_subject"
#: Spans of a century: the corpus is in one of them, and nothing can be seen to be always there.
NO_BACKGROUND = EventSettings(background_hours=24.0 * 36_525)


@dataclass(frozen=True)
class Sample:
    stories: list[StoryText]
    labels: Mapping[str, str]

    def score(self, settings: EventSettings) -> Score:
        derived = derive(self.stories, settings)
        return score(self.labels, {member.story_id: event.id for event in derived.events for member in event.members})


@pytest.fixture(scope="module")
def sample() -> Sample:
    with newsgraph.open("networkx:") as graph:
        report = graph.load(CORPUS / "stories", events=False)
        assert not report.errors
        labels = read_labels(CORPUS / "labels.csv", graph.store)
        return Sample(list(StoreStories(graph.store).all()), labels.events)


def test_the_events_of_one_subject_are_told_apart(sample: Sample) -> None:
    found = sample.score(EventSettings())
    assert found.f1 >= 0.9 > found.alone_f1
    assert found.pair_precision >= 0.7
    assert found.pair_recall >= 0.9


def test_without_background_words_the_subject_makes_one_event_of_all(sample: Sample) -> None:
    """What the corpus is there to show: leaving every story alone would be better then."""
    found = sample.score(NO_BACKGROUND)
    assert found.f1 < found.alone_f1
    assert found.pair_precision < 0.4


def test_the_corpus_is_what_its_page_says(sample: Sample) -> None:
    stories, labels = sample.stories, sample.labels
    assert labels.keys() == {story.id for story in stories}
    outlets: dict[str, set[str]] = defaultdict(set)
    for story in stories:
        outlets[labels[story.id]].add(story.outlet or "")
    sizes = Counter(len(names) for names in outlets.values())
    assert max(sizes) <= 6
    alone = sum(label.startswith("alone: ") for label in outlets)
    assert (len(stories), len(outlets) - alone, alone) == (98, 21, 30)
    assert all(len(names) > 1 for label, names in outlets.items() if not label.startswith("alone: "))
    assert all((urlsplit(story.id).hostname or "").endswith(".example") for story in stories)
    subject = sum("bramwick" in f"{story.title} {story.excerpt}".lower() for story in stories)
    assert subject / len(stories) > 0.7
