"""The pages of each event, outlet and topic of a site."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import cast

from newsgraph.views.attention import Days, Panel, panels
from newsgraph.views.event_page import event_page
from newsgraph.views.site.base import Made, Site, by_size
from newsgraph.views.site.corpus import StoryRow, event_facts
from newsgraph.views.site.names import page_file
from newsgraph.views.site.outlets import FEWEST_EVENTS, outlet_facts, shared
from newsgraph.views.stamp import version_words

#: The number of events of a topic, and of outlets that cover it, on its page.
MOST_EVENTS = 60
MOST_OUTLETS = 20


def events(site: Site) -> Iterator[Made]:
    """A page for each event."""
    for id in sorted(site.corpus.events):
        yield _event(site, id)


def _event(site: Site, id: str) -> Made:
    file = page_file("event", id)
    facts = event_facts(site.corpus, id)
    newest = site.corpus.events[id].ended
    page = event_page(
        facts,
        made=site.made(newest),
        source=f"{site.title}; {version_words()}",
        links=site.links(file, "events.html"),
    )
    return Made(file, page.html, newest)


def outlets(site: Site) -> Iterator[Made]:
    common = shared(site.corpus)
    for id in sorted(site.corpus.names):
        facts = outlet_facts(site.corpus, common, site.store, id)
        context = {
            "facts": facts,
            "topic_names": site.corpus.topic_names,
            "fewest": FEWEST_EVENTS,
        }
        yield site.page(
            "site_outlet",
            page_file("outlet", id),
            facts.name,
            context,
            here="outlets.html",
            made=site.made(facts.newest),
            at=facts.newest,
        )


def topics(site: Site) -> Iterator[Made]:
    corpus = site.corpus
    by_topic: dict[str, list[StoryRow]] = defaultdict(list)
    for story in corpus.stories.values():
        for topic in story.topics:
            by_topic[topic].append(story)
    found, days = panels(corpus.by_topic, corpus.topic_names, len(corpus.topic_names))
    volumes = {panel.id: panel for panel in found}
    for id in sorted(corpus.topic_names):
        yield _topic(site, id, by_topic.get(id, ()), volumes.get(id), days)


def _topic(site: Site, id: str, stories: Sequence[StoryRow], panel: Panel | None, days: Days) -> Made:
    corpus = site.corpus
    events = {story.event for story in stories if story.event in corpus.events}
    outlets = Counter(outlet for story in stories for outlet in story.outlets)
    newest = max((story.published_at for story in stories if story.sure and story.published_at), default=None)
    context = {
        "stories": len(stories),
        "outlet_count": len(outlets),
        "event_count": len(events),
        "panel": panel,
        "days": days,
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
