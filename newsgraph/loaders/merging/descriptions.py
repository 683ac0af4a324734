"""Pages about outlets and topics: what each adds to the graph, so that it is removed again together with its file.

A Source is joined to what its pages describe by DESCRIBES_OUTLET and DESCRIBES_TOPIC edges. They carry what was said,
as a story's edges do, and the nodes are made from both kinds of edges. SUBTOPIC_OF edges are the union of what all
pages about a topic say.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from newsgraph.graph.batch import Edge
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import EDGES, DescribesOutlet, DescribesTopic, SubtopicOf
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.topics import topic_slug
from newsgraph.graph.urls.identity import read_host_or_address
from newsgraph.loaders.merging.describing import PAGE_WEIGHT, PARENTS, said_text
from newsgraph.loaders.records import OutletRecord, PageRecord

TYPES = (DescribesOutlet.type, DescribesTopic.type)


def weight(type: str) -> int:
    """Returns the number of stories that one edge of a describing type counts as."""
    return PAGE_WEIGHT if EDGES[type].start == "Source" else 1


def page_edges(source_id: str, pages: Sequence[PageRecord], directory: OutletDirectory) -> list[Edge]:
    """Returns the describing edges of one source.

    If several pages are about one thing, the first that has a fact gives it, and the parents of a topic are joined. A
    topic that is only named as a parent has no fact but that name.
    """
    outlets: dict[str, dict[str, object]] = {}
    topics: dict[str, dict[str, object]] = {}
    parents: dict[str, str] = {}
    for page in pages:
        if isinstance(page, OutletRecord):
            named_host = read_host_or_address(page.domain)
            host = named_host.name if named_host else None
            outlet = directory.outlet_of(f"https://{host}", host) if host else None
            if outlet is not None:
                facts = {"domain": outlet.domain, "name": page.name, "logo_url": page.logo_url}
                _fill(outlets.setdefault(outlet.id, {}), facts)
            continue
        slug = topic_slug(page.name)
        if slug is None:
            continue
        said = topics.setdefault(slug, {})
        above = {topic_slug(name): name for name in reversed(page.parents)}
        named = {key: name for key, name in above.items() if key is not None and key != slug}
        before = said.get(PARENTS, [])
        assert isinstance(before, list)
        _fill(said, {"name": page.name, "keywords": list(page.keywords)})
        if named:
            said[PARENTS] = sorted({*before, *named})
        for key, name in sorted(named.items()):
            parents.setdefault(key, name)
    for key, name in parents.items():
        topics.setdefault(key, {"name": name})
    return [
        *(Edge(DescribesOutlet.type, source_id, id, {"said": said_text(said)}) for id, said in outlets.items()),
        *(Edge(DescribesTopic.type, source_id, id, {"said": said_text(said)}) for id, said in topics.items()),
    ]


def _fill(said: dict[str, object], facts: Mapping[str, object]) -> None:
    for name, value in facts.items():
        if value:
            said.setdefault(name, value)


def subtopic_edges(
    store: Store, sources: Collection[str], old: Iterable[Edge], new: Iterable[Edge]
) -> tuple[list[Edge], list[Edge]]:
    """Returns the SUBTOPIC_OF edges before and after a change, of the topics whose parents it may affect.

    ``old`` and ``new`` are the describing edges of the changed ``sources``.
    """
    new = [edge for edge in new if edge.type == DescribesTopic.type]
    touched = sorted({edge.end for edge in (*old, *new) if edge.type == DescribesTopic.type and parents_in(edge)})
    if not touched:
        return [], []
    others = (edge for edge in store.edges(DescribesTopic.type, ends=touched) if edge.start not in sources)
    after = {(edge.end, parent) for edge in (*others, *new) if edge.end in touched for parent in parents_in(edge)}
    before = list(store.edges(SubtopicOf.type, starts=touched))
    return before, [Edge(SubtopicOf.type, child, parent) for child, parent in sorted(after)]


def parents_in(edge: Edge) -> list[str]:
    """Returns the slugs of the topics above the one that a DESCRIBES_TOPIC edge leads to, as its page names them."""
    said = str(edge.properties["said"])
    return list(json.loads(said).get(PARENTS, ())) if f'"{PARENTS}":[' in said else []
