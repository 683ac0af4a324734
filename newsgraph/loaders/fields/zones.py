"""Time zones by the names that texts give them: abbreviations, numeric offsets, and regions such as Europe/Paris.

There is no standard for abbreviations. Those that newsrooms use for one offset only are known here. Those that several
countries use for different offsets are used only if the country is known. The offsets are those of the IANA time zone
database and, for the American ones, of RFC 5322.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from newsgraph.patterns import later

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

#: Abbreviation -> minutes east of Greenwich, for those that mean one offset.
_ONE_MEANING = {
    "UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "ZULU": 0, "UCT": 0,
    # America
    "EST": -300, "EDT": -240, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540,
    "AKDT": -480, "HST": -600, "HDT": -540, "HADT": -540, "ADT": -180, "NST": -210, "NDT": -150, "HNE": -300,
    "HAE": -240, "HNP": -480, "HAP": -420, "BRT": -180, "BRST": -120, "ART": -180, "CLT": -240, "CLST": -180,
    "COT": -300, "PET": -300, "UYT": -180, "VET": -240, "BOT": -240, "PYT": -240, "GFT": -180,
    # Europe
    "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "MET": 60, "MEST": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "MSD": 240, "TRT": 180, "SAMT": 240, "МСК": 180, "BST": 60,
    # Africa
    "WAT": 60, "CAT": 120, "SAST": 120, "EAT": 180, "MUT": 240,
    # Asia
    "IDT": 180, "IRST": 210, "AFT": 270, "PKT": 300, "YEKT": 300, "UZT": 300, "NPT": 345, "OMST": 360, "MMT": 390,
    "ICT": 420, "WIB": 420, "KRAT": 420, "NOVT": 420, "HKT": 480, "SGT": 480, "MYT": 480, "PHT": 480, "WITA": 480,
    "IRKT": 480, "JST": 540, "KST": 540, "WIT": 540, "YAKT": 540, "VLAT": 600, "MAGT": 660, "PETT": 720,
    # Oceania
    "AWST": 480, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "CHST": 600, "FJT": 720,
}  # fmt: skip
#: Abbreviation -> country -> minutes, if the country decides. For all other countries, BST, EST and the like have the
#: meaning above, and the rest have none.
_BY_COUNTRY: dict[str, dict[str, int]] = {
    "CST": {
        "US": -360, "CA": -360, "MX": -360, "CR": -360, "GT": -360, "HN": -360, "SV": -360, "NI": -360, "BZ": -360,
        "CN": 480, "TW": 480, "HK": 480, "MO": 480, "CU": -300,
    },
    "IST": {"IN": 330, "IE": 60, "IL": 120},
    "AST": {
        "CA": -240, "US": -240, "PR": -240, "DO": -240, "BB": -240, "TT": -240, "BM": -240, "SA": 180, "IQ": 180,
        "KW": 180, "QA": 180, "BH": 180, "YE": 180,
    },
    "GST": {"AE": 240, "OM": 240, "GU": 600},
    "AMT": {"BR": -240, "AM": 240},
    "SST": {"AS": -660, "SG": 480},
    "ECT": {"EC": -300},
    "WST": {"AU": 480, "WS": 780},
    "BDT": {"BD": 360, "BN": 480},
    "BST": {"BD": 360, "PG": 660},
    "EST": {"AU": 600},
    "EDT": {"AU": 660},
    "PST": {"PH": 480},
    "CDT": {"CU": -240},
    "MST": {"MY": 480, "MM": 390},
}  # fmt: skip
#: American zones that change to daylight saving time by themselves.
_CLOCKS = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "AKT": "America/Anchorage",
}  # fmt: skip
#: Language -> the country whose zone a text in it means, if only one country matters for _BY_COUNTRY.
_COUNTRY_OF_LANGUAGE = {
    "hi": "IN", "gu": "IN", "mr": "IN", "te": "IN", "kn": "IN", "ml": "IN", "pa": "IN", "he": "IL", "ga": "IE",
    "zh": "CN",
}  # fmt: skip
#: No time zone on earth is further from Greenwich than this.
_WEST, _EAST = -12 * 60, 14 * 60
_OFFSET = later(r"([+\-\N{MINUS SIGN}\N{EN DASH}])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?", re.ASCII)
_SHORT = later(r"([+\-\N{MINUS SIGN}\N{EN DASH}])([1-9])(\d{2})", re.ASCII)


def is_zone(name: str) -> bool:
    """Tells whether it is a known abbreviation, in capitals."""
    return name in _ONE_MEANING or name in _BY_COUNTRY or name in _CLOCKS


def country_of_language(tag: str) -> str:
    """Returns the country of a language tag in two capitals: its region, or the only country that speaks the language.

    It is empty when there are several: ``en-GB`` gives GB, ``hi`` gives IN, ``en`` gives an empty text.
    """
    parts = tag.replace("_", "-").split("-")
    region = next((part for part in parts[1:] if len(part) == 2 and part.isalpha()), "")
    return region.upper() or _COUNTRY_OF_LANGUAGE.get(parts[0].lower(), "")


def primary_language(tag: str) -> str:
    """Returns the language of a tag: ``pt`` for ``pt-BR``."""
    return tag.replace("_", "-").partition("-")[0].lower()


def country_of_domain(address: str) -> str:
    """Returns the country whose domain a web address is under, in two capitals: GB for ``.uk``.

    It is empty for other domains, and for countries' domains that anyone can buy.
    """
    host = re.sub(r"^[a-z]+://", "", address.strip().lower()).partition("/")[0].partition(":")[0]
    last = host.rpartition(".")[2]
    if len(last) != 2 or not last.isalpha() or (last in _SOLD and host.count(".") < 2):
        return ""
    return {"uk": "GB"}.get(last, last.upper()) if last != "eu" else ""


#: Countries' domains that mostly stand for something else.
_SOLD = frozenset(
    {"ai", "am", "cc", "co", "fm", "gg", "io", "is", "la", "ly", "me", "nu", "sh", "tk", "to", "tv", "vc", "ws"}
)


def numeric_offset(written: str) -> timedelta | None:
    """Returns the offset that ``+0100``, ``-4``, ``+05:30`` or ``-700`` means; None if no time zone on earth has it."""
    found = _OFFSET.fullmatch(written) or _SHORT.fullmatch(written)
    if found is None:
        return None
    hours, minutes = int(found[2]), int(found[3] or 0)
    seconds = int(found[4] or 0) if found.re is _OFFSET else 0
    total = hours * 60 + minutes
    if found[2] == "0" and minutes:  # -047 is no way to write an offset
        return None
    if minutes > 59 or seconds > 59 or not (0 <= total <= (_EAST if found[1] == "+" else -_WEST)):
        return None
    shown = timedelta(minutes=total, seconds=seconds)
    return shown if found[1] == "+" else -shown


def named_offset(name: str, local: datetime, country: str = "") -> timedelta | None:
    """Returns the offset that the abbreviation means on that day; None if it means several, or isn't known."""
    minutes = _BY_COUNTRY.get(name, {}).get(country, _ONE_MEANING.get(name))
    if minutes is not None:
        return timedelta(minutes=minutes)
    return region_offset(_CLOCKS[name], local) if name in _CLOCKS else None


def can_mean(name: str, offset: timedelta, local: datetime) -> bool:
    """Tells whether the abbreviation means that offset anywhere on that day."""
    minutes = {*_BY_COUNTRY.get(name, {}).values(), _ONE_MEANING.get(name)}
    if name in _CLOCKS:
        return region_offset(_CLOCKS[name], local) in (offset, None)
    return offset // timedelta(minutes=1) in minutes


def region_offset(name: str, local: datetime) -> timedelta | None:
    """Returns the offset of a region of the time zone database (``America/New_York``) at that local time.

    None for an unknown region, and for the hour that occurs twice or not at all when clocks change.
    """
    zone = _region(name)
    if zone is None:
        return None
    plain = local.replace(tzinfo=None)
    first, second = plain.replace(tzinfo=zone).utcoffset(), plain.replace(tzinfo=zone, fold=1).utcoffset()
    return first if first == second else None


@lru_cache(maxsize=600)
def _region(name: str) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # few texts name a region

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a name that isn't a zone's, or a folder's
        return None


def in_utc(local: datetime, offset: timedelta) -> datetime:
    """Returns a local time, with its offset from Greenwich, in UTC. Raises OverflowError outside of the calendar."""
    return local.replace(tzinfo=UTC) - offset
