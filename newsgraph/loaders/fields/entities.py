"""Turns people, organisations and places, as files list them, into records of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from newsgraph.loaders.markup.plain_text import plain
from newsgraph.loaders.records import EntityRecord
from newsgraph.patterns import later

Kind = Literal["person", "organisation", "place"]
#: The longest name, in characters, and the longest list, in entities.
LONGEST, MOST = 200, 500
_WIDE_KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("person", ("person", "people", "persons", "per")),
    (
        "organisation",
        (
            "organisation", "organization", "organisations", "organizations", "org", "orgs", "company", "companies",
            "newsmediaorganization", "corporation", "governmentorganization", "ngo", "sportsteam", "sportsorganization",
            "educationalorganization", "collegeoruniversity", "politicalparty", "musicgroup", "airline",
            "localbusiness",
        ),
    ),
    (
        "place",
        (
            "place", "places", "loc", "location", "locations", "geoarea", "geo", "glocations", "city", "country",
            "state", "administrativearea", "continent", "gpe", "point", "poi", "landform",
        ),
    ),
)  # fmt: skip
_KINDS: Mapping[str, Kind] = {name: kind for kind, names in _WIDE_KINDS for name in names}
_WIKIDATA = later(r"(?:^|wikidata\.org/(?:wiki|entity)/|wikidata:|wd:)(Q[1-9]\d{0,11})$")


def kind_of(written: Any) -> Kind | None:
    """Returns the kind that a word or code stands for (``Person``, ``cpnat:organisation``, ``schema.org/Place``).

    Of a list, the first that stands for one is used. None for any other value.
    """
    for one in written if isinstance(written, (list, tuple)) else (written,):
        if isinstance(one, str):
            found = _KINDS.get(re.split(r"[/:#]", one.strip())[-1].lower())
            if found is not None:
                return found
    return None


def wikidata_of(*given: Any) -> str | None:
    """Returns the Wikidata id in values that may hold one: an address, a code, or lists of them. None if there is
    none."""
    for value in given:
        for one in value if isinstance(value, (list, tuple)) else (value,):
            given_id = one.get("uri") or one.get("@id") or one.get("code") if isinstance(one, Mapping) else one
            found = _WIKIDATA.search(given_id.strip()) if isinstance(given_id, str) else None
            if found is not None:
                return found[1]
    return None


def entity(name: Any, kind: Kind | None, *identifiers: Any) -> EntityRecord | None:
    """Returns the entity of that name and kind, with a Wikidata id if one of ``identifiers`` holds one. None if the
    name or the kind is missing."""
    told = plain(name) if isinstance(name, str) and len(name) <= 4 * LONGEST else None
    if kind is None or not told or len(told) > LONGEST:
        return None
    return EntityRecord(name=told, kind=kind, wikidata=wikidata_of(*identifiers))


def entities(value: Any) -> tuple[EntityRecord, ...]:
    """Returns the entities that a format's reader found, each once and in order. None among them is left out."""
    if isinstance(value, (EntityRecord, str, Mapping)) or not isinstance(value, Iterable):
        return ()
    found: dict[str, EntityRecord] = {}
    for one in value:
        if isinstance(one, EntityRecord) and one.id is not None:
            found.setdefault(one.id, one)
            if len(found) >= MOST:
                break
    return tuple(found.values())
