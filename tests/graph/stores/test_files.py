"""What the two stores that live in a file owe to the file: it's whole, it's theirs, it survives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsgraph.errors import (
    StoreBusyError,
    StoreError,
    StoreFormatError,
    StoreMissingError,
    StoreVersionError,
    StoreWriteError,
    UsageError,
)
from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.schema import SCHEMA_VERSION
from newsgraph.graph.stores.registry import open_store

ROOT = Path(__file__).parents[3]
SCHEMES = {"embedded": ("", "news.kgl"), "networkx": ("networkx:", "news.json")}
#: Before each child's own lines.
PREAMBLE = """
import os, resource, signal, sys
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.errors import *
from newsgraph.graph.stores.registry import open_store
url = sys.argv[1]
"""
# Loaded before the rights are given up: the installation need not be readable for nobody.
UNPRIVILEGED = PREAMBLE + (
    "import kglite, newsgraph.graph.stores.embedded.store, newsgraph.graph.stores.networkx.store\n"
    "import newsgraph.graph.columnar.packing, newsgraph.graph.stores.embedded.column_scans\n"
    "import newsgraph.graph.stores.embedded.opening, newsgraph.graph.stores.embedded.saved_store\n"
    "import newsgraph.output.atomic_files\n"
    "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
)


@pytest.fixture(params=SCHEMES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that is not there yet, in a folder of its own."""
    scheme, name = SCHEMES[request.param]
    return f"{scheme}{tmp_path / name}"


@pytest.fixture
def open_folder(url: str) -> Iterator[Path]:
    """The store's folder, which every user can reach."""
    folder = path(url).parent
    for one in (folder, *folder.parents[:2]):
        if one.stat().st_uid == os.getuid():
            one.chmod(0o755)
    yield folder
    folder.chmod(0o755)


def path(url: str) -> Path:
    return Path(url.removeprefix("networkx:"))


def beside(url: str) -> list[str]:
    """Names of all that is in the store's folder."""
    return sorted(one.name for one in path(url).parent.iterdir())


def fill(url: str, *ids: str) -> None:
    with open_store(url) as store:
        store.write(Batch([Node("Story", id_) for id_ in ids]))


def stories(url: str) -> list[str]:
    with open_store(url, create=False, readonly=True) as store:
        return [node.id for node in store.nodes("Story")]


def child(url: str, lines: str, preamble: str = PREAMBLE) -> subprocess.CompletedProcess[str]:
    code = preamble + textwrap.dedent(lines)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, url],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )


def test_only_the_store_itself_is_left(url: str) -> None:
    fill(url, "a")
    assert beside(url) == [path(url).name]
    with open_store(url) as store:
        store.write(Batch([Node("Story", "b")]))
    with open_store(url, readonly=True):
        pass
    assert beside(url) == [path(url).name]
    assert stories(url) == ["a", "b"]


def test_failing_before_the_first_save_leaves_nothing(url: str) -> None:
    with pytest.raises(ZeroDivisionError), open_store(url) as store:
        store.write(Batch([Node("Story", "a")]))
        raise ZeroDivisionError
    assert beside(url) == []


def test_an_exception_keeps_what_was_saved(url: str) -> None:
    fill(url, "a")
    with pytest.raises(ZeroDivisionError), open_store(url) as store:
        store.write(Batch([Node("Story", "b")]))
        store.save()
        store.write(Batch([Node("Story", "c")]))
        raise ZeroDivisionError
    assert stories(url) == ["a", "b"]


def test_closing_does_not_save(url: str) -> None:
    fill(url, "a")
    store = open_store(url)
    store.write(Batch([Node("Story", "b")]))
    store.close()
    store.close()
    assert stories(url) == ["a"]
    for call in (lambda: store.write(Batch([Node("Story", "c")])), store.save, lambda: list(store.nodes("Story"))):
        with pytest.raises(StoreError, match="closed"):
            call()
    with pytest.raises(StoreError, match="closed"):
        store.query("RETURN 1")


def test_what_was_saved_survives_a_kill(url: str) -> None:
    done = child(
        url,
        """
        store = open_store(url)
        store.write(Batch([Node("Story", "saved")]))
        store.save()
        store.write(Batch([Node("Story", "lost")]))
        os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    assert done.returncode == -signal.SIGKILL
    assert stories(url) == ["saved"]
    fill(url, "next")  # the dead process holds nothing
    assert stories(url) == ["next", "saved"]
    assert beside(url) == [path(url).name]


def test_a_kill_in_the_middle_of_saving(url: str) -> None:
    fill(url, "a")
    # The kernel ends the process at the byte that is beyond the limit.
    done = child(
        url,
        """
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        store = open_store(url)
        store.write(Batch([Node("Source", str(n), {"records": os.urandom(50_000).hex()}) for n in range(20)]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        store.save()
        """,
    )
    assert done.returncode == -signal.SIGXFSZ
    assert stories(url) == ["a"]


def test_a_full_disk_keeps_what_was_there(url: str) -> None:
    fill(url, "a")
    done = child(
        url,
        """
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = open_store(url)
        store.write(Batch([Node("Source", str(n), {"records": os.urandom(50_000).hex()}) for n in range(20)]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, -1))
        try:
            store.save()
        except StoreWriteError as error:
            print(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
        if len(sys.argv[1]) % 2:  # either way nothing is lost
            store.save()
        store.close()
        """,
    )
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    assert "can't be written" in done.stdout
    assert path(url).name in done.stdout
    assert stories(url) == ["a"]
    assert beside(url) == [path(url).name]


def test_saving_again_after_a_full_disk(url: str) -> None:
    done = child(
        url,
        """
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = open_store(url)
        store.write(Batch([Node("Source", str(n), {"records": os.urandom(50_000).hex()}) for n in range(20)]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, -1))
        try:
            store.save()
        except StoreWriteError:
            print("refused")
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
        store.write(Batch([Node("Story", "b")]))
        store.save()
        store.close()
        """,
    )
    assert (done.stdout, done.stderr) == ("refused\n", "")
    assert stories(url) == ["b"]


def test_a_file_without_permission(url: str, open_folder: Path) -> None:
    fill(url, "a")
    path(url).chmod(0o000)
    open_folder.chmod(0o755)
    lines = """
        for options in ({}, {"readonly": True}, {"create": False}):
            try:
                open_store(url, **options)
            except StoreError as error:
                print(type(error).__name__, error)
        """
    done = child(url, lines, UNPRIVILEGED)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 3
    assert all(path(url).name in line and "ermission" in line for line in done.stdout.splitlines())
    path(url).chmod(0o644)
    assert stories(url) == ["a"]
    assert beside(url) == [path(url).name]


def test_a_folder_without_permission(url: str, open_folder: Path) -> None:
    fill(url, "a")
    path(url).chmod(0o644)
    open_folder.chmod(0o555)
    lines = """
        with open_store(url, readonly=True) as store:
            print([node.id for node in store.nodes("Story")])
        try:
            with open_store(url) as store:
                store.write(Batch([Node("Story", "b")]))
        except StoreError as error:
            print(type(error).__name__, error)
        """
    done = child(url, lines, UNPRIVILEGED)
    open_folder.chmod(0o755)
    assert done.stderr == ""
    read, refused = done.stdout.splitlines()
    assert read == "['a']"
    assert "ermission" in refused
    assert stories(url) == ["a"]
    assert beside(url) == [path(url).name]


def test_permission_lost_before_saving(url: str, open_folder: Path) -> None:
    fill(url, "a")
    path(url).chmod(0o644)
    if os.getuid() == 0:
        os.chown(open_folder, 65534, 65534)
    lines = """
        store = open_store(url)
        store.write(Batch([Node("Story", "b")]))
        folder = os.path.dirname(url.removeprefix("networkx:"))
        os.chmod(folder, 0o555)
        try:
            store.save()
        except StoreWriteError as error:
            print(error)
        os.chmod(folder, 0o755)
        store.save()
        store.close()
        """
    done = child(url, lines, UNPRIVILEGED)
    assert done.stderr == ""
    assert "can't be written" in done.stdout
    assert stories(url) == ["a", "b"]


def test_the_files_permissions_stay(url: str) -> None:
    fill(url, "a")
    path(url).chmod(0o640)
    fill(url, "b")
    assert path(url).stat().st_mode & 0o777 == 0o640


def test_nothing_there(url: str) -> None:
    for options in ({"create": False}, {"readonly": True}, {"create": False, "readonly": True}):
        with pytest.raises(StoreMissingError, match="newsgraph load FOLDER"):
            open_store(url, **options)
    missing = url.replace(path(url).name, "no/such/" + path(url).name)
    with pytest.raises(StoreMissingError, match="there is no folder"):
        open_store(missing)
    assert beside(url) == []


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 64, b"title: x\n", b"RGF", b"{}", b"[" * 100_000, b'{"format": 1'], ids=repr
)
def test_a_file_that_is_no_store(url: str, content: bytes) -> None:
    path(url).write_bytes(content)
    for options in ({}, {"readonly": True}):
        with pytest.raises(StoreFormatError) as caught:
            open_store(url, **options)
        assert path(url).name in str(caught.value)
        assert "\n" not in str(caught.value)
    assert path(url).read_bytes() == content
    assert beside(url) == [path(url).name]


def test_a_file_that_was_cut_or_damaged(url: str) -> None:
    with open_store(url) as store:
        store.write(Batch([Node("Story", str(n), {"title": f"Title {n}" * n}) for n in range(40)]))
    whole = path(url).read_bytes()
    for size in range(0, len(whole), max(1, len(whole) // 25)):
        path(url).write_bytes(whole[:size])
        with pytest.raises(StoreError):
            open_store(url)
    assert beside(url) == [path(url).name]


def test_a_folder_or_a_pipe_is_no_store(url: str, tmp_path: Path) -> None:
    path(url).mkdir()
    for options in ({}, {"readonly": True}):
        with pytest.raises(StoreFormatError, match="it is"):
            open_store(url, **options)
    assert beside(url) == [path(url).name]
    assert list(path(url).iterdir()) == []
    path(url).rmdir()
    os.mkfifo(path(url))
    with pytest.raises(StoreFormatError, match="it is no file"):
        open_store(url)


def test_a_store_of_a_newer_version(url: str) -> None:
    with open_store(url) as store:
        store.write(Batch([Node("Corpus", "corpus", {"schema_version": SCHEMA_VERSION + 1})]))
    for options in ({}, {"readonly": True}):
        with pytest.raises(StoreVersionError, match="newer newsgraph"):
            open_store(url, **options)
    assert beside(url) == [path(url).name]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    url = str(tmp_path / "news.kgl")
    fill(url, "a")
    with open_store(url) as store:
        store.write(Batch([Node("Story", "b")]))
        done = child(
            url,
            """
            try:
                open_store(url)
            except StoreBusyError as error:
                print(error)
            with open_store(url, readonly=True) as store:
                print([node.id for node in store.nodes("Story")])
            """,
        )
        assert done.stderr == ""
        refused, read = done.stdout.splitlines()
        assert f"process {os.getpid()} is writing" in refused
        assert read == "['a']"
        with pytest.raises(StoreBusyError, match="this process"):
            open_store(url)
    fill(url, "c")
    assert stories(url) == ["a", "b", "c"]


def test_many_writers_in_turn_lose_nothing(tmp_path: Path) -> None:
    url = str(tmp_path / "news.kgl")
    lines = """
        import time
        name = sys.argv[2]
        for n in range(8):
            while True:
                try:
                    with open_store(url) as store:
                        store.write(Batch([Node("Story", f"{name}{n}")]))
                    break
                except StoreBusyError:
                    time.sleep(0.001)
        """
    code = PREAMBLE + textwrap.dedent(lines)
    children = [subprocess.Popen([sys.executable, "-c", code, url, name], cwd=ROOT) for name in "abc"]
    assert [one.wait(300) for one in children] == [0, 0, 0]
    assert stories(url) == sorted(f"{name}{n}" for name in "abc" for n in range(8))
    assert beside(url) == ["news.kgl"]


def test_a_file_that_is_put_in_place_of_an_open_one_is_not_overwritten(tmp_path: Path) -> None:
    url, other = str(tmp_path / "news.kgl"), str(tmp_path / "other.kgl")
    fill(url, "a")
    fill(other, "b")
    store = open_store(url)
    store.write(Batch([Node("Story", "c")]))
    store.save()
    store.write(Batch([Node("Story", "d")]))
    Path(other).replace(url)
    with pytest.raises(StoreWriteError, match="another program has replaced it"):
        store.save()
    store.close()
    assert stories(url) == ["b"]
    assert beside(url) == ["news.kgl"]


def test_a_file_that_another_process_wrote_meanwhile(tmp_path: Path) -> None:
    url = f"networkx:{tmp_path / 'news.json'}"
    fill(url, "a")
    store = open_store(url)
    fill(url, "b")
    store.write(Batch([Node("Story", "c")]))
    with pytest.raises(StoreWriteError, match="another process"):
        store.save()
    assert stories(url) == ["a", "b"]


def test_reading_only(url: str) -> None:
    fill(url, "a")
    before = path(url).stat()
    with open_store(url, readonly=True) as store:
        with pytest.raises(StoreError, match="reading only"):
            store.write(Batch([Node("Story", "b")]))
        with pytest.raises(StoreError, match="reading only"):
            store.save()
        with pytest.raises(StoreError, match="reading only"):
            store.query("CREATE (:Story {id: 'b'})", write=True)
        assert [node.id for node in store.nodes("Story")] == ["a"]
        assert list(store.query("MATCH (s:Story) RETURN s.id")) == [("a",)]
    assert path(url).stat() == before or path(url).stat().st_mtime_ns == before.st_mtime_ns


def test_nothing_is_written_when_nothing_changed(url: str) -> None:
    fill(url, "a")
    before = path(url).stat()
    with open_store(url) as store:
        store.write(Batch())
        list(store.nodes("Story"))
        store.query("MATCH (s:Story) RETURN s")
    after = path(url).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_empty_store_is_a_store(url: str) -> None:
    with open_store(url):
        pass
    assert stories(url) == []


def test_a_link_and_another_folder(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(url, "a")
    scheme = url.removesuffix(str(path(url)))
    link = tmp_path / "link"
    link.symlink_to(path(url).name)
    monkeypatch.chdir(tmp_path)
    with open_store(f"{scheme}link") as store:
        store.write(Batch([Node("Story", "b")]))
        monkeypatch.chdir("/")
        assert store.url == f"{scheme}link"
    assert link.is_symlink()
    assert stories(url) == ["a", "b"]


def test_names_of_files(url: str, tmp_path: Path) -> None:
    scheme = url.removesuffix(str(path(url)))
    for name in ("a b.x", "é\U0001f600", "c:d", "-x", "a%20b", "wal", "news.kgl-wal"):
        address = f"{scheme}{tmp_path / name}"
        fill(address, name)
        assert stories(address) == [name]


def test_nothing_is_said_on_the_way(url: str) -> None:
    # From 65,536 nodes on, the embedded engine has something to say about how it saves them.
    done = child(
        url,
        """
        with open_store(url) as store:
            store.write(Batch([Node("Story", str(n)) for n in range(100 if ":" in url else 66_000)]))
            store.query("MATCH (n:Nowhere)-[:NO]->() RETURN n.nothing")
            try:
                store.write(Batch([], [Edge("RELATED_TO", "1", "nowhere")]))
            except StoreError:
                pass
        """,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("url", ["a\0b.kgl", "networkx:a\0b.json"])
def test_an_address_with_a_nul_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="NUL"):
        open_store(url)
