"""The options that choose a part of the graph, for export and view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from newsgraph.queries.asking.filters import MEANINGS

_METAVARS = {
    "event": "EVENT", "topic": "TOPIC", "outlet": "OUTLET", "language": "TAG", "country": "COUNTRY", "since": "DATE",
    "until": "DATE", "where": "COLUMN=VALUE",
}  # fmt: skip


def part_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the filters on stories: ``--event``, ``--topic``, ``--outlet``, ``--language``, ``--country``, ``--since``,
    ``--until`` and ``--where``.

    They are passed under those names, times with a zone, as :func:`newsgraph.queries.asking.part_filters.part_filters`
    takes them.
    """
    for name, metavar in reversed(_METAVARS.items()):
        read = _moment if metavar == "DATE" else None
        option = click.option(
            f"--{name}", metavar=metavar, callback=read, multiple=name == "where", help=f"Only {MEANINGS[name]}."
        )
        command = option(command)
    return command


def _moment(_ctx: click.Context, parameter: click.Parameter, text: str | None) -> datetime | None:
    if text is None:
        return None
    from newsgraph.output.times import moment  # noqa: PLC0415  # keeps --help light

    return moment(text, f"--{parameter.name}")
