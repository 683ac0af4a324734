"""Finds the files to read from the paths that a user names, each with the id that it keeps."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from msgspec import Struct, field

from newsgraph.errors import InputError, UsageError
from newsgraph.loaders.intake.archives import COMPRESSED, MAXIMUM_DEPTH, Archive, is_archive
from newsgraph.loaders.intake.contents import MAXIMUM_BYTES, Content, content, content_of, stamp_of, too_large
from newsgraph.loaders.intake.work_limit import WorkLimit

#: Endings of the files that are read in a folder. A file that is named itself is read whatever its ending. For a
#: compressed file the ending before that of the compression counts. Archives are read as folders.
ENDINGS = frozenset(
    {
        ".md", ".markdown", ".mdx", ".rst", ".txt", ".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv",
        ".rss", ".atom", ".rdf", ".xml", ".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht", ".webarchive", ".rtf",
        ".ris", ".xlsx", ".ods", ".bib", ".eml", ".mbox", ".opml",
    }
)  # fmt: skip


class File(Struct, frozen=True):
    """A file to read: where it is, and the id that its Source keeps (``label/path in the folder``).

    ``members`` leads to a file in an archive: its name, after the names of the archives that it is in.
    """

    path: Path
    source_id: str
    members: tuple[str, ...] = ()

    @property
    def inner_path(self) -> str:
        """Its path inside the folder, with / between the parts."""
        return self.source_id.partition("/")[2]

    @property
    def shown(self) -> str:
        """What messages call it."""
        return "/".join((str(self.path), *self.members))

    @property
    def ending(self) -> str:
        """The ending that gives its format, in lower case."""
        return ending_of(self.members[-1] if self.members else self.path.name)


@lru_cache(maxsize=64)
def ending_of(name: str) -> str:
    """Returns the ending of a file's name in lower case, without that of a compression."""
    stem, ending = _divided(name.lower().rpartition("/")[2])
    return _divided(stem)[1] if ending in COMPRESSED else ending


def _divided(name: str) -> tuple[str, str]:
    # It divides a name as pathlib does, in a tenth of the time.
    place = name.rfind(".")
    return (name[:place], name[place:]) if 0 < place < len(name) - 1 else (name, "")


class FileReader:
    """Reads files. It keeps the last archive open, because its members follow one another. It is a context manager."""

    def __init__(self) -> None:
        self._archives: list[Archive] = []
        self._way: tuple[str, ...] = ()

    def content(self, file: File) -> Content:
        """The bytes of a file. Raises InputError."""
        if not file.members:
            return content(file.path)
        data = self._open((str(file.path), *file.members[:-1])).read(file.members[-1], MAXIMUM_BYTES)
        if len(data) > MAXIMUM_BYTES:
            raise too_large(file.shown)
        return content_of(data)

    def stamp(self, file: File) -> str:
        """Returns the file's present stamp, to be compared with the one that it was read with; empty if it has none."""
        if file.members:
            return ""
        try:
            return stamp_of(file.path.stat())
        except (OSError, ValueError):
            return ""

    def _open(self, way: tuple[str, ...]) -> Archive:
        shared = 0
        while shared < min(len(way), len(self._way)) and way[shared] == self._way[shared]:
            shared += 1
        while len(self._archives) > shared:
            self._archives.pop().close()
        self._way = way[:shared]
        for name in way[shared:]:
            opened = self._archives[-1].inner(name, MAXIMUM_BYTES) if self._archives else Archive.at(Path(name))
            self._archives.append(opened)
            self._way = (*self._way, name)
        return self._archives[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._archives:
            self._archives.pop().close()
        self._way = ()


class Selection(Struct, frozen=True):
    """What a load covers: the files found, which ids missing files would have had, and what was left out."""

    files: tuple[File, ...]
    folders: Mapping[str, str]  # label -> resolved path, known and new
    covered: tuple[str, ...]  # prefixes of source ids: under them, a known source without a file is gone
    skipped: Mapping[str, int] = field(default_factory=Counter)  # ending -> count
    problems: tuple[InputError, ...] = ()


def select(
    paths: Sequence[Path], known: Mapping[str, str], label: str | None = None, endings: Set[str] = ENDINGS
) -> Selection:
    """Returns the files that ``paths`` name, in the order of their ids; in folders and archives, those with an ending
    of ``endings``.

    ``known`` maps the label of each folder loaded before to its resolved path. A file below one of them keeps its id,
    however it is named now. Raises UsageError for a label that already stands for another folder. A path that is
    missing or can't be read is in ``problems``.
    """
    if label is not None and len(paths) != 1:
        raise UsageError("--as", "one name for several paths", "Load them one by one, each with its own --as")
    if label is not None and (not label or "/" in label or label.startswith(".")):
        raise UsageError("--as", f"{label!r} can't name a folder", "Give a name without / that begins with no dot")
    roots = _Roots(known)
    files: dict[str, File] = {}
    covered: list[str] = []
    skipped: Counter[str] = Counter()
    problems: list[InputError] = []
    for given in paths:
        try:
            path = given.resolve(strict=True)
        except FileNotFoundError:
            problems.append(InputError(str(given), "there is no such file or folder", "Check the path"))
            continue
        except (OSError, RuntimeError, ValueError) as error:
            problems.append(InputError(str(given), _reason(error), "Check the path and its permissions"))
            continue
        if path.is_dir():
            prefix = roots.add(path, label)
            covered.extend((prefix, *roots.below(path)))
            found = list(_walk(path, endings, skipped, problems))
            if not found and not any(problem.subject == str(path) for problem in problems):
                problems.append(InputError(str(given), "no article file is in this folder", _endings_remedy(endings)))
        else:
            if roots.id_of(path) is None:
                roots.add(path.parent, label)
            found = [path]
        for one in found:
            source_id = roots.id_of(one)
            assert source_id is not None
            if is_archive(one.name):
                covered.append(f"{source_id}/")
                files.update((file.source_id, file) for file in _unpacked(one, source_id, endings, skipped, problems))
            else:
                files[source_id] = File(one, source_id)
    ordered = tuple(files[source_id] for source_id in sorted(files))
    return Selection(ordered, roots.by_label, tuple(covered), skipped, tuple(problems))


def _endings_remedy(endings: Set[str]) -> str:
    return "Files that count end in " + ", ".join(sorted(endings)) + ", or are archives of such"


class _Roots:
    """The folders that give source ids, the deepest first. A source keeps the id that it once got."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.by_label = dict(known)

    def add(self, folder: Path, label: str | None) -> str:
        """Makes sure that files in ``folder`` have ids. Returns the prefix of the ids that it covers."""
        known = self.id_of(folder / "x")
        if known is not None:
            if label is not None and self.by_label.get(label) != str(folder):
                name = known.split("/", 1)[0]
                raise UsageError(str(folder), f"its files are loaded under {name!r} already", "Leave --as out")
            return known[:-1]
        name = _readable(label or folder.name or "root")
        there = self.by_label.get(name)
        if there is not None and there != str(folder) and Path(there).exists():
            raise UsageError(
                str(folder),
                f"another folder is loaded as {name!r} already ({there})",
                f"Give this one a name of its own: --as {name}-2",
            )
        self.by_label[name] = str(folder)
        return f"{name}/"

    def below(self, folder: Path) -> list[str]:
        """Returns the prefixes of ids that folders inside ``folder`` gave when they were loaded by themselves."""
        base = str(folder).rstrip(os.sep) + os.sep
        return [f"{label}/" for label, root in self.by_label.items() if root.startswith(base)]

    def id_of(self, path: Path) -> str | None:
        text = str(path)
        best: tuple[int, str] | None = None
        for label, root in self.by_label.items():
            base = root.rstrip(os.sep) + os.sep
            if text.startswith(base) and (best is None or len(base) > best[0]):
                best = len(base), f"{label}/{_readable(text[len(base) :].replace(os.sep, '/'))}"
        return best[1] if best else None


def _readable(name: str) -> str:
    """Returns a name in which bytes that aren't UTF-8 are shown as codes."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _entries(folder: Path, problems: list[InputError]) -> list[os.DirEntry[str]]:
    """Returns what is in a folder, by name; nothing if it can't be read, which is reported."""
    try:
        with os.scandir(folder) as scanned:
            return sorted(scanned, key=lambda entry: entry.name)
    except OSError as error:
        problems.append(InputError(str(folder), _reason(error), "Give yourself permission to read it, or leave it out"))
        return []


def _walk(root: Path, endings: Set[str], skipped: Counter[str], problems: list[InputError]) -> Iterator[Path]:
    """Yields regular files with a known ending below a folder.

    Hidden files, links to folders and newsgraph's own files are left out. Links to files elsewhere are reported.
    """
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        entries = _entries(folder, problems)
        exported = any(entry.name in _OF_EXPORTS and _is_ours(Path(entry.path)) for entry in entries)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = Path(entry.path)
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                    continue
                linked = entry.is_symlink()
                # Unless it is a link, the folder itself tells what it is.
                regular = stat.S_ISREG(entry.stat().st_mode) if linked else entry.is_file()
                elsewhere = linked and not path.resolve().is_relative_to(root)
            except (OSError, RuntimeError) as error:
                problems.append(InputError(entry.path, _reason(error), "Mend or remove the link"))
                continue
            if regular and ".kgl" in entry.name and ".kgl" in path.suffixes:
                continue  # a store and its lock
            ending = ending_of(entry.name)
            counts = ending in endings or is_archive(entry.name)
            if not regular or not counts or exported or _is_ours(path, ending):
                skipped[path.suffix.lower() if regular else "no file"] += 1
            elif elsewhere:
                problems.append(
                    InputError(
                        entry.path, "the link leads out of the folder", "Copy the file here, or name it by itself"
                    )
                )
            else:
                yield path


def _unpacked(
    path: Path, source_id: str, endings: Set[str], skipped: Counter[str], problems: list[InputError]
) -> Iterator[File]:
    """Yields the files in an archive, and in archives within it, as far as their list can be read."""

    def walk(archive: Archive, way: tuple[str, ...]) -> Iterator[File]:
        for member in archive.members():
            here = (*way, member.name)
            if is_archive(member.name):
                if len(here) >= MAXIMUM_DEPTH:
                    place = f"{archive.place}/{member.name}"
                    said = f"archives lie more than {MAXIMUM_DEPTH} deep in each other"
                    problems.append(InputError(place, said, "Unpack it and load what you trust"))
                    continue
                try:
                    with archive.inner(member.name, MAXIMUM_BYTES) as inner:
                        yield from walk(inner, here)
                except InputError as error:
                    if archive.budget.spent:
                        raise  # that of the file on disk: nothing more of it is looked at
                    problems.append(error)
            elif ending_of(member.name) in endings:
                yield File(path, _readable("/".join((source_id, *here))), here)
            else:
                skipped[PurePosixPath(member.name).suffix.lower()] += 1

    found: list[File] = []
    try:
        with WorkLimit() as limit, limit.held(File(path, source_id)), Archive.at(path) as archive:
            found.extend(walk(archive, ()))
    except InputError as error:
        problems.append(error)
    yield from found


#: Files that an export into a folder writes in addition to its tables.
_OF_EXPORTS = ("datapackage.json", "import.sh")
_OURS = (
    b'"newsgraph', b"urn:newsgraph", b'content="newsgraph"', b"--nodes=Story=Story.csv", b"// Made by newsgraph",
    b'"multigraph": true', b"<gexf ", b"<graphml ",
)  # fmt: skip


def _is_ours(path: Path, ending: str | None = None) -> bool:
    """Tells whether it is an export, a page or a store of newsgraph. Their beginning says so. ``ending`` is the file's,
    if it is known."""
    if (path.suffix.lower() if ending is None else ending) not in (".json", ".html", ".htm", ".xml", ".sh"):
        return False
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as stream:
            head = stream.read(2048)
    except OSError:
        return False
    return any(mark in head for mark in _OURS)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
