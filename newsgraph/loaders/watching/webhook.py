"""Sends news to a web address that the user gave, and to no other: redirects are not followed, and no proxy is used."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from http.client import HTTPException
from time import sleep
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, Request

from newsgraph.errors import OutputError, UsageError
from newsgraph.loaders.watching.news import News
from newsgraph.version import __version__

#: The seconds that one connection or one answer may take.
SECONDS = 10.0
#: How often one message is sent at most.
TRIES = 3
#: The seconds before the second try. They double before each further try.
FIRST_PAUSE = 1.0


class Webhook:
    """An address to which news are posted. Messages name only its host, because the rest is often a secret.

    Raises UsageError for an address that isn't http or https, has no host, or holds a password.
    """

    def __init__(self, url: str, *, seconds: float = SECONDS, pause: Callable[[float], object] = sleep) -> None:
        try:
            parts = urlsplit(url)
            fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
            _ = parts.port  # raises for what is no port
        except ValueError:
            fits = False
        if not fits or not url.isascii() or any(letter <= " " for letter in url):
            remedy = "Give an address such as https://host/path, with no password in it"
            raise UsageError("--webhook", "this address can't be posted to", remedy)
        self.host = parts.netloc
        self._url = url
        self._seconds = seconds
        self._pause = pause
        self._opener = OpenerDirector()
        self._opener.add_handler(HTTPHandler())
        self._opener.add_handler(HTTPSHandler())

    def post(self, news: Sequence[News]) -> None:
        """Sends ``{"news": [...]}`` as JSON.

        If the server refuses it for now (429, 5xx) or can't be reached, it is sent again, TRIES times in all. Raises
        OutputError if it was never accepted.
        """
        body = json.dumps({"news": [one.as_json() for one in news]}, ensure_ascii=True).encode()
        headers = {"Content-Type": "application/json", "User-Agent": f"newsgraph/{__version__}"}
        why = ""
        for number in range(TRIES):
            if number:
                self._pause(FIRST_PAUSE * 2 ** (number - 1))
            request = Request(self._url, data=body, headers=headers, method="POST")  # noqa: S310  # http(s): checked above
            try:
                answer = self._opener.open(request, timeout=self._seconds)
            except (HTTPException, OSError) as error:
                reason = error.reason if isinstance(error, URLError) else error
                why = f"it can't be reached ({reason or type(error).__name__})"
                continue
            status = 0 if answer is None else int(answer.status)
            if answer is not None:
                answer.close()
            if 200 <= status < 300:
                return
            why = f"it answered {status}"
            if status != 429 and status < 500:
                break
        raise OutputError(f"webhook {self.host}", f"{len(news):,} news not taken: {why}", "They are printed here only")
