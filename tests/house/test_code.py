"""What the house asks of every file."""

import ast
import re
import subprocess
import sys
import tokenize
import tomllib
from collections import Counter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from radon.complexity import cc_visit

ROOT = Path(__file__).parents[2]
WORDS = {
    "a note to finish something": r"\b(?:T[O]DO|F[I]XME|X[X]X)\b",
    "a folder of one machine": r"(?<![\w.~-])/(?:work|root|Users)/|/home/(?!user|you|me|ana|someone)\w+",
    "a package index by name": r"(?i)p[y]pi\.org|python[h]osted|repo1?\.m[a]ven\.|registry\.n[p]mjs|art[i]factory",
    "an issue by number": r"(?i)\bissues? #?\d+\b|(?<=[\s(])#\d{1,3}(?=[\s).,:]|$)",
}
#: The articles are others' words; the licence is everybody's.
SAMPLES = ("newsgraph/seeds/", "newsgraph/seeds_one_subject/")
QUOTING = (*SAMPLES, "LICENSE")


def tracked() -> list[Path]:
    """Every text file that git keeps or would keep, links and pictures left out; without git, every file."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listing.stdout.splitlines()]
    return [
        path for path in paths if path.is_file() and not path.is_symlink() and b"\0" not in path.read_bytes()[:8000]
    ]


FILES = tracked()
PYTHON = [path for path in FILES if path.suffix == ".py"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_listing_is_not_empty() -> None:
    names = {name_of(path) for path in FILES}
    assert {"pyproject.toml", "newsgraph/graph/schema.py", "newsgraph/cli/__init__.py", "Makefile"} <= names


#: The complexity of a function or a class at most, by radon's count: what it marks A, B or C. Branches of
#: comprehensions and conditions count here, which ruff's C901 leaves out.
MOST_TANGLED = 20


@pytest.mark.slow
def test_no_function_is_tangled() -> None:
    found = {
        f"{name_of(path)}: {block.fullname}"
        for path in PYTHON
        if name_of(path).startswith("newsgraph/")
        for block in cc_visit(path.read_text("utf-8"))
        if block.complexity > MOST_TANGLED
    }
    assert not found


@pytest.mark.parametrize("kind", WORDS)
def test_no_stray_words(kind: str) -> None:
    found = [
        f"{name_of(path)}:{number}: {match.group()}"
        for path in FILES
        if not name_of(path).startswith(QUOTING)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for match in re.finditer(WORDS[kind], line)
    ]
    assert not found


def test_every_query_text_says_what_it_answers() -> None:
    """A .cypher file opens with a comment: the question, in words."""
    texts = [path for path in FILES if path.suffix == ".cypher"]
    bare = [name_of(path) for path in texts if not re.match(r"// ?\w.{15,}", path.read_text("utf-8"))]
    assert not bare


def test_no_query_text_is_written_in_python() -> None:
    """Above the stores, Cypher lives in .cypher files: no MATCH ... RETURN in a string of queries/ or newsgraph/."""
    found = []
    for path in PYTHON:
        if not name_of(path).startswith("newsgraph/") or name_of(path).startswith("newsgraph/graph/"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        documentation = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        found += [
            f"{name_of(path)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documentation
            and re.search(r"\bMATCH\s*\(.*\bRETURN\b", node.value, re.DOTALL)
        ]
    assert not found


IGNORE = re.compile(
    r"#\s*(?P<rule>type:\s*ignore(?:\[[\w, -]+\])?|noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?)(?P<rest>.*)$"
)
REASON = re.compile(r"#\s*\w")


def _without_reason(line: str) -> bool:
    """Whether a line has an ignore without a reason, be it in a comment or in a text. Few do, and only their files need
    be read as Python."""
    match = IGNORE.search(line)
    return match is not None and not match["rule"].endswith("PLC0415") and not REASON.search(match["rest"])


def test_every_ignore_gives_its_reason() -> None:
    """The first of its kind in a module speaks for those below it. PLC0415 needs none: an import inside a function is
    there to keep the start light, which is the way of the house."""
    bare = []
    for path in PYTHON:
        if not any(map(_without_reason, path.read_text("utf-8").splitlines())):
            continue
        reasons: set[str] = set()
        with path.open("rb") as file:
            comments = [token for token in tokenize.tokenize(file.readline) if token.type == tokenize.COMMENT]
        for comment in comments:
            match = IGNORE.match(comment.string)
            if match is None or match["rule"].endswith("PLC0415"):
                continue
            if REASON.search(match["rest"]):
                reasons.add(match["rule"])
            elif match["rule"] not in reasons:
                bare.append(f"{name_of(path)}:{comment.start[0]}: {match['rule']}")
    assert not bare


def test_every_dependency_says_why_it_is_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = list(project["project"]["dependencies"])
    for extra in project["project"]["optional-dependencies"].values():
        asked += [line for line in extra if not line.startswith("newsgraph")]
    asked += project["build-system"]["requires"]
    names = {re.split(r"[^\w.-]", line)[0].lower() for line in asked}
    said = re.findall(
        r"^\| `([\w.-]+)` \| (.+) \|$", (ROOT / "docs" / "dependencies.md").read_text("utf-8"), re.MULTILINE
    )
    assert {name.lower() for name, _ in said} == names
    assert len(said) == len(names)
    assert all(len(why) > 10 for _, why in said)


#: Imported only where a user's own environment has it.
OPTIONAL = {"IPython": "a notebook", "pandas": "an answer as a data frame, when asked for"}


def test_every_import_is_a_declared_dependency() -> None:
    """Nothing is used that merely came along with something else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [
        *project["dependencies"],
        *(one for name in extras if name not in ("dev", "bench") for one in extras[name]),
    ]
    declared = {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for line in asked}
    distributions = packages_distributions()
    undeclared = set()
    for path in PYTHON:
        if not name_of(path).startswith("newsgraph/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for top in {name.split(".")[0] for name in names} - {"newsgraph", *sys.stdlib_module_names, *OPTIONAL}:
                providers = {name.lower().replace("_", "-") for name in distributions.get(top, [top])}
                if not providers & declared:
                    undeclared.add(f"{name_of(path)}: {top}")
    assert not undeclared


def test_continuous_integration_calls_what_the_readme_says() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert re.search(r"^(?:\$ )?make test\b", readme, re.MULTILINE)
    assert re.search(r"^make test\b", ci, re.MULTILINE)


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in FILES:
        if path.suffix != ".md" or name_of(path).startswith(SAMPLES):
            continue
        for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", path.read_text("utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{name_of(path)}: {target}")
    assert not broken


def test_what_documents_call_by_name_is_there() -> None:
    """Targets of make anywhere, and modules and folders where the house is described."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {
        target
        for path in FILES
        if path.suffix == ".md"
        for target in re.findall(r"(?:`|^\$? ?)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {"test", "check"} <= asked <= targets
    described = "".join((ROOT / name).read_text("utf-8") for name in ("docs/architecture.md", "CONTRIBUTING.md"))
    named = re.findall(
        r"`((?:newsgraph/)?(?:graph|loaders|queries|views|cli|output|lake)/[\w/]+)(?:\.\w+)?`", described
    )
    places = [ROOT / "newsgraph" / name.removeprefix("newsgraph/") for name in named]
    assert len(places) > 10
    assert not [place for place in places if not (place.exists() or place.with_suffix(".py").exists())]


def test_the_layers_that_contributors_read_are_those_that_are_checked() -> None:
    checked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    said = re.findall(r"^newsgraph\..*?(?=  )", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    names = [re.findall(r"newsgraph\.\w+", line) for line in said]
    layers = [re.findall(r"newsgraph\.\w+", layer) for layer in checked["layers"]]
    assert names == [layer for layer in layers if layer != ["newsgraph.version"]]


#: Modules of a folder at most; more are hard to overlook.
MOST_MODULES = 20


def test_no_folder_of_code_is_crowded() -> None:
    counts = Counter(path.parent for path in PYTHON if name_of(path).startswith("newsgraph/"))
    assert len(counts) > 10
    assert {name_of(folder): count for folder, count in counts.items() if count > MOST_MODULES} == {}
