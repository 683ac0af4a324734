"""The measurements run, on very little; what they measure is no test's business."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (["load.py", "--files", "20"], "load again, 1 % changed"),
        (["load.py", "--files", "20", "--parts"], "the engine adds nodes"),
        (["exports.py", "--stories", "300", "--formats", "graphml,csv"], "| csv |"),
        (["soak.py", "--files", "30", "--processes", "2", "--seconds", "2"], "Nothing was lost."),
        (["questions.py", "--stories", "500", "--no-commands"], "date-quality"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_measurement_runs(script: list[str], shown: str, tmp_path: Path) -> None:
    name, *options = script
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / name), *options],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout
