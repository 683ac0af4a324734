"""Exports of Nexis and Factiva: what has an address is read, and nothing else is passed over in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from newsgraph.loaders.markup.rich_text import rtf_text
from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import read

NEXIS = """
                               1 of 3 DOCUMENTS


                              The Courier

                    March 4, 2021 Thursday 9:15 PM GMT

Ferry runs aground
in the fog

BYLINE: Una Quay

SECTION: NEWS; Pg. 3

LENGTH: 90 words

The ferry ran aground.

LANGUAGE: ENGLISH
URL: https://courier.example/ferry

                               2 of 3 DOCUMENTS

                              The Ledger

                         March 5, 2021 Friday

Crew is safe

LENGTH: 40 words

The crew is safe.

                               3 of 3 DOCUMENTS

                              The Ledger

                         March 6, 2021 Saturday

Ferry is towed

LENGTH: 40 words

It is towed.

https://ledger.example/towed
"""
UNI = """Ferry runs aground in the fog
The Courier
March 4, 2021 Thursday

Copyright 2021 Courier Ltd All Rights Reserved

Section: NEWS
Length: 90 words
Byline: Una Quay
Body

The ferry ran aground.

https://courier.example/ferry

Load-Date: March 4, 2021

End of Document
"""
ROW = "<tr><td><b>{}</b>&nbsp;</td><td>{}</td></tr>"


def factiva(*rows: tuple[str, str]) -> str:
    return f"<html><body><table>{''.join(ROW.format(*row) for row in rows)}</table></body></html>"


FACTIVA = (
    ("HD", "Ferry runs aground &amp; is towed"), ("BY", "By Una Quay"), ("CR", "Reuters"), ("WC", "90 words"),
    ("PD", "4 March 2021"), ("ET", "21:15"), ("SN", "The Courier"), ("LA", "English"), ("LP", "It ran aground."),
    ("CO", "frs : Skerry Ferries Ltd | lgb : Lifeboats"), ("RE", "uk : United Kingdom"),
)  # fmt: skip
NUMBER = ("AN", "Document COUR000020210304eh340001x")


def found(text: str, ending: str) -> tuple[list[ArticleRecord], list[str]]:
    reading = read(text.encode(), ending)
    assert isinstance(reading, Reading)
    records = [one for one in reading.records if isinstance(one, ArticleRecord)]
    return records, [one.describe("f") for one in reading.problems if not one.doubt]


def test_articles_of_nexis_with_an_address_are_read_and_each_other_is_named() -> None:
    (ferry, towed), problems = found(NEXIS, ".txt")
    assert ferry.title == "Ferry runs aground in the fog"
    assert (ferry.url, ferry.outlet_name) == ("https://courier.example/ferry", "The Courier")
    assert (str(ferry.published_at), ferry.date_quality) == ("2021-03-04 21:15:00+00:00", "exact")
    assert (ferry.authors, ferry.category, ferry.language) == (("Una Quay",), "NEWS", "en")
    assert (towed.url, towed.date_quality) == ("https://ledger.example/towed", "date_only")
    (problem,) = problems
    assert problem.startswith("f:25: the archive's export gives no web address for 'Crew is safe' (The Ledger, ")
    assert "URL:" in problem


def test_the_newer_layout_of_nexis_has_the_headline_first() -> None:
    (ferry,), problems = found(UNI, ".txt")
    assert not problems
    assert (ferry.title, ferry.outlet_name) == ("Ferry runs aground in the fog", "The Courier")
    assert (ferry.url, ferry.authors) == ("https://courier.example/ferry", ("Una Quay",))


def test_factiva_by_its_codes() -> None:
    (ferry,), problems = found(factiva(*FACTIVA, ("URL", "https://courier.example/ferry"), NUMBER), ".html")
    assert not problems
    assert (ferry.title, ferry.outlet_name) == ("Ferry runs aground & is towed", "The Courier")
    assert (ferry.authors, ferry.credit, ferry.excerpt) == (("Una Quay",), "Reuters", "It ran aground.")
    assert (str(ferry.published_at), ferry.date_quality) == ("2021-03-04 21:15:00+00:00", "no_zone")
    assert [(one.kind, one.name) for one in ferry.entities] == [
        ("organisation", "Skerry Ferries Ltd"),
        ("organisation", "Lifeboats"),
        ("place", "United Kingdom"),
    ]


@pytest.mark.parametrize("url", ["", "https://global.factiva.com/redir/default.aspx?P=sa&an=COUR000020210304eh340001x"])
def test_the_archives_own_address_is_none(url: str) -> None:
    records, (problem,) = found(factiva(*FACTIVA, *([("URL", url)] if url else []), NUMBER), ".html")
    assert not records
    assert "'Ferry runs aground & is towed' (The Courier, 4 March 2021 21:15)" in problem


def test_factiva_without_codes() -> None:
    text = (
        "Ferry runs aground\nBy Una Quay\n90 words\n4 March 2021\n21:15\nThe Courier\nCOUR\nEnglish\n"
        "(c) 2021 Courier Ltd\n\nIt ran aground.\n\nhttps://courier.example/ferry\n\n"
        "Document COUR000020210304eh340001x\n"
    )
    (ferry,), problems = found(text, ".txt")
    assert not problems
    assert (ferry.title, ferry.outlet_name, ferry.authors) == ("Ferry runs aground", "The Courier", ("Una Quay",))


def test_rtf_is_read_as_text() -> None:
    lines = UNI.replace("\n", "\\par\n").replace("fog", "f\\'f6g \\u8212?")
    (ferry,), problems = found(f"{{\\rtf1\\ansi{{\\fonttbl{{\\f0 Arial;}}}}\\b {lines}}}", ".rtf")
    assert not problems
    assert ferry.title == "Ferry runs aground in the f\u00f6g \u2014"


def test_articles_of_europresse_are_each_named() -> None:
    shown = (
        '<article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">Le Phare</span></div>'
        '<span class="DocHeader">lundi 1 mars 2021 - p. 4</span><div class="titreArticle">'
        '<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">{}</p></div></header><p>Texte.</p>{}</article>'
    )
    page = shown.format("Le bac &eacute;chou&eacute;", "") + shown.format(
        "Le pont", "<p>https://phare.example/pont</p>"
    )
    records, problems = found(f"<!DOCTYPE html><html><body>{page}</body></html>", ".html")
    assert [(one.title, one.outlet_name, one.published_at) for one in records] == [
        ("Le pont", "Le Phare", datetime(2021, 3, 1, tzinfo=UTC))
    ]
    assert len(problems) == 1 and "'Le bac échoué' (Le Phare, lundi 1 mars 2021)" in problems[0]


def test_rtf_of_another_kind_is_said_to_be_so() -> None:
    records, problems = found("{\\rtf1\\ansi Minutes of a meeting\\par}", ".rtf")
    assert not records
    assert problems == ["f: no article of a press archive was found in it. Export it again as text or HTML"]


def test_other_texts_and_pages_are_no_exports(tmp_path: Path) -> None:
    reading = read(b"1 of 3 ships sank.\nDocument it.\n", ".txt")
    assert reading is not None
    assert reading.format != "press archive"


@pytest.mark.slow
@pytest.mark.parametrize("part", ["<", "<script", "{", "\\'", "\\u1?", " ", "\n", "1 of 2 DOCUMENTS\n", "{\\*"])
def test_large_files_take_no_longer_than_they_are_large(part: str) -> None:
    began = process_time()
    rtf_text(part * 100_000)
    read(f"<html>1 of 2 DOCUMENTS{part * 100_000}".encode(), ".html")
    read(f"1 of 2 DOCUMENTS\nLENGTH: 3 words{part * 100_000}".encode(), ".txt")
    assert process_time() - began < 20
