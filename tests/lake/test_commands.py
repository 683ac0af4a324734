"""The commands about lakes, what they say of wrong input, and what a build writes anew."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import newsgraph
from newsgraph.cli import cli
from newsgraph.errors import NewsgraphError, StoreBusyError, StoreFormatError, UsageError, as_options
from newsgraph.graph.transfer import differences
from newsgraph.lake.build import BuildOptions, build
from newsgraph.lake.engine import First, Later, LocalEngine
from newsgraph.lake.graph import LakeGraph
from newsgraph.lake.manifest import read_manifest, write_manifest, writing_lake
from newsgraph.lake.said import Describe
from tests.lake.compare import NOW, SEEDS, build_lake, differing
from tests.lake.test_equality import corpus
from tests.loaders.corpora import put


def run(*arguments: object) -> Result:
    return run_any("lake", *arguments)


def run_any(*arguments: object) -> Result:
    result = CliRunner().invoke(cli, list(map(str, arguments)))
    if isinstance(result.exception, NewsgraphError):
        raise result.exception
    return result


def test_a_walk(tmp_path: Path) -> None:
    lake, file, folder = tmp_path / "lake", tmp_path / "news.kgl", tmp_path / "import"
    said = run("build", SEEDS, lake, "--processes", 1).output
    assert "Loaded 36 files: 36 read" in said and f"Lake: {lake} (this machine)" in said
    assert run("events", lake, "--processes", 1).output == "Events: 14 from 46 stories, 2 copies (derived)\n"
    run("export", lake, "embedded", file)
    run("export", lake, "neo4j-admin", folder)
    with newsgraph.open(str(file)) as store, newsgraph.open("networkx:") as fresh:
        fresh.load(SEEDS)
        assert list(differences(store.store, fresh.store)) == []
        fresh.export("neo4j-admin", tmp_path / "other")
    for one in folder.iterdir():
        if one.name not in {"Source.csv"}:  # it has the time of loading
            assert one.read_bytes() == (tmp_path / "other" / one.name).read_bytes(), one.name


def test_diff_copy_and_info_open_a_lake_and_what_needs_a_store_says_so(tmp_path: Path) -> None:
    folder, lake, file = tmp_path / "corpus", tmp_path / "lake", tmp_path / "news.kgl"
    first = "---\ntitle: First\nwebUrl: https://first.example/1\npublishedDateTime: 2021-03-01T10:00:00Z\n---\n"
    put(folder, {"a.md": first})
    build_lake(lake, folder)
    run_any("copy", lake, file)
    for one, other in ((lake, file), (file, lake), (lake, lake)):
        assert f"{one} and {other} hold the same graph." in run_any("diff", one, other).output
    counted, of_store = (json.loads(run_any("info", "--format", "json", "--store", one).output) for one in (lake, file))
    del counted["store"], of_store["store"], counted["folders"], of_store["folders"]  # a copy leaves paths out
    assert counted == of_store and counted["nodes"]["Story"] == counted["date_quality"]["exact"] == 1
    (folder / "b.md").write_text(first.replace("example/1", "example/2"), encoding="utf-8")
    build(LocalEngine(1), lake, [folder], BuildOptions(now=NOW))
    told = run_any("diff", lake, file)
    assert told.exit_code == 1 and "- Story https://first.example/2\n" in told.output
    assert f"older than the stories: newsgraph lake events {lake}" in run_any("info", "--store", lake).output
    for command in (("ask", "scoops", "--store", lake), ("load", folder, "--store", lake), ("copy", file, lake)):
        with pytest.raises(UsageError, match=rf"is a lake, not a store\. Export it: newsgraph lake export {lake} "):
            run_any(*command)
    with pytest.raises(NewsgraphError, match="it is a folder, not a store"):
        run_any("diff", tmp_path, lake)


@pytest.mark.slow
def test_a_new_day_touches_its_partitions_and_those_beside_them(tmp_path: Path) -> None:
    files = corpus(tmp_path / "corpus", 300, 60)
    last = [file.read_bytes() for file in files[-2:]]
    for file in files[-2:]:
        file.unlink()
    build_lake(tmp_path / "lake", tmp_path / "corpus", days=4)
    before = read_manifest(tmp_path / "lake")
    build_lake(tmp_path / "lake", tmp_path / "corpus", days=4)
    assert read_manifest(tmp_path / "lake") == before, "nothing changed, and nothing is derived"
    for file, data in zip(files[-2:], last, strict=True):
        file.write_bytes(data)
    build_lake(tmp_path / "lake", tmp_path / "corpus", days=4)
    after = read_manifest(tmp_path / "lake")
    parts = sorted((part for part in after.tables["Story"] if part.isdigit()), key=int)
    changed = [part for part in parts if before.tables["Story"].get(part) != after.tables["Story"][part]]
    assert changed == parts[-len(changed) :] and len(changed) <= 2
    derived = [part for part in parts if before.derived.get(part) != after.derived[part]]
    assert len(derived) < len(parts) / 2
    for part in derived:  # what it was derived from reaches one that changed
        assert any(after.derived[part].first <= int(one) <= after.derived[part].last for one in changed)
    assert len(set(before.chunks) & set(after.chunks)) == len(before.chunks), "no file that was read is written again"


def test_a_build_reads_only_records_that_can_matter_and_writes_only_what_changes(tmp_path: Path) -> None:
    folder, lake = tmp_path / "corpus", tmp_path / "lake"

    def article(number: int, day: int, topic: str, related: int | None = None) -> str:
        listed = "" if related is None else f"related:\n- title: Other\n  webUrl: https://first.example/{related}\n"
        head = f"title: Article {number}\nwebUrl: https://first.example/{number}\ntopics: [{topic}]\n"
        return f"---\n{head}publishedDateTime: 2021-03-{day:02}T10:00:00Z\n{listed}---\n"

    files = {f"{number}.md": article(number, number + 1, f"Topic {number}") for number in range(6)}
    files["6.md"] = article(6, 7, "Topic 6", related=5)
    put(folder, files)
    build_lake(lake, folder, days=1, files=1)
    before = read_manifest(lake)
    whole = {chunk.file: (lake / chunk.file).read_bytes() for chunk in before.chunks}
    for chunk in before.chunks:  # of the records of all but two files nothing is left
        table = pq.read_table(lake / chunk.file, partitioning=None)
        if not table["id"][0].as_py().endswith(("/5.md", "/6.md")):
            broken = pa.array(["broken"], table.schema.field("records").type)
            table = table.set_column(table.schema.get_field_index("records"), "records", broken)
            pq.write_table(table, lake / chunk.file)
    write_manifest(lake, replace(before, sums={}))  # the checksums are those of the files as they are now
    (folder / "7.md").write_text(article(5, 6, "Topic 7"), encoding="utf-8")
    build_lake(lake, folder, days=1, files=1)
    for name, data in whole.items():
        (lake / name).write_bytes(data)
    write_manifest(lake, replace(read_manifest(lake), sums={}))
    assert differing(lake, folder) == []
    after = read_manifest(lake)
    assert [
        name for name in after.tables["Story"] if after.tables["Story"][name] != before.tables["Story"].get(name)
    ] == []
    for name in ("ABOUT", "MENTIONS", "Topic", "said"):  # one partition, one file, and the bucket of Topic 7
        assert len(_changed(before.files(name), after.files(name))) == 1, name


def _changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {part for part in before.keys() | after.keys() if before.get(part) != after.get(part)}


def test_wrong_names(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only one name is given"):
        run("build", tmp_path / "lake")
    with pytest.raises(NewsgraphError, match=r"is no lake\. Make one: newsgraph lake build FOLDER LAKE"):
        run("events", tmp_path)
    (tmp_path / "mine.txt").touch()
    with pytest.raises(UsageError, match="is a folder with other files"):
        run("build", SEEDS, tmp_path)
    with pytest.raises(UsageError, match="is for this machine"):
        run("build", SEEDS, tmp_path / "lake", "--master", "local[1]", "--processes", 2)


def test_a_lake_keeps_its_partitions_and_one_writer(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    build_lake(lake, SEEDS)
    with pytest.raises(UsageError, match="the partitions of this lake have 28 days"):
        build(LocalEngine(1), lake, [SEEDS], BuildOptions(days=7, now=NOW))
    with writing_lake(lake), pytest.raises(StoreBusyError):
        build(LocalEngine(1), lake, [SEEDS], BuildOptions(now=NOW))
    with pytest.raises(UsageError, match="answers no Cypher"):
        LakeGraph(lake).query("MATCH (n) RETURN n")
    for file in (lake / "Story").iterdir():
        file.write_bytes(b"damaged")
    with pytest.raises(StoreFormatError, match="is damaged"):
        list(LakeGraph(lake).nodes("Story"))
    (lake / "lake.json").write_text("{}")
    with pytest.raises(StoreFormatError, match="is no manifest"):
        read_manifest(lake)


class Stopped(LocalEngine):
    """Is stopped when it has written the files of a build."""

    def run(self, tasks: Sequence[Any], first: First, *later: Later) -> list[Any]:
        found = super().run(tasks, first, *later)
        if later and isinstance(later[-1], Describe):
            raise KeyboardInterrupt
        return found


def test_a_stopped_build_changes_nothing_and_old_files_go_after_a_day(tmp_path: Path) -> None:
    folder, lake = tmp_path / "corpus", tmp_path / "lake"
    put(folder, {"a.md": "---\ntitle: First\nwebUrl: https://first.example/1\n---\n"})
    build_lake(lake, folder)
    before, stories = read_manifest(lake), list(LakeGraph(lake).nodes("Story"))
    put(folder, {"a.md": "---\ntitle: Second\nwebUrl: https://first.example/1\n---\n"})
    with pytest.raises(KeyboardInterrupt):
        build_lake(lake, folder, engine=Stopped(1))
    assert read_manifest(lake) == before and list(LakeGraph(lake).nodes("Story")) == stories
    build_lake(lake, folder)
    assert read_manifest(lake).named() != before.named()
    assert all((lake / file).exists() for file in before.named()), "readers of the older state may need them"
    for file in lake.glob("*/*.parquet"):
        os.utime(file, (0, 0))
    put(folder, {"a.md": "---\ntitle: Third\nwebUrl: https://first.example/1\n---\n"})
    build_lake(lake, folder)
    there = {f"{file.parent.name}/{file.name}" for file in lake.glob("*/*.parquet")}
    assert read_manifest(lake).named() <= there and not there & (before.named() - read_manifest(lake).named())


def test_options_of_other_programs_are_left_as_they_are() -> None:
    command = "neo4j-admin --input-encoding=UTF-8 --relationships=ABOUT=ABOUT.csv"
    assert as_options(command) == command


@pytest.mark.slow
def test_a_table_of_very_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_lake(tmp_path / "lake", SEEDS, days=1, files=3)
    graph = LakeGraph(tmp_path / "lake")
    whole = [list(graph.nodes("Story")), list(graph.edges("MENTIONS"))]
    assert len(graph.manifest.files("Story")) > 6 and len(graph.manifest.files("MENTIONS")) > 6
    monkeypatch.setattr("newsgraph.lake.tables.MOST_OPEN", 3)
    assert [list(graph.nodes("Story")), list(graph.edges("MENTIONS"))] == whole
