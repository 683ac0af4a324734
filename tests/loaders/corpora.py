"""Small generated corpora: articles that share addresses, outlets, topics and images in every combination."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
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


_PAGES = st.one_of(
    st.fixed_dictionaries(
        {"taxonomy": st.just("organization"), "domain": st.sampled_from(_HOSTS)},
        optional={
            "name": st.sampled_from(("Ledger", "Page of the Ledger")),
            "images": st.just([{"url": "/relative.jpg"}, {"url": "https://pictures.example/logo.png"}]),
        },
    ),
    st.fixed_dictionaries(
        {"taxonomy": st.just("topic"), "name": st.sampled_from(("Sea", "SEA", "Weather", "Storms"))},
        optional={
            "keywords": st.lists(st.sampled_from(("ferry", "storm")), max_size=2, unique=True),
            "parent": st.sampled_from(("Sea", "Weather", "Nature")),
        },
    ),
)


@st.composite
def _several(draw: st.DrawFn) -> str:
    """Articles and pages, one a line; the second line may be broken."""
    lines = [json.dumps(article) for article in draw(st.lists(_articles(nested=False), min_size=1, max_size=3))]
    if draw(st.booleans()):
        lines.insert(1, "{broken")
    return "\n".join(lines) + "\n"


@st.composite
def _own_lines(draw: st.DrawFn) -> str:
    """newsgraph's own lines, pages among them."""
    lines: list[dict[str, Any]] = [
        {
            "title": draw(st.sampled_from(_TITLES)),
            "url": f"https://{draw(st.sampled_from(_HOSTS))}/a",
            "topics": ["Sea"],
        }
    ]
    for _ in range(draw(st.integers(0, 2))):
        parents = draw(st.lists(st.sampled_from(("Sea", "Weather", "Nature")), max_size=2))
        lines.append({"page": "topic", "name": draw(st.sampled_from(("Sea", "Storms"))), "parents": parents})
    if draw(st.booleans()):
        lines.append({"page": "outlet", "domain": draw(st.sampled_from(_HOSTS)), "name": "By the lines"})
    return "".join(f"{json.dumps(line)}\n" for line in lines)


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
    names = [*(f"{name}.md" for name in "pqrst"), "u.jsonl"]
    contents = st.one_of(
        _articles().map(text_of), _articles().map(text_of), _PAGES.map(text_of), _several(), _own_lines()
    )
    files: dict[str, str] = {}
    states = []
    for _ in range(draw(st.integers(1, steps))):
        for _ in range(draw(st.integers(1, 3))):
            action = draw(st.sampled_from(("write", "write", "rename", "delete", "break")))
            if action == "write":
                files[draw(st.sampled_from(names))] = draw(contents)
            elif action == "break":
                files[draw(st.sampled_from(names))] = "---\ntitle: [\n---\n"
            elif files:
                name = draw(st.sampled_from(sorted(files)))
                text = files.pop(name)
                if action == "rename":
                    files[draw(st.sampled_from(names))] = text
        states.append(dict(files))
    return History(states)


def put(folder: Path, files: dict[str, str]) -> None:
    """Makes a folder hold these files and no others."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
