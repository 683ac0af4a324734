"""Every node and edge type of the graph, declared once.

Constraints, MERGE texts, import headers, documentation and checks are made from the tables below. No other module uses
a label, edge type or property that is not declared here. Labels are singular PascalCase, edges UPPER_SNAKE verbs,
properties snake_case. Times are ``datetime`` values with zone, in UTC. A property without a value is absent, never
null.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsgraph.graph.property_types import Type, Value
from newsgraph.worded_enum import WordedEnum

#: Raised whenever a store of an older newsgraph could be misread. It is kept in the store's Corpus node.
SCHEMA_VERSION = 1


class DateQuality(WordedEnum):
    """How far a story's time of publication can be trusted. Only exact times are used where the order in time matters.

    Each value has ``words`` for people, which give the reason. The pages and messages take them from here.
    """

    EXACT = "exact", "date, time and time zone are known"
    CORRECTED = "corrected", "a researcher gave the time"
    DATE_ONLY = "date_only", "only the day is known"
    NO_ZONE = "no_zone", "no time zone that is known, read as UTC"
    DOUBTFUL = "doubtful", "not all of the date given was understood, or it contradicts itself"
    SEEN = "seen", "the time when a collector found it, not when it was published"
    MISSING = "missing", "no date given"
    IMPOSSIBLE = "impossible", "the date given is impossible"
    FUTURE = "future", "later than the day it was loaded"

    @property
    def sure(self) -> bool:
        """Whether the time can be compared with others."""
        return self in (DateQuality.EXACT, DateQuality.CORRECTED)


#: The values of ``date_quality`` whose times can be compared with others.
SURE: frozenset[str] = frozenset(quality.value for quality in DateQuality if quality.sure)
#: Why a time is unsure, in words, by the value of ``date_quality``. Exact times have no entry.
DOUBTS: dict[str, str] = {quality.value: quality.words for quality in DateQuality if not quality.sure}


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a node or an edge. ``internal`` ones are kept for reloading. They are never in pages, nor in
    exports other than those that move a whole store. ``required`` ones are always there, and no query may leave them
    out."""

    name: str
    type: Type
    meaning: str
    internal: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class NodeType:
    """A label. ``id`` says what the id of such a node is made of; every node is found by its id. ``bookkeeping`` labels
    are needed for loading, and are left out of pages and pictures."""

    label: str
    meaning: str
    id: str
    properties: tuple[Property, ...]
    bookkeeping: bool = False

    def property(self, name: str) -> Property:
        """Returns the declared property of that name. Raises KeyError when there is none."""
        for declared in self.properties:
            if declared.name == name:
                return declared
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class EdgeType:
    """A type of edge between two labels. Two nodes are joined by at most one edge of a type.

    ``describes``: the edge carries what one story, or the node's own page, says about the node at its end. This is the
    property ``said``, a JSON object. The properties of the node itself are what most stories say, or what its pages
    say.
    """

    type: str
    start: str
    end: str
    meaning: str
    properties: tuple[Property, ...] = ()
    describes: bool = False
    bookkeeping: bool = False


def _text(name: str, meaning: str, *, internal: bool = False) -> Property:
    return Property(name, Type.TEXT, meaning, internal)


def _integer(name: str, meaning: str) -> Property:
    return Property(name, Type.INTEGER, meaning)


def _time(name: str, meaning: str) -> Property:
    return Property(name, Type.TIME, meaning)


_SAID = _text("said", "what this story or page says about it, as a JSON object", internal=True)
_STALE = Property("stale", Type.BOOLEAN, "its properties are to be gathered again from its stories", internal=True)

Story = NodeType(
    "Story",
    "One published article, video or post, whatever the number of files and spellings that tell of it",
    "`https://` and the normalised web address",
    (
        _text("title", "headline"),
        _text("excerpt", "first lines or summary"),
        _text("url", "web address exactly as written"),
        _text("amp_url", "address of its AMP page"),
        _text("cdn_amp_url", "address of its AMP page in a cache"),
        _text("original_url", "address that it was first found at"),
        _time("published_at", "time of publication"),
        _text(
            "date_quality",
            f"{DateQuality.EXACT} or {DateQuality.CORRECTED} (a researcher gave it), or why the time is unsure: "
            + "; ".join(f"{value} ({words})" for value, words in DOUBTS.items()),
        ),
        _time("source_published_at", "time of publication that its files give, where a researcher gave another"),
        _text("source_date_quality", "date_quality of that time"),
        _text("kind", "article, video ..."),
        _text("category", "section that the file puts it in"),
        _integer("quality", "the provider's own score"),
        _integer("heat", "the provider's own score of attention"),
        Property("published", Type.BOOLEAN, "whether the file calls it published"),
        _text("language", "language tag where the file gives one"),
        _text("country", "country that the file gives it, as a code of two letters (ISO 3166)"),
        _text("agency", "news agency that its credit names; absent where there is no credit"),
    ),
)
Outlet = NodeType(
    "Outlet",
    "Who publishes",
    "registered domain, or the name that a researcher's outlets file gives",
    (
        _text("domain", "registered domain"),
        _text("name", "its usual name, from what its stories call it, or a researcher's"),
        Property("names", Type.TEXTS, "every other name that its stories give it"),
        _text("logo_url", "address of its logo"),
        _text("country", "country, from a researcher's outlets file; without one what most of its stories' files say"),
        _text("group", "owner or group, from a researcher's outlets file"),
        Property("facts", Type.TEXTS, "COLUMN=VALUE for each column of a researcher's outlets file but its names"),
        _STALE,
    ),
)
Topic = NodeType(
    "Topic",
    "What stories are about, as their files say",
    "slug of the name",
    (
        _text("name", "name as most of its stories write it"),
        Property("keywords", Type.TEXTS, "words that stand for it"),
        _STALE,
    ),
)
Image = NodeType(
    "Image",
    "A picture shown with stories",
    "canonical web address",
    (
        _text("url", "web address as written"),
        _integer("width", "width in pixels"),
        _integer("height", "height in pixels"),
        Property("cached", Type.BOOLEAN, "whether the provider keeps a copy"),
        _STALE,
    ),
)
Author = NodeType(
    "Author",
    "A name under which stories are published; people of the same name are one",
    "slug of the name",
    (_text("name", "name as most of its stories write it"), _STALE),
)
Entity = NodeType(
    "Entity",
    "A person, an organisation or a place that a file lists with its stories; nothing is found in texts",
    "Wikidata's id where a file gives one (`Q42`), else its kind, `:`, and the slug of its name",
    (
        _text("name", "name as most of its stories write it"),
        _text("kind", "person, organisation or place"),
        _text("wikidata", "Wikidata's id"),
        _STALE,
    ),
)
Event = NodeType(
    "Event",
    "Something that happened, covered by one or more stories",
    "`event:` and a hash of its earliest story's id",
    (
        _text("title", "most typical headline of its stories, or the name that a researcher gave it"),
        _text("label", "a researcher's own name for it; empty for an event of ours"),
        _time("first_published_at", "time of its earliest story of a sure date"),
        _time("last_published_at", "time of its latest story of a sure date"),
        _integer("story_count", "number of its stories"),
        _integer("outlet_count", "number of outlets that covered it"),
    ),
)
Version = NodeType(
    "Version",
    "A headline and an excerpt that a file gave a story before they were edited; kept where load --keep-versions asks",
    "the story's id, `#`, and a hash of the wording, its file and its end",
    (
        _text("title", "headline of that time"),
        _text("excerpt", "first lines or summary of that time"),
        _time("seen_at", "when a load last read it"),
        _time("replaced_at", "when a load first read the wording that followed"),
        _text("source", "id of the Source that gave it"),
    ),
)
Source = NodeType(
    "Source",
    "A file that told of stories",
    "label/path in the folder",
    (
        _text("path", "path inside the loaded folder, with / between its parts"),
        _text("format", "format of the file"),
        _text("content_hash", "SHA-256, in hexadecimal, of its bytes, and of its site's settings where it has them"),
        _time("loaded_at", "when it was last read"),
        _integer("errors", "what was wrong in it and lost by it; such a file is read again at each load"),
        Property("records", Type.TEXT, "what it said, as a JSON list of records", internal=True, required=True),
        _text("wordings", "earlier wordings of what it tells, as a JSON list", internal=True),
        _text("reader", "the version of newsgraph that read it; another one reads it again", internal=True),
        _text("stamp", "its size, times and number on disk; absent where they couldn't show a change", internal=True),
    ),
    bookkeeping=True,
)
Address = NodeType(
    "Address",
    "Another spelling of a story's web address",
    "`https://` and the normalised address",
    (),
    bookkeeping=True,
)
Corpus = NodeType(
    "Corpus",
    "The store itself: one node",
    "`corpus`",
    (
        _integer("schema_version", "version of this schema"),
        _text("outlets", "the researcher's outlets file, as JSON", internal=True),
        _text("corrections", "the researcher's decisions, as JSON", internal=True),
        _text("event_base", "events as they were before the decisions, where these changed them", internal=True),
        _text("event_settings", "what was chosen for the events and differs from the defaults, as JSON", internal=True),
        _text("event_background", "the words that the corpus always has, as JSON", internal=True),
        _text("event_threads", "what the threads were made by", internal=True),
        _text("event_origin", "derived, imported or none"),
        Property(
            "events_current",
            Type.BOOLEAN,
            "whether the events are those of the stories now in the store",
            internal=True,
        ),
        Property("no_authors", Type.BOOLEAN, "whether authors are left out", internal=True),
        _text("folders", "label and resolved path of each loaded folder, as JSON", internal=True),
        _text("columns", "which column of a table holds which field, as JSON", internal=True),
        _text(
            "sites", "label of a folder -> web address of the site that is made from its files, as JSON", internal=True
        ),
        _text("collecting", "labels of the folders whose files keep what they once said, as JSON", internal=True),
        _text("versioned", "labels of the folders whose earlier wordings are kept, as JSON", internal=True),
        _text("own_hosts", "hosts that are outlets of their own because their stories say so, as JSON", internal=True),
        Property(
            "own_hosts_current", Type.BOOLEAN, "whether they are those of the stories now in the store", internal=True
        ),
        Property(
            "rebuilding", Type.BOOLEAN, "a change of the outlets file has not reached all stories yet", internal=True
        ),
    ),
    bookkeeping=True,
)

NODE_TYPES: tuple[NodeType, ...] = (
    Story,
    Outlet,
    Topic,
    Image,
    Author,
    Entity,
    Event,
    Version,
    Source,
    Address,
    Corpus,
)

PublishedBy = EdgeType(
    "PUBLISHED_BY", "Story", "Outlet", "the outlet that published the story", (_SAID,), describes=True
)
About = EdgeType("ABOUT", "Story", "Topic", "a topic that the file gives the story", (_SAID,), describes=True)
HasImage = EdgeType(
    "HAS_IMAGE",
    "Story",
    "Image",
    "a picture shown with the story",
    (_integer("position", "place in the story's list, from 0"), _text("title", "caption"), _SAID),
    describes=True,
)
AuthoredBy = EdgeType(
    "AUTHORED_BY",
    "Story",
    "Author",
    "a name in the story's byline",
    (_integer("position", "place in the byline, from 0"), _SAID),
    describes=True,
)
MentionsEntity = EdgeType(
    "MENTIONS_ENTITY",
    "Story",
    "Entity",
    "the file lists the person, organisation or place with the story",
    (_SAID,),
    describes=True,
)
RelatedTo = EdgeType(
    "RELATED_TO",
    "Story",
    "Story",
    "the article's file lists the other as related",
    (_integer("position", "place in the article's list, from 0"),),
)
Covers = EdgeType(
    "COVERS",
    "Story",
    "Event",
    "the story is about the event",
    (
        Property("score", Type.REAL, "how well it fits the event's other stories, 0 to 1", required=True),
        Property("weak_fit", Type.BOOLEAN, "whether it fits so badly that it is not ranked as a first"),
    ),
)
CopyOf = EdgeType(
    "COPY_OF",
    "Story",
    "Story",
    "the same text, first published by the other",
    (Property("similarity", Type.REAL, "likeness to the earliest of its group, 0 to 1", required=True),),
)
VersionOf = EdgeType("VERSION_OF", "Version", "Story", "the story once had the headline and the excerpt")
Follows = EdgeType(
    "FOLLOWS",
    "Event",
    "Event",
    "the event continues the other, which began earlier; an event follows at most one",
    (
        Property("score", Type.REAL, "how much the two have in common, 0 to 1"),
        _integer("related", "how many related lists of their stories lead from one to the other"),
    ),
)
SubtopicOf = EdgeType("SUBTOPIC_OF", "Topic", "Topic", "the topic belongs under the other")
Mentions = EdgeType(
    "MENTIONS",
    "Source",
    "Story",
    "the file tells of the story",
    (_text("role", "main or related"),),
    bookkeeping=True,
)
DescribesOutlet = EdgeType(
    "DESCRIBES_OUTLET",
    "Source",
    "Outlet",
    "the file holds a page about the outlet",
    (_SAID,),
    describes=True,
    bookkeeping=True,
)
DescribesTopic = EdgeType(
    "DESCRIBES_TOPIC",
    "Source",
    "Topic",
    "the file holds a page about the topic, or about a topic under it",
    (_SAID,),
    describes=True,
    bookkeeping=True,
)
AddressOf = EdgeType("ADDRESS_OF", "Address", "Story", "another spelling of the story's address", bookkeeping=True)

EDGE_TYPES: tuple[EdgeType, ...] = (
    PublishedBy,
    About,
    HasImage,
    AuthoredBy,
    MentionsEntity,
    RelatedTo,
    Covers,
    CopyOf,
    VersionOf,
    Follows,
    SubtopicOf,
    Mentions,
    DescribesOutlet,
    DescribesTopic,
    AddressOf,
)

NODES: dict[str, NodeType] = {declared.label: declared for declared in NODE_TYPES}
EDGES: dict[str, EdgeType] = {declared.type: declared for declared in EDGE_TYPES}


def property_types(declared: NodeType | EdgeType) -> Iterator[tuple[str, Type]]:
    """Yields name and type of each declared property, in the order of the declaration. A node's ``id`` is not
    included."""
    for property_ in declared.properties:
        yield property_.name, property_.type


__all__ = [
    "DOUBTS",
    "EDGES",
    "EDGE_TYPES",
    "NODES",
    "NODE_TYPES",
    "SCHEMA_VERSION",
    "SURE",
    "DateQuality",
    "EdgeType",
    "NodeType",
    "Property",
    "Type",
    "Value",
    "property_types",
]
