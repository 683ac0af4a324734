"""Promise: a password that somebody put into an address isn't repeated, however the address is mistyped."""

from __future__ import annotations

import pytest

from newsgraph.errors import NewsgraphError
from newsgraph.graph.stores.registry import open_store

SECRET = "geheim"
HOST = "host.invalid"
ADDRESSES = [
    "neo4j ://u:{}@{}", " neo4j://u:{}@{}", "neo4j:// u:{}@{}", "ne o4j://u:{}@{}", "neo4j+s ://u:{}@{}",
    "bolt :u:{}@{}",
    "NEO4J://u:{}@{}:x", "neo4j:/u:{}@{}", "neo4j//u:{}@{}", "neo4j;//u:{}@{}", "http://u:{}@{}", "neo4j://h?password={}",
    "neo4j://h/u:{}@{}", "neo4j\t://u:{}@{}", "neo4j://u:{}", "neo4j://u:ge{}@{}", "neo4j\u200b://u:{}@{}",
    "neo4j\uff1a//u:{}@{}", "neo4j:///u:{}@{}", "neo4j+ssc://u:#{}@{}", "neo4j://u:/{}@{}", "neo4j://u:?{}@{}",
    "neo4j@u:{}@{}", "'neo4j://u:{}@{}'", "neo4j\n://u:{}@{}", "\u00a0neo4j://u:{}@{}", "neo4j://u:{}@{}/x", "u:{}@{}",
    "neo4j://u:\n{}@{}", "neo4 j:u:\n{}@{}",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_not_repeated(address: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    for options in ({}, {"create": False, "readonly": True}):
        with pytest.raises(NewsgraphError) as caught:
            open_store(address.format(SECRET, HOST), **options)
        assert SECRET not in str(caught.value)


def test_a_file_may_be_called_so(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    with open_store("news.kgl"):
        pass
    import pathlib

    pathlib.Path("news.kgl").rename("12:00 me@work.kgl")
    open_store("12:00 me@work.kgl", create=False, readonly=True).close()
