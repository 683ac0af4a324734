"""Every regular expression takes time that grows with its text and no faster, whatever a stranger's text repeats."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from time import thread_time
from types import ModuleType
from typing import Any

import pytest

import newsgraph
from newsgraph.patterns import later
from tests.security.attack_strings import Attack, attacks

_KINDS = (re.Pattern, type(later("")))
#: How patterns are used -> how a text is tried: those that look for one match after the other do so alike.
_METHODS = {
    "match": "match", "fullmatch": "fullmatch", "search": "search",
    **dict.fromkeys(("sub", "subn", "split", "findall", "finditer"), "findall"),
}  # fmt: skip
#: Characters in a text, and the seconds from which on four times as many are tried. Linear patterns take a tenth.
_LENGTH, _SUSPECT = 4_000, 0.002
#: Characters for which no pattern but one whose time grows by the cube, or doubles with each, takes so long.
_SHORT = (18, 32, 60, 250, 1_000)
#: Seconds that no linear pattern takes for four times as many characters.
_SLOW = 0.02
#: Patterns that take long for texts which they never get -> why they don't.
_NEVER = {
    "newsgraph.loaders.frontmatter.fast_blocks._LINE": "its texts end with a line end",
}


@cache
def _uses() -> dict[re.Pattern[Any], tuple[str, set[str]]]:
    """Returns all patterns, each with a name and with the methods that are called."""
    found: dict[re.Pattern[Any], tuple[str, set[str]]] = {}
    names = [one.name for one in pkgutil.walk_packages(newsgraph.__path__, "newsgraph.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    for module in modules:
        for name, pattern, method in _called(module):
            found.setdefault(pattern, (f"{module.__name__}.{name}", set()))[1].add(_METHODS[method])
    seen: set[int] = set()
    for module in modules:
        methods = _called_on_variables(module) or {"match", "fullmatch", "findall"}
        for name, value in vars(module).items():
            for pattern in _within(value, seen):
                found.setdefault(pattern, (f"{module.__name__}.{name}", methods))
    return found


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def _called_on_variables(module: ModuleType) -> set[str]:
    """Returns the methods that a module calls on variables: those of patterns in its tables. Texts are split too."""
    return {
        _METHODS[one.attr]
        for one in ast.walk(_tree(module))
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.attr in {*_METHODS} - {"split"}
        and not hasattr(module, one.value.id)
    }


def _called(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any], str]]:
    """Yields the patterns whose methods a module calls by their names, and those that are written where ``re`` is."""
    for one in ast.walk(_tree(module)):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.attr in _METHODS:
            value = getattr(module, one.value.id, None)
            if isinstance(value, _KINDS):
                yield one.value.id, _compiled(value), one.attr
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in _METHODS:
            called, text = one.func.value, one.args[:1]
            if isinstance(called, ast.Name) and called.id == "re" and isinstance(text[0], ast.Constant):
                flags = (part.attr for part in ast.walk(one) if isinstance(part, ast.Attribute))
                given = sum({re.RegexFlag[flag] for flag in flags if flag in re.RegexFlag.__members__})
                yield f"line {one.lineno}", re.compile(str(text[0].value), given), one.func.attr


def _compiled(value: Any) -> re.Pattern[Any]:
    return re.compile(value.pattern, value.flags)


def _within(value: Any, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """Yields the patterns in a module's value, in tables, classes and objects of newsgraph too."""
    if isinstance(value, _KINDS):
        yield _compiled(value)
    elif id(value) not in seen:
        seen.add(id(value))
        for one in _parts(value):
            yield from _within(one, seen)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    kind = value if isinstance(value, type) else type(value)
    if not kind.__module__.startswith("newsgraph"):
        return []
    slots = () if kind is value else getattr(kind, "__slots__", ())
    return [*vars(value).values()] if hasattr(value, "__dict__") else [getattr(value, one, None) for one in slots]


def _seconds(pattern: re.Pattern[Any], method: str, text: str) -> float:
    given: Any = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    began = thread_time()
    getattr(pattern, method)(given)
    return thread_time() - began


def _grows(pattern: re.Pattern[Any], method: str, attack: Attack) -> bool:
    """Tells whether a text of four times as many characters takes far more than four times as long."""
    if any(_takes(_SLOW, pattern, method, attack.text(length)) for length in _SHORT):
        return True  # the time grows by the cube, or without bounds
    if not _takes(_SUSPECT, pattern, method, attack.text(_LENGTH)):
        return False
    # Others use the machine too: a pattern is found only if it took long each time.
    for _ in range(3):
        short, long = (_seconds(pattern, method, attack.text(length)) for length in (_LENGTH, 4 * _LENGTH))
        if long < max(_SLOW, 9 * short):
            return False
    return True


def _takes(seconds: float, pattern: re.Pattern[Any], method: str, text: str) -> bool:
    return all(_seconds(pattern, method, text) > seconds for _ in range(3))


def _bad(pattern: re.Pattern[Any], methods: Iterable[str]) -> Attack | None:
    return next((one for one in attacks(pattern) for method in methods if _grows(pattern, method, one)), None)


@pytest.mark.slow
def test_no_pattern_takes_longer_than_its_text_is_long() -> None:
    uses, found = _uses(), []
    names = {name for name, _ in uses.values()}
    # One with a name, and one in a table; where the text stands in a call there is a line in place of a name.
    assert {"newsgraph.loaders.json.general_names._TIME", "newsgraph.loaders.fields.time_spellings._CLOCKS"} <= names
    assert any(".line " in name for name in names)
    for pattern, (name, methods) in uses.items():
        if name not in _NEVER:
            bad = _bad(pattern, methods)
            found += [f"{name}: {bad}"] if bad is not None else []
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "method", "bad"),
    [
        (r"\[[^\]]*\]", "findall", True),
        (r"\[[^\[\]]*+\]", "findall", False),
    ],
)
def test_what_takes_longer_is_found(written: str, method: str, bad: bool) -> None:
    assert (_bad(re.compile(written), [method]) is not None) is bad
