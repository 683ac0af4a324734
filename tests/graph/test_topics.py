"""One id for all spellings of a topic's name."""

# ruff: noqa: RUF001  characters that look alike are what is tested

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.topics import topic_slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Power Apps", "power-apps"),
        ("  Police & Crime -- UK! ", "police-crime-uk"),
        ("COVID-19", "covid-19"),
        ("Straße", "strasse"),
        ("ﬁnance ２０２０", "finance-2020"),
        ("Élysée", "élysée"),
        ("E\u0301lyse\u0301e", "élysée"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("日本・経済", "日本-経済"),
        ("soft\u00adware", "software"),
        ("1\ufe0f\u20e3 N\u200b\u0300", "1\u20e3-\u01f9"),
        ("\u0301abc", "abc"),
        ("x" * 501, None),
        ("❤️", None),
        ("!?", None),
        ("", None),
    ],
)
def test_topic_slug(name: str, expected: str | None) -> None:
    assert topic_slug(name) == expected


@given(
    st.text()
    | st.lists(
        st.sampled_from(["İ", "ŉ", "ǰ", "ᾳ", "ſ", "ﬃ", "ͅ", "\u0301", "\u200d", "a", "-", "_", "\ud800", "½"])
    ).map("".join)
)
def test_a_slug_is_its_own_slug(name: str) -> None:
    slug = topic_slug(name)
    if slug is not None:
        assert topic_slug(slug) == slug
        assert slug.encode()
        assert "--" not in slug
        assert topic_slug(f" {name}! ") == slug
