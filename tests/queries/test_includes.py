"""Named texts, and what becomes of a text that includes them."""

from __future__ import annotations

import pytest

from newsgraph.errors import UsageError
from newsgraph.queries.asking import includes
from newsgraph.queries.asking.includes import Fragment, expanded, fragments
from newsgraph.queries.asking.texts import header_of

OWN = """// purpose: stories of one kind
// parameters:
//   kind (text): the kind
// columns:
//   id (text): the story,
//     as it is named
MATCH (s:Story)
WHERE s.kind = $kind
  AND // include: since, events_bound, copies
RETURN s.id AS id
"""


def test_conditions_are_joined_and_their_parameters_documented() -> None:
    text = expanded(OWN, "own")
    assert text.split("MATCH")[0].splitlines() == [
        "// purpose: stories of one kind",
        "// parameters:",
        "//   kind (text): the kind",
        "//   since (time): stories published at or after this; null for all",
        "//   events (list): ids of events; null for all",
        "//   copies (text): exclude, include or only",
        "// columns:",
        "//   id (text): the story,",
        "//     as it is named",
    ]
    assert text.split("WHERE ")[1].splitlines()[:4] == [
        "s.kind = $kind",
        "  AND ($since IS NULL OR s.published_at >= $since)",
        "  AND ($events IS NULL OR e.id IN $events)",
        "  AND ($copies = 'include'",
    ]
    assert text.endswith("RETURN s.id AS id\n") and expanded(text, "own") == text


def test_a_whole_text_brings_its_columns() -> None:
    text = expanded("// purpose: times\n// include: times_of_coverage\n", "own")
    header = header_of(text, "own")
    assert [one.name for one in header.columns] == ["event_id", "outlet", "story_id", "second", "sure"]
    assert [one.name for one in header.parameters] == [
        "since", "until", "topics", "outlets", "groups", "languages", "countries", "events", "copies"
    ]  # fmt: skip
    assert "include:" not in text


def test_what_is_documented_already_stays_as_it_is() -> None:
    text = expanded(OWN.replace("//   kind (text): the kind", "//   since (time): from then on"), "own")
    assert text.count("//   since (time)") == 1 and "from then on" in text


def test_a_text_without_parameters_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(includes, "fragments", lambda: {"all": Fragment((), (), ("RETURN 1 AS one",))})
    text = expanded("// purpose: x\n// columns:\n//   one (integer): one\n// include: all\n", "own")
    assert text == "// purpose: x\n// parameters: none\n// columns:\n//   one (integer): one\nRETURN 1 AS one\n"


def test_unknown_and_circular_includes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"own: there is no text 'sinse' to include.*since"):
        expanded("// purpose: x\nMATCH (s) WHERE // include: sinse\nRETURN s", "own")
    circle = {"a": Fragment((), (), ("// include: b",)), "b": Fragment((), (), ("// include: a",))}
    monkeypatch.setattr(includes, "fragments", lambda: circle)
    with pytest.raises(UsageError, match="includes itself"):
        expanded("// purpose: x\n// include: a\n", "own")


@pytest.mark.parametrize("name", fragments())
def test_every_named_text_can_be_included(name: str) -> None:
    text = expanded(f"// purpose: try\nMATCH (s) WHERE // include: {name}\n", "own")
    assert "include" not in text.replace("'include'", "").replace("exclude, include or only", "")
