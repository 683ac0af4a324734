"""``newsgraph serve``: shows the site's pages, questions as forms and queries in a browser of this computer."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from newsgraph.cli.shared.common import AUTHOR_VARIABLE, QUESTIONS_VARIABLE, ended_by_signals, store_option
from newsgraph.cli.shared.terminal import say, tell
from newsgraph.errors import UsageError
from newsgraph.graph.stores.bounds import SECONDS, Bounds


@click.command("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Where to listen; 0 takes a free one.",
)
@click.option("--open", "opens", is_flag=True, help="Open it in the web browser.")
@click.option(
    "--edit", is_flag=True, help="Allow decisions about events, copies and dates, each shown before it holds."
)
@click.option("--no-token", is_flag=True, help="Let in every program and user of this computer.")
@click.option("--title", metavar="TEXT", help="Heading of the site.")
@click.option(
    "--timeout", type=float, default=SECONDS, show_default=True, metavar="SECONDS", help="What a Cypher query may take."
)
@click.option(
    "--memory", metavar="SIZE", help="What it may hold, as 500M or 2G.  [default: a quarter of the machine's]"
)
@click.option(
    "--questions",
    metavar="DIR",
    envvar=QUESTIONS_VARIABLE,
    show_envvar=True,
    type=click.Path(path_type=Path),
    help="A folder of your own questions, .cypher files.",
)
@click.option("--author", default="", envvar=AUTHOR_VARIABLE, show_envvar=True, help="Who decides, with --edit.")
@store_option
def command(no_token: bool, opens: bool, **options: Any) -> None:
    """Look at a store in a web browser: the pages of the site, every question as a form, and Cypher.

    Only this computer can reach it. The address that is printed holds a token, without which nothing is answered. The
    pages are those of the store as it is: when something is loaded, the next page shows it. Ctrl-C ends it.

    \b
      newsgraph serve --open
      newsgraph serve --edit --store neo4j://localhost
    """
    for needed in ("starlette", "uvicorn"):
        if find_spec(needed) is None:
            raise UsageError("newsgraph serve", f"{needed} isn't installed", 'pip install "newsgraph[serve]"')
    Bounds.of(timeout=options["timeout"], memory=options["memory"], limit=None)  # said before the store is opened
    from newsgraph.serve.pages.desk import Serving  # noqa: PLC0415  # keeps --help light
    from newsgraph.serve.server import serve  # noqa: PLC0415

    def started(address: str) -> None:
        tell(address)
        say("newsgraph: that is the address to open. Ctrl-C ends it")
        if opens:
            click.launch(address)

    try:
        with ended_by_signals():
            serve(Serving(token=not no_token, **options), started)
    except KeyboardInterrupt:
        pass
    say("newsgraph: the serving has ended")
