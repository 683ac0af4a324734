"""Escapes and HTML entities in addresses: all spellings of one character are made the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from newsgraph.patterns import later

_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
# Reserved characters that every server reads the same when they are escaped: not "&", "=", "+", ";", "%", "#".
_HARMLESS = "!$'()*,:@"

_CONTROL = later("[\x00-\x1f\x7f-\x9f]")
# The characters that str.strip() removes, and characters that are invisible.
_BLANKS = (
    " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
    "\u202f\u205f\u3000\u200b\u2060\ufeff"
)
_ESCAPED_UNRESERVED = later("%(?:2[DdEe]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee])")
_REFERENCE = "lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-f]{1,6}"
# It fits a whole chain such as "&amp;amp;lt;" at once, so that no further reference is left in the result.
_ENTITY = later(f"&(?:(?:(?:amp|#0*38|#x0*26);)+(?:({_REFERENCE});)?|({_REFERENCE});)", re.IGNORECASE)
_NAMED = {"lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def _entity(match: re.Match[str]) -> str:
    chained, single = match.groups()
    name = chained or single
    if name is None:
        return "&"
    if name[0] == "#":
        code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        # No honest address writes letters and digits as entities; controls and surrogates can't be in an address.
        usable = 0x20 < code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF
        character = chr(code) if usable else ""
        if not character or character in "&#%;" or (code < 0x7F and character.isalnum()):
            return f"&{name};"
        return character
    return _NAMED[name.lower()]


def readable(url: str, *, unescape: bool = True) -> str:
    """Returns an address without controls, HTML entities and surrounding blanks, and with plain letters unescaped."""
    text = url if url.isprintable() else _CONTROL.sub("", url)
    if unescape and "%" in text:
        text = _ESCAPED_UNRESERVED.sub(lambda found: chr(int(found.group()[1:], 16)), text)
    if "&" in text and ";" in text:
        text = _ENTITY.sub(_entity, text)
    return text.strip(_BLANKS)


def _escaper(allowed: str, plain: str, space: str = "%20") -> Callable[[str], str]:
    """Returns a function that gives all spellings of one part of an address the same form.

    ``plain`` characters are unescaped. All characters but ``allowed`` become UTF-8 escapes, with hexadecimal digits in
    upper case. Lone surrogates become escapes, too.
    """
    unescaped = {f"%{ord(c):02X}": c for c in plain} | {"%20": space}
    usual = re.compile(f"[{re.escape(allowed)}]*")
    unusual = re.compile(f"%(?:[0-9A-Fa-f]{{2}})?|[^{re.escape(allowed)}]")

    def rewrite(match: re.Match[str]) -> str:
        found = match.group()
        if len(found) == 3:
            found = found.upper()
            return unescaped.get(found, found)
        return space if found == " " else quote(found, safe="", errors="surrogatepass")

    def escape(text: str) -> str:
        return text if usual.fullmatch(text) else unusual.sub(rewrite, text)

    return escape


escape_path = _escaper(_UNRESERVED + _HARMLESS + "/&=+;", _UNRESERVED + _HARMLESS)
# No ";" in names: after items are sorted, "lt;=1" could come to stand behind "&" and be read as an entity.
escape_name = _escaper(_UNRESERVED + _HARMLESS + "/?+", _UNRESERVED + _HARMLESS + "/?", "+")
escape_value = _escaper(_UNRESERVED + _HARMLESS + "/?+=;", _UNRESERVED + _HARMLESS + "/?", "+")
escape_route = _escaper(_UNRESERVED + _HARMLESS + "/?&=+;", _UNRESERVED + _HARMLESS + "/?")
# For pictures: everything stays as written, except what can't be in an address at all.
escape_unwritable = _escaper("".join(map(chr, range(0x21, 0x7F))), "")
