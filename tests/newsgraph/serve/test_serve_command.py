"""``newsgraph serve`` as a person starts and ends it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[3]
LINUX = sys.platform == "linux"
COMMAND = [sys.executable, "-P", "-m", "newsgraph", "serve"]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "NEWSGRAPH_STORE": "", "PYTHONWARNINGS": "error"}


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the address that it printed."""
    process = subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def status(address: str, path: str = "/") -> int:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    try:
        connection.request("GET", path if parts.query == "" else f"{path}?{parts.query}")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(store_url: str, number: signal.Signals) -> None:
    with started("--store", store_url, "--port", "0") as (process, address):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", address)
        assert status(address) == 303
        assert status(address.partition("?")[0]) == 401
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == ""
    assert err.splitlines() == [
        "newsgraph: that is the address to open. Ctrl-C ends it",
        "newsgraph: the serving has ended",
    ]


def running() -> dict[int, int]:
    """The processes that run, each with the one that started it; nothing where the system isn't Linux."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat") if LINUX else ():
        with suppress(OSError):  # it has just ended
            state, parent = path.read_bytes().rpartition(b")")[2].split()[:2]
            if state != b"Z":
                found[int(path.parent.name)] = int(parent)
    return found


def children(pid: int) -> set[int]:
    return {one for one, parent in running().items() if parent == pid}


@pytest.mark.slow
def test_a_signal_ends_a_query_that_runs(store_url: str) -> None:
    """Nothing of it stays: neither the server nor the process that answers queries."""
    with started("--store", store_url, "--port", "0", "--no-token") as (process, address):
        parts = urlsplit(address)
        page = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        page.request("GET", "/cypher.html")
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.getresponse().read().decode())
        assert csrf is not None
        query = "UNWIND range(1,100000) AS a UNWIND range(1,100000) AS b UNWIND range(1,99) AS c RETURN sum(a*b*c)"
        from urllib.parse import urlencode

        page.request(
            "POST",
            "/cypher.html",
            urlencode({"csrf": csrf[1], "query": query}),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        asked = children(process.pid)
        while LINUX and not asked and process.poll() is None:  # if the server is gone, the exit code tells
            time.sleep(0.01)
            asked = children(process.pid)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)  # the query would run for days
        page.close()
    assert process.returncode == 0
    for _ in range(1_000):  # one that was killed may need a moment to end
        if asked.isdisjoint(running()):
            break
        time.sleep(0.02)
    assert asked.isdisjoint(running())


def test_a_port_that_is_taken_is_one_line(store_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--store", store_url, "--port", str(port)],
            capture_output=True,
            text=True,
            env=environment(),
            check=False,
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"newsgraph: port {port}: another program listens there already. "
        "Give another with --port, or --port 0 for one that is free\n"
    )


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--store", "none.kgl"], 3, "nothing loaded yet"),
        (["--port", "70000"], 2, "70000"),
        (["--timeout", "0"], 2, "no time to answer in"),
        (["--memory", "much"], 2, "is no size"),
        (["--questions", "/nowhere"], 2, "/nowhere"),
    ],
)
def test_what_is_wrong_is_one_line(store_url: str, tmp_path: Path, options: list[str], code: int, words: str) -> None:
    store = [] if "--store" in options else ["--store", store_url]
    done = subprocess.run(
        [*COMMAND, "--port", "0", *store, *options],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        cwd=tmp_path,
        timeout=120,
    )
    assert done.returncode == code
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("missing", "command"), [("uvicorn", "serve"), ("starlette", "serve"), ("mcp", "mcp")])
def test_without_the_extra_it_says_what_to_install(tmp_path: Path, missing: str, command: str) -> None:
    script = (
        "import sys; from importlib.machinery import PathFinder; real = PathFinder.find_spec\n"
        f"PathFinder.find_spec = classmethod(lambda cls, name, *a: None if name.split('.')[0] == {missing!r} "
        "else real(name, *a))\n"
        f"sys.argv = ['newsgraph', {command!r}]\n"
        "from newsgraph.cli import main; main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        f'newsgraph: newsgraph {command}: {missing} isn\'t installed. pip install "newsgraph[{command}]"\n'
    )


def test_help_is_light() -> None:
    """Whoever only wants help waits for no server library."""
    script = (
        "import sys; sys.argv = ['newsgraph', 'serve', '--help']\n"
        "from newsgraph.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([name for name in ('starlette', 'uvicorn', 'numpy', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, text=True, env=environment(), check=True
    )
    assert "--no-token" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
