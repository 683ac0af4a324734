"""``newsgraph view site FOLDER``: all pages of a site, and the files beside them.

Every page is written from the corpus as it is read once; a page changes only when what it tells changes, so that the
folder keeps the bytes of all others. That is why pages of events, outlets and topics name the newest story of their own
and not that of the corpus, which stands on the first page and on the one about the site.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from newsgraph.errors import NothingToWriteError, UsageError
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import refuse_own_file
from newsgraph.queries.ask import check_loaded
from newsgraph.views import lead_lag, report, topics
from newsgraph.views import map as map_view
from newsgraph.views.attention import Days, Panel, panels
from newsgraph.views.document import Page, asset, data_block, render, script_of, shown, web_address
from newsgraph.views.event_page import event_page
from newsgraph.views.event_story import size_words
from newsgraph.views.links import Links
from newsgraph.views.options import Options
from newsgraph.views.site import feed
from newsgraph.views.site.corpus import EventLine, RememberingStore, SiteCorpus, StoryRow, event_facts, read_corpus
from newsgraph.views.site.folder import SiteFolder
from newsgraph.views.site.names import page_file
from newsgraph.views.site.outlets import FEWEST_EVENTS, outlet_facts, shared
from newsgraph.views.site.search_index import Entry, index_of
from newsgraph.views.stamp import version_words
from newsgraph.views.wording import counted, day_words, moment_words, percent, rounded

#: Events on the first page, newest and largest; outlets that lead; panels of attention.
ON_INDEX = 12
#: Rows of one list; a longer one is parted.
ROWS = 400
#: An outlet leads only with so many events: of one event, anyone may be first.
FEWEST_TO_LEAD = 5
#: Events of a topic, and outlets that cover it, on its page; items of the feed.
MOST_EVENTS = 60
MOST_OUTLETS = 20
MOST_ITEMS = 50
SHEET = "site.css"
#: Stands where there is nothing to count.
NONE = "\N{EN DASH}"
_NEVER = datetime.min.replace(tzinfo=UTC)
#: Pages of views that a site holds as they are: file, name in the head, module.
_VIEWS: tuple[tuple[str, str, Any], ...] = (
    ("map.html", "Map", map_view),
    ("lead-lag.html", "Lead and lag", lead_lag),
    ("together.html", "Together", topics),
    ("report.html", "Report", report),
)


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What was written where; ``lines`` for people."""

    path: Path
    files: int
    size: int
    changed: int
    unchanged: int
    removed: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """``title`` heads the site; ``base_url`` is where it will be published, without a slash at its end; ``date`` stands
    on the first page in place of the newest story's; ``min_shared`` is that of the lead-lag page."""

    title: str | None = None
    base_url: str | None = None
    date: str | None = None
    min_shared: int = 3


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list of outlets or topics."""

    id: str
    name: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Made:
    """A finished page: its file, its text, when what it tells was last news."""

    file: str
    html: str
    at: datetime | None = None


def write_site(store: Store, target: Path, options: SiteOptions | None = None) -> SiteReport:
    """Writes the site of a whole store into a folder, which may be new, empty or an earlier site.

    Raises TargetExistsError for a folder of other things, UsageError for an address that can't be a site's and for an
    empty store, OutputError when it can't be written.
    """
    asked = options or SiteOptions()
    asked = replace(asked, base_url=_base(asked.base_url))
    refuse_own_file(store.url, target)
    folder = SiteFolder(target)
    check_loaded(store)
    with collector_paused():
        site = _Site(cast("Store", RememberingStore(store)), asked)
        written = folder.write(site.files())
    lines = [
        site.summary,
        f"{counted(written.changed, 'file')} written, {written.unchanged:,} unchanged, {written.removed:,} removed",
        *(f"{file} is no longer part of the site, but someone changed it: it is left" for file in written.kept),
        *site.left_out,
    ]
    return SiteReport(
        target, written.files, written.size, written.changed, written.unchanged, written.removed, tuple(lines)
    )


def _base(text: str | None) -> str | None:
    if text is None:
        return None
    parts = urlsplit(text) if web_address(text) else None
    if parts is None or parts.query or parts.fragment:
        raise UsageError(
            "--base-url", f"{text!r} is no address of a folder on the web", "Give one like https://example.org/news"
        )
    return text.rstrip("/")


class _Site:
    """The pages of one corpus."""

    def __init__(self, store: Store, options: SiteOptions) -> None:
        self.store = store
        self.options = options
        self.corpus: SiteCorpus = read_corpus(store)
        facts = self.corpus.facts
        self.title = shown(options.title or (f"News of {facts.name}" if facts.name else "The news"), 120)
        self.left_out: list[str] = []
        self.topic_stories = Counter(topic for story in self.corpus.stories.values() for topic in story.topics)
        self.summary = (
            f"{counted(facts.stories, 'story', 'stories')}, {counted(len(self.corpus.names), 'outlet')}, "
            f"{counted(len(self.corpus.topic_names), 'topic')}, {counted(len(self.corpus.events), 'event')}"
        )
        self.nav = [
            ("index.html", "Overview"),
            ("events.html", "Events"),
            ("outlets.html", "Outlets"),
            ("topics.html", "Topics"),
        ]

    # What pages share.

    def links(self, file: str, here: str = "") -> Links:
        """The links of the page in that file."""
        root = "../" if "/" in file else ""
        base = self.options.base_url
        return Links(
            href=partial(self._href, root),
            root=root,
            nav=self.nav,
            here=here or file,
            site_title=self.title,
            canonical=feed.address(base, file) if base else "",
            feed=f"{root}{feed.FEED}" if base else "",
            sheet=SHEET,
        )

    def _href(self, root: str, kind: str, id: str) -> str | None:
        held: Mapping[str, Any] = {
            "event": self.corpus.events,
            "outlet": self.corpus.names,
            "topic": self.corpus.topic_names,
        }[kind]
        return root + page_file(kind, id) if id in held else None

    def made(self, newest: datetime | None) -> list[str]:
        """The foot of a page that tells of some stories."""
        name = f"corpus {self.corpus.facts.name}, " if self.corpus.facts.name else ""
        at = f"newest story here {moment_words(newest)}" if newest else "no sure date here"
        return [f"{version_words()}, {name}{at}"]

    def made_of_all(self) -> list[str]:
        """The foot of a page that tells of the whole corpus."""
        facts = self.corpus.facts
        newest = f"as of {moment_words(facts.newest)}, its newest story" if facts.newest else "no sure date"
        name = f"{facts.name}: " if facts.name else ""
        return [
            f"{version_words()}, {self.options.date or newest}",
            f"Corpus {name}{self.summary}; SHA-256 {facts.sha256[:16]}",
            f"Settings: events {facts.events}",
        ]

    def page(
        self,
        template: str,
        file: str,
        title: str,
        context: Mapping[str, object],
        *,
        here: str = "",
        made: Sequence[str] | None = None,
        at: datetime | None = None,
        scripts: Sequence[str] = (),
        blocks: Sequence[Any] = (),
    ) -> _Made:
        """One page of the site's own templates."""
        page = render(
            template,
            title,
            context={"sized": size_words, "names": self.corpus.names, **context},
            scripts=scripts or [script_of("theme.js")],
            blocks=blocks,
            styles=(),
            links=self.links(file, here),
            stamp=self.made_of_all() if made is None else made,
        )
        return _Made(file, page.html, at)

    # All files.

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the site, the pages one by one, so that they are never in memory together."""
        yield SHEET, "".join(map(asset, ("page.css", "sheet.css", "event.css", "site.css"))).encode()
        drawn = self._views()
        listed: list[tuple[str, datetime | None]] = []
        for made in self._pages(drawn):
            listed.append((made.file, made.at))
            yield made.file, made.html.encode("utf-8")
        if self.options.base_url:
            yield from feed.sitemaps(self.options.base_url, listed)
            yield feed.FEED, feed.feed(self.options.base_url, self.title, self._items())

    def _pages(self, drawn: Sequence[_Made]) -> Iterator[_Made]:
        yield from drawn
        yield self._index()
        yield self._about()
        yield self._search()
        yield from self._event_lists()
        yield from self._outlet_lists()
        yield from self._topic_lists()
        for id in sorted(self.corpus.events):
            yield self._event(id)
        yield from self._outlets()
        yield from self._topics()

    def _views(self) -> list[_Made]:
        """The pages that also stand alone; one that has nothing to show is left out, and said so."""
        own = list(self.nav)
        shown_views = list(_VIEWS)
        while True:
            # The head of each page names all of them: when one turns out to be empty, the others are drawn again.
            self.nav = [*own, *((file, name) for file, name, _ in shown_views), ("search.html", "Search")]
            drawn = []
            for view in shown_views:
                file, _, module = view
                try:
                    drawn.append(_Made(file, self._view(module, file).html, self.corpus.facts.newest))
                except (NothingToWriteError, UsageError) as error:
                    self.left_out.append(f"{file} is left out: {error}")
                    shown_views.remove(view)
                    break
            else:
                return drawn

    def _view(self, module: Any, file: str) -> Page:
        links = replace(self.links(file), sheet="")
        options = Options(min_shared=self.options.min_shared, date=self.options.date, links=links)
        return cast("Page", module.build(self.store, options))

    def _index(self) -> _Made:
        corpus = self.corpus
        several = [event for event in corpus.events.values() if event.outlets > 1] or list(corpus.events.values())
        newest = sorted(several, key=lambda one: (one.begun or _NEVER, one.id), reverse=True)[:ON_INDEX]
        largest = _by_size(several)[:ON_INDEX]
        leading = [row for row in corpus.scoops if row.events >= FEWEST_TO_LEAD and row.firsts > row.expected]
        by_topic = len({row.key for row in corpus.by_topic}) > 1
        found, days = (
            panels(corpus.by_topic, corpus.topic_names, ON_INDEX)
            if by_topic
            else panels(corpus.by_outlet, corpus.names, ON_INDEX)
        )
        context = {
            "corpus": corpus.facts,
            "exact": sum(story.date_quality == "exact" for story in corpus.stories.values()),
            "figures": [
                ("Stories", corpus.facts.stories, ""),
                ("Events", len(corpus.events), "events.html"),
                ("Outlets", len(corpus.names), "outlets.html"),
                ("Topics", len(corpus.topic_names), "topics.html"),
                ("Copies", sum(story.copy_of is not None for story in corpus.stories.values()), ""),
            ],
            "newest": newest,
            "largest": largest,
            "events": len(corpus.events),
            "outlets": len(corpus.names),
            "leads_clearly": any(row.q < 0.05 for row in leading),
            "scoops": sorted(leading, key=lambda row: (row.q, -row.firsts, row.outlet))[:ON_INDEX],
            "fewest": FEWEST_TO_LEAD,
            "panels": found,
            "days": days,
            "panel_kind": "topic" if by_topic else "outlet",
        }
        return self.page("site_index", "index.html", self.title, context, at=corpus.facts.newest)

    def _about(self) -> _Made:
        facts = self.corpus.facts
        span = f"{day_words(facts.oldest)} to {day_words(facts.newest)}" if facts.oldest else "no sure date"
        options = "".join(
            f" {option} {value!r}"
            for option, value in (
                ("--title", self.options.title),
                ("--base-url", self.options.base_url),
                ("--date", self.options.date),
            )
            if value
        )
        about = [
            ("Version", version_words()),
            (
                "Date",
                self.options.date or (moment_words(facts.newest) + ", the newest story" if facts.newest else span),
            ),
            ("Corpus", f"{facts.name or 'without a name'}: {self.summary}; {span}"),
            ("SHA-256 of the corpus", facts.sha256),
            ("Events", facts.events),
            ("Lead and lag", f"pairs of outlets with at least {counted(self.options.min_shared, 'common event')}"),
        ]
        context = {"about": about, "command": f"newsgraph view site FOLDER{options}"}
        return self.page("site_about", "about.html", "About this site", context, at=facts.newest)

    def _search(self) -> _Made:
        entries = list(self._entries())
        block = data_block("index", index_of(entries), plain=20_000)
        return self.page(
            "site_search",
            "search.html",
            "Search",
            {"entries": len(entries)},
            scripts=[script_of("base.js", "search.js")],
            blocks=[block],
            at=self.corpus.facts.newest,
        )

    def _entries(self) -> Iterator[Entry]:
        corpus = self.corpus
        for event in _by_size(corpus.events.values()):
            detail = f"{size_words(event.stories, event.copies, event.outlets)}, {moment_words(event.begun)}"
            yield Entry("event", shown(event.title, 300), page_file("event", event.id), detail)
        for id, name in sorted(corpus.names.items()):
            yield Entry("outlet", name, page_file("outlet", id), shown(id, 120), id)
        for id, name in sorted(corpus.topic_names.items()):
            number = counted(self.topic_stories[id], "story", "stories")
            yield Entry("topic", name, page_file("topic", id), number, id)
        for story in sorted(
            corpus.stories.values(), key=lambda one: (one.published_at or _NEVER, one.id), reverse=True
        ):
            outlets = ", ".join(corpus.names.get(outlet, outlet) for outlet in story.outlets)
            on = story.event if story.event in corpus.events else None
            where = page_file("event", on) if on else web_address(story.url) or ""
            detail = shown(f"{outlets}, {moment_words(story.published_at)}".removeprefix(", "), 200)
            yield Entry("story", shown(story.title or story.url or "(no headline)", 300), where, detail)

    # Events.

    def _event(self, id: str) -> _Made:
        file = page_file("event", id)
        facts = event_facts(self.corpus, id)
        newest = self.corpus.events[id].ended
        page = event_page(
            facts,
            made=self.made(newest),
            source=f"{self.title}; {version_words()}",
            links=self.links(file, "events.html"),
        )
        return _Made(file, page.html, newest)

    def _event_lists(self) -> Iterator[_Made]:
        """The largest events, and all of them by month: a new event changes the list of its own month only."""
        months: dict[str, list[EventLine]] = defaultdict(list)
        for event in self.corpus.events.values():
            months[f"{event.begun:%Y-%m}" if event.begun else "undated"].append(event)
        parts: list[tuple[str, str, list[EventLine]]] = []
        for month in sorted(months, reverse=True):
            events = sorted(months[month], key=lambda one: (one.begun or _NEVER, one.id))
            for number, start in enumerate(range(0, len(events), ROWS), 1):
                file = f"lists/events-{month}.html" if number == 1 else f"lists/events-{month}-{number}.html"
                name = _month(month) if len(events) <= ROWS else f"{_month(month)}, part {number}"
                parts.append((file, name, events[start : start + ROWS]))
        index = [(file, name, len(events)) for file, name, events in parts]
        lead = [f"{counted(len(self.corpus.events), 'event')}, by the month in which they began; the largest below."]
        largest = _by_size(self.corpus.events.values())[:100]
        common = {"rows": (), "columns": (), "kind": "event"}
        context = {"lead": lead, "parts": index, "own_file": "", "events": largest, "heading": "The largest", **common}
        yield self.page("site_list", "events.html", "Events", context, at=self.corpus.facts.newest)
        for file, name, events in parts:
            newest = max((event.ended for event in events if event.ended), default=None)
            context = {
                "lead": [f"{counted(len(events), 'event')}, in the order in which they began."],
                "parts": [("events.html", "All months", 0)],
                "own_file": file,
                "events": events,
                "heading": "",
                **common,
            }
            yield self.page(
                "site_list", file, f"Events: {name}", context, here="events.html", made=self.made(newest), at=newest
            )

    def _items(self) -> list[feed.Item]:
        dated = [(event.begun, event) for event in self.corpus.events.values() if event.begun]
        dated.sort(key=lambda one: (one[0], one[1].id), reverse=True)
        found = []
        for begun, event in dated[:MOST_ITEMS]:
            firsts = ", ".join(self.corpus.names.get(id, id) for id in event.first_outlets[:3])
            summary = size_words(event.stories, event.copies, event.outlets) + (f"; first: {firsts}" if firsts else "")
            found.append(feed.Item(page_file("event", event.id), event.title, begun, summary))
        return found

    # Outlets and topics.

    def _outlets(self) -> Iterator[_Made]:
        common = shared(self.corpus)
        for id in sorted(self.corpus.names):
            facts = outlet_facts(self.corpus, common, self.store, id)
            context = {
                "facts": facts,
                "topic_names": self.corpus.topic_names,
                "fewest": FEWEST_EVENTS,
            }
            yield self.page(
                "site_outlet",
                page_file("outlet", id),
                facts.name,
                context,
                here="outlets.html",
                made=self.made(facts.newest),
                at=facts.newest,
            )

    def _outlet_lists(self) -> Iterator[_Made]:
        corpus = self.corpus
        stories: Counter[str] = Counter()
        copies: Counter[str] = Counter()
        unsure: Counter[str] = Counter()
        for story in corpus.stories.values():
            for outlet in story.outlets:
                stories[outlet] += 1
                copies[outlet] += story.copy_of is not None
                unsure[outlet] += story.date_quality != "exact"
        scoops = {row.outlet: row for row in corpus.scoops}
        rows = []
        for id, name in sorted(corpus.names.items(), key=lambda one: (one[1].casefold(), one[0])):
            row = scoops.get(id)
            first = f"{row.firsts} of {row.events}" if row else NONE
            chance = rounded(row.expected) if row else NONE
            share = percent(row.share) if row else NONE
            rows.append(
                ListRow(
                    id,
                    name,
                    [f"{stories[id]:,}", first, chance, share, f"{copies[id]:,}", f"{unsure[id]:,}"],
                )
            )
        columns = ["Outlet", "Stories", "Alone first", "By chance", "Share", "Copies", "Unsure dates"]
        lead = [
            "How many of the events that it shared with others an outlet was alone first on, and what chance gives."
        ]
        yield from self._lists("outlets", "Outlets", "outlet", rows, columns, lead)

    def _topic_lists(self) -> Iterator[_Made]:
        events: dict[str, set[str]] = defaultdict(set)
        outlets: dict[str, set[str]] = defaultdict(set)
        for story in self.corpus.stories.values():
            for topic in story.topics:
                outlets[topic].update(story.outlets)
                if story.event is not None:
                    events[topic].add(story.event)
        rows = [
            ListRow(id, name, [f"{self.topic_stories[id]:,}", f"{len(events[id]):,}", f"{len(outlets[id]):,}"])
            for id, name in sorted(self.corpus.topic_names.items(), key=lambda one: (one[1].casefold(), one[0]))
        ]
        yield from self._lists("topics", "Topics", "topic", rows, ["Topic", "Stories", "Events", "Outlets"], [])

    def _lists(
        self, stem: str, title: str, kind: str, rows: Sequence[ListRow], columns: Sequence[str], lead: Sequence[str]
    ) -> Iterator[_Made]:
        """A list in alphabetical order, in parts."""
        starts = range(0, max(len(rows), 1), ROWS)
        files = [f"{stem}.html" if start == 0 else f"lists/{stem}-{start // ROWS + 1}.html" for start in starts]
        parts = [
            (file, f"{rows[start].name[:14]} …" if rows else "", len(rows[start : start + ROWS]))
            for file, start in zip(files, starts, strict=True)
        ]
        for file, start in zip(files, starts, strict=True):
            context = {
                "lead": [f"{len(rows):,} in all.", *lead],
                "parts": parts if len(parts) > 1 else [],
                "own_file": file,
                "events": (),
                "rows": rows[start : start + ROWS],
                "columns": columns,
                "kind": kind,
            }
            yield self.page("site_list", file, title, context, here=f"{stem}.html", at=self.corpus.facts.newest)

    def _topics(self) -> Iterator[_Made]:
        corpus = self.corpus
        by_topic: dict[str, list[StoryRow]] = defaultdict(list)
        for story in corpus.stories.values():
            for topic in story.topics:
                by_topic[topic].append(story)
        found, days = panels(corpus.by_topic, corpus.topic_names, len(corpus.topic_names))
        volumes = {panel.id: panel for panel in found}
        for id in sorted(corpus.topic_names):
            yield self._topic(id, by_topic.get(id, ()), volumes.get(id), days)

    def _topic(self, id: str, stories: Sequence[StoryRow], panel: Panel | None, days: Days) -> _Made:
        corpus = self.corpus
        events = {story.event for story in stories if story.event in corpus.events}
        outlets = Counter(outlet for story in stories for outlet in story.outlets)
        newest = max((story.published_at for story in stories if story.sure and story.published_at), default=None)
        context = {
            "stories": len(stories),
            "outlet_count": len(outlets),
            "event_count": len(events),
            "panel": panel,
            "days": days,
            "outlets": sorted(outlets.items(), key=lambda one: (-one[1], one[0]))[:MOST_OUTLETS],
            "events": _by_size([corpus.events[cast("str", event)] for event in events])[:MOST_EVENTS],
        }
        return self.page(
            "site_topic",
            page_file("topic", id),
            corpus.topic_names[id],
            context,
            here="topics.html",
            made=self.made(newest),
            at=newest,
        )


def _by_size(events: Any) -> list[EventLine]:
    return sorted(events, key=lambda one: (-one.stories, -one.outlets, one.begun or _NEVER, one.id))


def _month(text: str) -> str:
    return "without a date" if text == "undated" else f"{datetime.strptime(text, '%Y-%m').replace(tzinfo=UTC):%B %Y}"


__all__ = ["SiteOptions", "SiteReport", "write_site"]
