"""What an answer, a page or an export was made from: the version, the parameters, and a hash of the corpus."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.output.cells import json_value
from newsgraph.queries.asking.kept_rows import rows_of
from newsgraph.slices import in_slices
from newsgraph.version import __version__

#: The number of rows that are written at a time.
_SOME = 5_000


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is needed to make it again: the same version, asked the same of the same corpus, gives the same bytes.

    ``kind`` is question, page or export, and ``name`` says which one.
    """

    newsgraph: str
    kind: str
    name: str
    parameters: Mapping[str, Any]
    corpus_sha256: str


def corpus_hash(store: Store) -> str:
    """Returns SHA-256 over the files' names and contents, the outlets file, the decisions, the events' settings, and
    which story is in which event.

    It is the same in every store. It doesn't depend on times of loading or on a machine's folders.
    """
    digest = hashlib.sha256()
    for name in ("corpus_sources", "corpus_settings", "corpus_memberships"):
        digest.update(name.encode())
        for line in _lines(rows_of(store, f"lookups/{name}", {})):
            digest.update(line.encode())
    return digest.hexdigest()


def _lines(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    """Returns each row as a line of JSON, in order of the lines. All cells are texts or empty."""
    lines: list[str] = []
    for some in in_slices(rows, _SOME):
        # Many cells are written in one call, which takes a fifth of the time. None of them has a line end when written.
        cells = iter(json.dumps(list(chain.from_iterable(some)), separators=("\n", ":"))[1:-1].split("\n"))
        lines += [f"[{', '.join(row)}]\n" for row in zip(*[cells] * len(some[0]), strict=True)]
    return sorted(lines)


def provenance(store: Store, name: str, parameters: Mapping[str, Any], *, kind: str = "question") -> Provenance:
    """Returns what is needed to make the answer to the question ``name``, or the page or export, again.

    ``parameters`` are those that were used (for an answer, those of ``Answer.parameters``).
    """
    return Provenance(__version__, kind, name, dict(parameters), corpus_hash(store))


def provenance_text(made: Provenance) -> str:
    """Returns the provenance as one line of JSON, with times in ISO 8601."""
    told = {
        "newsgraph": made.newsgraph,
        made.kind: made.name,
        "parameters": made.parameters,
        "corpus_sha256": made.corpus_sha256,
    }
    return json.dumps(json_value(told), ensure_ascii=False, default=str)
