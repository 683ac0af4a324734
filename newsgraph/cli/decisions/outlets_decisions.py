"""``newsgraph outlets set|join|apart``: decisions about outlets that every later load keeps to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.decisions.deciding import decide, decision_options
from newsgraph.cli.shared.common import store_named

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Decision
    from newsgraph.graph.stores.protocol import Store


@click.command("set")
@click.argument("outlet")
@click.argument("values", nargs=-1, required=True, metavar="COLUMN=VALUE...")
@decision_options
def set_(outlet: str, values: tuple[str, ...], **options: Any) -> None:
    """Decide what OUTLET is called, or what else is known of it, as a column of the outlets file would say.

    \b
      newsgraph outlets set wsj.com "name=Wall Street Journal"
      newsgraph outlets set wsj.com country=US group=Dow-Jones leaning=right

    An empty value, such as `group=`, takes away what the outlets file says. OUTLET is a domain or a name.
    """

    def make(store: Store) -> list[Decision]:
        from newsgraph.graph.corrections import Decision, Kind  # noqa: PLC0415

        domain = _domain_of(store, outlet)
        return [Decision(Kind.OUTLET_SET, (domain,), value=one) for one in values]

    _decide(make, options)


@click.command("join")
@click.argument("outlets", nargs=-1, required=True, metavar="OUTLET...")
@decision_options
def join(outlets: tuple[str, ...], **options: Any) -> None:
    """Decide that these outlets are one, which is the first of them. Each is named by its domain or its name."""

    def make(store: Store) -> list[Decision]:
        from newsgraph.errors import UsageError  # noqa: PLC0415
        from newsgraph.graph.corrections import Decision, Kind  # noqa: PLC0415

        first, *others = dict.fromkeys(_domain_of(store, one) for one in outlets)
        if not others:
            raise UsageError("OUTLET", "one outlet alone can't be joined", "Name two outlets")
        return [Decision(Kind.OUTLET_JOIN, tuple(others), to=first)]

    _decide(make, options)


@click.command("apart")
@click.argument("hosts", nargs=-1, metavar="HOST...")
@click.option("--found", is_flag=True, help="Also the hosts that look like outlets of their own, as `outlets` says.")
@decision_options
def apart(hosts: tuple[str, ...], found: bool, **options: Any) -> None:
    """Decide that each HOST is an outlet of its own, such as abcnews.go.com, or a domain that was joined to another.

    What is published below it, at money.abcnews.go.com, is of it too.
    """

    def make(store: Store) -> list[Decision]:
        from newsgraph.errors import UsageError  # noqa: PLC0415
        from newsgraph.graph.corrections import Decision, Kind  # noqa: PLC0415
        from newsgraph.loaders.researcher.own_hosts import likely_own_hosts  # noqa: PLC0415

        for one in hosts:
            _refuse_name(store, one)
        named = [*hosts, *(one.host for one in (likely_own_hosts(store) if found else ()))]
        if not named:
            said = "no host looks like an outlet of its own" if found else "is missing"
            raise UsageError("HOST", said, "Name a host, such as abcnews.go.com; newsgraph outlets lists them")
        return [Decision(Kind.OUTLET_APART, tuple(dict.fromkeys(named)))]

    _decide(make, options)


def _decide(make: Any, options: dict[str, Any]) -> None:
    decide(make, **{**options, "store_url": store_named(options["store_url"])})


def _domain_of(store: Store, given: str) -> str:
    """The domain by which a decision names the outlet: its own, a host as given, which stands for itself, or a domain
    that waits for its first story."""
    from newsgraph.errors import UnknownNameError  # noqa: PLC0415
    from newsgraph.graph.corpus import Corpus  # noqa: PLC0415
    from newsgraph.loaders.researcher.outlets_file import named_domain  # noqa: PLC0415
    from newsgraph.queries.asking.find import names_of  # noqa: PLC0415
    from newsgraph.queries.asking.names import resolve_outlet  # noqa: PLC0415

    named = names_of(store, "outlet")
    host = named_domain(given) if "." in given and given not in named else None
    if host is not None and (Corpus.of(store).directory.outlet_at(host) in named or _any_below(named, host)):
        return host
    try:
        id = resolve_outlet(store, given)
    except UnknownNameError:
        domain = named_domain(given)
        if domain is None:
            raise
        return domain
    node = next(iter(store.nodes("Outlet", [id])))
    return str(node.properties.get("domain", id))


def _refuse_name(store: Store, given: str) -> None:
    """Raises UsageError for the name of an outlet, which has hosts but isn't one."""
    from newsgraph.errors import NewsgraphError, UsageError  # noqa: PLC0415
    from newsgraph.loaders.researcher.outlets_file import named_domain  # noqa: PLC0415
    from newsgraph.queries.asking.names import resolve_outlet  # noqa: PLC0415

    if named_domain(given) is not None or "/" in given:
        return
    try:
        outlet = resolve_outlet(store, given)
    except NewsgraphError:
        return  # the check of the decision says what is wrong
    raise UsageError(
        given, f"is the outlet {outlet}, and no host", "Name one of its hosts; newsgraph outlets lists them"
    )


def _any_below(outlets: Iterable[str], domain: str) -> bool:
    return any(one.endswith(f".{domain}") for one in outlets)
