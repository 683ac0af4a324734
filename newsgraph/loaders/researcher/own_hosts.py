"""Finds hosts that may be outlets of their own: their stories give another name than the rest of the outlet.

These are hosts of which that isn't clear enough for a load to set them apart
(:mod:`newsgraph.loaders.merging.own_hosts`): few stories, or a host that doesn't bear the name. A researcher decides
about them. A host is listed if at least :data:`FEWEST` of its stories and :data:`MOST_OF_IT` of those that give a name
agree on one that hardly any story elsewhere in the outlet gives. Sections in brackets don't count as part of a name,
and an edition ("Reuters India" of Reuters) isn't an outlet of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from newsgraph.graph.schema import Outlet, PublishedBy
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.urls.identity import host
from newsgraph.loaders.merging.outlet_names import letters, without_section
from newsgraph.loaders.merging.own_hosts import HARDLY_ELSEWHERE, MOST_OF_IT, OwnHost, name_said

#: The least number of stories that give the host's name.
FEWEST = 2


def likely_own_hosts(store: Store) -> list[OwnHost]:
    """Returns the hosts that look like outlets of their own, those with most stories first."""
    names = {node.id: str(node.properties.get("name") or node.id) for node in store.nodes(Outlet.label)}
    said: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for edge in store.edges(PublishedBy.type):
        name = name_said(str(edge.properties.get("said", "")))
        where = host(edge.start)
        if name and where:
            said[edge.end][where][without_section(name)] += 1
    found = [one for outlet, hosts in said.items() for one in _of_outlet(outlet, names.get(outlet, outlet), hosts)]
    return sorted(found, key=lambda one: (-one.stories, one.host))


def _of_outlet(outlet: str, main: str, hosts: dict[str, Counter[str]]) -> Iterator[OwnHost]:
    whole = Counter[str]()
    for counts in hosts.values():
        whole.update(counts)
    for where, counts in hosts.items():
        name, number = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
        elsewhere = whole.total() - counts.total()
        edition = letters(name).startswith(letters(main)) or letters(main).startswith(letters(name))
        if where == outlet or edition or not elsewhere or number < max(FEWEST, MOST_OF_IT * counts.total()):
            continue
        if whole[name] - number <= HARDLY_ELSEWHERE * elsewhere:
            yield OwnHost(where, outlet, name, number, counts.total())
