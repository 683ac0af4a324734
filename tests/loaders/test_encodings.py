"""Texts in old encodings: named by the file, or found, with the doubt said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.loaders.frontmatter.fast_blocks import is_printable
from newsgraph.loaders.intake.encodings import NotTextError, decode

TEXTS = {
    "cp1252": "Le ferry s’est échoué près de Skerrin — l’équipage est évacué, a dit la préfecture",
    "cp1250": "Železniční neštěstí u Studénky: most stržen, přívoz uvízl na mělčině",
    "cp1251": "Паром сел на мель у Скеррина, сообщила полиция",
    "cp1253": "Το πλοίο προσάραξε κοντά στο λιμάνι",
    "cp1254": "Feribot karaya oturdu, İstanbul Boğazı trafiğe kapandı, yolcular şoförleri bekliyor",
    "cp1255": "המעבורת עלתה על שרטון ליד הנמל",
    "koi8_r": "Паром сел на мель у Скеррина, сообщила полиция",
    "shift_jis": "フェリーが座礁した。乗客は全員無事",
    "gb18030": "渡轮在港口附近搁浅，乘客全部获救",
    "euc_kr": "여객선이 항구 근처에서 좌초했다",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_an_encoding_is_found_and_the_doubt_said(encoding: str) -> None:
    for text in (TEXTS[encoding], f"title;url\n{TEXTS[encoding]};https://ledger.example/1\n"):
        found = decode(text.encode(encoding))
        assert found.text == text
        assert "was read as" in found.note and "check its letters" in found.note


@pytest.mark.parametrize("name", ["windows-1250", "iso-8859-2"])
def test_a_page_names_its_own(name: str) -> None:
    for meta in (f'<meta charset="{name}">', f'<META HTTP-EQUIV=Content-Type content="text/html; charset={name}">'):
        text = f"<html><head>{meta}<title>Přívoz uvízl</title>"
        found = decode(text.encode(name))
        assert (found.text, found.note) == (text, "")


def test_latin_1_means_windows_1252_as_browsers_have_it() -> None:
    text = '<?xml version="1.0" encoding="iso-8859-1"?><a>“Ferry” – aground</a>'
    assert decode(text.encode("cp1252")).text == text


def test_controls_of_latin_1_are_what_windows_1252_shows() -> None:
    found = decode("title: It\x92s \x96 safe\n".encode())
    assert found.text == "title: It’s – safe\n"
    assert "Windows-1252" in found.note


def test_a_few_wrong_bytes_cost_only_themselves() -> None:
    text = "žluťoučký kůň " * 20
    found = decode(text.encode() + b"d\xe9j\xe0\n")
    assert found.text == f"{text}déjà\n"
    assert "line 1 " in found.note


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark(encoding: str) -> None:
    text = "title;url\nŁódź płynie – prom też;https://ledger.example/1\n"
    found = decode(text.encode(encoding))
    assert (found.text, found.note) == (text, "it has no mark of its encoding and was read as UTF-16")
    with pytest.raises(NotTextError):
        decode(b"\0\1\2\3" * 9)


def test_lines_in_another_encoding_among_those_in_utf_8() -> None:
    one, other = "Fähre läuft auf Grund\n", "It’s over — at last\n"
    assert decode(one.encode() + other.encode("cp1252")).text == one + other


@given(st.text(st.sampled_from("aé \n\r\t\0\x07\x7f\x85\x92\xa0\u2028\u200b\ufeff\ud800語😀"), max_size=8))
def test_printable_is_said_only_of_what_the_fast_reader_would_find_printable(text: str) -> None:
    try:
        found = decode(text.encode("utf-8", "surrogatepass"))
    except NotTextError:
        return
    assert is_printable(found.text) or not found.printable
    if text.isascii() and "\r" not in text:
        assert found.printable == is_printable(text)


@pytest.mark.parametrize("text", ["Fähre läuft über Grund", "title;url\nZürich: Öffnung;https://a.example/1\n"])
def test_a_few_european_letters_are_not_taken_for_chinese(text: str) -> None:
    decoded = decode(text.encode("cp1252"))
    assert decoded.text == text and "Windows-1252" in decoded.note
