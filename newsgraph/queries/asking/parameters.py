"""The parameters of a question: they are declared as fields of a dataclass and get their values from what a person or a
program gives."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.graph.columnar.cells import NONE, place_of
from newsgraph.graph.stores.protocol import Store
from newsgraph.output.times import moment

if TYPE_CHECKING:
    from newsgraph.graph.columnar.graph_columns import GraphColumns

Parameters = TypeVar("Parameters")


class Kind(Enum):
    """The kind of a parameter's values. Names of events, outlets, topics, groups and things are replaced by their
    ids."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "number"
    FLAG = "true or false"
    CHOICE = "one of"
    MOMENT = "date or time"
    ZONE = "time zone"
    EVENT = "event"
    OUTLET = "outlet"
    TOPIC = "topic"
    GROUP = "group of outlets"
    LANGUAGE = "language"
    COUNTRY = "country"
    WHERE = "column of the outlets file and its value"
    COLUMN = "column of the outlets file"
    THING = "story, outlet, topic or event"


#: A default that says that a value must be given.
REQUIRED: Any = dataclasses.MISSING


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter. ``positional`` ones have no option name on the command line. ``multiple`` ones hold a
    tuple."""

    name: str
    kind: Kind
    meaning: str
    default: Any
    required: bool
    positional: bool
    multiple: bool
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None

    @property
    def option(self) -> str:
        """How it is written on the command line."""
        return self.name.upper() if self.positional else "--" + self.name.replace("_", "-")


def parameter(
    kind: Kind,
    meaning: str,
    *,
    default: Any = REQUIRED,
    positional: bool = False,
    multiple: bool = False,
    choices: tuple[str, ...] = (),
    minimum: float | None = None,
    maximum: float | None = None,
) -> Any:
    """Declares a parameter as a field of a keyword-only dataclass. Without a default, a value must be given."""
    return dataclasses.field(
        default=() if multiple and default is REQUIRED else default,
        metadata={
            "kind": kind,
            "meaning": meaning,
            "positional": positional,
            "multiple": multiple,
            "choices": choices,
            "minimum": minimum,
            "maximum": maximum,
        },
    )


def parameters_of(declared: type) -> tuple[Parameter, ...]:
    """Returns the parameters that a dataclass declares: positional ones first, then the others in their order."""
    found = [
        Parameter(
            name=field.name,
            default=None if field.default is REQUIRED else field.default,
            required=field.default is REQUIRED,
            **field.metadata,
        )
        for field in dataclasses.fields(declared)
    ]
    return tuple(sorted(found, key=lambda one: not one.positional))


def bind(
    declared: type[Parameters], given: Mapping[str, Any], store: Store, columns: GraphColumns | None = None
) -> Parameters:
    """Returns typed parameters from the given values (texts as a person types them, or values of the right type).

    With the store's ``columns``, the store isn't asked about an outlet, a topic or an event that is given by its id.
    Raises UnknownNameError for a parameter, event, outlet or topic that doesn't exist, AmbiguousNameError for words
    that fit several, and UsageError for a value that isn't valid.
    """
    known = {one.name: one for one in parameters_of(declared)}
    for name in given:
        if name not in known:
            from difflib import get_close_matches  # noqa: PLC0415  # only needed for a suggestion

            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise UnknownNameError(name, "the question has no such parameter", f"{hint}It has: {', '.join(known)}")
    values: dict[str, Any] = {}
    for name, one in known.items():
        value = given.get(name)
        if value is None or (one.multiple and not value):
            if one.required:
                raise UsageError(one.option, "is missing", f"Give {one.meaning}")
            continue
        if one.multiple:
            values[name] = tuple(_converted(one, part, store, columns) for part in _several(value))
        else:
            values[name] = _converted(one, value, store, columns)
    bound = declared(**values)
    since, until = getattr(bound, "since", None), getattr(bound, "until", None)
    if since and until and since > until:
        raise UsageError("--since", "is after --until", "Swap the two")
    return bound


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple, set, frozenset)) else (value,)


def _converted(one: Parameter, value: Any, store: Store, columns: GraphColumns | None) -> Any:
    readers: dict[Kind, Callable[[Parameter, Any], Any]] = {
        Kind.INTEGER: _number,
        Kind.REAL: _number,
        Kind.FLAG: _flag,
        Kind.CHOICE: _choice,
        Kind.MOMENT: lambda one, value: moment(value, one.option),
        Kind.ZONE: _zone,
        Kind.TEXT: lambda one, value: str(value),
    }
    if one.kind is Kind.COLUMN and value in one.choices:
        return str(value)
    if one.kind in readers:
        return readers[one.kind](one, value)
    if columns is not None and _is_id(one.kind, str(value), columns):
        return str(value)
    return _name(one.kind, str(value), store)


def _is_id(kind: Kind, value: str, columns: GraphColumns) -> bool:
    ids = {
        Kind.OUTLET: lambda: columns.outlets.ids,
        Kind.TOPIC: lambda: columns.topics.ids,
        Kind.EVENT: lambda: columns.events.ids,
    }
    return kind in ids and place_of(ids[kind](), value) != NONE


def _choice(one: Parameter, value: Any) -> str:
    if value not in one.choices:
        raise UnknownNameError(one.option, f"can't be {value!r}", f"Choose {', '.join(one.choices)}")
    return str(value)


def _name(kind: Kind, value: str, store: Store) -> Any:
    from newsgraph.queries.asking import names, outlet_columns  # noqa: PLC0415  # only where something is named

    resolvers: dict[Kind, Callable[[Store, str], Any]] = {
        Kind.EVENT: names.resolve_event,
        Kind.OUTLET: names.resolve_outlet,
        Kind.TOPIC: names.resolve_topic,
        Kind.GROUP: names.resolve_group,
        Kind.LANGUAGE: names.resolve_language,
        Kind.COUNTRY: names.resolve_country,
        Kind.WHERE: outlet_columns.resolve_where,
        Kind.COLUMN: outlet_columns.resolve_column,
        Kind.THING: names.resolve_thing,
    }
    return resolvers[kind](store, value)


def _number(one: Parameter, value: Any) -> int | float:
    number: int | float
    try:
        number = int(str(value)) if one.kind is Kind.INTEGER else float(value)
    except (TypeError, ValueError):
        wanted = "a whole number" if one.kind is Kind.INTEGER else "a number"
        raise UsageError(one.option, f"{value!r} is not {wanted}", one.meaning) from None
    if not math.isfinite(number):
        raise UsageError(one.option, f"{value!r} is not a number to count with", one.meaning)
    if one.minimum is not None and number < one.minimum:
        raise UsageError(one.option, f"{number} is too small", f"It can be {one.minimum:g} or more")
    if one.maximum is not None and number > one.maximum:
        raise UsageError(one.option, f"{number} is too large", f"It can be {one.maximum:,.0f} or less")
    return number


def _flag(one: Parameter, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in ("true", "yes", "1", "false", "no", "0"):
        return text in ("true", "yes", "1")
    raise UsageError(one.option, f"{value!r} is neither true nor false", one.meaning)


def _zone(one: Parameter, value: Any) -> str:
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # only one question asks for it

    try:
        ZoneInfo(str(value))
    except (OSError, ValueError, KeyError):
        raise UnknownNameError(
            one.option, f"there is no time zone {value!r}", "Give one like Europe/Paris or UTC"
        ) from None
    return str(value)
