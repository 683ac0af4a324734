"""Decides which tests run in one worker when the tests run in parallel, as by ``make test``.

All tests on a real Neo4j share one worker, and so one server: it takes a gigabyte of memory and five seconds to start,
its free edition has a single database, and some tests kill it. Other tests go to a worker together with the rest of
their file, so that what a module's fixtures make is made once. The groups that take longest start first, so that at the
end no worker waits long for another.

pytest-xdist's own groups (``--dist loadgroup``) don't work with every version of pytest, so there is a scheduler here.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

#: Tests on a real Neo4j, recognised by their id: it has the name in its file, its function or a parameter.
ON_NEO4J = re.compile(r"neo4j[^/]*\.py::|::\w*neo4j|\[neo4j[-\]]")


def group_of(nodeid: str) -> str:
    """Returns the name of the group that a test runs with. Tests of one group run in one worker, in their order."""
    return "neo4j" if ON_NEO4J.search(nodeid) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Gives whole groups to the workers, in the order of the collection."""
    from xdist.scheduler import LoadScopeScheduling  # only where xdist is in use

    class GroupScheduling(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist declares no types
        """One unit of work is a group."""

        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return GroupScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the groups in the order in which they start."""
    if not hasattr(config, "workerinput"):
        return
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        name = group_of(item.nodeid)
        if item.get_closest_marker("neo4j") and name != "neo4j":
            raise pytest.UsageError(f"{item.nodeid}: runs on Neo4j; say so in its id, so that all share one server")
        groups.setdefault(name, []).append(item)
    slow = {name for name, tests in groups.items() if any(test.get_closest_marker("slow") for test in tests)}
    first = sorted(groups, key=lambda name: (name != "neo4j", name not in slow))
    items[:] = [item for name in first for item in groups[name]]
