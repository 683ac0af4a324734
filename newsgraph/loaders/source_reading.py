"""Reads files into sources: the node of each file that changed, with the records that the file holds now.

It knows no store. A load calls it with what its store knows of the files; so does a lake, once for each batch of files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct, field

from newsgraph.errors import InputError
from newsgraph.graph.batch import Node
from newsgraph.graph.schema import Value
from newsgraph.loaders.intake.contents import Content
from newsgraph.loaders.intake.files import File, FileReader
from newsgraph.loaders.intake.sites import PAGES, PagePlace, Sites, hash_of, stamp_of
from newsgraph.loaders.intake.work_limit import WorkLimit
from newsgraph.loaders.load_report import FileMessage, LoadReport, Step, Steps
from newsgraph.loaders.records import ArticleRecord, Problem, Reading, Record
from newsgraph.loaders.registry import reading_of
from newsgraph.version import __version__

#: Returns what a known file says together with what is kept of it from before, and its earlier wordings, packed. It is
#: given the hash of the file's content, too.
History = Callable[[File, Reading, str], tuple[Sequence[Record], str]]

#: What is known of a source: the hash of its content, its number of errors, and its stamp.
Known = tuple[object, ...]
#: Known, but to be read again whatever its file looks like.
TO_BE_READ: Known = ("", 0, None)


def known_from(had: Known, reader: object) -> Known:
    """Returns what is known of a source, ``had``, if this version of newsgraph read it. What another version read is to
    be read again, because this version may understand more of it."""
    return had if reader == __version__ else TO_BE_READ


class FolderPlace(Struct, frozen=True):
    """A loaded folder: its label, its path, and the web address of the site that is made from it (empty: unknown)."""

    label: str
    root: Path
    site: str = ""


class Settled(Struct, frozen=True):
    """What holds for all files of a load. ``now`` has a zone. ``columns`` says which column of a table holds which
    field. In a ``dry_run`` nothing is merged, so that doubts about times are counted while files are read."""

    now: datetime
    places: tuple[FolderPlace, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    no_authors: bool = False
    dry_run: bool = False


def places_of(folders: Mapping[str, str], sites: Mapping[str, str]) -> tuple[FolderPlace, ...]:
    """The folders of a selection, by label, with the address of each one's site."""
    return tuple(FolderPlace(label, Path(root), sites.get(label, "")) for label, root in folders.items())


def report_failure(report: LoadReport, error: InputError) -> None:
    """Adds a file that can't be read to a report."""
    report.errors.append(str(error))
    report.messages.append(FileMessage("error", error.subject, error.problem, error.remedy))


def without_authors(records: Sequence[Record]) -> tuple[Record, ...]:
    """The same records without the names in bylines, except those of agencies."""
    return tuple(one.without_authors() if isinstance(one, ArticleRecord) else one for one in records)


class SourceReader:
    """Reads files, one group after another, and notes in ``report`` what is to be said of them. It is a context
    manager, because it keeps an archive open."""

    def __init__(
        self, settled: Settled, report: LoadReport, steps: Steps | None = None, history: History | None = None
    ) -> None:
        self._settled = settled
        self._report = report
        self._steps = steps or (lambda step: None)
        self._history: History = history or (lambda file, reading, hash: (reading.records, ""))
        self._places = {place.label: (place.root, Sites(place.site)) for place in settled.places}
        self._files = FileReader()
        self._limit = WorkLimit()

    def __enter__(self) -> Self:
        self._files.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.__exit__(kind, error, trace)

    def read(
        self,
        group: Iterable[File],
        known: Mapping[str, Known],
        stop: Callable[[], bool] = lambda: False,
    ) -> dict[str, tuple[Node, Sequence[Record]] | None]:
        """Returns the sources of a group that changed, each with its records, or with None if it has no records any
        more.

        ``known`` maps the sources that are known to their content's hash, their errors and their stamp. When ``stop``
        says so, the files that follow are left out.
        """
        with self._limit:
            return self._read(group, known, stop)

    def _read(
        self, group: Iterable[File], known: Mapping[str, Known], stop: Callable[[], bool]
    ) -> dict[str, tuple[Node, Sequence[Record]] | None]:
        report = self._report
        sources: dict[str, tuple[Node, Sequence[Record]] | None] = {}
        for file in group:
            if stop():
                report.stopped = True
                break
            source_id = file.source_id
            before = known.get(source_id, TO_BE_READ)
            page = self._page(file)
            if before[1] == 0 and before[2] and before[2] == stamp_of(self._files.stamp(file), page):
                report.unchanged += 1
                continue
            try:
                with self._limit.held(file):
                    looked = self._look_into(file, page, before[0] if before[1] == 0 else None)
            except InputError as error:
                report.failed += 1
                report_failure(report, error)
                continue
            if looked is None:
                report.unchanged += 1
                continue
            found, hash, reading = looked
            errors = self._note(file, reading.problems)
            if reading.other:
                report.other_kinds += 1
                report.others.setdefault(reading.other, []).append(file.shown)
                report.messages.append(FileMessage("other", file.shown, reading.other))
            elif reading.records or not errors:
                report.read += 1
            else:
                report.failed += 1
            report.notes.extend(f"{file.shown}: {note}" for note in reading.notes)
            if reading.records:
                if reading.unknown_fields:
                    report.unknown_fields.update(reading.unknown_fields)
                stamp = stamp_of(found.stamp, page) if found.stamp else ""
                sources[source_id] = self._source(file, reading, hash, stamp, errors, is_known=source_id in known)
            elif source_id in known:
                sources[source_id] = None
        return sources

    def _source(
        self, file: File, reading: Reading, hash: str, stamp: str, errors: int, *, is_known: bool
    ) -> tuple[Node, Sequence[Record]]:
        properties: dict[str, Value] = {
            "path": file.inner_path,
            "format": reading.format,
            "content_hash": hash,
            "loaded_at": self._settled.now,
            "errors": errors,
            "reader": __version__,
        }
        if stamp:
            properties["stamp"] = stamp
        records, wordings = self._history(file, reading, hash) if is_known else (reading.records, "")
        if wordings:
            properties["wordings"] = wordings
        records = without_authors(records) if self._settled.no_authors else records
        return Node("Source", file.source_id, properties), records

    def _look_into(self, file: File, page: PagePlace | None, known_hash: object) -> tuple[Content, str, Reading] | None:
        """What is in a file, its hash and what it says; None where the hash is the one that is known. Raises
        InputError."""
        found = self._files.content(file)
        hash = hash_of(found.hash, page)
        if hash == known_hash:
            return None
        said = reading_of(found.data, file.ending, self._settled.columns, file.inner_path, page, self._rows_of(file))
        return found, hash, said

    def _note(self, file: File, problems: Iterable[Problem]) -> int:
        errors = 0
        for problem in problems:
            if problem.doubt:
                if self._settled.dry_run:  # then nothing is merged
                    self._report.doubts[problem.doubt] += problem.count
                continue
            line = problem.describe(file.shown)
            kind = "remark" if problem.remark else "error"
            self._report.messages.append(
                FileMessage(
                    kind, file.shown, problem.message, problem.remedy, problem.field, problem.line, problem.count
                )
            )
            if problem.remark:
                self._report.notes.append(line)
            else:
                errors += 1
                self._report.errors.append(line)
        return errors

    def _page(self, file: File) -> PagePlace | None:
        """Returns the file's place in its site; None if it isn't a page of one."""
        if file.ending not in PAGES or file.members:
            return None
        label, _, _ = file.source_id.partition("/")
        root, sites = self._places[label]
        return sites.place_of(file.path, root, file.inner_path)

    def _rows_of(self, file: File) -> Callable[[int], None]:
        """Returns a function that reports how many rows of a file are read."""
        name = file.inner_path.rpartition("/")[2]
        return lambda rows: self._steps(Step(f"Reading {name}", rows, None, "rows"))
