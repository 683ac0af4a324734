"""Bylines: finds the names of authors in what a file says about them, in a list, an object or a line of text.

Names are kept as they are written. What stands around them (``By``, an address, a role) is removed. E-mail addresses
and links are not names and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from newsgraph.graph.agencies import agency_named
from newsgraph.loaders.markup.plain_text import plain
from newsgraph.patterns import later

#: The longest name, in characters, and the longest byline, in names.
LONGEST, MOST = 120, 50
_NAMES = (
    "name",
    "display_name",
    "displayName",
    "full_name",
    "fullName",
    "literal",
    "original",
    "label",
    "title",
    "value",
)
_INTRODUCTION = later(
    r"^(?:(?:written |reported |reporting |story |text |words |posted |published )?by"
    r"|de notre [^,]{3,40}|autor(?:in|es|a)?|auteurs?|autor[ei]|author|byline|text|texte|texto"
    r"|автор|текст|文|作者|記者|记者|執筆)(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
#: Words for "by" that are also parts of names: "Von Maria Muster", but "von Trapp" and "Di Canio, Paolo".
_BY_OR_PARTICLE = later(r"^(?:von|par|por|di|da|door|av|af)\s+(?=[^\s,]+\s+[^\s,])", re.IGNORECASE)
_PARTICLES = frozenset(
    {
        "de", "del", "della", "di", "da", "do", "dos", "du", "la", "le", "van", "von", "der", "den", "ter", "ten", "zu",
        "al", "el", "bin", "ibn", "mac", "st.", "saint",
    }
)  # fmt: skip
_MAIL_AND_NAME = later(r"^\s*[^\s@()<>]+@[^\s()<>]+\s*\(([^()]+)\)\s*$")
# What is searched for begins where blanks, or a word, begin: a search from each character of them would grow with
# their square.
_BRACKETS = later(r"(?:(?<!\s)\s++)?+[<(\[][^<>()\[\]]*+[>)\]]")
_ADDRESS = later(r"(?<!\S)\S[^\s@]*+@\S[^\s.]*+\.\S++|(?:https?://|www\.)\S++|(?<!\S)@\w++")
_SIGN = r"[;|\n•·/&+、，]|,\s*+(?:and|und|et|y|e|en|och|og|i|и)\s"
_BETWEEN = later(rf"(?:(?<!\s)\s++(?:{_SIGN}|(?:and|und|et|och|og|и|with|mit|avec)\s)|{_SIGN})\s*+")
_SOFT_BETWEEN = later(r"^(\S+ \S.*?) (?:y|e|en|i) (\S+ \S.*)$")
_ROLE = later(
    r"\b(?:correspondents?|editors?|reporters?|writers?|columnists?|bureau|desk|staff|contributors?|journalists?"
    r"|photographers?|chief|redakteur\w*|korrespondent\w*|redaktion|journalistes?|rédact\w+|envoyée?|correspondante?"
    r"|redactor\w*|corresponsal\w*|giornalista|inviat[oa]|corrispondente|verslaggever|redacteur|repórter"
    r"|корреспондент\w*|обозреватель)\b",
    re.IGNORECASE,
)
#: What programs write if nobody is named.
_NOBODY = frozenset(
    {
        "admin", "administrator", "none", "null", "nan", "n/a", "unknown", "anonymous", "no author", "author", "root",
        "user", "undefined", "[]", "{}", "webmaster", "default", "wordpress", "superuser", "system", "-", "agencies",
        "agency", "news agencies", "staff", "staff reporter", "staff correspondent", "our correspondent",
        "newsroom", "news desk", "newsdesk", "web desk", "editorial staff", "redaktion", "die redaktion", "rédaction",
        "la rédaction", "redacción", "la redacción", "redazione", "la redazione", "redação", "da redação", "redakcja",
        "редакция",
    }
)  # fmt: skip
#: What is no name: a date or a time of the day; who only edited the text; a newspaper, and all who work there.
_NO_NAME = later(
    r"\d{4}|\d:\d|^(?:edited|editing|additional reporting) by\b|^the \w"
    r"|\w \S+ staff$|\w (?:newsroom|editorial board|redaktion)$",
    re.IGNORECASE,
)
#: An account at a forum (``/u/jane``), and the place from which a reporter wrote (``Jane Doe in Oban``).
_ACCOUNT = later(r"^\s*/?u(?:ser)?/([\w-]+)\s*$")
_PLACE = later(r"(?<=\w) in (?:the )?[A-Z\u00c0-\u00de][\w'’.-]*(?: [A-Z\u00c0-\u00de][\w'’.-]*)*$")
_EDGES = " \t\n.,:;-–—|/"


def byline(value: Any) -> tuple[str, ...]:
    """Returns the names of a byline in order, each once, including agencies. Empty if it names nobody. Never raises.

    >>> byline("By Jane Doe and John Roe, Reuters")
    ('Jane Doe', 'John Roe', 'Reuters')
    >>> byline([{"name": "Jane Doe"}, "jroe@example.org (John Roe)"]), byline("Doe, Jane"), byline(7)
    (('Jane Doe', 'John Roe'), ('Jane Doe',), ())
    """
    if isinstance(value, str):
        return _names(value) if len(value) <= 2000 else ()
    found: dict[str, None] = {}
    for written in _written(value, 0):
        found.update(dict.fromkeys(_names(written) if len(written) <= 2000 else ()))
    return tuple(found)[:MOST]


def _written(value: Any, depth: int) -> Iterator[str]:
    """Yields the texts that name authors, from lists and objects that may be inside each other."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)) and depth < 3:
        for one in value[:MOST]:
            yield from _written(one, depth + 1)
    elif isinstance(value, Mapping) and depth < 3:
        first, last = (next((value[n] for n in names if isinstance(value.get(n), str)), "") for names in _PARTS)
        named = next((value[name] for name in _NAMES if isinstance(value.get(name), (str, list, Mapping))), None)
        if last and not named:
            yield f"{first} {last}".strip()
        elif named:
            yield from _written(named, depth + 1)


_PARTS = (
    ("first_name", "firstName", "firstname", "givenName", "given"),
    ("last_name", "lastName", "lastname", "familyName", "family"),
)


@lru_cache(maxsize=8192)
def _names(written: str) -> tuple[str, ...]:
    line = (plain(written) or "").replace("[[", "").replace("]]", "")  # links between notes
    mailed = _MAIL_AND_NAME.match(line)
    line = mailed[1] if mailed else line
    line = _ACCOUNT.sub(r"\1", line)
    credits = [one for one in map(_inside, _BRACKETS.findall(line)) if agency_named(one) is not None]
    line = _INTRODUCTION.sub("", _ADDRESS.sub(" ", _BRACKETS.sub(" ", line)).strip(_EDGES)).strip(_EDGES)
    if agency_named(line) is not None:  # before it is split: "Business Wire", "dpa/AFP"
        return (line,)
    line = _all_turned(_BY_OR_PARTICLE.sub("", line))
    names = [_PLACE.sub("", part.strip(_EDGES)) for several in _BETWEEN.split(line) for part in _parted(several)]
    named = (
        one
        for one in (*names, *credits)
        if 0 < len(one) <= LONGEST and one.casefold() not in _NOBODY and _can_name(one)
    )
    return tuple(dict.fromkeys(one for one in named if any(map(str.isalpha, one))))


def _can_name(written: str) -> bool:
    return _NO_NAME.search(written) is None or agency_named(written) is not None


def _inside(brackets: str) -> str:
    return brackets.strip(" <>()[]")


def _all_turned(line: str) -> str:
    """Returns a line with the names that have their surnames first turned. Of several between semicolons, all are
    turned if one of them surely has its surname first."""
    parts = [part.strip() for part in line.split(";")] if ";" in line else [line]
    if len(parts) == 1 or not all(part.count(",") == 1 for part in parts):
        return _turned(line)
    turned = [_turned(part) for part in parts]
    if turned == parts or any(_ROLE.search(part) or agency_named(part.rpartition(",")[2].strip()) for part in parts):
        return line
    return "; ".join(" ".join(one.strip() for one in reversed(part.split(","))) for part in parts)


def _turned(line: str) -> str:
    """Returns ``Doe, Jane`` as ``Jane Doe``; anything else as it is."""
    last, _, first = (part.strip() for part in line.partition(","))
    words = last.split()
    single = len(words) == 1 or (1 < len(words) <= 3 and words[0].casefold() in _PARTICLES)
    if not first or not single or "," in first or _BETWEEN.search(line) or _ROLE.search(first):
        return line
    if agency_named(first) is not None or agency_named(last) is not None:
        return line
    return f"{first} {last}"


def _parted(written: str) -> Iterator[str]:
    """Yields the names between commas, and between the short words for "and" that are also parts of names ("y", "e",
    "i").

    A text after a name may also be a role or a place.
    """
    first, *others = (part.strip(_EDGES) for part in written.split(","))
    for part in (first, *(one for one in others if _is_name(one, first))):
        found = _SOFT_BETWEEN.match(part)
        for name in found.groups() if found else (part,):
            yield from _without_agency(name)


def _without_agency(name: str) -> Iterator[str]:
    """Yields the name, and the agency that stands after it without a comma: ``JANE DOE Associated Press``."""
    words = name.split()
    for start in range(2, len(words)):
        agency = " ".join(words[start:])
        if (len(words) - start > 1 or agency.isupper() or len(agency) > 4) and agency_named(agency) is not None:
            yield from (" ".join(words[:start]), agency)
            return
    yield name


def _is_name(part: str, before: str) -> bool:
    if agency_named(part) is not None:
        return True
    return _ROLE.search(part) is None and not part.startswith("in ") and (" " in part or " " not in before)
