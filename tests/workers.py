"""Which tests run in one worker when the suite runs in parallel (``--dist loadgroup``), as by ``make test``.

All tests on a real Neo4j share one worker, and so one server: it takes a gigabyte of memory and five seconds to start,
its free edition has a single database, and some tests kill it. Other tests go to a worker with the rest of their file,
so that what a module's fixtures made is made once. The longest groups start first: at the end no worker waits long for
another.
"""

from __future__ import annotations

import pytest


def group_of(item: pytest.Item) -> str:
    """The name of the group that a test runs with; tests of one group run in one worker, in their order."""
    if item.get_closest_marker("neo4j"):
        return "neo4j"
    return item.nodeid.partition("::")[0]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Gives each test its group, and puts the groups in the order in which they start."""
    if not getattr(config.option, "loadgroup", False):  # set in each worker, by --dist loadgroup
        return
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        name = group_of(item)
        item.add_marker(pytest.mark.xdist_group(name))
        groups.setdefault(name, []).append(item)
    heavy = sorted(
        groups, key=lambda name: (name != "neo4j", not any(one.get_closest_marker("slow") for one in groups[name]))
    )
    items[:] = [item for name in heavy for item in groups[name]]
