"""Promise: a process that is killed leaves nothing that stays, no link beside a store is followed, and a store that is
write-protected is not overwritten."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgraph.errors import InputError, StoreError, StoreWriteError, TargetExistsError
from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.researcher.correcting import kept_corrections
from newsgraph.output.atomic_files import folder_target
from newsgraph.output.leftovers import name_beside, remove_leftovers
from newsgraph.views.site.folder import SiteFolder
from tests.security.graphs import graph
from tests.security.leftovers import left

ROOT = Path(__file__).parents[2]
URLS = ["{}/news.kgl", "networkx:{}/news.json"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes, links and modes as POSIX has them")


def killed(url: str, where: str) -> None:
    """Starts a process that writes and is killed just before ``where`` is called."""
    code = textwrap.dedent(
        f"""
        import os, signal, sys
        from pathlib import Path
        from newsgraph.graph.stores.registry import open_store
        from tests.security.graphs import graph
        store = open_store(sys.argv[1])
        store.write(graph(30))
        {where} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        store.save()
        """
    )
    done = subprocess.run([sys.executable, "-c", code, url], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("where", ["Path.replace", "os.fsync"])
def test_the_next_run_takes_away_what_a_killed_one_left(tmp_path: Path, url: str, where: str) -> None:
    url = url.format(tmp_path)
    name = Path(url.removeprefix("networkx:")).name
    with open_store(url) as store:
        store.write(graph())
    killed(url, where)
    assert len(list(tmp_path.iterdir())) > 1
    with open_store(url) as store:
        assert len(list(store.nodes("Story"))) == 20, "what was saved before is still there"
        store.write(Batch([Node("Topic", "new")]))
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_only_what_is_ours_and_dead_is_taken_away(tmp_path: Path) -> None:
    store = tmp_path / "news.kgl"
    host = next(iter(os.uname().nodename.split())).replace(".", "-")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kept = [
        tmp_path / "news.kgl.txt",
        tmp_path / f"other.kgl.tmp.{gone.pid}.0",
        tmp_path / f".news.kgl.{host}.{os.getpid()}.00ff.part",  # ours, and alive
        tmp_path / f".news.kgl.elsewhere.{gone.pid}.00ff.part",  # of another machine
        tmp_path / "news.kgl.tmp",
    ]
    for path in kept:
        path.touch()
    for name in (f".news.kgl.{host}.{gone.pid}.0a1b.part", f".news.kgl.{gone.pid}.tmp", f"news.kgl.tmp.{gone.pid}.3"):
        (tmp_path / name).touch()
    (tmp_path / f".news.kgl.{host}.{gone.pid}.0a1b.old").mkdir()  # what the store was: there is none now
    (tmp_path / f".news.kgl.{gone.pid}.part").symlink_to(kept[0])
    remove_leftovers(store)
    assert set(kept) <= set(tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == len(kept) + 2
    store.touch()
    remove_leftovers(store)
    assert len(list(tmp_path.iterdir())) == len(kept) + 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing says when a process began")
def test_the_number_of_a_killed_process_may_have_another_one_now(tmp_path: Path) -> None:
    ours = name_beside(tmp_path / "news.kgl", "part")
    ours.touch()
    before = ours.with_name(ours.name.replace(f".{os.getpid()}-", f".{os.getpid()}-9"))
    assert before != ours
    before.touch()
    remove_leftovers(tmp_path / "news.kgl")
    assert list(tmp_path.iterdir()) == [ours]


def test_a_folder_that_was_about_to_be_replaced_goes_when_the_new_one_is_there(tmp_path: Path) -> None:
    target = tmp_path / "tables"
    old = left(target, "old")
    old.mkdir()
    (old / "Story.csv").touch()
    left(target).mkdir()
    with pytest.raises(ZeroDivisionError), folder_target(target, force=False, ours=bool):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == [old], "it is all that is left of the target"
    with folder_target(target, force=False, ours=bool) as folder:
        (folder / "Story.csv").touch()
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_no_site_keeps_what_other_programs_left(tmp_path: Path) -> None:
    gone = left(tmp_path / "x").name.split(".")[-3].partition("-")[0]
    kept = {tmp_path / f".letter.{gone}.tmp", tmp_path / f".letter.{gone}.part", tmp_path / f"letter.tmp.{gone}.1"}
    for path in kept:
        path.touch()
    with pytest.raises(TargetExistsError):
        SiteFolder(tmp_path)
    assert set(tmp_path.iterdir()) == kept


@pytest.mark.parametrize("listed", [True, False], ids=["a site", "killed before it was known as a site"])
def test_a_site_is_completed_and_nothing_of_the_killed_process_stays(tmp_path: Path, listed: bool) -> None:
    site, pages = tmp_path / "site", [("index.html", b"1"), ("outlets/a.html", b"2")]
    if listed:
        SiteFolder(site).write(pages)
        left(site / "outlets" / "a.html").touch()
    site.mkdir(exist_ok=True)
    left(site / "newsgraph-site.json").touch()
    SiteFolder(site).write(pages)
    names = sorted(str(one.relative_to(site)) for one in site.rglob("*") if one.is_file())
    assert names == ["index.html", "newsgraph-site.json", str(Path("outlets", "a.html"))]


@pytest.mark.parametrize("ending", [".lock", ".lock-owner"])
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_beside_the_store_is_not_followed(tmp_path: Path, ending: str, exists: bool) -> None:
    url, victim = str(tmp_path / "news.kgl"), tmp_path / "victim"
    with open_store(url) as store:
        store.write(graph())
    if exists:
        victim.write_text("precious", encoding="utf-8")
    Path(url + ending).symlink_to(victim)
    with pytest.raises(StoreError, match="is a link"):
        open_store(url)
    assert victim.exists() == exists
    assert not exists or victim.read_text(encoding="utf-8") == "precious"
    with open_store(url, readonly=True) as store:
        assert len(list(store.nodes("Story"))) == 20
    Path(url + ending).unlink()
    open_store(url).close()


@pytest.mark.parametrize("ending", [".lock", ".lock-owner", ".corrections.csv"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["a FIFO", "a folder"])
def test_what_is_no_file_beside_the_store_is_named_and_not_waited_for(
    tmp_path: Path, ending: str, make: Callable[[Path], None]
) -> None:
    url = str(tmp_path / "news.kgl")
    with open_store(url) as store:
        store.write(graph())
    beside = Path(url + ending) if "lock" in ending else tmp_path / f"news{ending}"
    make(beside)
    with pytest.raises((StoreError, InputError), match=re.escape(beside.name)), open_store(url) as store:
        kept_corrections(store)
    with open_store(url, readonly=True) as store:
        assert len(list(store.nodes("Story"))) == 20


@pytest.mark.parametrize("url", URLS)
def test_a_link_to_itself_in_place_of_the_store_is_one_line(tmp_path: Path, url: str) -> None:
    url = url.format(tmp_path)
    path = Path(url.removeprefix("networkx:"))
    path.symlink_to(path.name)
    for options in ({}, {"readonly": True}, {"readonly": True, "defer": True}):
        with pytest.raises(StoreError, match="can't be"):
            open_store(url, **options)


@pytest.mark.parametrize("url", URLS)
def test_a_write_protected_store_is_not_overwritten(tmp_path: Path, url: str) -> None:
    url = url.format(tmp_path)
    path = Path(url.removeprefix("networkx:"))
    with open_store(url) as store:
        store.write(graph())
    path.chmod(0o400)
    before = path.read_bytes()
    store = open_store(url)
    for change in (lambda: store.write(graph(25)), lambda: store.query("CREATE (:Topic {id: 'x'})", write=True)):
        with pytest.raises(StoreWriteError, match="write-protected"):
            change()
    store.close()
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o400
    # Protected while it is open: what is in memory isn't written either.
    path.chmod(0o600)
    store = open_store(url)
    store.write(graph(25))
    path.chmod(0o400)
    with pytest.raises(StoreWriteError, match="write-protected"):
        store.save()
    store.close()
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
