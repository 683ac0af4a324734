"""What made an answer, a page or an export: the version, the parameters, and a hash of the corpus."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.output.tables import json_value
from newsgraph.queries.asking.texts import packaged
from newsgraph.version import __version__


@dataclass(frozen=True, slots=True)
class Provenance:
    """Enough to make it again: the same version asked the same of the same corpus gives the same bytes. ``kind`` is
    question, page or export, ``name`` which one."""

    newsgraph: str
    kind: str
    name: str
    parameters: Mapping[str, Any]
    corpus_sha256: str


def corpus_hash(store: Store) -> str:
    """SHA-256 over the files' names and contents, the outlets file, the events' settings, and which story is on which
    event.

    The same on every store; times of loading and folders of a machine have no part in it.
    """
    digest = hashlib.sha256()
    for name in ("corpus_sources", "corpus_settings", "corpus_memberships"):
        digest.update(name.encode())
        for line in sorted(json.dumps(row, ensure_ascii=True) for row in store.query(packaged(f"lookups/{name}"))):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def provenance(store: Store, name: str, parameters: Mapping[str, Any], *, kind: str = "question") -> Provenance:
    """What makes the answer to the question ``name``, or the page or export, with ``parameters`` (of an answer those of
    ``Answer.parameters``) on this store."""
    return Provenance(__version__, kind, name, dict(parameters), corpus_hash(store))


def provenance_text(made: Provenance) -> str:
    """The provenance as one line of JSON, times in ISO 8601."""
    told = {
        "newsgraph": made.newsgraph,
        made.kind: made.name,
        "parameters": made.parameters,
        "corpus_sha256": made.corpus_sha256,
    }
    return json.dumps(json_value(told), ensure_ascii=False, default=str)
