"""Tables as people have them: names in other languages, lines above the header, days and clocks in columns."""

from __future__ import annotations

import shlex

import pytest

from newsgraph.loaders.fields.column_names import field_of, plain_name, zone_in
from newsgraph.loaders.formats.tables import read_map
from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import reading_of

URL = "https://ledger.example"


def table(text: str, **columns: str) -> Reading:
    return reading_of(text.encode(), ".csv", columns)


def errors(found: Reading) -> list[str]:
    return [one.describe("t.csv") for one in found.problems if not (one.doubt or one.remark)]


def records(found: Reading) -> list[ArticleRecord]:
    assert not errors(found), errors(found)
    return [one for one in found.records if isinstance(one, ArticleRecord)]


def times(text: str) -> list[str]:
    return [
        f"{'-' if one.published_at is None else one.published_at.replace(tzinfo=None).isoformat()} {one.date_quality}"
        for one in records(table(text))
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Titel;Link;Datum;Quelle", "Überschrift;URL;Veröffentlicht am;Medium", "Titre;Lien;Date de publication;Source",
        "Título;Enlace;Fecha;Fuente", "Titolo;Collegamento;Data;Testata", "Título;Link;Data de publicação;Veículo",
        "Kop;Link;Datum;Krant", "Tytuł;Adres;Data publikacji;Źródło", "Rubrik;Länk;Publicerad;Tidning",
        "Заголовок;Ссылка;Дата;Источник", "标题;链接;日期;来源", "Titulek;Odkaz;Datum vydání;Zdroj",
        "Başlık;Bağlantı;Tarih;Kaynak",
        "Otsikko;Linkki;Päivämäärä;Lähde", "TITLE;URL;Date (UTC);SOURCE",
    ],
)  # fmt: skip
def test_names_of_columns_in_other_languages(header: str) -> None:
    (record,) = records(table(f"{header}\nFerry aground;{URL}/1;2021-03-01T10:00:00Z;The Ledger\n"))
    assert (record.title, record.url, record.outlet_name) == ("Ferry aground", f"{URL}/1", "The Ledger")
    assert record.date_quality == "exact"


def test_names_are_compared_without_accents_and_marks() -> None:
    assert plain_name(" Veröffentlicht-am_") == "veroffentlichtam"
    assert field_of("date_utc") == field_of("date") != None  # noqa: E711  # a column of its own field
    assert (zone_in("created_utc"), zone_in("Time (GMT)"), zone_in("Outcome")) == ("utc", "GMT", "")
    assert field_of("Nobody's") is None


@pytest.mark.parametrize(
    "before",
    [
        "sep=;\n",
        '"sep=;"\n',
        "Pressespiegel März 2021\n",
        "Pressespiegel März 2021;;\n\n",
        "\n\n",
        "Export;by;us\nof;1;March\n",
    ],
)
def test_lines_above_the_header(before: str) -> None:
    (record,) = records(
        table(f"{before}Titel;URL;Datum\nFerry; aground;{URL}/1;2021-03-01\n".replace("Ferry; ", "Ferry "))
    )
    assert (record.title, record.url, record.date_quality) == ("Ferry aground", f"{URL}/1", "date_only")


def test_lines_keep_their_numbers_below_a_title() -> None:
    found = table(f"sep=;\nReport\n\nTitel;URL\nA;{URL}/1\nB;nowhere\n")
    assert [line.split(" ")[0] for line in errors(found)] == ["t.csv:6:", "t.csv:6:"]


def test_an_unmapped_table_is_an_error_that_can_be_pasted() -> None:
    text = f"Kopf;Wo genau;Wann\nFähre auf Grund gelaufen;{URL}/1;2021-03-01T10:00:00Z\n"
    text += f"Die Brücke ist zu;{URL}/2;2021-03-02T10:00:00Z\n"
    (line,) = errors(table(text))
    assert "columns are Kopf, Wo genau, Wann" in line
    _, given = shlex.split(line[line.index("--map") :])
    found = records(table(text, **read_map(given)))
    assert [one.url for one in found] == [f"{URL}/1", f"{URL}/2"]
    assert {one.date_quality for one in found} == {"exact"}


def test_a_time_under_an_unknown_name_is_told() -> None:
    found = table(f"title,url,Wann\nA,{URL}/1,2021-03-01T10:00:00Z\n")
    assert any("--map published_at=Wann" in note for note in found.notes)


def test_a_table_without_a_header_is_an_error() -> None:
    assert "no row with the names" in errors(table(f"Ferry aground,{URL}/1\nDam overflows,{URL}/2\n"))[0]


def test_a_table_of_something_else_is_of_another_kind() -> None:
    found = table("day,visitors\n2021-03-01,12\n")
    assert "day, visitors" in found.other and not found.problems


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (["3/1/2021 10:00", "3/13/2021 22:00"], ["2021-03-01T10:00:00 no_zone", "2021-03-13T22:00:00 no_zone"]),
        (["3/1/2021", "13/1/2021"], ["2021-01-03T00:00:00 date_only", "2021-01-13T00:00:00 date_only"]),
        (["3/1/21", "3/13/21"], ["2021-03-01T00:00:00 date_only", "2021-03-13T00:00:00 date_only"]),
        (["3/1/2021", "4/2/2021"], ["- impossible", "- impossible"]),
        (["3/1/2021", "3/13/2021", "13/3/2021"], ["- impossible", "2021-03-13T00:00:00 date_only",
        "2021-03-13T00:00:00 date_only"]),
        (["44256", "44256.5"], ["2021-03-01T00:00:00 date_only", "2021-03-01T12:00:00 no_zone"]),
        (["44256", "", " "], ["2021-03-01T00:00:00 date_only", "- missing", "- missing"]),
        (["nan", "2021-03-01"], ["- missing", "2021-03-01T00:00:00 date_only"]),
    ],
)  # fmt: skip
def test_a_column_of_dates_decides_for_all_of_them(dates: list[str], said: list[str]) -> None:
    rows = "".join(f"Story {number},{URL}/{number},{date}\n" for number, date in enumerate(dates))
    assert times(f"title,url,date\n{rows}") == said


def test_mixed_orders_in_a_column_are_not_guessed() -> None:
    # 13/3 and 3/13 can't be of one order, so 3/1 stays unsure.
    rows = [f"S{n},{URL}/{n},{date}" for n, date in enumerate(["3/13/2021", "13/3/2021", "3/1/2021"])]
    assert times("title,url,date\n" + "\n".join(rows))[2] == "- impossible"


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("date,time", "2021-03-01,10:00", "2021-03-01T10:00:00 no_zone"),
        ("Datum,Uhrzeit", "01.03.2021,10:00 Uhr", "2021-03-01T10:00:00 no_zone"),
        ("date,time,timezone", "2021-03-01,10:00,Europe/Berlin", "2021-03-01T09:00:00 exact"),
        ("date,time,timezone", "2021-03-01,10:00,+0100", "2021-03-01T09:00:00 exact"),
        ("date,time", "2021-03-01T08:00:00Z,10:00", "2021-03-01T08:00:00 exact"),
        ("date (UTC)", "2021-03-01 10:00", "2021-03-01T10:00:00 exact"),
        ("date,time", "2021-03-01,", "2021-03-01T00:00:00 date_only"),
        ("date,time,timezone", "44256,10:00,+0100", "2021-03-01T09:00:00 exact"),
        ("date,hour,timezone", "2021-03-01,10:00,+0100", "2021-03-01T09:00:00 exact"),
        # An hour without its minutes isn't a time of day, and may have them in a column of their own.
        ("date,hour,minute,timezone", "2021-03-01,10,30,+0100", "2021-03-01T00:00:00 date_only"),
        ("date,heure", "2021-03-01,14", "2021-03-01T00:00:00 date_only"),
    ],
)
def test_day_clock_and_zone_in_columns(header: str, cells: str, said: str) -> None:
    assert times(f"title,url,{header}\nA story,{URL}/1,{cells}\n") == [said]


def test_what_programs_write_for_nothing_is_nothing() -> None:
    (record,) = records(table(f"title,url,description,category,language,source\nA,{URL}/1,nan,None,NaN,null\n"))
    assert (record.excerpt, record.category, record.language, record.outlet_name) == (None, None, None, None)


def test_named_values_in_cells_of_data_frames() -> None:
    found = table(
        f"source,title,url,keywords\n\"{{'id': None, 'name': 'The Ledger'}}\",A,{URL}/1,\"['Ferries', 'Sea']\"\n"
        f'"{{""id"": null, ""name"": ""Courier""}}",B,{URL}/2,"[""Rain""]"\n'
    )
    assert [one.outlet_name for one in records(found)] == ["The Ledger", "Courier"]
    assert [one.topics for one in records(found)] == [("Ferries", "Sea"), ("Rain",)]


def test_a_country_is_no_language_and_that_is_a_remark() -> None:
    found = table(f"title,url,language\nA,{URL}/1,us\nB,{URL}/2,German\n")
    assert [one.language for one in records(found)] == [None, "de"]
    (remark,) = [one for one in found.problems if one.remark]
    assert "'us' is no language" in remark.describe("t.csv")


def test_articles_that_were_removed_are_left_out_with_a_remark() -> None:
    found = table(f"title,url\n[Removed],{URL}/1\n[Removed],{URL}/2\nA,{URL}/3\n")
    assert [one.title for one in records(found)] == ["A"]
    (remark,) = [one for one in found.problems if one.remark]
    assert remark.count == 2 and "(2 times)" in remark.describe("t.csv")


def test_rows_are_told_while_they_are_read() -> None:
    told: list[int] = []
    rows = "".join(f"S{n},{URL}/{n}\n" for n in range(2_500))
    reading_of(f"title,url\n{rows}".encode(), ".csv", None, "t.csv", None, told.append)
    assert told == [1000, 2000]
