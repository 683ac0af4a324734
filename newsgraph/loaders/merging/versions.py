"""Earlier wordings: the headlines and excerpts that a file gave a story before it was edited.

In a folder whose versions are kept, a Source remembers each wording that a later reading of the same file replaced, for
as long as the file mentions the story. The Version nodes of a story are made only from what its sources remember. So
they depend on nothing but the files that loads saw.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from newsgraph.graph.batch import Edge, Node
from newsgraph.graph.schema import Value
from newsgraph.loaders.records import ArticleRecord
from newsgraph.output.times import iso


class EarlierWording(Struct, frozen=True):
    """A headline and an excerpt that a file no longer gives.

    ``spelling`` names the story, as one of the spellings of its addresses. ``seen_at`` is when a load last read this
    wording, ``replaced_at`` when a load first read the next one. Both have a zone.
    """

    spelling: str
    title: str
    excerpt: str | None
    seen_at: datetime
    replaced_at: datetime

    def node(self, story_id: str, source_id: str) -> Node:
        """Returns its Version node. The id depends on the story, the file, and the time from which on it isn't used any
        more."""
        said = "\0".join((source_id, self.title, self.excerpt or "", iso(self.replaced_at)))
        properties: dict[str, Value] = {
            "title": self.title,
            "seen_at": self.seen_at,
            "replaced_at": self.replaced_at,
            "source": source_id,
        }
        if self.excerpt is not None:
            properties["excerpt"] = self.excerpt
        return Node("Version", f"{story_id}#{hashlib.sha256(said.encode()).hexdigest()[:12]}", properties)


def wordings_of(source: Node) -> tuple[EarlierWording, ...]:
    """The earlier wordings that a Source remembers, in the order in which they were replaced."""
    kept = source.properties.get("wordings")
    if not kept:
        return ()
    return tuple(
        EarlierWording(spelling, title, excerpt, datetime.fromisoformat(seen), datetime.fromisoformat(replaced))
        for spelling, title, excerpt, seen, replaced in json.loads(str(kept))
    )


def packed(wordings: Sequence[EarlierWording]) -> str:
    """Returns the JSON text in which a Source keeps its earlier wordings."""
    return json.dumps(
        [[one.spelling, one.title, one.excerpt, iso(one.seen_at), iso(one.replaced_at)] for one in wordings],
        ensure_ascii=False,
    )


def remembered(
    before: Sequence[EarlierWording],
    was: Sequence[ArticleRecord],
    seen_at: datetime,
    now_says: Sequence[ArticleRecord],
    now: datetime,
) -> tuple[EarlierWording, ...]:
    """Returns what a Source remembers after its file was read again at ``now``.

    ``before`` is what it remembered, ``was`` what the file said when it was read at ``seen_at``, and ``now_says`` what
    it says now. Articles are the same if they share a spelling of their addresses. If a file has an article twice, the
    first place counts. Related stories have no versions, because an article's list names them in the words of another
    page.
    """
    current: dict[str, ArticleRecord] = {}
    for record in now_says:
        for spelling in record.spellings:
            current.setdefault(spelling, record)
    kept = [one for one in before if one.spelling in current]
    compared: set[int] = set()
    for old in was:
        shared = next((spelling for spelling in old.spellings if spelling in current), None)
        if shared is None or id(current[shared]) in compared:
            continue
        new = current[shared]
        compared.add(id(new))
        if (old.title, old.excerpt) != (new.title, new.excerpt):
            kept.append(EarlierWording(shared, old.title, old.excerpt, seen_at, now))
    return tuple(kept)


def version_nodes(
    wordings: Mapping[str, Sequence[EarlierWording]], stories: Mapping[str, str]
) -> tuple[list[Node], list[Edge]]:
    """Returns the Version nodes and their VERSION_OF edges.

    ``wordings`` maps each source to what it remembers, ``stories`` each spelling of an address to its story. Wordings
    of other stories are ignored.
    """
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for source_id in sorted(wordings):
        for one in wordings[source_id]:
            story_id = stories.get(one.spelling)
            if story_id is None:
                continue
            node = one.node(story_id, source_id)
            if node.id not in nodes:
                nodes[node.id] = node
                edges.append(Edge("VERSION_OF", node.id, story_id, {}))
    return list(nodes.values()), edges
