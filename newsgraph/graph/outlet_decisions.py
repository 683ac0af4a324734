"""A researcher's decisions about outlets: which are one, which host is an outlet of its own, what each is called.

The decisions are taken in their order, on top of the outlets file, so that the later one holds where two contradict
each other. Outlets are named by their domains, which are the same in every store.

A host below a registered domain, such as ``abcnews.go.com``, stands for itself. A decision about it is never one about
the whole of ``go.com``, whether or not the host is an outlet of its own by what its stories say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsgraph.graph.corrections import Conflict, Corrections, Decision, Kind
from newsgraph.graph.outlets import OutletDirectory
from newsgraph.graph.urls.identity import registered_domain


@dataclass(frozen=True, slots=True)
class OutletsDecided:
    """The outlets as the decisions want them, and the decisions that contradict each other, of which the later holds.
    ``named``: number of each decision about outlets, and the ids of the outlets that it names in the end."""

    directory: OutletDirectory
    conflicts: tuple[Conflict, ...] = ()
    named: tuple[tuple[int, tuple[str, ...]], ...] = ()


def outlets_decided(listed: OutletDirectory, corrections: Corrections) -> OutletsDecided:
    """What the outlets file ``listed`` says, with the decisions about outlets."""
    numbered = [(number, one) for number, one in enumerate(corrections, 1) if one.kind.of_outlets]
    if not numbered:
        return OutletsDecided(listed)
    taking = _Taking(listed)
    for number, one in numbered:
        if one.kind is Kind.OUTLET_APART:
            taking.part(number, one.stories)
        elif one.kind is Kind.OUTLET_JOIN:
            taking.join(number, one.stories, one.to)
    for number, one in numbered:
        if one.kind is Kind.OUTLET_SET:
            taking.set(number, one)
    named = tuple(
        (n, tuple(taking.outlet(domain) for domain in (*one.stories, one.to) if domain)) for n, one in numbered
    )
    return OutletsDecided(taking.directory(), tuple(Conflict(*pair) for pair in sorted(taking.conflicts)), named)


def column_and_value(said: str) -> tuple[str, str]:
    """The column, case folded, and the value of a text COLUMN=VALUE; the value is empty where it is taken away."""
    column, _, value = said.partition("=")
    return " ".join(column.split()).casefold(), " ".join(value.split())


class _Taking:
    """The outlets file with the decisions that are taken so far."""

    def __init__(self, listed: OutletDirectory) -> None:
        self.conflicts: set[tuple[int, int]] = set()
        self._domains = dict(listed.listed)
        self._facts = {outlet: dict(facts) for outlet, facts in listed.known.items()}
        self._joined: dict[str, str] = {}  # each to the outlet that stands for all
        self._joined_by: dict[str, int] = {}
        self._parted: dict[str, tuple[int, str | None]] = {}  # host -> the decision, and the outlet that it was part of
        self._set_by: dict[tuple[str, str], int] = {}
        self._hosts = listed

    def directory(self) -> OutletDirectory:
        return OutletDirectory(self._domains, {id: facts for id, facts in self._facts.items() if facts}, self._joined)

    def outlet(self, domain: str) -> str:
        """The outlet of a domain, that which stands for all that are joined to it."""
        own = self._own(domain)
        return self._joined.get(own, own)

    def _own(self, domain: str) -> str:
        return self._hosts.listed_at(domain) or domain

    def part(self, number: int, hosts: Iterable[str]) -> None:
        """Each host becomes an outlet of its own."""
        for host in hosts:
            own = self.outlet(host)
            self._parted[host] = number, registered_domain(host) if own == host else own
            if self._own(host) == host:
                self._leave(number, host)
            self._list(host)

    def _list(self, host: str) -> None:
        """What is published at the host, or below it, is of the host's own outlet. A registered domain that isn't
        listed is one anyway."""
        if self._own(host) != host or registered_domain(host) != host:
            self._domains[host] = host
            self._hosts = OutletDirectory(self._domains)

    def _leave(self, number: int, outlet: str) -> None:
        """The outlet is joined to no other any more; what else was joined stays so."""
        others = [one for one, whole in self._joined.items() if whole == outlet]
        if outlet in self._joined:
            del self._joined[outlet]
            self.conflicts.add((self._joined_by.pop(outlet), number))
        for one in others:
            self.conflicts.add((self._joined_by[one], number))
        if others:
            first, *rest = others
            del self._joined[first]
            self._joined.update(dict.fromkeys(rest, first))

    def join(self, number: int, domains: Iterable[str], to: str) -> None:
        """The outlets of the domains are one with that of ``to``, which stands for all."""
        for domain in domains:
            for host in (domain, to):
                if self._own(host) == host:
                    self._list(host)
            one, own, whole = self.outlet(domain), self._own(to), self.outlet(to)
            parted, out_of = self._parted.get(domain, (number, None))
            if out_of == whole:
                self.conflicts.add((parted, number))
            if one == whole and own != whole:  # they are one already, and ``to`` is to stand for all
                one, whole = whole, own
                del self._joined[own]
            if one == whole:
                continue
            for other in [*(o for o, w in self._joined.items() if w == one), one]:
                self._joined[other] = whole
                self._joined_by.setdefault(other, number)

    def set(self, number: int, decision: Decision) -> None:
        """The outlets of the domains have a value in a column, or none."""
        column, value = column_and_value(decision.value)
        for domain in decision.stories:
            outlet = self.outlet(domain)
            facts = self._facts.setdefault(outlet, {})
            before = self._set_by.get((outlet, column))
            if before is not None and facts.get(column, "") != value:
                self.conflicts.add((before, number))
            self._set_by[outlet, column] = number
            if value:
                facts[column] = value
            else:
                facts.pop(column, None)
