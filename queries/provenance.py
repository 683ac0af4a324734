"""What made an answer: the version, the question with its parameters, and a hash of the corpus."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.render import json_value
from newsgraph.queries.text import packaged


@dataclass(frozen=True, slots=True)
class Provenance:
    """Enough to make the answer again: the same version asked the same of the same corpus gives the same bytes."""

    newsgraph: str
    question: str
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


def provenance(store: Store, question: str, parameters: Mapping[str, Any]) -> Provenance:
    """What makes the answer to ``question`` with ``parameters`` (those of ``Answer.parameters``) on this store."""
    return Provenance(version("newsgraph"), question, dict(parameters), corpus_hash(store))


def provenance_text(made: Provenance) -> str:
    """The provenance as one line of JSON, times in ISO 8601."""
    return json.dumps(json_value(dataclasses.asdict(made)), ensure_ascii=False, default=str)
