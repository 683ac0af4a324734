"""The files of a site: each page has a name that stays the same as long as what it is about keeps its id."""

from __future__ import annotations

import hashlib
import re

#: Ids that are a file name as they are, on every system. Names made below hold an underscore, so that none is alike.
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?")
#: Names that Windows keeps for devices, whatever follows the first dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
_OTHER = re.compile(r"[^a-z0-9]+")

FOLDERS = {"event": "events", "outlet": "outlets", "topic": "topics"}


def page_file(kind: str, id: str) -> str:
    """The path, inside the site, of the page of an event, outlet or topic: ``outlets/reuters.com.html``.

    An id that could mean anything to a file system or to a browser is replaced by its letters and a hash of it.
    """
    plain = id.removeprefix("event:") if kind == "event" else id
    if not _PLAIN.fullmatch(plain) or _DEVICES.match(plain) or ".." in plain:
        # The surrogates that no store takes may still come from a test or from a person's own store.
        digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        plain = f"{_OTHER.sub('-', plain.lower()[:200]).strip('-')[:40]}_{digest}"
    return f"{FOLDERS[kind]}/{plain}.html"
