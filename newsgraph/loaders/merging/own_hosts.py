"""Finds hosts that are papers of their own, by the names that their stories give.

``timesofindia.indiatimes.com`` and ``economictimes.indiatimes.com`` share a registered domain, which alone would make
them one outlet. A host, together with all that is published below it, is a paper of its own if its name says so and its
stories agree:

- at least :data:`FEWEST` of its stories give one name, and so do :data:`MOST_OF_IT` of those that give any;
- the host itself bears that name ("timesofindia" is "Times of India"), and the registered domain doesn't, as it does
  with "MSN Money" of msn.com;
- the other stories of the domain give other names, :data:`FEWEST` at least, and hardly ever this one, or one that
  begins alike, such as an edition ("Reuters India").

Sections in brackets don't count as part of a name. Names that are only the domain ("Indiatimes.com") and those of
agencies, which may be credits, say nothing. Blogs, and hosts that are called by a section, a service, a country or a
language (``sport.``, ``m.``, ``uk.``) stay with their domain.

What is found depends only on the stories' addresses and the names that they give. It doesn't matter which hosts count
as outlets meanwhile. So it makes no difference in which order files are loaded.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from newsgraph.graph.agencies import agency_named
from newsgraph.graph.schema import PublishedBy
from newsgraph.graph.urls.identity import host as host_of
from newsgraph.graph.urls.identity import registered_domain
from newsgraph.loaders.merging.outlet_names import SHORT, fits, letters, without_section
from newsgraph.packaged_files import packaged_text

if TYPE_CHECKING:
    from newsgraph.graph.outlets import OutletDirectory
    from newsgraph.graph.stores.protocol import Store

#: The least number of stories that give the host's name, and of other stories of the domain that give other names.
FEWEST = 3
#: The share of the host's stories that give its name, of those that give any; and the greatest share elsewhere.
MOST_OF_IT = 0.8
HARDLY_ELSEWHERE = 0.1
#: Domains that are looked at one by one. If a load touches more, all are looked at together.
MOST_DOMAINS = 500
#: Labels of hosts that name a section or a service and no paper, in the languages in which they are frequent.
_SECTIONS = (
    "about account alerts api app apps archiv archive archives archivio archivo arts auto autos beta books "
    "business calendar career careers cars cdn celebrity city classifieds comics community content culture data "
    "deportes economia economie economy edition education emploi energy entertainment epaper events fashion "
    "features feed feeds finance finanzen food football forum forums gallery games gesundheit golf health help "
    "home immobilien info international investing jobs kultur lang legacy life lifestyle live local lokales "
    "magazine mail markets media meinung meteo money movies multimedia music musica musik nachrichten national "
    "news newsletter newsletters newsroom notes noticias online opinion origin people photo photos pictures "
    "podcast podcasts politica politics politik politique press print projects promo radio realestate regional "
    "reisen reviews salud science search secure shop sites society sport sports static store stream style "
    "teatro tech techno technology topics trailers travel tv viaggi video videos weather web wetter whatson "
    "wirtschaft wissen world "
)
NO_PAPER = frozenset(_SECTIONS.split())


class OwnHost(msgspec.Struct, frozen=True):
    """A host, the outlet that it is part of or would be, the name that its stories give, how many do, and how many give
    any."""

    host: str
    outlet: str
    name: str
    stories: int
    told: int


def own_hosts(said: Iterable[tuple[str, str, int]]) -> list[OwnHost]:
    """Returns the hosts that are papers of their own, in order. ``outlet`` is the registered domain of each.

    ``said`` has the host of some stories, the name that they give their outlet, and how many these are. All stories of
    a registered domain must be there, or none.
    """
    domains: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for host, name, stories in said:
        domain = registered_domain(host)
        if domain is not None:
            domains[domain][host][name] += stories
    found = [one for domain, hosts in domains.items() if len(hosts) > 1 for one in _of_domain(domain, hosts)]
    return sorted(found, key=lambda one: one.host)


def _of_domain(domain: str, hosts: Mapping[str, Counter[str]]) -> Iterator[OwnHost]:
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    whole: Counter[str] = Counter()
    below: dict[str, Counter[str]] = defaultdict(Counter)  # a host, or a domain above it -> forms of names
    for host, names in hosts.items():
        for given, stories in names.items():
            name = without_section(given)
            form = letters(name)
            if not form or _says_nothing(name, form, domain):
                continue
            spelled[form][name] += stories
            whole[form] += stories
            for place in _up_to(host, domain):
                below[place][form] += stories
    taken: dict[str, str] = {}
    for place in sorted(below, key=lambda place: (place.count("."), place)):
        forms = below[place]
        form, stories = min(forms.items(), key=lambda pair: (-pair[1], pair[0]))
        name = min(spelled[form], key=lambda one: (-spelled[form][one], one))
        above = place.partition(".")[2]
        if taken.get(above) == form:
            taken[place] = form  # it is a part of that paper
        elif _agree(forms, form) and _named(place, domain, name) and _only_here(whole, forms, form):
            taken[place] = form
            yield OwnHost(place, domain, name, stories, forms.total())


def _says_nothing(name: str, form: str, domain: str) -> bool:
    """Whether a name is only a domain, or an agency's, which may be a credit."""
    if "." in name and " " not in name and registered_domain(name) == domain:
        return True
    return form == letters(domain) or agency_named(name) is not None


def _up_to(host: str, domain: str) -> Iterator[str]:
    """Yields the host and the domains above it, as far as they are below the registered domain."""
    while host != domain and host.endswith(domain):
        yield host
        host = host.partition(".")[2]


def _agree(forms: Counter[str], form: str) -> bool:
    return forms[form] >= max(FEWEST, MOST_OF_IT * forms.total())


def _named(place: str, domain: str, name: str) -> bool:
    """Whether a name is that of the host, and not that of the registered domain."""
    labels = place.removesuffix(f".{domain}").split(".")
    label = letters(labels[0])
    if any("blog" in one for one in labels) or label in NO_PAPER or fits(name, letters(domain.partition(".")[0])):
        return False
    plain = _without_marks(name)
    if len(label) < SHORT:
        return label in (letters(name), letters(plain))
    return fits(name, label) or fits(plain, label)


def _without_marks(name: str) -> str:
    """The name without accents, as hosts are written: "Estadão" gives "Estadao"."""
    parts = unicodedata.normalize("NFKD", name)
    return "".join(one for one in parts if not unicodedata.combining(one))


def _only_here(whole: Counter[str], forms: Counter[str], form: str) -> bool:
    """Whether enough other stories of the domain give other names, and hardly any a name like this."""
    elsewhere = whole - forms
    alike = sum(stories for other, stories in elsewhere.items() if other.startswith(form) or form.startswith(other))
    return elsewhere.total() - alike >= FEWEST and alike <= HARDLY_ELSEWHERE * elsewhere.total()


class _Said(msgspec.Struct):
    name: str | None = None


_NAME = msgspec.json.Decoder(_Said)
_SAID = packaged_text("newsgraph.loaders.merging", "said_by_hosts.cypher")
_SAID_OF = packaged_text("newsgraph.loaders.merging", "said_by_hosts_of.cypher")


def own_hosts_in(store: Store, directory: OutletDirectory, domains: Collection[str] | None = None) -> list[OwnHost]:
    """Returns the hosts in a store that are papers of their own, in order; with ``domains``, those of these registered
    domains. ``directory`` is the one that the stories follow now."""
    if domains is None or len(domains) > MOST_DOMAINS:
        rows = store.query(_SAID)
    elif domains:
        rows = store.query(_SAID_OF, {"outlets": sorted(_outlets_of(directory, domains))})
    else:
        return []
    told: Counter[tuple[str, str, str]] = Counter()
    for outlet, host, said, stories in rows:
        told[str(outlet), str(host), name_said(str(said)) or ""] += int(str(stories))
    found = own_hosts_told(directory, told)
    return found if domains is None else [one for one in found if one.outlet in domains]


def name_said(said: str) -> str | None:
    """Returns the name in what a story says of its outlet; None if it gives none, or if no load wrote it."""
    try:
        return _NAME.decode(said).name
    except msgspec.DecodeError:
        return None


def own_hosts_told(directory: OutletDirectory, told: Mapping[tuple[str, str, str], int]) -> list[OwnHost]:
    """Returns the hosts that are papers of their own, in order.

    ``told`` maps the outlet of some stories under ``directory``, their host as in their addresses, and the name that
    they give, to how many these are. Stories whose outlet another domain gives, such as the provider's at a portal,
    don't count.
    """
    plain = directory.with_own(())

    @cache
    def place(raw: str, outlet: str) -> str | None:
        host = host_of(f"https://{raw}/")
        if host is None:
            return None
        own = outlet in directory.own and registered_domain(outlet) == registered_domain(host)
        return host if own or plain.outlet_at(host) == outlet else None

    return own_hosts(
        (host, name, stories)
        for (outlet, raw, name), stories in told.items()
        if name and (host := place(raw, outlet)) is not None
    )


def _outlets_of(directory: OutletDirectory, domains: Collection[str]) -> set[str]:
    """The outlets that stories at hosts of these registered domains may have."""
    wanted = set(domains)
    found = {*wanted, *(one for one in directory.own if registered_domain(one) in wanted)}
    found |= {outlet for listed, outlet in directory.listed.items() if registered_domain(listed) in wanted}
    return found | {directory.joined[one] for one in found if one in directory.joined}


def stories_placed_by(store: Store, directory: OutletDirectory, hosts: Collection[str]) -> list[str]:
    """Returns the stories whose outlet may be another when the ``hosts`` become outlets of their own, or cease to be,
    in order.

    They are those at the hosts or below them, and those at other domains that their provider's domain places here.
    """
    domains = {domain for one in hosts if (domain := registered_domain(one))}
    ends = _outlets_of(directory, domains) | set(hosts)
    found = []
    for edge in store.edges(PublishedBy.type, ends=sorted(ends)):
        host = host_of(edge.start) or ""
        domain = registered_domain(host)
        if domain not in domains or any(place in hosts for place in _up_to(host, domain or "")):
            found.append(edge.start)
    return sorted(found)
