"""Where a page leads: nowhere when it stands alone, to its neighbours when it is part of a site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


def _nowhere(_kind: str, _id: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Links:
    """What a page's template needs to lead to other pages.

    ``href`` gives the relative address of the page of an event, outlet or topic, or None where there is none. ``root``
    is the way to the site's first page ("" or "../"). ``nav`` holds pairs of address and name for the head of the page;
    it is empty for a page that stands alone. ``here`` is the address of the page in ``nav`` that it belongs to.
    ``canonical`` is the page's own web address where the site has one.
    """

    href: Callable[[str, str], str | None] = _nowhere
    root: str = ""
    nav: Sequence[tuple[str, str]] = ()
    here: str = ""
    site_title: str = ""
    canonical: str = ""
    feed: str = ""
    #: The style sheet that the page asks for; empty where the page holds its styles itself.
    sheet: str = field(default="")


#: The links of a page that stands alone.
ALONE = Links()
