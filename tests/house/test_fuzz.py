"""FUZZ_TIMES multiplies the examples that each property tries."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROPERTY = "tests/loaders/fields/test_times.py::test_any_text_gives_a_time_or_none_and_never_an_error"


@pytest.mark.parametrize(("times", "examples"), [("0.1", 40), ("1", 400)])
def test_fuzz_times_multiplies_the_examples(times: str, examples: int, tmp_path: Path) -> None:
    own = f"--basetemp={tmp_path / 'inner'}"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", own, "--hypothesis-show-statistics", PROPERTY],
        cwd=ROOT,
        env={**os.environ, "FUZZ_TIMES": times, "CI": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"Stopped because settings\.max_examples=(\d+)", done.stdout) == [str(examples)]
