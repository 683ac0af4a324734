"""The store's only Corpus node: what a load must know of the loads before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.corrections import Corrections
from newsgraph.graph.outlet_decisions import OutletsDecided, outlets_decided
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.schema import SCHEMA_VERSION, Value
from newsgraph.graph.stores.protocol import Store

CORPUS_ID = "corpus"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The Corpus node with typed fields. ``folders`` maps a label to the resolved path of the folder loaded under
    it."""

    folders: Mapping[str, str] = field(default_factory=dict)
    outlets: str = ""  # the outlets file, as OutletDirectory writes it; empty when there is none
    corrections: str = ""  # the researcher's decisions, as Corrections writes them; empty when there are none
    event_base: str = ""  # the events that decisions changed, as they were derived; see graph/events/base.py
    columns: str = ""  # record field -> column of tables, as JSON; empty when the headers of the tables are used
    sites: Mapping[str, str] = field(default_factory=dict)  # label of a folder -> web address of the site of its files
    collecting: tuple[str, ...] = ()  # labels of the folders whose files keep earlier records, sorted
    versioned: tuple[str, ...] = ()  # labels of the folders whose earlier wordings are kept, sorted
    own_hosts: tuple[str, ...] = ()  # hosts that are outlets of their own because their stories say so, sorted
    own_hosts_current: bool = False  # whether they are those of the stories now in the store
    rebuilding: bool = False
    no_authors: bool = False  # whether authors are left out
    event_settings: str = ""  # as EventSettings writes them; empty for the defaults
    event_background: str = ""  # the background that the events were derived with, as JSON
    event_threads: str = ""  # rule, settings and background that the threads were made by, as a hash
    event_origin: str = "none"  # derived, imported or none
    events_current: bool = False

    @classmethod
    def of(cls, store: Store) -> Self:
        """Returns the corpus of a store. A store that has none yet gives that of an empty store."""
        node = next(iter(store.nodes("Corpus", [CORPUS_ID])), None)
        if node is None:
            return cls()
        had = node.properties
        return cls(
            folders=json.loads(str(had.get("folders", "{}"))),
            outlets=str(had.get("outlets", "")),
            corrections=str(had.get("corrections", "")),
            event_base=str(had.get("event_base", "")),
            columns=str(had.get("columns", "")),
            sites=json.loads(str(had.get("sites", "{}"))),
            no_authors=bool(had.get("no_authors", False)),
            collecting=tuple(json.loads(str(had.get("collecting", "[]")))),
            versioned=tuple(json.loads(str(had.get("versioned", "[]")))),
            own_hosts=tuple(json.loads(str(had.get("own_hosts", "[]")))),
            own_hosts_current=bool(had.get("own_hosts_current", False)),
            rebuilding=bool(had.get("rebuilding", False)),
            event_settings=str(had.get("event_settings", "")),
            event_background=str(had.get("event_background", "")),
            event_threads=str(had.get("event_threads", "")),
            event_origin=str(had.get("event_origin", "none")),
            events_current=bool(had.get("events_current", False)),
        )

    @property
    def listed_outlets(self) -> OutletDirectory:
        """Returns the researcher's outlets file that the store keeps; an empty one when there is none."""
        return OutletDirectory.from_json(self.outlets) if self.outlets else OutletDirectory()

    @property
    def directory(self) -> OutletDirectory:
        """Returns which outlets there are: what the researcher says, the outlets file with the decisions about outlets,
        and below it the hosts that are outlets of their own because their stories say so."""
        return self.decided_outlets(Corrections.from_json(self.corrections)).directory.with_own(self.own_hosts)

    def decided_outlets(self, corrections: Corrections) -> OutletsDecided:
        """Returns what the outlets file and these decisions say of outlets, with the decisions that contradict each
        other."""
        return outlets_decided(self.listed_outlets, corrections)

    def node(self) -> Node:
        """Returns the node to write."""
        properties: dict[str, Value] = {
            "schema_version": SCHEMA_VERSION,
            "folders": json.dumps(dict(self.folders), ensure_ascii=False, sort_keys=True),
            "event_origin": self.event_origin,
            "events_current": self.events_current,
        }
        optional: dict[str, Value] = {
            "outlets": self.outlets,
            "corrections": self.corrections,
            "event_base": self.event_base,
            "columns": self.columns,
            "sites": json.dumps(dict(self.sites), ensure_ascii=False, sort_keys=True) if self.sites else "",
            "collecting": _json_of(self.collecting),
            "versioned": _json_of(self.versioned),
            "event_settings": self.event_settings,
            "event_background": self.event_background,
            "event_threads": self.event_threads,
            "no_authors": self.no_authors,
            "own_hosts": _json_of(self.own_hosts),
            "own_hosts_current": self.own_hosts_current,
            "rebuilding": self.rebuilding,
        }
        properties |= {name: value for name, value in optional.items() if value}
        return Node("Corpus", CORPUS_ID, properties)

    def write(self, store: Store, **changes: object) -> Corpus:
        """Returns the corpus with ``changes``, and writes it to the store if something changed."""
        changed = replace(self, **changes)  # type: ignore[arg-type]  # the dataclass checks the names itself
        if changed != self or next(iter(store.nodes("Corpus", [CORPUS_ID])), None) is None:
            store.write(Batch(nodes=[changed.node()]))
        return changed


def _json_of(names: tuple[str, ...]) -> str:
    return json.dumps(names, ensure_ascii=False) if names else ""
