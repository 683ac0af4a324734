"""Runs the application on the loopback address until it is ended."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from newsgraph.errors import UsageError
from newsgraph.serve.application import Application
from newsgraph.serve.guard import LONGEST_ADDRESS, TOKEN, Keys
from newsgraph.serve.pages.desk import Desk, Serving

#: The only address that the server listens on. Nothing outside of this computer can reach it.
LOOPBACK = "127.0.0.1"
#: The number of connections at a time, and the seconds that a request being answered gets when the server ends.
MOST_CONNECTIONS = 64
SECONDS_TO_END = 2
#: The seconds in which a request must have come as a whole. Who takes longer would keep a connection from others.
SECONDS_TO_ASK = 10.0


class Server:
    """Listens from the beginning, so that its address is known, and answers while it runs."""

    def __init__(self, serving: Serving) -> None:
        """Raises UsageError for a port that can't be used, and StoreError for a store that can't be used."""
        self._listening = listen(serving.port)
        self.port: int = self._listening.getsockname()[1]
        self.keys = Keys.new(token=serving.token)
        self._application = Application(Desk(serving, self.keys), self.port)
        self._server = uvicorn.Server(_config(self._application))
        try:
            self._application.check()
        except BaseException:
            self.close()
            raise

    @property
    def address(self) -> str:
        """The address that the person opens."""
        token = f"?{TOKEN}={self.keys.token}" if self.keys.token else ""
        return f"http://{LOOPBACK}:{self.port}/{token}"

    def run(self) -> None:
        """Answers until :meth:`stop` or a signal ends it. Ctrl-C then comes as KeyboardInterrupt."""
        self._server.run(sockets=[self._listening])

    def stop(self) -> None:
        """Ends :meth:`run`. It may be called from another thread."""
        self._server.should_exit = True

    def close(self) -> None:
        """Releases the port and the store."""
        self._listening.close()
        self._application.close()


def serve(serving: Serving, started: Callable[[str], None]) -> None:
    """Serves until a signal ends it, which comes as KeyboardInterrupt. ``started`` is called with the address to open.

    Raises what :class:`Server` raises.
    """
    server = Server(serving)
    try:
        started(server.address)
        server.run()
    finally:
        server.close()


def listen(port: int) -> socket.socket:
    """Returns a socket that listens on the loopback address; port 0 takes a free one. Raises UsageError."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two programs listen on one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        taken = error.errno == errno.EADDRINUSE
        problem = "another program listens there already" if taken else f"can't be listened on ({error.strerror})"
        raise UsageError(
            f"port {port}", problem, "Give another with --port, or --port 0 for one that is free"
        ) from None
    except OverflowError:
        listening.close()
        raise UsageError(f"port {port}", "there is no such port", "Give one from 0 to 65535") from None
    return listening


class _Prompt(H11Protocol):
    """One connection, which is closed when no whole request comes."""

    _waits: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        super().connection_lost(exc)

    def _look(self) -> None:
        # Without a cycle, or after its end, a request has begun; and while there is more of its body, it goes on.
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete and not cycle.more_body:
            self._wait_no_longer()
        elif self._waits is None:
            self._waits = asyncio.get_running_loop().call_later(SECONDS_TO_ASK, self.transport.close)

    def _wait_no_longer(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None


def _config(application: Application) -> uvicorn.Config:
    return uvicorn.Config(
        application.app,
        http=_Prompt,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=4 * LONGEST_ADDRESS,
        timeout_graceful_shutdown=SECONDS_TO_END,
    )
