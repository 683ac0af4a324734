"""The page of one event, alone or in a site. The template and the content are the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from newsgraph.queries.asking.texts import packaged, with_values
from newsgraph.views.document import Page, render, script_of, shown
from newsgraph.views.event_story import MOST_FURTHER, EventFacts, event_story
from newsgraph.views.links import ALONE, Links
from newsgraph.views.wording import moment_words

#: The number of outlets that the list shows at once. The others can be unfolded.
LISTED = 12
STYLES = ("page.css", "sheet.css", "event.css")


@cache
def event_script() -> str:
    """The script of an event's page."""
    return script_of("theme.js", "event.js")


def event_page(
    facts: EventFacts,
    *,
    made: Sequence[str],
    source: str,
    title: str | None = None,
    filters: str = "",
    links: Links = ALONE,
) -> Page:
    """Returns the page. ``source`` says, for those who cite it, from which corpus and version it was made. ``made`` is
    shown at its foot."""
    story = event_story(facts)
    heading = title or facts.label or facts.title or "Event without a title"
    where = f" {links.canonical}" if links.canonical else ""
    as_of = f" As of {moment_words(story.newest)}." if story.newest else ""
    cite = f"“{shown(heading, 300)}”: who covered it first. {story.counts}. {source}; event {facts.id}.{as_of}{where}"
    context = {
        "story": story,
        "filters": filters,
        "further": MOST_FURTHER,
        "listed": LISTED,
        "cypher": with_values(packaged("lookups/event_order"), {"event": facts.id}),
        "cite": cite,
        "csv_name": f"event-{re.sub('[^A-Za-z0-9]+', '-', facts.id)[:60].strip('-') or 'event'}.csv",
    }
    return render(
        "event",
        heading,
        context=context,
        scripts=[event_script()],
        styles=() if links.sheet else STYLES,
        lines=[story.counts],
        links=links,
        stamp=made,
    )
