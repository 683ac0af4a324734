"""``--provenance`` and ``--provenance-file``: report what an answer, a page or an export was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.shared.terminal import show

if TYPE_CHECKING:
    from newsgraph.graph.stores.protocol import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whether and where the provenance is written."""

    on_stderr: bool
    target: Path | None
    force: bool

    def check(self, store_url: str) -> None:
        """Refuses a file that exists, and the store itself, before any work is done. Raises UsageError."""
        if self.target is not None:
            from newsgraph.graph.stores.registry import refuse_own_file  # noqa: PLC0415  # keeps --help light
            from newsgraph.output.atomic_files import check_file  # noqa: PLC0415

            refuse_own_file(store_url, self.target)
            check_file(self.target, force=self.force)

    def say(self, store: Store, kind: str, name: str, parameters: Mapping[str, Any]) -> None:
        """Writes that ``kind`` (question, page, export) of that name was made with ``parameters`` from the store."""
        if not self.on_stderr and self.target is None:
            return
        from newsgraph.queries.provenance import provenance, provenance_text  # noqa: PLC0415

        text = provenance_text(provenance(store, name, parameters, kind=kind))
        if self.target is None:
            show(text, aside=True)
            return
        from newsgraph.output.atomic_files import write_texts  # noqa: PLC0415

        write_texts([text + "\n"], self.target, force=self.force)


def provenance_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--provenance`` and ``--provenance-file``. They are passed as ``provenance`` and ``provenance_file``."""
    said = click.option(
        "--provenance",
        is_flag=True,
        help="Print what it was made from (version, parameters, corpus) as JSON on standard error.",
    )
    written = click.option(
        "--provenance-file", metavar="FILE", type=click.Path(path_type=Path), help="Write that to a file."
    )
    return said(written(command))
