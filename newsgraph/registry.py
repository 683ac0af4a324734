"""The registry class that all registries use. It holds what newsgraph has of one kind (loaders, questions, exports,
pages, stores), and what other installed packages add.

Another package adds something by an entry point of the registry's group, such as ``newsgraph.questions``. The page
docs/plugins.md lists the groups and what each expects. Entry points are read only if a name is asked for that newsgraph
itself doesn't have, or if all are listed, so that the start stays fast. If something of another package can't be used,
:meth:`Registry.problems` has a line about it, and asking for it by name raises PluginError. Nothing else is affected.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from newsgraph.errors import PluginError, UnknownNameError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Thing = TypeVar("Thing")


class Registry(Generic[Thing]):
    """Everything of one kind, by name.

    ``kind`` is the word for it in messages, and ``group`` the group of entry points. ``built_in`` returns name and line
    of help of newsgraph's own, and ``load`` imports one of those. ``check`` turns what an entry point leads to into a
    thing of this kind, or raises TypeError, which says what is missing. ``line`` returns the line of help of such a
    thing; by default it is the first line of its documentation.
    """

    def __init__(
        self,
        kind: str,
        group: str,
        built_in: Mapping[str, str],
        load: Callable[[str], Thing],
        check: Callable[[Any], Thing],
        line: Callable[[Thing], str] | None = None,
    ) -> None:
        self.kind = kind
        self.group = group
        self._built_in = built_in
        self._load = load
        self._check = check
        self._line = line or first_line
        self._points: dict[str, EntryPoint] | None = None
        self._loaded: dict[str, Thing] = {}
        self._problems: dict[str, str] = {}

    def get(self, name: str) -> Thing:
        """Returns the thing of that name.

        Raises UnknownNameError, which names the nearest ones, and PluginError if it belongs to another package and
        can't be used.
        """
        if name in self._loaded:
            return self._loaded[name]
        if name in self._built_in:
            thing = self._load(name)
        elif name in self.added():
            thing = self._added(name)
        else:
            raise self.unknown(name)
        self._loaded[name] = thing
        return thing

    def listed(self) -> dict[str, str]:
        """Returns name and line of help of everything: newsgraph's own in their order, then those of other packages
        that can be used, by name."""
        lines = dict(self._built_in)
        for name in self.added():
            try:
                lines[name] = self._line(self.get(name))
            except PluginError:
                continue  # problems() has a line about it
        return lines

    def added(self) -> Mapping[str, EntryPoint]:
        """Returns the entry points of other packages by name, in order of names. None of them is loaded by this."""
        if self._points is None:
            self._points = {}
            if not may_be_named(self.group):
                return self._points
            from importlib.metadata import entry_points  # noqa: PLC0415  # slow, and rarely wanted

            points = {(point.name, point.value): point for point in entry_points(group=self.group)}
            for (name, _), point in sorted(points.items()):
                if name in self._built_in or name in self._points:
                    whose = "newsgraph's own" if name in self._built_in else origin(self._points[name])
                    self._problems[f"{name} again"] = str(
                        PluginError(_subject(point), f"the {self.kind} {name} of {whose} has that name", _REMEDY)
                    )
                else:
                    self._points[name] = point
        return self._points

    def problems(self) -> tuple[str, ...]:
        """Returns a line for each of other packages' things that was found unusable so far."""
        return tuple(self._problems.values())

    def set_aside(self, name: str, error: Exception) -> None:
        """Records that something of another package failed at its work, for :meth:`problems`."""
        self._problems.setdefault(name, str(self._failure(self.added()[name], error)))

    def unknown(self, name: str, more: Iterable[str] = ()) -> UnknownNameError:
        """Returns the error for a name that nothing has. Its remedy suggests the most similar names, including those of
        ``more``."""
        from difflib import get_close_matches  # noqa: PLC0415  # only needed for a suggestion

        known = {one.casefold(): one for one in [*self._built_in, *self.added(), *more]}
        near = [known[one] for one in get_close_matches(name.casefold(), known, n=2, cutoff=0.5)]
        remedy = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(known.values())}"
        return UnknownNameError(name, f"there is no {self.kind} of that name", remedy)

    def _added(self, name: str) -> Thing:
        point = self.added()[name]
        try:
            return self._check(point.load())
        except Exception as error:
            failure = self._failure(point, error)
            self._problems.setdefault(name, str(failure))
            raise failure from error

    def _failure(self, point: EntryPoint, error: Exception) -> PluginError:
        said = " ".join(str(error).split())[:200]
        return PluginError(_subject(point), f"the {self.kind} can't be used ({type(error).__name__}: {said})", _REMEDY)


def may_be_named(group: str) -> bool:
    """Whether an installed package may have entry points of that group; False only where surely none has.

    It looks into the same files as ``importlib.metadata`` does, the import of which takes longer than the whole load of
    a small folder. Where packages lie elsewhere than in plain folders, the answer is True.
    """
    for finder in sys.meta_path:
        if hasattr(finder, "find_distributions") and finder is not PathFinder:
            return True
    sought = group.encode()
    for place in map(Path, dict.fromkeys(sys.path)):
        try:
            names = os.listdir(place)  # noqa: PTH208  # paths would cost more than the looking
        except NotADirectoryError:
            return True  # an archive of packages
        except OSError:
            continue
        for name in names:
            ending = name.rpartition(".")[2].lower()
            if ending == "egg":
                return True
            if ending in ("dist-info", "egg-info"):
                with suppress(OSError):
                    if sought in (place / name / "entry_points.txt").read_bytes():
                        return True
    return False


_REMEDY = "Update or uninstall that package"


def origin(point: EntryPoint) -> str:
    """Returns the package that an entry point belongs to."""
    return point.dist.name if point.dist is not None else point.module


def first_line(thing: object) -> str:
    """Returns the first line of a thing's docstring; empty if it has none."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def check_has(thing: Any, *names: str) -> Any:
    """Returns the thing if it has functions of those names. Raises TypeError, which names the first missing one."""
    for name in names:
        if not callable(getattr(thing, name, None)):
            raise TypeError(f"{getattr(thing, '__name__', thing)} has no function {name}")
    return thing


def _subject(point: EntryPoint) -> str:
    return f"{point.name} of {origin(point)}"
