"""RIS: records of reference managers and press archives."""

from __future__ import annotations

import pytest

from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import reading_of

RECORD = """TY  - NEWS
AU  - Quay, Una
AU  - van der Pier, Rory, Jr.
TI  - Ferry aground
  off Skerrin
T2  - The Ledger
DA  - 2021/03/01/
Y2  - 2024/05/05/
UR  - https://ledger.example/ferry
LA  - en
KW  - sea; ferries
KW  - weather
AB  - Nobody was hurt.
ER  -
"""


def read(text: str, ending: str = ".ris") -> Reading:
    return reading_of(text.encode(), ending)


def only(reading: Reading) -> ArticleRecord:
    (record,) = reading.records
    assert isinstance(record, ArticleRecord)
    return record


def test_a_record() -> None:
    record = only(read(RECORD))
    assert (record.title, record.url) == ("Ferry aground off Skerrin", "https://ledger.example/ferry")
    assert record.authors == ("Una Quay", "Rory van der Pier Jr")
    assert (record.outlet_name, record.language, record.excerpt) == ("The Ledger", "en", "Nobody was hurt.")
    assert record.topics == ("sea", "ferries", "weather")
    assert str(record.published_at) == "2021-03-01 00:00:00+00:00" and record.date_quality == "date_only"


def test_it_is_known_by_its_first_line_too() -> None:
    assert only(read("\ufeff\n" + RECORD, ".txt")).title == "Ferry aground off Skerrin"
    assert read("TYPE - X\n", ".txt").format != "ris"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("DA  - 2021/3/1/10:30", "2021-03-01 10:30:00+00:00 no_zone"),
        ("DA  - 2021/03/01/T10:30:00Z", "2021-03-01 10:30:00+00:00 exact"),
        ("DA  - 2021/03/01/Spring", "2021-03-01 00:00:00+00:00 date_only"),
        ("PY  - 2021\nDA  - Mar 1, 2021", "2021-03-01 00:00:00+00:00 date_only"),
        ("PY  - 2021\nY1  - 2021///", "None impossible"),
        ("PY  - 2021/03//", "None impossible"),
        ("Y2  - 2021/03/01/", "None missing"),
    ],
)
def test_times(lines: str, said: str) -> None:
    record = only(read(f"TY  - NEWS\nTI  - Ferry\nUR  - https://ledger.example/f\n{lines}\nER  - \n"))
    assert f"{record.published_at} {record.date_quality}" == said


def test_records_without_an_address_are_named_and_cost_only_themselves() -> None:
    archive = RECORD.replace("https://ledger.example/ferry", "https://www.proquest.com/docview/7")
    unended = RECORD.replace("ER  -\n", "").replace("UR  - https://ledger.example/ferry\n", "")
    both = RECORD.replace("UR  - ", "UR  - https://www.nexis.com/x; ")
    reading = read(archive + unended + both)
    assert only(reading).url == "https://ledger.example/ferry"
    problems = [one for one in reading.problems if not one.doubt]
    assert [one.line for one in problems] == [1, 15]
    assert all("'Ferry aground off Skerrin' (The Ledger, 2021-03-01)" in one.message for one in problems)


def test_what_has_no_record_is_of_another_kind() -> None:
    assert read("Nothing\n").other
