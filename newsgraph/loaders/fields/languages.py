"""Turns English and own names of languages into language tags (ISO 639-1, BCP 47), and knows which tags are invalid."""

from __future__ import annotations

import re

from newsgraph.patterns import later

_TAG = later(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
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
_OWN_NAMES = (  # noqa: SIM905
    "deutsch de français fr francais fr español es espanol es castellano es italiano it português pt "
    "portugues pt nederlands nl svenska sv dansk da norsk no bokmål nb nynorsk nn suomi fi íslenska is "
    "polski pl čeština cs slovenčina sk slovenščina sl magyar hu română ro hrvatski hr srpski sr bosanski "
    "bs shqip sq eesti et latviešu lv lietuvių lt türkçe tr türk tr ελληνικά el русский ru українська uk "
    "български bg македонски mk беларуская be עברית he العربية ar عربي ar فارسی fa اردو ur हिन्दी hi "
    "বাংলা bn தமிழ் ta ไทย th 中文 zh 汉语 zh 日本語 ja 한국어 ko català ca galego gl euskara eu gaeilge ga cymraeg "
    "cy afrikaans af kiswahili sw tagalog tl filipino fil mandarin zh cantonese yue simplified-chinese zh "
    "farsi fa flemish nl castilian es moldovan ro sinhalese si"
).split()
NAMES = dict(zip(_NAMES[::2], _NAMES[1::2], strict=True)) | dict(zip(_OWN_NAMES[::2], _OWN_NAMES[1::2], strict=True))
#: All codes of two letters that stand for a language (ISO 639-1), including old ones.
_CODES = frozenset(
    (  # noqa: SIM905
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
        "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id "
        "ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li "
        "ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa "
        "pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th "
        "ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
    ).split()
)


def language_tag(written: str) -> str | None:
    """Returns the tag for a language's name, or a tag as written; None for what isn't a language, such as the country
    ``us``.

    >>> language_tag("German"), language_tag("pt-BR"), language_tag("us")
    ('de', 'pt-BR', None)
    """
    named = NAMES.get(written.casefold().strip())
    if named is not None:
        return named
    if not _TAG.fullmatch(written):
        # German (Austria), en,fr, and en_US.UTF-8
        first = re.split(r"[\s,;/|(.]", written, maxsplit=1)[0]
        return language_tag(first) if first and first != written else None
    code = re.split("[-_]", written, maxsplit=1)[0].lower()
    return written if code in _CODES or len(code) == 3 else None
