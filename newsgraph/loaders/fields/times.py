"""Times as article files write them: ISO 8601 in its many shapes, the form of mail and feeds (RFC 5322), seconds or
milliseconds since 1970, and dates in English words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

#: 20200610, 20200610T233000Z, 20200610233000.
_COMPACT = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:[Tt]?(\d{2})(\d{2})(\d{2})?()\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?)?", re.ASCII
)
#: Seconds or milliseconds since 1970, of the years 2001 to 2286.
_EPOCH = re.compile(r"[1-9]\d{9}(?:\d{3})?", re.ASCII)
#: June 10, 2020 and 10 June 2020, without a time.
_WORDS = re.compile(
    r"(?:([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?|(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?),? (\d{4})", re.ASCII
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)


def parse_time(text: str | None) -> tuple[datetime | None, str]:
    """A time of publication and its quality: ``(aware datetime in UTC, "exact" | "date_only" | "no_zone")``, else
    ``(None, "missing" | "impossible")``. A date without a time is its midnight in UTC; a time without a zone is read
    as UTC.
    """
    text = (text or "").strip()
    if not text:
        return None, "missing"
    try:
        match = _ISO.fullmatch(text)
        if match is None and text.isascii():
            if _EPOCH.fullmatch(text):
                return datetime.fromtimestamp(int(text[:10]), UTC) + timedelta(
                    milliseconds=int(text[10:] or 0)
                ), "exact"
            match = _COMPACT.fullmatch(text)
            words = _WORDS.fullmatch(text)
            if words is not None:
                return _worded_date(words)
        return _mail_time(text) if match is None else _iso_time(match)
    except (ValueError, OverflowError):
        return None, "impossible"


def _iso_time(match: re.Match[str]) -> tuple[datetime, str]:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if hour is None:
        return datetime(int(year), int(month), int(day), tzinfo=UTC), "date_only"
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), microsecond, UTC)
    if zone is None:
        return local, "no_zone"
    return local - _offset(zone), "exact"


def _worded_date(match: re.Match[str]) -> tuple[datetime | None, str]:
    month = (match[1] or match[4]).lower()
    number = next((n for n, name in enumerate(_MONTHS, 1) if month == name or month in (name[:3], name[:4])), 0)
    return datetime(int(match[5]), number, int(match[2] or match[3]), tzinfo=UTC), "date_only"


def _offset(zone: str) -> timedelta:
    if zone[0] not in "+-":
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    # timezone() refuses what no clock on earth shows.
    shown = timezone(timedelta(minutes=minutes)).utcoffset(None)
    return shown if zone[0] == "+" else -shown


def _mail_time(text: str) -> tuple[datetime | None, str]:
    parts = parsedate_tz(text)
    if parts is None:
        return None, "impossible"
    local = datetime(*parts[:6], tzinfo=UTC)
    if parts[9] is None:
        return local, "no_zone"
    return local - timedelta(seconds=parts[9]), "exact"
