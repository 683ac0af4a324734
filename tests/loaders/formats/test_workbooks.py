"""Workbooks of spreadsheets: their sheets are tables, and what their cells show is what counts."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from newsgraph.loaders.formats.tables import read_workbook
from newsgraph.loaders.intake.workbook_parts import WorkbookError
from newsgraph.loaders.intake.workbooks import sheets_of
from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import reading_of


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def filled(*rows: list[object], title: str = "News") -> Workbook:
    book = Workbook()
    book.active.title = title  # type: ignore[union-attr]  # a new book has a sheet
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    return book


def read(data: bytes) -> Reading:
    return reading_of(data, ".xlsx")


def times(reading: Reading) -> list[str]:
    return [f"{one.published_at} {one.date_quality}" for one in reading.records if isinstance(one, ArticleRecord)]


HEADER: list[object] = ["Headline", "URL", "Date"]
FERRY, DAM = "https://ledger.example/ferry", "https://ledger.example/dam"


def test_dates_are_read_as_they_are_shown() -> None:
    book = filled(HEADER, ["Ferry", FERRY, datetime(2021, 3, 1, 10, 30)], ["Dam", DAM, date(2021, 3, 2)])
    assert times(read(saved(book))) == ["2021-03-01 10:30:00+00:00 no_zone", "2021-03-02 00:00:00+00:00 date_only"]
    book.epoch = datetime(1904, 1, 1)  # as on old Macs
    assert times(read(saved(book)))[0].startswith("2021-03-01 10:30")


def test_a_time_of_the_day_in_a_column_of_its_own() -> None:
    book = filled([*HEADER, "Time", "Timezone"], ["Ferry", FERRY, date(2021, 3, 1), time(10, 30), "CET"])
    assert times(read(saved(book))) == ["2021-03-01 09:30:00+00:00 exact"]


def test_rows_keep_their_numbers_and_cells_their_text() -> None:
    title = 'Ferry "aground"\tnow,\nagain; and again'
    reading = read(saved(filled(["Press review"], [], HEADER, [title, FERRY], ["No address", ""], ["Dam", DAM, 7.0])))
    assert [one.title for one in reading.records if isinstance(one, ArticleRecord)] == [
        'Ferry "aground" now, again; and again',
        "Dam",
    ]
    (problem,) = [one for one in reading.problems if not one.doubt]
    assert problem.line == 5 and "no web address" in problem.message


def test_an_address_that_a_cell_leads_to() -> None:
    book = filled(["Headline", "Date"], ["Ferry", "2021-03-01"], ['=HYPERLINK("' + DAM + '", "Dam")', "2021-03-02"])
    book.active["A2"].hyperlink = FERRY  # type: ignore[index]  # the book has a sheet
    assert [one.url for one in read(saved(book)).records if isinstance(one, ArticleRecord)] == [FERRY]
    # This library writes a formula without its result; spreadsheets write both.
    data = replaced(saved(book), "xl/worksheets/sheet1.xml", b"<v/>", b"<v>Dam</v>")
    data = replaced(data, "xl/worksheets/sheet1.xml", b"<v />", b"<v>Dam</v>")
    data = replaced(data, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>Dam</v>")
    assert [one.url for one in read(data).records if isinstance(one, ArticleRecord)] == [FERRY, DAM]


def replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in given.namelist():
            content = given.read(name)
            opened.writestr(name, content.replace(old, new) if name == part else content)
    return made.getvalue()


def test_all_sheets_are_read_and_each_other_one_is_told() -> None:
    book = filled(HEADER, ["Ferry", FERRY])
    for title, rows in (("Prices", [["name", "price"], ["Ferry", 3]]), ("More", [HEADER, ["Dam", DAM]])):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    reading = read(saved(book))
    assert len(reading.records) == 2
    assert any("'Prices' is passed over" in note for note in reading.notes)
    book.active = 1
    assert read(saved(filled(["name", "price"], ["Ferry", 3]))).other


def test_an_unmapped_workbook_is_an_error_that_can_be_pasted() -> None:
    (problem,) = read(saved(filled(["Kopfzeile", "Ort im Netz"], ["Fähre auf Grund gelaufen", FERRY]))).problems
    assert "--map" in problem.remedy and "Ort im Netz" in problem.remedy


@pytest.mark.parametrize(
    ("part", "old", "new", "why"),
    [
        ("xl/workbook.xml", b"<workbook", b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook", "document type"),
        ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="ZZZ1"', "columns"),
        ("xl/worksheets/sheet1.xml", b'<row r="1"', b'<row r="9999999"', "a row 9999999"),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b"", "damaged"),
    ],
)
def test_hostile_and_damaged_ones_are_refused(part: str, old: bytes, new: bytes, why: str) -> None:
    data = replaced(saved(filled(HEADER, ["Ferry", FERRY])), part, old, new)
    (problem,) = read_workbook(data, {}, lambda rows: None).problems
    assert why in problem.message and problem.remedy


def by_hand(cells: str, texts: str) -> bytes:
    """Returns a workbook with one sheet, written as spreadsheets write it: the texts of cells are in a list."""
    space = "http://schemas.openxmlformats.org"
    main, links = f"{space}/spreadsheetml/2006/main", f"{space}/officeDocument/2006/relationships"
    named = '<sheets><sheet name="A" r:id="x"/></sheets>'
    leads = '<Relationship Id="x" Target="/xl/worksheets/a.xml"/>'
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}">{named}</workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{leads}</Relationships>",
        "xl/worksheets/a.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{texts}</sst>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in parts.items():
            opened.writestr(name, text)
    return made.getvalue()


def _cell(number: int) -> str:
    return f'<c t="s"><v>{number}</v></c>'


def test_texts_of_a_list_and_cells_without_their_place() -> None:
    texts = "".join(f"<si><r><t>{one[:2]}</t></r><r><t>{one[2:]}</t></r></si>" for one in ("Title", "URL", FERRY))
    texts += "<si><t>Fähre</t><rPh><t>reading</t></rPh></si>"
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in ([0, 1], [3, 2]))
    (record,) = read(by_hand(cells, texts)).records
    assert isinstance(record, ArticleRecord) and (record.title, record.url) == ("Fähre", FERRY)


def test_one_text_in_many_cells_is_no_way_to_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgraph.loaders.intake.workbook_parts.MAXIMUM_BYTES", 2**20)
    cells = "<row>" + _cell(0) * 20 + "</row>"
    with pytest.raises(WorkbookError, match="cells show more than"):
        sheets_of(by_hand(cells * 2, f"<si><t>{'x' * 30_000}</t></si>"))
    far = "".join(f'<row r="{number}"><c r="ALL{number}"><v>1</v></c></row>' for number in range(1, 2_000))
    with pytest.raises(WorkbookError, match="cells show more than"):
        sheets_of(by_hand(far, ""))


@pytest.mark.parametrize(("length", "cells"), [(2**18, 900), (3_000, 2)])
def test_what_cells_show_is_bounded_by_the_size_of_the_workbook(length: int, cells: int) -> None:
    data = by_hand(
        ("<row>" + _cell(0) * cells + "</row>") * (4_000 // cells), f"<si><t>{'x y ' * (length // 4)}</t></si>"
    )
    tracemalloc.start()
    try:
        with pytest.raises(WorkbookError, match="cells show more than 4 MB, too much for its size"):
            sheets_of(data)
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20  # a whole row would show 900 of the long texts
    finally:
        tracemalloc.stop()


OPEN = """<office:document-content xmlns:office="urn:o" xmlns:style="urn:s" xmlns:text="urn:t" xmlns:table="urn:b"
 xmlns:xlink="urn:x"><style:style style:name="out"><style:table-properties table:display="false"/></style:style>{}
</office:document-content>"""


def open_document(*sheets: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        opened.writestr("content.xml", OPEN.format("".join(sheets)))
    return made.getvalue()


def sheet(*rows: str, style: str = "") -> str:
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f'<table:table table:name="News" table:style-name="{style}">{inside}</table:table>'


def shown(text: str, of: str = "") -> str:
    return f"<table:table-cell {of}><text:p>{text}</text:p></table:table-cell>"


NAMES = "".join(map(shown, ("Title", "Link", "Date", "Time")))
ROW = (
    shown("Ferry <text:span>aground</text:span>") + shown(f'<text:a xlink:href="{FERRY}">here</text:a>')
    + shown("1 Mar", 'office:value-type="date" office:date-value="2021-03-01T00:00:00"')
    + shown("10.30", 'office:value-type="time" office:time-value="PT10H30M00S"')
)  # fmt: skip
EMPTY = '<table:table-cell table:number-columns-repeated="16384"/>'


@pytest.mark.parametrize("ending", [".ods", ".bin"])
def test_workbooks_of_libre_office(ending: str) -> None:
    reading = reading_of(open_document(sheet(shown("x"), style="out"), sheet(EMPTY, NAMES, ROW, EMPTY)), ending)
    (record,) = reading.records
    assert isinstance(record, ArticleRecord) and (record.title, record.url) == ("Ferry aground", FERRY)
    assert times(reading) == ["2021-03-01 10:30:00+00:00 no_zone"]


def test_a_cell_repeated_without_end_is_an_error() -> None:
    for of in ('table:number-columns-repeated="99999999"', 'table:number-columns-repeated="2000"'):
        (problem,) = reading_of(open_document(sheet(NAMES + shown("x", of))), ".ods").problems
        assert "more than 1,000 columns" in problem.message


def test_links_under_a_usual_name_are_the_addresses_they_lead_to() -> None:
    book = filled(["Title", "Link"], ["Ferry", "here"])
    book.active["B2"].hyperlink = FERRY  # type: ignore[index]
    (record,) = read(saved(book)).records
    assert isinstance(record, ArticleRecord) and record.url == FERRY


def test_what_is_no_workbook_is_an_error() -> None:
    (problem,) = read(b"PK\x03\x04 and nothing else").problems
    assert "can't be read" in problem.message
