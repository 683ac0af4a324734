"""``newsgraph outlets``: lists every outlet with its names, doubtful ones first, and decides about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.decisions.outlets_decisions import apart, join, set_
from newsgraph.cli.shared.answers import answer_options, emit_rows, output_of
from newsgraph.cli.shared.common import Group, open_for_reading, store_option

if TYPE_CHECKING:
    from newsgraph.graph.stores.protocol import Store

_COLUMNS = ("outlet", "name", "stories", "share", "names", "hosts")
#: The number of names and hosts of one outlet that are listed.
_LISTED = 10


@click.group("outlets", cls=Group, invoke_without_command=True)
@store_option
@answer_options
@click.pass_context
def command(ctx: click.Context, /, store_url: str, **options: Any) -> None:
    """List the outlets with their names, hosts and number of stories, those whose name is the most doubtful first.

    `share` is the share of the outlet's stories that give the name shown, of those that give any. `names` and `hosts`
    have the number of stories of each. A host that bears a name of its own, and whose stories give that name, is an
    outlet of its own; a line below the list names these hosts, and says why. An outlets file (newsgraph load --outlets
    FILE) corrects many at once; the commands below decide about one.
    """
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415  # keeps --help light

    if ctx.invoked_subcommand is not None:
        return
    output = output_of(store_url, **options)
    with open_for_reading(store_url) as store:
        check_loaded(store)
        rows = outlet_rows(store)
        notes = [*_own(store), *_likely(store)]
    emit_rows(output, _COLUMNS, rows, notes=notes)


def _own(store: Store) -> Iterator[str]:
    """Yields a line about the hosts that are outlets of their own by what their stories say, if there are any."""
    from newsgraph.graph.corpus import Corpus  # noqa: PLC0415
    from newsgraph.graph.urls.identity import registered_domain  # noqa: PLC0415  # reads the public suffix list
    from newsgraph.loaders.merging.own_hosts import own_hosts_in  # noqa: PLC0415

    directory = Corpus.of(store).directory
    domains = {domain for one in directory.own if (domain := registered_domain(one))}
    named = [
        f"{one.host} ({one.name}: {one.stories:,} of {one.told:,} stories that give a name, hardly any in the rest of "
        f"{one.outlet})"
        for one in own_hosts_in(store, directory, domains)
        if one.host in directory.own and directory.is_outlet(one.host)
    ]
    if named:
        yield (
            f"Outlets of their own by their names: {_first(named)}. newsgraph outlets join DOMAIN HOST puts one back"
        )


def _likely(store: Store) -> Iterator[str]:
    """Yields a line about the hosts that may be outlets of their own, if there are any."""
    from newsgraph.loaders.researcher.own_hosts import likely_own_hosts  # noqa: PLC0415

    found = likely_own_hosts(store)
    if found:
        hosts = "host looks like an outlet of its own" if len(found) == 1 else "hosts look like outlets of their own"
        named = [f"{one.host} ({one.name}, {one.stories:,} of {one.outlet})" for one in found]
        yield f"{len(found)} {hosts}: {_first(named)}. newsgraph outlets apart --found puts them apart"


def _first(named: Sequence[str]) -> str:
    return "; ".join(named[:_LISTED]) + (f"; and {len(named) - _LISTED} more" if len(named) > _LISTED else "")


for _decision in (set_, join, apart):
    command.add_command(_decision)


def outlet_rows(store: Store) -> list[tuple[str, str, int, float | None, str, str]]:
    """Returns outlet, name, stories, share of the name, names and hosts.

    Outlets come first of which most stories give another name, then those with most hosts, then those with most
    stories; then they are ordered by id.
    """
    from newsgraph.graph.urls.identity import host  # noqa: PLC0415  # reads the public suffix list
    from newsgraph.loaders.merging.own_hosts import name_said  # noqa: PLC0415
    from newsgraph.queries.asking.find import lookup  # noqa: PLC0415

    shown: dict[str, str] = {}
    names: dict[str, Counter[str]] = {}
    hosts: dict[str, Counter[str]] = {}
    for outlet, name, story, said in lookup(store, "outlet_names"):
        shown[outlet] = name or outlet
        given = name_said(said) if said else None
        named, hosted = names.setdefault(outlet, Counter()), hosts.setdefault(outlet, Counter())
        if given:
            named[given] += 1
        hosted[host(story) or story] += 1
    rows = []
    for outlet, name in shown.items():
        told, right = names[outlet].total(), names[outlet][name]
        rows.append((told - right, len(hosts[outlet]), hosts[outlet].total(), outlet, right / told if told else None))
    rows.sort(key=lambda row: (-row[0], -row[1], -row[2], row[3]))
    return [
        (outlet, shown[outlet], stories, share, _listed(names[outlet]), _listed(hosts[outlet]))
        for _, _, stories, outlet, share in rows
    ]


def _listed(counts: Counter[str]) -> str:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    more = f", and {len(ranked) - _LISTED} more" if len(ranked) > _LISTED else ""
    return ", ".join(f"{name} ({count:,})" for name, count in ranked[:_LISTED]) + more
