"""Small generated corpora: articles that share addresses, outlets, topics and images in every combination."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from hypothesis import strategies as st

_HOSTS = ("ledger.example", "gazette.example", "courier.example")
_PATHS = ("a", "b", "c", "d", "e")
_TITLES = ("Ferry runs aground", "Dam overflows", "Museum robbed", "Strike begins")
_TIMES = (
    "2021-03-01T10:00:00Z",
    "2021-03-01T12:30:00+02:00",
    "2021-03-02",
    "2021-03-02T08:00:00",
    "2199-01-01T00:00:00Z",
    "2021-02-30T00:00:00Z",
    None,
)


def _addresses() -> st.SearchStrategy[dict[str, str]]:
    url = st.builds(lambda host, path: f"https://{host}/{path}", st.sampled_from(_HOSTS), st.sampled_from(_PATHS))
    spelled = url.flatmap(
        lambda u: st.sampled_from([u, u + "/", u + "?utm_source=x", u.replace("https://", "http://www.")])
    )
    other = st.one_of(st.none(), spelled)
    return st.builds(
        lambda web, amp, original: {
            name: value for name, value in (("webUrl", web), ("ampWebUrl", amp), ("originalUrl", original)) if value
        },
        spelled,
        other,
        other,
    )


@st.composite
def _articles(draw: st.DrawFn, *, nested: bool = True) -> dict[str, Any]:
    article: dict[str, Any] = {"title": draw(st.sampled_from(_TITLES)), **draw(_addresses())}
    time = draw(st.sampled_from(_TIMES))
    if time is not None:
        article["publishedDateTime"] = time
    if draw(st.booleans()):
        article["excerpt"] = draw(st.sampled_from(("The crew is safe.", "Villages were cleared.")))
    if draw(st.booleans()):
        article["quality"] = draw(st.integers(0, 3))
    if draw(st.booleans()):
        article["provider"] = {
            "name": draw(st.sampled_from(("Ledger", "The Ledger", "Gazette"))),
            "domain": draw(st.sampled_from(_HOSTS)),
        }
    article["topics"] = draw(st.lists(st.sampled_from(("Sea", "sea", "Weather", "Work")), max_size=2))
    article["images"] = [
        {"url": f"https://pictures.example/{draw(st.integers(0, 2))}.jpg", "width": draw(st.sampled_from((600, 800)))}
        for _ in range(draw(st.integers(0, 2)))
    ]
    if nested:
        article["related"] = draw(st.lists(_articles(nested=False), max_size=3))
    return article


def text_of(article: dict[str, Any]) -> str:
    """The article file."""
    return f"---\n{yaml.safe_dump(article, allow_unicode=True)}---\n"


@dataclass(frozen=True)
class History:
    """A sequence of folder states, each a mapping of file names to texts; a load follows each."""

    states: list[dict[str, str]] = field(default_factory=list)


@st.composite
def histories(draw: st.DrawFn, *, steps: int = 4) -> History:
    """Adds, edits, renames and deletes, in any order."""
    names = [f"{name}.md" for name in "pqrst"]
    files: dict[str, str] = {}
    states = []
    for _ in range(draw(st.integers(1, steps))):
        for _ in range(draw(st.integers(1, 3))):
            action = draw(st.sampled_from(("write", "write", "rename", "delete", "break")))
            if action == "write":
                files[draw(st.sampled_from(names))] = text_of(draw(_articles()))
            elif action == "break":
                files[draw(st.sampled_from(names))] = "---\ntitle: [\n---\n"
            elif files:
                name = draw(st.sampled_from(sorted(files)))
                text = files.pop(name)
                if action == "rename":
                    files[draw(st.sampled_from(names))] = text
        states.append(dict(files))
    return History(states)
