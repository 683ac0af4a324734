"""Attention on pages: how it is divided, and the choices of what pictures show."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsgraph
from newsgraph.queries.questions.attention import Attention
from newsgraph.views.voice import COLOURED, MOST_BARS, OTHERS, voices
from tests.browser import Browser

SEEDS = Path(__file__).parents[3] / "seeds"
PART = re.compile(r"M(\d+) ([\d.e-]+)V([\d.e-]+)h")


def rows(counts: dict[tuple[str, int], int]) -> list[Attention]:
    start = date(2024, 3, 4)
    return [
        Attention(start + timedelta(day), key, None, count, None, None, False, 0)
        for (key, day), count in counts.items()
    ]


@given(st.dictionaries(st.tuples(st.sampled_from("abcdefghijk"), st.integers(0, 300)), st.integers(0, 50), max_size=60))
def test_the_parts_of_a_bar_are_all_of_it(counts: dict[tuple[str, int], int]) -> None:
    found = voices(rows(counts), {"a": "The A"})
    if found is None:
        keys, days = {key for key, _ in counts}, {day for _, day in counts}
        assert len(keys) < 2 or len(days) < 2 or not sum(counts.values())
        return
    assert sum(one.stories for one in found.voices) == found.stories == sum(counts.values())
    assert sum(one.share for one in found.voices) == pytest.approx(1)
    assert len(found.voices) <= COLOURED + 1 and found.wide <= MOST_BARS
    stacked: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in found.voices:
        for bar, low, high in PART.findall(one.shares):
            stacked[bar].append((float(low), float(high)))
    for parts in stacked.values():
        # Each part begins where the one below ends, from the bottom of the picture to its top.
        assert parts[0][0] == 100 and abs(parts[-1][1]) < 0.5
        assert all(below[1] == pytest.approx(above[0], abs=0.2) for below, above in pairwise(parts))
    highest = min((float(high) for one in found.voices for _, _, high in PART.findall(one.counts)), default=100)
    assert abs(highest) < 0.5 and found.peak * found.wide >= found.stories


def test_others_are_put_together_and_named() -> None:
    found = voices(
        rows({(key, day): 9 - place for place, key in enumerate("abcdefghi") for day in (0, 1)}), {"a": "The A"}
    )
    assert found is not None
    assert [one.name for one in found.voices] == ["The A", *"bcdef", OTHERS]
    assert found.voices[-1].stories == 2 * (3 + 2 + 1) and found.voices[-1].id == ""
    few = voices(rows({(key, day): 1 for key in "abc" for day in (0, 1)}), {}, {"a"})
    assert few is not None and [one.name for one in few.voices] == ["a", OTHERS]
    called_so = voices(rows({(key, day): 2 for key in (OTHERS, "b") for day in (0, 1)}), {}, {OTHERS})
    assert called_so is not None and [(one.id, one.stories) for one in called_so.voices] == [(OTHERS, 4), ("", 4)]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attention")
    outlets = folder / "outlets.csv"
    outlets.write_text(
        "domain,outlet,owner,circulation\nharbourledger.example,harbourledger.example,Quay Group,1\n"
        "northgatecourier.example,northgatecourier.example,Quay Group,2\n"
        "capitalmonitor.example,capitalmonitor.example,Orrin Trust,3\n",
        encoding="utf-8",
    )
    with newsgraph.open("networkx:") as graph:
        graph.load([SEEDS], outlets=outlets)
        graph.view("attention", since="2021-01-01").write(folder / "attention.html")
    return folder / "attention.html"


def test_shares_and_scales_are_chosen_without_scripts(browser: Browser, page: Path) -> None:
    browser.open(page)
    headings = browser.run("return [...document.querySelectorAll('h2')].map(e => e.textContent)")
    assert headings == ["By topic", "By outlet", "By owner"], "a column of one outlet a value divides nothing"
    shown = "return [...document.querySelectorAll('.voices:first-of-type g')].map(e => getComputedStyle(e).display)"
    assert browser.run(shown)[:2] == ["inline", "none"]
    browser.click(".voices [value=second]")
    assert browser.run(shown)[:2] == ["none", "inline"]
    first = "return [...document.querySelectorAll('.scaled .multiples li g')].slice(0, 24)"
    heights = first + ".map(e => e.getBoundingClientRect().height)"
    assert max(browser.run(heights)) - min(browser.run(heights)) < 2
    browser.click(".scaled [value=second]")
    assert max(browser.run(heights)) > 1.9 * min(browser.run(heights))
    legend = browser.run("return document.querySelectorAll('figure')[2].querySelector('.key').textContent")
    assert "Quay Group" in legend and "Orrin Trust" in legend and OTHERS in legend
    policy = browser.run("return document.querySelector('[http-equiv]').content")
    assert "script-src 'sha256-" in policy and "style-src 'sha256-" in policy
