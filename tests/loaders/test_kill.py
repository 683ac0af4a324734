"""``kill -9`` at any moment of a load, a reload or a derivation: the store opens, holds whole files only, and the next
load ends where an undisturbed one ends."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsgraph.errors import StoreMissingError
from newsgraph.graph.events.sync import derive_events
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from tests.loaders.snapshots import snapshot

pytestmark = pytest.mark.slow

#: Kills in an ordinary run; ``make fuzz`` asks for more.
KILLS = int(os.environ.get("NEWSGRAPH_KILLS", "8"))
FILES = 60

# A load that saves after every few files, so that most moments are in the middle of something.
CHILD = """
import sys
from pathlib import Path
import newsgraph.loaders.load as loading
from newsgraph.graph.events.sync import derive_events
from newsgraph.graph.stores.registry import open_store
loading.FILES_READ_AT_ONCE, loading.RECORDS_AT_ONCE = 5, 1
loading.SECONDS_BETWEEN_SAVES, loading.SHARE_OF_SAVES = 0.0, 0
store, folder = sys.argv[1:]
print("ready", flush=True)
with open_store(store) as opened:
    report = loading.load(opened, [Path(folder)])
    derive_events(opened, changed=report.changed_stories, left=report.left_events)
"""


def write(folder: Path, *, edited: bool) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(FILES):
        title = f"{'Late' if edited and number % 3 == 0 else 'Early'} news of the ferry number {number % 7} aground"
        article = {
            "title": title,
            "webUrl": f"https://outlet{number % 5}.example/{number}",
            "publishedDateTime": f"2021-03-{1 + number % 9:02d}T10:00:{number:02d}Z",
            "topics": ["Sea", f"Topic {number % 4}"],
            "related": [{"title": title, "webUrl": f"https://outlet0.example/{(number * 3) % FILES}?utm_source=x"}],
        }
        (folder / f"{number:03d}.md").write_text(f"---\n{json.dumps(article)}\n---\n")
    if edited:
        for number in range(0, FILES, 10):
            (folder / f"{number:03d}.md").unlink()


def test_a_killed_load_leaves_whole_files_and_resumes(tmp_path: Path) -> None:
    folder, fresh = tmp_path / "corpus", tmp_path / "fresh.kgl"
    first = tmp_path / "first.kgl"
    write(folder, edited=False)
    with open_store(str(first)) as store:
        load(store, [folder])
        derive_events(store)
    write(folder, edited=True)
    with open_store(str(fresh)) as store:
        load(store, [folder])
        derive_events(store)
        undisturbed = snapshot(store)
    rng = random.Random(9)
    landed = 0
    for kill in range(KILLS):
        place = tmp_path / f"{kill}.kgl"
        if kill % 2:
            shutil.copy(first, place)  # a reload of what was edited and deleted, else a first load
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(place), str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert child.stdout is not None and child.stdout.readline() == b"ready\n"
        time.sleep(rng.uniform(0, 1.2))
        child.send_signal(signal.SIGKILL)
        landed += child.wait() == -signal.SIGKILL
        child.stdout.close()
        try:
            with open_store(str(place), create=False, readonly=True) as store:
                for source in store.nodes("Source"):
                    stories = len({edge.end for edge in store.edges("MENTIONS", starts=[source.id])})
                    assert stories == 1 + (int(source.id[-6:-3]) * 3 % FILES != int(source.id[-6:-3])), source.id
        except StoreMissingError:
            pass  # killed before the first save of a first load
        with open_store(str(place)) as store:
            report = load(store, [folder])
            derive_events(store, changed=report.changed_stories, left=report.left_events)
            assert snapshot(store) == undisturbed
    assert landed, "no kill came in time"
