"""What each format must get right beside the plain case, and how bad elements cost themselves only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsgraph.cli import cli
from newsgraph.errors import UsageError
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.fields.times import parse_time
from newsgraph.loaders.formats.tables import read_map
from newsgraph.loaders.load import load
from newsgraph.loaders.load_report import LoadReport
from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import read

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def reading(text: str | bytes, ending: str = "", columns: Mapping[str, str] | None = None) -> Reading:
    found = read(text if isinstance(text, bytes) else text.encode(), ending, columns)
    assert found is not None
    return found


def only(found: Reading) -> ArticleRecord:
    (record,) = found.records
    assert isinstance(record, ArticleRecord)
    return record


def said(found: Reading) -> list[str]:
    return [problem.describe("f") for problem in found.problems if not problem.doubt]


def loaded(folder: Path, columns: Mapping[str, str] | None = None) -> LoadReport:
    with open_store("networkx:") as store:
        return load(store, [folder], now=NOW, columns=columns)


GOOD = '{"title": "T", "webUrl": "https://ledger.example/1"}'


def test_a_bad_line_costs_itself_and_is_named_by_its_line() -> None:
    found = reading(
        f'{GOOD}\n{{"title": broken\n\n{GOOD.replace("/1", "/2")}\n["no object"]\n{{"title": "no address"}}\n'
    )
    assert len(found.records) == 2
    assert [line.split(": ")[0] for line in said(found)] == ["f:2", "f:5", "f:6"]


def test_a_bad_element_of_an_array_costs_itself_and_is_named_by_its_place() -> None:
    text = json.dumps(
        {"articles": [json.loads(GOOD), 7, {"title": "no address"}, {"webUrl": "https://ledger.example/x"}]}
    )
    found = reading(text)
    assert len(found.records) == 1
    assert [line.split(": ")[1] for line in said(found)] == [
        "articles[1]", "articles[2].webUrl", "articles[3].title",
    ]  # fmt: skip


def test_objects_over_several_lines_one_after_another() -> None:
    pretty = json.dumps(json.loads(GOOD), indent=1)
    assert len(reading(f"{pretty}\n{pretty.replace('/1', '/2')}\n").records) == 2


def test_a_name_given_twice_costs_the_element() -> None:
    twice = '{"title": "T", "title": "U", "webUrl": "https://ledger.example/1"}'
    found = reading(f"{twice}\n{GOOD}\n")
    assert len(found.records) == 1
    assert "the name 'title' is given twice" in said(found)[0]


def test_numbers_stay_as_they_were_written() -> None:
    found = reading('{"title": 1.10, "webUrl": "https://ledger.example/1", "heat": 3.0, "quality": NaN}')
    record = only(found)
    assert (record.title, record.heat, record.quality) == ("1.10", 3, None)
    assert not said(found)


def test_json_that_holds_no_article_is_of_another_kind() -> None:
    assert read(b'{"name": "x", "version": "1.0.0"}', ".json") is None
    assert read(b"[1, 2, 3]", ".json") is None


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (".md", '+++\ntitle = "T"\nurl = "https://ledger.example/1"\n'),
        (".md", '+++\ntitle = "T\n+++\n'),
        (".md", '+++\ntitle = "T"\ntitle = "U"\n+++\n'),
        (".md", "+++\ndate = 2021-02-30T00:00:00Z\n+++\n"),
    ],
    ids=["no end", "broken", "twice", "impossible"],
)
def test_bad_toml_is_told_with_its_line(ending: str, text: str) -> None:
    (line,) = said(reading(text, ending))
    assert line.startswith("f:"), line


def test_relative_addresses_of_a_site_are_no_error() -> None:
    front = "---\ntitle: T\nurl: /posts/x/\ncanonical: https://ledger.example/x\nimage: /a.png\n---\n"
    found = reading(front)
    assert only(found).url == "https://ledger.example/x"
    assert only(found).images == () and not said(found)
    (line,) = said(reading("---\ntitle: T\nurl: /posts/x/\n---\n"))
    assert "there is no web address" in line


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("title,url", '"A, b",https://ledger.example/1'),
        ("Title;URL", '"A, b";https://ledger.example/1'),
        ("headline\tlink", "A, b\thttps://ledger.example/1"),
        ("web_url|Story Title", "https://ledger.example/1|A, b"),
    ],
)
def test_delimiters_and_names_of_columns_are_found(header: str, cells: str) -> None:
    record = only(reading(f"{header}\r\n{cells}\r\n", ".csv"))
    assert (record.title, record.url) == ("A, b", "https://ledger.example/1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_tables_are_found(encoding: str) -> None:
    found = reading("title,url\nDéjà vu in the harbour of the town,https://ledger.example/1\n".encode(encoding), ".csv")
    assert only(found).title.startswith("Déjà vu")
    assert any("Windows-1252" in note for note in found.notes) == (encoding == "cp1252")


def test_bad_rows_cost_themselves() -> None:
    rows = ["title,url", "A,https://ledger.example/1", "B", "C,https://ledger.example/3,x,y", "D,nowhere", ""]
    found = reading("\n".join(rows), ".csv")
    assert len(found.records) == 1
    assert [line.split(": ")[0] for line in said(found)] == ["f:3", "f:4", "f:5", "f:5"]


def test_rows_over_several_lines_are_named_by_their_first() -> None:
    found = reading('title,url\n"A\nlong\ntitle",https://ledger.example/1\nB,\n', ".csv")
    assert only(found).title == "A long title"
    assert said(found)[0].startswith("f:5: url")


def test_a_map_names_columns_and_is_kept(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("kopf,wo\nTitel,https://ledger.example/1\n")
    (line,) = loaded(tmp_path).errors
    assert "columns are kopf, wo" in line and "--map title=COLUMN,url=wo" in line
    with open_store("networkx:") as store:
        first = load(store, [tmp_path], columns={"title": "kopf", "url": "wo"}, now=NOW)
        assert (first.stories_added, first.errors) == (1, [])
        assert load(store, [tmp_path], now=NOW).unchanged == 1
        (tmp_path / "t.csv").write_text("kopf,wo\nAnderer Titel,https://ledger.example/1\n")
        load(store, [tmp_path], now=NOW)
        assert next(store.nodes("Story")).properties["title"] == "Anderer Titel"


def test_a_new_map_reads_unchanged_tables_again(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("title,kopf,url\nOne,Two,https://ledger.example/1\n")
    with open_store("networkx:") as store:
        load(store, [tmp_path], now=NOW)
        report = load(store, [tmp_path], columns={"title": "kopf"}, now=NOW)
        assert (report.read, report.unchanged) == (1, 0)
        assert next(store.nodes("Story")).properties["title"] == "Two"


def test_a_mapped_column_that_is_missing_is_an_error() -> None:
    found = reading("title,url\nA,https://ledger.example/1\n", ".csv", {"title": "title", "heat": "warmth"})
    assert len(found.records) == 1
    assert "there is no column 'warmth' for heat" in said(found)[0]


@pytest.mark.parametrize("given", ["title", "title=", "colour=x", "title=a,title=b"])
def test_a_wrong_map_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="--map"):
        read_map(given)


def test_a_table_without_a_title_says_which_columns_there_are() -> None:
    (line,) = said(reading("kopf,url\nA,https://ledger.example/1\n", ".csv"))
    assert "no column is known to be the title" in line and "--map title=COLUMN" in line and "kopf, url" in line


def test_dry_run_shows_the_columns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Headline,Link\nA,https://ledger.example/1\n")
    result = CliRunner().invoke(cli, ["load", "--dry-run", str(tmp_path), "--store", str(tmp_path / "s.kgl")])
    assert "columns: title=Headline, url=Link" in result.output
    assert (
        "columns: " not in CliRunner().invoke(cli, ["load", str(tmp_path), "--store", str(tmp_path / "s.kgl")]).output
    )


def test_exports_and_pages_of_ours_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    from newsgraph.graph.exports.registry import EXPORTS, export

    (tmp_path / "a.jsonl").write_text(GOOD)
    with open_store("networkx:") as store:
        load(store, [tmp_path], now=NOW)
        for name in EXPORTS:
            if name not in ("parquet", "jsonl"):
                export(name, store, tmp_path / f"out-{name}.json")
    report = loaded(tmp_path)
    assert (report.found, report.errors) == (1, []), "the articles alone"


RSS = """<rss version="2.0"><channel><title>F</title><link>https://ledger.example</link>
<item><title>One</title><link>https://ledger.example/1</link></item>
<item><title>No link</title></item>
<item><title>Two</title><link>https://ledger.example/2</link>"""


def test_entries_before_a_break_are_kept() -> None:
    found = reading(RSS, ".xml")
    assert next(record.title for record in found.records if isinstance(record, ArticleRecord)) == "One"
    assert any("the XML is broken" in line for line in said(found))
    assert any("entry[1].link" in line for line in said(found))


def test_a_feed_in_another_encoding() -> None:
    text = RSS.replace("One", "Déjà") + "</item></channel></rss>"
    found = reading(f'<?xml version="1.0" encoding="iso-8859-1"?>{text}'.encode("latin-1"), ".xml")
    assert isinstance(found.records[0], ArticleRecord) and found.records[0].title == "Déjà"


def test_the_feed_of_a_collector_names_no_outlet() -> None:
    text = RSS.replace("<link>https://ledger.example</link>", "<link>https://collector.example</link>")
    found = reading(text + "</item></channel></rss>", ".rss")
    assert isinstance(found.records[0], ArticleRecord) and found.records[0].outlet_name is None


def test_xml_that_is_no_feed_is_of_another_kind() -> None:
    assert read(b'<?xml version="1.0"?><urlset><url/></urlset>', ".xml") is None


@pytest.mark.parametrize(
    ("written", "time", "quality"),
    [
        ("20200610T233000Z", "2020-06-10T23:30:00+00:00", "exact"),
        ("20200610233000", "2020-06-10T23:30:00+00:00", "no_zone"),
        ("20200610", "2020-06-10T00:00:00+00:00", "date_only"),
        ("1591831800", "2020-06-10T23:30:00+00:00", "exact"),
        ("1591831800500", "2020-06-10T23:30:00.500000+00:00", "exact"),
        ("June 10, 2020", "2020-06-10T00:00:00+00:00", "date_only"),
        ("10 Jun 2020", "2020-06-10T00:00:00+00:00", "date_only"),
        ("Sept. 1st, 2020", "2020-09-01T00:00:00+00:00", "date_only"),
        ("Wed, 10 Jun 2020 19:30:00 EDT", "2020-06-10T23:30:00+00:00", "exact"),
    ],
)
def test_times_in_all_their_shapes(written: str, time: str, quality: str) -> None:
    assert parse_time(written)[:2] == (datetime.fromisoformat(time), quality)


@pytest.mark.parametrize("written", ["20201310", "Juno 10, 2020", "February 30, 2020", "yesterday", "9" * 400])
def test_what_is_no_time(written: str) -> None:
    assert parse_time(written)[:2] == (None, "impossible")
