"""Files made to do harm, or damaged: each costs itself at most, with one clear line or the right record."""

from __future__ import annotations

import gzip
import io
import resource
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.intake.contents import MAXIMUM_BYTES
from newsgraph.loaders.load import load

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = "---\ntitle: A good one\nwebUrl: https://ledger.example/good\npublishedDateTime: 2021-03-01T10:00:00Z\n---\n"
URL = "webUrl: https://ledger.example/x\n"
Make = Callable[[], bytes]


def front(lines: str) -> Make:
    return lambda: f"---\n{lines}---\n".encode("utf-8", "surrogatepass")


def article(extra: str) -> Make:
    """An article that is right but for the extra lines."""
    return front(f"title: T\n{URL}{extra}")


def text(written: str) -> Make:
    return lambda: written.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Costly:
    """A file that is left out whole; what its line says."""

    make: Make
    said: str
    name: str = "bad.md"


@dataclass(frozen=True)
class Harmless:
    """A file that gives the article titled so; what else is said, empty for nothing."""

    make: Make
    title: str = "T"
    said: str = ""
    name: str = "odd.md"


@dataclass(frozen=True)
class Ignored:
    """A file of another kind."""

    make: Make
    name: str


def zipped(files: dict[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def info(name: str, type: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = type, link
    return made


def zip_in_zip(depth: int) -> bytes:
    data = zipped({"a.md": GOOD.replace("/good", "/deep").encode()})
    for _ in range(depth):
        data = zipped({"inner.zip": data})
    return data


def lying_zip() -> bytes:
    """A member that says it has ten bytes, and has a megabyte."""
    data = bytearray(zipped({"a.md": b"---\n" + b"a" * 2**20}))
    size = (2**20 + 4).to_bytes(4, "little")
    return bytes(data.replace(size, (10).to_bytes(4, "little")))


def encrypted_zip() -> bytes:
    data = bytearray(zipped({"a.md": GOOD.encode()}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    return bytes(data)


def long_list_zip() -> bytes:
    """A zip whose end says that its list of files takes two gigabytes."""
    data = bytearray(zipped({"a.md": b"x"}))
    end = data.rindex(b"PK\x05\x06")
    data[end + 12 : end + 16] = (2**31).to_bytes(4, "little")
    return bytes(data)


RSS = '<rss version="2.0"><channel><title>F</title>{}</channel></rss>'
ITEM = "<item><title>T</title><link>https://ledger.example/x</link></item>"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
    + RSS.format(ITEM.replace("T<", "&m;<"))
)
LINE = '{"title": "T", "webUrl": "https://ledger.example/x"}\n'

CASES: dict[str, Costly | Harmless | Ignored] = {
    # -- YAML
    "25 kB of brackets": Costly(front("title: " + "[" * 25_000 + "\n"), "nested more than 64 deep"),
    "25 kB of braces": Costly(front("title: " + "{" * 25_000 + "\n"), "nested more than 64 deep"),
    "100 kB of dashes": Costly(front("title:\n  " + "- " * 50_000 + "x\n"), "nested more than 64 deep"),
    "question marks": Costly(front("? " * 10_000 + "x\n"), "nested more than 64 deep"),
    "aliases that multiply": Costly(
        article("a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
        )),
        "aliases that expand",
    ),
    "aliases in merge keys": Costly(
        article("a: &a {x: 1}\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} {{{', '.join(f'k{i}: *{chr(97 + n)}' for i in range(10))}}}\n"
            for n in range(9)
        )),
        "aliases that expand",
    ),
    "an alias of itself": Costly(article("a: &a [*a]\n"), "contains itself"),
    "an alias of nothing": Costly(article("a: *nothing\n"), "undefined alias"),
    "a merge key": Harmless(front(f"base: &b {{title: Base, type: article}}\n<<: *b\ntitle: T\n{URL}")),
    "a merge key of no map": Costly(article("<<: [1, 2]\n"), "mapping"),
    "a tag that runs": Costly(article("x: !!python/object/apply:os.system ['true']\n"), "could not determine"),
    "a tag that imports": Costly(article("x: !!python/module:os\n"), "could not determine"),
    "a tag that names a function": Costly(article("title2: !!python/name:os.system\n"), "could not determine"),
    "a tag of one's own": Costly(article("x: !secret y\n"), "could not determine"),
    "binary": Harmless(article("x: !!binary aGVsbG8=\n")),
    "binary for a title": Costly(front(f"title: !!binary aGVsbG8=\n{URL}"), "a text is wanted"),
    "broken binary": Costly(article("x: !!binary '%%%\u00e9'\n"), "failed to convert"),
    "a set": Harmless(article("x: !!set {a, b}\n")),
    "pairs": Harmless(article("x: !!omap [a: 1]\n")),
    "a key that is a list": Costly(front(f"? [a, b]\n: c\ntitle: T\n{URL}"), "unhashable"),
    "a key that is a map": Costly(front(f"? {{a: b}}\n: c\ntitle: T\n{URL}"), "unhashable"),
    "a key that is null": Harmless(article("~: x\n")),
    "a key that is a number": Harmless(article("17: x\n")),
    "a key given twice": Costly(article("title: U\n"), "given twice"),
    "a key given twice within": Costly(article("provider: {name: a, name: b}\n"), "given twice"),
    "two documents": Harmless((GOOD + "---\ntitle: U\n---\n").encode, "A good one"),
    "an impossible date": Harmless(article("publishedDateTime: 2020-02-30T00:00:00Z\n")),
    "a date of the year zero": Harmless(article("publishedDateTime: 0000-01-01T00:00:00Z\n")),
    "a date of the year 9999": Harmless(article("publishedDateTime: 9999-12-31T23:59:59-12:00\n")),
    "a date with a zone of 99 hours": Harmless(article("publishedDateTime: 2020-01-01T00:00:00+99:99\n")),
    "a date of digits": Harmless(article(f"publishedDateTime: {'9' * 5000}\n")),
    "a tagged date that raises": Harmless(article("x: !!timestamp 2020-02-30\n")),
    "a tagged integer of a million digits": Harmless(article(f"x: !!int {'9' * 10**6}\n"), said=""),
    "an integer of 900,000 digits": Harmless(article(f"quality: {'9' * 900_000}\n"), said="a text that long"),
    "an integer beyond 64 bits": Harmless(article(f"quality: {2**63}\n"), said="a whole number is wanted"),
    "infinity": Harmless(article("quality: .inf\n"), said="a whole number is wanted"),
    "a number with an enormous exponent": Harmless(article("quality: 1e999999999\n"), said="a whole number is wanted"),
    "a fraction that is whole": Harmless(article("quality: 3.0\n")),
    "sexagesimal": Harmless(front(f"title: 190:20:30\n{URL}"), "190:20:30"),
    "an escape of a surrogate": Costly(front(f'title: "\\ud800"\n{URL}'), ""),
    "an escape of NUL": Harmless(front(f'title: "a\\0b"\n{URL}'), "ab"),
    "a title of a megabyte": Costly(front(f"title: {'x' * 2**20}\n{URL}"), "larger than 1 MB"),
    "a title of 900 kB": Harmless(front(f"title: {'x' * 900_000}\n{URL}"), "x" * 900_000),
    "100,000 keys": Harmless(article("".join(f"k{n}: v\n" for n in range(50_000)))),
    "front matter without end": Costly(text(f"---\ntitle: T\n{URL}" + "x: y\n" * 1000), "no end"),
    "a tab for blanks": Costly(article("provider:\n\tname: x\n"), "YAML is broken"),
    "a directive": Costly(front(f"%YAML 9.9\n---\ntitle: T\n{URL}"), ""),
    "a comment after the fence": Harmless(f"--- # x\ntitle: T\n{URL}---\n".encode),
    "an address with a script": Costly(front("title: T\nwebUrl: javascript:alert(1)\n"), "is no web address"),
    "an address of 100 kB": Costly(front(f"title: T\nwebUrl: https://a.example/{'x' * 10**5}\n"), "is no web address"),
    "a topic of 100 kB": Harmless(article(f"topics: [{'x' * 10**5}]\n")),
    # -- bytes
    "NUL bytes": Costly(lambda: b"---\ntitle: a\0b\n---\n", "NUL bytes"),
    "only NUL bytes": Costly(lambda: b"\0" * 10_000, "NUL bytes"),
    "Windows-1251": Harmless(lambda: f"---\ntitle: Привет, мир\n{URL}---\n".encode("cp1251"), "Привет, мир"),
    "broken UTF-8 with controls": Costly(lambda: b"---\ntitle: \xff\xfe\x01\x02\xe0\n---\n", "not UTF-8"),
    "cut UTF-16": Costly(lambda: GOOD.encode("utf-16")[:-1], "UTF-16"),
    "Windows-1252": Harmless(lambda: f"---\ntitle: Déjà vu in town\n{URL}---\n".encode("cp1252"), "Déjà vu in town"),
    "UTF-16": Harmless(lambda: GOOD.encode("utf-16"), "A good one"),
    "UTF-32": Harmless(lambda: GOOD.encode("utf-32"), "A good one"),
    "a mark and CRLF": Harmless(lambda: GOOD.replace("\n", "\r\n").encode("utf-8-sig"), "A good one"),
    "carriage returns alone": Harmless(lambda: GOOD.replace("\n", "\r").encode(), "A good one"),
    "encoded surrogates": Harmless(
        lambda: b"---\ntitle: Smile \xed\xa0\xbd\xed\xb8\x80\n" + URL.encode() + b"---\n", "Smile \U0001f600"
    ),
    "a picture": Costly(lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not UTF-8"),
    "empty": Costly(lambda: b"", "empty"),
    "blanks": Costly(lambda: b" \n\t\n", "empty"),
    # -- TOML
    "TOML of 25 kB of brackets": Costly(text("+++\nx = " + "[" * 25_000 + "\n+++\n"), "nested too deep"),
    "a TOML integer of 10,000 digits": Costly(text(f"+++\nx = {'9' * 10_000}\n+++\n"), "TOML is broken"),
    "an impossible TOML date": Costly(text("+++\nx = 2020-02-30\n+++\n"), "TOML is broken"),
    "TOML keys in 20,000 steps": Costly(text("+++\n" + ".".join("a" * 20_000) + " = 1\n+++\n"), "32 steps"),
    # -- JSON
    "JSON of 100 kB of brackets": Costly(lambda: b"[" * 10**5, "nested too deep", "bad.json"),
    "JSON of 100 kB of objects": Costly(lambda: b'{"a":' * 10**5, "nested too deep", "bad.json"),
    "a JSON integer of a million digits": Harmless(
        lambda: LINE.replace("}", f', "heat": {"9" * 10**6}}}').encode(), said="a text that long", name="a.json"
    ),
    "NaN and Infinity": Harmless(
        lambda: LINE.replace("}", ', "heat": NaN, "quality": -Infinity}').encode(), name="a.json"
    ),
    "a lone surrogate in JSON": Harmless(lambda: LINE.replace('"T"', '"\\ud800"').encode(), "\ufffd", name="a.json"),
    "JSON that stops": Costly(lambda: b'{"articles": [{"title": "T", "url"', "JSON is broken", "bad.json"),
    "a JSON name given twice": Costly(lambda: LINE.replace("{", '{"title": "U", ').encode(), "given twice", "bad.json"),
    "100,000 broken lines": Harmless((LINE + "{x\n" * 10**5).encode, said="more errors", name="a.jsonl"),
    "100,001 articles": Costly(
        lambda: "".join(f'{{"title": "T", "url": "https://a.example/{n}"}}\n' for n in range(100_001)).encode(),
        "more than 100,000", "bad.jsonl",
    ),
    "JSON of settings": Ignored(lambda: b'{"compilerOptions": {"strict": true}}', "tsconfig.json"),
    # -- tables
    "a quote that never ends": Costly(
        lambda: b'title,url\n"T,https://ledger.example/x\n' + b"x\n" * 10**5, "the row is broken", "bad.csv"
    ),
    "a row of 100,000 cells": Costly(lambda: b"title,url\n" + b"," * 10**5 + b"x\n", "100001 cells", "bad.csv"),
    "100,000 columns": Ignored(lambda: b"x," * 10**5 + b"\n1,2\n", "a.csv"),
    "a table of something else": Ignored(lambda: b"name,price\nx,1\n", "prices.csv"),
    # -- feeds
    "a billion laughs": Costly(text(LAUGHS), "entities of its own", "bad.rss"),
    "an entity from a file": Costly(
        text('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + RSS.format(ITEM)),
        "entities of its own",
        "bad.xml",
    ),
    "a document type from the network": Harmless(
        text('<!DOCTYPE rss SYSTEM "http://localhost:1/rss.dtd">' + RSS.format(ITEM)), name="a.rss"
    ),
    "a feed 20,000 deep": Harmless(text(RSS.format(ITEM + "<a>" * 20_000)), name="a.rss"),
    "a feed that stops": Harmless(text(RSS.format(ITEM)[:-20]), said="XML is broken", name="a.rss"),
    "a script in a feed": Harmless(
        text(RSS.format(ITEM.replace("T<", "T&lt;script&gt;alert(1)&lt;/script&gt;<"))), name="a.rss"
    ),
    "a site map": Ignored(lambda: b'<?xml version="1.0"?><urlset></urlset>', "sitemap.xml"),
    # -- archives
    "a gzip bomb": Costly(lambda: gzip.compress(b"\0" * (MAXIMUM_BYTES // 4)), "times its size", "bad.json.gz"),
    "gzip that stops": Costly(lambda: gzip.compress(GOOD.encode())[:-10], "ends too early", "bad.md.gz"),
    "gzip with damage": Costly(
        lambda: gzip.compress(GOOD.encode())[:-8] + b"\1" * 8, "can't be unpacked", "bad.md.gz"
    ),
    "gzip that is none": Harmless(GOOD.encode, "A good one", name="a.md.gz"),
    "a zip bomb": Costly(lambda: zipped({"a.json": b"\0" * (MAXIMUM_BYTES // 4)}), "times its size", "bad.zip"),
    "a zip that lies about a size": Costly(lying_zip, "can't be read", "bad.zip"),
    "a zip with a password": Costly(encrypted_zip, "encrypted", "bad.zip"),
    "a zip of too many": Costly(long_list_zip, "too many files", "bad.zip"),
    "a zip that stops": Costly(lambda: zipped({"a.md": GOOD.encode()})[:-30], "can't be read", "bad.zip"),
    "no zip": Costly(lambda: b"hello", "can't be read", "bad.zip"),
    "zips within zips": Costly(lambda: zip_in_zip(5), "deep in each other", "bad.zip"),
    "a zip's way out": Harmless(
        lambda: zipped({"../../out.md": GOOD.replace("/good", "/out").encode()}), "A good one", name="a.zip"
    ),
    "a tar of links and devices": Harmless(
        lambda: tarred(
            (info("link.md", tarfile.SYMTYPE, "/etc/passwd"), b""),
            (info("hard.md", tarfile.LNKTYPE, "/etc/passwd"), b""),
            (info("device.md", tarfile.CHRTYPE), b""),
            (info("fifo.md", tarfile.FIFOTYPE), b""),
            (info("a.md"), f"---\ntitle: T\n{URL}---\n".encode()),
        ),
        name="a.tar",
    ),
    "a tar that stops": Costly(lambda: tarred((info("a.md"), GOOD.encode() * 100))[:2000], "can't be read", "bad.tar"),
    "no tar": Costly(lambda: b"hello" * 300, "can't be read", "bad.tar"),
    "a packed tar bomb": Costly(
        lambda: gzip.compress(tarred((info("a.json"), b"\0" * (MAXIMUM_BYTES // 4)))), "times its size", "bad.tar.gz"
    ),
    # -- web pages
    "brackets in a page": Ignored(lambda: b"<!doctype html><html>" + b"<div>" * 3000, "a.html"),
}  # fmt: skip


def titles(case: Costly | Harmless | Ignored) -> set[str]:
    return {"A good one", *([case.title] if isinstance(case, Harmless) else [])}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name == "100,001 articles" else name for name in CASES]
)
def test_a_hostile_file(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    (tmp_path / "good.md").write_text(GOOD)
    (tmp_path / case.name).write_bytes(case.make())
    with open_store("networkx:") as store:
        report = load(store, [tmp_path], now=NOW)
        found = {str(story.properties["title"]) for story in store.nodes("Story")}
    assert all(len(line) < 2000 and line.isprintable() for line in report.errors)
    if name == "a zip's way out":  # it is a name that could lie outside: left out, or an id within the archive
        assert found == {"A good one"}
        return
    assert found == titles(case)
    about = [line for line in report.errors if case.name in line]
    if isinstance(case, Costly):
        assert about and any(case.said in line for line in about), report.errors
        assert report.exit_code == 1
    elif isinstance(case, Harmless):
        assert any(case.said in line for line in about) if case.said else not report.errors, report.errors
    else:
        assert report.other_kinds == 1 and not report.errors


CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (120,) * 2)
from pathlib import Path
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
with open_store("networkx:") as store:
    report = load(store, [Path(sys.argv[1])])
    print(report.found, report.read + report.failed + report.other_kinds, len(report.errors))
    # Its own peak: what the system counts for a process begins with the size of the one that started it.
    own = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    print(int(own) // 1024)
"""


@pytest.mark.slow
def test_all_of_them_in_one_folder_take_bounded_memory_and_time(tmp_path: Path) -> None:
    """Address space and processor time are limited by the system, not watched."""
    for number, case in enumerate(CASES.values()):
        if not case.name.endswith(".html"):
            (tmp_path / str(number)).mkdir()
            (tmp_path / str(number) / case.name).write_bytes(case.make())
    done = subprocess.run([sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found, accounted, errors = map(int, done.stdout.splitlines()[0].split())
    assert found == accounted and errors > 60
    assert int(done.stdout.splitlines()[1]) < 1000, "megabytes"


def test_a_file_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    with (tmp_path / "large.jsonl").open("wb") as stream:
        stream.truncate(2**30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open_store("networkx:") as store:
        report = load(store, [tmp_path], now=NOW)
    assert report.stories_added == 1
    (line,) = report.errors
    assert "larger than 64 MB" in line and "Split it" in line
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**18, "kilobytes"


def test_the_cases_are_many() -> None:
    assert len(CASES) >= 60
