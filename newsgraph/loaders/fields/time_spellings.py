"""Gives dates and times one spelling: European figures, ``10:30`` for ``10h30`` and ``10.30 Uhr``, ``2021-3-1`` for
East Asian dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

from newsgraph.patterns import later

_MARKS_OF_DIRECTION = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\ufeff\u2066\u2067\u2068\u2069")
)
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: In Vietnamese, March is called the third month, and Monday the second day.
_VIETNAMESE_NUMBERS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
_VIETNAMESE_MONTH = later(
    rf"\b(?:tháng|thg)\.?\s*(1[0-2]|0?[1-9]|{'|'.join(reversed(_VIETNAMESE_NUMBERS))})\b", re.IGNORECASE
)
_VIETNAMESE_DAY = later(r"\b(?:thứ|th)\s*(hai|ba|tư|năm|sáu|bảy|[2-7])\b|\bchủ nhật\b|\bcn\b", re.IGNORECASE)


def _with_colons(found: re.Match[str]) -> str:
    return " " + ":".join(filter(None, found.groups()))


_CLOCKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # 2021:03:01 10:00:00, as cameras write it
    (re.compile(r"^(\d{4}):(\d\d):(\d\d)(?= \d)"), r"\1-\2-\3"),
    # 1030 hrs
    (re.compile(r"(?<![\d:.-])([01]\d|2[0-3])([0-5]\d)\s?h(?:ou)?rs\b", re.IGNORECASE), r"\1:\2"),
    # 10h30, 10 h 30, 10h30m15s
    (re.compile(r"\b(\d{1,2})\s?h\s?(\d{2})\s?m(?:in)?\s?(\d{2})\s?s\b", re.IGNORECASE), r"\1:\2:\3"),
    (re.compile(r"\b(\d{1,2})\s?h\s?(\d{2})(?:\s?m(?:in)?)?(?![^\W_])", re.IGNORECASE), r"\1:\2"),
    # 10 Uhr 30, 10 Uhr, 10h
    (re.compile(r"(?<![\d:.])(\d{1,2})\s?Uhr (\d{2})(?![\d.:])", re.IGNORECASE), r"\1:\2"),
    (re.compile(r"(?<![\d:.])(\d{1,2})\s?(?:h|Uhr)(?![^\W\d_])", re.IGNORECASE), r"\1:00"),
    # 10pm, 10 a.m., 10:30p.m.
    (re.compile(r"(?<![\d:.])(\d{1,2})\s?([ap])\.?\s?m(?![^\W_])\.?", re.IGNORECASE), r"\1:00 \2m"),
    (re.compile(r"(\d)\s?([ap])\.?\s?m(?![^\W_])\.?", re.IGNORECASE), r"\1 \2m"),
    # EST5EDT, a name of POSIX for what ET means
    (re.compile(r"\b(?:EST5(?=E)|CST6(?=C)|MST7(?=M)|PST8(?=P))([ECMP])DT\b"), r"\1T"),
    # kl. 10
    (re.compile(r"(?<![^\W_])(?:klokken|klo|kl|kell)\.?\s+(\d{1,2})(?![\d.:])", re.IGNORECASE), r"\1:00"),
    # 2021-03-01T100000Z
    (re.compile(r"(?<=-\d\d)T(\d{2})(\d{2})(\d{2})?(?=Z|[+-]\d|$)", re.IGNORECASE), _with_colons),
    # 2021-03-01T10Z
    (re.compile(r"(?<=\d)T(\d{2})(?=Z|[+-]\d|$)", re.IGNORECASE), r" \1:00"),
    # 2021-03-01T10:00 and 2021-03-01_10:00
    (re.compile(r"(?<=\d)(?:T|_)(?=\d)", re.IGNORECASE), " "),
)
#: Eastern Time, Pacific Daylight Time.
_CLOCK_NAME = later(
    r"\b(?:U\.?S\.? )?(Eastern|Central|Mountain|Pacific)(?: (Standard|Daylight))? Time\b", re.IGNORECASE
)
_EAST_ASIAN = later(r"[年月日时時点點分년월일요시曜星周週礼禮午]|\([火水木金土화수목금토]\)")
_FIGURE = "[〇零一二三四五六七八九十]"
_NUMERAL = later(rf"(?<!{_FIGURE}){_FIGURE}++(?=\s*+[年月日号號时時点點分秒])")
_FIGURES = {figure: number for number, figure in enumerate("〇一二三四五六七八九")} | {"零": 0}
#: The year before the first year of an era, of Japan and of the Republic of China.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ERA = later(rf"({'|'.join(_ERAS)})\s*(\d+|元)\s*年")
_DATE = later(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})(?:\s*[日号號일]|(?![\d:.]|\s*[\d时時点點시分분]))")
_CLOCK = later(r"(\d{1,2})\s*[时時点點시]\s*(?:(\d{1,2})\s*[分분]\s*)?(?:(\d{1,2})\s*[秒초])?")
_HALF = later("(上午|下午|午前|午後|오전|오후)")
_WEEKDAY = later(
    r"(?:星期|周|週|礼拜|禮拜)([一二三四五六日天])|([月火水木金土日])曜日?|([월화수목금토일])요일"
    r"|\(([月火水木金土日월화수목금토일一二三四五六])\)"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_OF = {
    written: day
    for week in ("一二三四五六日", "月火水木金土日", "월화수목금토일", "一二三四五六天")
    for written, day in zip(week, _DAYS, strict=True)
}


#: The months of the solar calendar of Iran and Afghanistan: in Persian, and in Dari.
_PERSIAN_MONTHS = (  # noqa: SIM905  # a list literal hides the order
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند "
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"
).split()
_PERSIAN_DATE = later(
    rf"(?P<day>\d{{1,2}})\s+(?P<name>{'|'.join(_PERSIAN_MONTHS)})(?:\s+ماه)?\s+(?:سال\s+)?(?P<year>1[34]\d\d)(?!\d)"
)
#: The first day of the year 1400 of that calendar, and the years of each 33 that have a day more. The rule agrees with
#: the calendar as it is kept for the years 1244 to 1472 (K. M. Borkowski, Earth, Moon and Planets 74, 1996).
_YEAR_1400, _LEAP_YEARS = date(2021, 3, 21), frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_SIX_MONTHS = 6 * 31


def _persian_date(found: re.Match[str]) -> str:
    """Returns the same day as ``2021-3-2``; the text as it is if the calendar has no such day."""
    year, month, day = int(found["year"]), _PERSIAN_MONTHS.index(found["name"]) % 12 + 1, int(found["day"])
    days = 31 if month <= 6 else 29 + (year % 33 in _LEAP_YEARS) if month == 12 else 30
    if not 1 <= day <= days:
        return found[0]
    years = range(1400, year) if year >= 1400 else range(year, 1400)
    whole = sum(365 + (one % 33 in _LEAP_YEARS) for one in years)
    before = (month - 1) * 31 if month <= 7 else _SIX_MONTHS + (month - 7) * 30
    that = _YEAR_1400 + timedelta(days=(whole if year >= 1400 else -whole) + before + day - 1)
    return f" {that.isoformat()} "


def one_spelling(text: str) -> str:
    """Returns the text with all these forms written in one way. Everything else stays as it is."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_MARKS_OF_DIRECTION)
        text = "".join([str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text])
        if _EAST_ASIAN.search(text):
            text = _east_asian(text)
        text = _PERSIAN_DATE.sub(_persian_date, text)
        text = _VIETNAMESE_MONTH.sub(lambda found: f" {_MONTHS[_vietnamese(found[1])]} ", text)
        text = _VIETNAMESE_DAY.sub(lambda found: f" {_DAYS[_vietnamese(found[1]) - 2 if found[1] else 6]} ", text)
    for pattern, spelling in _CLOCKS:
        text = pattern.sub(spelling, text)
    return _CLOCK_NAME.sub(lambda found: f"{found[1][0]}{(found[2] or ' ')[0]}T".replace(" ", "").upper(), text)


def _east_asian(text: str) -> str:
    text = _NUMERAL.sub(_number, text)
    text = _ERA.sub(lambda found: f"{_ERAS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年", text)
    text = _DATE.sub(r" \1-\2-\3 ", text)
    text = _CLOCK.sub(lambda found: f" {found[1]}:{found[2] or '00'}{':' + found[3] if found[3] else ''} ", text)
    text = _HALF.sub(r" \1 ", text)
    return _WEEKDAY.sub(lambda found: f" {_DAY_OF[next(one for one in found.groups() if one)]} ", text)


def _vietnamese(written: str) -> int:
    return int(written) if written.isdecimal() else _VIETNAMESE_NUMBERS.index(written.lower()) + 1


def _number(found: re.Match[str]) -> str:
    written = found[0]
    if "十" not in written:
        return "".join(str(_FIGURES[figure]) for figure in written)
    tens, _, ones = written.partition("十")
    return str(10 * (_FIGURES[tens] if len(tens) == 1 else 1) + (_FIGURES[ones] if len(ones) == 1 else 0))
