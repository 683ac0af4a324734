"""Language tags in one spelling (BCP 47), so that stories in one language are found by one tag."""

from __future__ import annotations

import re
from functools import lru_cache

from newsgraph.patterns import later

_TAG = later(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@lru_cache(maxsize=1024)
def normalised_tag(written: str) -> str:
    """Returns a language tag in the spelling of BCP 47, with language, script and region only.

    A text that is no language tag is returned unchanged.

    >>> normalised_tag("en-us"), normalised_tag("pt_BR"), normalised_tag("zh-hans-CN"), normalised_tag("iw")
    ('en-US', 'pt-BR', 'zh-Hans-CN', 'he')
    """
    if not _TAG.fullmatch(written):
        return written
    first, *rest = re.split("[-_]", written)
    code = _RENAMED.get(first.lower(), first.lower())
    parts = [code]
    for part in rest:
        if len(part) == 4 and part.isalpha():
            parts.append(part.title())
        elif (len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdigit()):
            parts.append(part.upper())
    return "-".join(parts)


#: Codes that were replaced by others, and codes of three letters for which there is one of two.
_RENAMED = {
    "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "sh": "sr", "eng": "en", "deu": "de", "ger": "de", "fra": "fr",
    "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru", "zho": "zh", "chi": "zh", "jpn": "ja", "kor": "ko",
    "ara": "ar", "nld": "nl", "dut": "nl", "swe": "sv", "dan": "da", "nor": "no", "fin": "fi", "pol": "pl", "ces": "cs",
    "cze": "cs", "slk": "sk", "slo": "sk", "hun": "hu", "ron": "ro", "rum": "ro", "tur": "tr", "ell": "el", "gre": "el",
    "ukr": "uk", "heb": "he", "hin": "hi", "ind": "id", "vie": "vi", "tha": "th", "cat": "ca", "hrv": "hr", "slv": "sl",
    "srp": "sr", "bul": "bg", "fas": "fa", "per": "fa",
}  # fmt: skip
