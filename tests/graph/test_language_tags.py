"""Language tags and countries in one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.countries import country_code
from newsgraph.graph.language_tags import normalised_tag


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en-us", "en-US"), ("EN", "en"), ("pt_BR", "pt-BR"), ("zh-hans-cn", "zh-Hans-CN"), ("deu", "de"),
        ("es-419", "es-419"), ("iw", "he"), ("de-DE-1996", "de-DE"), ("in two languages", "in two languages"),
    ],
)  # fmt: skip
def test_tags(written: str, tag: str) -> None:
    assert normalised_tag(written) == tag


@given(st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", fullmatch=True))
def test_a_tag_in_its_spelling_stays(written: str) -> None:
    assert normalised_tag(normalised_tag(written)) == normalised_tag(written)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("de", "DE"), ("DEU", "DE"), ("Germany", "DE"), ("United  Kingdom", "GB"), ("uk", "GB"), ("Brasil", "BR"),
        ("россия", "RU"), ("world", None), ("Scotland", None), ("", None), ("zz", None),
    ],
)  # fmt: skip
def test_countries(written: str, code: str | None) -> None:
    assert country_code(written) == code
