"""The names of files that processes leave behind when they are killed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from newsgraph.output.leftovers import name_beside


def left(target: Path, ending: str = "part") -> Path:
    """The name of what a killed process wrote beside a target."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    ours = name_beside(target, ending)
    return ours.with_name(re.sub(rf"\.{os.getpid()}-\d+\.", f".{gone.pid}-7.", ours.name))
