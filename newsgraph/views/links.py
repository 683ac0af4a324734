"""The links of a page: none if it stands alone, and those to its neighbours if it is part of a site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


def _nowhere(_kind: str, _id: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Links:
    """What a page's template needs to link to other pages.

    ``href`` returns the relative address of the page of an event, outlet or topic, or None if there is none. ``root``
    is the path to the site's first page ("" or "../"). ``nav`` holds pairs of address and name for the head of the
    page; it is empty for a page that stands alone. ``here`` is the address in ``nav`` that the page belongs to.
    ``canonical`` is the page's own web address, if the site has one.
    """

    href: Callable[[str, str], str | None] = _nowhere
    root: str = ""
    nav: Sequence[tuple[str, str]] = ()
    here: str = ""
    site_title: str = ""
    canonical: str = ""
    feed: str = ""
    #: The style sheet that the page loads; empty if the page has its styles inside.
    sheet: str = field(default="")
    #: Whether the page comes from a server that it may send forms to.
    live: bool = False
    #: The address where the event of this page is corrected; empty if that isn't allowed.
    correct: str = ""


#: The links of a page that stands alone.
ALONE = Links()
