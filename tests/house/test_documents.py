"""What the documents show is what happens.

Every ```console block of the README and of docs/ is run, command by command, in one empty folder a document that holds
the sample articles as ``seeds/`` and those of one subject as ``newsgraph/seeds_one_subject/``; every ```python block
runs there too. A line ``...`` in the shown output stands for any number of lines, and ``...`` within a line for any
text. Commands that install or clone stand in ```sh blocks, which are not run.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENTS = [path for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if path.exists()]
WITH_SESSIONS = [path for path in DOCUMENTS if BLOCK.search(path.read_text("utf-8"))]


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines that it is said to print; ``> `` continues a command."""
    command: str | None = None
    shown: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, shown
            command, shown = line[2:], []
        elif command is not None and line.startswith("> ") and not shown:
            command += "\n" + line[2:]
        else:
            shown.append(line)
    if command is not None:
        yield command, shown


def fits(shown: list[str], printed: list[str]) -> bool:
    """Whether the printed lines are the shown ones, ``...`` standing for whatever is left out."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()).replace(r"\.\.\.", ".*") + r"\n"
        for line in shown
    )
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in printed)) is not None


def run(command: str, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("NEWSGRAPH_")},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "120",
            "NO_COLOR": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("document", WITH_SESSIONS, ids=lambda path: path.name)
def test_what_a_document_shows_is_what_happens(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    shutil.copytree(ROOT / "newsgraph" / "seeds_one_subject", tmp_path / "newsgraph" / "seeds_one_subject")
    names: dict[str, object] = {"__name__": "__main__"}
    for kind, block in BLOCK.findall(document.read_text("utf-8")):
        if kind == "console":
            for command, shown in commands(block):
                printed = run(command, tmp_path)
                while shown and not shown[-1].strip():
                    shown.pop()
                assert fits(shown, printed.rstrip().splitlines()), (
                    f"$ {command}\nshown:\n" + "\n".join(shown) + f"\nprinted:\n{printed}"
                )
        elif ">>>" in block:
            options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            test = doctest.DocTestParser().get_doctest(block, names, document.name, str(document), 0)
            report: list[str] = []
            doctest.DocTestRunner(optionflags=options).run(test, out=report.append, clear_globs=False)
            assert not report, "".join(report)
            names = test.globs
        else:
            exec(compile(block, document.name, "exec"), names)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a", "b", "c"], False),
        (["a", "..."], ["a", "b", "c"], True),
        (["...", "c"], ["a", "b", "c"], True),
        (["a", "...", "c"], ["a", "c"], True),
        (["a", "...", "c"], ["a", "d"], False),
        (["took ... ms"], ["took 12 ms"], True),
        (["took ... ms"], ["took 12 s"], False),
        (["took ... ms"], ["took 12", "13 ms"], False),
        (["3.14"], ["3x14"], False),
        (["trailing  "], ["trailing"], True),
        ([], [], True),
        ([], ["a"], False),
    ],
)
def test_the_comparison_sees_differences(shown: list[str], printed: list[str], same: bool) -> None:
    assert fits(shown, printed) is same


def test_commands_are_read_with_their_output_and_continuations() -> None:
    block = "$ one \\\n> two\nout\n\nmore\n$ three\n"
    assert list(commands(block)) == [("one \\\ntwo", ["out", "", "more"]), ("three", [])]


def test_the_readme_shows_a_session_and_the_library() -> None:
    kinds = {kind for kind, _ in BLOCK.findall((ROOT / "README.md").read_text("utf-8"))}
    assert kinds == {"console", "python"}


LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    missing = [link for link in LINK.findall(document.read_text("utf-8")) if not (document.parent / link).exists()]
    assert not missing


def test_every_document_can_be_reached_from_the_readme() -> None:
    linked = {(ROOT / link).resolve() for link in LINK.findall((ROOT / "README.md").read_text("utf-8"))}
    assert set(DOCUMENTS) - {ROOT / "README.md"} <= linked
