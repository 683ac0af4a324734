"""What is installed is the whole of newsgraph, and nothing else."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from newsgraph.cli import COMMANDS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: What pip says when it reached no index.
NO_INDEX = (
    "connection",
    "Name or service not known",
    "Temporary failure in name resolution",
    "No matching distribution",
)
#: Run by every Python of the empty environment: no connection leaves the machine.
NO_NETWORK = """
import socket
def refuse(*arguments, **options):
    raise RuntimeError("newsgraph tried to reach the network")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = refuse
"""


def run(*command: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NEWSGRAPH_", "COV_"))
    }
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def checked(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, f"{done.args}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git keeps or would keep, in a folder of their own, links as links."""
    folder = tmp_path_factory.mktemp("check out")
    listing = checked(
        run(
            "git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", folder=ROOT,
        )
    )  # fmt: skip
    for name in listing.splitlines():
        source, target = ROOT / name, folder / name
        if not source.is_symlink() and not source.is_file():
            continue  # deleted, and not committed yet
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
    return folder


def build(kind: str, source: Path, target: Path) -> Path:
    """One archive built with what is installed here: no index needed."""
    checked(
        run(sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", target, source, folder=target)
    )
    (archive,) = target.iterdir()
    return archive


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", checkout, tmp_path_factory.mktemp("sdist"))


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path, checkout: Path) -> None:
    expected = {"newsgraph/py.typed"}
    expected |= {
        path.relative_to(checkout).as_posix() for path in (checkout / "newsgraph").rglob("*") if path.is_file()
    }
    names = set(contents(wheel))
    assert expected <= names
    kinds = {Path(name).suffix for name in names}
    assert {".py", ".cypher", ".typed"} <= kinds
    assert any(
        name.startswith("newsgraph/views/") and Path(name).suffix in (".html", ".j2", ".jinja") for name in names
    )


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    names = contents(wheel)
    roots = {name.split("/")[0] for name in names}
    assert roots == {"newsgraph", f"newsgraph-{wheel.name.split('-')[1]}.dist-info"}
    stray = [name for name in names if "tests" in name.split("/") or "__pycache__" in name or name.endswith(".pyc")]
    assert not stray
    assert len(names) == len(set(names))


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    files = contents(wheel)
    (metadata,) = [text.decode() for name, text in files.items() if name.endswith(".dist-info/METADATA")]
    (entries,) = [text.decode() for name, text in files.items() if name.endswith("/entry_points.txt")]
    said = message_from_string(metadata)
    assert (said["Name"], said["Requires-Python"], said["License-Expression"]) == ("newsgraph", ">=3.11", "MIT")
    assert "newsgraph = newsgraph.cli:main" in entries
    assert any(name.endswith("/licenses/LICENSE") for name in files)


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    (tmp_path / "out").mkdir()
    again = contents(build("wheel", source, tmp_path / "out"))
    first = contents(wheel)
    assert again.keys() == first.keys()
    assert [name for name in first if first[name] != again[name]] == []


@pytest.fixture(scope="module")
def clone_without_links(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone as git makes it on Windows: a link is a small file that holds the path of its target."""
    place = tmp_path_factory.mktemp("clone")
    origin = place / "origin"
    shutil.copytree(checkout, origin, symlinks=True)
    git = ("git", "-c", "user.name=A tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false")
    checked(run(*git, "init", "--quiet", folder=origin))
    checked(run(*git, "add", "--all", "--force", folder=origin))
    checked(run(*git, "commit", "--quiet", "--message", "All files", folder=origin))
    checked(run(*git, "clone", "--quiet", "-c", "core.symlinks=false", origin, place / "clone", folder=place))
    return place / "clone"


def test_a_clone_without_links_runs_the_demo(clone_without_links: Path, tmp_path: Path) -> None:
    for link in ("graph", "loaders", "queries", "seeds"):
        assert (clone_without_links / link).read_text("utf-8") == f"newsgraph/{link}"
        assert not (clone_without_links / link).is_symlink()
    program = (sys.executable, "-m", "newsgraph")
    help_text = checked(run(*program, "--help", folder=clone_without_links))
    assert all(command in help_text for command in COMMANDS)
    shown = checked(run(*program, "demo", folder=tmp_path, PYTHONPATH=str(clone_without_links)))
    assert "Washington Post" in shown
    assert {".html", ".kgl", ".graphml"} <= {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    loaded = run(
        *(sys.executable, "-c", "import newsgraph.graph.schema as m; print(m.__file__)"),
        folder=tmp_path, PYTHONPATH=str(clone_without_links),
    )  # fmt: skip
    assert Path(checked(loaded).strip()).is_relative_to(clone_without_links)


def test_a_wheel_built_from_a_clone_without_links_is_the_same(
    clone_without_links: Path, wheel: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    assert contents(build("wheel", clone_without_links, tmp_path / "out")) == contents(wheel)


def test_an_editable_install_holds_no_second_copy(checkout: Path, tmp_path: Path) -> None:
    """It is a path that leads to the checkout: what is edited there is what runs."""
    script = "import sys, hatchling.build; print(hatchling.build.build_editable(sys.argv[1]))"
    name = checked(run(sys.executable, "-c", script, tmp_path, folder=checkout)).split()[-1]
    files = contents(tmp_path / name)
    held = {path: text for path, text in files.items() if ".dist-info/" not in path}
    assert [Path(path).suffix for path in held] == [".pth"]
    assert [text.decode().strip() for text in held.values()] == [str(checkout)]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of an environment that holds the wheel and its dependencies, and cannot reach the network."""
    place = tmp_path_factory.mktemp("empty environment")
    checked(run(sys.executable, "-m", "venv", place / "env", folder=place))
    python = place / "env" / "bin" / "python"
    done = run(
        python, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check", "--no-input",
        "--retries", "2", wheel, folder=place,
    )  # fmt: skip
    if done.returncode and any(sign in done.stderr for sign in NO_INDEX):
        pytest.skip("the package index can't be reached, so the wheel's dependencies can't be installed")
    checked(done)
    library = checked(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=place))
    (Path(library.strip()) / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return python.parent


def test_the_demo_runs_from_the_wheel_anywhere_without_a_network(installed: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "some where else"
    elsewhere.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    first = checked(run(installed / "newsgraph", "demo", folder=elsewhere, HOME=str(home)))
    for outlet in ("Charlotte Observer", "Webindia 123", "Washington Post", "VentureBeat", "ZDNet", "BBC"):
        assert outlet in first
    made = {path.suffix for path in elsewhere.rglob("*") if path.is_file()}
    assert {".html", ".kgl", ".graphml"} <= made
    assert list(home.rglob("*")) == [], "the demo writes nothing into the home folder"
    checked(run(installed / "newsgraph", "demo", folder=elsewhere, HOME=str(home)))


def test_installed_dependencies_fit_together(installed: Path, tmp_path: Path) -> None:
    checked(run(installed / "python", "-m", "pip", "check", folder=tmp_path))


def test_the_installed_package_is_the_wheel_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = checked(run(installed / "python", "-c", "import newsgraph.graph as g; print(g.__file__)", folder=tmp_path))
    assert Path(where.strip()).is_relative_to(installed.parent)
