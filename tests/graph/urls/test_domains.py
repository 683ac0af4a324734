"""Hosts: the public suffix of each, against publicsuffixlist."""

from __future__ import annotations

from pathlib import Path

import pytest
from publicsuffixlist import PSLFILE, PublicSuffixList

from newsgraph.graph.urls import domains

OTHERS = ["example", "a.example", "localhost", "a.b.c.d.e.f.g.h.i.j.k.l.com", "com", "www.com", "é.fr", "1.2.3.4.5"]


@pytest.fixture(scope="module")
def rules() -> list[str]:
    with Path(PSLFILE).open(encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("//")]


def test_suffixes_are_those_of_publicsuffixlist(rules: list[str]) -> None:
    known = PublicSuffixList(accept_unknown=False, accept_encoded_idn=False)
    names = [*OTHERS, *(rule.lstrip("!*.") for rule in rules)]
    assert len(names) > 5_000
    for name in names:
        for host in (name, f"a.{name}", f"b.a.{name}", f"www.b.a.{name}", name.partition(".")[2] or name):
            depth = domains._labels_of_suffix(host.split("."))
            suffix = ".".join(host.split(".")[-depth:]) if depth else None
            assert suffix == known.publicsuffix(host), host


def test_no_rule_is_longer_than_is_looked_for(rules: list[str]) -> None:
    assert max(rule.count(".") + 1 for rule in rules) < domains._LONGEST_RULE
