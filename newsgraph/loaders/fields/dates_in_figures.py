"""Days and times in figures: the orders in which three numbers make a date, and times of twelve-hour clocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from newsgraph.loaders.fields.read_time import NoTimeError, TimeHints
from newsgraph.patterns import later

#: Countries that write the month before the day; and countries that usually begin with the year, so that a date which
#: ends with the year doesn't follow their order.
_MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW", "PR", "GU", "AS", "VI", "MP"})
_NO_USUAL_ORDER = frozenset({"CA", "CN", "JP", "KR", "TW", "HU", "LT", "MN", "IR", "KE", "ZA", "HK"})
_LANGUAGES_WITHOUT_ORDER = frozenset(
    {"", "en", "zh", "ja", "ko", "hu", "lt", "mn", "fa", "fil", "tl", "sw", "af", "zu"}
)


def day_of_year(year: int, number: int) -> date:
    """Returns the date of a day that is counted from 1 January, which is 1. Raises ValueError."""
    day = date(year, 1, 1) + timedelta(days=number - 1)
    if number < 1 or day.year != year:
        raise ValueError(f"{year} has no day {number}")
    return day


def possible_orders(first: str, second: str, third: str, mark: str, *, column: bool = False) -> dict[str, date]:
    """Returns the orders (``DMY``, ``MDY``, ``YMD``) in which three numbers make a date, each with its date.

    If there are dots between them, the day comes first, unless no calendar shows that or the other dates of a
    ``column`` decide. A number of four figures is the year.
    """
    if mark == "." and len(first) != 4 and not column:
        found = possible_orders(first, second, third, mark, column=True)
        return {"DMY": found["DMY"]} if "DMY" in found else found
    if len(first) == 4:
        orders: tuple[str, ...] = ("YMD",)
    elif mark == ".":
        orders = ("DMY", "MDY") if len(third) == 4 else ("DMY",)
    else:
        orders = ("DMY", "MDY") if len(third) == 4 else ("DMY", "MDY", "YMD")
    found = {}
    for order in orders:
        figures = dict(zip(order, (first, second, third), strict=True))
        if len(figures["Y"]) in (2, 4) and max(len(figures["M"]), len(figures["D"])) <= 2:
            year = int(figures["Y"])
            if len(figures["Y"]) == 2:
                year += 2000 if year < 50 else 1900
            try:
                found[order] = date(year, int(figures["M"]), int(figures["D"]))
            except ValueError:
                continue
    return found


#: A text whose first figures are a day.
DAY_IN_FIGURES = later(r"[^\d/]{0,40}(\d{1,4})([-/.])\s?(\d{1,2})\2\s?(\d{1,4})(?!\d)")


def order_shown(dates: Iterable[str]) -> str:
    """Returns the order (``DMY``, ``MDY`` or ``YMD``) that a file's dates in figures have, if one of them shows it and
    no other contradicts it; otherwise an empty text."""
    orders: set[str] = {"DMY", "MDY", "YMD"}
    for written in dates:
        if len(orders) == 1 and "YMD" in orders and written[:4].isdecimal():
            continue  # the year stands first here, too, if this is a date
        shown = DAY_IN_FIGURES.match(written)
        fitting = possible_orders(shown[1], shown[3], shown[4], shown[2], column=True) if shown else {}
        if fitting:
            orders &= fitting.keys()
        if not orders:
            break  # they have several orders
    return orders.pop() if len(orders) == 1 else ""


def days_in_figures(first: str, second: str, third: str, mark: str, hints: TimeHints) -> tuple[date, ...]:
    """Returns the days that three numbers can mean: one if they can't mean others, or if the hints decide. Raises
    NoTimeError if they mean none."""
    if not int(first) and not int(second) and not int(third):
        return (date.min,)
    found = possible_orders(first, second, third, mark, column=hints.order == "MDY")
    if not found:
        raise NoTimeError("no calendar shows it")
    usual = hints.order or _usual_order(hints)
    return (found[usual],) if usual in found else tuple(dict.fromkeys(found.values()))


def _usual_order(hints: TimeHints) -> str:
    if hints.country in _MONTH_FIRST:
        return "MDY"
    if hints.country:
        return "" if hints.country in _NO_USUAL_ORDER else "DMY"
    return "" if hints.language in _LANGUAGES_WITHOUT_ORDER else "DMY"


def is_year(figures: str) -> bool:
    """Tells whether a number can only be a year: it has four figures, or an apostrophe before two."""
    return figures.startswith("'") or len(figures) == 4


def time_of_day(shown: re.Match[str]) -> timedelta:
    """Returns the time since midnight from the groups hours, minutes, seconds and fraction. Raises NoTimeError."""
    hour, minute, second = int(shown[1]), int(shown[2]), int(shown[3] or 0)
    fraction = int((shown[4] or "0")[:6].ljust(6, "0"))
    # 24:00 is the end of the day, and a minute with a leap second has sixty-one seconds.
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second or fraction)):
        raise NoTimeError("no clock shows it")
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)


def in_half(clock: timedelta, half: str) -> timedelta:
    """Returns the time since midnight for a time of a twelve-hour clock. ``22:00 PM`` is allowed and means 22:00."""
    hours = clock // timedelta(hours=1)
    if not half:
        return clock
    if half == "am":
        if hours > 12:
            raise NoTimeError("that hour is none of the morning")
        return clock - timedelta(hours=12) if hours == 12 else clock
    return clock + timedelta(hours=12) if hours < 12 else clock
