"""What the columns of answers are to a reader at a terminal."""

from __future__ import annotations

from newsgraph.output.terminal_table import Roles

#: What columns of these names are to a reader at a terminal, in the answer of any question. An id is as long as an
#: event's, because an id that is cut can't be used in the next question.
COLUMN_ROLES = Roles(
    titles=frozenset({"title", "event_title", "name", "matched", "first_title"}),
    ids=frozenset({"id", "event_id"}),
    id_letters=22,
    headings=("event_id", "event_title"),
    doubles=frozenset({"story_id", "id", "group"}),
    domains=frozenset({"outlet", "first_outlet", "follower", "a", "b", "key"}),
    asides=frozenset(
        {"unsure", "tied", "ties", "agency", "agency_firsts", "date_quality", "fit", "lag_low", "lag_high"}
    ),
)
