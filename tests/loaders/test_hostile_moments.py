"""Two loads at once, a reader beside a load, Ctrl-C, a full disk, a permission that goes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from newsgraph.graph.events.sync import derive_events
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from tests.loaders.snapshots import snapshot
from tests.loaders.test_kill import write

pytestmark = pytest.mark.slow

#: A load that saves after every few files, and after each goes on only when it is told to (a line on standard input).
CHILD = """
import sys
from pathlib import Path
import newsgraph.loaders.load as loading
from newsgraph.errors import NewsgraphError
from newsgraph.graph.stores.registry import open_store
loading.FILES_READ_AT_ONCE, loading.RECORDS_AT_ONCE = 5, 1
loading.SECONDS_BETWEEN_SAVES, loading.SHARE_OF_SAVES = 0.0, 0
def advance(done, total):
    print(done, flush=True)
    sys.stdin.readline()
try:
    with open_store(sys.argv[1]) as store:
        report = loading.load(store, [Path(sys.argv[2])], progress=advance)
        print("stopped" if report.stopped else "done", report.stories_added, flush=True)
except NewsgraphError as error:
    print(f"{error}", file=sys.stderr)
    sys.exit(error.exit_code)
sys.exit(report.exit_code)
"""


class Load:
    """A load in a process of its own, one step at a time."""

    def __init__(self, store: Path, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(store), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def finish(self) -> tuple[int, str, str]:
        out, error = self.process.communicate("\n" * 100, timeout=60)
        return self.process.returncode, out, error


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "corpus"
    write(made, edited=False)
    return made


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newsgraph", *arguments]
    done: subprocess.CompletedProcess[str]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return done


def test_a_second_load_into_the_store_gets_one_clear_line(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "news.kgl"
    first = Load(store, folder)
    assert first.line() == "1"
    second = run("load", str(folder), "--store", str(store))
    assert second.returncode == 3
    assert second.stderr.count("\n") == 1 and str(store) in second.stderr, second.stderr
    assert first.finish()[0] == 0
    assert run("load", str(folder), "--store", str(store)).returncode == 0


def test_a_reader_beside_a_load_sees_whole_files(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "news.kgl"
    writer = Load(store, folder)
    seen = []
    for _ in range(6):
        writer.line()
        with open_store(str(store), create=False, readonly=True) as reader:
            sources = list(reader.nodes("Source"))
            seen.append(len(sources))
            for source in sources:
                stories = {edge.end for edge in reader.edges("MENTIONS", starts=[source.id])}
                assert 1 <= len(stories) == len(list(reader.nodes("Story", stories)))
        writer.go_on()
    assert seen == sorted(seen) and seen[-1] > seen[0]
    assert writer.finish()[0] == 0


def test_ctrl_c_keeps_what_is_loaded_and_says_so(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "news.kgl"
    writer = Load(store, folder)
    while int(writer.line()) < 20:
        writer.go_on()
    writer.process.send_signal(signal.SIGINT)
    code, out, error = writer.finish()
    assert (code, error) == (130, "")
    found = re.search(r"stopped (\d+)", out)
    assert found and int(found[1]) >= 20
    with open_store(str(store)) as opened:
        assert 20 <= len(list(opened.nodes("Source"))) < 60
        load(opened, [folder])
        derive_events(opened)
        after = snapshot(opened)
    with open_store(str(tmp_path / "fresh.kgl")) as fresh:
        load(fresh, [folder])
        derive_events(fresh)
        assert snapshot(fresh) == after


def test_ctrl_c_on_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(6000):
        (folder / f"{number}.md").write_text(f"---\ntitle: T\nwebUrl: https://a.example/{number}\n---\n")
    child = subprocess.Popen(
        [sys.executable, "-m", "newsgraph", "load", str(folder), "--store", str(tmp_path / "s.kgl"), "--no-events"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(1.0)
    child.send_signal(signal.SIGINT)
    out, error = child.communicate(timeout=300)
    assert "Traceback" not in error
    # The machine may have been quick, or so slow that Python itself was not yet up.
    assert child.returncode in (130, 0, -signal.SIGINT), error
    if child.returncode == 130 and out:
        assert out.startswith("Stopped; what was loaded is kept. Load again to go on\n")


AS_NOBODY = """
import os, resource, sys
limit, store, folder, warm = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
from pathlib import Path
import newsgraph.loaders.load as loading
from newsgraph.errors import NewsgraphError
from newsgraph.graph.stores.registry import open_store
with open_store(sys.argv[4] + "/warm.kgl") as opened:  # every module is imported while all files can be read
    loading.load(opened, [Path(warm)])
loading.FILES_READ_AT_ONCE, loading.RECORDS_AT_ONCE = 5, 1
loading.SECONDS_BETWEEN_SAVES, loading.SHARE_OF_SAVES = 0.0, 0
def advance(done, total):
    if done == 30 and limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    elif done == 30:
        os.chmod(os.path.dirname(store), 0o555)
if os.getuid() == 0 and not limit:  # root is stopped by no permission
    os.setgid(65534)
    os.setuid(65534)
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open_store(store) as opened:
        loading.load(opened, [Path(folder)], progress=advance)
except NewsgraphError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


@pytest.mark.parametrize("cause", ["disk full", "permission lost"])
def test_a_store_that_can_no_longer_be_written(cause: str, folder: Path, tmp_path: Path) -> None:
    """The limit of a file's size (RLIMIT_FSIZE) stands for the full disk."""
    write(tmp_path / "warm", edited=False)
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        place, corpus = Path(open_to_all, "place"), Path(open_to_all, "corpus")
        place.mkdir()
        write(corpus, edited=False)
        if os.getuid() == 0:
            os.chown(place, 65534, 65534)
        store = place / "news.kgl"
        limit = "2000" if cause == "disk full" else "0"
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, limit, str(store), str(corpus), str(tmp_path / "warm")],
            capture_output=True,
            text=True,
            check=False,
        )
        place.chmod(0o755)
        assert done.returncode == 3, done.stderr
        assert done.stderr.count("\n") == 1 and str(store) in done.stderr, done.stderr
        assert [path.name for path in place.iterdir() if "tmp" in path.name] == []
        with open_store(str(store)) as opened:
            assert 25 <= len(list(opened.nodes("Source"))) < 60, "what was saved before is still there"
            load(opened, [corpus])
            derive_events(opened)
            after = snapshot(opened)
        with open_store(str(tmp_path / "fresh.kgl")) as fresh:
            load(fresh, [corpus])
            derive_events(fresh)
            assert snapshot(fresh) == after
