"""Copies of pages with the address that each was found at: crawls, and pages that browsers save as one file."""

from __future__ import annotations

import base64
import gzip
import plistlib
import zipfile
from pathlib import Path

import pytest

from newsgraph.errors import InputError
from newsgraph.loaders.intake.files import FileReader, select
from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import reading_of


def page(title: str) -> bytes:
    named = f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
    return f"<html><head>{named}</head></html>".encode()


def answer(number: int, body: bytes, type: str = "text/html", status: str = "200 OK", more: str = "") -> bytes:
    sent = f"HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{more}\r\n".encode() + body
    return record(f"https://ledger.example/{number}", "response", sent)


def record(address: str, kind: str, body: bytes, type: str = "application/http") -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nContent-Type: {type}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"


def pieces(body: bytes) -> bytes:
    halves = body[:20], body[20:]
    return b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in halves) + b"0\r\n\r\n"


CRAWL = [
    record("", "warcinfo", b"software: x"),
    answer(1, page("Łódź").decode().encode("iso-8859-2"), "text/html; charset=iso-8859-2"),
    answer(2, pieces(page("Pieces")), more="Transfer-Encoding: chunked\r\n"),
    answer(3, gzip.compress(page("Packed")), more="Content-Encoding: gzip\r\n"),
    answer(4, page("Not found"), status="404 Not Found"),
    answer(5, b"\x89PNG", "image/png"),
    record("https://ledger.example/6", "resource", page("Resource"), "text/html"),
    record("https://ledger.example/7", "request", b"GET / HTTP/1.1\r\n\r\n"),
]
TITLES = {"1": "Łódź", "2": "Pieces", "3": "Packed", "6": "Resource"}


def read(path: Path) -> tuple[dict[str, str], list[str]]:
    """Returns title by the end of its address, and what is wrong."""
    selection = select([path], {})
    found: dict[str, str] = {}
    problems = [str(one) for one in selection.problems]
    with FileReader() as reader:
        for file in selection.files:
            try:
                data = reader.content(file).data
            except InputError as error:
                problems.append(str(error))
                continue
            for one in reading_of(data, file.ending).records:
                assert isinstance(one, ArticleRecord) and one.url
                found[one.url.rpartition("/")[2]] = str(one.title)
    return found, problems


def test_a_crawl_is_a_folder_of_its_pages(tmp_path: Path) -> None:
    (tmp_path / "crawl.warc").write_bytes(b"".join(CRAWL))
    assert read(tmp_path / "crawl.warc") == (TITLES, [])
    packed = b"".join(map(gzip.compress, CRAWL))
    (tmp_path / "crawl.warc.gz").write_bytes(packed)
    assert read(tmp_path / "crawl.warc.gz") == (TITLES, [])
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w") as opened:
        opened.writestr("archive/data.warc.gz", packed)
        opened.writestr("pages/pages.jsonl", '{"title": "A front page", "url": "https://ledger.example/front"}')
    assert read(tmp_path / "crawl.wacz") == (TITLES, [])


def test_what_is_no_page_is_counted(tmp_path: Path) -> None:
    (tmp_path / "crawl.warc").write_bytes(b"".join(CRAWL))
    assert select([tmp_path / "crawl.warc"], {}).skipped == {".png": 1}


@pytest.mark.parametrize(
    "rest", [b"WARC/1.0\r\nContent-Length: 9", b"garbage\r\n", b"WARC/1.0\r\n\r\n", CRAWL[2][:300]]
)
def test_a_crawl_that_is_cut_off_keeps_what_is_whole(tmp_path: Path, rest: bytes) -> None:
    (tmp_path / "crawl.warc").write_bytes(CRAWL[1] + CRAWL[6] + rest)
    found, problems = read(tmp_path / "crawl.warc")
    assert found == {"1": "Łódź", "6": "Resource"}
    assert problems


MHTML = """From: <Saved by Blink>
Snapshot-Content-Location: https://ledger.example/ferry
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="--x"

----x
Content-Type: text/html; charset="windows-1250"
Content-Transfer-Encoding: base64
Content-Location: https://ledger.example/ferry

{}
----x
Content-Type: image/png
Content-Location: https://pictures.example/a.png

x
----x--
"""


def only(reading: Reading) -> ArticleRecord:
    (one,) = reading.records
    assert isinstance(one, ArticleRecord)
    return one


def test_pages_that_browsers_save_as_one_file() -> None:
    body = base64.encodebytes(page("Łódź").decode().encode("cp1250")).decode()
    safari = {
        "WebMainResource": {
            "WebResourceData": page("Łódź"),
            "WebResourceURL": "https://ledger.example/ferry",
            "WebResourceTextEncodingName": "UTF-8",
        }
    }
    for data, ending in (
        (MHTML.format(body).encode(), ".mhtml"),
        (plistlib.dumps(safari, fmt=plistlib.FMT_BINARY), ".webarchive"),
    ):
        found = only(reading_of(data, ending))
        assert (found.title, found.url) == ("Łódź", "https://ledger.example/ferry")


def test_a_file_without_its_page_is_an_error() -> None:
    lacking = MHTML.replace("text/html; charset", "text/plain; charset").format("")
    for data, ending in ((lacking.encode(), ".mhtml"), (b"bplist00 WebMainResource", ".webarchive")):
        (problem,) = reading_of(data, ending).problems
        assert problem.remedy == "Save the page again, as HTML"
