"""What a watched folder tells: two days of feeds by a clock, the conditions, the webhook, the command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner

from newsgraph.cli import cli
from newsgraph.errors import OutputError, UsageError
from newsgraph.graph.events.sync import derive_events
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.watching.look import look
from newsgraph.loaders.watching.news import Condition, News, news_between
from newsgraph.loaders.watching.standing import Covering, EventStanding, Standing
from newsgraph.loaders.watching.webhook import Webhook

BEGIN = datetime(2021, 3, 1, tzinfo=UTC)
#: Outlet -> minutes after it happened that it tells of something.
OUTLETS = {"alpha.example": 5, "beta.example": 65, "gamma.example": 125}
HAPPENED = [
    "Dam in Oroville spills after heavy rain floods valley",
    "Senate confirms Martinez as secretary of agriculture",
    "Volcano Etna erupts, ash closes Catania airport",
    "Researchers sequence genome of extinct giant sloth",
    "Striking dockworkers halt container traffic in Rotterdam",
    "Violinist Petrova wins Helsinki chamber music prize",
    "Wildfire destroys vineyards near Cape Town suburbs",
    "Regulator fines Telcom over hidden roaming charges",
]
EVERY = timedelta(hours=5)

Entry = tuple[str, str, datetime]  # address, headline, time


def entries() -> Iterator[tuple[str, Entry]]:
    for number, headline in enumerate(HAPPENED):
        for outlet, minutes in OUTLETS.items():
            moment = BEGIN + timedelta(hours=2) + number * EVERY + timedelta(minutes=minutes)
            yield outlet, (f"https://{outlet}/{number}", headline + {"beta.example": " today"}.get(outlet, ""), moment)


def write_feed(path: Path, shown: list[Entry]) -> None:
    items = [
        {"id": url, "url": url, "title": title, "summary": f"{title}.", "date_published": moment.isoformat()}
        for url, title, moment in shown
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": path.stem, "items": items}
    path.with_suffix(".part").write_text(json.dumps(feed))
    path.with_suffix(".part").replace(path)


def fetch(folder: Path, now: datetime, last: int) -> None:
    """Each outlet's feed as it is at that time: its last entries only, the newest first."""
    for outlet in OUTLETS:
        shown = [entry for other, entry in entries() if other == outlet and entry[2] <= now]
        write_feed(folder / f"{outlet}.json", shown[::-1][:last])


def test_two_days_of_feeds(tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    folder.mkdir()
    conditions = [Condition.of(text) for text in ("new", "outlets:3", "first:alpha.example", "first:beta.example")]
    told: list[News] = []
    with open_store("networkx:") as store:
        for half_hours in range(1, 97):
            now = BEGIN + half_hours * timedelta(minutes=30)
            fetch(folder, now, last=2)
            found = look(store, [folder], conditions, collect=True, now=now)
            assert found.report.exit_code == 0
            told.extend(found.news)
        watched = Standing.of(store)
    now = BEGIN + timedelta(days=2)
    fetch(folder, now, last=1_000)
    with open_store("networkx:") as store:
        report = load(store, [folder], now=now)
        derive_events(store, changed=report.changed_stories, left=report.left_events)
        assert Standing.of(store) == watched, "what came bit by bit is what a fresh load of it all gives"
    assert len(watched.events) == len(HAPPENED)
    assert {event.outlets for event in watched.events.values()} == {frozenset(OUTLETS)}
    # All but the first, in whose look everything was new.
    assert Counter((one.kind, one.event) for one in told if one.kind == "new") == Counter(
        ("new", event.id) for event in watched.events.values() if event.title != HAPPENED[0]
    )
    for kind in ("outlets", "first"):
        assert sorted(one.event for one in told if one.kind == kind) == sorted(watched.events)
    assert {one.outlet for one in told if one.kind == "first"} == {"alpha.example"}
    delays = [one.seen_at - one.published_at for one in told if one.kind == "new" and one.published_at]
    assert len(delays) == len(HAPPENED) - 1 and max(delays) <= timedelta(minutes=30)


def event(id: str, **outlets: int | None) -> EventStanding:
    """Event whose stories are named after their outlets; an outlet's time is minutes after the beginning."""
    return EventStanding(
        id,
        id,
        tuple(
            Covering(name, name, "", name, None if at is None else BEGIN + timedelta(minutes=at))
            for name, at in sorted(outlets.items())
        ),
    )


def standing(*events: EventStanding) -> Standing:
    return Standing({one.id: one for one in events}, {s.story_id: one.id for one in events for s in one.stories})


@pytest.mark.parametrize(
    ("before", "after", "when", "told"),
    [
        (standing(), standing(event("e", a=1)), "new", ["new"]),
        (standing(event("e", a=2)), standing(event("f", a=2, b=1)), "new", []),  # another id, the same event
        (standing(event("e", a=2)), standing(event("f", a=2, b=1)), "first:b", ["first"]),
        (standing(event("e", a=2)), standing(event("f", a=2, b=1)), "first:a", []),
        (standing(event("e", a=1)), standing(event("e", a=1, b=2)), "first", ["first"]),
        (standing(event("e", a=1, b=2)), standing(event("e", a=1, b=2, c=3)), "first", []),
        (standing(event("e", a=1)), standing(event("e", a=1, b=1)), "first", []),  # at the same time
        (standing(event("e", a=1)), standing(event("e", a=None, b=None)), "first", []),
        (standing(event("e", a=1)), standing(event("e", a=1, b=2)), "outlets:2", ["outlets"]),
        (standing(event("e", a=1, b=2)), standing(event("e", a=1, b=2, c=3)), "outlets:2", []),
        (standing(event("e", a=1), event("f", c=3)), standing(event("e", a=1, b=2, c=3)), "outlets:3", ["outlets"]),
        (standing(event("e", a=1, b=2, c=3)), standing(event("e", a=1, b=2), event("f", c=3)), "outlets:2", []),
    ],
)  # fmt: skip
def test_conditions(before: Standing, after: Standing, when: str, told: list[str]) -> None:
    assert [one.kind for one in news_between(before, after, [Condition.of(when)], BEGIN)] == told


@pytest.mark.parametrize("text", ["", "news", "new:1", "outlets", "outlets:1", "outlets:x", "outlets:²", "first:"])
def test_what_is_no_condition(text: str) -> None:
    with pytest.raises(UsageError, match="--when"):
        Condition.of(text)


NEWS = [News("new", BEGIN, "event:1", "Dam spills\x1b[2J\nnow", 1, 1, "alpha.example", "https://a.example/1", BEGIN)]


def test_a_line_is_one_line_that_a_terminal_can_show() -> None:
    line = NEWS[0].as_line()
    assert "\x1b" not in line and "\n" not in line
    assert "(1 outlet, 1 story; first alpha.example " in line


@contextmanager
def server(*statuses: int) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A server on loopback that answers with the statuses, one after another, and keeps what it was sent."""
    left = list(statuses)
    got: list[tuple[str, bytes]] = []

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server's name
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(left.pop(0))
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        do_GET = do_POST  # noqa: N815  # http.server's name

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    listening = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/secret", got
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def test_a_webhook_gets_the_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # no proxy is asked
    with server(204) as (url, got):
        Webhook(url).post(NEWS)
    ((path, body),) = got
    assert path == "/secret"
    assert json.loads(body) == {"news": [NEWS[0].as_json()]}


def test_what_a_server_refuses_for_now_is_sent_again() -> None:
    pauses: list[float] = []
    with server(503, 429, 200) as (url, got):
        Webhook(url, pause=pauses.append).post(NEWS)
    assert (len(got), pauses) == (3, [1.0, 2.0])


@pytest.mark.parametrize(("statuses", "sent"), [((500, 500, 500), 3), ((404,), 1), ((307,), 1), ((303,), 1)])
def test_tries_are_bounded_and_no_redirect_is_followed(statuses: tuple[int, ...], sent: int) -> None:
    with server(*statuses) as (url, got), pytest.raises(OutputError, match=f"it answered {statuses[-1]}") as raised:
        Webhook(url, pause=lambda seconds: None).post(NEWS)
    assert [path for path, _ in got] == ["/secret"] * sent
    assert "secret" not in str(raised.value)


def test_a_server_that_does_not_answer_is_given_up() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        began = monotonic()
        with pytest.raises(OutputError, match="can't be reached"):
            Webhook(url, seconds=0.1, pause=lambda seconds: None).post(NEWS)
        assert monotonic() - began < 60  # three tries of a tenth of a second


@pytest.mark.parametrize(
    "url",
    ["", "file:///etc/passwd", "ftp://a.example/", "https://", "https://u:p@a.example/", "http://a.example:x/",
     "http://a.example/a b", "http://a.example/\r\nX: y", "http://ä.example/"],
)  # fmt: skip
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match="--webhook"):
        Webhook(url)


def test_one_look_on_the_command_line(tmp_path: Path) -> None:
    folder, store = tmp_path / "feeds", str(tmp_path / "news.kgl")
    folder.mkdir()
    run = CliRunner().invoke
    fetch(folder, BEGIN + timedelta(hours=3), last=2)
    first = run(cli, ["watch", str(folder), "--once", "--store", store])
    assert (first.exit_code, first.stdout) == (0, "")
    fetch(folder, BEGIN + timedelta(hours=8), last=2)
    with server(200) as (url, got):
        options = ["--once", "--format", "jsonl", "--when", "new", "--when", "first", "--webhook", url]
        second = run(cli, ["watch", str(folder), *options, "--store", store])
    assert second.exit_code == 0, second.output
    printed = [json.loads(line) for line in second.stdout.splitlines()]
    assert sorted((one["kind"], one["title"]) for one in printed) == [("first", HAPPENED[0]), ("new", HAPPENED[1])]
    assert json.loads(got[0][1]) == {"news": printed}
    third = run(cli, ["watch", str(folder), "--once", "--store", store])
    assert (third.exit_code, third.stdout) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_watch_tells_what_arrives_and_ends_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    pytest.importorskip("watchfiles")
    folder = tmp_path / "feeds"
    folder.mkdir()
    fetch(folder, BEGIN + timedelta(hours=3), last=2)
    store = folder / "news.kgl"  # in the folder itself: its own changes are nothing that arrived
    with subprocess.Popen(
        [sys.executable, "-m", "newsgraph", "watch", str(folder), "--format", "jsonl", "--store", str(store)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as running:  # fmt: skip
        assert running.stdout is not None and running.stderr is not None
        assert "events known now: 1." in running.stderr.readline()
        fetch(folder, BEGIN + timedelta(hours=8), last=2)
        assert json.loads(running.stdout.readline())["title"] == HAPPENED[1]
        sleep(0.3)  # past the look, whose end would be the load's own
        running.send_signal(ending)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (0, "")
    assert err.splitlines()[-1].startswith("newsgraph: the watching has ended")
