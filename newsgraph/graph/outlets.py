"""A researcher's own list of outlets: which domains are one outlet, which part of a domain is another, and who owns it.

By the registered domain alone, ``abcnews.go.com`` and ``espn.go.com`` would be one outlet, and ``bbc.com`` and
``bbc.co.uk`` would be two. A researcher's list can change that; :mod:`newsgraph.loaders.researcher.outlets_file` reads
it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsgraph.errors import StoreFormatError
from newsgraph.graph.property_types import Value
from newsgraph.graph.urls.identity import host, read_host_or_address, registered_domain

#: Columns of a researcher's list that become properties of their own. All other columns but these go into ``facts``.
FACTS = ("name", "country", "group")


#: Hosts of services whose addresses only lead to pages of outlets: collections of news, short links, and proxies that
#: count clicks.
_LEADING = frozenset({
    "news.google.com", "feedproxy.google.com", "feeds.feedburner.com", "t.co", "bit.ly", "ow.ly", "buff.ly", "trib.al",
    "dlvr.it", "ift.tt", "tinyurl.com", "goo.gl", "is.gd", "lnkd.in", "fb.me", "shar.es", "j.mp", "apple.news", "rb.gy",
    "cutt.ly", "t.ly", "flip.it",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutletRef:
    """The outlet of a story: its id, and the domain by which it is known."""

    id: str
    domain: str


class OutletDirectory:
    """Which domain belongs to which outlet, and what is known about the outlets. It is immutable, and empty without a
    file.

    ``domains`` maps hosts (without www) to outlet ids. ``outlets`` maps outlet ids to their facts: name, country, group
    and any other column. The order of the file's lines makes no difference. ``joined`` maps ids of outlets to the
    outlet that they are part of, whatever the addresses of their stories. ``own`` are hosts that are outlets of their
    own because their stories say so; what is listed counts more.
    """

    def __init__(
        self,
        domains: Mapping[str, str] | None = None,
        outlets: Mapping[str, Mapping[str, str]] | None = None,
        joined: Mapping[str, str] | None = None,
        own: Iterable[str] = (),
    ) -> None:
        self._outlet_of = dict(sorted((domains or {}).items()))
        self._joined = dict(sorted((joined or {}).items()))
        self._own = frozenset(own)
        self._facts = {outlet: dict(facts) for outlet, facts in sorted((outlets or {}).items())}
        self._domain: dict[str, str] = {}
        for domain, outlet in sorted(self._outlet_of.items(), key=lambda pair: (len(pair[0]), pair[0])):
            self._domain.setdefault(outlet, domain)
        for outlet in self._domain:
            if self._outlet_of.get(outlet) == outlet:
                self._domain[outlet] = outlet

    @property
    def listed(self) -> Mapping[str, str]:
        """Returns each listed domain with its outlet, in order of the domains."""
        return dict(self._outlet_of)

    @property
    def joined(self) -> Mapping[str, str]:
        """Each outlet that is part of another, and that other one, by id."""
        return dict(self._joined)

    @property
    def own(self) -> frozenset[str]:
        """Hosts that are outlets of their own because their stories say so."""
        return self._own

    def with_own(self, own: Iterable[str]) -> OutletDirectory:
        """Returns this directory with these hosts as outlets of their own, and no others."""
        return OutletDirectory(self._outlet_of, self._facts, self._joined, own)

    @property
    def known(self) -> Mapping[str, Mapping[str, str]]:
        """Each outlet of which something is said, by id, and what: column -> value."""
        return {outlet: dict(facts) for outlet, facts in self._facts.items()}

    def __bool__(self) -> bool:
        """Tells whether any domain is listed."""
        return bool(self._outlet_of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OutletDirectory) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        return f"<OutletDirectory: {len(self._outlet_of)} domains of {len(self._domain)} outlets>"

    def to_json(self) -> str:
        """Returns the whole list as JSON. The text is the same for the same list."""
        whole: dict[str, object] = {"domains": self._outlet_of, "outlets": self._facts}
        if self._joined:
            whole["joined"] = self._joined
        if self._own:
            whole["own"] = sorted(self._own)
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> OutletDirectory:
        """The list that ``to_json`` wrote. Raises StoreFormatError for any other text."""
        try:
            whole = json.loads(text)
            domains, outlets, joined = whole["domains"], whole["outlets"], whole.get("joined", {})
            facts = [value for known in outlets.values() for value in known.values()]
            own = tuple(whole.get("own", ()))
            if not all(isinstance(value, str) for value in [*domains.values(), *joined.values(), *facts, *own]):
                raise TypeError
            return cls(domains, outlets, joined, own)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise StoreFormatError(
                "the store", "its list of outlets is damaged", "Load again with outlets=FILE"
            ) from None

    def outlet_of(self, url: str, provider_domain: str | None = None) -> OutletRef | None:
        """Returns the outlet of a story at ``url`` whose file names ``provider_domain`` as its publisher's domain.

        The first of these that exists is taken: the listed outlet of the address's host, or of the nearest domain above
        it; the listed outlet of the provider's domain, found in the same way; the provider's registered domain; the
        registered domain of the address. In place of a registered domain, the nearest host of ``own`` is taken: that of
        the address, if it is in the domain, and else that of the provider. If that outlet is joined to another, the
        other is taken. None when neither is a host, or when the address is one of a service that only leads to pages of
        outlets without naming them. Never raises.
        """
        found = self._found(url, provider_domain)
        if found is None or found.id not in self._joined:
            return found
        whole = self._joined[found.id]
        return OutletRef(whole, self._domain.get(whole, whole))

    def outlet_at(self, host: str) -> str | None:
        """Returns the id of the outlet of what is published at a host; None if the text is no host."""
        found = self.outlet_of(f"https://{host}/")
        return found.id if found else None

    def is_outlet(self, host: str) -> bool:
        """Tells whether what is published at a host is of an outlet of that name."""
        return self.outlet_at(host) == host

    def _found(self, url: str, provider_domain: str | None) -> OutletRef | None:
        provider = read_host_or_address(provider_domain) if provider_domain else None
        if self._outlet_of:
            outlet = self.listed_at(host(url)) or (self.listed_at(provider.name) if provider else None)
            if outlet is not None:
                return OutletRef(outlet, self._domain[outlet])
        if provider and provider.public:
            domain: str | None = provider.domain
        else:
            page = host(url)
            domain = registered_domain(page) if page and page not in _LEADING else None
        if domain and self._own:
            page = host(url)
            inside = page is not None and registered_domain(page) == domain
            domain = self._own_host(page if inside or provider is None else provider.name, domain)
        return OutletRef(domain, domain) if domain else None

    def _own_host(self, name: str | None, domain: str) -> str:
        while name and name != domain:
            if name in self._own:
                return name
            name = name.partition(".")[2]
        return domain

    def listed_at(self, name: str | None) -> str | None:
        """Returns the listed outlet of a host, or of the nearest domain above it; None if none of them is listed."""
        while name:
            outlet = self._outlet_of.get(name)
            if outlet is not None:
                return outlet
            name = name.partition(".")[2]
        return None

    def facts(self, outlet_id: str) -> Mapping[str, str]:
        """Returns what the file says about the outlet, by column. Columns without a value are left out."""
        return dict(self._facts.get(outlet_id, {}))

    def properties(self, outlet_id: str) -> dict[str, Value]:
        """Returns the same facts as properties of the outlet: ``name``, ``country``, ``group``, and ``facts``, which
        holds every column but the name as ``COLUMN=VALUE``."""
        known = self._facts.get(outlet_id, {})
        found: dict[str, Value] = {name: known[name] for name in FACTS if name in known}
        facts = tuple(f"{column}={value}" for column, value in sorted(known.items()) if column != "name")
        if facts:
            found["facts"] = facts
        return found
