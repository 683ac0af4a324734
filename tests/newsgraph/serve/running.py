"""A server of ours in a thread of the test, and a browser's requests made by hand: every header can be a lie."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from newsgraph.serve.pages.desk import Serving
from newsgraph.serve.server import Server

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")


class Running:
    """A server that answers."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.port = server.port
        self.origin = f"http://127.0.0.1:{server.port}"

    @property
    def cookie(self) -> str:
        """What a browser sends that was let in."""
        return f"newsgraph-{self.port}={self.server.keys.session}"

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        cookie: str | None = "",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """One request. The cookie is the right one unless another, or None for none, is given; a header ``Host`` in
        ``headers`` takes the place of the right one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = dict(headers or {})
            connection.putrequest(method, path, skip_host="Host" in sent, skip_accept_encoding=True)
            if cookie is not None:
                sent["Cookie"] = cookie or self.cookie
            if body is not None:
                sent.setdefault("Content-Length", str(len(body)))
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, **fields: str) -> Reply:
        """A page, as the browser of the person asks for it."""
        return self.ask(path + (f"?{urlencode(fields)}" if fields else ""))

    def post(
        self,
        path: str,
        fields: Mapping[str, str] | list[tuple[str, str]],
        *,
        csrf: str | None = "",
        headers: Mapping[str, str] | None = None,
        cookie: str | None = "",
    ) -> Reply:
        """A form, as our own page sends it unless something else is given."""
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        if csrf is not None:
            pairs.append(("csrf", csrf or self.server.keys.form))
        sent = {"Content-Type": FORM, "Origin": self.origin, "Sec-Fetch-Site": "same-origin", **(headers or {})}
        return self.ask(path, method="POST", headers=sent, body=urlencode(pairs).encode(), cookie=cookie)


@contextmanager
def running(serving: Serving) -> Iterator[Running]:
    """Runs it until the block ends."""
    server = Server(serving)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Running(server)
    finally:
        server.stop()
        thread.join(30)
        server.close()
        assert not thread.is_alive()
