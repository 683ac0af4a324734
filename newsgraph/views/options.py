"""What a page is asked to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsgraph.graph.subgraph import Filters


@dataclass(frozen=True, slots=True)
class Options:
    """Filters with names resolved to ids, and the heading. Times are aware."""

    event: str | None = None
    topic: str | None = None
    outlet: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    title: str | None = None
    min_shared: int = 3

    @property
    def filters(self) -> Filters:
        """As a part of the graph is chosen."""
        return Filters(event=self.event, topic=self.topic, outlet=self.outlet, since=self.since, until=self.until)

    def asked(self, *names: str) -> dict[str, Any]:
        """Those of the named filters that are given, as a question takes them."""
        given = {name: getattr(self, name) for name in names}
        return {name: value for name, value in given.items() if value is not None}

    @property
    def words(self) -> str:
        """The filters as a page states them; empty for none."""
        parts = [f"{name} {getattr(self, name)}" for name in ("event", "topic", "outlet") if getattr(self, name)]
        if self.since:
            parts.append(f"since {self.since:%Y-%m-%d %H:%M} {self.since.tzname()}")
        if self.until:
            parts.append(f"until {self.until:%Y-%m-%d %H:%M} {self.until.tzname()}")
        return ", ".join(parts)
