"""Archives that are read as folders (zip, tar, compressed tar, crawls of the web), and single compressed files.

Nothing is written to disk except for a temporary file. Limits on size, ratio, number and depth protect against archives
that are made to do harm.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, TYPE_CHECKING, Protocol, Self

from msgspec import Struct

from newsgraph.errors import InputError
from newsgraph.loaders.intake.decompress import COMPRESSED, MAXIMUM_RATIO, RATIO_FROM, TooMuchError, chunks

if TYPE_CHECKING:
    import tarfile

ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.zst", ".warc", ".warc.gz", ".wacz")
_CRAWLS = (".warc", ".warc.gz")
#: The most bytes that an archive may hold in all, unpacked, with the archives in it; the most files in it; the most
#: archives inside each other.
MAXIMUM_TOTAL = 4 * 2**30
MAXIMUM_MEMBERS = 200_000
MAXIMUM_DEPTH = 3
#: The number of files that an archive of any size may hold, and the bytes of its own that it needs for each more:
#: twenty thousand small articles that are all alike take eleven bytes each, packed as tightly as Zstandard can.
_FREE_MEMBERS = 2_000
_BYTES_A_MEMBER = 8
#: How many entries an archive's list may have for each file that it may hold. A folder has one, too, and in a tar a
#: long name is one by itself.
_ENTRIES_A_MEMBER = 4
#: Bytes that an archive of any size may unpack to; beyond them it may be MAXIMUM_RATIO times its size.
_FREE_BYTES = 16 * 2**20
#: The most bytes of the list of files at the end of a zip, and the least that an entry of it has.
_MAXIMUM_LIST = 64 * 2**20
_ENTRY_BYTES = 46
#: The most bytes that an entry in a tar may have which only describes the next one.
_MAXIMUM_DESCRIPTION = 2**16


def is_archive(name: str) -> bool:
    """Whether a file of that name is read as a folder."""
    return name.lower().endswith(ARCHIVES)


class Member(Struct, frozen=True):
    """A regular file in an archive and its size in bytes, unpacked."""

    name: str
    size: int


class Budget:
    """What one file on disk may hold in all, however many archives lie within each other in it."""

    def __init__(self, size: int) -> None:
        """``size`` is that of the file on disk, in bytes."""
        self._members = min(MAXIMUM_MEMBERS, _FREE_MEMBERS + size // _BYTES_A_MEMBER)
        self._entries = _ENTRIES_A_MEMBER * self._members
        self._bytes = min(MAXIMUM_TOTAL, max(_FREE_BYTES, MAXIMUM_RATIO * size))
        self._members_seen = self._entries_seen = self._bytes_seen = 0

    @property
    def spent(self) -> bool:
        """Whether it held more than it may."""
        return (
            self._members_seen > self._members or self._entries_seen > self._entries or self._bytes_seen > self._bytes
        )

    def count_entries(self, number: int) -> None:
        """Counts entries of an archive's list, of whatever kind. Raises TooMuchError once there are too many."""
        self._entries_seen += number
        if self._entries_seen > self._entries:
            raise TooMuchError(f"it lists more than {self._entries:,} entries, too many for its size")

    def count(self, member: Member) -> None:
        """Counts a member. Raises TooMuchError once there are too many, or they are too large together."""
        self._members_seen += 1
        self._bytes_seen += member.size
        if self._members_seen > self._members:
            raise TooMuchError(f"it holds more than {self._members:,} files, too many for its size")
        if self._bytes_seen > self._bytes:
            raise TooMuchError(f"it unpacks to more than {self._bytes // 2**20:,} MB, too much for its size")


class _Opened(Protocol):
    def members(self) -> Iterator[Member]: ...
    def read(self, name: str, limit: int) -> bytes: ...
    def close(self) -> None: ...


class _Zip:
    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        import zipfile  # noqa: PLC0415  # few loads meet an archive

        budget.count_entries(_list_bytes(stream) // _ENTRY_BYTES)
        self._zip = zipfile.ZipFile(stream)

    def members(self) -> Iterator[Member]:
        for info in self._zip.infolist():
            if not info.is_dir():
                yield Member(info.filename, info.file_size)

    def read(self, name: str, limit: int) -> bytes:
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise ValueError("it is encrypted")
        if info.file_size > RATIO_FROM and info.file_size > MAXIMUM_RATIO * max(1, info.compress_size):
            raise TooMuchError(f"it unpacks to more than {MAXIMUM_RATIO} times its size")
        with self._zip.open(info) as stream:
            return stream.read(limit + 1)

    def close(self) -> None:
        self._zip.close()


def _plain(stream: IO[bytes]) -> IO[bytes]:
    """Returns a temporary file with the plain bytes of a compressed archive.

    Members are read in the order of their names. Going back in a compressed stream would read it again from the
    beginning.
    """
    import tempfile  # noqa: PLC0415  # few loads meet an archive

    unpacked = tempfile.TemporaryFile()  # noqa: SIM115  # closed by whoever asked for it
    try:
        for chunk in chunks(stream, MAXIMUM_TOTAL):
            unpacked.write(chunk)
        unpacked.seek(0)
    except BaseException:
        unpacked.close()
        raise
    return unpacked


class _Wacz(_Zip):
    """A zip of crawls. What else is in it tells of them and of their pages."""

    def members(self) -> Iterator[Member]:
        return (member for member in super().members() if member.name.lower().endswith(_CRAWLS))


class _Tar:
    def __init__(self, stream: IO[bytes], budget: Budget, compressed: bool) -> None:
        import tarfile  # noqa: PLC0415  # few loads meet an archive

        class Entry(tarfile.TarInfo):
            """An entry of the list, which counts."""

            @classmethod
            def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
                entry = super().frombuf(buf, encoding, errors)
                budget.count_entries(1)
                # What it describes is held in memory at once, and searched.
                if entry.type not in tarfile.REGULAR_TYPES and entry.size > _MAXIMUM_DESCRIPTION:
                    raise TooMuchError(f"an entry of type {entry.type!r} has {entry.size:,} bytes")
                return entry

        self._unpacked = _plain(stream) if compressed else None
        try:
            self._tar = tarfile.open(  # noqa: SIM115  # closed in close
                fileobj=self._unpacked or stream, mode="r:", tarinfo=Entry
            )
        except BaseException:
            if self._unpacked is not None:
                self._unpacked.close()
            raise
        self._infos: dict[str, tarfile.TarInfo] = {}

    def members(self) -> Iterator[Member]:
        while (info := self._tar.next()) is not None:
            # It would keep them all, folders and links too.
            self._tar.members.clear()  # type: ignore[attr-defined]  # the list is there, but typeshed lacks it
            if info.isreg() and not info.issparse():
                self._infos[info.name] = info
                yield Member(info.name, info.size)

    def read(self, name: str, limit: int) -> bytes:
        if name not in self._infos:
            for _ in self.members():
                pass
        stream = self._tar.extractfile(self._infos[name])
        assert stream is not None  # it is a regular file
        data = stream.read(limit + 1)
        if len(data) < min(self._infos[name].size, limit + 1):
            raise EOFError("it ends too early")
        return data

    def close(self) -> None:
        self._tar.close()
        if self._unpacked is not None:
            self._unpacked.close()


class _Warc:
    def __init__(self, stream: IO[bytes], budget: Budget, compressed: bool) -> None:
        from newsgraph.loaders.intake.web_copies import Crawl  # noqa: PLC0415  # few loads meet a crawl

        self._unpacked = _plain(stream) if compressed else None
        self._crawl = Crawl(self._unpacked or stream, lambda: budget.count_entries(1))

    def members(self) -> Iterator[Member]:
        for name, size in self._crawl.answers():
            yield Member(name, size)

    def read(self, name: str, limit: int) -> bytes:
        return self._crawl.read(name, limit)

    def close(self) -> None:
        if self._unpacked is not None:
            self._unpacked.close()


def _opened(stream: IO[bytes], name: str, budget: Budget) -> _Opened:
    """Returns the archive in a stream. Its name says of which kind it is."""
    low = name.lower()
    if low.endswith(_CRAWLS):
        return _Warc(stream, budget, compressed=low.endswith(".gz"))
    if low.endswith(".wacz"):
        return _Wacz(stream, budget)
    return _Zip(stream, budget) if low.endswith(".zip") else _Tar(stream, budget, compressed=not low.endswith(".tar"))


def _list_bytes(stream: IO[bytes]) -> int:
    """Returns the bytes of a zip's list of files, before the list is read. Raises TooMuchError if they are too many for
    memory."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 66_000))
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    length = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    if length == 0xFFFFFFFF:
        far = tail.rfind(b"PK\x06\x06")
        length = int.from_bytes(tail[far + 40 : far + 48], "little") if far >= 0 else length
    if length > _MAXIMUM_LIST:
        raise TooMuchError("it lists too many files")
    return length


def _signs_of_damage() -> tuple[type[Exception], ...]:
    """What the libraries raise for an archive that is broken."""
    import tarfile  # noqa: PLC0415  # they were imported before any of it could be raised
    import zipfile  # noqa: PLC0415

    return (
        OSError, EOFError, ValueError, KeyError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile,
        tarfile.TarError, MemoryError, OverflowError,
    )  # fmt: skip


class Archive:
    """One opened archive. ``place`` is what messages call it; ``budget`` is that of the file on disk. It is a context
    manager."""

    def __init__(self, stream: IO[bytes], name: str, place: str, budget: Budget) -> None:
        self.place = place
        self.budget = budget
        self._stream = stream
        try:
            self._opened = _opened(stream, name, budget)
        except _signs_of_damage() as error:
            stream.close()
            raise broken(place, error) from None

    @classmethod
    def at(cls, path: Path) -> Self:
        """Opens the archive in that file. Raises InputError."""
        try:
            stream = path.open("rb")
            budget = Budget(path.stat().st_size)
        except OSError as error:
            raise broken(str(path), error) from None
        return cls(stream, path.name, str(path), budget)

    def members(self) -> Iterator[Member]:
        """Yields its regular files, in its own order. Hidden ones are left out. Each counts in the budget. Raises
        InputError if the archive is broken, or the file on disk holds too many or too large files."""
        try:
            for member in self._opened.members():
                self.budget.count(member)
                if not _hidden(member.name):
                    yield member
        except _signs_of_damage() as error:
            raise broken(self.place, error) from None

    def read(self, name: str, limit: int) -> bytes:
        """Returns the bytes of a member, at most one more than ``limit``. Raises InputError."""
        try:
            return self._opened.read(name, limit)
        except _signs_of_damage() as error:
            raise broken(f"{self.place}/{name}", error) from None

    def inner(self, name: str, limit: int) -> Archive:
        """Returns an archive inside this one. Raises InputError."""
        place = f"{self.place}/{name}"
        data = self.read(name, limit)
        if len(data) > limit:
            raise broken(place, TooMuchError(f"an archive within another may have {limit // 2**20} MB"))
        return Archive(io.BytesIO(data), name, place, self.budget)

    def close(self) -> None:
        """Closes the archive."""
        self._opened.close()
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def broken(place: str, error: BaseException) -> InputError:
    """Returns the error for an archive, or a file in it, that can't be read."""
    if isinstance(error, TooMuchError):
        return InputError(place, f"{error}", "Unpack it and load what you trust")
    reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip("'\"")
    return InputError(place, f"the archive can't be read ({reason})", "Make it anew, or unpack it and load the folder")


def _hidden(name: str) -> bool:
    """Tells whether it is hidden, is one of macOS's additional files, or has a path that leads out of the archive."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith(".") or part in ("__MACOSX", "/") for part in parts) or not parts


__all__ = ["ARCHIVES", "COMPRESSED", "MAXIMUM_DEPTH", "Archive", "Member", "broken", "is_archive"]
