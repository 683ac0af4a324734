"""newsgraph in Python: ``newsgraph.open(url)`` returns a graph, which you can load, ask, query, export and view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from datetime import datetime
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from newsgraph.errors import UsageError
from newsgraph.graph.stores.bounds import SECONDS
from newsgraph.graph.stores.registry import DEFAULT_URL, open_store

if TYPE_CHECKING:
    import networkx

    from newsgraph.graph.exports.registry import ExportReport
    from newsgraph.graph.info import Info
    from newsgraph.graph.stores.protocol import Rows, Store
    from newsgraph.loaders.load_report import LoadReport, Step
    from newsgraph.loaders.watching.look import Look
    from newsgraph.queries.answer import Answer
    from newsgraph.queries.asking.find import Hit
    from newsgraph.views.document import Page
    from newsgraph.views.site.build import SitePages

AnyPath = str | PathLike[str]


def open(url: AnyPath = DEFAULT_URL, *, create: bool = True, readonly: bool = False, force: bool = False) -> Graph:
    """Opens the graph at ``url``: a file path, ``networkx:`` or ``networkx:FILE.json``, or ``neo4j://HOST``.

    If there is none, ``create`` makes it. ``readonly`` reads the last saved state and takes no lock, so it also works
    while another process writes. ``force`` allows a server's database in which another application has nodes under
    newsgraph's labels. Raises StoreError when the store can't be used.
    """
    return Graph(open_store(fspath(url), create=create, readonly=readonly, force=force))


class Graph:
    """A knowledge graph of news on one store. It is a context manager: leaving it saves and closes the store.

    >>> with newsgraph.open("networkx:") as graph:
    ...     report = graph.load("articles")
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def __repr__(self) -> str:
        return f"<newsgraph.Graph on {self.store.url}>"

    def load(
        self,
        paths: AnyPath | Iterable[AnyPath],
        *,
        label: str | None = None,
        outlets: AnyPath | None = None,
        columns: Mapping[str, str] | None = None,
        site: str | None = None,
        authors: bool | None = None,
        corrections: AnyPath | None = None,
        events: bool = True,
        semantic: bool | None = None,
        collect: bool | None = None,
        keep_versions: bool | None = None,
        keep_missing: bool = False,
        dry_run: bool = False,
        now: datetime | None = None,
        progress: Callable[[int, int | None], None] | None = None,
        steps: Callable[[Step], None] | None = None,
        wait: float = 0.0,
        waiting: Callable[[str], None] | None = None,
    ) -> LoadReport:
        """Loads files and folders, and then derives the events. The graph is then what a fresh load of them would give.

        ``label`` names the folder in the ids of its files. ``outlets`` is a CSV file with ``domain, outlet, name,
        country, group``. ``columns`` says which column of a table holds which field (``{"title": "headline"}``).
        ``site`` is the web address of the site that is made from the files (Hugo, Jekyll, Zola), if its settings don't
        give it. ``authors`` says whether the names in bylines are kept; it is remembered for later loads, and None
        leaves it as it was. ``corrections`` is a CSV file of decisions (see docs/corrections.md), which replaces those
        that the store keeps. ``semantic`` says whether a sentence model helps to tell events apart (it needs
        ``newsgraph[semantic]``); it is remembered, and None leaves it as it was. ``collect`` keeps everything that the
        folder's files once said, until it is forgotten; it is remembered, too (False ends it, None leaves it as it
        was). ``keep_versions`` keeps the earlier headlines and excerpts of stories that were edited, and is remembered
        in the same way. ``keep_missing`` keeps what files said that no longer exist. ``dry_run`` reads everything and
        writes nothing. ``now`` (with zone) is the present time, after which a story's time counts as future.

        ``progress(done, total)`` is called with the number of files that are read, ``steps`` with each step of the
        load. On a server, another load is waited for up to ``wait`` seconds, and ``waiting`` is called with the name of
        its process.

        Returns a report, which has a line for everything that is wrong with files. Raises UsageError and StoreError.
        """
        from newsgraph.graph.stores.writer_lock import writing  # noqa: PLC0415
        from newsgraph.loaders.load import derive_after, load  # noqa: PLC0415
        from newsgraph.loaders.load_report import Step  # noqa: PLC0415
        from newsgraph.loaders.researcher.correcting import doubts, given_corrections  # noqa: PLC0415
        from newsgraph.loaders.researcher.outlets_file import read_outlets  # noqa: PLC0415

        with nullcontext() if dry_run else writing(self.store, wait=wait, waiting=waiting):
            if events:
                from newsgraph.graph.events.sync import check_semantic  # noqa: PLC0415

                check_semantic(self.store, semantic)
            elif semantic is not None:
                raise UsageError("semantic", "is about how events are derived, and these are left as they are")
            path = None if corrections is None else Path(corrections)
            decided = given_corrections(self.store, path, dry_run=dry_run)
            report = load(
                self.store,
                _paths(paths),
                label=label,
                outlets=read_outlets(Path(outlets)) if outlets is not None else None,
                columns=columns,
                site=site,
                authors=authors,
                corrections=decided.corrections,
                collect=collect,
                keep_versions=keep_versions,
                keep_missing=keep_missing,
                dry_run=dry_run,
                now=now,
                progress=progress,
                steps=steps,
            )
            if events and not (dry_run or report.stopped or report.nothing):

                def titles(done: int, total: int | None) -> None:
                    if steps is not None:
                        steps(Step("Deriving events", done, total, "titles"))

                if steps is not None:
                    steps(Step("Deriving events"))
                derive_after(self.store, report, semantic=semantic, titles=titles)
            report.errors.extend(decided.problems)
            report.notes.extend(decided.notes)
            if decided.corrections and not (dry_run or report.nothing):
                report.notes.extend(doubts(self.store, decided.corrections))
        return report

    def look(
        self,
        paths: AnyPath | Iterable[AnyPath],
        *,
        when: str | Iterable[str] = "new",
        collect: bool | None = None,
        wait: float = 0.0,
    ) -> Look:
        """Loads what arrived in files and folders, derives the events, and says what is new because of it: one look of
        ``newsgraph watch``.

        ``when`` says what counts as news: ``new`` (a new event), ``outlets:3`` (an event that three outlets have
        covered), ``first`` (an outlet was surely the first of at least two) or ``first:bbc.com`` (only that outlet).
        ``collect`` and ``wait`` are those of ``load``. The answer's ``news`` are objects with ``kind``, ``event``,
        ``title``, ``outlet``, ``url`` and more, and with ``as_json()``. Its ``report`` is that of the load. If the
        store had no events before, ``began`` is True and ``news`` is empty. Raises UsageError and StoreError.

        >>> for one in graph.look("feeds", when=["new", "outlets:3"], collect=True).news:
        ...     print(one.kind, one.title, one.outlet)
        """
        from newsgraph.loaders.watching.look import look  # noqa: PLC0415
        from newsgraph.loaders.watching.news import Condition  # noqa: PLC0415

        conditions = [Condition.of(text) for text in ([when] if isinstance(when, str) else when)]
        return look(self.store, _paths(paths), conditions, collect=collect, wait=wait)

    def forget(self, *sources: str, events: bool = True) -> LoadReport:
        """Removes sources, and everything that only they said, and then derives the events.

        A source is named by its id (``feeds/bbc.xml``) or by a pattern (``feeds/*.xml``). Raises UnknownNameError for
        one that fits no source.
        """
        from newsgraph.graph.stores.writer_lock import writing  # noqa: PLC0415
        from newsgraph.loaders.load import derive_after, forget  # noqa: PLC0415

        with writing(self.store):
            report = forget(self.store, sources)
            if events:
                derive_after(self.store, report)
            else:
                self.store.save()
        return report

    def ask(self, name: str, /, **parameters: Any) -> Answer[Any]:
        """Answers the question of that name with typed rows. ``newsgraph ask`` lists the questions, and
        ``newsgraph ask NAME --help`` their parameters.

        Raises UnknownNameError for a question, event, outlet or topic that doesn't exist, AmbiguousNameError for words
        that fit several, and UsageError for any other value that isn't valid.
        """
        from newsgraph.queries.ask import ask  # noqa: PLC0415

        return ask(self.store, name, **parameters)

    def find(self, words: str, *, kinds: str | Iterable[str] = (), limit: int | None = None) -> list[Hit]:
        """Returns the events, outlets, topics and stories that the words fit, the best first: what ``newsgraph find``
        lists.

        ``words`` may also be a web address or a domain. ``kinds`` are some of ``event``, ``outlet``, ``topic`` and
        ``story`` (none given: all); ``limit`` keeps the best. A hit has ``kind``, ``id``, ``name``, ``score`` (0 to 1)
        and more; its ``id`` names it in a question. Raises UsageError if ``words`` holds no word, for an unknown
        kind, and if nothing is loaded.

        >>> graph.find("facial recognition", kinds="event")[0].id
        'event:423bbf40b47e67ba'
        """
        from newsgraph.queries.ask import check_loaded  # noqa: PLC0415
        from newsgraph.queries.asking.find import KINDS, find  # noqa: PLC0415

        check_loaded(self.store)
        chosen = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        return find(self.store, words, kinds=chosen or KINDS, limit=limit)

    def cypher(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        admin: bool = False,
        timeout: float | None = SECONDS,
        memory: int | str | None = None,
        limit: int | None = None,
    ) -> Rows:
        """Runs a Cypher text. It may change the graph only with ``write``. ``parameters`` are the values of ``$NAME``.

        It runs in a process of its own (or on the server), so that no text can harm the program. ``timeout`` is in
        seconds (None: no limit), ``memory`` is ``"2G"`` or a number of bytes (None: a quarter of the machine's memory),
        ``limit`` is a number of rows. ``admin`` also allows the text to ask about the server (SHOW, any procedure). A
        text that writes must leave a graph of the schema. The ``notes`` of the answer name labels, types and properties
        of the text that the schema doesn't have. Raises QueryError, ReadOnlyError, QueryLimitError or QueryCrashError.
        """
        from newsgraph.queries.asking.unknown_names import with_notes  # noqa: PLC0415

        rows = self.store.user_query(
            text, parameters, write=write, admin=admin, timeout=timeout, memory=memory, limit=limit
        )
        return with_notes(rows, text)

    def export(
        self,
        format: str,
        target: AnyPath,
        *,
        event: str | None = None,
        topic: str | None = None,
        outlet: str | None = None,
        language: str | None = None,
        country: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        where: str | Iterable[str] = (),
        labels: Iterable[str] = (),
        edges: Iterable[str] = (),
        **options: Any,
    ) -> ExportReport:
        """Writes the graph, or a part of it, for another tool.

        The part is what satisfies all of the filters. ``event`` is an id, the address of a story, or words; ``topic``
        and ``outlet`` are ids or names; ``language`` is a tag, ``country`` a code or name. ``since`` (included) and
        ``until`` (not included) are times or their texts. ``where`` are conditions on columns of the outlets file, such
        as ``country=DE``. ``labels`` and ``edges`` are declared names. For the other
        options see newsgraph.graph.exports.registry.export.
        """
        from newsgraph.graph.exports.registry import export, find_format  # noqa: PLC0415
        from newsgraph.queries.asking.part_filters import part_filters  # noqa: PLC0415

        find_format(format)  # a wrong name is reported before the store is read
        if "filters" not in options:
            options["filters"] = part_filters(
                self.store,
                event=event,
                topic=topic,
                outlet=outlet,
                language=language,
                country=country,
                since=since,
                until=until,
                where=where,
                labels=labels,
                edges=edges,
            )
        return export(format, self.store, target if target == "-" else Path(target), **options)

    @overload
    def view(self, page: Literal["site"], **options: Any) -> SitePages: ...
    @overload
    def view(self, page: str, **options: Any) -> Page: ...
    def view(self, page: str, **options: Any) -> Page | SitePages:
        """Returns an interactive page: ``.write(path)`` writes the file, and a notebook shows it.

        The options are those of newsgraph.views.registry.view: ``event``, ``topic``, ``outlet``, ``language``,
        ``country``, ``since``, ``until``, ``where``, ``title``, and ``colour`` of the map.

        ``view("site")`` gives a site of linked pages, which ``.write(folder)`` makes, or brings up to date, while the
        graph is open: its options are the filters, ``title``, ``base_url``, ``date`` and ``min_shared``. Raises
        UnknownNameError for a page that isn't there, UsageError for an option that it hasn't.
        """
        if page == "site":
            from newsgraph.views.site.build import site_pages  # noqa: PLC0415

            return site_pages(self.store, **options)
        from newsgraph.views.registry import view  # noqa: PLC0415

        return view(page, self.store, **options)

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Returns the whole graph as a NetworkX graph, whose node keys are ``Label:id``, such as ``Outlet:bbc.com``."""
        from newsgraph.graph.stores.networkx.store import to_networkx  # noqa: PLC0415

        return to_networkx(self.store)

    def info(self) -> Info:
        """Returns what the store holds: counts, the time span of its stories (in UTC), how sure their dates are, and
        where the events come from."""
        from newsgraph.graph.info import info  # noqa: PLC0415

        return info(self.store)

    def close(self) -> None:
        """Releases the store without saving. A load has already saved what it wrote; leaving the context saves the
        rest."""
        self.store.close()

    def __enter__(self) -> Self:
        self.store.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.__exit__(kind, error, trace)


def _paths(given: AnyPath | Iterable[AnyPath]) -> list[Path]:
    """Returns one path, or several, as a list."""
    return [Path(path) for path in ([given] if isinstance(given, (str, PathLike)) else given)]
