"""Writes the table of docs/moved.md: the modules of the flat layout, and where the code of each is now.

    python docs/scripts/list_moves.py

It follows the renames in git's history since the last commit of the flat layout, so it needs a complete clone. If a
module was split, it follows the part that git calls the renamed one.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "moved.md"
#: The last commit before the folders were made.
FLAT = "8d09810"
TABLE = re.compile(r"(?<=\|---\|---\|\n).*?(?=\n\n|\Z)", re.DOTALL)


def git(*arguments: str) -> list[str]:
    """The lines that a git command prints."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def module(path: str) -> str | None:
    """The name of the module in a file, without ``newsgraph.`` in front; None for what is no module of the package."""
    if not path.endswith(".py") or path.split("/", maxsplit=1)[0] not in ("newsgraph", "graph", "loaders", "queries"):
        return None
    return path.removeprefix("newsgraph/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def moves() -> dict[str, str]:
    """Old name -> the name of today, for each module whose name changed and that is still there."""
    today = {path: path for path in git("ls-tree", "-r", "--name-only", FLAT)}
    log = git(
        "log", "--reverse", "--topo-order", "-M40%", "--diff-filter=R", "--name-status", "--format=", f"{FLAT}..HEAD"
    )
    for line in filter(None, log):
        _, before, after = line.split("\t")
        for old in [old for old, now in today.items() if now == before]:
            today[old] = after
    found = {}
    for old, now in today.items():
        name, new = module(old), module(now)
        if name and new and name != new and (ROOT / now).is_file():
            found[name] = new
    return found


def main() -> None:
    """Puts the table into the page."""
    rows = "\n".join(f"| `{old}` | `{new}` |" for old, new in sorted(moves().items()))
    PAGE.write_text(TABLE.sub(lambda _: rows, PAGE.read_text("utf-8"), count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
