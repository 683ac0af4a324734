"""``newsgraph info``: shows what the store holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from newsgraph.cli.shared.common import open_graph, store_option
from newsgraph.cli.shared.terminal import show, tell
from newsgraph.output.times import iso

if TYPE_CHECKING:
    from newsgraph.graph.info import Info

#: The command that derives the events of a store, and that of a lake.
_EVENTS, _EVENTS_OF_LAKE = "newsgraph events build", "newsgraph lake events {}"


@click.command("info")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="The format.",
)
@store_option
def command(form: str, store_url: str) -> None:
    """Show what the store holds: counts, the span of its dates, how sure they are, and where the events come from.

    URL can be the folder of a lake, too.
    """
    from newsgraph.graph.info import info  # noqa: PLC0415  # a store comes with it
    from newsgraph.graph.stores.registry import is_lake  # noqa: PLC0415  # keeps --help light

    with open_graph(store_url) as store:
        found = info(store)
    if form == "json":
        show(json.dumps(asdict(found), ensure_ascii=False, indent=2, default=_time))
        return
    for line in lines(found, events=_EVENTS_OF_LAKE.format(store_url) if is_lake(store_url) else _EVENTS):
        tell(line)


def lines(info: Info, *, events: str = _EVENTS) -> list[str]:
    """Returns the same for people, one fact on each line. ``events`` is the command that derives events."""
    rows = [("Store", info.store), ("Folders", ", ".join(info.folders) or "none")]
    rows += [(label, f"{count:,}") for label, count in info.nodes.items() if label != "Corpus"]
    rows += [(type, f"{count:,}") for type, count in info.edges.items()]
    span = "no story of a sure date"
    if info.first_published_at is not None and info.last_published_at is not None:
        span = f"{_time(info.first_published_at)} to {_time(info.last_published_at)}"
    rows.append(("Published", span))
    stories = info.nodes.get("Story", 0)
    rows += [
        (f"Dates {quality}", f"{count:,} of {stories:,} stories ({count / stories:.1%})")
        for quality, count in info.date_quality.items()
    ]
    rows += [(f"Files of {format}", f"{count:,}") for format, count in info.formats.items()]
    step = {
        "derived": "derived by newsgraph",
        "imported": "imported from a researcher's labels",
        "none": f"none yet: {events}",
    }[info.events]
    if info.events != "none" and not info.events_current:
        step += f", older than the stories: {events}"
    rows.append(("Events are", step))
    width = max(len(name) for name, _ in rows) + 2
    return [f"{name:<{width}}{value}" for name, value in rows]


def _time(value: object) -> str:
    assert isinstance(value, datetime)
    return iso(value)
