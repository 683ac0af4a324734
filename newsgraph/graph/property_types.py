"""The types of properties. Each type knows how its values are checked, compared, written and read.

Stores and exports call the type, so that they need no tables by type. A format that has types of its own keeps one
table, which maps :class:`Type` to the format's names.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import Enum
from itertools import filterfalse
from typing import Any, ClassVar

from newsgraph.output.times import iso

#: The values that a property can have.
Value = str | int | float | bool | datetime | tuple[str, ...]
#: A value in the form in which JSON has it.
Plain = str | int | float | bool | list[str]

#: Whole numbers have 64 bits in every store and in every format.
SMALLEST, LARGEST = -(2**63), 2**63 - 1

HALF_A_CHARACTER = "a text holds half of a character (a lone surrogate)"


def are_times_in_utc(column: Iterable[Any]) -> bool:
    """Tells whether all values of a column are times in UTC. None (absent) is allowed."""
    return all(value is None or (type(value) is datetime and value.tzinfo is UTC) for value in column)


def are_unicode(texts: Iterable[str]) -> bool:
    """Tells whether every text can be written as UTF-8. A text with a lone surrogate can't."""
    # Python keeps for each text whether it is ASCII, so that only the others are looked at.
    others = "".join(filterfalse(str.isascii, texts))
    try:
        others.encode()
    except UnicodeEncodeError:
        return False
    return True


class Behaviour(ABC):
    """What one type does. ``words`` is its name in messages. ``python`` is the class of its values; None if the class
    alone doesn't decide."""

    words: ClassVar[str]
    python: ClassVar[type | None] = None

    @abstractmethod
    def convert(self, value: object) -> Value | None:
        """Converts a value that a caller gives to the plain class that every store keeps; None when it has another
        type.

        A StrEnum becomes a ``str``; a time is converted to UTC.
        """

    def read(self, value: object) -> Value | None:
        """Converts a value that a store or a query gives to that plain class; None when it has another type."""
        return value if type(value) is self.python else None  # type: ignore[return-value]  # python is a class of Value

    def problem(self, value: Any) -> str:
        """Returns why a value of this type can't be stored all the same, in words that follow "is"; empty if it can."""
        return ""

    def are_plain(self, values: Sequence[Any]) -> bool:
        """Tells whether all values of a column (None: absent) have the plain class. It is a quick test, as most columns
        do."""
        classes = set(map(type, values))
        classes.discard(type(None))
        return classes <= {self.python}

    def are_storable(self, values: Sequence[Any]) -> bool:
        """Tells whether all values of a column, none of them absent, have the plain class and no :meth:`problem`."""
        return self.are_plain(values)

    def to_json(self, value: Any) -> Plain:
        """Returns a value of this type in the form in which JSON has it."""
        plain: Plain = value
        return plain

    def from_json(self, value: Any) -> Value:
        """Returns the value that :meth:`to_json` wrote. Raises TypeError or ValueError for anything else."""
        read = self.read(value)
        if read is None:
            raise ValueError(f"{value!r:.60} is no {self.words}")
        return read


class _Text(Behaviour):
    words = "text"
    python = str

    def convert(self, value: object) -> Value | None:
        return str(value) if isinstance(value, str) else None

    def problem(self, value: Any) -> str:
        return "" if are_unicode([value]) else HALF_A_CHARACTER

    def are_storable(self, values: Sequence[Any]) -> bool:
        return self.are_plain(values) and are_unicode(values)


class _Integer(Behaviour):
    words = "integer"
    python = int

    def convert(self, value: object) -> Value | None:
        return int(value) if isinstance(value, int) and not isinstance(value, bool) else None

    def problem(self, value: Any) -> str:
        return "" if SMALLEST <= value <= LARGEST else f"{value!r:.60}, which is beyond 64 bits"

    def are_storable(self, values: Sequence[Any]) -> bool:
        return self.are_plain(values) and min(values) >= SMALLEST and max(values) <= LARGEST


class _Real(Behaviour):
    words = "real"
    python = float

    def convert(self, value: object) -> Value | None:
        return float(value) if isinstance(value, float) else None

    def read(self, value: object) -> Value | None:
        # Some engines write 1.0 as 1.
        return float(value) if type(value) is float or type(value) is int else None

    def problem(self, value: Any) -> str:
        return "" if math.isfinite(value) else f"{value!r}, not a finite number"

    def are_storable(self, values: Sequence[Any]) -> bool:
        return self.are_plain(values) and all(map(math.isfinite, values))


class _Boolean(Behaviour):
    words = "boolean"
    python = bool

    def convert(self, value: object) -> Value | None:
        return value if type(value) is bool else None


class _Time(Behaviour):
    words = "time, UTC"

    def convert(self, value: object) -> Value | None:
        return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo is not None else None

    def read(self, value: object) -> Value | None:
        return self.convert(value) if type(value) is datetime else None

    def are_plain(self, values: Sequence[Any]) -> bool:
        return are_times_in_utc(values)

    def to_json(self, value: Any) -> Plain:
        return iso(value)

    def from_json(self, value: Any) -> Value:
        return super().from_json(datetime.fromisoformat(value))


class _Texts(Behaviour):
    words = "list of texts"

    def convert(self, value: object) -> Value | None:
        if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
            return tuple(str(item) for item in value)
        return None

    def read(self, value: object) -> Value | None:
        # Queries and JSON give lists; the networkx store gives tuples.
        if type(value) in (list, tuple) and all(type(item) is str for item in value):  # type: ignore[attr-defined]  # either
            return tuple(value)  # type: ignore[arg-type]  # either
        return None

    def problem(self, value: Any) -> str:
        return "" if are_unicode(value) else HALF_A_CHARACTER

    def are_plain(self, values: Sequence[Any]) -> bool:
        return False  # each list must be looked at

    def to_json(self, value: Any) -> Plain:
        return list(value)


class Type(Enum):
    """The type of a property's values, the same in every store. Its ``value`` is a :class:`Behaviour`, which does the
    work."""

    TEXT = _Text()
    INTEGER = _Integer()
    REAL = _Real()
    BOOLEAN = _Boolean()
    TIME = _Time()
    TEXTS = _Texts()

    @property
    def does(self) -> Behaviour:
        """The behaviour of this type."""
        behaviour: Behaviour = self.value
        return behaviour

    @property
    def words(self) -> str:
        """The type's name in messages and in the documents, such as ``list of texts``."""
        return self.does.words
