"""``newsgraph demo``: loads the sample articles, answers two questions, and writes a page and an export."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import click

from newsgraph.cli.load import summary
from newsgraph.cli.shared.answers import Output, emit
from newsgraph.cli.shared.terminal import tell

#: One story of each of the two events that the sample article's related list mixes up.
ASKED = (
    (
        "Amazon pauses the police's use of its face recognition",
        "https://news.webindia123.com/news/Articles/Science/20200611/3574247.html",
    ),
    ("Microsoft bars sales of its own to the police", "https://www.bbc.com/news/business-53015468"),
)
SHOWN = ("rank", "outlet_name", "published_at", "lag_seconds", "is_copy", "title")


@click.command("demo")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where the store, the page and the export go; what an earlier demo left there is replaced.",
)
def command(folder: Path) -> None:
    """Load the sample articles, rank the outlets of two events, write a map and an export, and say where they are."""
    import newsgraph  # noqa: PLC0415  # keeps --help light
    from newsgraph.errors import OutputError  # noqa: PLC0415
    from newsgraph.graph.exports.registry import export  # noqa: PLC0415
    from newsgraph.views.registry import write_page  # noqa: PLC0415

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(str(folder), f"it can't be made ({error.strerror})", "Give another --folder") from None
    store, page, graphml = folder / "news.kgl", folder / "map.html", folder / "news.graphml"
    store.unlink(missing_ok=True)
    output = Output(format="table", target=None, force=False, raw=False, excel=False, limit=None)
    with as_file(files("newsgraph").joinpath("seeds")) as seeds, newsgraph.open(str(store)) as graph:
        report = graph.load(seeds, label="seeds")
        for line in (*report.errors, *summary(report, str(store))):
            tell(line)
        for what, story in ASKED:
            tell()
            tell(f"Who was first: {what}")
            answer = graph.ask("first-to-cover", event=story)
            units = {one.name: one.unit for one in answer.columns}
            rows = [[getattr(row, name) for name in SHOWN] for row in answer]
            emit(output, SHOWN, rows, units=[units[name] for name in SHOWN], notes=answer.notes)
        write_page("map", graph.store, page, force=True)
        export("graphml", graph.store, graphml, force=True)
    tell()
    tell(f"Map:    {page}   (open it in a browser; it needs no network)")
    tell(f"Export: {graphml}   (Gephi, yEd, networkx, igraph)")
    tell(f'Next:   newsgraph ask --store {store}   or   newsgraph find --store {store} "chip plant"')
