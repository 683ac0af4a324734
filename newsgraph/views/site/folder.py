"""Writes a site into a folder. Only what changed is written, and only files of the site are ever replaced or removed.

The folder's list, ``newsgraph-site.json``, names every file of the site with a hash of its bytes. A file whose bytes
would stay the same isn't touched, so that a copy to a host sends only what is new. Each file appears complete or not at
all. If writing a site is interrupted, the folder is still known as a site, and the next run completes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from newsgraph.errors import OutputError, TargetExistsError
from newsgraph.output.leftovers import name_beside, remove_all_leftovers

LIST = "newsgraph-site.json"


@dataclass(frozen=True, slots=True)
class Written:
    """The files of the site, their bytes, and how many were new or changed, unchanged, and removed. ``kept`` are files
    that are no longer part of the site, but that someone else changed."""

    files: int
    size: int
    changed: int
    unchanged: int
    removed: int
    kept: tuple[str, ...]


class SiteFolder:
    """A folder that a site is written into. Raises TargetExistsError for a folder that holds other things."""

    def __init__(self, target: Path) -> None:
        self.target = target
        if target.exists() and not target.is_dir():
            raise TargetExistsError(str(target), "is a file; a site is a folder", "Give the name of a folder")
        if target.is_dir():
            inside = (place for place in target.iterdir() if place.is_dir() and not place.is_symlink())
            for folder in (target, *inside):
                remove_all_leftovers(folder)
        listed = self._listed()
        self.before = listed or {}
        if listed is None and target.is_dir() and any(target.iterdir()):
            raise TargetExistsError(
                str(target), "holds files, and is no site of newsgraph", "Give an empty folder or a new name"
            )

    def _listed(self) -> dict[str, str] | None:
        """Returns the files of the site in the folder, with their hashes; None if there is none."""
        try:
            listed = json.loads((self.target / LIST).read_text(encoding="utf-8"))["files"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise OutputError(
                str(self.target / LIST), f"can't be read: {error}", "Empty the folder, or give another one"
            ) from error
        return {str(name): str(digest) for name, digest in dict(listed).items() if _inside(str(name))}

    def write(self, pages: Iterable[tuple[str, bytes]]) -> Written:
        """Writes the pages, each a path inside the site and its bytes. Raises OutputError."""
        try:
            return self._write(pages)
        except OSError as error:
            raise OutputError(
                str(self.target), f"can't be written: {error.strerror or error}", "Run it again when there is room"
            ) from error

    def _write(self, pages: Iterable[tuple[str, bytes]]) -> Written:
        self.target.mkdir(parents=True, exist_ok=True)
        if not (self.target / LIST).exists():
            self._list({})  # so that the folder is known as a site from the first file on
        now: dict[str, str] = {}
        changed = size = 0
        try:
            for name, content in pages:
                if name in now or not _inside(name):
                    raise ValueError(f"the page {name!r} can't be part of a site, or is written twice")
                now[name] = hashlib.sha256(content).hexdigest()
                size += len(content)
                path = self.target / name
                if self.before.get(name) != now[name] or _digest(path) != now[name]:
                    changed += 1
                    path.parent.mkdir(exist_ok=True)
                    _put(path, content)
        except BaseException:
            # Both what was written now and what was there before belong to the site.
            with contextlib.suppress(OSError):
                self._list({**self.before, **now})
            raise
        kept = []
        gone = sorted(set(self.before) - set(now))
        for name in gone:
            held = _digest(self.target / name)
            if held == self.before[name]:
                (self.target / name).unlink()
            elif held is not None:
                kept.append(name)
        self._list(now)
        return Written(len(now), size, changed, len(now) - changed, len(gone) - len(kept), tuple(kept))

    def _list(self, files: Mapping[str, str]) -> None:
        text = json.dumps({"newsgraph": "site", "files": dict(sorted(files.items()))}, indent=0)
        content = text.encode("utf-8") + b"\n"
        path = self.target / LIST
        if not path.exists() or path.read_bytes() != content:
            _put(path, content)


def _inside(name: str) -> bool:
    """Tells whether a name, which a list in a folder gives, leads only into that folder."""
    parts = name.split("/")
    return len(parts) <= 2 and all(part and part not in (".", "..") and "\\" not in part for part in parts)


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _put(path: Path, content: bytes) -> None:
    # It isn't synced to disk for each file: there may be thousands, and the list tells the next run what is missing.
    beside = name_beside(path.with_name(path.name[:60]), "part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
