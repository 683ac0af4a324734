"""The names of outlets and topics as pages show them."""

from __future__ import annotations

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.asking.find import names_of
from newsgraph.views.document import shown


def shown_names(store: Store, kind: str, longest: int) -> dict[str, str]:
    """Returns the name of every outlet or topic by id, cut to ``longest`` characters; the id where there is no name.
    ``kind`` is outlet or topic."""
    return {id: shown(names[0], longest) for id, names in names_of(store, kind).items()}
