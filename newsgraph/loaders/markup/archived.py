"""Pages that an archive of the web keeps. Such a page belongs to its own site and not to the archive."""

from __future__ import annotations

import re

_ARCHIVED = re.compile(
    r"(?:https?:/{1,2})?(?:www\.)?(?:"
    r"web(?:-beta)?\.archive\.org(?::\d+)?/(?:web/)?\d{1,14}(?:[a-z]{2}_)?\*?/|archive\.org/(?:wayback|web)/\d{1,14}(?:[a-z]{2}_)?/|"
    r"archive\.(?:today|is|ph|fo|li|md|vn)/(?:newest/|oldest/|o/\w+/|\d{4,14}/|\d{4}\.\d\d\.\d\d-\d{6}/)|"
    r"webcitation\.org/query\?url=|(?:wayback|arquivo|webarchive)[\w.-]*/(?:wayback/|web/|noFrame/replay/|all/)?\d{14}(?:[a-z]{2}_)?/|"
    r"arquivo\.pt/(?:wayback|noFrame/replay)/\d{14}(?:[a-z]{2}_)?/|"
    r"(?:www\.)?webarchive\.(?:org\.uk|nationalarchives\.gov\.uk)/(?:wayback/(?:archive|en/archive)/|ukgwa/)?\d{14}(?:[a-z]{2}_)?/"
    r")(.+)",
    re.IGNORECASE | re.DOTALL,
)
_SLASHES = re.compile(r"(https?):/{1,2}", re.IGNORECASE)


def original(address: str) -> str:
    """Returns the address of the page itself, if the address is that of its copy in an archive; otherwise the
    address."""
    found = (
        _ARCHIVED.fullmatch(address) if "arch" in address or "arquivo" in address or "webcitation" in address else None
    )
    if found is None:
        return address
    inner = found[1]
    written = _SLASHES.match(inner)
    return f"{written[1]}://{inner[written.end() :]}" if written else f"http://{inner}"
