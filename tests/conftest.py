"""Settings for all tests: how many examples hypothesis tries, and that nothing is skipped in continuous integration."""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# A real Neo4j, started when the first test asks for it; which tests run in one worker.
pytest_plugins = ["tests.neo4j.plugin", "tests.workers"]

CI = os.environ.get("CI", "") not in ("", "0", "false")

# There are no deadlines, and making examples may take long, because being slow on a busy machine isn't an error. Under
# CI the examples are always the same.
SLOW = [HealthCheck.too_slow]
settings.register_profile("default", deadline=None, suppress_health_check=SLOW)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=SLOW)
settings.load_profile("ci" if CI else "default")
#: Each property tries this many times its number of examples: more with ``make fuzz``, fewer in the quick tests.
FUZZ_TIMES = float(os.environ.get("FUZZ_TIMES", "1"))
#: Whether the tests that run on Spark are asked for.
SPARK = os.environ.get("SPARK", "") not in ("", "0", "false")
#: The least number of examples that are tried.
FEWEST_EXAMPLES = 5
#: Fixtures that make a test slow, because starting them takes seconds.
SLOW_FIXTURES = frozenset({"browser", "shared_browser", "one_browser"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Multiplies the number of examples, and marks tests that use a browser or a server as slow. Leaves out those that
    use Spark unless they are asked for, because Spark is not among what the tests install.

    If there are more examples than usual, they differ from run to run.
    """
    for item in items:
        if item.get_closest_marker("neo4j") or not SLOW_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    if not SPARK and any(item.get_closest_marker("spark") for item in items):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("spark")])
        items[:] = [item for item in items if not item.get_closest_marker("spark")]
    # The plugin of hypothesis marks its tests only after this. A method keeps its settings in its function.
    functions = {getattr(obj, "__func__", obj) for item in items if (obj := getattr(item, "obj", None)) is not None}
    properties = [one for one in functions if getattr(one, "is_hypothesis_test", False)]
    for test in properties if FUZZ_TIMES != 1 else ():
        # hypothesis has no public way to change what a test's own @settings say.
        own = test._hypothesis_internal_use_settings  # set by @given
        test._hypothesis_internal_use_settings = settings(
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
