"""Decisions about outlets: what they make of the outlets file, and the commands that make them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import newsgraph
from newsgraph.cli import cli
from newsgraph.errors import UnknownNameError, UsageError
from newsgraph.graph.corrections import Conflict, Corrections, Decision, Kind
from newsgraph.graph.outlet_decisions import outlets_decided
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.loaders.researcher.own_hosts import likely_own_hosts
from newsgraph.queries.provenance import corpus_hash

FILE = OutletDirectory({"bbc.co.uk": "bbc.com", "bbc.com": "bbc.com"}, {"bbc.com": {"name": "BBC", "group": "Public"}})


def join(to: str, *others: str) -> Decision:
    return Decision(Kind.OUTLET_JOIN, others, to=to)


def apart(*hosts: str) -> Decision:
    return Decision(Kind.OUTLET_APART, hosts)


def put(outlet: str, value: str) -> Decision:
    return Decision(Kind.OUTLET_SET, (outlet,), value=value)


def outlet(decided: tuple[Decision, ...], url: str, provider: str | None = None) -> str | None:
    found = outlets_decided(FILE, Corrections(decided)).directory.outlet_of(url, provider)
    return found.id if found else None


def test_a_join_holds_for_the_outlet_wherever_its_stories_are() -> None:
    decided = (join("guardian.com", "theguardian.co.uk"),)
    assert outlet(decided, "https://theguardian.co.uk/1") == "guardian.com"
    assert outlet(decided, "https://msn.com/1", "theguardian.co.uk") == "guardian.com"
    assert outlet(decided, "https://guardian.com/1", "other.com") == "other.com", "credits are left alone"
    joined = outlets_decided(FILE, Corrections(decided)).directory.outlet_of("https://theguardian.co.uk/1")
    assert joined is not None and joined.domain == "guardian.com"


def test_a_host_that_is_put_apart_may_be_joined_to_another() -> None:
    decided = (apart("abcnews.go.com"), join("abc.com", "abcnews.go.com"))
    assert outlet(decided, "https://money.abcnews.go.com/1") == "abc.com"
    assert outlet(decided, "https://espn.go.com/1") == "go.com"
    assert not outlets_decided(FILE, Corrections(decided)).conflicts


def test_what_the_file_joins_is_put_apart() -> None:
    assert outlet((), "https://bbc.co.uk/1") == "bbc.com"
    assert outlet((apart("bbc.co.uk"),), "https://bbc.co.uk/1") == "bbc.co.uk"


def test_the_later_decision_holds_and_the_pair_is_named() -> None:
    parted = outlets_decided(FILE, Corrections((join("a.com", "b.com", "c.com"), apart("a.com"))))
    assert parted.conflicts == (Conflict(1, 2),)
    assert dict(parted.directory.joined) == {"c.com": "b.com"}, "the others stay one"
    turned = outlets_decided(FILE, Corrections((join("a.com", "b.com"), join("b.com", "a.com"))))
    assert dict(turned.directory.joined) == {"a.com": "b.com"}
    named = outlets_decided(FILE, Corrections((put("bbc.com", "name=X"), put("bbc.co.uk", "name=Y"))))
    assert named.conflicts == (Conflict(1, 2),)
    assert named.directory.facts("bbc.com") == {"name": "Y", "group": "Public"}


def test_a_host_stands_for_itself_and_may_be_put_back() -> None:
    decided = (join("abc.com", "abcnews.go.com"),)
    assert outlet(decided, "https://money.abcnews.go.com/1") == "abc.com"
    assert outlet(decided, "https://espn.go.com/1") == "go.com", "the rest of the domain is no part of it"
    assert outlet((join("go.com", "espn.go.com"),), "https://espn.go.com/1") == "go.com"
    back = outlets_decided(FILE, Corrections((apart("espn.go.com"), join("go.com", "espn.go.com"))))
    assert back.conflicts == (Conflict(1, 2),)
    found = back.directory.outlet_of("https://espn.go.com/1")
    assert found is not None and found.id == "go.com"


def test_a_value_is_that_of_the_outlet_that_stands_for_all_and_an_empty_one_takes_it_away() -> None:
    decided = Corrections((put("b.com", "owner=Quay"), join("bbc.com", "b.com"), put("bbc.com", "group=")))
    assert outlets_decided(FILE, decided).directory.facts("bbc.com") == {"name": "BBC", "owner": "Quay"}


STORY = "---\ntitle: {title}\nwebUrl: https://{host}/{n}\npublishedDateTime: 2021-03-01T1{n}:00:00Z\n---\n"


@pytest.fixture
def store(tmp_path: Path) -> str:
    folder = tmp_path / "stories"
    folder.mkdir()
    hosts = ("ledger.org", "ledger.org", "ledger-online.org", "money.ledger.org", "gazette.org")
    for n, host in enumerate(hosts):
        title = f"Kessock Dam breach floods the valley, {n} villages evacuated"
        (folder / f"{n}.md").write_text(STORY.format(title=title, host=host, n=n))
    path = str(tmp_path / "news.kgl")
    with newsgraph.open(path) as graph:
        graph.load(folder)
    return path


def run(store: str, *args: str) -> Result:
    return CliRunner().invoke(cli, [*args, "--store", store])


def outlets(store: str) -> dict[str, str]:
    with newsgraph.open(store, readonly=True) as graph:
        return {node.id: str(node.properties["name"]) for node in graph.store.nodes("Outlet")}


def test_commands_show_what_changes_and_undo_takes_it_back(store: str) -> None:
    before = outlets(store)
    asked = run(store, "outlets", "join", "ledger.org", "ledger-online.org", "--dry-run")
    assert asked.output.splitlines()[:4] == [
        "- ledger-online.org (ledger-online.org): 1 story",
        "- ledger.org (ledger.org): 3 stories",
        "+ ledger.org (ledger.org): 4 stories",
        "- Kessock Dam breach floods the valley, 0 villages evacuated: 5 stories of 3 outlets, "
        "first ledger.org at 2021-03-01T10:00:00Z",
    ]
    assert "5 stories of 2 outlets" in asked.output and asked.output.endswith("Nothing written.\n")
    assert outlets(store) == before
    assert run(store, "outlets", "join", "ledger.org", "ledger-online.org", "--yes").exit_code == 0
    assert set(outlets(store)) == {"ledger.org", "gazette.org"}
    assert run(store, "outlets", "apart", "money.ledger.org", "--yes").exit_code == 0
    with newsgraph.open(store, readonly=True) as graph:
        hash_before = corpus_hash(graph.store)
    said = run(store, "outlets", "set", "ledger.org", "name=The Ledger", "country=Germany", "--yes", "--why", "own")
    assert "+ The Ledger (ledger.org): 3 stories, country=Germany" in said.output
    assert outlets(store)["ledger.org"] == "The Ledger"
    with newsgraph.open(store) as graph:
        assert corpus_hash(graph.store) != hash_before, "what made an answer is told"
        assert [row.first_outlet for row in graph.ask("events", where="country=Germany")] == ["ledger.org"]
        graph.load([])  # decisions stay
    assert outlets(store)["ledger.org"] == "The Ledger" and "money.ledger.org" in outlets(store)
    kept = (Path(store).parent / "news.corrections.csv").read_text()
    assert "outlet-join,ledger-online.org,ledger.org,,," in kept and "outlet-set,ledger.org,,," in kept
    assert run(store, "corrections", "--undo-all", "--yes").exit_code == 0
    assert outlets(store) == before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("set", "ledger.org", "name"), "COLUMN=VALUE"),
        (("set", "ledger.org", "domain=x.com"), "COLUMN=VALUE"),
        (("set", "Ledgre", "name=X"), "no outlet goes by that"),
        (("join", "ledger.org"), "Name two outlets"),
        (("join", "ledger.org", "www.ledger.org"), "Name two outlets"),
        (("apart", "https://ledger.org/page"), "HOST: https://ledger.org/page is no domain. Write one such as"),
        (("apart", "Ledger org"), "is the outlet ledger.org, and no host. Name one of its hosts"),
    ],
)
def test_wrong_decisions_are_refused(store: str, args: tuple[str, ...], said: str) -> None:
    found = run(store, "outlets", *args, "--yes")
    assert isinstance(found.exception, (UsageError, UnknownNameError)) and said in str(found.exception)


def test_an_outlet_that_isnt_there_is_waited_for_and_a_contradiction_is_named(store: str) -> None:
    assert (
        "nowhere.org: no outlet of the store; the decision waits"
        in run(store, "outlets", "set", "nowhere.org", "name=X", "--yes").output
    )
    said = run(store, "outlets", "set", "money.ledger.org", "name=Money", "--yes").output
    assert "money.ledger.org: no outlet of the store, its stories are of ledger.org; the decision waits for one" in said
    assert outlets(store)["ledger.org"] == "ledger.org", "a decision about a host is none about the whole domain"
    assert run(store, "outlets", "set", "ledger.org", "name=A", "--yes").exit_code == 0
    assert "contradict each other" in run(store, "outlets", "set", "ledger.org", "name=B", "--yes").output
    listed = run(store, "corrections", "--format", "csv").output
    assert "not in the store: nowhere.org" in listed and "overruled by 4" in listed


def test_the_store_of_the_group_counts(store: str) -> None:
    found = CliRunner().invoke(cli, ["outlets", "--store", store, "set", "ledger.org", "name=A", "--yes"])
    assert found.exit_code == 0 and outlets(store)["ledger.org"] == "A"


def test_hosts_that_may_be_papers_of_their_own_are_found_and_put_apart(tmp_path: Path) -> None:
    """Several names for several hosts that don't bear them; sections, editions and single stories are no sign."""
    told = [
        *[("et.indiatimes.com", "Economic Times")] * 4,
        *[("toi.indiatimes.com", "Times of India")] * 3,
        ("toi.indiatimes.com", "Economic Times"),
        *[("toi.indiatimes.com", "Times of India (blog)")] * 2,
        *[("reuters.com", "Reuters"), ("in.reuters.com", "Reuters India")] * 3,
        *[("wsj.com", "Wall Street Journal"), ("blogs.wsj.com", "Wall Street Journal (blog)")] * 3,
        ("cnn.com", "CNN"),
        ("tech.fortune.cnn.com", "Fortune"),
        *[("bizjournals.com", name) for name in ("Baltimore Business Journal", "Denver Business Journal")] * 2,
    ]
    folder = tmp_path / "stories"
    folder.mkdir()
    for n, (host, name) in enumerate(told):
        (folder / f"{n}.md").write_text(
            f"---\ntitle: Story {n} of {host}\nwebUrl: https://{host}/{n}\n"
            f"provider: {{name: {name}, domain: {'.'.join(host.split('.')[-2:])}}}\n---\n"
        )
    path = str(tmp_path / "news.kgl")
    with newsgraph.open(path) as graph:
        graph.load(folder)
        assert [(one.host, one.name, one.stories) for one in likely_own_hosts(graph.store)] == [
            ("toi.indiatimes.com", "Times of India", 5)
        ]
    listed = run(path, "outlets", "--limit", "2")
    assert "1 host looks like an outlet of its own: toi.indiatimes.com (Times of India, 5 of indiatimes.com)" in (
        listed.stderr
    )
    assert "2 rows shown, of 5" in listed.stderr
    assert run(path, "outlets", "apart", "--found", "--yes").exit_code == 0
    assert outlets(path)["toi.indiatimes.com"] == "Times of India"
    assert outlets(path)["indiatimes.com"] == "Economic Times"
    again = run(path, "outlets", "apart", "--found", "--yes")
    assert again.exit_code != 0 and "no host looks like an outlet of its own" in str(again.exception or again.output)
