"""Arrays and texts in the bytes of a file are read as a list is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.columnar.arrays import Texts
from newsgraph.graph.columnar.kept_texts import KeptTexts
from newsgraph.graph.columnar.packing import PackedArrays, packed

TEXTS = st.lists(st.none() | st.text(max_size=3), max_size=9)


@given(texts=TEXTS, some=st.slices(9), place=st.integers(-9, 9))
def test_they_are_read_as_a_list_is(texts: list[str | None], some: slice, place: int) -> None:
    made = Texts.of(texts)
    arrays = PackedArrays(memoryview(b"".join(packed({"part": made.part("name")}))), AssertionError)
    kept, ends = KeptTexts.of(arrays, "part", "name"), arrays.array("part", "name.ends")
    assert list(ends.at(range(len(texts)))) == made.ends.tolist()
    for read, wanted in ((made, texts), (kept, texts), (ends, made.ends.tolist())):
        assert list(read) == wanted and len(read) == len(wanted) and read[some] == wanted[some]
        if -len(wanted) <= place < len(wanted):
            assert read[place] == wanted[place]
        else:
            with pytest.raises(IndexError):
                read[place]
