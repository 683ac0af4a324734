"""Languages by their English names, as GDELT and Webhose write them, to language tags (ISO 639-1, BCP 47)."""

from __future__ import annotations

import re

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_NAMES = (  # noqa: SIM905  # a list literal of 130 words hides the pairs
    "afrikaans af albanian sq amharic am arabic ar armenian hy azerbaijani az basque eu belarusian be bengali bn "
    "bosnian bs bulgarian bg burmese my catalan ca chinese zh croatian hr czech cs danish da dutch nl english en "
    "estonian et finnish fi french fr galician gl georgian ka german de greek el gujarati gu hausa ha hebrew he "
    "hindi hi hungarian hu icelandic is indonesian id irish ga italian it japanese ja kannada kn kazakh kk khmer km "
    "korean ko kurdish ku kyrgyz ky lao lo latvian lv lithuanian lt macedonian mk malay ms malayalam ml maltese mt "
    "marathi mr mongolian mn nepali ne norwegian no pashto ps persian fa polish pl portuguese pt punjabi pa "
    "romanian ro russian ru serbian sr sindhi sd sinhala si slovak sk slovenian sl somali so spanish es swahili sw "
    "swedish sv tagalog tl tajik tg tamil ta telugu te thai th tibetan bo turkish tr turkmen tk ukrainian uk urdu ur "
    "uzbek uz vietnamese vi welsh cy yoruba yo zulu zu"
).split()
NAMES = dict(zip(_NAMES[::2], _NAMES[1::2], strict=True))


def language_tag(written: str) -> str:
    """The tag of a language's English name; a tag, and a name that nobody knows, as written."""
    return written if _TAG.fullmatch(written) and len(written) <= 3 else NAMES.get(written.casefold(), written)
