"""The options that choose a part of the graph, which export and view share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from newsgraph.queries.asking.filters import MEANINGS

_METAVARS = {
    "event": "EVENT", "topic": "TOPIC", "outlet": "OUTLET", "language": "TAG", "country": "COUNTRY", "since": "DATE",
    "until": "DATE",
}  # fmt: skip


def part_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--event``, ``--topic``, ``--outlet``, ``--language``, ``--country``, ``--since``, ``--until``: they arrive
    under those names, the times aware, and are what
    :func:`newsgraph.queries.asking.part_filters.part_filters` takes."""
    for name, metavar in reversed(_METAVARS.items()):
        read = _moment if metavar == "DATE" else None
        option = click.option(f"--{name}", metavar=metavar, callback=read, help=f"Only {MEANINGS[name]}.")
        command = option(command)
    return command


def _moment(_ctx: click.Context, parameter: click.Parameter, text: str | None) -> datetime | None:
    if text is None:
        return None
    from newsgraph.output.times import moment  # noqa: PLC0415  # keeps --help light

    return moment(text, f"--{parameter.name}")
