"""Lets in only the person at this computer's browser, and no page from elsewhere.

Every page that is open in a browser of this computer can reach a server on the loopback address. These rules keep such
pages out:

- The name that the browser sends (``Host``) must be one of this server's. A foreign name that was pointed to this
  computer (DNS rebinding, https://en.wikipedia.org/wiki/DNS_rebinding) is refused.
- Requests from other pages say so (``Origin``, ``Sec-Fetch-Site``: https://www.w3.org/TR/fetch-metadata/) and are
  refused. Another page may only have a link to a page here, and only to one that computes nothing.
- Without the token that the command printed, nothing is answered. The browser gets a cookie for it, which no script can
  read and which requests from other sites don't carry.
- Everything that is sent to be run or written has another token in it, which only the pages of this server know.
- No other page may put these pages into a frame, load them as something else, or keep a reference to their window.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The number of bytes that a request may send, and the number that its address may have.
LONGEST_BODY = 256_000
LONGEST_ADDRESS = 16_000
TOKEN = "token"  # noqa: S105  # the name of the parameter

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # no-referrer would make browsers send "Origin: null" with the forms of these pages.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
#: For answers that have no policy of their own.
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one run. ``token`` is None if none is asked for. ``session`` is the value of the cookie, ``form``
    the value in each form of these pages."""

    token: str | None
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    form: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @classmethod
    def new(cls, *, token: bool = True) -> Keys:
        """Returns new secrets."""
        return cls(secrets.token_urlsafe(32) if token else None)


def same(one: str, other: str) -> bool:
    """Tells whether two secrets are the same, in a time that doesn't reveal how many characters agree."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


class Guard:
    """Checks requests before the application gets them. A request that isn't allowed never reaches it."""

    def __init__(self, app: ASGIApp, keys: Keys, port: int) -> None:
        self._app = app
        self._keys = keys
        ending = "" if port == 80 else f":{port}"
        self._hosts = {f"127.0.0.1{ending}", f"localhost{ending}"}
        # Cookies don't depend on ports, so those of two servers must have different names.
        self._cookie = f"newsgraph-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # no lifespan, no websocket
        guarded = self._dressed(send)
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, _bounded(receive), guarded)

    def _dressed(self, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", _POLICY)
            await send(message)

        return dressed

    def _refusal(self, scope: Scope) -> Response | None:
        """Returns what is answered instead of the application; None if the application may answer."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return _no(403, "This server is only for the computer that it runs on, under its own name.")
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return _no(405, "Only GET, HEAD and POST are answered.")
        if len(scope["query_string"]) + len(scope["path"]) > LONGEST_ADDRESS:
            return _no(414, "The address is too long.")
        given = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get(TOKEN)
        foreign = self._is_foreign(scope, headers, hosts[0].lower(), has_token=given is not None)
        if foreign:
            return _no(403, foreign)
        if _length(headers) > LONGEST_BODY:
            return _no(413, "That is more than a form of ours sends.")
        return self._unknown(scope, headers, given)

    def _is_foreign(self, scope: Scope, headers: Headers, host: str, *, has_token: bool) -> str:
        """Returns why the request is another page's; empty if it isn't."""
        origins = headers.getlist("origin")
        if origins and origins != [f"http://{host}"]:
            return "Another page made this request."
        site = headers.get("sec-fetch-site", "same-origin")
        if site in ("same-origin", "none"):
            return ""
        # A link from elsewhere may lead to a page, but not to one that asks or runs something.
        link = scope["method"] in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
        whole = headers.get("sec-fetch-dest", "document") == "document"
        if link and whole and (not scope["query_string"] or (has_token and scope["path"] == "/")):
            return ""
        return "Another page made this request."

    def _unknown(self, scope: Scope, headers: Headers, given: str | None) -> Response | None:
        """Returns what is answered to someone who hasn't shown the token; None for someone who has."""
        wanted = self._keys.token
        if given is not None and scope["method"] == "GET":
            if wanted is not None and not same(given, wanted):
                return _no(403, "The token is not that of this server. Open the address that newsgraph serve printed.")
            return self._let_in(scope)
        if wanted is None or any(same(value, self._keys.session) for value in _cookies(headers, self._cookie)):
            return None
        return _no(401, "Open the address that newsgraph serve printed: it holds a token, which this browser lacks.")

    def _let_in(self, scope: Scope) -> Response:
        """Sends the browser to the same page without the token in its address, and with the cookie."""
        rest = [one for one in parse_qsl(scope["query_string"].decode("latin-1")) if one[0] != TOKEN]
        # It begins with one slash, whatever was asked for: "//host" would lead elsewhere.
        path = "/" + scope["path"].lstrip("/\\")
        response = RedirectResponse(path + (f"?{urlencode(rest)}" if rest else ""), 303)
        if self._keys.token is not None:
            response.set_cookie(self._cookie, self._keys.session, httponly=True, samesite="strict", path="/")
        return response


def _cookies(headers: Headers, name: str) -> Iterable[str]:
    # It is read here by hand: other programs on this computer set cookies, too, and an invalid one must not hide this
    # one.
    for line in headers.getlist("cookie"):
        for pair in line.split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                yield value


def _no(status: int, words: str) -> Response:
    return PlainTextResponse(words + "\n", status)


def _length(headers: Headers) -> int:
    said = headers.get("content-length", "0")
    return int(said) if said.isascii() and said.isdigit() else 0


class TooLongError(Exception):
    """A body that is longer than a form may be."""


def _bounded(receive: Receive) -> Receive:
    """Returns the same, except that a body which is too long ends with TooLongError."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LONGEST_BODY:
            raise TooLongError
        return message

    return bounded
