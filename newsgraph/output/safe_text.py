"""What a terminal would obey instead of showing, made visible."""

from __future__ import annotations

from itertools import chain

#: C0 but tab and line feed, DEL and C1; separators that end a line for some readers; what turns writing round
#: (Unicode Bidirectional Algorithm, https://www.unicode.org/reports/tr9/).
_OBEYED = chain(
    (code for code in range(0x20) if code not in (0x09, 0x0A)),
    range(0x7F, 0xA0),
    (0x061C, 0x200E, 0x200F, 0x2028, 0x2029),
    range(0x202A, 0x202F),
    range(0x2066, 0x206A),
)
_CODES = {code: f"\\u{code:04x}" for code in _OBEYED}


def harmless(text: str) -> str:
    """The text with every control character but tab and line feed, every separator of lines and every bidirectional
    control as ``\\uXXXX``. Of JSON this changes the spelling only, for there such characters stand within strings."""
    return text if text.isprintable() else text.translate(_CODES)
