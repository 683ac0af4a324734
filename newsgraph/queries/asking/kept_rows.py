"""The rows of texts that look up single stories and events, from what a store's file keeps of them.

Each function below gives the rows of a query text, in any order if the text has none. The text says what the rows are.
It is what is asked of a store that keeps nothing beside its graph, and what a test compares these rows with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from newsgraph.graph.columnar.cells import NO_TIME, NONE, microseconds, time_of
from newsgraph.graph.columnar.records import Covering, Following, Kept, Records, Wording
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.asking.texts import packaged

Rows = Sequence[tuple[Any, ...]]


def rows_of(store: Store, name: str, values: Mapping[str, Any]) -> Rows:
    """Returns the rows of the packaged text of that name: from what the store's file keeps, if it keeps that, else by
    asking the text."""
    if name in KEPT:
        records = store.records()
        if records is not None:
            return KEPT[name](records, **values)
    return store.query(packaged(name), values).rows


def _any_story(records: Records) -> Rows:
    return [(id,) for id in records.stories.ids[:1]]


def _story(records: Records, id: str) -> Rows:
    return [(id,)] if records.stories.place(id) is not None else []


def _event(records: Records, id: str) -> Rows:
    return [(id,)] if records.events.place(id) is not None else []


def _story_of_address(records: Records, id: str) -> Rows:
    return [(records.stories.ids[story],) for story in records.stories_at(id)]


def _events_of_stories(records: Records, ids: Iterable[str]) -> Rows:
    return [
        (id, records.events.ids[event])
        for id, story in _there(records.stories, ids)
        for event in records.events_of.ends(story)
    ]


def _corpus_memberships(records: Records) -> Rows:
    stories, events = list(records.stories.ids), list(records.events.ids)
    start, end = records.events_of.columns()
    return list(zip(map(stories.__getitem__, start), map(events.__getitem__, end), strict=True))


def _corpus_settings(records: Records) -> Rows:
    names = ("outlets", "corrections", "event_settings", "event_origin")
    return [tuple(map(had.get, names)) for had in records.corpus.values()]


def _corpus_sources(records: Records) -> Rows:
    return list(zip(records.sources.ids, records.sources.texts("content_hash"), strict=True))


def _stories_of_events(records: Records, ids: Iterable[str]) -> Rows:
    titles = records.stories.texts("title")
    return [
        (id, titles[story])
        for id, event in _there(records.events, ids)
        for story in dict.fromkeys(row.story for row in records.coverage(event))
    ]


def _story_times(records: Records, ids: Iterable[str]) -> Rows:
    return [(id, records.stories.published_at(story)) for id, story in _there(records.stories, ids)]


def _story_facts(records: Records, ids: Iterable[str]) -> Rows:
    of = records.stories.one_of_few
    return [(id, of("language", story), of("agency", story)) for id, story in _there(records.stories, ids)]


def _originals_of_stories(records: Records, ids: Iterable[str]) -> Rows:
    stories = records.stories
    return [
        (id, stories.ids[original])
        for id, story in _there(stories, ids)
        for original in records.originals_of.ends(story)
    ]


def _topics_of_stories(records: Records, ids: Iterable[str]) -> Rows:
    topics, names = records.topics.ids, records.topics.texts("name")
    return [
        (id, topics[topic], names[topic])
        for id, story in _there(records.stories, ids)
        for topic in records.topics_of.ends(story)
    ]


def _pictures_of_stories(records: Records, ids: Iterable[str]) -> Rows:
    outlets, names, images = records.outlets.ids, records.outlets.texts("name"), records.images
    return [
        (id, outlets[outlet], names[outlet], images.ids[image], images.url(image))
        for id, story in _there(records.stories, ids)
        for outlet in records.outlets_of.ends(story)
        for image in records.images_of.ends(story)
    ]


def _events_beside_stories(records: Records, ids: Iterable[str]) -> Rows:
    stories, events = records.stories.ids, records.events.ids
    own = {place for _, place in _there(records.stories, ids)}
    beside = {end for start in own for end in records.related_to.ends(start)}
    beside |= {start for start, _ in records.related_to.leading_to(own)}
    return [(stories[story], events[event]) for story, event in records.events_of.of(beside)]


def _thread(records: Records, event: str) -> Rows:
    place = records.events.place(event)
    followed = {one.event: one for one in records.followings()}
    beside: dict[int, list[int]] = defaultdict(list)
    for one in followed.values():
        beside[one.event].append(one.earlier)
        beside[one.earlier].append(one.event)
    waiting = [] if place is None else [place]
    found = dict.fromkeys(waiting)
    while waiting:
        new = [other for other in beside[waiting.pop()] if other not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return [_thread_row(records, here, followed.get(here)) for here in found]


def _thread_row(records: Records, event: int, follows: Following | None) -> tuple[Any, ...]:
    events = records.events
    return (
        events.ids[event],
        events.texts("name")[event],
        time_of(events.moment("first", event)),
        time_of(events.moment("last", event)),
        events.integer("story_count", event),
        events.integer("outlet_count", event),
        *((None, None, None) if follows is None else (events.ids[follows.earlier], follows.score, follows.related)),
    )


def _changes(records: Records, **filters: Any) -> Rows:
    stories, outlets = records.stories, records.outlets

    def order(row: tuple[Wording, int]) -> tuple[Any, ...]:
        one, outlet = row
        return one.story, outlet, one.source or "", one.replaced_at == NO_TIME, one.replaced_at, one.title or ""

    rows = [
        (one, outlet)
        for one in records.wordings()
        if _lets_through(records, one.story, **filters)
        for outlet in records.outlets_of.ends(one.story) or [NONE]
    ]
    return [
        (
            stories.ids[one.story],
            stories.url(one.story),
            one.source,
            one.title,
            one.excerpt,
            time_of(one.seen_at),
            time_of(one.replaced_at),
            stories.texts("title")[one.story],
            one.excerpt_now,
            None if outlet == NONE else outlets.ids[outlet],
        )
        for one, outlet in sorted(rows, key=order)
    ]


def _stories(records: Records) -> Rows:
    return list(zip(records.stories.ids, records.stories.texts("title"), strict=True))


def _events(records: Records) -> Rows:
    return [event_row(records, event) for event in range(len(records.events))]


def event_row(records: Records, event: int) -> tuple[Any, ...]:
    """Returns the row of ``lookups/events`` for the event at a place."""
    events = records.events
    return (
        events.ids[event],
        events.texts("name")[event],
        events.texts("label")[event],
        time_of(events.moment("first", event)),
        events.integer("story_count", event),
        events.integer("outlet_count", event),
    )


def _outlets(records: Records) -> Rows:
    outlets = records.outlets
    names = zip(outlets.ids, outlets.texts("name"), outlets.texts("domain"), strict=True)
    return [(*named, outlets.listed("names", place)) for place, named in enumerate(names)]


def _outlet_facts(records: Records) -> Rows:
    outlets = records.outlets
    facts = [(id, outlets.listed("facts", place)) for place, id in enumerate(outlets.ids)]
    return [row for row in facts if row[1] is not None]


def _topics(records: Records) -> Rows:
    topics = records.topics
    named = zip(topics.ids, topics.texts("name"), strict=True)
    return [(id, name, topics.listed("keywords", place)) for place, (id, name) in enumerate(named)]


def _groups(records: Records) -> Rows:
    return [(group, group, None) for group in records.outlets.few("group")]


def _languages(records: Records) -> Rows:
    return [(language,) for language in records.stories.few("language")]


def _countries(records: Records) -> Rows:
    return [(one,) for one in sorted({*records.stories.few("country"), *records.outlets.few("country")})]


def _first_to_cover(records: Records, event: str, outlets: Any, groups: Any, **filters: Any) -> Rows:
    there = [row for row in _coverage_of(records, event) if row.outlet != NONE]
    chosen = [
        row
        for row in there
        if (outlets is None or records.outlets.ids[row.outlet] in outlets)
        and (groups is None or records.outlets.one_of_few("group", row.outlet) in groups)
        and _lets_through(records, row.story, **filters)
    ]
    named = _event_cells(records, event)
    return [
        (
            *named,
            *_outlet_cells(records, row),
            *_story_cells(records, row.story),
            bool(records.originals_of.ends(row.story)),
            row.fit,
            row.weak,
            records.stories.one_of_few("agency", row.story),
        )
        for row in _in_time(records, chosen)
    ]


def _coverage(records: Records, event: str, **filters: Any) -> Rows:
    named = _event_cells(records, event)
    return [
        (
            *named,
            *_story_cells(records, row.story),
            bool(records.originals_of.ends(row.story)),
            *_outlet_cells(records, row),
        )
        for row in _in_time(records, _coverage_of(records, event))
        if _lets_through(records, row.story, **filters)
    ]


def _event_cells(records: Records, event: str) -> tuple[Any, ...]:
    place = records.events.place(event)
    return event, None if place is None else records.events.texts("name")[place]


def _outlet_cells(records: Records, row: Covering) -> tuple[Any, ...]:
    outlets = records.outlets
    return (None, None) if row.outlet == NONE else (outlets.ids[row.outlet], outlets.texts("name")[row.outlet])


def _story_cells(records: Records, story: int) -> tuple[Any, ...]:
    stories = records.stories
    return (
        stories.ids[story],
        stories.url(story),
        stories.texts("title")[story],
        stories.published_at(story),
        stories.one_of_few("quality", story),
    )


def _coverage_of(records: Records, event: str) -> list[Covering]:
    place = records.events.place(event)
    return [] if place is None else records.coverage(place)


def _in_time(records: Records, rows: Iterable[Covering]) -> list[Covering]:
    """Returns the rows by time, those without one last, then by story and outlet."""

    def order(row: Covering) -> tuple[bool, int, int, int]:
        moment = records.stories.moment("moment", row.story)
        return moment == NO_TIME, moment, row.story, row.outlet

    return sorted(rows, key=order)


def _there(nodes: Kept, ids: Iterable[str]) -> list[tuple[str, int]]:
    """Returns those of the ids that nodes have, with the nodes' places."""
    places = [(id, nodes.place(id)) for id in ids]
    return [(id, place) for id, place in places if place is not None]


def _lets_through(records: Records, story: int, *, copies: str, **filters: Any) -> bool:
    """Tells whether the filters let a story through. ``fragments/filters.cypher`` says what each of them means."""
    if copies != "include" and (copies == "only") != bool(records.originals_of.ends(story)):
        return False
    return all(value is None or _FILTERS[name](records, story, value) for name, value in filters.items())


def _since(records: Records, story: int, since: Any) -> bool:
    moment = records.stories.moment("moment", story)
    return moment != NO_TIME and moment >= microseconds(since)


def _until(records: Records, story: int, until: Any) -> bool:
    moment = records.stories.moment("moment", story)
    return moment != NO_TIME and moment < microseconds(until)


def _of_topics(records: Records, story: int, wanted: Any) -> bool:
    return any(records.topics.ids[topic] in wanted for topic in records.topics_of.ends(story))


def _of_outlets(records: Records, story: int, wanted: Any) -> bool:
    return any(records.outlets.ids[outlet] in wanted for outlet in records.outlets_of.ends(story))


def _of_groups(records: Records, story: int, wanted: Any) -> bool:
    return any(records.outlets.one_of_few("group", outlet) in wanted for outlet in records.outlets_of.ends(story))


def _in_languages(records: Records, story: int, wanted: Any) -> bool:
    tag = (records.stories.one_of_few("language", story) or "").lower()
    return tag in wanted or tag.split("-", maxsplit=1)[0] in wanted


def _of_countries(records: Records, story: int, wanted: Any) -> bool:
    own = records.stories.one_of_few("country", story)
    if own is not None:
        return own in wanted
    return any(records.outlets.one_of_few("country", outlet) in wanted for outlet in records.outlets_of.ends(story))


def _on_events(records: Records, story: int, wanted: Any) -> bool:
    return any(records.events.ids[event] in wanted for event in records.events_of.ends(story))


_FILTERS: Mapping[str, Callable[[Records, int, Any], bool]] = {
    "since": _since,
    "until": _until,
    "topics": _of_topics,
    "outlets": _of_outlets,
    "groups": _of_groups,
    "languages": _in_languages,
    "countries": _of_countries,
    "events": _on_events,
}

#: Text -> what gives its rows. It is called with the values of the text's parameters.
KEPT: Mapping[str, Callable[..., Rows]] = {
    "lookups/any_story": _any_story,
    "lookups/story": _story,
    "lookups/event": _event,
    "lookups/story_of_address": _story_of_address,
    "lookups/events_of_stories": _events_of_stories,
    "lookups/corpus_memberships": _corpus_memberships,
    "lookups/corpus_settings": _corpus_settings,
    "lookups/corpus_sources": _corpus_sources,
    "lookups/story_facts": _story_facts,
    "lookups/originals_of_stories": _originals_of_stories,
    "lookups/topics_of_stories": _topics_of_stories,
    "lookups/pictures_of_stories": _pictures_of_stories,
    "lookups/events_beside_stories": _events_beside_stories,
    "lookups/stories_of_events": _stories_of_events,
    "lookups/story_times": _story_times,
    "lookups/stories": _stories,
    "lookups/events": _events,
    "lookups/outlets": _outlets,
    "lookups/outlet_facts": _outlet_facts,
    "lookups/topics": _topics,
    "lookups/groups": _groups,
    "lookups/languages": _languages,
    "lookups/countries": _countries,
    "questions/first_to_cover": _first_to_cover,
    "questions/coverage": _coverage,
    "questions/thread": _thread,
    "questions/changes": _changes,
}
