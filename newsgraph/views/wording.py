"""Times, lags, counts and shares in the words of the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

from newsgraph.output.times import lag_words


def moment_words(moment: datetime | None, *, year: bool = True) -> str:
    """Returns ``11 Jun 2020 16:42 UTC``. The zone is always shown."""
    if moment is None:
        return "no date"
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b}{f' {moment:%Y}' if year else ''} {moment:%H:%M} UTC"


def day_words(day: date | None) -> str:
    """``11 Jun 2020``."""
    return "no date" if day is None else f"{day.day} {day:%b} {day:%Y}"


def lag_long(seconds: float | None) -> str:
    """Returns a length of time for reading: ``48 s``, ``4 min``, ``7 h 52 min``, ``3 d 2 h``, ``45 days``; empty for
    None."""
    return lag_words(seconds)


def lag_signed(seconds: float | None) -> str:
    """The same with its sign: ``+7 h 52 min``."""
    return "" if seconds is None else ("\N{MINUS SIGN}" if seconds < 0 else "+") + lag_long(seconds)


def utc_stamp(moment: datetime | None) -> str:
    """``2020-06-11T16:42:00Z``, as programs read it; empty for None."""
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def size_of(count: int) -> str:
    """A number of bytes: ``812 bytes``, ``41 kB``, ``2.4 MB``."""
    if count < 1000:
        return counted(count, "byte")
    return f"{count / 1000:.0f} kB" if count < 999_500 else f"{count / 1e6:.1f} MB"


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
