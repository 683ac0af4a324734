"""The files of a site. The file of a page keeps its name as long as the thing that it is about keeps its id."""

from __future__ import annotations

import hashlib
import re

#: Ids that are valid file names on every system. Names made below contain an underscore, so none is the same.
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?")
#: Names that Windows reserves for devices, whatever follows the first dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
_OTHER = re.compile(r"[^a-z0-9]+")

FOLDERS = {"event": "events", "outlet": "outlets", "topic": "topics"}


def page_file(kind: str, id: str) -> str:
    """Returns the path, inside the site, of the page of an event, outlet or topic: ``outlets/reuters.com.html``.

    An id that could have a meaning for a file system or a browser is replaced by its letters and a hash of it.
    """
    plain = id.removeprefix("event:") if kind == "event" else id
    if not _PLAIN.fullmatch(plain) or _DEVICES.match(plain) or ".." in plain:
        # No store accepts surrogates, but they may still come from a test or from a store of another package.
        digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        plain = f"{_OTHER.sub('-', plain.lower()[:200]).strip('-')[:40]}_{digest}"
    return f"{FOLDERS[kind]}/{plain}.html"
