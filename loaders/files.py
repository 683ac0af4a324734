"""From what a user names on the command line to the files to read, each with the id that it keeps."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsgraph.graph.errors import InputError, UsageError

#: Endings that count in a folder; a file named by itself is read whatever its ending.
ENDINGS = frozenset({".md", ".markdown", ".txt", ".yaml", ".yml", ".json"})


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: where it is, and the id that its Source keeps (``label/path in the folder``)."""

    path: Path
    source_id: str

    @property
    def inner_path(self) -> str:
        """Its path inside the folder, with / between the parts."""
        return self.source_id.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a load covers: the files found, which ids a missing file would have had, and what was passed over."""

    files: tuple[File, ...]
    folders: Mapping[str, str]  # label -> resolved path, known and new
    covered: tuple[str, ...]  # prefixes of source ids: a known source under one of them without a file is gone
    skipped: Mapping[str, int] = field(default_factory=Counter)  # ending -> count
    problems: tuple[InputError, ...] = ()


def select(paths: Sequence[Path], known: Mapping[str, str], label: str | None = None) -> Selection:
    """The files that ``paths`` name, in the order of their ids.

    ``known`` maps the label of each folder loaded before to its resolved path: a file below one of them keeps its id
    however it is named now. Raises UsageError for a label that stands for another folder already; a path that is
    missing or can't be read is among ``problems``.
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
        except (OSError, RuntimeError) as error:
            problems.append(InputError(str(given), _reason(error), "Check the path and its permissions"))
            continue
        if path.is_dir():
            prefix = roots.add(path, label)
            covered.append(prefix)
            found = list(_walk(path, skipped, problems))
            if not found and not any(problem.subject == str(path) for problem in problems):
                problems.append(InputError(str(given), "no article file is in this folder", _ENDINGS_REMEDY))
        else:
            if roots.id_of(path) is None:
                roots.add(path.parent, label)
            found = [path]
        for one in found:
            source_id = roots.id_of(one)
            assert source_id is not None
            files[source_id] = File(one, source_id)
    ordered = tuple(files[source_id] for source_id in sorted(files))
    return Selection(ordered, roots.by_label, tuple(covered), skipped, tuple(problems))


_ENDINGS_REMEDY = "Files that count end in " + ", ".join(sorted(ENDINGS))


class _Roots:
    """The folders that give source ids, the deepest first: an id once given stays."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.by_label = dict(known)

    def add(self, folder: Path, label: str | None) -> str:
        """Makes sure that files in ``folder`` have ids; the prefix of the ids that it covers."""
        known = self.id_of(folder / "x")
        if known is not None and (label is None or self.by_label.get(label) == str(folder)):
            return known[:-1]
        name = label or folder.name or "root"
        there = self.by_label.get(name)
        if there is not None and there != str(folder) and Path(there).exists():
            raise UsageError(
                str(folder),
                f"another folder is loaded as {name!r} already ({there})",
                f"Give this one a name of its own: --as {name}-2",
            )
        self.by_label[name] = str(folder)
        return f"{name}/"

    def id_of(self, path: Path) -> str | None:
        text = str(path)
        best: tuple[int, str] | None = None
        for label, root in self.by_label.items():
            base = root.rstrip(os.sep) + os.sep
            if text.startswith(base) and (best is None or len(base) > best[0]):
                best = len(base), f"{label}/{text[len(base) :].replace(os.sep, '/')}"
        return best[1] if best else None


def _walk(folder: Path, skipped: Counter[str], problems: list[InputError]) -> Iterator[Path]:
    """Regular files with a known ending below ``folder``, in order; hidden ones and links to folders are left out."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        problems.append(InputError(str(folder), _reason(error), "Give yourself permission to read it, or leave it out"))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(path, skipped, problems)
                continue
            mode = entry.stat().st_mode
        except OSError as error:
            problems.append(InputError(entry.path, _reason(error), "Mend or remove the link"))
            continue
        ending = path.suffix.lower()
        if not stat.S_ISREG(mode) or ending not in ENDINGS or _is_ours(path, ending):
            skipped[ending if stat.S_ISREG(mode) else "no file"] += 1
            continue
        yield path


def _is_ours(path: Path, ending: str) -> bool:
    """Whether it is an export or a store of ours, which say so at their beginning."""
    if ending != ".json":
        return False
    try:
        with path.open("rb") as stream:
            return b'"newsgraph' in stream.read(512)
    except OSError:
        return False


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
