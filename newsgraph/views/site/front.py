"""The first page of a site, the page about the site, the search, and the content of the feed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime

from newsgraph.graph.schema import SURE
from newsgraph.views.attention import attended
from newsgraph.views.document import data_block, script_of, shown, web_address
from newsgraph.views.event_story import size_words
from newsgraph.views.site import feed
from newsgraph.views.site.base import NEVER, Made, Site, SiteOptions, by_size
from newsgraph.views.site.names import page_file
from newsgraph.views.site.search_index import Entry, index_of
from newsgraph.views.stamp import version_words
from newsgraph.views.wording import counted, day_words, moment_words, utc_stamp

#: The number of the newest and of the largest events on the first page.
EVENTS_ON_INDEX = 8
#: The number of outlets with most firsts, and of panels of attention, on the first page.
ON_INDEX = 12
#: The number of events that an outlet needs to be listed with most firsts. On a single event, anyone may be first.
FEWEST_TO_LEAD = 5
MOST_ITEMS = 50


def index_page(site: Site) -> Made:
    corpus = site.corpus
    several = [event for event in corpus.events.values() if event.outlets > 1] or list(corpus.events.values())
    newest = sorted(several, key=lambda one: (one.begun or NEVER, one.id), reverse=True)[:EVENTS_ON_INDEX]
    largest = by_size(several)[:EVENTS_ON_INDEX]
    leading = [row for row in corpus.scoops if row.events >= FEWEST_TO_LEAD and row.firsts > row.expected]
    by_topic = len({row.key for row in corpus.by_topic}) > 1
    attention = (
        attended("topic", corpus.by_topic, corpus.topic_names, ON_INDEX)
        if by_topic
        else attended("outlet", corpus.by_outlet, corpus.names, ON_INDEX)
    )
    context = {
        "corpus": corpus.facts,
        "only": site.options.of_page().words,
        "exact": sum(story.date_quality in SURE for story in corpus.stories.values()),
        "figures": [
            ("Stories", corpus.facts.stories, ""),
            ("Events", len(corpus.events), "events.html"),
            ("Outlets", len({outlet for story in corpus.stories.values() for outlet in story.outlets}), "outlets.html"),
            ("Topics", len(corpus.topic_names), "topics.html"),
            ("Copies", sum(story.copy_of is not None for story in corpus.stories.values()), ""),
        ],
        "newest": newest,
        "largest": largest,
        "events": len(corpus.events),
        "outlets": len(corpus.names),
        "leads_clearly": any(row.q < 0.05 for row in leading),
        "scoops": sorted(leading, key=lambda row: (row.q, -row.firsts, row.outlet))[:ON_INDEX],
        "fewest": FEWEST_TO_LEAD,
        "attended": attention,
    }
    return site.page("site_index", "index.html", site.title, context, at=corpus.facts.newest)


def about_page(site: Site) -> Made:
    facts = site.corpus.facts
    span = f"{day_words(facts.oldest)} to {day_words(facts.newest)}" if facts.oldest else "no sure date"
    shared = site.options.min_shared
    options = "".join(
        f" {option} {shlex.quote(value)}"
        for option, value in (
            ("--title", site.options.title),
            ("--base-url", site.options.base_url),
            ("--date", site.options.date),
            ("--min-shared", "" if shared == SiteOptions().min_shared else str(shared)),
            *((f"--{name}", value) for name, value in _filters(site)),
        )
        if value
    )
    about = [
        ("Version", version_words()),
        (
            "Date",
            site.options.date or (moment_words(facts.newest) + ", the newest story" if facts.newest else span),
        ),
        ("Corpus", f"{facts.name or 'without a name'}: {site.summary}; {span}"),
        ("SHA-256 of the corpus", facts.sha256),
        ("Events", facts.events),
        ("Lead and lag", f"pairs of outlets with at least {counted(site.options.min_shared, 'common event')}"),
    ]
    if site.options.filters.narrow:
        about.insert(2, ("Only", site.options.of_page().words))
    context = {"about": about, "command": f"newsgraph view site FOLDER{options}"}
    return site.page("site_about", "about.html", "About this site", context, at=facts.newest)


def _filters(site: Site) -> Iterator[tuple[str, str]]:
    """Yields the filters as options of the command."""
    for name, value in site.options.of_page().asked().items():
        for one in value if isinstance(value, tuple) else (value,):
            yield name, utc_stamp(one) if isinstance(one, datetime) else str(one)


def search_page(site: Site) -> Made:
    entries = list(_entries(site))
    block = data_block("index", index_of(entries), plain=20_000)
    return site.page(
        "site_search",
        "search.html",
        "Search",
        {"entries": len(entries)},
        scripts=[script_of("base.js", "search.js")],
        blocks=[block],
        at=site.corpus.facts.newest,
    )


def _entries(site: Site) -> Iterator[Entry]:
    corpus = site.corpus
    for event in by_size(corpus.events.values()):
        detail = f"{size_words(event.stories, event.copies, event.outlets)}, {moment_words(event.begun)}"
        yield Entry("event", shown(event.title, 300), page_file("event", event.id), detail)
    for id, name in sorted(corpus.names.items()):
        yield Entry("outlet", name, page_file("outlet", id), shown(id, 120), id)
    for id, name in sorted(corpus.topic_names.items()):
        number = counted(site.topic_stories[id], "story", "stories")
        yield Entry("topic", name, page_file("topic", id), number, id)
    for story in sorted(corpus.stories.values(), key=lambda one: (one.published_at or NEVER, one.id), reverse=True):
        outlets = ", ".join(corpus.names.get(outlet, outlet) for outlet in story.outlets)
        on = story.event if story.event in corpus.events else None
        where = page_file("event", on) if on else web_address(story.url) or ""
        detail = shown(f"{outlets}, {moment_words(story.published_at)}".removeprefix(", "), 200)
        yield Entry("story", shown(story.title or story.url or "(no headline)", 300), where, detail)


def new_events(site: Site) -> list[feed.Item]:
    dated = [(event.begun, event) for event in site.corpus.events.values() if event.begun]
    dated.sort(key=lambda one: (one[0], one[1].id), reverse=True)
    found = []
    for begun, event in dated[:MOST_ITEMS]:
        firsts = ", ".join(site.corpus.names.get(id, id) for id in event.first_outlets[:3])
        summary = size_words(event.stories, event.copies, event.outlets) + (f"; first: {firsts}" if firsts else "")
        found.append(feed.Item(page_file("event", event.id), event.title, begun, summary))
    return found
