"""Who was first, how sure that is, and what is folded under what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.queries.questions.coverage import CoverageRow
from newsgraph.queries.questions.first_to_cover import FirstToCover
from newsgraph.views.event_story import EventFacts, EventStory, event_story, language_tag, size_words
from newsgraph.views.wording import lag_long, lag_signed, size_of

START = datetime(2024, 5, 1, 12, tzinfo=UTC)


def row(
    outlet: str, minutes: float | None, *, copy: bool = False, quality: str = "exact", number: int = 1
) -> CoverageRow:
    at = None if minutes is None else START + timedelta(minutes=minutes)
    id = f"{outlet}/{number}"
    return CoverageRow("event:1", "It", id, f"https://{id}", id, outlet, outlet.title(), at, None, copy, quality)


def ranked(rows: list[CoverageRow]) -> list[FirstToCover]:
    """As first-to-cover has them: the first eligible story of each outlet, in order, then copies and unsure ones."""
    found: dict[str, CoverageRow] = {}
    for one in sorted(rows, key=lambda one: (one.is_copy, one.date_quality != "exact", one.published_at or START)):
        found.setdefault(one.outlet or "", one)
    sure = [one for one in found.values() if not one.is_copy and one.date_quality == "exact"]
    first = sure[0].published_at if sure else None
    out = []
    for one in sorted(found.values(), key=lambda one: (one.date_quality != "exact", one.published_at or START)):
        rank = next((n for n, other in enumerate(sure, 1) if other.published_at == one.published_at), None)
        rank = rank if one in sure else None
        lag = None
        if first and one.published_at and one.date_quality == "exact":
            lag = int((one.published_at - first).total_seconds())
        out.append(
            FirstToCover(
                rank=rank, outlet=one.outlet or "", outlet_name=one.outlet_name, story_id=one.story_id, url=one.url,
                title=one.title, published_at=one.published_at, lag_seconds=lag, agency=None, is_copy=one.is_copy,
                date_quality=one.date_quality, fit=0.8, weak_fit=False, confidence=None, unsure=0,
                event_id=one.event_id, event_title=one.event_title,
            )
        )  # fmt: skip
    return out


def story(rows: list[CoverageRow], **more: object) -> EventStory:
    return event_story(EventFacts("event:1", "It", "", ranked(rows), (), rows, **more))  # type: ignore[arg-type]  # what a test gives


def test_a_clear_first_is_sure_and_the_reasons_are_said() -> None:
    told = story([row("a", 0), row("b", 30), row("c", 472)])
    assert told.sureness.word == "sure"
    assert told.second is not None and told.second.outlet == "b"
    assert any("30 min later" in reason for reason in told.sureness.reasons)
    assert told.counts == "3 stories of 3 outlets"


@pytest.mark.parametrize(
    ("quality", "minutes", "may"),
    [
        ("date_only", -60, True),
        ("date_only", 24 * 60 * 3, False),
        ("no_zone", 5 * 60, True),
        ("no_zone", 60 * 40, False),
        ("seen", 90, True),
        ("missing", None, True),
    ],
)
def test_a_story_of_an_unsure_date_that_could_be_earlier_is_a_doubt(
    quality: str, minutes: float | None, may: bool
) -> None:
    told = story([row("a", 0), row("b", 30), row("c", minutes, quality=quality)])
    assert (told.sureness.word == "likely") is may
    assert any("could be earlier" in reason for reason in told.sureness.reasons) is may


def test_ties_copies_before_and_a_bad_fit_are_doubts() -> None:
    assert story([row("a", 0), row("b", 0), row("c", 9)]).sureness.word == "likely"
    assert story([row("a", 0), row("b", 0.5), row("c", 9)]).sureness.word == "likely"
    early = story([row("z", -20, copy=True), row("a", 0), row("b", 30)])
    assert any("came before it" in reason for reason in early.sureness.reasons)
    rows = [row("a", 0), row("b", 30), row("c", 60), row("d", 90)]
    order = [replace(one, weak_fit=one.outlet == "a", rank=(one.rank or 1) - 1 or None) for one in ranked(rows)]
    told = event_story(EventFacts("event:1", "It", "", order, (), rows))
    assert told.lines[0].kind == "weak"
    assert any("may be about another event" in reason for reason in told.sureness.reasons)
    assert told.sureness.word == "likely"


@pytest.mark.parametrize(("fit", "doubtful"), [(0.16, True), (0.8, False)])
def test_the_fit_of_a_first_is_told_beside_a_single_other_story(fit: float, doubtful: bool) -> None:
    rows = [row("a", 0), row("b", 30)]
    order = [replace(one, fit=fit) for one in ranked(rows)]
    reasons = event_story(EventFacts("event:1", "It", "", order, (), rows)).sureness.reasons
    (told,) = [reason for reason in reasons if f"fits the event's others with {fit:.2f} of 1" in reason]
    assert ("may be about something else" in told) is doubtful


def test_only_copies_leave_it_open() -> None:
    told = story([row("a", 0, copy=True), row("b", 5, copy=True)])
    assert told.sureness.word == "open"
    assert not told.firsts


def test_copies_stand_under_their_original_and_each_outlet_once() -> None:
    rows = [row("a", 0), row("b", 10, copy=True), row("c", 20), row("d", 30, copy=True), row("c", 40, number=2)]
    told = story(rows, copy_of={"b/1": "a/1", "d/1": "elsewhere/1"})
    lines = {line.row.outlet: line for line in told.lines}
    assert list(lines) == ["a", "c", "d"]
    assert [one.outlet for one in lines["a"].copies] == ["b"]
    assert [one.story_id for one in lines["c"].further] == ["c/2"]
    assert lines["d"].kind == "copy"


minutes = st.lists(st.floats(0, 100_000), min_size=1, max_size=60)


@given(minutes, st.data())
def test_every_story_is_somewhere_on_the_page_and_dots_follow_time(times: list[float], data: st.DataObject) -> None:
    rows = [
        row(data.draw(st.sampled_from("abcdefgh")), at, copy=data.draw(st.booleans()), number=number)
        for number, at in enumerate(times)
    ]
    ids = [one.story_id for one in rows]
    copies = {one.story_id: data.draw(st.sampled_from(ids)) for one in rows if one.is_copy}
    told = story(rows, copy_of=copies)
    found = {line.row.story_id for line in told.lines}
    for line in told.lines:
        found |= {one.story_id for one in [*line.copies, *line.further]}
    assert found == set(ids)
    if told.chart is not None:
        assert all(0 <= dot.x <= 100 for dot in told.chart.dots)
        assert all(0 <= x <= 100 for x, _ in told.chart.ticks)
        apart = [b[0] - a[0] for a, b in zip(told.chart.ticks, told.chart.ticks[1:], strict=False)]
        assert all(gap > 5 for gap in apart)
        assert len({(dot.x, dot.y) for dot in told.chart.dots}) == len(told.chart.dots)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (28_320, "7 h 52 min"),
        (93_600, "1 d 2 h"),
        (86_400 * 45, "45 days"),
    ],
)
def test_lengths_of_time_read_as_people_say_them(seconds: int, words: str) -> None:
    assert lag_long(seconds) == words
    assert lag_signed(seconds) == "+" + words
    assert lag_signed(-seconds).endswith(words)


def test_sizes_read_as_people_say_them() -> None:
    assert [size_of(n) for n in (1, 812, 41_200, 2_440_000)] == ["1 byte", "812 bytes", "41 kB", "2.4 MB"]
    assert size_words(1, 0, 1) == "1 story of 1 outlet"
    assert size_words(281, 20, 233) == "281 stories (20 of them copies) of 233 outlets"


@given(st.text())
def test_a_language_tag_is_one_or_nothing(text: str) -> None:
    tag = language_tag(text)
    assert tag is None or tag.replace("-", "").isalnum()
    assert language_tag("pt-BR") == "pt-BR"


@pytest.mark.parametrize(
    ("confidence", "word", "wrong"),
    [
        (0.93, "sure", "of 14 such firsts about 1 is"),
        (0.81, "sure", "of 5 such firsts about 1 is"),
        (0.75, "likely", "of 4 such firsts about 1 is"),
        (0.69, "unsure", "of 3 such firsts about 1 is"),
        (0.53, "unsure", "of 2 such firsts about 1 is"),
        (0.28, "unsure", "most such firsts are"),
    ],
)
def test_nobody_is_called_first_with_little_confidence(confidence: float, word: str, wrong: str) -> None:
    rows = [row("a", 0), row("b", 30), row("c", 472)]
    order = [replace(one, confidence=confidence if one.rank == 1 else None) for one in ranked(rows)]
    told = event_story(EventFacts("event:1", "It", "", order, (), rows, decided="a time set (1)"))
    assert told.sureness.word == word
    assert any(f"{confidence:.2f} of 1, so {wrong} wrong." in reason for reason in told.sureness.reasons)
    assert "for sure" not in told.sureness.sentence, "no confidence is that high"
    assert told.sureness.reasons[-1] == "Corrected by a researcher: a time set (1)."
    assert "Corrected" not in " ".join(story(rows).sureness.reasons)
