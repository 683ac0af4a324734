"""The address of a Neo4j store, and the credentials, which are never part of the address."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from newsgraph.errors import StoreConnectionError, UsageError

USERNAME = "NEO4J_USERNAME"
PASSWORD = "NEO4J_PASSWORD"  # noqa: S105  # the name of the variable
PASSWORD_FILE = "NEO4J_PASSWORD_FILE"  # noqa: S105  # likewise

_FORM = "Write it as neo4j://HOST:PORT?database=NAME"


@dataclass(frozen=True, slots=True)
class Address:
    """``server`` is what the driver gets. ``database`` is the name after ``?database=`` (None: the server's default).
    ``url`` is both in one spelling. None of them ever holds credentials."""

    server: str
    database: str | None
    url: str


def parse(url: str) -> Address:
    """Reads a URL. Raises UsageError if it holds credentials or anything unknown; the message doesn't repeat
    secrets."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError(url.split(":", 1)[0] + "://...", "not a well-formed address", _FORM) from None
    scheme = parts.scheme.lower()
    shown_host = f"[{host}]" if ":" in host else host
    server = f"{scheme}://{shown_host}" + (f":{port}" if port is not None else "")
    if "@" in parts.netloc:
        raise UsageError(
            f"{server}",
            "credentials don't belong in the address, where the shell's history and logs keep them",
            f"Set {USERNAME} and {PASSWORD}, or {PASSWORD_FILE}, in the environment",
        )
    if not host:
        raise UsageError(f"{scheme}://", "no host in the address", _FORM)
    if parts.path.strip("/") or parts.fragment:
        raise UsageError(server, "something follows the host", _FORM)
    database = None
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name != "database" or not value or database is not None:
            # The value isn't shown, because somebody may have written a password there.
            shown = "this" if "@" in url else f"{name!r} like this"
            raise UsageError(server, f"the address can't hold {shown}", _FORM)
        if value == "system":
            raise UsageError(server, "the database system holds users and databases, no graph", "Name another")
        database = value
    return Address(server, database, server + (f"?{urlencode({'database': database})}" if database else ""))


def credentials(server: str) -> tuple[str, str] | None:
    """Returns user and password from the environment.

    None, for a server without log-in, if neither a password nor a password file is named. Raises StoreConnectionError
    for a password file that can't be read.
    """
    user = os.environ.get(USERNAME) or "neo4j"
    password = os.environ.get(PASSWORD)
    if password:
        return user, password
    named = os.environ.get(PASSWORD_FILE)
    if not named:
        return None
    try:
        text = Path(named).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a text in UTF-8"
        raise StoreConnectionError(
            server, f"the password file {named} can't be read: {reason}", f"Correct {PASSWORD_FILE} or the file"
        ) from None
    password = text.rstrip("\r\n")
    if not password:
        raise StoreConnectionError(server, f"the password file {named} is empty", "Write the password into it")
    return user, password
