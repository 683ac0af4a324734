"""Times, lags, counts and shares as the pages word them."""

from __future__ import annotations

from datetime import UTC, date, datetime


def moment_words(moment: datetime | None, *, year: bool = True) -> str:
    """``11 Jun 2020 16:42 UTC``; the zone is always said."""
    if moment is None:
        return "no date"
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b}{f' {moment:%Y}' if year else ''} {moment:%H:%M} UTC"


def day_words(day: date | None) -> str:
    """``11 Jun 2020``."""
    return "no date" if day is None else f"{day.day} {day:%b} {day:%Y}"


def lag_words(seconds: float | None) -> str:
    """``+4 min``, ``+1h07``, ``+3 d 02h``; empty for None."""
    if seconds is None:
        return ""
    sign, seconds = ("\N{MINUS SIGN}" if seconds < 0 else "+"), abs(round(seconds))
    if seconds < 60:
        return f"{sign}{seconds} s"
    if seconds < 3600:
        return f"{sign}{seconds // 60} min"
    if seconds < 86_400:
        return f"{sign}{seconds // 3600}h{seconds % 3600 // 60:02}"
    return f"{sign}{seconds // 86_400} d {seconds % 86_400 // 3600:02}h"


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 story``, ``1,204 stories``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(share: float | None) -> str:
    """``83 %``; empty for None."""
    return "" if share is None else f"{100 * share:.0f} %"


def rounded(value: float | None, digits: int = 1) -> str:
    """With that many decimals; empty for None."""
    return "" if value is None else f"{value:,.{digits}f}"


def small(value: float) -> str:
    """A false discovery rate: ``0.012``, ``<0.001``."""
    return "<0.001" if value < 0.001 else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"
