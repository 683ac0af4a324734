"""Finds out why no Neo4j answers at an address (name, network, encryption or protocol) by trying each in turn.

The driver only tells these apart by messages that change with its version, and with ``neo4j://`` not at all.
"""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

SECONDS = 3.0
_PORT = 7687
# The Bolt handshake: a fixed number, then four versions that a client supports. The server chooses one of them.
_HANDSHAKE = bytes.fromhex("6060b017 00080805 00020404 00000003 00000000")


def diagnose(server: str) -> tuple[str, str] | None:
    """Returns problem and remedy for the ``scheme://host:port`` of a server; None if a Bolt server answers there."""
    parts = urlsplit(server)
    host, port = parts.hostname or "", parts.port or _PORT
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as connection:
            return _speak(connection, host, parts.scheme.partition("+")[2])
    except (socket.gaierror, UnicodeError):
        return "its host name doesn't resolve", "Check the spelling and the network"
    except ConnectionRefusedError:
        return "nothing listens there", "Start Neo4j (docker compose up -d), or check host and port"
    except TimeoutError:
        return "no answer in time", "Check host, port and firewall"
    except OSError as error:
        return f"it can't be reached ({error.strerror or error})", "Check host, port and network"


def _speak(connection: socket.socket, host: str, encryption: str) -> tuple[str, str] | None:
    if not encryption:
        return _shake_hands(connection, encrypted=False)
    context = ssl.create_default_context()
    if encryption == "ssc":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        with context.wrap_socket(connection, server_hostname=host) as secured:
            return _shake_hands(secured, encrypted=True)
    except ssl.SSLCertVerificationError as error:
        return (
            f"its certificate isn't trusted ({error.verify_message})",
            "Use +ssc in place of +s for a self-signed one",
        )
    except (OSError, ValueError):
        return "it doesn't speak TLS", "Leave +s or +ssc out of the address for a server without encryption"


def _shake_hands(connection: socket.socket, *, encrypted: bool) -> tuple[str, str] | None:
    try:
        connection.sendall(_HANDSHAKE)
        answer = connection.recv(4)
    except TimeoutError:
        answer = None
    except OSError:
        answer = b""
    if answer is not None and len(answer) == 4 and answer[:2] == b"\0\0" and answer[3] in (3, 4, 5):
        return None
    remedy = "Give the address of Neo4j's Bolt port, by default 7687"
    if answer == b"HTTP":
        return "what answers there is a web server, not Neo4j's Bolt port", remedy
    if answer == b"" and not encrypted:
        return "it hangs up, so it is no Neo4j, or one that asks for encryption", f"{remedy}, or use +s"
    return "what listens there is no Neo4j", remedy
