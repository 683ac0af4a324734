"""Article files in any number, made from the words of the sample articles: different texts, addresses and times in
each, ten related stories like the sample's."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_START = datetime(2020, 6, 1, tzinfo=UTC)


def words() -> list[str]:
    """The words of the sample articles, in the order of the files."""
    text = " ".join(path.read_text(encoding="utf-8", errors="ignore") for path in sorted(SEEDS.glob("*")))
    return sorted(set(re.findall(r"[A-Za-z]{3,14}", text)))


def _story(rng: random.Random, vocabulary: list[str], number: int, indent: str, *, main: bool) -> list[str]:
    outlet = rng.randrange(300)
    domain = f"outlet{outlet}-news.com"
    title = " ".join(rng.choices(vocabulary, k=11)).capitalize()
    excerpt = " ".join(rng.choices(vocabulary, k=38)).capitalize()
    when = (_START + timedelta(seconds=rng.randrange(60 * 60 * 24 * 700))).strftime("%Y-%m-%dT%H:%M:%SZ")
    slug = re.sub(r"\W+", "-", title.lower())
    url = f"https://www.{domain}/{when[:10].replace('-', '/')}/{slug}-{number}"
    lines = [f'title: "{title}"', f'excerpt: "{excerpt}."', f"publishedDateTime: {when}", f'webUrl: "{url}"']
    lines += [f'ampWebUrl: "https://amp.{domain}/{when[:10].replace("-", "/")}/{slug}-{number}"']
    lines += [f'cdnAmpWebUrl: "https://amp-{domain.replace(".", "-")}.cdn.ampproject.org/c/s/{url[12:]}/amp"']
    lines += [
        "type: article",
        "provider:",
        f"  name: Outlet {outlet}",
        f"  domain: {domain}",
        f"quality: {rng.randrange(100)}",
    ]
    lines += [
        "images:",
        f'  - url: "https://pictures.{domain}/{number}.jpg?w=1024"',
        "    width: 1024",
        "    height: 576",
    ]
    lines += ["    isCached: true"]
    if main:
        lines += ["category: news", "heat: -1", "published: false", "topics:"]
        lines += [f"  - Topic {rng.randrange(200)}" for _ in range(3)]
        lines += [f'secured: "{rng.randbytes(150).hex()}"']
    return [indent + line for line in lines]


def write(folder: Path, files: int, *, related: int = 10, seed: int = 1) -> Path:
    """Writes ``files`` article files, each with ``related`` related stories, unless they are there already."""
    marker = folder / f".{files}-{related}-{seed}"
    if marker.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    rng, vocabulary, number = random.Random(seed), words(), 0
    for index in range(files):
        lines = ["---", *_story(rng, vocabulary, number, "", main=True), "related:"]
        for _ in range(related):
            number += 1
            story = _story(rng, vocabulary, number, "    ", main=False)
            lines += ["  - " + story[0].lstrip(), *story[1:]]
        number += 1
        lines += ["---", ""]
        (folder / f"{index:06d}.md").write_text("\n".join(lines), encoding="utf-8")
    marker.touch()
    return folder
