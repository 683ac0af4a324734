"""For the whole suite: how much hypothesis tries, and that continuous integration skips nothing."""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# A real Neo4j, started when the first test asks for it; which tests run in one worker.
pytest_plugins = ["tests.neo4j.plugin", "tests.workers"]

CI = os.environ.get("CI", "") not in ("", "0", "false")

# No deadlines: what is slow on a busy machine is not wrong. Under CI the examples are the same in every run.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if CI else "default")
#: So many times as many examples are tried as each property asks for: more by ``make fuzz``, fewer by the quick tests.
FUZZ_TIMES = float(os.environ.get("FUZZ_TIMES", "1"))
#: The least that are tried.
FEWEST_EXAMPLES = 5
#: Fixtures that make a test slow: what they start takes seconds.
SLOW_FIXTURES = frozenset({"browser", "shared_browser"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Multiplies the examples (where there are more, other ones each time, so not derandomized), and marks as slow
    what runs in a browser or on a server."""
    for item in items:
        if item.get_closest_marker("neo4j") or not SLOW_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    properties = {getattr(item, "obj", None) for item in items if item.get_closest_marker("hypothesis")}
    for test in properties if FUZZ_TIMES != 1 else ():
        # hypothesis has no public way to change what a test's own @settings say.
        own = test._hypothesis_internal_use_settings  # type: ignore[union-attr]  # set by @given
        test._hypothesis_internal_use_settings = settings(  # type: ignore[union-attr]
            own,
            max_examples=max(min(own.max_examples, FEWEST_EXAMPLES), int(own.max_examples * FUZZ_TIMES)),
            derandomize=own.derandomize and FUZZ_TIMES < 1,
            suppress_health_check=list(HealthCheck),
        )


def _no_skips(report: pytest.TestReport | pytest.CollectReport) -> None:
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns a skipped test into a failed one under CI."""
    report = yield
    _no_skips(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turns a module that skips itself into a failure under CI."""
    report = yield
    _no_skips(report)
    return report
