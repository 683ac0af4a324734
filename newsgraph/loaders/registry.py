"""The registry of formats, and reading one file: its format is found by its content, and by its ending where that
doesn't tell."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

from newsgraph.loaders.document import Document
from newsgraph.loaders.intake.contents import MAXIMUM_BYTES
from newsgraph.loaders.intake.decompress import MissingLibraryError, decompressed, is_compressed
from newsgraph.loaders.intake.encodings import NotTextError, decode
from newsgraph.loaders.records import Problem, Reading

#: Formats in the order in which they are tried: modules with ``matches(document)`` and ``read(document)``. One line a
#: format.
LOADERS: tuple[str, ...] = (
    "newsgraph.loaders.formats.yaml_front_matter",
    "newsgraph.loaders.formats.toml_front_matter",
    "newsgraph.loaders.formats.json_front_matter",
    "newsgraph.loaders.formats.newsgraph_lines",
    "newsgraph.loaders.formats.json_feed",
    "newsgraph.loaders.formats.smartable_api",
    "newsgraph.loaders.formats.newsapi",
    "newsgraph.loaders.formats.gdelt",
    "newsgraph.loaders.formats.mediacloud",
    "newsgraph.loaders.formats.newsplease",
    "newsgraph.loaders.formats.webhose",
    "newsgraph.loaders.formats.linked_data",
    "newsgraph.loaders.formats.json_plain",
    "newsgraph.loaders.formats.feeds",
    "newsgraph.loaders.formats.html_pages",
    "newsgraph.loaders.formats.yaml_files",
    "newsgraph.loaders.formats.tables",
)

#: What one file may tell of; all of it is merged at once.
MAXIMUM_RECORDS = 100_000


def read(data: bytes, ending: str, columns: Mapping[str, str] | None = None) -> Reading | None:
    """What the file says; None when it is a page of a kind that holds no story. ``columns`` says which column of a
    table holds which field. Problems are in the Reading, never raised."""
    try:
        if is_compressed(data):
            data = decompressed(data, MAXIMUM_BYTES)
    except (ValueError, EOFError, zlib.error) as error:
        remedy = "" if isinstance(error, MissingLibraryError) else "Pack it anew, or leave it out"
        return _failed(f"it can't be unpacked: {error}", remedy)
    try:
        decoded = decode(data)
    except NotTextError as error:
        return _failed(error.problem, error.remedy, error.line)
    if not decoded.text or decoded.text.isspace():
        return _failed("it is empty", "Remove it, or write an article into it")
    document = Document(decoded.text, ending, columns or {})
    for name in LOADERS:
        module = import_module(name)
        if module.matches(document):
            reading: Reading | None = module.read(document)
            return None if reading is None else _checked(reading, decoded.note)
    if ending in (".md", ".markdown", ".txt"):
        return _failed("there is no front matter", "Begin the file with a block between two lines of ---", 1)
    return None


def _checked(reading: Reading, note: str) -> Reading:
    if len(reading.records) > MAXIMUM_RECORDS:
        said = f"it tells of {len(reading.records):,} articles, more than {MAXIMUM_RECORDS:,}"
        return _failed(said, "Split it into several files")
    return replace(reading, notes=(note, *reading.notes)) if note else reading


def _failed(message: str, remedy: str, line: int | None = None) -> Reading:
    return Reading("unknown", problems=(Problem(message, remedy, line=line),))
