"""A question as a form. Its fields are the parameters that the question declares; none is listed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsgraph.queries.answer import columns_of
from newsgraph.queries.asking.parameters import Kind, Parameter
from newsgraph.queries.asking.question import Question

#: Kinds whose names a form suggests while one types -> the list of names.
_OFFERED = {Kind.OUTLET: "outlets", Kind.TOPIC: "topics"}
_EXAMPLES = {
    Kind.MOMENT: "2020-06-10 or 2020-06-10T23:05:00Z",
    Kind.ZONE: "Europe/Paris",
    Kind.LANGUAGE: "en",
    Kind.COUNTRY: "DE",
    Kind.WHERE: "country=DE",
    Kind.EVENT: "id, address of a story, or words",
    Kind.THING: "id, address, name or words",
}
_YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. ``values`` are its present values, with an input for each. ``choices`` make it a list to
    choose from. ``offered`` is the list of names that it suggests. ``example`` is shown while it is empty."""

    name: str
    label: str
    meaning: str
    values: Sequence[str]
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    offered: str = ""
    example: str = ""
    number: bool = False


def fields_of(asked: Question[Any, Any], given: Mapping[str, Sequence[str]]) -> list[Field]:
    """Returns the fields of a question with the given values, and then those of every question: order and number of
    rows."""
    columns = [one.name for one in columns_of(asked.row)]
    orders = [("", "as the question gives them"), *((name, name) for name in columns)]
    orders += [(f"-{name}", f"{name}, descending") for name in columns]
    return [
        *(_field(one, given.get(one.name, ())) for one in asked.declared),
        Field("sort", "sort", "order of the rows", given.get("sort", ("",)), choices=orders),
        Field("limit", "limit", "first rows to show", given.get("limit", ("",)), example="as many as fit", number=True),
    ]


def _field(one: Parameter, given: Sequence[str]) -> Field:
    filled = [value for value in given if value.strip()]
    default = "" if one.default is None or one.default == () else _word(one.default)
    values = [*filled, ""] if one.multiple else (filled[:1] or [""])
    choices: list[tuple[str, str]] = []
    if one.kind is Kind.FLAG or (one.choices and one.kind is Kind.CHOICE):
        known = _YES_NO if one.kind is Kind.FLAG else one.choices
        choices = [("", f"{default} (the default)" if default else "any"), *((word, word) for word in known)]
    return Field(
        name=one.name,
        label=one.name.replace("_", " "),
        meaning=one.meaning,
        values=values,
        required=one.required,
        choices=choices,
        offered=_OFFERED.get(one.kind, ""),
        example=default or ", ".join(one.choices) or _EXAMPLES.get(one.kind, ""),
        number=one.kind in (Kind.INTEGER, Kind.REAL),
    )


def _word(default: Any) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return f"{default:g}" if isinstance(default, float) else str(default)


def parameters_from(asked: Question[Any, Any], given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Returns what a form sent as :func:`newsgraph.queries.ask.ask` takes it. Empty fields are left out."""
    found: dict[str, Any] = {}
    for one in asked.declared:
        values = [value.strip() for value in given.get(one.name, ()) if value.strip()]
        if values:
            found[one.name] = values if one.multiple else values[0]
    return found
