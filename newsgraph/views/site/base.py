"""Shared by all pages of a site: the corpus, the head with its links, the foot, and how a page is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.subgraph import Filters
from newsgraph.views.document import render, script_of, shown
from newsgraph.views.event_story import size_words
from newsgraph.views.links import ALONE, Links
from newsgraph.views.options import Options
from newsgraph.views.site import feed
from newsgraph.views.site.corpus import EventLine, SiteCorpus, read_corpus
from newsgraph.views.site.names import FOLDERS, page_file
from newsgraph.views.stamp import version_words
from newsgraph.views.wording import counted, moment_words

SHEET = "site.css"
#: The folder of the pages on which events are corrected, if a server lets its reader do so.
CORRECTING = "correct"
#: The lists of a site, by the names that the head of each page gives them.
OWN_LISTS = (
    ("index.html", "Overview"),
    ("events.html", "Events"),
    ("outlets.html", "Outlets"),
    ("topics.html", "Topics"),
)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """``title`` is the heading of the site. ``base_url`` is where it will be published, without a slash at its end.
    ``date`` is shown on the first page instead of the newest story's. ``min_shared`` is that of the lead-lag page.
    ``live`` is true for pages that ``newsgraph serve`` sends. With ``correcting``, each event's page links to the page
    where the event is corrected. ``filters`` choose the stories; all if there are none."""

    title: str | None = None
    base_url: str | None = None
    date: str | None = None
    min_shared: int = 3
    live: bool = False
    correcting: bool = False
    filters: Filters = field(default_factory=Filters)

    def of_page(self, links: Links = ALONE) -> Options:
        """Returns the options of a page that can also stand alone."""
        return Options(self.filters, min_shared=self.min_shared, date=self.date, links=links)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished page: its file, its text, the time of the newest story that it is about, and its
    Content-Security-Policy."""

    file: str
    html: str
    at: datetime | None = None
    policy: str = ""


class Site:
    """The pages of one corpus."""

    def __init__(self, store: Store, options: SiteOptions) -> None:
        self.store = store
        self.options = options
        self.corpus: SiteCorpus = read_corpus(store, options.of_page())
        facts = self.corpus.facts
        self.title = site_title(options.title, facts.name)
        self.left_out: list[str] = []
        self.topic_stories = Counter(topic for story in self.corpus.stories.values() for topic in story.topics)
        self.summary = (
            f"{counted(facts.stories, 'story', 'stories')}, {counted(len(self.corpus.names), 'outlet')}, "
            f"{counted(len(self.corpus.topic_names), 'topic')}, {counted(len(self.corpus.events), 'event')}"
        )
        self.nav = list(OWN_LISTS)

    # What pages share.

    def links(self, file: str, here: str = "") -> Links:
        """Returns the links of the page in that file."""
        corpus = self.corpus
        held = {"event": corpus.events, "outlet": corpus.names, "topic": corpus.topic_names}
        return links_of(file, here or file, options=self.options, title=self.title, nav=self.nav, held=held)

    def made(self, newest: datetime | None) -> list[str]:
        """Returns the foot of a page about some stories."""
        name = f"corpus {self.corpus.facts.name}, " if self.corpus.facts.name else ""
        at = f"newest story here {moment_words(newest)}" if newest else "no sure date here"
        return [f"{version_words()}, {name}{at}{self._only}"]

    def made_of_all(self) -> list[str]:
        """Returns the foot of a page about the whole corpus."""
        facts = self.corpus.facts
        newest = f"as of {moment_words(facts.newest)}, its newest story" if facts.newest else "no sure date"
        name = f"{facts.name}: " if facts.name else ""
        return [
            f"{version_words()}, {self.options.date or newest}",
            f"Corpus {name}{self.summary}; SHA-256 {facts.sha256[:16]}",
            f"Settings: events {facts.events}{self._only}",
        ]

    @property
    def _only(self) -> str:
        words = self.options.of_page().words
        return f"; only {words}" if words else ""

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
    ) -> Made:
        """Returns a page made from one of the site's own templates."""
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
        return Made(file, page.html, at, page.policy)


def links_of(
    file: str,
    here: str,
    *,
    options: SiteOptions,
    title: str,
    nav: Sequence[tuple[str, str]],
    held: Mapping[str, Container[str]],
) -> Links:
    """Returns the links of the page in that file. ``held`` has the ids of events, outlets and topics, which have a page
    each."""
    root = "../" * file.count("/")
    base = options.base_url

    def href(kind: str, id: str) -> str | None:
        return root + page_file(kind, id) if id in held[kind] else None

    return Links(
        href=href,
        root=root,
        nav=nav,
        here=here,
        site_title=title,
        canonical=feed.address(base, file) if base else "",
        feed=f"{root}{feed.FEED}" if base else "",
        sheet=SHEET,
        live=options.live,
        correct=correcting_file(file, root) if options.correcting else "",
    )


def site_title(given: str | None, corpus: str) -> str:
    """Returns the heading of a site of a corpus of that name, unless one is given."""
    return shown(given or (f"News of {corpus}" if corpus else "The news"), 120)


def correcting_file(file: str, root: str = "") -> str:
    """Returns where the event of the page in that file is corrected; empty for a page of no event."""
    folder, _, name = file.rpartition("/")
    return f"{root}{CORRECTING}/{name}" if folder == FOLDERS["event"] else ""


def by_size(events: Iterable[EventLine]) -> list[EventLine]:
    """Returns the events, the largest first."""
    return sorted(events, key=lambda one: (-one.stories, -one.outlets, one.begun or NEVER, one.id))
