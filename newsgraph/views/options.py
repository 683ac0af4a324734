"""What a page is asked to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from newsgraph.graph.subgraph import STORY_FILTERS, Filters
from newsgraph.views.links import ALONE, Links


@dataclass(frozen=True, slots=True)
class Options:
    """The filters on stories, with ids in the place of names and times with a zone; the heading; and ``min_shared``,
    the number of common events below which the lead-lag page leaves pairs of outlets empty."""

    filters: Filters = field(default_factory=Filters)
    title: str | None = None
    min_shared: int = 3
    #: The links of the page; none if it stands alone.
    links: Links = ALONE
    #: The day that the page gives as its own, instead of that of the newest story.
    date: str | None = None
    #: What a map's discs are coloured by at first; None for what it chooses itself.
    colour: str | None = None

    @property
    def event(self) -> str | None:
        """The id of the event that the page is about; None for all."""
        return self.filters.event

    @property
    def topic(self) -> str | None:
        """The id of the topic that the stories are about; None for all."""
        return self.filters.topic

    @property
    def outlet(self) -> str | None:
        """The id of the outlet of the stories; None for all."""
        return self.filters.outlet

    @property
    def language(self) -> str | None:
        """The tag of the stories' language; None for all."""
        return self.filters.language

    @property
    def country(self) -> str | None:
        """The country of the stories; None for all."""
        return self.filters.country

    @property
    def since(self) -> datetime | None:
        """The time from which on stories are shown; None for all."""
        return self.filters.since

    @property
    def until(self) -> datetime | None:
        """The time before which stories are shown; None for all."""
        return self.filters.until

    def asked(self, *names: str) -> dict[str, Any]:
        """Returns those of the named filters that are given, or of all, as a question takes them."""
        given = {name: getattr(self.filters, name) for name in names or STORY_FILTERS}
        return {name: value for name, value in given.items() if value not in (None, ())}

    @property
    def words(self) -> str:
        """Returns the filters as a page shows them; empty if there are none."""
        parts = [f"{name} {id}" for name, id in self.asked("event", "topic", "outlet", "language", "country").items()]
        parts += self.filters.where
        parts += [
            f"{name} {time:%Y-%m-%d %H:%M} {time.tzname()}" for name, time in self.asked("since", "until").items()
        ]
        return ", ".join(parts)
