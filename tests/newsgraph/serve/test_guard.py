"""Nobody but the person at this computer is answered: not a foreign name, not another page, not without the token."""

from __future__ import annotations

import http.client
import socket
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsgraph.serve.guard import LONGEST_BODY
from newsgraph.serve.server import MOST_CONNECTIONS
from tests.newsgraph.serve.running import FORM, Running

PATHS = ["/", "/index.html", "/ask.html", "/ask/scoops.html", "/ask/scoops.csv", "/cypher.html", "/site.css", "/none"]
#: What a page of that kind would show if it were answered.
QUERY = {"query": "MATCH (s:Story) RETURN count(s) AS stories"}


def test_the_person_is_answered(live: Running) -> None:
    for path in PATHS[:-1]:
        assert live.get(path).status == 200, path
    assert live.get("/none").status == 404
    assert live.post("/cypher.html", QUERY).status == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "localhost:1",
        "127.0.0.1.evil:{port}",
        "",
        "[::1]:{port}",
        "127.0.0.1:{port}, evil.example",
    ],
)
def test_a_foreign_name_is_told_nothing(live: Running, open_live: Running, path: str, host: str) -> None:
    """DNS rebinding: the browser believes to speak to evil.example, whose address became ours."""
    for server in (live, open_live):
        reply = server.ask(path, headers={"Host": host.format(port=server.port)})
        assert reply.status in (400, 403)
        assert len(reply.content) < 200
        assert "set-cookie" not in reply.headers


def test_two_host_headers_or_none_are_refused(live: Running) -> None:
    for lines in ([f"Host: 127.0.0.1:{live.port}", "Host: evil.example"], []):
        with socket.create_connection(("127.0.0.1", live.port), timeout=20) as connection:
            request = "\r\n".join(["GET / HTTP/1.1", *lines, f"Cookie: {live.cookie}", "Connection: close", "", ""])
            connection.sendall(request.encode())
            answer = connection.makefile("rb").read()
        assert answer.split(b" ", 2)[1] in (b"400", b"403")


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "file://",
        "",
    ],
)
def test_another_page_can_neither_read_nor_run(live: Running, open_live: Running, origin: str) -> None:
    """Its browser would send the cookie if it came from this computer, too: the origin decides."""
    for server in (live, open_live):
        headers = {"Origin": origin.format(port=server.port)}
        for path in PATHS:
            reply = server.ask(path, headers=headers)
            assert reply.status == 403
            assert "access-control-allow-origin" not in reply.headers
        assert server.post("/cypher.html", QUERY, headers=headers).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("mode", "dest"),
    [
        ("no-cors", "script"),
        ("cors", "empty"),
        ("navigate", "iframe"),
        ("no-cors", "image"),
        ("websocket", "websocket"),
    ],
)
def test_another_page_can_load_nothing_of_ours(open_live: Running, site: str, mode: str, dest: str) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    for path in PATHS:
        assert open_live.ask(path, headers=headers).status == 403


def test_a_link_from_elsewhere_leads_to_a_page_but_asks_nothing(open_live: Running) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert open_live.ask("/events.html", headers=headers).status == 200
    assert open_live.ask("/ask/scoops.html?asked=1", headers=headers).status == 403
    assert open_live.ask("/cypher.html?query=RETURN%201", headers=headers).status == 403


@pytest.mark.parametrize("path", PATHS)
def test_without_the_cookie_nothing_is_answered(live: Running, path: str) -> None:
    wrong = [None, f"newsgraph-{live.port}=", f"newsgraph-{live.port}=x", f"newsgraph-1={live.server.keys.session}"]
    for cookie in wrong:
        reply = live.ask(path, cookie=cookie)
        assert reply.status == 401
        assert len(reply.content) < 200
    assert live.post("/cypher.html", QUERY, cookie=None).status == 401


def test_the_token_becomes_a_cookie_and_leaves_the_address(live: Running) -> None:
    token = live.server.keys.token
    reply = live.ask(f"/events.html?a=1&token={token}", cookie=None)
    assert reply.status == 303
    assert reply.headers["location"] == "/events.html?a=1"
    cookie = reply.headers["set-cookie"]
    assert cookie.startswith(live.cookie + ";")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert str(token) not in cookie
    assert live.ask(reply.headers["location"], cookie=live.cookie).status == 200


def test_a_wrong_token_is_refused_even_with_the_cookie(live: Running) -> None:
    for token in ("x", f"{live.server.keys.token}x", live.server.keys.session, "%F0%9F%98%80"):
        reply = live.ask(f"/?token={token}")
        assert reply.status == 403
        assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "/\\evil.example",
        "///evil.example",
        "/%2F/evil.example",
        "/%5Cevil.example",
    ],
)
def test_the_way_on_never_leads_elsewhere(live: Running, path: str) -> None:
    reply = live.ask(f"{path}?token={live.server.keys.token}", cookie=None)
    location = reply.headers.get("location", "/")
    assert location[:1] == "/"
    assert location[1:2] not in ("/", "\\")


@pytest.mark.parametrize("csrf", [None, "x", "\ud83d".encode("utf-16", "surrogatepass").decode("latin-1")])
def test_a_form_that_is_not_ours_runs_nothing(live: Running, open_live: Running, csrf: str | None) -> None:
    for server in (live, open_live):
        for path in ("/cypher.html", "/cypher.csv", "/cypher.json"):
            reply = server.post(path, QUERY, csrf=csrf)
            assert reply.status == 403
            assert "160" not in reply.text


def test_what_is_sent_is_bounded(live: Running) -> None:
    assert live.post("/cypher.html", {"query": "x" * LONGEST_BODY}).status == 413
    assert live.ask("/?" + "a" * 20_000).status == 414
    many = [("query", "RETURN 1"), *((f"x{i}", "") for i in range(3_000))]
    assert live.post("/cypher.html", many).status == 400
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=30)
    pieces = (b"query=" + b"x" * 50_000 for _ in range(20))
    headers = {"Cookie": live.cookie, "Content-Type": FORM, "Transfer-Encoding": "chunked"}
    try:
        connection.request("POST", "/cypher.html", body=pieces, headers=headers, encode_chunked=True)
        assert connection.getresponse().status == 413
    except (ConnectionError, http.client.HTTPException):
        pass  # closed before all was sent, which is as good
    finally:
        connection.close()


def test_a_body_of_another_kind_is_refused(live: Running) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/json"):
        assert live.post("/cypher.html", QUERY, headers={"Content-Type": kind}).status == 415
    assert live.ask("/cypher.html", method="POST", headers={"Content-Type": FORM}, body=b"\xff\xfe").status in (
        400,
        403,
    )


def test_who_sends_no_whole_request_keeps_nobody_waiting(live: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many connections as there may be: nothing, half a head, half a body, and half a request after a whole one."""
    monkeypatch.setattr("newsgraph.serve.server.SECONDS_TO_ASK", 0.5)
    whole = f"GET /none HTTP/1.1\r\nHost: 127.0.0.1:{live.port}\r\nCookie: {live.cookie}\r\n"
    body = f"POST /cypher.html HTTP/1.1\r\nHost: 127.0.0.1:{live.port}\r\nCookie: {live.cookie}\r\n"
    sent = ("", "GET / HTTP/1.1\r\nHost", f"{body}Content-Length: 100\r\n\r\ncsrf", f"{whole}\r\n{whole}")
    slow = [socket.create_connection(("127.0.0.1", live.port), timeout=120) for _ in range(MOST_CONNECTIONS)]
    try:
        for number, connection in enumerate(slow):
            with suppress(ConnectionError):  # on a busy machine it may be closed before anything was sent
                connection.sendall(sent[number % len(sent)].encode())
        for connection in slow:
            with suppress(ConnectionError):
                while connection.recv(65_536):
                    pass  # until it is closed from there
        monkeypatch.undo()
        assert live.get("/").status == 200
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"])
def test_other_methods_are_refused(live: Running, method: str) -> None:
    assert live.ask("/", method=method).status == 405


def test_every_answer_says_how_it_is_to_be_treated(live: Running) -> None:
    answers = [live.get(path) for path in PATHS] + [live.ask("/", cookie=None), live.post("/cypher.csv", QUERY)]
    for reply in answers:
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["x-frame-options"] == "DENY"
        assert reply.headers["cross-origin-resource-policy"] == "same-origin"
        assert reply.headers["cross-origin-opener-policy"] == "same-origin"
        assert reply.headers["referrer-policy"] == "same-origin"
        assert reply.headers["cache-control"] == "no-store"
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "server" not in reply.headers


def test_only_the_loopback_address_listens(live: Running) -> None:
    sockets = live.server._listening.getsockname()
    assert sockets[0] == "127.0.0.1"


SECRETS = [
    "/etc/passwd",
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/events/../../../etc/passwd",
    "/....//etc/passwd",
    "/site.css/../../news.kgl",
    "/news.kgl",
    "/.git/config",
    "/C:/Windows/win.ini",
    "/events/%00.html",
    "/templates/base.html",
    "/static/../newsgraph/errors.py",
    "/ask/..%2f..%2fx.html",
    "/ask/../cypher.html.html",
    "/correct/x.html",
    "/review.html",
    "/decisions.html",
]


@pytest.mark.parametrize("path", SECRETS)
def test_no_path_leads_to_a_file(live: Running, path: str) -> None:
    reply = live.get(path)
    assert reply.status == 404
    assert "root:" not in reply.text
    assert "[core]" not in reply.text


@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_path_is_answered_and_none_is_a_bug(live: Running, path: str) -> None:
    from urllib.parse import quote

    assert live.get("/" + quote(path)).status in (200, 303, 404)
