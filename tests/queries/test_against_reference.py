"""Every question, on generated corpora, against the plain computation of ``reference.py``."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsgraph.errors import UsageError
from newsgraph.graph.batch import Batch, Edge
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from tests.queries import reference
from tests.queries.corpora import START, Told, fill
from tests.queries.reference import Asked

OUTLETS = tuple(f"{letter}.example" for letter in "abcdef")
EVENTS = tuple(f"event:{number}" for number in range(40))
TOPICS = ("chips", "dams", "eels")
IMAGES = ("https://img.example/1", "https://img.example/2")
LANGUAGES = ("en", "en-GB", "de", "pt-BR")
AGENCIES = ("AFP", "Reuters", "dpa")
COUNTRIES = {"a.example": "GB", "b.example": "DE"}
GROUPS = {"a.example": "north", "b.example": "north", "c.example": "south"}

#: Hours ahead of UTC in June, which is when the corpora are.
ZONES = {"UTC": 0, "Asia/Tokyo": 9, "America/New_York": -4}

#: Whole and half hours for ties; 0.0001 is a fraction of a second; days for what counts days.
HOURS = (0.0, 0.0001, 0.5, 1.0, 1.0, 2.0, 23.5, 24.0, 25.0, 30.0, 49.0, 100.0, 240.0)
TIMELESS = ("missing", "impossible")
QUALITIES = ("date_only", "no_zone", "seen", "future", *TIMELESS)


@dataclass(frozen=True)
class Shape:
    """What a generated corpus is like; hypothesis draws and shrinks this, and the rest follows from the seed."""

    seed: int
    stories: int
    outlets: int
    events: int
    unsure: float
    copied: float
    filtered: float


SHAPES = st.builds(
    Shape,
    seed=st.integers(0, 2**32),
    stories=st.one_of(st.integers(0, 12), st.integers(30, 150), st.integers(100, 150)),
    outlets=st.sampled_from([0, 1, 2, 3, 4, 5, 6, 6, 6, 6]),
    events=st.sampled_from([0, 1, 2, 4, 8, 12, 12, 12, 40]),
    unsure=st.sampled_from([0.0, 0.1, 0.1, 0.2, 0.5, 1.0]),
    copied=st.sampled_from([0.0, 0.1, 0.1, 0.6]),
    filtered=st.sampled_from([0.0, 0.05, 0.1, 0.1, 0.3]),
)


def stories(shape: Shape, random: Random) -> list[Told]:
    """The corpus of a shape; copies point at earlier stories that are no copies."""
    told: list[Told] = []
    hours = HOURS if random.random() < 0.5 else [random.uniform(0, 400) for _ in range(30)]
    for number in range(shape.stories):
        quality = random.choice(QUALITIES) if random.random() < shape.unsure else "exact"
        originals = [one.name for one in told if one.copy_of is None]
        told.append(
            Told(
                name=f"s{number}",
                outlet=random.choice([*OUTLETS[: shape.outlets] * 3, None]),
                event=random.choice([*EVENTS[: shape.events] * 2, None]),
                hours=None if quality in TIMELESS else random.choice(hours),
                quality=quality,
                copy_of=random.choice(originals) if originals and random.random() < shape.copied else None,
                topics=tuple(topic for topic in TOPICS if random.random() < 0.4),
                images=tuple(image for image in IMAGES if random.random() < 0.3),
                agency=random.choice([*AGENCIES, None, None]),
                language=random.choice([*LANGUAGES, None]),
                country=random.choice(["GB", "FR", None, None]),
                related=tuple(sorted({one.name for one in told if random.random() < 0.05})),
            )
        )
    return told


def filters(shape: Shape, random: Random, told: list[Told], copies: str, dates: str) -> Asked:
    """Filters, each with the shape's chance, by names that the corpus has."""

    def some(names: Iterable[str | None]) -> tuple[str, ...]:
        there = sorted({name for name in names if name})
        if not there or random.random() >= shape.filtered:
            return ()
        return tuple(sorted(set(random.choices(there, k=random.randint(1, 4)))))

    def maybe(value: Any) -> Any:
        return value if random.random() < shape.filtered else None

    since, until = sorted(START + timedelta(hours=random.choice((0.0, 0.5, 1.5, 25.0, 300.0))) for _ in range(2))
    return Asked(
        since=maybe(since),
        until=maybe(until),
        topic=some(topic for one in told for topic in one.topics),
        outlet=some(one.outlet for one in told),
        outlet_group=some(GROUPS.get(one.outlet or "") for one in told),
        language=some((one.language or "").lower().split("-")[0] for one in told),
        country=some(one.country for one in told),
        event=some(one.event for one in told),
        copies=maybe(random.choice(("include", "exclude", "only"))) or copies,
        dates=maybe(random.choice(("all", "sure"))) or dates,
    )


class Case:
    """One generated corpus in one store, and what is asked of it."""

    def __init__(self, store: Store, told: list[Told], asked: Asked, follows: dict[str, str]) -> None:
        self.store, self.told, self.asked, self.follows = store, told, asked, follows
        self.kept = reference.kept(told, asked, GROUPS, COUNTRIES)
        self.events = sorted({one.event for one in told if one.event})
        self.outlets = sorted({one.outlet for one in told if one.outlet})

    def ask(self, name: str, without: Sequence[str] = (), **parameters: Any) -> list[dict[str, Any]]:
        """The product's rows."""
        common = {key: value for key, value in asdict(self.asked).items() if key not in without}
        answer = ask(self.store, name, **common, **parameters)
        assert answer.total == len(answer)
        return answer.to_dicts()


def same(ours: list[dict[str, Any]], theirs: list[dict[str, Any]], key: Sequence[str]) -> None:
    """Holds when both have the same rows, whatever their order, in the columns of the reference."""

    def keyed(rows: list[dict[str, Any]]) -> dict[Any, dict[str, Any]]:
        found = {tuple(row[name] for name in key): row for row in rows}
        assert len(found) == len(rows), "a row stands twice"
        return found

    mine, others = keyed(ours), keyed(theirs)
    assert mine.keys() == others.keys()
    for place, expected in others.items():
        for name, value in expected.items():
            got = mine[place][name]
            if isinstance(value, float) and isinstance(got, (int, float)):
                assert math.isclose(got, value, rel_tol=1e-9, abs_tol=1e-12), (place, name, got, value)
            else:
                assert got == value, (place, name, got, value)


def in_order(rows: list[dict[str, Any]], key: Callable[[dict[str, Any]], Any]) -> None:
    assert rows == sorted(rows, key=key)


LATEST = datetime.max.replace(tzinfo=START.tzinfo)


def check_first_to_cover(case: Case, draw: Callable[..., Any]) -> None:
    if not case.events:
        return
    event, rank_copies = draw(case.events), draw([True, False])
    ours = case.ask("first-to-cover", ("event",), event=event, rank_copies=rank_copies)
    counting = rank_copies or case.asked.copies == "only"
    kept = reference.kept(case.told, Asked(**(asdict(case.asked) | {"event": ()})), GROUPS, COUNTRIES)
    same(ours, reference.first_to_cover(kept, event, case.asked.dates, counting), ["outlet"])
    ranks = [row["rank"] for row in ours if row["rank"] is not None]
    assert ranks == sorted(ranks)
    sure = [row["date_quality"] == "exact" for row in ours]
    assert sure == sorted(sure, reverse=True), "an unsure date stands before a sure one"


def check_coverage(case: Case, draw: Callable[..., Any]) -> None:
    if not case.events:
        return
    event = draw(case.events)
    ours = case.ask("coverage", ("event",), event=event)
    kept = reference.kept(case.told, Asked(**(asdict(case.asked) | {"event": ()})), GROUPS, COUNTRIES)
    same(ours, reference.coverage(kept, event, case.asked.dates), ["story_id"])
    in_order(ours, lambda row: (row["published_at"] or LATEST, row["story_id"]))


def check_events(case: Case, draw: Callable[..., Any]) -> None:
    least = draw([0, 1, 2, 3])
    ours = case.ask("events", min_outlets=least)
    same(ours, reference.events(case.kept, case.asked.dates, least), ["event_id"])
    in_order(ours, lambda row: (-row["stories"], -row["outlets"], row["first_published_at"] or LATEST, row["event_id"]))


def check_scoops(case: Case, draw: Callable[..., Any]) -> None:
    least, events = draw([1, 2, 2, 3]), draw([1, 1, 2, 5, None])
    ours = case.ask("scoops", min_outlets=least, min_events=events)
    theirs = reference.scoops(case.kept, case.asked.dates, least)
    often = [row for row in theirs if row["events"] >= (5 if events is None else events)]
    same(ours, often or (theirs if events is None else []), ["outlet"])
    in_order(ours, lambda row: (-row["firsts"], row["q"], row["outlet"]))


def check_lead_lag(case: Case, draw: Callable[..., Any]) -> None:
    least, shared = draw([1, 2, 2, 3]), draw([1, 1, 2, 5])
    ours = case.ask("lead-lag", min_outlets=least, min_shared=shared)
    same(ours, reference.lead_lag(case.kept, case.asked.dates, least, shared), ["a", "b"])
    in_order(ours, lambda row: (row["q"], -row["shared"], row["a"], row["b"]))


def check_followers(case: Case, draw: Callable[..., Any]) -> None:
    if not case.outlets:
        return
    outlet, least, shared = draw(case.outlets), draw([2, 2, 3]), draw([1, 1, 2])
    within = draw([0.0, 0.5, 1.0, 24.0, 1e6])
    ours = case.ask("followers", ("outlet",), outlet=outlet, within=within, min_outlets=least, min_shared=shared)
    kept = reference.kept(case.told, Asked(**(asdict(case.asked) | {"outlet": ()})), GROUPS, COUNTRIES)
    # Which events are the outlet's is told by all of its stories, filtered or not; unsure counts stay within them.
    on_its = {one.event for one in case.told if one.outlet == outlet}
    mine = [one for one in kept if one.event in on_its]
    theirs = reference.followers(mine, outlet, case.asked.dates, within, least, shared)
    for row in theirs:
        row["unsure"] = reference.unsure(mine, case.asked.dates, row["follower"])
    same(ours, theirs, ["follower"])
    in_order(ours, lambda row: (row["q"], -row["after"], row["follower"]))


def check_influence(case: Case, draw: Callable[..., Any]) -> None:
    least, within = draw([1, 2, 2, 3]), draw([0.0, 0.5, 24.0, 1e6])
    ours = case.ask("influence", min_outlets=least, within=within, draws=3, seed=draw([0, 1]))
    same(ours, reference.influence(case.kept, case.asked.dates, within, least), ["outlet"])
    in_order(ours, lambda row: (-row["score"], row["outlet"]))
    for row in ours:
        assert row["low"] <= row["baseline"] * (1 + 1e-12) and row["baseline"] <= row["high"] * (1 + 1e-12)
        assert math.isclose(row["lift"], row["score"] / row["baseline"])


def check_co_coverage(case: Case, draw: Callable[..., Any]) -> None:
    least, shared = draw([1, 2, 2, 3]), draw([1, 1, 2])
    ours = case.ask("co-coverage", min_outlets=least, min_shared=shared)
    same(ours, reference.co_coverage(case.kept, case.asked.dates, least, shared), ["a", "b"])
    in_order(ours, lambda row: (row["q"], -row["jaccard"], row["a"], row["b"]))


def check_blind_spots(case: Case, draw: Callable[..., Any]) -> None:
    if not case.outlets:
        return
    outlet, number = draw(case.outlets), draw([1, 2, 10])
    peers = tuple(sorted({draw(case.outlets), draw(case.outlets)} - {outlet})) if draw([True, False]) else ()
    kept = reference.kept(
        case.told, Asked(**(asdict(case.asked) | {"outlet": (), "outlet_group": ()})), GROUPS, COUNTRIES
    )
    ours = case.ask("blind-spots", ("outlet", "outlet_group"), outlet=outlet, peers=peers, peer_count=number)
    same(ours, reference.blind_spots(kept, outlet, peers, case.asked.dates, number), ["event_id"])
    in_order(ours, lambda row: (-row["peers_covering"], -row["outlets"], row["event_id"]))


def check_topics_together(case: Case, draw: Callable[..., Any]) -> None:
    least = draw([1, 1, 2, 3])
    ours = case.ask("topics-together", ("dates",), min_together=least)
    same(ours, reference.topics_together(case.kept, least), ["a", "b"])
    in_order(ours, lambda row: (row["q"], -(row["npmi"] or 0.0), row["a"], row["b"]))


def check_attention(case: Case, draw: Callable[..., Any]) -> None:
    by, zone = draw(["topic", "outlet", "event"]), draw(["UTC", "UTC", "Asia/Tokyo", "America/New_York"])
    ours = case.ask("attention", by=by, tz=zone)
    same(ours, reference.attention(case.kept, by, case.asked.dates, ZONES[zone]), ["key", "day"])
    in_order(ours, lambda row: (not row["burst"], -row["z"] if row["burst"] else 0.0, row["key"], row["day"]))


def check_copies(case: Case, draw: Callable[..., Any]) -> None:
    ours = case.ask("copies")
    same(ours, reference.copies(case.kept, case.told, case.asked.dates), ["group"])
    in_order(ours, lambda row: (-row["copies"], row["group"]))


def check_shared_images(case: Case, draw: Callable[..., Any]) -> None:
    least = draw([1, 2, 2, 3])
    ours = case.ask("shared-images", min_outlets=least)
    same(ours, reference.shared_images(case.kept, case.told, case.asked.dates, least), ["image"])
    in_order(ours, lambda row: (-row["outlets"], -row["stories"], row["image"]))


def check_date_quality(case: Case, draw: Callable[..., Any]) -> None:
    ours = case.ask("date-quality", ("dates",))
    same(ours, reference.date_quality(case.kept), ["outlet", "date_quality"])


def check_outlet_profile(case: Case, draw: Callable[..., Any]) -> None:
    if not case.outlets:
        return
    outlet = draw(case.outlets)
    ours = case.ask("outlet-profile", ("outlet", "outlet_group"), outlet=outlet)
    narrowed = asdict(case.asked) | {"outlet": (), "outlet_group": ()}
    kept = reference.kept(case.told, Asked(**narrowed), GROUPS, COUNTRIES)
    everything = reference.kept(case.told, Asked(**(narrowed | {"copies": "include"})), GROUPS, COUNTRIES)
    own = [one for one in everything if one.outlet == outlet]
    same(ours, reference.outlet_profile(kept, own, outlet, case.asked, case.told), ["measure", "key"])


def check_path(case: Case, draw: Callable[..., Any]) -> None:
    ends = sorted(
        {("Story", one.id) for one in case.told}
        | {("Outlet", one.outlet) for one in case.told if one.outlet}
        | {("Event", one.event) for one in case.told if one.event}
        | {("Topic", topic) for one in case.told for topic in one.topics}
    )
    a, b, longest = draw(ends), draw(ends), draw([8, 8, 2, 3])
    ours = ask(case.store, "path", a=a[1], b=b[1], longest=longest)
    way = reference.path(case.told, a, b, longest)
    assert [step.id for step in ours] == (way or [])


def check_thread(case: Case, draw: Callable[..., Any]) -> None:
    if not case.events:
        return
    event = draw(case.events)
    ours = ask(case.store, "thread", event=event).to_dicts()
    same(ours, reference.thread(case.told, case.follows, event), ["event_id"])
    in_order(ours, lambda row: (row["first_published_at"] or LATEST, row["event_id"]))


def drawn_follows(told: list[Told], random: Random) -> dict[str, str]:
    """An earlier event, by name, for some events."""
    events = sorted({one.event for one in told if one.event})
    return {
        later: events[random.randrange(place)] for place, later in enumerate(events) if place and random.random() < 0.6
    }


CHECKS: dict[str, tuple[Callable[[Case, Callable[..., Any]], None], str, str]] = {
    "first-to-cover": (check_first_to_cover, "include", "all"),
    "events": (check_events, "exclude", "all"),
    "scoops": (check_scoops, "exclude", "sure"),
    "lead-lag": (check_lead_lag, "exclude", "sure"),
    "followers": (check_followers, "exclude", "sure"),
    "blind-spots": (check_blind_spots, "exclude", "all"),
    "co-coverage": (check_co_coverage, "exclude", "all"),
    "copies": (check_copies, "include", "all"),
    "shared-images": (check_shared_images, "include", "all"),
    "topics-together": (check_topics_together, "exclude", "all"),
    "outlet-profile": (check_outlet_profile, "exclude", "sure"),
    "attention": (check_attention, "exclude", "sure"),
    "influence": (check_influence, "exclude", "sure"),
    "path": (check_path, "include", "all"),
    "thread": (check_thread, "include", "all"),
    "coverage": (check_coverage, "include", "all"),
    "date-quality": (check_date_quality, "exclude", "all"),
}


def check_all(store: Store, shape: Shape) -> None:
    """Asks every question of a generated corpus, without filters and with some of its own, and compares."""
    random = Random(shape.seed)
    told = stories(shape, random)
    fill(store, told, GROUPS, COUNTRIES)
    if not told:
        for name in CHECKS:
            with pytest.raises(UsageError, match="nothing is loaded yet"):
                ask(store, name, outlet="a.example", event="event:1")
        return
    follows = drawn_follows(told, random)
    edges = [Edge("FOLLOWS", later, earlier, {"score": 0.5, "related": 2}) for later, earlier in follows.items()]
    store.write(Batch(edges=edges))
    for name, (run, copies, dates) in CHECKS.items():
        for asked in (Asked(copies=copies, dates=dates), filters(shape, random, told, copies, dates)):
            try:
                run(Case(store, told, asked, follows), random.choice)
            except AssertionError as error:
                error.add_note(f"{name}, asked with {asked}")
                raise


@pytest.mark.slow
@given(shape=SHAPES)
@example(shape=Shape(0, 0, 0, 0, 0.0, 0.0, 0.0))
@example(shape=Shape(1, 150, 6, 12, 0.0, 0.0, 0.0))
@example(shape=Shape(2, 150, 6, 12, 0.1, 0.1, 0.0))
@example(shape=Shape(3, 150, 4, 40, 0.1, 0.1, 0.0))
@example(shape=Shape(4, 150, 6, 12, 0.2, 0.2, 0.2))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_answers_what_the_reference_answers(new_store: Callable[[], Store], shape: Shape) -> None:
    store = new_store()
    try:
        check_all(store, shape)
    finally:
        store.close()


def test_draws_of_influence_are_those_of_every_shuffle(new_store: Callable[[], Store]) -> None:
    hours = {"1": {"a": 0, "b": 1, "c": 30}, "2": {"b": 0, "c": 2}, "3": {"a": 5, "b": 5, "d": 9}}
    told = [Told(f"{o}{e}", f"{o}.example", f"event:{e}", at) for e, on in hours.items() for o, at in on.items()]
    every = reference.shuffled_influence(told, 24)
    with new_store() as store:
        answer = ask(fill(store, told), "influence", draws=3000)
    assert {row.outlet for row in answer} == set(every) and len(every["a.example"]) == 6 * 2 * 6
    for row in answer:
        scores = sorted(every[row.outlet])
        assert math.isclose(row.baseline, statistics.fmean(scores), rel_tol=0.02)
        # The ends lie in what the shuffles give, about one in forty from either side.
        assert scores[0] - 1e-9 <= row.low <= scores[5] + 1e-9 and scores[-6] - 1e-9 <= row.high <= scores[-1] + 1e-9


def test_every_question_has_a_reference() -> None:
    """Of the references above, or a test of its own that counts by hand."""
    from newsgraph.queries.registry import QUESTIONS

    own = {path.stem.removeprefix("test_").replace("_", "-") for path in Path(__file__).parent.glob("test_*.py")}
    assert set(CHECKS) <= set(QUESTIONS) <= {*CHECKS, *own}
