"""Credits of agencies: found where a credit stands, in any of the languages, and nowhere else."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.agencies import (
    AGENCIES,
    agency_credited,
    agency_in_credit,
    agency_named,
    not_own,
    without_credit,
)

CREDITED = {
    "LISBON (Reuters) - Ferries stay in port.": ("Reuters", "Ferries stay in port."),
    "SKERRY, Scotland (AP) \u2014 Ferries stay in port.": ("Associated Press", "Ferries stay in port."),
    "Kiel (dpa/lno) - F\u00e4hren bleiben im Hafen.": ("dpa", "F\u00e4hren bleiben im Hafen."),
    "Brest, 4 mars 2021 (AFP) - Les bacs restent \u00e0 quai.": ("AFP", "Les bacs restent \u00e0 quai."),
    "Vigo, 4 mar (EFE).- Los ferris no salen.": ("EFE", "Los ferris no salen."),
    "(ANSA) - GENOVA, 04 MAR - Traghetti fermi.": ("ANSA", "GENOVA, 04 MAR - Traghetti fermi."),
    "Porto, 04 mar 2021 (Lusa) \u2013 Os barcos param.": ("Lusa", "Os barcos param."),
    "МУРМАНСК, 4 марта. /ТАСС/. Паромы стоят.": ("TASS", "Паромы стоят."),
    "МУРМАНСК, 4 мар — РИА Новости. Паромы стоят.": ("RIA Novosti", "Паромы стоят."),
    "МУРМАНСК, 4 мар - РИА Новости. Паромы стоят.": ("RIA Novosti", "Паромы стоят."),
    "BERGEN (NTB): Ferjene st\u00e5r i ro.": ("NTB", "Ferjene st\u00e5r i ro."),
    "\u0130ZM\u0130R (AA) - Feribotlar durdu.": ("Anadolu", "Feribotlar durdu."),
    "Gdynia (PAP) - Promy stoj\u0105.": ("PAP", "Promy stoj\u0105."),
    "Kochi, Mar 4 (PTI) Ferries stay in port.": ("PTI", "Ferries stay in port."),
    "新华社大连3月4日电 渡轮停航。": ("Xinhua", "渡轮停航。"),
    "［函館　４日　ロイター］ - フェリー欠航。": ("Reuters", "フェリー欠航。"),
    "Promy nie wyp\u0142yn\u0119\u0142y (Reuters)": ("Reuters", "Promy nie wyp\u0142yn\u0119\u0142y"),
    "Ferries stay in port (Kyodo)": ("Kyodo", "Ferries stay in port"),
}
NOT_CREDITED = (
    "Reuters says that ferries stay in port.",
    "The agency (Reuters was first) reported it",
    "Ferries stay in Scranton (PA)",
    "SCRANTON (PA) - Ferries stay in port.",
    "AP exams are over",
    "Ferries (all of them) stay in port",
    "Reuters chief resigns - and stays",
    "",
)


@pytest.mark.parametrize("text", CREDITED)
def test_a_credit_at_the_beginning_or_the_end_names_the_agency_and_can_be_taken_off(text: str) -> None:
    agency, rest = CREDITED[text]
    assert agency_credited(text) == agency
    assert without_credit(text) == rest
    assert agency_credited(rest) is None


@pytest.mark.parametrize("text", NOT_CREDITED)
def test_what_a_text_says_elsewhere_is_no_credit(text: str) -> None:
    assert agency_credited(text) is None
    assert without_credit(text) == text


@pytest.mark.parametrize(
    ("written", "agency"),
    [
        ("The Associated Press", "Associated Press"),
        ("reuters", "Reuters"),
        ("dpa/AFP", "dpa"),
        ("Quelle: dpa", "dpa"),
        ("Fuente: EFE", "EFE"),
        ("PA", "PA Media"),
        ("新华社", "Xinhua"),
        ("Reuters Institute", None),
        ("Ann Writer, Reuters", None),
        ("The Gazette", None),
        ("", None),
    ],
)
def test_a_field_names_an_agency_if_it_names_nothing_else(written: str, agency: str | None) -> None:
    assert agency_named(written) == agency


def test_a_credit_line_may_name_others_too() -> None:
    assert agency_in_credit("Ann Writer, Reuters") == "Reuters"
    assert agency_in_credit("Le Phare avec AFP") == "AFP"
    assert agency_in_credit("The Gazette and The Courier") is None


def test_each_name_means_one_agency() -> None:
    names = [name for agency in AGENCIES for name in {*agency.names, *agency.short}]
    assert len(names) == len(set(names))
    assert all(agency_named(agency.names[0]) == agency.name for agency in AGENCIES)


def test_only_a_domain_that_is_certainly_another_is_not_the_agencys_own() -> None:
    assert not_own("Reuters", "gazette.example")
    assert not not_own("Reuters", "reuters.com")
    assert not not_own("Notimex", "gazette.example")  # no site of it is known


@given(st.text(alphabet="AP RetusfF()[]/-.\u2014\u7535d", max_size=200))
def test_no_text_is_lost_whole_and_none_fails(text: str) -> None:
    rest = without_credit(text)
    assert bool(rest) == bool(text)
    assert rest in text
    agency_credited(text)
    agency_named(text)
    agency_in_credit(text)


@pytest.mark.parametrize("part", ["(", "a ", "- ", "/", "[", "A (AP ", "，", " (dpa/"])
def test_a_long_text_takes_no_longer_than_it_is_long(part: str) -> None:
    began = process_time()
    for _ in range(20):
        without_credit(part * 20_000)
        agency_credited(part * 20_000)
    assert process_time() - began < 5
