"""Websites that are made from files of front matter (Hugo, Jekyll, Zola): which file is a page of which site.

Such files hardly ever hold their own address: the site's settings and the path tell it.
"""

from __future__ import annotations

from pathlib import Path

from newsgraph.errors import UsageError
from newsgraph.graph.urls.identity import normalised_address
from newsgraph.loaders.intake.site_pages import PagePlace, date_in_name
from newsgraph.loaders.intake.site_settings import Site, site_in

__all__ = ["PagePlace", "Sites", "date_in_name", "site_address"]

#: Folders above a loaded one in which settings are looked for.
_ABOVE = 4


def site_address(given: str) -> str:
    """The address of ``--site``, checked. Raises UsageError."""
    address = given.strip() if "://" in given else f"https://{given.strip()}"
    if normalised_address(address) is None:
        raise UsageError("--site", f"{given!r} is no web address", "Write it as --site https://example.com/")
    return address


class Sites:
    """Finds the site of each file: that whose settings lie in one of the folders above it. ``base`` is the address that
    the user gives; it goes before that of the settings."""

    def __init__(self, base: str = "") -> None:
        self._base = base
        self._found: dict[Path, tuple[Site, Path] | None] = {}

    def place_of(self, file: Path, root: Path, inner_path: str) -> PagePlace | None:
        """The place of a file below ``root``, the loaded folder, as ``inner_path``; None when it is of no site."""
        found = self._above(file.parent, root)
        if found is not None:
            site, folder = found
            return PagePlace(site, file.relative_to(folder).as_posix())
        return PagePlace(Site("plain", self._base), inner_path) if self._base else None

    def _above(self, folder: Path, root: Path) -> tuple[Site, Path] | None:
        """The site whose settings lie in that folder or the nearest above it, and their folder."""
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
