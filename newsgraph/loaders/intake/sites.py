"""Websites that are made from files, by Hugo, Jekyll, Pelican and others: which file is a page of which site.

Such files hardly ever hold their own address. It follows from the site's settings and the file's path.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from newsgraph.errors import UsageError
from newsgraph.graph.urls.identity import normalised_address
from newsgraph.loaders.intake.site_pages import PagePlace, date_in_name
from newsgraph.loaders.intake.site_settings import Site, site_in

__all__ = ["PAGES", "PagePlace", "Sites", "date_in_name", "hash_of", "site_address", "stamp_of"]

#: The number of folders above a loaded one in which settings are looked for.
_ABOVE = 4


def site_address(given: str) -> str:
    """Returns the address that ``--site`` gives, after checking it. Raises UsageError."""
    address = given.strip() if "://" in given else f"https://{given.strip()}"
    if normalised_address(address) is None:
        raise UsageError("--site", f"{given!r} is no web address", "Write it as --site https://example.com/")
    return address


class Sites:
    """Finds the site of each file: the one whose settings are in one of the folders above it. ``base`` is the address
    that the user gives; it is used instead of that in the settings."""

    def __init__(self, base: str = "") -> None:
        self._base = base
        self._found: dict[Path, tuple[Site, Path] | None] = {}
        self._by_name: dict[str, tuple[Site, Path] | None] = {}

    def place_of(self, file: Path, root: Path, inner_path: str) -> PagePlace | None:
        """Returns the place of a file, which is ``inner_path`` below the loaded folder ``root``; None if it is in no
        site."""
        name = os.path.dirname(file)  # noqa: PTH120  # a tenth of what the path of the folder costs
        if name in self._by_name:
            found = self._by_name[name]
        else:
            found = self._by_name[name] = self._above(file.parent, root)
        if found is not None:
            site, folder = found
            return PagePlace(site, file.relative_to(folder).as_posix())
        return PagePlace(Site("plain", self._base), inner_path) if self._base else None

    def _above(self, folder: Path, root: Path) -> tuple[Site, Path] | None:
        """Returns the site whose settings are in that folder or the nearest one above it, and their folder."""
        if folder in self._found:
            return self._found[folder]
        highest = root.parents[_ABOVE - 1] if len(root.parents) >= _ABOVE else Path(root.anchor)
        passed: list[Path] = []
        found: tuple[Site, Path] | None = None
        for here in (folder, *folder.parents):
            if here in self._found:
                found = self._found[here]
                break
            passed.append(here)
            site = site_in(here, self._base)
            if site is not None:
                found = site, here
            if site is not None or here == highest:
                break
        self._found.update(dict.fromkeys(passed, found))
        return found


#: Endings of files that sites make pages from.
PAGES = frozenset({".md", ".markdown", ".mdx", ".html", ".htm", ".rst"})


def hash_of(hash: str, page: PagePlace | None) -> str:
    """Returns the hash of everything that a file's records depend on: its bytes, and its site's settings."""
    return hash if page is None else hashlib.sha256(f"{hash} {page.site.fingerprint}".encode()).hexdigest()


def stamp_of(stamp: str, page: PagePlace | None) -> str:
    """Returns the stamp of a file's state and of its site's settings; empty if the file has none."""
    return stamp if page is None or not stamp else f"{stamp} {page.site.fingerprint}"
