"""Turns the errors of the Neo4j driver into errors of one line with a remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    BrokenRecordError,
    DriverError,
    Neo4jError,
)

from newsgraph.errors import (
    NewsgraphError,
    QueryError,
    QueryMemoryError,
    QueryTimeoutError,
    ReadOnlyError,
    StoreBusyError,
    StoreConnectionError,
    StoreError,
    StoreMissingError,
    StoreWriteError,
)
from newsgraph.graph.stores.neo4j.address import PASSWORD, PASSWORD_FILE, USERNAME, parse
from newsgraph.graph.stores.neo4j.diagnosis import diagnose

_LOG_IN = f"Set {USERNAME} (now {{user}}) and {PASSWORD}, or {PASSWORD_FILE}"
_OWN_DATABASE = "Give newsgraph a database of its own"
_READ_ONLY = (
    StoreWriteError,
    "the database is read-only",
    "Take it off server.databases.read_only in the server's settings, or choose another with ?database=",
)

_NOT_RUNNING = (StoreConnectionError, "the database is not running", "Start it, or try again in a moment")

#: The server's code -> error, problem, remedy. A code that ends in a dot stands for all codes that begin with it.
_CODES: dict[str, tuple[type[NewsgraphError], str, str]] = {
    "Neo.ClientError.Security.AuthenticationRateLimit": (
        StoreConnectionError,
        "too many wrong log-ins",
        "Wait some seconds, then set the right password",
    ),
    "Neo.ClientError.Security.CredentialsExpired": (
        StoreConnectionError,
        "the user's first password must be changed",
        "Log in once with Neo4j Browser or cypher-shell and choose another",
    ),
    "Neo.ClientError.Security.Forbidden": (
        StoreWriteError,
        "this user may not do that",
        "Log in as a user with write permission, or open the store for reading only",
    ),
    "Neo.ClientError.Security.": (StoreConnectionError, "the server refuses the log-in", _LOG_IN),
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": _READ_ONLY,
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": _READ_ONLY,
    "Neo.ClientError.Cluster.NotALeader": (
        StoreWriteError,
        "this member of the cluster takes no writes",
        "Use neo4j:// in place of bolt://, which finds the one that does",
    ),
    "Neo.ClientError.Database.DatabaseNotFound": (
        StoreMissingError,
        "the server has no such database",
        "SHOW DATABASES lists them; name one with ?database=",
    ),
    "Neo.TransientError.General.DatabaseUnavailable": _NOT_RUNNING,
    "Neo.TransientError.Database.DatabaseUnavailable": _NOT_RUNNING,
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": (
        StoreWriteError,
        "the server has not enough memory for this transaction",
        "Raise server.memory.heap.max_size or dbms.memory.transaction.total.max",
    ),
    "Neo.TransientError.General.OutOfMemoryError": (
        StoreWriteError,
        "the server ran out of memory",
        "Raise server.memory.heap.max_size",
    ),
    "Neo.TransientError.Transaction.": (
        StoreBusyError,
        "other transactions are in the way",
        "Try again when they are done",
    ),
    "Neo.ClientError.Schema.ConstraintCreationFailed": (
        StoreError,
        "nodes of another application are in the way of the constraints",
        _OWN_DATABASE,
    ),
    "Neo.ClientError.Schema.": (StoreError, "other constraints or indexes are in the way", _OWN_DATABASE),
}

_HALF = "a text holds half of a character (a lone surrogate)"
_TIMEOUTS = (
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    "Neo.ClientError.Transaction.TransactionTimedOut",
)


_OUT_OF_MEMORY = (
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
    "Neo.ClientError.General.TransactionOutOfMemoryError",
    "Neo.TransientError.General.TransactionOutOfMemoryError",
    "Neo.TransientError.General.OutOfMemoryError",
    "Neo.TransientError.General.StackOverFlowError",
    "Neo.DatabaseError.General.StackOverFlowError",
)


def _message(error: BaseException) -> str:
    # A server's message has several lines and shows the position below the text. The first line has the words. After an
    # unknown word it lists all words that would have been right. The driver's own errors have a general text in
    # ``message``, and say what happened in their str().
    said = error.message if isinstance(error, Neo4jError) else str(error)
    text = said or type(error).__name__
    return re.sub(r": expected (?:(?!: expected ).)*? (?=\(line )", " ", " ".join(text.split('\n"', 1)[0].split()))


def _from_server(error: Neo4jError, url: str, user: str | None) -> NewsgraphError:
    code = error.code or ""
    if user is None and code.startswith("Neo.ClientError.Security."):
        return StoreConnectionError(
            url, "the server asks for a log-in, and no password is set", f"Set {PASSWORD} or {PASSWORD_FILE}"
        )
    for known, (kind, problem, remedy) in _CODES.items():
        if code == known or (known.endswith(".") and code.startswith(known)):
            detail = f": {_message(error)}" if kind is StoreError else ""
            return kind(url, problem + detail, remedy.format(user=user))
    return StoreError(url, f"Neo4j says {_message(error)} ({code})")


def _connection(error: BaseException, url: str) -> NewsgraphError:
    found = diagnose(parse(url).server)
    if found is not None:
        return StoreConnectionError(url, *found)
    return StoreConnectionError(
        url, f"the connection is lost: {_message(error)}", "Check that Neo4j runs, and try again"
    )


def timed_out(seconds: float | None) -> QueryTimeoutError:
    """Returns the error for a query that took longer than these seconds; None: than the server allows."""
    limit = f"{seconds:g} s" if seconds else "the server's own limit"
    return QueryTimeoutError("query", f"it ran longer than {limit}", "Narrow it, or pass a larger timeout=SECONDS")


@contextmanager
def translated(url: str, user: str | None) -> Iterator[None]:
    """Turns what the driver raises inside the block into newsgraph's errors about the store at ``url``."""
    try:
        yield
    except Neo4jError as error:
        raise _from_server(error, url, user) from error
    except (DriverError, OSError) as error:
        raise _connection(error, url) from error
    except UnicodeEncodeError as error:
        raise StoreError(url, _HALF, "Replace it, for example by U+FFFD") from error
    except ValueError as error:
        # The driver raises this when a host name can't be resolved.
        if "resolve" not in str(error):
            raise
        raise _connection(error, url) from error


@contextmanager
def translated_query(url: str, user: str | None, timeout: float | None) -> Iterator[None]:
    """Does what :func:`translated` does, for a text that a user wrote. A fault in the text becomes a QueryError."""
    with translated(url, user):
        try:
            yield
        except Neo4jError as error:
            translation = _from_query(error.code or "", _message(error), timeout)
            if translation is None:
                raise
            raise translation from error
        except BrokenRecordError as error:
            raise QueryError(
                "query", "the answer holds a time that Python's can't hold", "Ask for its text: toString(...)"
            ) from error
        except UnicodeEncodeError as error:
            raise QueryError("query", _HALF, "Replace it, for example by U+FFFD") from error
        except OverflowError as error:
            raise QueryError("query", "a parameter's number is beyond 64 bits", "Give it as text") from error
        except (TypeError, ValueError) as error:
            if "resolve" in str(error):
                raise
            raise QueryError(
                "query", f"a parameter can't be sent: {error}", "Give text, 64-bit numbers, times, lists or maps"
            ) from error


def _from_query(code: str, message: str, timeout: float | None) -> NewsgraphError | None:
    if code in _TIMEOUTS:
        return timed_out(timeout)
    if code in _OUT_OF_MEMORY:
        return QueryMemoryError(
            "query", "it needed more memory than the server gives it", "Narrow it, or raise db.memory.transaction.max"
        )
    if code == "Neo.ClientError.Statement.AccessMode":
        return ReadOnlyError("query", "it would write, and only reading is allowed", "Pass write=True if you mean it")
    if re.match(r"Neo\.(ClientError\.(Statement|Procedure|Schema)|DatabaseError\.Statement)\.", code):
        return QueryError("query", message, "See docs/cypher.md for what runs on every store")
    return None
