"""What the pages that only a server has are made from: the edition of the store, templates, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsgraph.serve.guard import Keys
from newsgraph.serve.live_store import Edition
from newsgraph.views.document import asset, render, script_of
from newsgraph.views.site.base import Made
from newsgraph.views.site.build import style_sheet
from newsgraph.views.stamp import version_words

PACKAGE = "newsgraph.serve"


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and how.

    ``port`` 0 takes a free one. ``token`` False lets in everyone who can reach the port. ``edit`` allows decisions,
    which ``author`` signs. A query may take ``timeout`` seconds and ``memory`` (such as ``500M``; None for a quarter of
    the machine's memory). ``questions`` is a folder of the user's own questions.
    """

    store_url: str
    port: int = 8765
    token: bool = True
    edit: bool = False
    timeout: float = 60.0
    memory: str | None = None
    questions: Path | None = None
    author: str = ""
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings and secrets of one run, and the function that makes its own pages."""

    serving: Serving
    keys: Keys

    def page(
        self,
        edition: Edition,
        template: str,
        file: str,
        title: str,
        context: Mapping[str, Any],
        *,
        here: str = "",
        scripts: Sequence[str] = ("theme.js",),
    ) -> Made:
        """Returns a page made from one of this package's own templates."""
        page = render(
            template,
            title,
            context={"token": self.keys.form, **context},
            scripts=[script_of(*scripts, package=PACKAGE)],
            styles=(),
            package=PACKAGE,
            links=edition.links(file, here),
            stamp=[f"{version_words()}, made just now from {self.serving.store_url}"],
        )
        return Made(file, page.html, None, page.policy)

    def notice(self, edition: Edition, file: str, title: str, words: str) -> Made:
        """Returns a page with one message."""
        return self.page(edition, "notice", file, title, {"words": words})


def sheet() -> bytes:
    """Returns the site's style sheet with what forms need."""
    return style_sheet() + asset("live.css", PACKAGE).encode()
