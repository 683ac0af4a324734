"""Promise: a damaged store never opens with other facts than were saved, and a newer one isn't called damaged."""

from __future__ import annotations

import os
import random
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import kglite
import pytest

from newsgraph.errors import (
    InputError,
    OutputError,
    StoreError,
    StoreFormatError,
    StoreVersionError,
    TargetExistsError,
    UsageError,
)
from newsgraph.graph.backup import back_up, check, restore
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, SCHEMA_VERSION
from newsgraph.graph.stores.embedded import store_file
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.researcher.correcting import kept_corrections
from newsgraph.loaders.researcher.corrections_file import read_corrections, write_corrections
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.find import find
from newsgraph.views.site.folder import LIST, SiteFolder
from tests.security.graphs import graph

#: Of the store that is damaged: in the quick tests, and in all.
STORIES = (1_500, 12_000)
FLIPS = 500
CUTS = 100
URLS = {"embedded": "{}/news.kgl", "networkx": "networkx:{}/news.json"}


def facts(store: Store) -> tuple[list[list[Node]], list[list[Edge]]]:
    nodes = [list(store.nodes(declared.label)) for declared in NODE_TYPES]
    return nodes, [list(store.edges(declared.type)) for declared in EDGE_TYPES]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((kind, stories), marks=[pytest.mark.slow] if stories > STORIES[0] else [], id=f"{kind}-{stories}")
        for kind in URLS
        for stories in STORIES
    ],
)
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, object]:
    """A saved store: its address, its file and what it holds."""
    kind, stories = request.param
    url = URLS[kind].format(tmp_path_factory.mktemp("saved"))
    with open_store(url) as store:
        store.write(graph(stories))
    with open_store(url, readonly=True) as store:
        return url, Path(url.removeprefix("networkx:")), facts(store)


def silent(url: str, path: Path, expected: object, damaged: bytes) -> bool:
    """Whether a store with that content opens and holds something else."""
    path.write_bytes(damaged)
    try:
        # A file that is whole is read later; one that isn't is refused at once.
        with open_store(url, create=False, readonly=True, defer=True) as store:
            return facts(store) != expected
    except StoreError as error:
        assert "\n" not in str(error)
        return False


def _flipped(whole: bytes, place: int, bit: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]


def _cut(whole: bytes, size: int) -> bytes:
    return whole[:size]


def damages(whole: bytes) -> list[Callable[[], bytes]]:
    chance = random.Random(20)
    made: list[Callable[[], bytes]] = []
    for number in range(FLIPS):
        # One in each of 500 stretches of the file, so that every section is hit.
        place = (number * len(whole) + chance.randrange(len(whole))) // FLIPS
        made.append(partial(_flipped, whole, place, 1 << chance.randrange(8)))
    for _ in range(CUTS):
        made.append(partial(_cut, whole, chance.randrange(len(whole))))
    made.append(lambda: whole[: len(whole) // 3] + bytes(4_096) + whole[len(whole) // 3 + 4_096 :])
    made.append(lambda: whole[:-1])
    made.append(lambda: whole + b"more")
    return made


@pytest.mark.slow
def test_no_flip_and_no_cut_is_silent(saved: tuple[str, Path, object]) -> None:
    url, path, expected = saved
    whole = path.read_bytes()
    try:
        tried = damages(whole)
        assert len(tried) > FLIPS + CUTS
        assert not any(silent(url, path, expected, damage()) for damage in tried)
    finally:
        path.write_bytes(whole)


@pytest.fixture
def with_columns(tmp_path: Path) -> tuple[str, Path, range]:
    """A store with columns, and the places of their bytes in its file."""
    url = str(tmp_path / "columns.kgl")
    stories = graph(500)
    events = [Node("Event", f"event:{n}", {"title": f"Rain {n}"}) for n in range(50)]
    covers = [
        Edge("COVERS", one.id, f"event:{n % 50}", {"score": 0.5})
        for n, one in enumerate(node for node in stories.nodes if node.label == "Story")
    ]
    with open_store(url) as store:
        store.write(Batch([*stories.nodes, *events], [*stories.edges, *covers]))
    saved = store_file.verify(Path(url), url)
    assert saved is not None and saved.arrays is not None
    return url, Path(url), range(saved.length, saved.footer.length - store_file._COLUMNS.size)


def test_no_damage_of_the_columns_is_silent(with_columns: tuple[str, Path, range]) -> None:
    url, path, places = with_columns
    whole = path.read_bytes()
    chance = random.Random(19)
    for place in [places[0], places[-1], *chance.choices(places, k=200)]:
        path.write_bytes(_flipped(whole, place, 1 << chance.randrange(8)))
        with pytest.raises(StoreFormatError, match="damaged"):
            read_all_records(url)
    with open_store(url, create=False, readonly=True) as store, pytest.raises(StoreFormatError, match="damaged"):
        check(store)
    with pytest.raises(StoreFormatError, match="damaged"):
        back_up(url, path.with_name("kept"))
    with pytest.raises(StoreFormatError, match="damaged"):
        open_store(url, create=False)  # nobody writes to it either
    path.write_bytes(whole)
    read_all_records(url)


def read_all_records(url: str) -> None:
    """Reads what a file keeps beside its graph, as look-ups do."""
    with open_store(url, create=False, readonly=True, defer=True) as store:
        records = store.records()
        assert records is not None
        records.verify()


def test_a_damaged_byte_is_noticed_where_it_is_read_and_never_gives_another_answer(
    with_columns: tuple[str, Path, range],
) -> None:
    url, path, places = with_columns
    whole = path.read_bytes()

    def answers() -> list[object]:
        with open_store(url, create=False, readonly=True, defer=True) as store:
            return [
                ask(store, "first-to-cover", event="event:7").to_dicts(),
                ask(store, "first-to-cover", event="https://a.example/00002").to_dicts(),
                ask(store, "scoops", min_events=1).to_dicts(),
                find(store, "town 7"),
            ]

    expected, noticed, chance = answers(), 0, random.Random(23)
    for place in chance.choices(places, k=60):
        path.write_bytes(_flipped(whole, place, 1 << chance.randrange(8)))
        try:
            assert answers() == expected
        except StoreFormatError as error:
            assert "damaged" in str(error)
            noticed += 1
    assert noticed > 0


def test_no_damage_of_a_backup_is_silent(saved: tuple[str, Path, object], tmp_path: Path) -> None:
    url, _, expected = saved
    kept = tmp_path / "kept"
    put_back = URLS["networkx" if url.startswith("networkx:") else "embedded"].format(tmp_path)
    back_up(url, kept)
    whole = kept.read_bytes()
    refused = 0
    for damage in damages(whole)[::30]:
        kept.write_bytes(damage())
        try:
            restore(kept, put_back, force=True)
        except StoreError as error:
            refused += 1
            assert "\n" not in str(error)
        else:
            with open_store(put_back, readonly=True) as store:
                assert facts(store) == expected
    assert refused >= 15
    kept.write_bytes(whole)
    restore(kept, put_back, force=True)
    with open_store(put_back, readonly=True) as store:
        assert facts(store) == expected


@pytest.mark.slow
@pytest.mark.parametrize("stories", [12_000, 40_000])
def test_the_checksum_costs_less_than_a_twentieth_of_opening(tmp_path: Path, stories: int) -> None:
    url = tmp_path / "news.kgl"
    with open_store(str(url)) as store:
        store.write(graph(stories))

    def least(work: Callable[[], object], turns: int) -> float:
        """The processor time that it takes when nothing else is in its way."""
        times = []
        for _ in range(turns):
            began = time.process_time()
            work()
            times.append(time.process_time() - began)
        return min(times)

    # In turn, so that what else runs on the machine is in the way of both.
    opening = verifying = float("inf")
    for turn in range(44):
        opening = min(opening, least(lambda: kglite.load(str(url)).cypher("MATCH (s:Story) RETURN count(s) AS n"), 1))
        verifying = min(verifying, least(lambda: store_file.verify(url, str(url)), 5))
        if turn >= 10 and verifying < opening / 20:
            break
    assert verifying < opening / 20, f"{verifying * 1000:.2f} of {opening * 1000:.1f} ms"


def test_a_writer_is_told_too(saved: tuple[str, Path, object]) -> None:
    url, path, _ = saved
    whole = path.read_bytes()
    damaged = whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :]
    path.write_bytes(damaged)
    try:
        with pytest.raises(StoreFormatError, match="damaged"):
            open_store(url)
        assert path.read_bytes() == damaged, "it is left for whoever can mend it"
        assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    finally:
        path.write_bytes(whole)


def test_a_file_of_an_older_version_has_no_footer_and_opens(tmp_path: Path) -> None:
    url = str(tmp_path / "old.kgl")
    with open_store(url) as store:
        store.write(graph())
        expected = facts(store)
    engine = kglite.load(url)
    engine.set_schema_version(0).save(url)
    assert store_file.verify(Path(url), url) is None
    with open_store(url) as store:
        assert facts(store) == expected
        store.write(graph(21))
    assert store_file.verify(Path(url), url) is not None


def test_a_newer_store_is_not_called_damaged(tmp_path: Path) -> None:
    url = str(tmp_path / "news.kgl")
    with open_store(url) as store:
        store.write(graph())
    whole = Path(url).read_bytes()
    saved = store_file.verify(Path(url), url)
    assert saved is not None
    footer = saved.footer
    # An engine of a later container version, and a later newsgraph.
    Path(url).write_bytes(whole[:3] + b"\x63" + whole[4 : footer.length])
    with pytest.raises(StoreVersionError, match="newer engine"):
        open_store(url, readonly=True)
    fields = store_file._FIELDS.pack(store_file._NAME, SCHEMA_VERSION + 1, footer.length, footer.sum)
    Path(url).write_bytes(whole[: footer.length] + fields + store_file._SUM.pack(zlib.crc32(fields)))
    for options in ({}, {"readonly": True}, {"readonly": True, "defer": True}):
        with pytest.raises(StoreVersionError, match="newer newsgraph"):
            open_store(url, **options)


@pytest.mark.parametrize("kind", URLS)
def test_check_backup_and_restore(tmp_path: Path, kind: str) -> None:
    url, kept = URLS[kind].format(tmp_path), tmp_path / "kept"
    with open_store(url) as store:
        store.write(graph())
        expected = facts(store)
    with open_store(url, readonly=True) as store:
        assert sum(check(store).nodes.values()) == len(graph().nodes)
    assert sum(back_up(url, kept).edges.values()) == len(graph().edges)
    path = Path(url.removeprefix("networkx:"))
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(StoreError):
        open_store(url)
    with pytest.raises(TargetExistsError, match="force=True"):
        restore(kept, url)
    restore(kept, url, force=True)
    with open_store(url, readonly=True) as store:
        assert facts(store) == expected
    kept.write_bytes(kept.read_bytes()[:500])
    with pytest.raises(StoreError):
        restore(kept, url, force=True)
    with open_store(url, readonly=True) as store:
        assert facts(store) == expected


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_backup_never_replaces_a_device_or_a_pipe(saved: tuple[str, Path, object], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match="is no ordinary file"):
        back_up(saved[0], pipe, force=True)
    assert pipe.is_fifo()


def test_what_neo4j_holds_is_kept_in_a_file_and_put_back(neo4j_store_url: str, tmp_path: Path) -> None:
    with open_store(neo4j_store_url) as store:
        store.write(graph())
        expected = facts(store)
        back_up(neo4j_store_url, tmp_path / "kept.kgl")
        store.user_query("MATCH (s:Story) WHERE s.heat > 5 DETACH DELETE s", write=True)
    restore(tmp_path / "kept.kgl", neo4j_store_url)
    with open_store(neo4j_store_url) as store:
        assert facts(store) == expected


@pytest.mark.parametrize("kind", URLS)
def test_check_finds_what_a_query_left(tmp_path: Path, kind: str) -> None:
    with open_store(URLS[kind].format(tmp_path)) as store:
        store.write(graph())
        if kind == "networkx":
            store.graph.nodes["Story:https://a.example/00000"]["title"] = 5  # type: ignore[attr-defined]  # a networkx store
        else:
            store.query("MATCH (s:Story {heat: 0}) SET s.title = 5", write=True)
        with pytest.raises(StoreFormatError, match="its title holds 5"):
            check(store)
        store.close()


def test_no_damage_of_the_file_of_decisions_is_silent(tmp_path: Path) -> None:
    """It can't have a checksum, because people edit it. The store's own decisions have one, and it is compared with
    them."""
    path = tmp_path / "news.corrections.csv"
    decisions = Corrections(
        tuple(
            Decision(kind, (f"https://a.example/{number:05}", f"https://b.example/{number + 1:05}"), reason='=1, "so"')
            for number in range(10)
            for kind in (Kind.JOIN, Kind.LEAVE_OUT)
        )
    )
    write_corrections(decisions, path)
    with open_store(f"networkx:{tmp_path}/news.json") as store:
        store.write(graph())
        Corpus.of(store).write(store, corrections=read_corrections(path).corrections.to_json())
        assert kept_corrections(store).corrections == decisions and not kept_corrections(store).notes
        noticed = 0
        for damage in damages(path.read_bytes()):
            path.write_bytes(damage())
            try:
                kept = kept_corrections(store)
            except InputError as error:
                assert "\n" not in str(error)
                noticed += 1
                continue
            assert kept.corrections == decisions or kept.problems or kept.notes
            noticed += bool(kept.problems or kept.notes)
        path.unlink()
        assert "it is missing; the store's 20 decisions hold" in kept_corrections(store).notes[0]
    assert noticed > 0.9 * (FLIPS + CUTS)


def test_a_site_that_was_damaged_is_mended_by_the_next_run(tmp_path: Path) -> None:
    """Its list and its pages; or the list is named as damaged."""
    pages = [(f"event/{number}.html", f"<p>Page {number} of the site</p>".encode() * 9) for number in range(20)]

    def written() -> dict[str, bytes]:
        SiteFolder(tmp_path / "site").write(pages)
        return {name: (tmp_path / "site" / name).read_bytes() for name in (LIST, *(name for name, _ in pages))}

    whole, named = written(), 0
    chance = random.Random(6)
    for damage in damages(whole[LIST])[::9]:
        (tmp_path / "site" / LIST).write_bytes(damage())
        name, content = chance.choice(pages)
        (tmp_path / "site" / name).write_bytes(_flipped(content, chance.randrange(len(content)), 1))
        try:
            assert written() == whole
        except OutputError as error:
            assert "\n" not in str(error)
            named += 1
            (tmp_path / "site" / LIST).write_bytes(whole[LIST])
            assert written() == whole
    assert named > CUTS // 9
