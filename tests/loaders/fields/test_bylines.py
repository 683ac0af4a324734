"""Names in bylines, as people and programs write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.loaders.fields.bylines import LONGEST, MOST, byline

WRITTEN: list[tuple[Any, tuple[str, ...]]] = [
    ("By Una Quay and Rory Pier", ("Una Quay", "Rory Pier")),
    ("by una quay", ("una quay",)),
    ("Una Quay, Political Correspondent", ("Una Quay",)),
    ("Una Quay, Harbour Editor and Rory Pier, Chief Reporter", ("Una Quay", "Rory Pier")),
    ("Una Quay, Skerry", ("Una Quay",)),
    ("Una Quay, Rory Pier, Ida Mole", ("Una Quay", "Rory Pier", "Ida Mole")),
    ("Una Quay; Rory Pier", ("Una Quay", "Rory Pier")),
    ("By Una Quay, Associated Press", ("Una Quay", "Associated Press")),
    ("Quay, Una", ("Una Quay",)),
    ("Von Uwe Kai und Rita Mole", ("Uwe Kai", "Rita Mole")),
    ("von Kaisen", ("von Kaisen",)),
    ("Di Porto, Ugo", ("Ugo Di Porto",)),
    ("Par Luc Quai et Anne M\u00f4le", ("Luc Quai", "Anne M\u00f4le")),
    ("Por Juan Muelle y Ana Puerto", ("Juan Muelle", "Ana Puerto")),
    ("Juan Muelle y Puerto", ("Juan Muelle y Puerto",)),
    ("Door Jan Kade", ("Jan Kade",)),
    ("quay@gazette.example (Una Quay)", ("Una Quay",)),
    ("Una Quay <quay@gazette.example>", ("Una Quay",)),
    ("quay@gazette.example", ()),
    ("https://social.example/unaquay", ()),
    ("Bill Writer", ("Bill Writer",)),
    ("Staff Writer", ("Staff Writer",)),
    ("admin", ()),
    ("", ()),
    ("dpa/AFP", ("dpa/AFP",)),
    ("作者：王码头", ("王码头",)),
    ("Una Quay in Oban", ("Una Quay",)),
    ("Una Quay in New York and agencies", ("Una Quay",)),
    ("Una Quay, in Oban", ("Una Quay",)),
    ("Ina Park", ("Ina Park",)),
    ("UNA QUAY Associated Press", ("UNA QUAY", "Associated Press")),
    ("Una Quay AFP", ("Una Quay", "AFP")),
    ("Una Quay (Reuters)", ("Una Quay", "Reuters")),
    ("Una Quay (Oban)", ("Una Quay",)),
    ("Reported by Una Quay; Editing by Rory Pier", ("Una Quay",)),
    ("Una Quay \u00b7 1 March 2021", ("Una Quay",)),
    ("La r\u00e9daction", ()),
    ("By Our Correspondent", ()),
    ("Associated Press", ("Associated Press",)),
    ("/u/unaquay", ("unaquay",)),
    ("Una Quay | The Harbour Gazette", ("Una Quay",)),
    ("Harbour Gazette Staff", ()),
    ("Leopold Staff", ("Leopold Staff",)),
    ("Una Quay @unaquay", ("Una Quay",)),
    (None, ()),
    (7, ()),
    (True, ()),
    (["Una Quay", "Una Quay", "Rory Pier"], ("Una Quay", "Rory Pier")),
    ({"@type": "Person", "name": "Una Quay"}, ("Una Quay",)),
    ([{"name": "Una Quay"}, {"given": "Rory", "family": "Pier"}], ("Una Quay", "Rory Pier")),
    ({"original": "By Una Quay", "person": []}, ("Una Quay",)),
    ([[[[["too deep"]]]]], ()),
]


@pytest.mark.parametrize(("given_", "names"), WRITTEN, ids=lambda value: repr(value)[:40])
def test_names(given_: Any, names: tuple[str, ...]) -> None:
    assert byline(given_) == names


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "title", "x"]), inner),
)


@given(_VALUES)
def test_whatever_a_file_holds_gives_clean_names(value: Any) -> None:
    names = byline(value)
    assert len(names) == len(set(names)) <= MOST
    for name in names:
        assert name == name.strip() and 0 < len(name) <= LONGEST
        assert "@" not in name or "." not in name.rpartition("@")[2]
