"""Paths of addresses: removes the parts that don't change which page it is."""

from __future__ import annotations

import re

from newsgraph.graph.urls.escapes import escape_path
from newsgraph.patterns import later

_SESSION_IN_PATH = later(r";(?:j|php|asp)?sess(?:ion)?id=[^/;]*|/\([A-Z]\([0-9a-z]{24}\)\)(?=/|$)", re.IGNORECASE)
_AMP_END = later(r"(?<=[^/])\.amp(?=(?:\.html?)?$)")
_GOOGLE_AMP = later(r"\A/google-amp(?=/|\Z)")
_INDEX = later(r"/(?:index|default)\.(?:s?html?|xhtml|php[0-9]?|aspx?|jsp|cfm|cgi)$", re.IGNORECASE)


def _resolve_segments(path: str) -> str:
    """Returns the path without empty and dotted segments (RFC 3986, 5.2.4) and without a slash at its end."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if segments:
                segments.pop()
        elif segment not in ("", "."):
            segments.append(f"/{segment}")
    return "".join(segments)


def path_key(path: str) -> str:
    """Returns the path as it is in a key: without marks of AMP pages, sessions and index pages, and without a slash at
    its end."""
    path = escape_path(path)
    while True:
        before = path
        if "//" in path or "/." in path:
            path = _resolve_segments(path)
        if ";" in path or "(" in path:
            path = _SESSION_IN_PATH.sub("", path)
        path = _without_marks(path)
        if path == before:
            return path


def plain_path_key(path: str) -> str:
    """Returns ``path_key`` of a path without escapes, semicolons, brackets, and empty or dotted segments."""
    while (shorter := _without_marks(path)) != path and not is_plain_path(shorter):
        path = shorter
    return shorter


def _without_marks(path: str) -> str:
    """Returns the path, which is empty or begins with a slash, without a mark of an AMP or index page, and without
    slashes at its end. The result may have further marks."""
    if "." in path:
        if path[path.rfind("/") : path.rfind("/") + 9].lower().startswith(("/index.", "/default.")):
            path = _INDEX.sub("", path)
        if ".amp" in path:
            path = _AMP_END.sub("", path)
    if "/amp" in path or path.startswith("/google-amp"):
        pages = f"{_GOOGLE_AMP.sub('/amp', path) if path.startswith('/google-amp') else path}/"
        while "/amp/" in pages:
            pages = pages.replace("/amp/", "/")
        if pages.strip("/"):  # "/amp" alone is a section, or a site about amplifiers
            path = pages
    return path.rstrip("/")


# The parts of a path, in lower case and followed by a slash, that may be such marks.
_MARKS = ("/amp/", ".amp", "/google-amp/", "/index.", "/default.")


def is_plain_path(path: str) -> bool:
    """Tells whether a path is its own ``path_key``. It must have no escapes, no empty or dotted segments, and no slash
    at its end."""
    lower = path.lower()
    if "amp" not in lower and "." not in lower:  # most paths; each of the marks has one of these
        return True
    lower += "/"
    for part in _MARKS:  # noqa: SIM110  # all() takes twice as long
        if part in lower:
            return False
    return True
