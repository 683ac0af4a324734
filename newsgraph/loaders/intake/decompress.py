"""Decompresses bytes (gzip, Zstandard), up to a limit."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import IO

COMPRESSED = (".gz", ".zst")
#: The most times its size that a file may unpack to, beyond the number of bytes below. Text is packed to about a tenth.
MAXIMUM_RATIO = 200
RATIO_FROM = 4 * 2**20
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CHUNK = 2**20


class TooMuchError(ValueError):
    """The bytes unpack to more than allowed."""


class MissingLibraryError(ValueError):
    """The library for this compression is not installed."""


def is_compressed(data: bytes) -> bool:
    """Tells whether the bytes begin as compressed ones do."""
    return data.startswith((_GZIP, _ZSTD))


def decompressed(data: bytes, limit: int) -> bytes:
    """Returns the plain bytes.

    Raises TooMuchError if they are more than ``limit``, ValueError (also zlib.error, EOFError) if they are broken, and
    MissingLibraryError.
    """
    return b"".join(chunks(io.BytesIO(data), limit))


def chunks(stream: IO[bytes], limit: int) -> Iterator[bytes]:
    """Yields the plain bytes in pieces. Raises what ``decompressed`` raises."""
    magic = stream.read(4)
    stream.seek(0)
    pieces = _gunzip(stream) if magic.startswith(_GZIP) else _unzstd(stream) if magic == _ZSTD else None
    if pieces is None:
        raise ValueError("it is neither gzip nor Zstandard")
    given = 0
    for piece in pieces:
        given += len(piece)
        if given > limit:
            raise TooMuchError(f"it unpacks to more than {limit // 2**20} MB")
        if given > RATIO_FROM and given > MAXIMUM_RATIO * stream.tell():
            raise TooMuchError(f"it unpacks to more than {MAXIMUM_RATIO} times its size")
        yield piece


def _gunzip(stream: IO[bytes]) -> Iterator[bytes]:
    # gzip.GzipFile isn't used: it would read ahead, and a piece must not be larger than asked for.
    machine = zlib.decompressobj(31)
    waiting = b""
    while True:
        waiting = waiting or stream.read(65_536)
        if not waiting:
            if not machine.eof:
                raise EOFError("it ends too early")
            return
        if machine.eof:  # several streams may follow each other, and zeros may fill the end
            waiting = waiting.lstrip(b"\0")
            if waiting:
                machine = zlib.decompressobj(31)
            continue
        piece = machine.decompress(waiting, _CHUNK)
        waiting = machine.unused_data if machine.eof else machine.unconsumed_tail
        if piece:
            yield piece


def _unzstd(stream: IO[bytes]) -> Iterator[bytes]:
    try:
        import zstandard  # noqa: PLC0415  # an optional extra
    except ImportError:
        raise MissingLibraryError("reading .zst needs an extra: pip install 'newsgraph[zst]'") from None
    reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(
        stream, read_across_frames=True, closefd=False
    )
    try:
        while piece := reader.read(_CHUNK):
            yield piece
    except zstandard.ZstdError as error:
        raise ValueError(f"it is broken Zstandard: {error}") from None
