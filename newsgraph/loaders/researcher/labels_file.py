"""A researcher's labels: which story belongs to which event, as a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsgraph.errors import InputError
from newsgraph.graph.events.sync import stories_named
from newsgraph.graph.stores.protocol import Store
from newsgraph.output.safe_text import formula_unguarded

#: Columns that can name the story, the preferred one first. ``story`` is any spelling of an address, or a story's id.
STORY_COLUMNS = ("story", "url", "id")


@dataclass(frozen=True, slots=True)
class Labels:
    """``events`` maps story ids to the researcher's name for the event. ``absent`` are labelled stories that the store
    doesn't have."""

    events: Mapping[str, str]
    absent: tuple[str, ...]


def read_labels(path: Path, store: Store) -> Labels:
    """Reads a CSV file whose header has ``event`` and one of ``story``, ``url``, ``id``. Other columns are ignored.

    Lines without an event are skipped. Raises InputError, with the line, for a file that can't be read, a missing
    column, or a story with two events.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            names = [name.strip().lower() for name in reader.fieldnames or ()]
            reader.fieldnames = names
            column = next((name for name in STORY_COLUMNS if name in names), None)
            if column is None or "event" not in names:
                wanted = "event and one of " + ", ".join(STORY_COLUMNS)
                raise InputError(str(path), f"the header must hold {wanted}", "Name the columns in the first line")
            rows = [(reader.line_num, _clean(row[column]), _clean(row["event"])) for row in reader]
    except UnicodeDecodeError:
        raise InputError(str(path), "it is not UTF-8 text", "Save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise InputError(str(path), f"it is no CSV file ({error})", "Save it as CSV in UTF-8") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(str(path), f"it can't be read ({reason})", "Check the path") from None
    there = stories_named(store, [story for _, story, _ in rows])
    events: dict[str, str] = {}
    absent: dict[str, None] = {}
    for line, story, event in rows:
        if not event or not story:
            continue
        id = there.get(story)
        if id is None:
            absent[story] = None
        elif events.setdefault(id, event) != event:
            raise InputError(
                f"{path}:{line}", f"{id} is given two events, {events[id]!r} and {event!r}", "Leave one of them"
            )
    return Labels(events, tuple(absent))


def _clean(cell: str | None) -> str:
    return formula_unguarded((cell or "").strip())
