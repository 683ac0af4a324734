"""The pages of each event, outlet and topic of a site."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from newsgraph.views.attention import Days, Panel, panels
from newsgraph.views.event_page import event_page
from newsgraph.views.site.base import Made, Site, by_size
from newsgraph.views.site.corpus import StoryRow, event_facts
from newsgraph.views.site.names import page_file
from newsgraph.views.site.outlets import FEWEST_EVENTS, Shared, outlet_facts, shared
from newsgraph.views.stamp import version_words

#: The number of events of a topic, and of outlets that cover it, on its page.
MOST_EVENTS = 60
MOST_OUTLETS = 20


def events(site: Site) -> Iterator[Made]:
    """A page for each event."""
    for id in sorted(site.corpus.events):
        yield event(site, id)


def event(site: Site, id: str) -> Made:
    """The page of one event."""
    file = page_file("event", id)
    facts = event_facts(site.corpus, id)
    newest = site.corpus.events[id].ended
    page = event_page(
        facts,
        made=site.made(newest),
        source=f"{site.title}; {version_words()}",
        links=site.links(file, "events.html"),
    )
    return Made(file, page.html, newest, page.policy)


def outlets(site: Site) -> Iterator[Made]:
    """A page for each outlet."""
    common = shared(site.corpus)
    for id in sorted(site.corpus.names):
        yield outlet(site, common, id)


def outlet(site: Site, common: Shared, id: str) -> Made:
    """Returns the page of one outlet. ``common`` is the same for all outlets."""
    facts = outlet_facts(site.corpus, common, site.store, id)
    context = {
        "facts": facts,
        "topic_names": site.corpus.topic_names,
        "fewest": FEWEST_EVENTS,
    }
    return site.page(
        "site_outlet",
        page_file("outlet", id),
        facts.name,
        context,
        here="outlets.html",
        made=site.made(facts.newest),
        at=facts.newest,
    )


@dataclass(frozen=True, slots=True)
class TopicShared:
    """What the pages of all topics are made from, sorted once."""

    stories: Mapping[str, Sequence[StoryRow]]
    volumes: Mapping[str, Panel]
    days: Days


def topics(site: Site) -> Iterator[Made]:
    """A page for each topic."""
    common = topic_shared(site)
    for id in sorted(site.corpus.topic_names):
        yield topic(site, common, id)


def topic_shared(site: Site) -> TopicShared:
    """Sorts the corpus by topic."""
    corpus = site.corpus
    by_topic: dict[str, list[StoryRow]] = defaultdict(list)
    for story in corpus.stories.values():
        for one in story.topics:
            by_topic[one].append(story)
    found, days = panels(corpus.by_topic, corpus.topic_names, len(corpus.topic_names))
    return TopicShared(by_topic, {panel.id: panel for panel in found}, days)


def topic(site: Site, common: TopicShared, id: str) -> Made:
    """Returns the page of one topic. ``common`` is the same for all topics."""
    corpus = site.corpus
    stories = common.stories.get(id, ())
    events = {story.event for story in stories if story.event in corpus.events}
    outlets = Counter(outlet for story in stories for outlet in story.outlets)
    newest = max((story.published_at for story in stories if story.sure and story.published_at), default=None)
    context = {
        "stories": len(stories),
        "outlet_count": len(outlets),
        "event_count": len(events),
        "panel": common.volumes.get(id),
        "days": common.days,
        "outlets": sorted(outlets.items(), key=lambda one: (-one[1], one[0]))[:MOST_OUTLETS],
        "events": by_size([corpus.events[cast("str", event)] for event in events])[:MOST_EVENTS],
    }
    return site.page(
        "site_topic",
        page_file("topic", id),
        corpus.topic_names[id],
        context,
        here="topics.html",
        made=site.made(newest),
        at=newest,
    )
