"""News agencies, and how newspapers credit them: the one table for everything that looks for a credit.

A credit is a line of its own, a name in a field for sources, or a mark at the beginning or the end of a text, such as
``LONDON (Reuters) -``. A text that mentions an agency elsewhere doesn't credit it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from newsgraph.patterns import later


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency. ``names`` mean this agency wherever a credit stands. ``short`` names mean it only in a field that
    holds nothing but the credit, because elsewhere they have other meanings: "PA" is also Pennsylvania."""

    name: str
    names: tuple[str, ...]
    short: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


AGENCIES = (
    Agency(
        "Associated Press",
        ("Associated Press", "The Associated Press", "AP", "AP News", "美联社", "美聯社", "AP通信"),
        ("Associated Press Writer", "The AP"),
        ("apnews.com", "ap.org"),
    ),
    Agency(
        "Reuters",
        (
            "Reuters", "Thomson Reuters", "Reuters News", "Reuters Staff", "Рейтер", "Рейтерс", "路透社", "路透",
            "ロイター", "로이터", "رويترز", "रॉयटर्स", "Ρόιτερς",
        ),
        (),
        ("reuters.com",),
    ),
    Agency(
        "AFP",
        (
            "AFP", "Agence France-Presse", "Agence France Presse", "法新社", "AFP通信", "AFP時事", "أ ف ب", "فرانس برس",
            "АФП", "Франс Пресс",
        ),
        (),
        ("afp.com",),
    ),
    Agency(
        "dpa",
        ("dpa", "DPA", "dpa-AFX", "dpa-infocom", "Deutsche Presse-Agentur", "德新社"),
        ("lno", "lby", "lsw"),
        ("dpa.com",),
    ),
    Agency("APA", ("Austria Presse Agentur", "APA-OTS"), ("APA",), ("apa.at",)),
    Agency("Keystone-SDA", ("Keystone-SDA", "Schweizerische Depeschenagentur", "sda-ats"), ("SDA", "ATS"), ()),
    Agency("epd", ("epd", "Evangelischer Pressedienst"), (), ("epd.de",)),
    Agency("KNA", ("Katholische Nachrichten-Agentur",), ("KNA",), ("kna.de",)),
    Agency("SID", ("Sport-Informations-Dienst",), ("SID",), ()),
    Agency("ANSA", ("ANSA", "Agenzia ANSA", "安莎社"), (), ("ansa.it",)),
    Agency("Adnkronos", ("Adnkronos", "AdnKronos", "ADNKRONOS"), (), ("adnkronos.com",)),
    Agency("AGI", ("Agenzia Italia",), ("AGI",), ("agi.it",)),
    Agency("LaPresse", ("LaPresse",), (), ()),
    Agency("EFE", ("EFE", "Agencia EFE", "EFEverde", "埃菲社"), (), ("efe.com",)),
    Agency("Europa Press", ("Europa Press", "EUROPA PRESS"), ("EP",), ("europapress.es",)),
    Agency("Lusa", ("Lusa", "Agência Lusa", "LUSA"), (), ("lusa.pt",)),
    Agency("Agência Brasil", ("Agência Brasil",), (), ("agenciabrasil.ebc.com.br",)),
    Agency("Estadão Conteúdo", ("Estadão Conteúdo",), (), ()),
    Agency("Télam", ("Télam", "Telam"), (), ("telam.com.ar",)),
    Agency("Notimex", ("Notimex", "NTX"), (), ()),
    Agency("Prensa Latina", ("Prensa Latina",), (), ("prensa-latina.cu",)),
    Agency(
        "PA Media",
        ("Press Association", "The Press Association", "PA Media", "PA Wire", "PA news agency"),
        ("PA", "PA Mediapoint"),
        ("pa.media",),
    ),
    Agency("AAP", ("Australian Associated Press",), ("AAP",), ("aap.com.au",)),
    Agency("The Canadian Press", ("The Canadian Press", "Canadian Press", "La Presse Canadienne"), ("CP",), ()),
    Agency("UPI", ("UPI", "United Press International"), (), ("upi.com",)),
    Agency("Bloomberg", ("Bloomberg", "Bloomberg News", "彭博社", "彭博"), (), ("bloomberg.com",)),
    Agency(
        "Xinhua",
        ("Xinhua", "Xinhua News Agency", "新华社", "新華社", "新华网", "新華網", "Синьхуа", "شينخوا"),
        (),
        ("xinhuanet.com", "news.cn"),
    ),
    Agency(
        "China News Service", ("China News Service", "中新社", "中新网", "中国新闻网"), ("CNS",), ("chinanews.com",)
    ),
    Agency("CNA", ("Central News Agency", "中央社"), (), ("cna.com.tw",)),
    Agency("TASS", ("TASS", "ITAR-TASS", "ТАСС", "ИТАР-ТАСС", "塔斯社", "タス通信"), (), ("tass.ru", "tass.com")),
    Agency("RIA Novosti", ("RIA Novosti", "РИА Новости", "РИА «Новости»", "俄新社"), ("RIA", "РИА"), ("ria.ru",)),
    Agency("Interfax", ("Interfax", "Интерфакс", "Interfax-Ukraine", "Интерфакс-Украина"), (), ("interfax.ru",)),
    Agency("Ukrinform", ("Ukrinform", "Укринформ", "Укрінформ"), (), ("ukrinform.ua", "ukrinform.net")),
    Agency("UNIAN", ("UNIAN", "УНИАН", "УНІАН"), (), ("unian.net", "unian.ua")),
    Agency("BelTA", ("BelTA", "БЕЛТА", "БелТА"), (), ("belta.by",)),
    Agency("Kyodo", ("Kyodo", "Kyodo News", "共同通信", "共同通信社", "共同社"), ("共同",), ("kyodonews.net",)),
    Agency("Jiji", ("Jiji Press", "JIJI", "時事通信", "時事通信社", "时事社"), ("Jiji", "時事"), ("jiji.com",)),
    Agency(
        "Yonhap", ("Yonhap", "Yonhap News", "Yonhap News Agency", "연합뉴스", "韩联社", "聯合ニュース"), (),
        ("yna.co.kr",),
    ),
    Agency("Newsis", ("뉴시스", "Newsis"), (), ("newsis.com",)),
    Agency("KCNA", ("KCNA", "Korean Central News Agency", "朝中社", "조선중앙통신"), (), ("kcna.kp",)),
    Agency("PTI", ("PTI", "Press Trust of India", "पीटीआई"), (), ("ptinews.com",)),
    Agency("ANI", ("ANI", "Asian News International", "एएनआई"), (), ("aninews.in",)),
    Agency("IANS", ("IANS", "Indo-Asian News Service", "आईएएनएस"), (), ("ians.in",)),
    Agency("Antara", ("Antara News", "ANTARA"), ("Antara",), ("antaranews.com",)),
    Agency("Bernama", ("Bernama", "BERNAMA"), (), ("bernama.com",)),
    Agency("Anadolu", ("Anadolu Agency", "Anadolu Ajansı", "Anadolu"), ("AA",), ("aa.com.tr",)),
    Agency("DHA", ("Demirören Haber Ajansı",), ("DHA",), ("dha.com.tr",)),
    Agency("İHA", ("İhlas Haber Ajansı",), ("İHA", "IHA"), ("iha.com.tr",)),
    Agency("IRNA", ("IRNA", "ایرنا"), (), ("irna.ir",)),
    Agency("SPA", ("Saudi Press Agency", "واس"), ("SPA",), ("spa.gov.sa",)),
    Agency("WAM", ("Emirates News Agency", "وام"), ("WAM",), ("wam.ae",)),
    Agency("MENA", ("Middle East News Agency", "أ ش أ"), ("MENA",), ()),
    Agency("ANP", ("ANP", "Algemeen Nederlands Persbureau"), (), ("anp.nl",)),
    Agency("Belga", ("Belga", "BELGA", "Agence Belga"), (), ("belga.be",)),
    Agency("TT", ("TT Nyhetsbyrån",), ("TT",), ("tt.se",)),
    Agency("NTB", ("Norsk Telegrambyrå",), ("NTB",), ("ntb.no",)),
    Agency("Ritzau", ("Ritzau", "/ritzau/", "Ritzaus Bureau"), (), ("ritzau.dk",)),
    Agency("STT", ("Suomen Tietotoimisto",), ("STT",), ("stt.fi",)),
    Agency("PAP", ("Polska Agencja Prasowa",), ("PAP",), ("pap.pl",)),
    Agency("ČTK", ("ČTK", "Česká tisková kancelář"), ("CTK",), ("ctk.cz",)),
    Agency("TASR", ("TASR",), (), ("tasr.sk",)),
    Agency("MTI", ("Magyar Távirati Iroda",), ("MTI",), ("mti.hu",)),
    Agency("Agerpres", ("Agerpres", "AGERPRES"), (), ("agerpres.ro",)),
    Agency("HINA", ("Hrvatska izvještajna novinska agencija",), ("HINA", "Hina"), ("hina.hr",)),
    Agency("Tanjug", ("Tanjug", "Танјуг"), (), ("tanjug.rs",)),
    Agency("BTA", ("Bulgarian News Agency",), ("BTA", "БТА"), ("bta.bg",)),
    Agency("ANA-MPA", ("ANA-MPA", "ΑΠΕ-ΜΠΕ"), ("AMNA",), ("amna.gr",)),
    Agency("PR Newswire", ("PR Newswire", "PRNewswire"), (), ("prnewswire.com",)),
    Agency("Business Wire", ("Business Wire", "BUSINESS WIRE"), (), ("businesswire.com",)),
    Agency("GlobeNewswire", ("GLOBE NEWSWIRE", "GlobeNewswire"), (), ("globenewswire.com",)),
)  # fmt: skip
"""Every known agency and wire, each by the name that stories get."""

_BY_NAME = {name: agency for agency in AGENCIES for name in (*agency.names, *agency.short)}
_FOLDED = {
    name.casefold(): agency for agency in AGENCIES for name in agency.names if len(name) > 4 or not name.isupper()
}
_AND = "(?:and|und|et|y|e|en|och|og|i|и|with|mit|avec|con|com|med|met)"
# Blanks are looked at from their first on only: a search from each of them would grow with their square.
_SEPARATOR = later(rf"(?:(?<!\s)\s++(?:[/,;|+&]|{_AND}\s)|[/,;|+&])\s*+")
_INTRODUCTION = later(
    r"^(?:(?:by|from|via|with|source|credit|(?:additional )?reporting by|von|mit|quelle|mit material von|par|avec"
    r"|source ?|crédit|por|con|fuente|di|fonte|com|da|door|bron|met|av|källa|kilde|med|af|źródło|za|zdroj|kaynak"
    r"|источник|по данным|来源|來源|出典|출처)(?:\s*[:：]\s*|\s+)|©\s*(?:\d{4}\s+)?)",
    re.IGNORECASE,
)
_EDGES = " \t\n.,:;-–—()[]{}（）［］【】<>«»\"'/©"

CREDIT = "(?:" + "|".join(map(re.escape, sorted({n for a in AGENCIES for n in a.names}, key=len, reverse=True))) + ")"
_CREDITS = CREDIT + r"(?:\s*[/,]\s*[^\W\d_][\w.-]{1,20}){0,3}"
_PLACE = r"[^\W\d_][\w.,' -]{1,50}"
_DASH = r"\s*\.?[-\u2010-\u2015\u2212\u30fc]+\s+"
#: Agencies that are named after a hyphen with blanks around it.
_AFTER_HYPHEN = ("РИА Новости", "Интерфакс", "ТАСС")
_HYPHENED = "|".join(_AFTER_HYPHEN)
#: Names that mean an agency in the brackets of a dateline, though elsewhere they have other meanings. The postal code
#: of Pennsylvania is none.
_SHORT = "(?:" + "|".join(map(re.escape, sorted({n for a in AGENCIES for n in a.short if n.isupper()} - {"PA"}))) + ")"
LEADING_CREDIT = later(
    rf"^(?:(?:{_PLACE} )?[(（](?P<a>{_CREDITS})[)）](?:{_DASH}|: )(?=\S)"
    rf"|{_PLACE} \((?P<h>{_SHORT})\)(?:{_DASH}|: )(?=\S)"
    rf"|{_PLACE}, [^\W\d_]{{3,9}}\.? \d{{1,2}} \((?P<i>{CREDIT})\) (?=\S)"
    rf"|(?P<b>{CREDIT}){_DASH}(?=\S)"
    rf"|{_PLACE}\.? ?/(?P<c>{CREDIT})/[. -]+"
    rf"|(?:{_PLACE}|[\w ,.]{{1,40}}){_DASH}(?P<d>{_HYPHENED})\.\s+"
    rf"|[\[［【(（](?P<e>{CREDIT})[\]］】)）]\s*"
    rf"|[\[［][^\]］]{{1,20}}\s(?P<f>{CREDIT})[\]］]\s*[-－―—]*\s*"
    rf"|(?P<g>{CREDIT})[^\s。，,]{{0,20}}[电電]\s*)"
)
"""A dateline or credit before a text: "LONDON (Reuters) - ", "AP - ", "МОСКВА, 10 июня. /ТАСС/. ",
"新华社北京6月10日电 "."""
TRAILING_CREDIT = later(rf"(?:(?<!\s)\s++)?+[\[(（](?P<a>{_CREDITS})[\])）]\s*+(?:\.\s*+)?$")
"""A credit after a text: "... (AP)"."""
_NAME, _BRACKETED = later(CREDIT), later(f"{CREDIT}|{_SHORT}")
_WIDE_SIGNS = later(r"[\[（［【电電]| ?[\u2010-\u2015\u2212] ")
#: The number of characters at the beginning of a text within which a credit must end.
_BEGINNING = 90
_ENDS = frozenset(")].）］")


def _may_lead(text: str) -> bool:
    # The pattern for credits takes twenty times as long as this, and few texts need it.
    head = text[:_BEGINNING]
    if "(" in head or "/" in head or "[" in head:
        for sign in "(/[":
            place = head.find(sign)
            if place >= 0 and _BRACKETED.match(head, place + 1):
                return True
    if head.isascii():
        return "- " in head and _NAME.match(head) is not None
    return _WIDE_SIGNS.search(head) is not None or (" - " in head and any(one in head for one in _AFTER_HYPHEN))


def agency_named(written: str) -> str | None:
    """Returns the agency that a field names; None if it names anything else than agencies and perhaps an agency's
    author.

    If it names several agencies, it is the first of them.

    >>> agency_named("Quelle: dpa/AFP"), agency_named("The Associated Press"), agency_named("Reuters Institute")
    ('dpa', 'Associated Press', None)
    """
    return _named(written) if len(written) <= 200 else None


@lru_cache(maxsize=4096)
def _named(written: str) -> str | None:
    bare = _INTRODUCTION.sub("", written.strip(_EDGES)).strip(_EDGES)
    found = _one(bare)
    if found is not None:
        return found.name
    parts = [_one(part.strip(_EDGES)) for part in _SEPARATOR.split(bare) if part.strip(_EDGES)]
    agencies = [part for part in parts if part is not None]
    return agencies[0].name if agencies and len(agencies) == len(parts) else None


def agency_in_credit(written: str) -> str | None:
    """Returns the first agency that a credit line names, whoever else it names. None if it names none.

    >>> agency_in_credit("By Jane Doe, Associated Press"), agency_in_credit("Le Monde avec AFP")
    ('Associated Press', 'AFP')
    """
    if len(written) > 200:
        return None
    bare = _INTRODUCTION.sub("", written.strip(_EDGES)).strip(_EDGES)
    whole = _one(bare)
    parts = (whole, *(_one(part.strip(_EDGES)) for part in _SEPARATOR.split(bare)))
    return next((part.name for part in parts if part is not None), None)


def _one(name: str) -> Agency | None:
    return _BY_NAME.get(name) or _FOLDED.get(name.casefold())


def agency_credited(text: str) -> str | None:
    """Returns the agency that a credit at the beginning or the end of a text names; None if there is no credit.

    >>> agency_credited("LONDON (Reuters) - A dam broke."), agency_credited("Reuters says that a dam broke.")
    ('Reuters', None)
    """
    may_lead, may_trail = _may_lead(text), text[-1:] in _ENDS
    if not (may_lead or may_trail):
        return None
    leading = LEADING_CREDIT.match(text) if may_lead else None
    trailing = TRAILING_CREDIT.search(text[-_BEGINNING:]) if may_trail else None
    for found in (leading, trailing):
        if found is not None:
            named = next(value for value in found.groupdict().values() if value)
            return _named(named) or _named(re.split(r"[/,]", named, maxsplit=1)[0])
    return None


def without_credit(text: str) -> str:
    """Returns the text without an agency's credit at its beginning or end. It is empty only if the text is empty."""
    shorter = LEADING_CREDIT.sub("", text) if _may_lead(text) else text
    return (TRAILING_CREDIT.sub("", shorter) if text[-1:] in _ENDS else shorter) or text


_DOMAINS = {agency.name: agency.domains for agency in AGENCIES}


def not_own(agency: str, domain: str) -> bool:
    """Tells whether a domain certainly doesn't belong to the agency. False if no domain of the agency is known."""
    own = _DOMAINS.get(agency, ())
    return bool(own) and domain.lower() not in own
