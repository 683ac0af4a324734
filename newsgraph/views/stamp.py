"""The foot of every page: the version, the corpus, the settings and a date.

The date is that of the newest story unless another one is given. So equal graphs give equal bytes, whenever pages are
made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version

from newsgraph.graph.corpus import Corpus
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.provenance import corpus_hash
from newsgraph.queries.tables.table import Table
from newsgraph.views.document import shown
from newsgraph.views.options import Options
from newsgraph.views.wording import counted, day_words, moment_words

_SPAN = Table("story_span")


@dataclass(frozen=True, slots=True)
class CorpusFacts:
    """The facts that identify a corpus. ``oldest`` and ``newest`` are of stories of a sure time; None if there is
    none."""

    stories: int
    oldest: datetime | None
    newest: datetime | None
    name: str
    sha256: str
    events: str


def corpus_facts(store: Store) -> CorpusFacts:
    """Reads these facts from a store."""
    count, oldest, newest = _SPAN.read(store, packaged("lookups/story_span"), {})
    corpus = Corpus.of(store)
    return CorpusFacts(
        count,
        oldest,
        newest,
        shown(", ".join(sorted(corpus.folders)), 120),
        corpus_hash(store),
        _event_words(corpus),
    )


def _event_words(corpus: Corpus) -> str:
    if corpus.event_origin == "none":
        return "none derived"
    defaults = asdict(EventSettings())
    settings = {**defaults, **(json.loads(corpus.event_settings) if corpus.event_settings else {})}
    named = ("method", "window_hours", "threshold")
    changed = [name for name, value in settings.items() if name not in named and value != defaults.get(name)]
    words = ", ".join(f"{name.replace('_', ' ')} {_value(settings[name])}" for name in (*named, *changed))
    return shown(f"{corpus.event_origin} ({words})", 400)


def _value(setting: object) -> str:
    return f"{setting:g}" if isinstance(setting, float) else str(setting)


def version_words() -> str:
    """``newsgraph 0.1.0``."""
    return f"newsgraph {version('newsgraph')}"


def stamp(store: Store, options: Options, *, settings: Sequence[str] = ()) -> list[str]:
    """Returns the lines for the foot of a page that stands alone: date and version, corpus, filters and settings."""
    facts = corpus_facts(store)
    as_of = options.date or (
        f"as of {moment_words(facts.newest)}, its newest story" if facts.newest else "no sure date"
    )
    name = f"{facts.name}: " if facts.name else ""
    span = f", {day_words(facts.oldest)} to {day_words(facts.newest)}" if facts.oldest else ""
    asked = [f"only {options.words}"] if options.words else []
    return [
        f"{version_words()}, {as_of}",
        f"Corpus {name}{counted(facts.stories, 'story', 'stories')}{span}; SHA-256 {facts.sha256[:16]}",
        f"Settings: {'; '.join([*asked, *settings, f'events {facts.events}'])}",
    ]
