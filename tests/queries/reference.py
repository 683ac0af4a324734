"""Computes every question a second time, in plain Python from the invented stories themselves.

Nothing here uses a store, a query text or any code of newsgraph. If both agree, both are right, or both misread the
definition in the same way. Statistics come from scipy.stats and networkx, or are summed up outcome by outcome.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import networkx as nx
import scipy.stats

from tests.queries.corpora import Told

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """The filters, by their names on the command line."""

    since: datetime | None = None
    until: datetime | None = None
    topic: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    outlet_group: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    copies: str = "exclude"
    dates: str = "sure"


def sure(one: Told) -> bool:
    return one.quality in ("exact", "corrected") and one.time is not None


def second(one: Told) -> int:
    assert one.time is not None
    return math.floor((one.time - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1))


def kept(
    told: Iterable[Told], asked: Asked, groups: dict[str, str], countries: dict[str, str] | None = None
) -> list[Told]:
    """The stories that pass every filter but ``dates``."""

    def passes(one: Told) -> bool:
        is_copy = one.copy_of is not None
        return (
            (asked.since is None or (one.time is not None and one.time >= asked.since))
            and (asked.until is None or (one.time is not None and one.time < asked.until))
            and (not asked.topic or bool(set(one.topics) & set(asked.topic)))
            and (not asked.outlet or one.outlet in asked.outlet)
            and (not asked.outlet_group or groups.get(one.outlet or "") in asked.outlet_group)
            and (
                not asked.language
                or any(one.language and f"{one.language}-".lower().startswith(f"{tag}-") for tag in asked.language)
            )
            and (not asked.country or (one.country or (countries or {}).get(one.outlet or "")) in asked.country)
            and (not asked.event or one.event in asked.event)
            and (asked.copies == "include" or is_copy == (asked.copies == "only"))
        )

    return [one for one in told if passes(one)]


def firsts(told: Iterable[Told], dates: str, min_outlets: int) -> dict[str, dict[str, int]]:
    """Returns the first eligible second of each outlet of each event."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for one in told:
        if one.event and one.outlet and one.time is not None and (sure(one) or dates == "all"):
            mine = found[one.event]
            mine[one.outlet] = min(second(one), mine.get(one.outlet, second(one)))
    return {event: times for event, times in found.items() if len(times) >= min_outlets}


def covering(told: Iterable[Told], dates: str, min_outlets: int) -> dict[str, set[str]]:
    """Returns the outlets of each event, whatever their times."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in told:
        if one.event and one.outlet and (dates == "all" or sure(one)):
            found[one.event].add(one.outlet)
    return {event: outlets for event, outlets in found.items() if len(outlets) >= min_outlets}


def unsure(told: Iterable[Told], dates: str, *outlets: str, timed: bool = True) -> int:
    """Counts stories of these outlets on events that are left out as unsure."""
    return sum(
        one.outlet in outlets
        and one.event is not None
        and (not sure(one) if dates == "sure" else timed and one.time is None)
        for one in told
    )


def leader(times: dict[str, int]) -> str | None:
    """Returns the only outlet that was first; None if there are several."""
    if not times:
        return None
    earliest = min(times.values())
    first = [outlet for outlet, time in times.items() if time == earliest]
    return first[0] if len(first) == 1 else None


def discovery(p_values: Sequence[float], tests: int | None = None) -> list[float]:
    """Returns Benjamini and Hochberg's rates by scipy. Tests that are not shown have p = 1."""
    padded = list(p_values) + [1.0] * ((tests or len(p_values)) - len(p_values))
    if not padded:
        return []
    adjusted: list[float] = scipy.stats.false_discovery_control([min(1.0, p) for p in padded]).tolist()
    return adjusted[: len(p_values)]


def wilson(k: int, n: int) -> tuple[float | None, float | None]:
    if n == 0:
        return None, None
    interval = scipy.stats.binomtest(k, n).proportion_ci(method="wilson")
    return interval.low, interval.high


def tail(chances: Sequence[float], observed: int) -> float:
    """Returns P(X >= observed), trial by trial."""
    masses = {0: 1.0}
    for chance in chances:
        after: dict[int, float] = defaultdict(float)
        for count, mass in masses.items():
            after[count + 1] += mass * chance
            after[count] += mass * (1 - chance)
        masses = after
    return min(1.0, math.fsum(mass for count, mass in masses.items() if count >= observed))


def hours(values: Sequence[int]) -> float | None:
    return statistics.median(values) / 3600 if values else None


# -- The questions -----------------------------------------------------------------------------------------------------


def first_to_cover(told: list[Told], event: str, dates: str, rank_copies: bool) -> list[Row]:
    mine = [one for one in told if one.event == event and one.outlet and (dates == "all" or sure(one))]
    if any(sure(one) for one in mine):
        clocked = [one for one in mine if sure(one)]
    else:
        clocked = [one for one in mine if one.time is not None]
    rankable = [one for one in clocked if rank_copies or one.copy_of is None]
    doubtful = [one for one in told if one.event == event and not sure(one) and one not in clocked]
    best: dict[str, Told] = {}
    for outlet in {one.outlet or "" for one in mine}:
        for pool in (
            [one for one in rankable if one.outlet == outlet],
            [one for one in mine if one.outlet == outlet and sure(one)],
            [one for one in mine if one.outlet == outlet and one.time is not None],
            [one for one in mine if one.outlet == outlet],
        ):
            if pool:
                best[outlet] = min(pool, key=lambda one: (one.copy_of is not None, one.time and second(one), one.id))
                break
    ranked = {outlet: second(one) for outlet, one in best.items() if one in rankable}
    first = min(ranked.values(), default=None)
    rows = []
    for outlet, one in best.items():
        lag = second(one) - first if first is not None and one.time and (outlet in ranked or sure(one)) else None
        rows.append(
            {
                "rank": 1 + sum(time < ranked[outlet] for time in ranked.values()) if outlet in ranked else None,
                "outlet": outlet,
                "story_id": one.id,
                "lag_seconds": lag,
                "agency": one.agency,
                "is_copy": one.copy_of is not None,
                "date_quality": one.quality,
                "unsure": sum(other.outlet == outlet for other in doubtful),
                "published_at": one.time,
                "event_id": event,
            }
        )
    return rows


def coverage(told: list[Told], event: str, dates: str) -> list[Row]:
    mine = [one for one in told if one.event == event and (dates == "all" or sure(one))]
    first = min((second(one) for one in mine if sure(one)), default=0)
    return [
        {
            "story_id": one.id,
            "outlet": one.outlet,
            "published_at": one.time,
            "lag_seconds": second(one) - first if sure(one) else None,
            "is_copy": one.copy_of is not None,
            "date_quality": one.quality,
        }
        for one in mine
    ]


def events(told: list[Told], dates: str, min_outlets: int) -> list[Row]:
    rows = []
    for event in sorted({one.event for one in told if one.event}):
        mine = [one for one in told if one.event == event and (dates == "all" or sure(one))]
        outlets = {one.outlet for one in mine if one.outlet}
        if not mine or len(outlets) < min_outlets:
            continue
        clocked = [one for one in mine if sure(one)]
        times = [one.time for one in clocked or mine if one.time is not None]
        early = {one.outlet for one in clocked if second(one) == min(second(other) for other in clocked)}
        rows.append(
            {
                "event_id": event,
                "first_published_at": min(times, default=None),
                "last_published_at": max(times, default=None),
                "stories": len(mine),
                "outlets": len(outlets),
                "first_outlet": early.pop() if len(early) == 1 else None,
                "spread_hours": (max(times) - min(times)) / timedelta(hours=1) if times else None,
                "unsure": len(mine) - len(clocked),
            }
        )
    return rows


def wired(told: list[Told], event: str, outlet: str, time: int, dates: str) -> bool:
    """Whether all that the outlet published on the event in that second credits an agency."""
    mine = [one for one in told if one.event == event and one.outlet == outlet and one.time is not None]
    return all(one.agency for one in mine if second(one) == time and (sure(one) or dates == "all"))


def scoops(told: list[Told], dates: str, min_outlets: int) -> list[Row]:
    table = firsts(told, dates, min_outlets)
    rows, p_values = [], []
    for outlet in sorted({outlet for times in table.values() for outlet in times}):
        on = [times for times in table.values() if outlet in times]
        won = sum(leader(times) == outlet for times in on)
        tied = sum(leader(times) is None and times[outlet] == min(times.values()) for times in on)
        chances = [1 / len(times) for times in on if leader(times) is not None]
        behind = [times[outlet] - min(times.values()) for times in on if times[outlet] > min(times.values())]
        low, high = wilson(won, len(on))
        p_values.append(tail(chances, won))
        rows.append(
            {
                "outlet": outlet,
                "events": len(on),
                "firsts": won,
                "agency_firsts": sum(
                    leader(times) == outlet and wired(told, event, outlet, times[outlet], dates)
                    for event, times in table.items()
                    if outlet in times
                ),
                "tied": tied,
                "expected": sum(chances),
                "lift": won / sum(chances) if chances else None,
                "share": won / len(on),
                "low": low,
                "high": high,
                "median_lag_hours": hours(behind),
                "unsure": unsure(told, dates, outlet),
            }
        )
    return [row | {"q": q} for row, q in zip(rows, discovery(p_values), strict=True)]


def lead_lag(told: list[Told], dates: str, min_outlets: int, min_shared: int) -> list[Row]:
    table = firsts(told, dates, min_outlets)
    rows, p_values = [], []
    for a, b in itertools.combinations(sorted({outlet for times in table.values() for outlet in times}), 2):
        lags = sorted(times[b] - times[a] for times in table.values() if a in times and b in times)
        if len(lags) < min_shared:
            continue
        a_first, b_first = sum(lag > 0 for lag in lags), sum(lag < 0 for lag in lags)
        decided = a_first + b_first
        low, high = wilson(a_first, decided)
        p_values.append(scipy.stats.binomtest(a_first, decided).pvalue if decided else 1.0)
        ends: tuple[float | None, float | None] = (None, None)
        for r in range(1, len(lags) // 2 + 1):
            if sum(math.comb(len(lags), i) for i in range(r)) / 2 ** len(lags) <= 0.025:
                ends = (lags[r - 1] / 3600, lags[-r] / 3600)
        rows.append(
            {
                "a": a,
                "b": b,
                "shared": len(lags),
                "a_first": a_first,
                "b_first": b_first,
                "ties": len(lags) - decided,
                "share": a_first / decided if decided else None,
                "low": low,
                "high": high,
                "median_lag_hours": hours(lags),
                "lag_low": ends[0],
                "lag_high": ends[1],
                "unsure": unsure(told, dates, a, b),
            }
        )
    return [row | {"q": q} for row, q in zip(rows, discovery(p_values), strict=True)]


def followers(told: list[Told], outlet: str, dates: str, within: float, min_outlets: int, min_shared: int) -> list[Row]:
    table = firsts(told, dates, min_outlets)
    reach = within * 3600
    rows, p_values = [], []
    on_its_events = [one for one in told if one.event in {x.event for x in told if x.outlet == outlet}]
    for other in sorted({name for times in table.values() for name in times} - {outlet}):
        shared = [times for times in table.values() if outlet in times and other in times]
        if len(shared) < min_shared:
            continue
        after = [t[other] - t[outlet] for t in shared if 0 < t[other] - t[outlet] <= reach]
        chances = []
        for times in shared:
            ordered = list(itertools.permutations(times.values(), 2))
            chances.append(sum(0 < later - earlier <= reach for earlier, later in ordered) / len(ordered))
        variance = sum(p * (1 - p) for p in chances)
        p_values.append(tail(chances, len(after)))
        rows.append(
            {
                "follower": other,
                "shared": len(shared),
                "after": len(after),
                "expected": sum(chances),
                "z": (len(after) - sum(chances)) / math.sqrt(variance) if variance > 0 else None,
                "median_lag_hours": hours(after),
                "unsure": unsure(on_its_events, dates, other),
            }
        )
    return [row | {"q": q} for row, q in zip(rows, discovery(p_values), strict=True)]


def influence(told: list[Told], dates: str, within: float, min_outlets: int) -> list[Row]:
    """Returns the scores alone. The random draws are checked by :func:`shuffled_influence`."""
    scores = _pagerank(firsts(told, dates, min_outlets), within)
    return [{"outlet": outlet, "score": scores[outlet], "unsure": unsure(told, dates, outlet)} for outlet in scores]


def shuffled_influence(told: list[Told], within: float) -> dict[str, list[float]]:
    """Returns the scores of each outlet for every way to distribute the times of each event among its outlets."""
    table = firsts(told, "sure", 2)
    found: dict[str, list[float]] = defaultdict(list)
    for dealt in itertools.product(*(itertools.permutations(times.values()) for times in table.values())):
        deal = {event: dict(zip(table[event], times, strict=True)) for event, times in zip(table, dealt, strict=True)}
        for outlet, score in _pagerank(deal, within).items():
            found[outlet].append(score)
    return found


def _pagerank(table: dict[str, dict[str, int]], within: float) -> dict[str, float]:
    graph = nx.DiGraph()
    graph.add_nodes_from({outlet for times in table.values() for outlet in times})
    for times in table.values():
        for follower, late in times.items():
            before = [outlet for outlet, early in times.items() if 0 < late - early <= within * 3600]
            for outlet in before:
                weight = graph.get_edge_data(follower, outlet, {"weight": 0.0})["weight"]
                graph.add_edge(follower, outlet, weight=weight + 1 / len(before))
    scores: dict[str, float] = nx.pagerank(graph, alpha=0.85, tol=1e-13, max_iter=10000) if graph else {}
    return scores


def co_coverage(told: list[Told], dates: str, min_outlets: int, min_shared: int) -> list[Row]:
    table = covering(told, dates, min_outlets)
    names = sorted({outlet for outlets in table.values() for outlet in outlets})
    number = {name: sum(name in outlets for outlets in table.values()) for name in names}
    rows, p_values = [], []
    for a, b in itertools.combinations(names, 2):
        shared = sum(a in outlets and b in outlets for outlets in table.values())
        if shared < min_shared:
            continue
        expected, masses = 0.0, {0: 1.0}
        for size in sorted({len(outlets) for outlets in table.values()}):
            stratum = [outlets for outlets in table.values() if len(outlets) == size]
            with_a, with_b = (sum(name in outlets for outlets in stratum) for name in (a, b))
            expected += with_a * with_b / len(stratum)
            law = scipy.stats.hypergeom(len(stratum), with_a, with_b)
            after: dict[int, float] = defaultdict(float)
            for count, mass in masses.items():
                for more in range(min(with_a, with_b) + 1):
                    after[count + more] += mass * float(law.pmf(more))
            masses = after
        p_values.append(min(1.0, sum(mass for count, mass in masses.items() if count >= shared)))
        rows.append(
            {
                "a": a,
                "b": b,
                "shared": shared,
                "a_events": number[a],
                "b_events": number[b],
                "jaccard": shared / (number[a] + number[b] - shared),
                "expected": expected,
                "unsure": unsure(told, dates, a, b, timed=False),
            }
        )
    looked_at = math.comb(sum(count >= min_shared for count in number.values()), 2)
    return [row | {"q": q} for row, q in zip(rows, discovery(p_values, looked_at), strict=True)]


def blind_spots(told: list[Told], outlet: str, peers: tuple[str, ...], dates: str, peer_count: int) -> list[Row]:
    if not peers:
        table = covering(told, dates, 2)
        mine = {event for event, outlets in table.items() if outlet in outlets}
        likeness = []
        for other in {name for outlets in table.values() for name in outlets} - {outlet}:
            theirs = {event for event, outlets in table.items() if other in outlets}
            if mine & theirs:
                likeness.append((-len(mine & theirs) / len(mine | theirs), other))
        peers = tuple(name for _, name in sorted(likeness)[:peer_count])
    timed = firsts(told, "sure", 1)
    rows = []
    for event, outlets in covering(told, dates, 1).items():
        there = outlets & set(peers)
        if outlet not in outlets and there:
            rows.append(
                {
                    "event_id": event,
                    "peers_covering": len(there),
                    "peers": len(peers),
                    "first_outlet": leader(timed.get(event, {})),
                    "outlets": len(outlets),
                    "unsure": sum(one.event == event and bool(one.outlet) and not sure(one) for one in told),
                }
            )
    return rows


def topics_together(told: list[Told], min_together: int) -> list[Row]:
    with_topic = [set(one.topics) for one in told if one.topics]
    number = len(with_topic)
    alone = Counter(topic for topics in with_topic for topic in topics)
    rows, p_values = [], []
    for a, b in itertools.combinations(sorted(alone), 2):
        both = sum(a in topics and b in topics for topics in with_topic)
        if both < min_together:
            continue
        only_a, only_b = alone[a] - both, alone[b] - both
        table = [[both, only_a], [only_b, number - both - only_a - only_b]]
        p_values.append(scipy.stats.fisher_exact(table, alternative="greater").pvalue)
        joint = both / number
        npmi = math.log(joint / (alone[a] / number * alone[b] / number)) / -math.log(joint) if both < number else None
        rows.append(
            {
                "a": a,
                "b": b,
                "together": both,
                "a_stories": alone[a],
                "b_stories": alone[b],
                "all_stories": number,
                "npmi": npmi,
            }
        )
    looked_at = math.comb(sum(count >= min_together for count in alone.values()), 2)
    return [row | {"q": q} for row, q in zip(rows, discovery(p_values, looked_at), strict=True)]


def attention(told: list[Told], by: str, dates: str, zone: int) -> list[Row]:
    """``zone``: hours ahead of UTC."""
    keys: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        for key in {"topic": one.topics, "outlet": (one.outlet,), "event": (one.event,)}[by]:
            if key:
                keys[key].append(one)
    rows = []
    for key, stories in keys.items():
        ahead = timedelta(hours=zone)
        days = [(one.time + ahead).date() for one in stories if one.time is not None and (sure(one) or dates == "all")]
        if not days:
            continue
        all_days = [min(days) + timedelta(days=n) for n in range((max(days) - min(days)).days + 1)]
        counts = [days.count(day) for day in all_days]
        for place, day in enumerate(all_days):
            others = counts[:place] + counts[place + 1 :]
            z = None
            if len(others) >= 7:
                mean = statistics.fmean(others)
                phi = max(1.0, statistics.variance(others) / mean)
                tau = phi + mean * phi / len(others) / mean
                z = (counts[place] ** (2 / 3) - mean ** (2 / 3)) / (2 / 3 * mean ** (1 / 6) * math.sqrt(tau))
            rows.append(
                {
                    "day": day,
                    "key": key,
                    "stories": counts[place],
                    "baseline": statistics.fmean(others) if others else None,
                    "z": z,
                    "burst": z is not None and z > 2.58 and counts[place] >= 5,
                    "title": {"topic": key.title(), "outlet": f"The {key}", "event": f"Event {key}"}[by],
                    "unsure": len(stories) - len(days),
                }
            )
    return rows


def commonest(names: Iterable[str | None]) -> str | None:
    counted = Counter(name for name in names if name)
    return min((name for name in counted if counted[name] == max(counted.values())), default=None)


def copies(told: list[Told], everything: list[Told], dates: str) -> list[Row]:
    named = {one.name: one for one in everything}
    groups: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        if one.copy_of is not None:
            groups[one.copy_of].append(one)
    rows = []
    for name, mine in groups.items():
        counted = [one for one in mine if dates == "all" or sure(one)]
        times = [one.time for one in counted if one.time is not None and sure(one)]
        head = named[name]
        if counted:
            rows.append(
                {
                    "group": head.id,
                    "story_id": head.id,
                    "outlet": head.outlet,
                    "earliest": head.time,
                    "agency": head.agency if head.agency else commonest(one.agency for one in counted),
                    "copies": len(counted),
                    "outlets": len({one.outlet for one in counted if one.outlet}),
                    "hours": (max(times) - head.time) / timedelta(hours=1)
                    if times and head.time is not None and sure(head)
                    else None,
                    "unsure": len(mine) - len(counted),
                }
            )
    return rows


def shared_images(told: list[Told], everything: list[Told], dates: str, min_outlets: int) -> list[Row]:
    named = {one.name: one for one in everything}
    linked = {frozenset((one.event, named[other].event)) for one in everything for other in one.related}
    rows = []
    for image in sorted({image for one in told for image in one.images}):
        mine = [one for one in told if image in one.images and one.outlet and (dates == "all" or sure(one))]
        outlets = {one.outlet for one in mine}
        if not mine or len(outlets) < min_outlets:
            continue
        times: dict[str, int] = {}
        for one in mine:
            if sure(one) and one.outlet:
                times[one.outlet] = min(second(one), times.get(one.outlet, second(one)))
        placeholder = any(
            x.outlet == y.outlet and x.event and y.event and x.event != y.event
            and frozenset((x.event, y.event)) not in linked
            for x, y in itertools.combinations(mine, 2)
        )  # fmt: skip
        rows.append(
            {
                "image": image,
                "outlets": len(outlets),
                "stories": len(mine),
                "first_outlet": leader(times),
                "placeholder": placeholder,
                "unsure": sum(not sure(one) for one in mine),
            }
        )
    return rows


def date_quality(told: list[Told]) -> list[Row]:
    rows = []
    for outlet in {one.outlet for one in told}:
        mine = [one.quality for one in told if one.outlet == outlet]
        for quality in (
            "exact",
            "corrected",
            "date_only",
            "no_zone",
            "doubtful",
            "seen",
            "missing",
            "impossible",
            "future",
        ):
            number = mine.count(quality)
            share = number / len(mine)
            rows.append({"outlet": outlet, "date_quality": quality, "stories": number, "of": len(mine), "share": share})
    return rows


def outlet_profile(told: list[Told], own: list[Told], outlet: str, asked: Asked, everything: list[Told]) -> list[Row]:
    """``told`` are the stories that pass the filters; ``own`` are the outlet's stories that pass all of them but
    ``copies``."""
    wanted = [one for one in told if one.outlet == outlet]
    counted = [one for one in wanted if asked.dates == "all" or sure(one)]
    table = [times for times in firsts(told, asked.dates, 2).values() if outlet in times]
    won = sum(leader(times) == outlet for times in table)
    tied = sum(leader(times) is None and times[outlet] == min(times.values()) for times in table)
    behind = [times[outlet] - min(times.values()) for times in table if times[outlet] > min(times.values())]
    names = {one.name for one in own}
    given = [one for one in everything if one.copy_of in names]
    values: dict[tuple[str, str | None], tuple[float | None, int | None]] = {
        ("stories", None): (len(counted), None),
        ("stories of unsure date", None): (sum(not sure(one) for one in wanted), len(wanted)),
        ("events", None): (len(table), None),
        ("firsts", None): (won, len(table)),
        ("tied firsts", None): (tied, len(table)),
        ("median lag where not first", None): (hours(behind), None),
        ("copies taken", None): (sum(one.copy_of is not None for one in own), len(own)),
        ("stories copied", None): (len({one.copy_of for one in given}), len(own)),
        ("copies given", None): (len(given), None),
    }
    for topic in {topic for one in counted for topic in one.topics}:
        values["topic", topic] = (sum(topic in one.topics for one in counted), len(counted))
    return [
        {
            "measure": measure,
            "key": key,
            "value": value,
            "of": of,
            "share": value / of if of and value is not None else None,
        }
        for (measure, key), (value, of) in values.items()
    ]


def thread(told: list[Told], follows: dict[str, str], event: str) -> list[Row]:
    graph = nx.DiGraph()
    graph.add_node(event)
    graph.add_edges_from(follows.items())
    before, after = nx.descendants(graph, event), nx.ancestors(graph, event)
    rows = []
    for id in nx.node_connected_component(graph.to_undirected(), event):
        on = [one for one in told if one.event == id]
        part = "this" if id == event else "before" if id in before else "after" if id in after else "beside"
        rows.append(
            {
                "part": part,
                "event_id": id,
                "event_title": f"Event {id}",
                "first_published_at": min((one.time for one in on if one.time), default=None),
                "stories": len(on),
                "outlets": len({one.outlet for one in on if one.outlet}),
                "follows": follows.get(id),
                "score": 0.5 if id in follows else None,
                "related": 2 if id in follows else None,
            }
        )
    return rows


def path(told: list[Told], a: tuple[str, str], b: tuple[str, str], longest: int) -> list[str] | None:
    """Returns the ids on the smallest of all shortest ways."""
    graph = nx.Graph()
    named = {one.name: one for one in told}
    for one in told:
        me = ("Story", one.id)
        graph.add_node(me)
        ends = [("Outlet", one.outlet), ("Event", one.event)]
        ends += [("Topic", topic) for topic in one.topics] + [("Image", image) for image in one.images]
        ends += [("Story", named[other].id) for other in (*one.related, one.copy_of) if other]
        graph.add_edges_from((me, end) for end in ends if end[1])
    if not nx.has_path(graph, a, b) or nx.shortest_path_length(graph, a, b) > longest:
        return None
    return min([id for _, id in way] for way in nx.all_shortest_paths(graph, a, b))
