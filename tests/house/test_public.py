"""The names that others build on, and what importing them costs.

A change here is a change for users: CHANGELOG.md tells them.
"""

import inspect
import pydoc
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import newsgraph
from newsgraph.cli import COMMANDS, cli

NAMES = {
    "Answer", "ExportReport", "Graph", "Info", "LoadReport", "NewsgraphError", "Page", "Rows", "__version__", "open"
}  # fmt: skip
METHODS = {"ask", "close", "cypher", "export", "find", "forget", "info", "load", "look", "to_networkx", "view"}
#: What ``newsgraph --help`` and ``import newsgraph`` do without.
HEAVY = {"kglite", "neo4j", "networkx", "numpy", "pydantic", "pyvis", "rich", "scipy", "wordfreq", "yaml"}


def test_the_public_names_are_these() -> None:
    assert set(newsgraph.__all__) == NAMES
    assert dir(newsgraph) == sorted(NAMES)
    assert all(inspect.getdoc(getattr(newsgraph, name)) for name in NAMES - {"__version__"})


def test_python_helps_with_every_public_name() -> None:
    told = pydoc.plain(pydoc.render_doc(newsgraph))  # what help() prints
    assert all(f"class {name}" in told for name in NAMES - {"__version__", "open"})


def test_a_graph_opens_by_a_path_too(tmp_path: Path) -> None:
    with newsgraph.open(tmp_path / "news.kgl") as graph:
        assert graph.info().nodes["Story"] == 0
    assert (tmp_path / "news.kgl").exists()
    with pytest.raises(newsgraph.NewsgraphError, match="its address is empty"):
        newsgraph.open("")


def test_the_version_is_said_once() -> None:
    assert newsgraph.__version__ == version("newsgraph")
    assert CliRunner().invoke(cli, ["--version"]).output == f"newsgraph {newsgraph.__version__}\n"


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="nonesuch"):
        _ = newsgraph.nonesuch


def test_a_graph_has_these_methods_each_documented() -> None:
    public = {name for name, _ in inspect.getmembers(newsgraph.Graph) if not name.startswith("_")}
    assert public == METHODS
    assert all(inspect.getdoc(getattr(newsgraph.Graph, name)) for name in public)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there_and_explains_itself(name: str) -> None:
    assert isinstance(cli, click.Group)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    assert [one.name for one in options if not one.help] == []


HELP = "from newsgraph.cli import cli; cli(['--help'], standalone_mode=False)"


@pytest.mark.parametrize("call", ["import newsgraph", HELP])
def test_the_start_is_light(call: str) -> None:
    code = f"import sys\n{call}\nprint(*sorted({HEAVY!r} & sys.modules.keys()), sep=',', file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "\n"
