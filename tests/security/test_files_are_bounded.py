"""Promise: a file takes no more work than its size warrants, however much lies within it."""

from __future__ import annotations

import gzip
import io
import random
import re
import signal
import tarfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from newsgraph.errors import InputError
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders import source_reading
from newsgraph.loaders.intake import archives, files
from newsgraph.loaders.intake.files import File, select
from newsgraph.loaders.intake.work_limit import WorkLimit
from newsgraph.loaders.load import load
from newsgraph.loaders.registry import reading_of

ARTICLE = "---\ntitle: Rain {0}\nurl: https://a.example/{0}\ndate: 2026-03-02T09:00:00Z\n---\nIt rained.\n"
Members = list[tuple[str, bytes]]


def zipped(members: Members) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


def tarred(members: Members) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


PACKERS: dict[str, Callable[[Members], bytes]] = {"zip": zipped, "tar.gz": tarred}


@pytest.mark.slow
@pytest.mark.parametrize("ending", PACKERS)
def test_archives_in_archives_share_one_budget(tmp_path: Path, ending: str) -> None:
    """Some 50 kB that say to hold 27,000 files: each archive by itself stays within every limit."""
    pack = PACKERS[ending]
    leaf = pack([(f"{number}.md", ARTICLE.format(number).encode()) for number in range(30)])
    middle = pack([(f"{number}.{ending}", leaf) for number in range(30)])
    bomb = tmp_path / f"bomb.{ending}"
    bomb.write_bytes(pack([(f"{number}.{ending}", middle) for number in range(30)]))
    assert bomb.stat().st_size < 200_000
    (tmp_path / "good.md").write_text(ARTICLE.format("good"), encoding="utf-8")
    with open_store("networkx:") as store:
        began = process_time()
        report = load(store, [tmp_path])
        assert process_time() - began < 60
        titles = {str(node.properties["title"]) for node in store.nodes("Story")}
    found = [line for line in report.errors if "too many for its size" in line]
    assert len(found) == 1, report.errors
    limit = int(re.search(r"more than ([\d,]+) files", found[0])[1].replace(",", ""))  # type: ignore[index]  # it is there
    assert limit == 2_000 + bomb.stat().st_size // 8
    assert report.found <= limit + 1 < 27_000
    assert "Rain good" in titles and report.exit_code == 1


def test_archives_in_archives_unpack_to_no_more_than_one_may(tmp_path: Path) -> None:
    text = ARTICLE.format(1).encode() + b" " * 3_000_000
    inner = zipped([(f"{number}.md", text) for number in range(20)])
    (tmp_path / "bomb.zip").write_bytes(zipped([(f"{number}.zip", inner) for number in range(50)]))
    selection = select([tmp_path], {})
    (problem,) = selection.problems
    assert "too much for its size" in str(problem)
    assert len(selection.files) < 20


def entries(*some: tuple[str, bytes, bytes]) -> bytes:
    """A compressed tar of entries: name, type and content."""
    parts = []
    for name, type_, content in some:
        info = tarfile.TarInfo(name)
        info.type, info.size = type_, len(content)
        parts.append(info.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512))
    return gzip.compress(b"".join(parts))


def listing_of(folders: int) -> bytes:
    """A zip in a zip, which lists folders and nothing else."""
    return zipped([("inner.zip", zipped([(f"{number}/", b"") for number in range(folders)]))])


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("folders.tar.gz", entries(*[("folder", tarfile.DIRTYPE, b"")] * 8_000), "entries, too many for its size"),
        ("links.tar.gz", entries(*[("link", tarfile.SYMTYPE, b"")] * 8_000), "entries, too many for its size"),
        ("folders.zip", listing_of(8_000), "entries, too many for its size"),
        ("name.tgz", entries(("n", tarfile.GNUTYPE_LONGNAME, b"n" * 100_000)), "has 100,000 bytes"),
        # Digits without an end, which Python's library searches again from each.
        ("digits.tgz", entries(("p", tarfile.XHDTYPE, b"1" * 3_000_000), ("a.md", tarfile.REGTYPE, b"x")), "bytes"),
        ("globals.tgz", entries(("g", tarfile.XGLTYPE, b"17 k=v12345678\n" * 9_000)), "bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_an_archive_lists_beside_files_counts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, problem: str
) -> None:
    monkeypatch.setattr(archives, "_FREE_MEMBERS", 1_000)
    monkeypatch.setattr(archives, "_BYTES_A_MEMBER", 1_000)
    (tmp_path / name).write_bytes(content)
    began = process_time()
    selection = select([tmp_path / name], {})
    assert process_time() - began < 5
    assert [problem in str(one) for one in selection.problems] == [True], selection.problems
    assert selection.files == ()


def test_a_list_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "WorkLimit", lambda: WorkLimit(0.05, 0))
    (tmp_path / "folders.tar").write_bytes(gzip.decompress(entries(*[("folder", tarfile.DIRTYPE, b"")] * 8_000)))
    (problem,) = select([tmp_path / "folders.tar"], {}).problems
    assert "takes longer than" in str(problem)


@pytest.mark.parametrize("ending", PACKERS)
def test_an_honest_archive_is_within_its_budget(tmp_path: Path, ending: str) -> None:
    """Very many very small articles, as alike as those of a news agency, in archives by day, in an archive."""
    pack, chance = PACKERS[ending], random.Random(12)
    words = [
        "rain",
        "sun",
        "storm",
        "river",
        "bridge",
        "vote",
        "court",
        "trial",
        "market",
        "strike",
        "school",
        "harbour",
    ]
    days = []
    for day in range(20):
        texts = [ARTICLE.format(day * 1_000 + number) + " ".join(chance.choices(words, k=12)) for number in range(300)]
        days.append(pack([(f"{day}-{number}.md", text.encode()) for number, text in enumerate(texts)]))
    (tmp_path / f"all.{ending}").write_bytes(pack([(f"{day}.{ending}", days[day]) for day in range(20)]))
    selection = select([tmp_path], {})
    assert (len(selection.files), selection.problems) == (6_000, ())


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="timers as POSIX has them")
class TestWorkLimit:
    """The processor time that reading may take."""

    def test_endless_work_ends_as_a_line_and_the_load_goes_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("a.md", "b.md", "c.md"):
            (tmp_path / name).write_text(ARTICLE.format(name), encoding="utf-8")

        def endless(data: bytes, *rest: object) -> object:
            while b"b.md" in data:
                try:
                    re.match("(?:a?){30}a{30}", "a" * 30)  # in C, and swallowed by nobody
                except Exception:  # what a reader may do
                    continue
            return reading_of(data, *rest)  # type: ignore[arg-type]  # as they came

        monkeypatch.setattr(source_reading, "reading_of", endless)
        monkeypatch.setattr(source_reading, "WorkLimit", lambda: WorkLimit(0.3, 0))
        with open_store("networkx:") as store:
            report = load(store, [tmp_path])
        assert (report.stories_added, report.failed, report.exit_code) == (2, 1, 1)
        assert "b.md takes longer than 0 s, too long for its size" in report.errors[0]

    def test_what_is_in_an_archive_counts_together(self, tmp_path: Path) -> None:
        path = tmp_path / "all.zip"
        path.touch()
        limit = WorkLimit(0.5, 0)

        def work(seconds: float) -> None:
            began = process_time()
            while process_time() - began < seconds:
                pass

        members = [File(path, f"all.zip/{number}", (str(number),)) for number in range(20)]
        done = 0
        with pytest.raises(InputError, match="takes longer"):
            for file in members:
                with limit, limit.held(file):  # whether it is entered once or for each file makes no difference
                    work(0.1)
                done += 1
        assert 3 <= done <= 6
        with limit:
            with pytest.raises(InputError, match="takes longer"), limit.held(members[-1]):
                pytest.fail("it must not be begun")
            with limit.held(File(tmp_path / "other.md", "other.md")):
                work(0.1)

    def test_a_larger_file_may_take_longer(self, tmp_path: Path) -> None:
        path = tmp_path / "large.md"
        path.write_bytes(bytes(2_000_000))
        assert WorkLimit(1, 10)._allowed(File(path, "x")) == 21

    def test_a_program_keeps_its_own_timer_and_handler(self, tmp_path: Path) -> None:
        called: list[int] = []
        before = signal.signal(signal.SIGPROF, lambda number, frame: called.append(number))
        try:
            with WorkLimit() as limit, limit.held(File(tmp_path / "x", "x")):
                pass
            signal.raise_signal(signal.SIGPROF)
        finally:
            signal.signal(signal.SIGPROF, before)
        assert called == [signal.SIGPROF]
        assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)

    def test_in_a_thread_it_does_nothing(self, tmp_path: Path) -> None:
        entered: list[str] = []

        def run() -> None:
            with WorkLimit(0, 0) as limit, limit.held(File(tmp_path / "x", "x")):
                entered.append("yes")

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        assert entered == ["yes"]
