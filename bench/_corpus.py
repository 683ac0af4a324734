"""Makes any number of article files from the words of the sample articles, each with its own text, address and time.

They have the layout of the sample articles, or the even layout that a program would write.
"""

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


#: The layouts that a corpus can have: that of the one real article among the samples, those of all samples whose times
#: a plain script can read, or the even layout that a program writes.
LAYOUTS = ("article", "samples", "even")
_TIME = re.compile(r"\b20\d\d-\d\d-(\d\d)T\d\d(?=:\d\d:\d\dZ)")
_TEXT = re.compile(r'((?:title|excerpt): ")([^"\\\n]*)(")')
_SITE = re.compile(r'(https?://[^/"\s]+)/')


def samples(layout: str) -> list[str]:
    """Returns the texts of the sample articles that a layout is taken from, with their line ends."""
    found = []
    for path in sorted(SEEDS.iterdir()):
        text = path.read_bytes().decode("utf-8", "replace")
        times = re.findall(r"publishedDateTime: *(\S*)", text)
        if text.lstrip("\ufeff").startswith("---") and times and all(_TIME.match(time) for time in times):
            found.append(text)
    assert found[0].count("publishedDateTime") == 11  # the real article, which has ten related ones
    return found[:1] if layout == "article" else found


def write_like(folder: Path, files: int, layout: str, *, seed: int = 1) -> Path:
    """Writes ``files`` article files with the layouts of the samples of ``layout``, unless they exist already.

    Blank lines, quotes, the order of fields and line ends are those of the samples; words, addresses and times are new.
    """
    if layout == "even":
        return write(folder, files, seed=seed)
    marker = folder / f".{files}-{layout}-{seed}"
    if marker.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    rng, vocabulary, sources = random.Random(seed), words(), samples(layout)
    for number in range(files):
        text = _varied(sources[number % len(sources)], rng, vocabulary, number)
        (folder / f"{number:06d}.md").write_bytes(text.encode())
    marker.touch()
    return folder


def _varied(text: str, rng: random.Random, vocabulary: list[str], number: int) -> str:
    def other_words(match: re.Match[str]) -> str:
        return match[1] + " ".join(rng.choices(vocabulary, k=len(match[2].split()) or 1)) + match[3]

    def other_time(match: re.Match[str]) -> str:
        day = f"{rng.randrange(2010, 2024)}-{rng.randrange(1, 13):02d}-{min(28, int(match[1])):02d}"
        return f"{day}T{rng.randrange(24):02d}"

    text = _TEXT.sub(other_words, text)
    text = _SITE.sub(lambda match: f"{match[1]}/n{number}/", text)
    return _TIME.sub(other_time, text)


def write(folder: Path, files: int, *, related: int = 10, seed: int = 1) -> Path:
    """Writes ``files`` article files, each with ``related`` related stories, unless they exist already."""
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
