"""The lists of a site: all events by month, all outlets and topics by name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from newsgraph.graph.schema import SURE
from newsgraph.views.site.base import NEVER, Made, Site, by_size
from newsgraph.views.site.corpus import EventLine
from newsgraph.views.wording import counted, percent, rounded

#: The number of rows in one list. A longer one is split.
ROWS = 400
#: It is shown if there is nothing to count.
NONE = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list of outlets or topics."""

    id: str
    name: str
    cells: Sequence[str]


def event_lists(site: Site) -> Iterator[Made]:
    """Yields the largest events, and all of them by month. A new event changes only the list of its own month."""
    months: dict[str, list[EventLine]] = defaultdict(list)
    for event in site.corpus.events.values():
        months[f"{event.begun:%Y-%m}" if event.begun else "undated"].append(event)
    parts: list[tuple[str, str, list[EventLine]]] = []
    for month in sorted(months, reverse=True):
        events = sorted(months[month], key=lambda one: (one.begun or NEVER, one.id))
        for number, start in enumerate(range(0, len(events), ROWS), 1):
            file = f"lists/events-{month}.html" if number == 1 else f"lists/events-{month}-{number}.html"
            name = _month(month) if len(events) <= ROWS else f"{_month(month)}, part {number}"
            parts.append((file, name, events[start : start + ROWS]))
    index = [(file, name, len(events)) for file, name, events in parts]
    lead = [f"{counted(len(site.corpus.events), 'event')}, by the month in which they began; the largest below."]
    largest = by_size(site.corpus.events.values())[:100]
    common = {"rows": (), "columns": (), "kind": "event"}
    context = {"lead": lead, "parts": index, "own_file": "", "events": largest, "heading": "The largest", **common}
    yield site.page("site_list", "events.html", "Events", context, at=site.corpus.facts.newest)
    for file, name, events in parts:
        newest = max((event.ended for event in events if event.ended), default=None)
        context = {
            "lead": [f"{counted(len(events), 'event')}, in the order in which they began."],
            "parts": [("events.html", "All months", 0)],
            "own_file": file,
            "events": events,
            "heading": "",
            **common,
        }
        yield site.page(
            "site_list", file, f"Events: {name}", context, here="events.html", made=site.made(newest), at=newest
        )


def outlet_lists(site: Site) -> Iterator[Made]:
    corpus = site.corpus
    stories: Counter[str] = Counter()
    copies: Counter[str] = Counter()
    unsure: Counter[str] = Counter()
    for story in corpus.stories.values():
        for outlet in story.outlets:
            stories[outlet] += 1
            copies[outlet] += story.copy_of is not None
            unsure[outlet] += story.date_quality not in SURE
    scoops = {row.outlet: row for row in corpus.scoops}
    rows = []
    for id, name in sorted(corpus.names.items(), key=lambda one: (one[1].casefold(), one[0])):
        row = scoops.get(id)
        first = f"{row.firsts} of {row.events}" if row else NONE
        chance = rounded(row.expected) if row else NONE
        share = percent(row.share) if row else NONE
        rows.append(
            ListRow(
                id,
                name,
                [f"{stories[id]:,}", first, chance, share, f"{copies[id]:,}", f"{unsure[id]:,}"],
            )
        )
    columns = ["Outlet", "Stories", "Alone first", "By chance", "Share", "Copies", "Unsure dates"]
    lead = ["How many of the events that it shared with others an outlet was alone first on, and what chance gives."]
    silent = sum(not stories[id] for id in corpus.names)
    if silent:
        lead.insert(0, f"{counted(silent, 'of them has', 'of them have')} no story here, only a description in files.")
    yield from _lists(site, "outlets", "Outlets", "outlet", rows, columns, lead)


def topic_lists(site: Site) -> Iterator[Made]:
    events: dict[str, set[str]] = defaultdict(set)
    outlets: dict[str, set[str]] = defaultdict(set)
    for story in site.corpus.stories.values():
        for topic in story.topics:
            outlets[topic].update(story.outlets)
            if story.event is not None:
                events[topic].add(story.event)
    rows = [
        ListRow(id, name, [f"{site.topic_stories[id]:,}", f"{len(events[id]):,}", f"{len(outlets[id]):,}"])
        for id, name in sorted(site.corpus.topic_names.items(), key=lambda one: (one[1].casefold(), one[0]))
    ]
    lead = [] if rows else ["No story here has a topic: no file gives tags or keywords."]
    yield from _lists(site, "topics", "Topics", "topic", rows, ["Topic", "Stories", "Events", "Outlets"], lead)


def _lists(
    site: Site, stem: str, title: str, kind: str, rows: Sequence[ListRow], columns: Sequence[str], lead: Sequence[str]
) -> Iterator[Made]:
    """Yields a list in alphabetical order, in parts."""
    starts = range(0, max(len(rows), 1), ROWS)
    files = [f"{stem}.html" if start == 0 else f"lists/{stem}-{start // ROWS + 1}.html" for start in starts]
    parts = [
        (file, f"{rows[start].name[:14]} …" if rows else "", len(rows[start : start + ROWS]))
        for file, start in zip(files, starts, strict=True)
    ]
    for file, start in zip(files, starts, strict=True):
        context = {
            "lead": [f"{len(rows):,} in all.", *lead],
            "parts": parts if len(parts) > 1 else [],
            "own_file": file,
            "events": (),
            "rows": rows[start : start + ROWS],
            "columns": columns,
            "kind": kind,
        }
        yield site.page("site_list", file, title, context, here=f"{stem}.html", at=site.corpus.facts.newest)


def _month(text: str) -> str:
    return "without a date" if text == "undated" else f"{datetime.strptime(text, '%Y-%m').replace(tzinfo=UTC):%B %Y}"
