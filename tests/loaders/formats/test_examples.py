"""What docs/formats.md shows is what happens, for every format."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.fields.dialect import Dialect
from newsgraph.loaders.load import load
from newsgraph.loaders.load_report import LoadReport
from newsgraph.loaders.registry import LOADERS
from tests.loaders.formats.examples import PAGE, Example, examples, shown

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLES = examples()


def loaded(folder: Path) -> tuple[str, LoadReport]:
    with open_store("networkx:") as store:
        report = load(store, [folder], now=NOW)
        return shown(store), report


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_gives_what_the_page_says(example: Example, tmp_path: Path) -> None:
    (tmp_path / example.name).write_text(example.text, "utf-8")
    gives, report = loaded(tmp_path)
    assert gives == example.gives
    assert not report.errors and not report.unknown_fields
    assert report.read == 1


def test_every_format_has_an_example() -> None:
    with open_store("networkx:") as store:
        from newsgraph.loaders.registry import read

        formats = set()
        for example in EXAMPLES:
            reading = read(example.text.encode(), Path(example.name).suffix)
            assert reading is not None
            formats.add(reading.format)
        del store
    modules = {name.rpartition(".")[2] for name in LOADERS}
    assert len(EXAMPLES) >= len(modules), modules
    assert {"front matter", "toml front matter", "json front matter", "table", "rss", "atom", "json feed"} <= formats


def write_all(folder: Path) -> None:
    for example in EXAMPLES:
        (folder / example.name).write_text(example.text, "utf-8")


def as_zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"articles/{name}", data)
    return out.getvalue()


def as_tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(f"articles/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["gz", "zst", "zip", "tar", "tar.gz", "tar.zst", "zip in tar"])
def test_packed_or_not_the_graph_is_the_same(kind: str, tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.mkdir()
    packed.mkdir()
    write_all(plain)
    files = {path.name: path.read_bytes() for path in plain.iterdir()}
    if kind in ("zst", "tar.zst"):
        zstandard = pytest.importorskip("zstandard")
        compress = zstandard.ZstdCompressor().compress
    else:
        compress = gzip.compress
    if kind in ("gz", "zst"):
        for name, data in files.items():
            (packed / f"{name}.{kind}").write_bytes(compress(data))
    elif kind == "zip":
        (packed / "all.zip").write_bytes(as_zip(files))
    elif kind == "zip in tar":
        (packed / "all.tar").write_bytes(as_tar({"inner.zip": as_zip(files)}))
    else:
        data = as_tar(files)
        (packed / f"all.{kind}").write_bytes(data if kind == "tar" else compress(data))
    expected, of_plain = loaded(plain)
    gives, of_packed = loaded(packed)
    assert gives == expected
    assert (of_packed.read, of_packed.errors) == (of_plain.read, [])
    assert expected.count("Story ") > 20, "a mixture in one folder"


#: Columns of the table of fields on the page, and the module that knows each.
COLUMNS = {
    "front matter, tables, other JSON": "fields.default_dialect",
    "newsapi": "formats.services.newsapi",
    "gdelt": "formats.services.gdelt",
    "media cloud": "formats.services.mediacloud",
    "news-please": "formats.services.newsplease",
    "webhose": "formats.services.webhose",
    "json-ld": "formats.linked_data",
    "json feed": "formats.json_feed",
}


def field_table() -> str:
    """Which name becomes which field, as the readers have it."""
    dialects: dict[str, Dialect] = {}
    for column, module in COLUMNS.items():
        of = import_module(f"newsgraph.loaders.{module}")
        dialects[column] = getattr(of, "DIALECT", None) or of.GENERAL
    rows = [f"| | {' | '.join(COLUMNS)} |", "|---" * (len(COLUMNS) + 1) + "|"]
    for field in [
        *dialects["front matter, tables, other JSON"].fields,
        "published_at",
        "published_at (seen)",
        "images",
    ]:
        cells = []
        for dialect in dialects.values():
            names = {
                "published_at": dialect.time, "published_at (seen)": dialect.seen, "images": dialect.images,
            }.get(field) or dialect.fields.get(field, ())  # fmt: skip
            cells.append(", ".join(f"`{name}`" for name in names))
        rows.append(f"| {field} | {' | '.join(cells)} |")
    return "\n".join(rows)


def test_the_table_of_fields_is_what_the_readers_have() -> None:
    assert field_table() in PAGE.read_text("utf-8"), field_table()
