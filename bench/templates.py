"""Which templates of headlines are put together as events, though each headline is about something of its own.

    python bench/templates.py [--each N] [--days D] [--games K]

Forty kinds of routine headlines (results, horoscopes, forecasts, lottery numbers, stock moves, police logs) are filled
with names, N a day and kind, at random hours of D days. K games a day are told by five outlets, in their own words.
For each kind it prints the stories, their B-cubed precision and recall, and the largest event with how many different
things are in it. The names are real ones of clubs, towns and firms, so that their words are in word lists.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._measure import table
from newsgraph.graph.events import StoryText, derive

START = datetime(2025, 3, 3, tzinfo=UTC)
CLUBS = """Arsenal|Chelsea|Everton|Fulham|Liverpool|Brentford|Brighton|Burnley|Leeds United|Leicester City|
Newcastle United|Nottingham Forest|Southampton|Tottenham|West Ham|Wolves|Aston Villa|Crystal Palace|Bournemouth|
Manchester City|Manchester United|Celtic|Rangers|Hearts|Hibernian|Aberdeen|Juventus|Milan|Napoli|Roma|Lazio|
Real Madrid|Barcelona|Sevilla|Valencia|Villarreal|Bayern Munich|Dortmund|Leipzig|Freiburg|Lyon|Marseille|Monaco|
Lille|Ajax|Feyenoord|Benfica|Porto|Galatasaray|Fenerbahce"""
TOWNS = """Springfield|Franklin|Clinton|Greenville|Bristol|Fairview|Salem|Madison|Georgetown|Arlington|Ashland|Dover|
Oxford|Jackson|Burlington|Manchester|Milton|Newport|Auburn|Centerville|Clayton|Dayton|Lexington|Milford|
Riverside|Cleveland|Hudson|Kingston|Mount Vernon|Oakland|Winchester|Cambridge|Chester|Columbus|Concord|Danville|
Florence|Glendale|Hamilton|Harrison|Lancaster|Lebanon|Marion|Monroe|Norwood|Princeton|Richmond|Troy|Warren|
Waverly|Westfield|Windsor|Bedford|Belmont|Camden|Carlisle|Charleston|Cumberland|Durham|Farmington|Fulton|
Garfield|Hanover|Hillsboro|Jefferson|Lakewood|Linden|Medford|Middletown|Newton|Orange|Plymouth"""
FIRMS = """Apple|Microsoft|Tesla|Boeing|Ford|Pfizer|Walmart|Target|Starbucks|Nike|Intel|Netflix|Visa|Chevron|
Caterpillar|Deere|Oracle|Cisco|Merck|Disney|Verizon|Comcast|Honeywell|Lockheed|Raytheon|General Electric|General Motors|
Bank of America|Wells Fargo|Goldman Sachs|Home Depot|Procter & Gamble|Johnson & Johnson|American Express|
Southwest Airlines|Delta|United Airlines|Kroger|Costco|Dollar General|Best Buy|Union Pacific|FedEx|Marriott|
Hilton|Carnival|Kellogg|General Mills|Kraft Heinz|Eli Lilly|Amgen|Gilead|Biogen|Moderna"""
FIRST = """James Mary Robert Linda John Susan David Karen Thomas Nancy Daniel Betty Mark Helen Paul Sandra Kevin Donna
Brian Carol Edward Ruth"""
LAST = """Smith Johnson Brown Taylor Miller Wilson Moore Anderson Jackson Harris Martin Thompson Garcia Clark Lewis
Walker Hall Allen Young King Wright Scott Green Baker Adams Nelson Carter Mitchell Roberts Turner Phillips
Campbell Parker Evans Edwards Collins Stewart Morris"""
SIGNS = "Aries Taurus Gemini Cancer Leo Virgo Libra Scorpio Sagittarius Capricorn Aquarius Pisces"
STATES = """Ohio|Texas|Florida|Georgia|Michigan|Illinois|Virginia|Arizona|
Indiana|Kentucky|Missouri|Maryland|Wisconsin|Colorado|Oregon|Iowa"""
GAMES = "Pick 3|Pick 4|Cash 5|Lotto|Mega Millions|Powerball|Lucky for Life|Daily Game"
SHOWS = """The Voice|Survivor|Grey's Anatomy|Chicago Fire|The Simpsons|
Top Chef|Antiques Roadshow|Jeopardy|Doctor Who|Law & Order|Shark Tank"""
CRIMES = "robbery|assault|burglary|arson|fraud|theft|drunken driving|drug trafficking|stalking|vandalism"
SKIES = "sunny|mostly cloudy|light rain|strong winds|scattered showers|snow flurries|clear skies|patchy fog"
BANDS = (
    "The Killers|Coldplay|Radiohead|Pearl Jam|The National|Wilco|Foo Fighters|Green Day|Blur|Pulp|Metallica|The Cure"
)
PAPERS = "Times|Guardian|Herald|Telegraph|Post|Tribune|Globe|Chronicle|Mirror|Examiner|Gazette|Observer"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Words = dict[str, list[str]]
LISTS: Words = {
    "club": CLUBS.replace("\n", "").split("|"),
    "town": TOWNS.replace("\n", "").split("|"),
    "firm": FIRMS.replace("\n", "").split("|"),
    "first": FIRST.split(),
    "last": LAST.split(),
    "sign": SIGNS.split(),
    "state": STATES.replace("\n", "").split("|"),
    "game": GAMES.split("|"),
    "show": SHOWS.replace("\n", "").split("|"),
    "crime": CRIMES.split("|"),
    "sky": SKIES.split("|"),
    "band": BANDS.split("|"),
    "paper": PAPERS.split("|"),
    "up": ["rise", "fall", "jump", "slip", "climb", "drop"],
    "road": ["Main Street", "Route 9", "Interstate 95", "Highway 40", "Interstate 70", "Route 22", "Park Avenue"],
}
#: What it is about, and the headline. The same filled "about" means the same event.
TEMPLATES: dict[str, tuple[str, str]] = {
    "match, score first": ("{club} {club2} {date}", "{club} {a}-{b} {club2}: {last} scores twice"),
    "match, beat": ("{club} {club2} {date}", "{club} beat {club2} {a}-{b}"),
    "match, ratings": ("{club} {club2} {date}", "{club} {a}-{b} {club2}: player ratings as {last} shines"),
    "box score": ("{club} {club2} {date}", "Box score: {club} {a}, {club2} {b}"),
    "recap": ("{club} {club2} {date}", "Recap: {club} at {club2}"),
    "match preview": ("{club} {club2} {date}", "{club} vs {club2}: live stream, TV channel and kick-off time"),
    "how to watch": ("{club} {club2} {date}", "How to watch {club} at {club2}: odds, prediction, start time"),
    "school scores": ("{town} {town2} {date}", "High school football: {town} {a}, {town2} {b}"),
    "injury": ("{club} {last}", "{first} {last} injury update: will the {club} forward play on {day}?"),
    "fantasy": ("{last} {club}", "Fantasy outlook: should you start or sit {club}'s {last} this week?"),
    "horoscope, holds": ("{sign} {date}", "Horoscope today: what {day} holds for {sign}"),
    "horoscope, daily": ("{sign} {date}", "{sign} daily horoscope for March {dd}"),
    "tarot": ("{sign} {date}", "{sign} weekly tarot reading: love, career and money"),
    "forecast": ("{town} {date}", "{day}'s forecast for {town}"),
    "weather in": ("{town} {date}", "Weather in {town}: {sky}, high of {n}"),
    "weather chance": ("{town} {date}", "{town} weather: {sky} expected {day}, {n}% chance of rain"),
    "frost": ("{town} {date}", "Frost advisory issued for {town} County until {day} morning"),
    "lottery, numbers": ("{state} {game} {date}", "{state} Lottery {game} winning numbers for March {dd}"),
    "lottery, drawing": ("{state} {game} {date}", "Here are the {state} {game} results from {day}'s drawing"),
    "stock move": ("{firm} {date}", "{firm} shares {up} {n}% on {day}"),
    "stock price": ("{firm} {date}", "{firm} stock price up {n}% in morning trading"),
    "stake": ("{firm} {last}", "{last} Capital Management has ${n} million stake in {firm}"),
    "dividend": ("{firm} {date}", "{firm} to issue quarterly dividend of $0.{n}"),
    "earnings": ("{firm}", "{firm} Q4 earnings: profit beats estimates by ${n} million"),
    "price target": ("{firm} {date}", "Analysts raise {firm} price target to ${n}"),
    "obituary, of": ("{first} {last} {town}", "{first} {last}, {age}, of {town}"),
    "obituary": ("{first} {last} {date}", "{first} {last} obituary"),
    "crossword": ("{paper} {date}", "{paper} crossword: hints and answers for March {dd}"),
    "crash": ("{town} {road} {date}", "Crash closes lanes on {road} near {town}"),
    "traffic": ("{town} {road} {date}", "Traffic alert: {road} closed at {town} until {n} p.m."),
    "home sale": ("{town} {n} {age}", "{n2}-bedroom home in {town} sells for ${age}{n},000"),
    "transfers": ("{town} {date}", "Real estate transfers: {town} County, March {dd}"),
    "police log": ("{town} {date}", "{town} police log: March {dd}"),
    "charged": ("{town} {age} {crime}", "{town} man, {age}, charged with {crime}"),
    "tv": ("{show} {show2} {date}", "What's on TV {day}: {show} and {show2}"),
    "inspections": ("{town} {date}", "{town} restaurant inspections for the week of March {dd}"),
    "gas": ("{town} {date}", "Gas prices in {town} fall {n} cents to $3.{n2}9 a gallon"),
    "agenda": ("{town} {date}", "{town} city council meeting agenda for March {dd}"),
    "missing": ("{first} {last} {town}", "Police search for missing {age}-year-old {first} {last} of {town}"),
    "review": ("{band} {town}", "Concert review: {band} thrill the crowd in {town}"),
}  # fmt: skip
#: One game in the words of five outlets.
GAME = (
    "{club} {a}-{b} {club2}: {last} scores twice",
    "{club} beat {club2} {a}-{b}",
    "{last} double sees {club} past {club2}",
    "{club2} lose to {club} as {last} strikes twice",
    "{club} {a}-{b} {club2}: player ratings as {last} shines",
)


@dataclass(frozen=True, slots=True)
class Labelled:
    story: StoryText
    kind: str
    about: str


def filling(chance: random.Random, at: datetime) -> dict[str, object]:
    """A name for each gap."""
    chosen: dict[str, object] = {name: chance.choice(words) for name, words in LISTS.items()}
    for name in ("club", "town", "show"):
        chosen[name], chosen[f"{name}2"] = chance.sample(LISTS[name], 2)
    chosen |= {
        "a": chance.randrange(2, 6),
        "b": chance.randrange(2),
        "n": chance.randrange(10, 60),
        "n2": chance.randrange(2, 6),
    }
    chosen |= {"age": chance.randrange(18, 96), "day": DAYS[at.weekday()], "dd": at.day, "date": at.date()}
    return chosen


def about_it(kind: str, about: str, words: dict[str, object]) -> str:
    """What a headline is about: two clubs within days are one game, whatever is told of it."""
    if "{club} {club2}" in about:
        return "game: " + " ".join(sorted((str(words["club"]), str(words["club2"]))))
    return f"{kind}: {about.format(**words)}"


def corpus(each: int, days: int, games: int) -> Iterator[Labelled]:
    chance = random.Random(7)
    number = 0

    def made(at: datetime, kind: str, about: str, title: str) -> Labelled:
        nonlocal number
        number += 1
        outlet = f"o{chance.randrange(60)}.example"
        return Labelled(StoryText(f"s{number:06d}", title, "", at, outlet=outlet), kind, about)

    for day in range(days):
        start = START + timedelta(days=day)
        for kind, (about, headline) in TEMPLATES.items():
            seen: set[str] = set()
            for _ in range(each):
                at = start + timedelta(hours=chance.uniform(5, 22))
                words = filling(chance, at)
                what = about_it(kind, about, words)
                if what not in seen:  # the same twice by chance is no second report
                    seen.add(what)
                    yield made(at, kind, what, headline.format(**words))
        for _ in range(games):
            end = start + timedelta(hours=chance.uniform(14, 21))
            words = filling(chance, end)
            for headline in GAME:
                at = end + timedelta(hours=chance.expovariate(1 / 2))
                yield made(
                    at,
                    "one game, five outlets",
                    about_it("match", TEMPLATES["match, beat"][0], words),
                    headline.format(**words),
                )


def mean(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.3f}"


def measured(told: list[Labelled]) -> list[tuple[str, ...]]:
    events = [[member.story_id for member in event.members] for event in derive([one.story for one in told]).events]
    about = {one.story.id: one.about for one in told}
    kind = {one.story.id: one.kind for one in told}
    sizes = Counter(about.values())
    found: dict[str, list[tuple[float, float, int, int]]] = defaultdict(list)
    for event in events:
        parts = Counter(about[id] for id in event)
        for id in event:
            same = parts[about[id]]
            found[kind[id]].append((same / len(event), same / sizes[about[id]], len(event), len(parts)))
    rows: list[tuple[str, ...]] = []
    for name in [*TEMPLATES, "one game, five outlets"]:
        if values := found.get(name):
            largest = max(values, key=lambda value: value[3])
            rows.append(
                (
                    name,
                    str(len(values)),
                    mean([v[0] for v in values]),
                    mean([v[1] for v in values]),
                    str(largest[2]),
                    str(largest[3]),
                )
            )
    every = [value for values in found.values() for value in values]
    rows.append(
        (
            "all",
            str(len(every)),
            mean([v[0] for v in every]),
            mean([v[1] for v in every]),
            str(max(v[2] for v in every)),
            str(max(v[3] for v in every)),
        )
    )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=12, help="Headlines of each kind on each day.")
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--games", type=int, default=4, help="Games a day that five outlets tell of.")
    options = parser.parse_args()
    told = list(corpus(options.each, options.days, options.games))
    head = ("kind", "stories", "precision", "recall", "largest", "things in it")
    table(f"{len(told)} headlines of {options.days} days", [head, *measured(told)])


if __name__ == "__main__":
    main()
