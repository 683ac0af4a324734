"""A researcher's own list of outlets: which domains are one outlet, which part of a domain is another, and who owns it.

By the registered domain alone, ``abcnews.go.com`` and ``espn.go.com`` would be one outlet, and ``bbc.com`` and
``bbc.co.uk`` would be two. A researcher's list can change that; :mod:`newsgraph.loaders.researcher.outlets_file` reads
it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from newsgraph.errors import StoreFormatError
from newsgraph.graph.property_types import Value
from newsgraph.graph.urls.identity import host, read_host_or_address, registered_domain

#: Columns of a researcher's list that become properties of their own. All other columns but these go into ``facts``.
FACTS = ("name", "country", "group")


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
    outlet that they are part of, whatever the addresses of their stories.
    """

    def __init__(
        self,
        domains: Mapping[str, str] | None = None,
        outlets: Mapping[str, Mapping[str, str]] | None = None,
        joined: Mapping[str, str] | None = None,
    ) -> None:
        self._outlet_of = dict(sorted((domains or {}).items()))
        self._joined = dict(sorted((joined or {}).items()))
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
        whole = {"domains": self._outlet_of, "outlets": self._facts}
        if self._joined:
            whole["joined"] = self._joined
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> OutletDirectory:
        """The list that ``to_json`` wrote. Raises StoreFormatError for any other text."""
        try:
            whole = json.loads(text)
            domains, outlets, joined = whole["domains"], whole["outlets"], whole.get("joined", {})
            facts = [value for known in outlets.values() for value in known.values()]
            if not all(isinstance(value, str) for value in [*domains.values(), *joined.values(), *facts]):
                raise TypeError
            return cls(domains, outlets, joined)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise StoreFormatError(
                "the store", "its list of outlets is damaged", "Load again with outlets=FILE"
            ) from None

    def outlet_of(self, url: str, provider_domain: str | None = None) -> OutletRef | None:
        """Returns the outlet of a story at ``url`` whose file names ``provider_domain`` as its publisher's domain.

        The first of these that exists is taken: the listed outlet of the address's host, or of the nearest domain above
        it; the listed outlet of the provider's domain, found in the same way; the provider's registered domain; the
        registered domain of the address. If that outlet is joined to another, the other is taken. None when neither is
        a host. Never raises.
        """
        found = self._found(url, provider_domain)
        if found is None or found.id not in self._joined:
            return found
        whole = self._joined[found.id]
        return OutletRef(whole, self._domain.get(whole, whole))

    def _found(self, url: str, provider_domain: str | None) -> OutletRef | None:
        provider = read_host_or_address(provider_domain) if provider_domain else None
        if self._outlet_of:
            outlet = self._listed(host(url)) or (self._listed(provider.name) if provider else None)
            if outlet is not None:
                return OutletRef(outlet, self._domain[outlet])
        if provider and provider.public:
            return OutletRef(provider.domain, provider.domain)
        page = host(url)
        domain = registered_domain(page) if page else None
        return OutletRef(domain, domain) if domain else None

    def _listed(self, name: str | None) -> str | None:
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
