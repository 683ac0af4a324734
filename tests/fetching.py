"""Things that tests fetch once into their cache: Cytoscape.js by npm, the Gephi Toolkit by Maven."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.neo4j.server import cache_folder

FETCH_SECONDS = 600


def fetched(name: str, *command: str) -> Path:
    """Returns the folder of that name in the cache. If it isn't there, the command fills it; FOLDER in it stands for
    it.

    If the command fails, as it does without a network, the test is skipped with the command's own message. Under CI a
    skipped test fails.
    """
    folder = cache_folder() / name
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    # It is filled beside and renamed when complete, so that an interrupted download is never taken for a complete one.
    part = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder.parent))
    filled = [one.replace("FOLDER", str(part)) for one in command]
    try:
        done = subprocess.run(filled, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False)
        if done.returncode:
            pytest.skip(
                f"{command[0]} can't fetch {name} (is there a network?): {first_error(done.stdout + done.stderr)}"
            )
        try:
            part.rename(folder)
        except OSError:
            if not folder.is_dir():  # otherwise another run was faster
                raise
    except subprocess.TimeoutExpired:
        pytest.skip(f"{command[0]} did not fetch {name} within {FETCH_SECONDS} s (is there a network?)")
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def first_error(text: str) -> str:
    """The first line of a tool's output that tells of an error; the last line when none does."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "err" in line.lower()), lines[-1] if lines else "it says nothing")
