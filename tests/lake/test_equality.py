"""The graph of a lake is that of a store with the same files, whatever the partitions, batches and earlier builds."""

from __future__ import annotations

import json
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsgraph.lake.build import BuildOptions, build
from newsgraph.lake.engine import LocalEngine
from newsgraph.lake.events import derive_events
from newsgraph.lake.manifest import read_manifest
from newsgraph.loaders.merging import own_hosts
from newsgraph.loaders.researcher.corrections_file import read_corrections
from tests.lake.compare import NOW, SEEDS, build_lake, differing, not_as_anew
from tests.loaders.corpora import History, histories, put
from tests.loaders.test_own_hosts import GAZETTE, HERALD, write

SUBJECTS = (
    "Grey Heron ferry runs aground off Skerrin",
    "Kessock Dam villages evacuated",
    "Orrin picks Northgate for chip plant",
)
TAILS = ("", " with 142 on board", " after crack in spillway", " as hundreds watch", " - Ledger", ", minister says")
TIMES = (
    "2021-03-01T10:00:00Z", "2021-03-01T23:59:59Z", "2021-03-02T00:00:00Z", "2021-03-03T09:00:00.5Z",
    "2021-03-06T09:00:00Z", "2021-03-09T09:00:00Z", "2021-03-29T11:00:00Z", "2021-03-02", "2021-03-08", "",
)  # fmt: skip
_article = st.builds(
    lambda subject, tail, time, outlet, related: {
        "title": subject + tail,
        "webUrl": f"https://outlet{outlet}.press.org/PATH",
        "excerpt": f"{subject} on Monday.",
        "publishedDateTime": time,
        "provider": {"name": f"Outlet {outlet}", "domain": "press.org"},
        "related": [{"title": "Listed", "webUrl": f"https://outlet{outlet}.press.org/{related}"}] if related else [],
    },
    st.sampled_from(SUBJECTS),
    st.sampled_from(TAILS),
    st.sampled_from(TIMES),
    st.integers(0, 3),
    st.sampled_from(("", "a", "b", "h")),
)
#: Each host of press.org has stories that give its own name. Where one is enough, it is an outlet of its own.
_states = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), _article, max_size=8), min_size=1, max_size=3)


def corpus(folder: Path, stories: int, days: int, *, seed: int = 1) -> list[Path]:
    """Writes a file of JSON lines for each of some days, with stories about events that last for some days; some have
    only a date or none, some are copies, and some list others as related."""
    rng = random.Random(seed)
    vocabulary = [f"{one}{other}" for one in ("bar", "kel", "tor", "mun", "ras", "vel", "dor") for other in
                  ("ton", "wick", "ford", "minster", "ham", "stead", "bridge", "mouth")]  # fmt: skip
    start = datetime(2021, 1, 3, tzinfo=UTC)
    events = [(rng.uniform(0, days), rng.sample(vocabulary, 6)) for _ in range(max(2, stories // 8))]
    lines: dict[int, list[str]] = {}
    addresses: list[str] = []
    for number in range(stories):
        begins, words = rng.choice(events)
        moment = min(days - 1e-4, begins + rng.expovariate(0.8))
        time = (start + timedelta(days=moment)).isoformat()
        outlet = rng.randrange(12)
        title = " ".join([*rng.sample(words, 4), rng.choice(vocabulary), "council", "says"]).capitalize()
        url = f"https://outlet{outlet}.example/{number}"
        article: dict[str, object] = {
            "title": title,
            "url": url,
            "excerpt": " ".join(rng.sample(words, 5)),
            "published_at": rng.choice((time, time, time, time, time[:10], None)),
            "topics": [words[0], rng.choice(vocabulary)],
            "related": [{"title": "Another", "url": rng.choice(addresses)}] if addresses and rng.random() < 0.3 else [],
        }
        addresses.append(url)
        lines.setdefault(int(moment), []).append(json.dumps(article))
        if rng.random() < 0.15:
            copied = article | {"url": f"https://outlet{(outlet + 1) % 12}.example/copy{number}", "related": []}
            lines[int(moment)].append(json.dumps(copied))
    folder.mkdir(exist_ok=True)
    for day, texts in lines.items():
        (folder / f"{day:03d}.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")
    return sorted(folder.iterdir())


def test_the_sample_articles(tmp_path: Path) -> None:
    build_lake(tmp_path / "lake", SEEDS, days=5, files=7, records=30)
    assert differing(tmp_path / "lake", SEEDS, url=str(tmp_path / "news.kgl")) == []


@settings(max_examples=12)
@given(
    history=histories(steps=3),
    days=st.sampled_from((1, 3, 28)),
    files=st.integers(1, 3),
    records=st.sampled_from((1, 3, 100)),
    changed=st.sampled_from((1_000, 1_000, 0.5)),
)
def test_any_history_ends_where_a_fresh_load_ends(
    history: History, days: int, files: int, records: int, changed: float
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder, lake = Path(scratch, "corpus"), Path(scratch, "lake")
        for state in history.states:
            put(folder, {**state, "first.md": "---\ntitle: First\nwebUrl: https://first.example/1\n---\n"})
            build_lake(lake, folder, days=days, files=files, records=records, changed=changed)
        assert differing(lake, folder) == []
        build_lake(Path(scratch, "anew"), folder, days=days, files=files, records=records)
        assert not_as_anew(lake, Path(scratch, "anew")) == []


@settings(max_examples=12)
@given(states=_states, days=st.sampled_from((1, 2, 5, 28)), records=st.sampled_from((2, 100)))
def test_events_and_outlets_of_any_history_are_those_of_a_store(
    states: list[dict[str, dict[str, object]]], days: int, records: int
) -> None:
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patched:
        patched.setattr(own_hosts, "FEWEST", 1)
        folder, lake = Path(scratch, "corpus"), Path(scratch, "lake")
        for state in states:
            texts = {f"{name}.json": json.dumps(one).replace("PATH", name) for name, one in state.items()}
            put(folder, {**texts, "first.md": "---\ntitle: First\nwebUrl: https://first.example/1\n---\n"})
            build_lake(lake, folder, days=days, records=records)
        assert differing(lake, folder) == []


@pytest.mark.slow
def test_a_corpus_with_a_background_and_day_after_day(tmp_path: Path) -> None:
    files = corpus(tmp_path / "all", 350, 40)
    growing = tmp_path / "growing"
    growing.mkdir()
    for upto in (25, len(files)):
        for file in files[:upto]:
            (growing / file.name).write_bytes(file.read_bytes())
        build_lake(tmp_path / "lake", growing, days=4, files=5, records=100)
    assert '"eras":[]' not in read_manifest(tmp_path / "lake").corpus.event_background
    assert differing(tmp_path / "lake", growing) == []
    # The same in one go, in other partitions.
    build_lake(tmp_path / "other", growing, days=28)
    assert differing(tmp_path / "other", growing) == []


def test_an_event_through_many_partitions(tmp_path: Path) -> None:
    start = datetime(2021, 1, 1, 7, tzinfo=UTC)
    lines = [
        json.dumps(
            {
                "title": f"Grey Heron ferry aground off Skerrin, day {number}",
                "url": f"https://outlet{number % 5}.example/{number}",
                "published_at": (start + timedelta(days=2 * number)).isoformat(),
                "excerpt": "Salvage crews work on the Grey Heron ferry off Skerrin.",
            }
        )
        for number in range(25)
    ]
    put(tmp_path / "corpus", {"all.jsonl": "\n".join(lines)})
    build_lake(tmp_path / "lake", tmp_path / "corpus", days=1)
    assert differing(tmp_path / "lake", tmp_path / "corpus") == []
    derived = read_manifest(tmp_path / "lake").derived.values()
    assert max(one.last - one.first for one in derived) > 2 * 4 * 3 + 1, "the margin has grown"


def test_decisions_outlets_and_authors(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.csv"
    amazon = "http://charlotteobserver.com/news/business/national-business/article243441421.html"
    cnbc = "https://www.cnbc.com/2020/06/12/amazon-microsoft-face-opponents-of-police-use-of-facial-recognition.html"
    microsoft = "https://www.bbc.com/news/amp/business-53015468"
    decisions.write_text(
        "kind,stories,to,from,value\n"
        f"split,{cnbc},,{amazon},\n"
        f"join,{cnbc} {microsoft},,,\n"
        f"rename,{amazon},,,Amazon pauses police use\n"
        f"date,{microsoft},,,2020-06-11T16:00:00Z\n"
        f"copy,{cnbc},{microsoft},,\n"
    )
    outlets = tmp_path / "outlets.csv"
    outlets.write_text("domain,outlet,name,country,group\nbbc.com,bbc,The BBC,GB,public\nbbc.co.uk,bbc,,,\n")
    lake = tmp_path / "lake"
    build_lake(lake, SEEDS, days=7)
    build_lake(lake, SEEDS, days=7, corrections=decisions, outlets=outlets, authors=False)
    assert differing(lake, SEEDS, corrections=decisions, outlets=outlets, authors=False) == []
    assert read_manifest(lake).corpus.event_base


def test_decisions_alone_are_kept(tmp_path: Path) -> None:
    folder, decisions, lake = tmp_path / "corpus", tmp_path / "decisions.csv", tmp_path / "lake"
    urls = [f"https://outlet{number}.example/1" for number in range(2)]
    dated = {"published_at": "2021-03-01T10:00:00Z"}
    lines = [json.dumps({"title": title, "url": url, **dated}) for title, url in zip(SUBJECTS, urls, strict=False)]
    put(folder, {"all.jsonl": "\n".join(lines)})
    decisions.write_text(f"kind,stories,to,from,value\njoin,{' '.join(urls)},,,\n")
    build_lake(lake, folder)
    before = read_manifest(lake)
    options = BuildOptions(corrections=read_corrections(decisions).corrections, now=NOW)
    build(LocalEngine(1), lake, [folder], options)
    after = read_manifest(lake)
    assert after.tables == before.tables and after.corpus.corrections and not after.corpus.events_current
    derive_events(LocalEngine(1), lake)
    assert differing(lake, folder, corrections=decisions) == []


def test_times_that_decisions_give_and_that_are_in_the_future_no_longer(tmp_path: Path) -> None:
    folder, lake, decisions = tmp_path / "corpus", tmp_path / "lake", tmp_path / "decisions.csv"
    urls = [f"https://outlet{number}.example/1" for number in range(4)]
    times = ["2021-02-28T10:00:00Z", "2021-03-01T10:00:00Z", "2021-03-03T10:00:00Z", "2021-03-02T10:00:00Z"]
    lines = [
        json.dumps({"title": SUBJECTS[0], "url": url, "published_at": time})
        for url, time in zip(urls, times, strict=True)
    ]
    put(folder, {"all.jsonl": "\n".join(lines)})
    decisions.write_text(f"kind,stories,value\ndate,{urls[3]},2019-01-01T00:00:00Z\n")
    given: list[tuple[str, Path | None]] = [("2021-03-01", None), ("2021-03-02", None), ("2021-03-02", decisions)]
    given += [("2021-03-04", decisions), ("2021-02-01", decisions)]  # a clock that was wrong
    for day, decided in given:
        now = datetime.fromisoformat(f"{day}T00:00:00+00:00")
        build_lake(lake, folder, days=1, corrections=decided, now=now)
        assert differing(lake, folder, corrections=decided, now=now) == []
    build_lake(tmp_path / "anew", folder, days=1, corrections=decisions, now=now)
    assert not_as_anew(lake, tmp_path / "anew") == []


def test_hosts_that_are_papers_of_their_own(tmp_path: Path) -> None:
    folder, lake = tmp_path / "corpus", tmp_path / "lake"
    first = write(folder, "a", [GAZETTE, HERALD] * 3).read_text()
    write(folder, "b", [("sport.press.org", "Press Sport")] * 4)
    options = BuildOptions(now=NOW)
    report = build(LocalEngine(1), lake, [folder], options)
    assert [one.host for one in report.own_hosts] == ["gazette.press.org", "herald.press.org"]
    build_lake(lake, folder)
    assert differing(lake, folder) == []
    put(folder, {"a.csv": "\n".join(first.splitlines()[:-1])})
    assert build(LocalEngine(1), lake, [folder], options).joined_hosts == ["gazette.press.org", "herald.press.org"]
    build_lake(lake, folder)
    assert differing(lake, folder) == []


@pytest.mark.slow
def test_several_processes(tmp_path: Path) -> None:
    corpus(tmp_path / "corpus", 150, 20)
    build_lake(tmp_path / "lake", tmp_path / "corpus", days=5, files=4, records=60, engine=LocalEngine(2))
    assert differing(tmp_path / "lake", tmp_path / "corpus") == []
