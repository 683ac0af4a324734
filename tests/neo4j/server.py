"""A real Neo4j Community server for the tests, from Maven Central, without Docker.

Needs a JDK (17 or newer) and Maven on the path. The jars are fetched once into a cache folder of the user
(``NEWSGRAPH_TEST_CACHE``, else ``$XDG_CACHE_HOME/newsgraph-tests``). A server listens on a free loopback port, requires
a log-in, keeps its data in a folder that the caller names, and ends with the process that started it, in any case.
"""

from __future__ import annotations

import os
import secrets
import select
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import neo4j

HERE = Path(__file__).resolve().parent
VERSION = "5.26.14"
#: The last version that is too old for newsgraph. The message about it is tested, too.
OLD_VERSION = "4.4.44"
USER = "neo4j"

START_SECONDS = 120
FETCH_SECONDS = 600

#: What the 4.4 line needs to run on JDK 17.
OLD_FLAGS = (
    *(
        f"--add-opens=java.base/{package}=ALL-UNNAMED"
        for package in ("java.lang", "java.nio", "sun.nio.ch", "java.util", "java.io")
    ),
    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
)


class CannotStartError(Exception):
    """The server can't run here. The message says in one line what to install or look at."""


def missing_tools() -> str:
    """What to install before a server can start; empty when all is there."""
    missing = [name for name, tool in (("a JDK 17 or newer", "javac"), ("Maven", "mvn")) if shutil.which(tool) is None]
    if not missing:
        return ""
    install = "on Debian: apt-get install default-jdk-headless maven"
    return f"the tests on a real Neo4j need {' and '.join(missing)} ({install})"


def cache_folder() -> Path:
    """Where the jars are kept between runs."""
    named = os.environ.get("NEWSGRAPH_TEST_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsgraph-tests"


def jars(version: str = VERSION) -> Path:
    """The folder that holds the jars of a version, fetched by Maven when they are not there yet."""
    problem = missing_tools()
    if problem:
        raise CannotStartError(problem)
    folder = cache_folder() / f"neo4j-{version}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Fetched beside and renamed when complete: an interrupted or concurrent fetch never leaves a half-filled folder.
    part = Path(tempfile.mkdtemp(prefix=f"neo4j-{version}-", dir=folder.parent))
    command = [
        *("mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), f"-Dneo4j.version={version}"),
        *("dependency:copy-dependencies", f"-DoutputDirectory={part}", "-DincludeScope=runtime"),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False)
        if done.returncode:
            lines = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line] or ["no message"]
            raise CannotStartError(f"Maven can't fetch Neo4j {version}: {lines[0]}")
        try:
            part.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another run was faster
                raise
    except subprocess.TimeoutExpired as error:
        raise CannotStartError(f"Maven did not fetch Neo4j {version} within {FETCH_SECONDS} s") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def free_port() -> int:
    """A loopback port that nothing listens on now. The system gives no such port to connections that programs make, so
    that none of those gets it while a server starts again."""
    while True:
        port = secrets.choice(range(20_000, 32_000))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Neo4jServer:
    """One server. ``start``, ``kill`` (as ``kill -9`` does) and ``start`` again keep the port and the data."""

    def __init__(
        self, home: Path, *, version: str = VERSION, heap: str = "1g", java_flags: tuple[str, ...] = ()
    ) -> None:
        self.home = home
        self.version = version
        self.user = USER
        self.password = secrets.token_urlsafe(12)
        self.port = free_port()
        self._flags = (f"-Xmx{heap}", "-XX:+UseParallelGC", *java_flags, *(OLD_FLAGS if version < "5" else ()))
        self._process: subprocess.Popen[bytes] | None = None
        self._driver: neo4j.Driver | None = None  # kept for clear(), as making one takes longer than that

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address of the store."""
        return f"bolt://{self.address}"

    @property
    def log(self) -> Path:
        """What the server writes to its standard error."""
        return self.home / "starter.log"

    def start(self, *settings: str) -> None:
        """Starts it and waits for it to be ready; ``settings`` are Neo4j's own, as ``name=value``."""
        library = jars(self.version)
        self.home.mkdir(parents=True, exist_ok=True)
        prefix = "dbms" if self.version < "5" else "server"
        always = (
            f"{prefix}.memory.pagecache.size=256m",
            f"{'dbms' if self.version < '5' else 'db'}.tx_log.preallocate=false",
        )
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [
                    *("java", *self._flags, "-cp", f"{library}/*", str(HERE / "StartNeo4j.java")),
                    *(str(self.home), str(self.port), *always, *settings),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, "STARTER_PASSWORD": self.password},
                start_new_session=True,  # an interrupt from the keyboard is for the tests; they stop the server
            )
        self._wait()

    def _wait(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        deadline = time.monotonic() + START_SECONDS
        output = self._process.stdout.fileno()
        said = b""
        while b"READY" not in said:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                tail = self.log.read_text(encoding="utf-8").strip().splitlines()[-3:] or ["no message"]
                raise CannotStartError(f"Neo4j {self.version} did not start: {' | '.join(tail)}")
            if select.select([output], [], [], 0.5)[0]:
                said += os.read(output, 4096)

    def kill(self) -> None:
        """Ends it at once, without a chance to write anything."""
        self._forget_driver()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._close_pipes()

    def stop(self) -> None:
        """Ends it in order; at once when it doesn't end within 30 seconds."""
        if self._process is None:
            return
        self._forget_driver()
        self._close_pipes()  # the end of its input is the sign to stop
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def _close_pipes(self) -> None:
        assert self._process is not None
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def peak_megabytes(self) -> float:
        """The most memory that it held so far (Linux)."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1e3

    def cpu_seconds(self) -> float:
        """Processor time that it has used so far (Linux)."""
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def clear(self) -> None:
        """Removes all nodes, and with them all edges; constraints stay."""
        if self._driver is None:
            self._driver = self.driver()
        with self._driver.session() as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()

    def _forget_driver(self) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    def driver(self) -> neo4j.Driver:
        """A bare driver, to look behind a store's back."""
        import neo4j  # most runs of a few tests never need it

        return neo4j.GraphDatabase.driver(self.url, auth=(self.user, self.password), notifications_min_severity="OFF")
