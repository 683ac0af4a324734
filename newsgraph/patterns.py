"""Regular expressions that are compiled when they are first used. Otherwise each start of the program would compile
hundreds, most of which no file of a load needs."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")


class _Later:
    def __init__(self, text: Any, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        # It is called only for an attribute that isn't there yet. Afterwards the methods are there and take no more
        # time.
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def later(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Returns a pattern that is compiled at the first call of one of its methods.

    It is meant for a module's own patterns, whose methods are called. Functions of ``re`` don't accept it.

    >>> later("a+").fullmatch("aa") is not None
    True
    """
    return cast("re.Pattern[AnyStr]", _Later(text, flags))
