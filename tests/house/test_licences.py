"""What newsgraph needs to run may be used beside code under the MIT licence: no package under a GPL is among it.

Every package that an installation brings is looked at, by what its own metadata says: the licence expression (PEP 639),
else the old licence field where it is short, else the classifiers. What says nothing clear stands in a table that was
checked by hand. A licence that isn't known here fails the test, so that somebody reads it.

The Mozilla Public License is allowed. It asks that changes of its own files stay under it, and leaves the licence of a
larger work that uses these files to its authors (section 3.3). newsgraph changes none of them and contains none. So is
an exception by which everybody may use a library without its licence reaching their program: that of GCC's runtime
libraries, which the wheels of numpy and scipy carry.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]

#: Names of the SPDX list (https://spdx.org/licenses/) for licences that ask for no more than a notice.
PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0", "PSF-2.0",
    "Python-2.0", "Unlicense", "W3C", "Zlib",
}  # fmt: skip
WEAK_BY_FILE = {"MPL-2.0"}
WITH_EXCEPTION = {"GPL-3.0-or-later WITH GCC-exception-3.1", "Apache-2.0 WITH LLVM-exception"}
ALLOWED = PERMISSIVE | WEAK_BY_FILE | WITH_EXCEPTION

#: What older metadata says, as an expression. "BSD" alone may be any of its forms, all of them permissive.
NAMES = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "GNU General Public License (GPL)": "GPL-2.0-or-later",
    "ISC License (ISCL)": "ISC",
    "ISC license": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "W3C License": "W3C",
}

#: Packages whose metadata is unclear, or that only other systems install: the licence and where it is said.
CHECKED = {
    "colorama": ("BSD-3-Clause", "LICENSE.txt of the package; installed on Windows, by click"),
    "pywin32": (
        "PSF-2.0",
        "the metadata of its wheel; installed on Windows, by mcp. It carries adodbapi under the LGPL, which "
        "nothing here uses",
    ),
    "pyspark": ("Apache-2.0", "its metadata; an extra that is not installed here. It brings py4j under BSD-3-Clause"),
    "locate": ("MIT", "its LICENSE is the MIT licence word by word; the classifier says 'Other'"),
}

#: Where requirements are asked for: a package that any of these installs counts.
SYSTEMS = [
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
]
VERSIONS = ["3.11", "3.12", "3.13", "3.14"]


def plain(name: str) -> str:
    """The name of a package as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression leaves a choice that is allowed; one that can't be read doesn't."""
    tokens = re.findall(r"[()]|[^\s()]+(?:\s+WITH\s+[^\s()]+)?", expression)
    words = {"AND": "and", "OR": "or", "(": "(", ")": ")"}
    # Nothing but these four words, True and False reaches eval.
    readable = " ".join(words.get(token) or str(re.sub(r"\s+", " ", token) in ALLOWED) for token in tokens)
    try:
        return bool(eval(readable))
    except (SyntaxError, TypeError):
        return False


def licence_of(package: Distribution) -> str | None:
    """The licence as an SPDX expression; None where the metadata doesn't say it clearly."""
    metadata = package.metadata
    name = plain(metadata["Name"])
    if name in CHECKED:
        return CHECKED[name][0]
    if metadata["License-Expression"]:
        return metadata["License-Expression"]
    classifiers = [
        line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier", []) if line.startswith("License")
    ]
    field = (metadata["License"] or "").strip()
    # A whole licence may stand in the field, with the words of licences of what the package carries.
    short = field if field and len(field) < 60 and field != "UNKNOWN" else ""
    said = [NAMES.get(one, one) for one in ([short] if short else classifiers)]
    return " AND ".join(said) or None


@dataclass(frozen=True)
class Needed:
    name: str
    by: str


def asked_by_project() -> Iterator[Requirement]:
    """What ``pip install newsgraph`` brings, with every extra that is there for users."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for line in [
        *project["dependencies"],
        *(one for name in extras if name not in ("dev", "bench") for one in extras[name]),
    ]:
        yield Requirement(line)


def is_asked(requirement: Requirement, extras: frozenset[str]) -> bool:
    """Whether any system and version installs it, with these extras of the package that asks."""
    marker = requirement.marker
    return marker is None or any(
        marker.evaluate({**system, "python_version": version, "python_full_version": f"{version}.0", "extra": extra})
        for system in SYSTEMS
        for version in VERSIONS
        for extra in extras
    )


def needed() -> tuple[dict[str, Distribution], set[Needed]]:
    """Every package that newsgraph brings, by name, and those that aren't installed here."""
    there: dict[str, Distribution] = {}
    missing: set[Needed] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(requirement, "newsgraph") for requirement in asked_by_project()]
    while waiting:
        requirement, by = waiting.pop()
        name, extras = plain(requirement.name), frozenset({"", *requirement.extras})
        if name == "newsgraph" or (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            there[name] = distribution(name)
        except PackageNotFoundError:
            missing.add(Needed(name, by))
            continue
        waiting += [
            (further, name) for further in map(Requirement, there[name].requires or []) if is_asked(further, extras)
        ]
    return there, missing


def test_no_package_that_newsgraph_needs_is_under_a_licence_that_reaches_newsgraph() -> None:
    there, missing = needed()
    assert {"kglite", "numpy", "ipython", "zstandard"} <= set(there)  # direct, through another, through an extra
    refused = []
    for name, package in sorted(there.items()):
        licence = licence_of(package)
        if licence is None or not is_allowed(licence):
            refused.append(
                f"{name} {package.version}: {licence or 'its metadata says no licence: read it, and add it to CHECKED'}"
            )
    refused += [
        f"{one.name}, which {one.by} asks for on some system: add it to CHECKED"
        for one in missing
        if one.name not in CHECKED
    ]
    assert not refused


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", True),
        ("MPL-2.0", True),
        ("MIT OR GPL-2.0-only", True),
        ("(LGPL-2.1-only OR MIT) AND BSD-2-Clause", True),
        ("BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("GPL-3.0", False),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("LGPL-2.1-or-later", False),
        ("MIT AND LGPL-3.0-only", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("SSPL-1.0", False),
        ("Other/Proprietary License", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("", False),
        ("AND", False),
        ("MIT (MIT)", False),
        ("__import__('os')", False),
    ],
)
def test_which_licences_are_allowed(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("License-Expression: Apache-2.0 AND MIT\nLicense: GPL", "Apache-2.0 AND MIT"),
        ("License: GPL-3.0", "GPL-3.0"),
        ("License: MIT License\nClassifier: License :: OSI Approved :: MIT License", "MIT"),
        ("Classifier: License :: OSI Approved :: BSD License", "BSD-3-Clause"),
        (
            "Classifier: License :: OSI Approved :: GNU Affero General Public License v3",
            "GNU Affero General Public License v3",
        ),
        (
            "License: " + "A licence in full. " * 9 + "\nClassifier: License :: OSI Approved :: BSD License",
            "BSD-3-Clause",
        ),
        ("License: UNKNOWN", None),
        ("Summary: says nothing", None),
    ],
)
def test_what_metadata_says_of_a_licence_is_read(tmp_path: Path, metadata: str, licence: str | None) -> None:
    (tmp_path / "METADATA").write_text(f"Metadata-Version: 2.1\nName: sample\nVersion: 1\n{metadata}\n", "utf-8")
    assert licence_of(Distribution.at(tmp_path)) == licence


def test_a_table_of_hand_checked_packages_holds_no_more_than_it_must() -> None:
    there, missing = needed()
    assert set(CHECKED) <= {*there, *(one.name for one in missing)}
    assert all(is_allowed(licence) and len(where) > 20 for licence, where in CHECKED.values())


def test_the_document_says_each_licence_as_the_package_does() -> None:
    """The package's own licence, which comes first; those of parts that it carries change with its versions."""
    rows = re.findall(
        r"^\| `([\w.-]+)` \| ([^|]+) \| .+ \|$", (ROOT / "docs" / "dependencies.md").read_text("utf-8"), re.MULTILINE
    )
    compared = 0
    for name, said in rows:
        try:
            licence = licence_of(distribution(name))
        except PackageNotFoundError:
            continue  # of an extra that isn't installed here
        assert licence is not None, name
        assert said.split()[0] == licence.split()[0], name
        compared += 1
    assert compared > 30
