"""The registry of formats, and reading one file. A file's format is found by its content, or else by its ending.

Other packages can add formats by entry points of the group ``newsgraph.loaders``. Each leads to a module like those
here (see :class:`Loader`). Theirs are tried before newsgraph's own, in order of names.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol, cast

from msgspec import Struct
from msgspec.structs import replace

from newsgraph.errors import PluginError
from newsgraph.loaders.document import Document
from newsgraph.loaders.intake.contents import MAXIMUM_BYTES
from newsgraph.loaders.intake.decompress import MissingLibraryError, decompressed, is_compressed
from newsgraph.loaders.intake.encodings import NotTextError, decode
from newsgraph.loaders.intake.files import ENDINGS
from newsgraph.loaders.intake.sites import PagePlace
from newsgraph.loaders.intake.web_copies import saved_page
from newsgraph.loaders.other_kinds import is_written, reason
from newsgraph.loaders.records import Problem, Reading
from newsgraph.registry import Registry, check_has, origin


class Loader(Protocol):
    """The module of a format. In a folder, files with an ending of ``intake.files.ENDINGS`` are read. A module of
    another package can name further endings in ``ENDINGS``, in lower case with the dot."""

    def matches(self, document: Document, /) -> bool:
        """Tells whether the document is of this format.

        Every file is shown to each format until one says yes. So this looks only at the beginning (``document.head``),
        the ending or the first object of the JSON (``document.sample``).
        """
        ...

    def read(self, document: Document, /) -> Reading | None:
        """Returns the records of the document, and what is wrong with it as problems; None for a page that holds no
        story.

        Never raises because of a file's content.
        """
        ...


#: Formats in the order in which they are tried: modules that are a :class:`Loader`. One line for each format.
LOADERS: tuple[str, ...] = (
    "newsgraph.loaders.formats.yaml_front_matter",
    "newsgraph.loaders.formats.toml_front_matter",
    "newsgraph.loaders.formats.press_archives",
    "newsgraph.loaders.formats.kept.ris",
    "newsgraph.loaders.formats.json_front_matter",
    "newsgraph.loaders.formats.newsgraph_lines",
    "newsgraph.loaders.formats.json_feed",
    "newsgraph.loaders.formats.services.guardian",
    "newsgraph.loaders.formats.services.nyt",
    "newsgraph.loaders.formats.services.event_registry",
    "newsgraph.loaders.formats.services.newsdata",
    "newsgraph.loaders.formats.services.trafilatura",
    "newsgraph.loaders.formats.services.trafilatura_xml",
    "newsgraph.loaders.formats.services.fundus",
    "newsgraph.loaders.formats.services.wordpress_rest",
    "newsgraph.loaders.formats.services.drupal",
    "newsgraph.loaders.formats.services.bing_news",
    "newsgraph.loaders.formats.services.newscatcher",
    "newsgraph.loaders.formats.services.smartable_api",
    "newsgraph.loaders.formats.services.newsapi",
    "newsgraph.loaders.formats.services.gdelt",
    "newsgraph.loaders.formats.services.mediacloud",
    "newsgraph.loaders.formats.services.newsplease",
    "newsgraph.loaders.formats.services.webhose",
    "newsgraph.loaders.formats.linked_data",
    "newsgraph.loaders.formats.ninjs",
    "newsgraph.loaders.formats.json_plain",
    "newsgraph.loaders.formats.news_sitemap",
    "newsgraph.loaders.formats.newsml_g2",
    "newsgraph.loaders.formats.nitf",
    "newsgraph.loaders.formats.kept.endnote_xml",
    "newsgraph.loaders.formats.wordpress_export",
    "newsgraph.loaders.formats.feeds",
    "newsgraph.loaders.formats.kept.bookmarks",
    "newsgraph.loaders.formats.html_pages",
    "newsgraph.loaders.formats.gdelt_gkg",
    "newsgraph.loaders.formats.yaml_files",
    "newsgraph.loaders.formats.header_lines",
    "newsgraph.loaders.formats.tables",
    "newsgraph.loaders.formats.kept.bibtex",
    "newsgraph.loaders.formats.kept.google_alerts",
)

_NAMES = {module.rpartition(".")[2]: module for module in LOADERS}


def _built_in(name: str) -> Loader:
    return cast("Loader", import_module(_NAMES[name]))


def _check(thing: object) -> Loader:
    return cast("Loader", check_has(thing, "matches", "read"))


#: All formats of installed packages, including newsgraph's own.
REGISTRY: Registry[Loader] = Registry("loader", "newsgraph.loaders", dict.fromkeys(_NAMES, ""), _built_in, _check)

#: How a zip begins, and the names by which it is a workbook of a spreadsheet: that of a part, or that of its kind.
_ZIP, _WORKBOOK, _OPEN_DOCUMENT = b"PK\x03\x04", b"xl/workbook.xml", b"opendocument.spreadsheet"
_WORKBOOKS = frozenset({".xlsx", ".ods"})
#: How many records one file may have. All of them are merged at once.
MAXIMUM_RECORDS = 100_000


def read(data: bytes, ending: str, columns: Mapping[str, str] | None = None) -> Reading | None:
    """Returns what the file says by itself, see :func:`reading_of`; None if it is of a kind that has no articles."""
    reading = reading_of(data, ending, columns)
    return None if reading.other else reading


def reading_of(
    data: bytes,
    ending: str,
    columns: Mapping[str, str] | None = None,
    path: str = "",
    page: PagePlace | None = None,
    advance: Callable[[int], None] | None = None,
) -> Reading:
    """Returns what the file says.

    ``columns`` says which column of a table holds which field. ``path`` is the file's path in its folder, and ``page``
    its place in a site. ``advance`` is called with the number of rows read so far. Problems are in the Reading and
    never raised. If the file is of a kind that has no articles, the Reading says why.
    """
    try:
        if is_compressed(data):
            data = decompressed(data, MAXIMUM_BYTES)
    except (ValueError, EOFError, zlib.error) as error:
        remedy = "" if isinstance(error, MissingLibraryError) else "Pack it anew, or leave it out"
        return _failed(f"it can't be unpacked: {error}", remedy)
    if ending in _WORKBOOKS or (data.startswith(_ZIP) and (_WORKBOOK in data or _OPEN_DOCUMENT in data[:200])):
        from newsgraph.loaders.formats.tables import read_workbook  # noqa: PLC0415  # few folders hold a workbook

        return _checked(read_workbook(data, columns or {}, advance or (lambda rows: None)), "")
    try:
        decoded = decode(saved_page(data) or data)
    except NotTextError as error:
        return _failed(error.problem, error.remedy, error.line)
    if not decoded.text or decoded.text.isspace():
        return _failed("it is empty", "Remove it, or write an article into it")
    rows = advance or (lambda rows: None)
    document = Document(decoded.text, ending, columns or {}, path, page, rows, decoded.printable)
    found = _read(document)
    if found is not None:
        return _other(document) if found.reading is None else _checked(found.reading, decoded.note)
    return _unread(document)


def _unread(document: Document) -> Reading:
    """Returns the reading of a file that is of no format."""
    if is_written(document):
        return _failed("there is no front matter", "Begin the file with a block between two lines of ---", 1)
    return _other(document)


def _other(document: Document) -> Reading:
    """Returns the reading of a file without articles. It is an error if the file looks as if it should have some."""
    why, like_articles = reason(document)
    if not like_articles:
        return Reading("other", other=why)
    remedy = "Name its fields as docs/formats.md does, or leave the file out"
    return Reading("other", problems=(Problem(f"no article could be read: {why}", remedy),))


class _Found(Struct, frozen=True):
    """What a loader read from a document of its format."""

    reading: Reading | None


def _read(document: Document) -> _Found | None:
    """Returns what the first loader reads whose format the document has; None if it has none of them."""
    for name in REGISTRY.added():
        if (found := _read_by_other(name, document)) is not None:
            return found
    for name in _NAMES:
        loader = REGISTRY.get(name)
        if loader.matches(document):
            return _Found(loader.read(document))
    return None


def known_endings() -> frozenset[str]:
    """Returns the endings of files that are read in a folder, including those that loaders of other packages name."""
    known = set(ENDINGS)
    for name in REGISTRY.added():
        try:
            known.update(getattr(REGISTRY.get(name), "ENDINGS", ()))
        except PluginError:
            continue  # REGISTRY.problems() reports it
    return frozenset(known)


def _read_by_other(name: str, document: Document) -> _Found | None:
    """Returns what a loader of another package reads from the document.

    None if the document isn't of its format, or if the loader can't be used. If a loader fails, only the file that it
    took for its own is lost.
    """
    try:
        loader = REGISTRY.get(name)
        if not loader.matches(document):
            return None
    except PluginError:
        return None
    except Exception as error:
        REGISTRY.set_aside(name, error)
        return None
    try:
        reading = loader.read(document)
        if reading is not None:
            from newsgraph.loaders.record_types import check_types  # noqa: PLC0415  seldom needed

            check_types(reading.records)
        return _Found(reading)
    except Exception as error:
        REGISTRY.set_aside(name, error)
        said = f"the loader {name} failed ({type(error).__name__}: {error})"
        return _Found(_failed(said, f"Update or uninstall {origin(REGISTRY.added()[name])}"))


def _checked(reading: Reading, note: str) -> Reading:
    if len(reading.records) > MAXIMUM_RECORDS:
        said = f"it tells of {len(reading.records):,} articles, more than {MAXIMUM_RECORDS:,}"
        return _failed(said, "Split it into several files")
    return replace(reading, notes=(note, *reading.notes)) if note else reading


def _failed(message: str, remedy: str, line: int | None = None) -> Reading:
    return Reading("unknown", problems=(Problem(message, remedy, line=line),))
