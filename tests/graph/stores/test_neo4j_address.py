"""Addresses and credentials of a Neo4j store, and what answers at an address: no server needed."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsgraph.errors import StoreConnectionError, UsageError
from newsgraph.graph.stores.neo4j import diagnosis as neo4j_diagnosis
from newsgraph.graph.stores.neo4j.address import credentials, parse
from newsgraph.graph.stores.registry import open_store
from tests.neo4j.server import free_port

SCHEMES = ["neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_address_has_a_server_and_a_database(scheme: str) -> None:
    address = parse(f"{scheme}://graph.example:7687?database=news")
    assert (address.server, address.database) == (f"{scheme}://graph.example:7687", "news")
    assert parse(address.url) == address
    assert parse(f"{scheme}://graph.example").database is None


def test_the_scheme_may_be_written_in_capitals_and_the_host_be_an_ip_6_address() -> None:
    assert parse("BOLT://[::1]:7687/").url == "bolt://[::1]:7687"


@pytest.mark.parametrize(
    "url",
    [
        "neo4j://ana:geheim@host",
        "neo4j://geheim@host",
        "neo4j://ana:geheim@host:99999",
        "neo5j://ana:geheim@host",
        "bolt://host?password=geheim",
        "bolt://host?database=a&database=geheim",
        "bolt://host?database=",
        "bolt://host?geheim",
        "bolt://host/geheim",
        "bolt://host#geheim",
        "bolt://",
        "bolt://[::1",
        "bolt://host:port",
        "bolt://host?database=system",
    ],
)
def test_what_is_no_address_is_refused_and_no_secret_repeated(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_store(url)
    message = str(caught.value)
    assert "geheim:" not in message and "=geheim" not in message and "geheim@" not in message
    assert "\n" not in message and caught.value.remedy
    if "@" in url:
        assert "geheim" not in message
    if url == "neo4j://ana:geheim@host":
        assert "NEO4J_PASSWORD_FILE" in message


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert credentials("bolt://host") is None
    secret = tmp_path / "secret"
    secret.write_text("wide open sesame \n", encoding="utf-8")
    monkeypatch.setenv("NEO4J_PASSWORD_FILE", str(secret))
    assert credentials("bolt://host") == ("neo4j", "wide open sesame ")
    monkeypatch.setenv("NEO4J_USERNAME", "ana")
    monkeypatch.setenv("NEO4J_PASSWORD", "closed")
    assert credentials("bolt://host") == ("ana", "closed")


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe\x00"])
def test_a_password_file_that_holds_none_is_named(
    content: bytes | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    if content is not None:
        secret.write_bytes(content)
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    monkeypatch.setenv("NEO4J_PASSWORD_FILE", str(secret))
    with pytest.raises(StoreConnectionError, match=r"secret .*(can't be read|is empty)"):
        open_store("bolt://127.0.0.1")


@contextmanager
def _listener(behave: Callable[[socket.socket], object]) -> Iterator[int]:
    """The port of a TCP server that is none of ours; ``behave`` gets each connection, which then stays open."""
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                kept.append(connection)
                try:
                    behave(connection)
                except OSError:
                    continue

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        # Closing alone doesn't wake a thread that waits for the next connection.
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    for one in kept:
        one.close()


def _opening_fails(url: str) -> str:
    with pytest.raises(StoreConnectionError) as caught:
        open_store(url)
    message = str(caught.value)
    assert message.startswith(url) and "\n" not in message and caught.value.remedy
    return message


@pytest.fixture(autouse=True)
def _some_password(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "credentials" not in request.node.name and "password" not in request.node.name:
        monkeypatch.setenv("NEO4J_PASSWORD", "geheim")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_host_that_does_not_resolve(scheme: str) -> None:
    assert "doesn't resolve" in _opening_fails(f"{scheme}://no-such-host.invalid")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_port_that_nothing_listens_at(scheme: str) -> None:
    assert "nothing listens there" in _opening_fails(f"{scheme}://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
@pytest.mark.parametrize(
    ("behave", "problem"),
    [
        (lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), "no Neo4j"),
        (lambda connection: connection.sendall(b"\0\0\0\0"), "no Neo4j"),
        (lambda connection: connection.sendall(b"\0\0\1\x07"), "no Neo4j"),
        (lambda connection: connection.sendall(b"E"), "no Neo4j"),
        (lambda connection: connection.close(), "hangs up"),
    ],
    ids=["ssh", "zeros", "other", "short", "hangs-up"],
)
def test_a_server_that_is_no_neo4j(
    scheme: str, behave: Callable[[socket.socket], object], problem: str, quick: None
) -> None:
    with _listener(behave) as port:
        assert problem in _opening_fails(f"{scheme}://127.0.0.1:{port}")


def test_a_server_that_never_says_a_word(quick: None) -> None:
    with _listener(lambda connection: None) as port:
        assert "no Neo4j" in _opening_fails(f"bolt://127.0.0.1:{port}")


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+ssc"])
def test_encryption_that_the_other_side_does_not_speak(scheme: str, quick: None) -> None:
    with _listener(lambda connection: connection.sendall(b"hello, stranger\r\n")) as port:
        assert "TLS" in _opening_fails(f"{scheme}://127.0.0.1:{port}")


def test_a_web_server(quick: None) -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        assert "no Neo4j" in _opening_fails(f"bolt://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short patience with what never answers."""
    monkeypatch.setattr("newsgraph.graph.stores.neo4j.store.CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(neo4j_diagnosis, "SECONDS", 0.5)
