"""Loading and asking for long and under attack: what is lost, what memory does, and whether anything stays open.

    python bench/soak.py [--files 200000] [--processes 10] [--seconds 600]

Three parts, each with a line for what was found:

- Very many small files in one folder, loaded, and loaded again unchanged.
- A folder whose files are written, replaced, cut, renamed and removed while it is read over and over. Afterwards one
  more load must give the graph that a fresh load of the folder gives.
- Processes that load folders of their own into one store and ask it at the same time, each as a command is typed. A
  store that another process writes to is waited for. At the end each story that a load told of must be there. One
  process that stays open asks all the while; its memory and its open files are looked at from its tenth question on.

Ends with code 1 when anything was lost, a command failed otherwise than by waiting too long for its turn, or the
process that stayed open holds more files at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from _measure import run, table

from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.transfer import differences

ARTICLE = """---
title: Rain in town {id} for the {version}. time
url: https://outlet{outlet}.example/{id}
date: 2026-03-{day:02}T09:00:00Z
tags: [weather, town {topic}]
---
It rained {version} times in town {id}, and the river rose.
"""
#: Files a folder: more make looking for a name slow on some disks.
FILES_A_FOLDER = 1_000
QUESTIONS = (
    ("ask", "events", "--format", "json"),
    ("ask", "coverage", "rain", "--format", "json"),
    ("find", "rain"),
    ("info", "--format", "json"),
    ("cypher", "MATCH (s:Story) RETURN count(s) AS n", "--format", "json"),
)
#: Names of what went wrong, a line each.
Faults = list[str]


def article(number: int, version: int = 1) -> str:
    return ARTICLE.format(id=number, version=version, outlet=number % 97, day=number % 28 + 1, topic=number % 500)


def write_many(folder: Path, count: int) -> None:
    for start in range(0, count, FILES_A_FOLDER):
        some = folder / f"{start // FILES_A_FOLDER:04}"
        some.mkdir(parents=True)
        for number in range(start, min(start + FILES_A_FOLDER, count)):
            (some / f"{number}.md").write_text(article(number), encoding="utf-8")


def newsgraph(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "newsgraph", *map(str, arguments)]


def stories(store: Path) -> set[str]:
    with open_store(str(store), create=False, readonly=True) as opened:
        return {node.id for node in opened.nodes("Story")}


def very_many(scratch: Path, count: int) -> Faults:
    folder, store = scratch / "many", scratch / "many.kgl"
    write_many(folder, count)
    rows = [("what", "files", "CPU s", "files/s", "peak MB")]
    for what in ("loaded", "loaded again, unchanged"):
        cost = run(*newsgraph("load", folder, "--store", store, "--no-events"))
        rows.append((what, f"{count:,}", f"{cost.cpu:.1f}", f"{count / cost.cpu:,.0f}", f"{cost.peak:.0f}"))
    table("Very many small files", rows)
    there = len(stories(store))
    return [] if there == count else [f"very many: {count - there:,} of {count:,} stories are not there"]


def disturb(folder: Path, ended: threading.Event, chance: random.Random) -> None:
    """Does to a folder what editors, crawlers and synchronisers do, until told to end."""
    files = [folder / f"{number}.md" for number in range(200)]
    version = 1
    while not ended.is_set():
        version += 1
        number = chance.randrange(len(files))
        path, beside = files[number], folder / f".{number}.part"
        text = article(number, version)
        match chance.randrange(5):
            case 0:
                path.write_text(text, encoding="utf-8")
            case 1:
                beside.write_text(text, encoding="utf-8")
                beside.replace(path)
            case 2:
                path.write_text(text[: chance.randrange(len(text))], encoding="utf-8")
            case 3:
                path.unlink(missing_ok=True)
            case _:
                if path.exists():
                    path.rename(folder / f"{number + 1_000}.md")
        time.sleep(0.001)


def changing(scratch: Path, seconds: float) -> Faults:
    folder, store, fresh = scratch / "changing", scratch / "changing.kgl", scratch / "fresh.kgl"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number}.md").write_text(article(number), encoding="utf-8")
    ended, faults, loads, reported = threading.Event(), Faults(), 0, 0
    thread = threading.Thread(target=disturb, args=(folder, ended, random.Random(10)))
    thread.start()
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            done = subprocess.run(
                newsgraph("load", folder, "--store", store), capture_output=True, text=True, check=False
            )
            loads += 1
            reported += done.returncode == 1
            if done.returncode not in (0, 1) or "This is a bug" in done.stderr or "Traceback" in done.stderr:
                faults.append(f"changing: a load ended with {done.returncode}: {done.stderr.strip()[-200:]}")
    finally:
        ended.set()
        thread.join()
    time.sleep(3.1)  # by then a file's times tell its state on every disk
    for target in (store, fresh):
        subprocess.run(newsgraph("load", folder, "--store", target), capture_output=True, check=False)
    with open_store(str(store), readonly=True) as one, open_store(str(fresh), readonly=True) as other:
        faults += [f"changing: differs from a fresh load: {one.type} {one.ids}" for one in differences(one, other)][:5]
    table(
        "A folder that changes while it is read",
        [("loads", "with errors reported", "faults"), (f"{loads:,}", f"{reported:,}", f"{len(faults):,}")],
    )
    return faults


class Staying:
    """A process that stays open and asks, and what it holds: bytes of memory and open files, as Linux tells them."""

    CODE = """
import gc, json, os, sys, newsgraph
def held():
    status = open("/proc/self/status").read()
    return int(status.partition("VmRSS:")[2].split()[0]), len(os.listdir("/proc/self/fd"))
count = 0
while sys.stdin.readline():
    with newsgraph.open(sys.argv[1], create=False, readonly=True) as graph:
        graph.ask("events")
        graph.cypher("MATCH (s:Story) RETURN count(s) AS n")
    gc.collect()
    print(json.dumps(held()), flush=True)
"""

    def __init__(self, store: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self.CODE, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.held: list[tuple[int, int]] = []

    def ask(self) -> bool:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if line:
            kilobytes, files = json.loads(line)
            self.held.append((kilobytes, files))
        return bool(line)

    def end(self) -> None:
        self._process.communicate()


def loader(folder: Path, store: Path, until: float, counts: list[int], faults: Faults) -> None:
    """Adds a file and loads, again and again."""
    number, base = 0, int(folder.name) * 1_000_000
    while time.monotonic() < until or number == 0:
        (folder / f"{number}.md").write_text(article(base + number), encoding="utf-8")
        number += 1
        done = subprocess.run(
            newsgraph("load", folder, "--store", store, "--wait", "600"), capture_output=True, text=True, check=False
        )
        if done.returncode:
            faults.append(f"at once: a load ended with {done.returncode}: {done.stderr.strip()[-200:]}")
    counts.append(number)


def asker(store: Path, until: float, counts: list[int], faults: Faults, chance: random.Random) -> None:
    asked = 0
    while time.monotonic() < until or asked == 0:
        question = chance.choice(QUESTIONS)
        done = subprocess.run(newsgraph(*question, "--store", store), capture_output=True, text=True, check=False)
        asked += 1
        if done.returncode not in (0, 2):  # 2: the words fit several events
            faults.append(f"at once: {question[:2]} ended with {done.returncode}: {done.stderr.strip()[-200:]}")
    counts.append(asked)


def at_once(scratch: Path, processes: int, seconds: float) -> Faults:
    store, faults = scratch / "shared.kgl", Faults()
    loads: list[int] = []
    asked: list[int] = []
    folders = [scratch / "loaders" / str(number) for number in range(max(1, processes // 2))]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "first.md").write_text(article(int(folder.name) * 1_000_000 + 999_999), encoding="utf-8")
        run(*newsgraph("load", folder, "--store", store))
    until = time.monotonic() + seconds
    works: list[Callable[[], None]] = [
        *(lambda folder=folder: loader(folder, store, until, loads, faults) for folder in folders),
        *(
            lambda number=number: asker(store, until, asked, faults, random.Random(number))
            for number in range(max(1, processes - len(folders)))
        ),
    ]
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    staying = Staying(store)
    while any(thread.is_alive() for thread in threads):
        if not staying.ask():
            faults.append("at once: the process that stays open ended")
            break
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    for _ in range(3):
        staying.ask()
    staying.end()
    expected = sum(loads) + len(folders)
    there = len(stories(store))
    if there != expected:
        faults.append(f"at once: {expected - there:,} of {expected:,} stories are not there")
    checked = subprocess.run(newsgraph("check", "--store", store), capture_output=True, text=True, check=False)
    if checked.returncode:
        faults.append(f"at once: {checked.stderr.strip()}")
    left = sorted(entry.name for entry in scratch.iterdir() if entry.name.startswith((".shared", "shared.kgl.")))
    if left:
        faults.append(f"at once: {', '.join(left)} stayed behind")
    early = staying.held[min(10, len(staying.held) // 3)]
    late = staying.held[-1]
    if late[1] > early[1]:
        faults.append(f"at once: {late[1] - early[1]} more files are open at the end")
    table(
        "Processes that load and ask at once",
        [
            ("processes", "seconds", "loads", "questions", "stories", "early MB, files", "late MB, files", "faults"),
            (
                f"{len(works)}", f"{seconds:.0f}", f"{sum(loads):,}", f"{sum(asked) + len(staying.held):,}",
                f"{there:,}",
                f"{early[0] / 1024:.0f}, {early[1]}", f"{late[0] / 1024:.0f}, {late[1]}", f"{len(faults):,}",
            ),
        ],
    )  # fmt: skip
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200_000, help="in the folder of very many")
    parser.add_argument("--processes", type=int, default=10, help="that load and ask at once")
    parser.add_argument("--seconds", type=float, default=600.0, help="of the second and the third part together")
    options = parser.parse_args()
    os.environ.pop("NEWSGRAPH_STORE", None)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        faults = very_many(scratch, options.files)
        faults += changing(scratch, options.seconds / 4)
        faults += at_once(scratch, options.processes, options.seconds * 3 / 4)
    for fault in faults:
        print(fault)
    print("Nothing was lost." if not faults else f"{len(faults)} faults.")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
