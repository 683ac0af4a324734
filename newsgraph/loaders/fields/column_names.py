"""The names of columns in tables: those of ``default_dialect``, and the usual ones in other languages."""

from __future__ import annotations

import re
import unicodedata

from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.zones import is_zone
from newsgraph.patterns import later

TIME, IMAGE, SEEN = "published_at", "image", "seen_at"
#: Columns that only complete another column: the time of day beside a date, and its time zone.
CLOCK, ZONE = "time of day", "time zone"
#: The column that tables made of workbooks have before the others: the addresses that their cells lead to.
HYPERLINK = "hyperlink"
#: Names in other languages, in small letters without accents or blanks; the better ones first.
_FOREIGN = {
    "title": (
        "titel", "uberschrift", "ueberschrift", "schlagzeile", "hauptuberschrift", "artikeltitel", "titre", "titulo",
        "titular", "titolo", "kop", "rubrik", "tittel", "overskrift", "otsikko", "tytul", "naglowek", "titulek",
        "nazev",
        "nadpis", "cim", "titlu", "naslov", "baslik", "judul", "заголовок", "название", "заглавие", "назва", "τιτλος",
        "标题", "標題", "タイトル", "見出し", "제목", "العنوان", "عنوان", "כותרת", "शीर्षक", "tieude",
        "articleheadline", "hedline", "hed",
        "newstitle", "titleofarticle", "heading", "articleheading",
    ),
    "url": (
        "webadresse", "internetadresse", "adresse", "lien", "lienurl", "enlace", "vinculo", "direccion", "collegamento",
        "indirizzo", "ligacao", "endereco", "hyperlink", "lenke", "lank", "linkki", "odnosnik", "adres",
        "odkaz", "poveznica",
        "legatura", "baglanti", "tautan", "ссылка", "адрес", "посилання", "връзка", "链接", "鏈接", "連結",
        "网址", "網址", "リンク", "링크",
        "الرابط", "رابط", "קישור", "lienkettrang", "weblink", "artikelurl", "articlelink", "newsurl", "pageurl",
        "fullurl",
        "sourceurl", "linkurl", "urls", "links", "website", "webpage",
    ),
    TIME: (
        "datum", "veroffentlichungsdatum", "veroeffentlichungsdatum", "veroffentlicht", "veroffentlichtam",
        "erschienen",
        "erschienenam", "erscheinungsdatum", "publikationsdatum", "datedepublication", "datedeparution",
        "datepublication",
        "publiele", "fecha", "fechadepublicacion", "fechapublicacion", "data", "datadipubblicazione",
        "datadepublicacao",
        "datapublicacao", "publicatiedatum", "publiceringsdatum", "publicerad", "dato", "udgivelsesdato", "paivamaara",
        "julkaistu", "datapublikacji", "datumvydani", "datumzverejneni", "datapublicarii", "datumobjave",
        "tarih", "tanggal",
        "tarihi", "yayintarihi",
        "дата", "датапубликации", "ημερομηνια", "日期", "发布时间", "发布日期", "時間", "日付", "日時",
        "公開日", "公開日時",
        "掲載日", "掲載日時", "配信日時", "発行日", "날짜", "발행일", "التاريخ", "تاريخ",
        "תאריך", "दिनांक", "ngay", "dateofpublication", "datepublished", "posted", "postedon", "postedat",
        "created", "createdat",
        "createdutc",
    ),
    "outlet_name": (
        "quelle", "medium", "medienname", "zeitung", "titelname", "publikation", "organ", "journal", "media",
        "mediasource",
        "fuente", "medio", "periodico", "diario", "fonte", "testata", "giornale", "veiculo", "jornal", "bron",
        "krant", "kalla",
        "tidning", "kilde", "avis", "avisa", "lahde", "zrodlo", "gazeta", "zdroj", "medij", "izvor", "sursa",
        "ziar", "kaynak",
        "gazete", "sumber", "источник", "издание", "сми", "джерело", "источники", "πηγη", "来源", "來源",
        "媒体", "媒體", "出典", "媒体名", "출처",
        "언론사", "المصدر", "מקור", "स्रोत", "nguon", "outletname", "mediaoutlet", "sourcename",
        "publishername", "medianame", "publicationtitle", "containertitle", "sourcetitle", "pubtitle", "pubname",
        "publicationname", "newspapername", "nomdesource", "nomdelasource", "support", "nommedia", "publicationsource",
    ),
    "excerpt": (
        "zusammenfassung", "anreisser", "vorspann", "untertitel", "beschreibung", "kurztext", "resume", "chapo",
        "chapeau",
        "resumen", "bajada", "entradilla", "descripcion", "sommario", "occhiello", "descrizione", "resumo",
        "lide", "descricao",
        "samenvatting", "ingress", "sammanfattning", "resume", "sammendrag", "streszczenie", "opis", "perex", "anotace",
        "ozet", "ringkasan", "аннотация", "описание", "лид", "摘要", "概要", "요약", "ملخص", "תקציר",
        "abstractnote", "shortdescription", "contentsnippet", "metadescription", "openingtext", "hitsentence",
    ),
    "outlet_domain": ("domainurl", "hosturl", "hostname", "sitedomain", "websitedomain", "publisherdomain"),
    "category": (
        "ressort", "rubrique", "seccion", "sezione", "secao", "editoria", "rubriek", "dzial", "rubrika",
        "рубрика", "раздел", "栏目",
    ),
    "topics": (
        "schlagworter", "schlagwoerter", "themen", "thema", "stichworte", "motscles", "sujets", "etiquetas",
        "palabrasclave",
        "temas", "parolechiave", "temi", "palavraschave", "trefwoorden", "onderwerpen", "amnesord", "emneord",
        "slowakluczowe",
        "tagi", "klicovaslova", "temata", "теги", "ключевыеслова", "темы", "关键词", "キーワード", "태그",
        "manualtags",
    ),
    "language": (
        "sprache", "langue", "idioma", "lingua", "taal", "sprak", "sprog", "jezyk", "jazyk", "jezik", "limba",
        "dil", "bahasa", "язык", "语言", "言語", "언어",
    ),
    "authors": (
        "autor", "autorin", "autoren", "verfasser", "auteur", "auteurs", "autore", "autori", "autores", "redacteur",
        "forfattare", "skribent", "forfatter", "kirjoittaja", "autorzy", "autori", "szerzo", "yazar", "muhabir",
        "penulis", "автор", "авторы", "作者", "記者", "记者", "著者", "기자", "الكاتب", "כותב", "लेखक", "journalists",
        "influencer", "extraauthorattributesname", "articleauthor", "authorname", "authornames", "bylinetext",
    ),
    "country": (
        "land", "pays", "pais", "paese", "kraj", "zeme", "maa", "ulke", "negara", "страна", "国家", "國家", "国",
        "국가", "countryname", "nation",
    ),
    "credit": (
        "agentur", "nachrichtenagentur", "agence", "agencedepresse", "agencia", "agenzia", "persbureau", "nyhetsbyra",
        "nyhedsbureau", "agencja", "agentura", "агентство", "ajans", "通讯社", "通信社", "newswire", "wireagency",
    ),
    IMAGE: (
        "bild", "bildurl", "foto", "imagen", "immagine", "imagem", "afbeelding", "obrazek", "изображение",
        "图片", "画像", "photo", "picture",
    ),
    CLOCK: (
        "time", "timeofday", "clock", "hour", "uhrzeit", "zeit", "heure", "hora", "ora", "orario", "tijd", "tid",
        "klokkeslett", "kello",
        "godzina", "cas", "saat", "jam", "pukul", "время", "час", "时间", "時刻", "시간", "publishtime",
        "publishedtime", "pubtime",
        "publicationtime", "posttime",
    ),
    ZONE: (
        "timezone", "tz", "zone", "zeitzone", "fuseau", "fuseauhoraire", "zonahoraria", "utcoffset",
        "gmtoffset", "timezoneoffset", "pubdatetz", "datetz",
    ),
}  # fmt: skip
_MARKS = later(r"[^\w]+|_+")
_UNDERLINE = later(r"_(?![A-Z][a-z])")  # that of Buenos_Aires is a part of the name
#: A zone in a column's name: ``UTC``, ``GMT+1``, any other in brackets, or one in capitals at its end.
_SAYS_ZONE = later(
    r"(?<![a-z])(?:utc|gmt)(?:\s?[+-]\d{1,2}(?::?\d\d)?)?(?![a-z])|[(\[]\s?(?:[a-z]{2,5}|[a-z]+/[a-z_]+)\s?[)\]]"
    r"|(?-i:(?<=\s)(?P<bare>[A-Z]{3,5})$)",
    re.IGNORECASE,
)


def plain_name(name: str) -> str:
    """Returns the name in small letters, without accents, blanks and marks: ``Veröffentlicht am`` is
    ``veroffentlichtam``."""
    folded = name.casefold().strip()
    if not folded.isascii():
        folded = unicodedata.normalize(
            "NFC", "".join(c for c in unicodedata.normalize("NFD", folded) if not _accent(c))
        )
        folded = folded.replace("ł", "l").replace("ø", "o").replace("ı", "i")
    return _MARKS.sub("", folded)


def _accent(character: str) -> bool:
    # Only marks of European letters are removed; in other scripts such marks are letters.
    return "\u0300" <= character <= "\u036f"


def zone_in(name: str) -> str:
    """Returns the time zone that a column's name gives for its times, such as ``Date (UTC)``, ``created_utc`` or
    ``Time (Europe/Paris)``; empty if it gives none."""
    found = _SAYS_ZONE.search(_UNDERLINE.sub(" ", name))
    zone = found[0].strip("()[] ") if found else ""
    if found and found["bare"]:
        return zone if is_zone(zone) else ""
    return zone if "/" in zone or is_zone(zone.upper()[:3]) or is_zone(zone) else ""


def field_of(name: str) -> tuple[str, int] | None:
    """Returns the field that a column of that name holds, and a rank of the name (the smaller, the better).

    None for a name that isn't known.
    """
    plain = plain_name(name)
    found = _FIELDS.get(plain)
    if found is None and zone_in(name):
        found = _FIELDS.get(plain_name(_SAYS_ZONE.sub("", _UNDERLINE.sub(" ", name))))
    return found


def _fields() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    named = {
        **GENERAL.fields,
        TIME: (*GENERAL.time, "published", "pubdate"),
        SEEN: GENERAL.seen,
        IMAGE: GENERAL.images,
    }
    for field, names in named.items():
        for place, name in enumerate((*names, field)):
            found.setdefault(plain_name(name), (field, place))
    for field, names in _FOREIGN.items():
        for place, name in enumerate(names, 100):
            found.setdefault(name, (field, place))
    # In a table, "published" is mostly a time.
    found["published"] = TIME, GENERAL.time.index("published")
    return found


_FIELDS = _fields()
#: Words in the name of a column by which it may hold a title, an address or a time, and words by which it holds that of
#: something else.
_WORDS = {
    "title": frozenset({
        "title", "headline", "titel", "titre", "titulo", "titolo", "titulek", "tytul", "baslik",
        "заголовок",
    }),
    "url": frozenset({"url", "link", "href", "uri", "permalink", "hyperlink", "weblink", "lien", "enlace", "ссылка"}),
    TIME: frozenset({
        "date", "datum", "fecha", "data", "dato", "tarih", "tarihi", "datetime", "timestamp", "time", "published",
        "дата", "день", "day",
    }),
}  # fmt: skip
_OF_OTHERS = frozenset({
    "sub", "job", "site", "website", "home", "homepage", "outlet", "channel", "journal", "media", "section", "author",
    "byline", "source", "publisher", "feed", "rss", "image", "img", "picture", "photo", "thumbnail", "thumb", "logo",
    "icon", "avatar", "video", "audio", "profile", "user", "category", "topic", "tag", "archive", "archived", "short",
    "api", "amp", "comment", "comments", "related", "parent", "document", "pdf", "twitter", "facebook", "share", "book",
    "access", "accessed", "added", "retrieved", "crawl", "crawled", "scrape", "scraped", "scraping", "collected",
    "collection", "download", "downloaded", "update", "updated", "modified", "modification", "last", "birth", "index",
    "indexed", "expiry", "expiration", "event", "end", "start", "entry", "loaded", "captured", "reading", "read",
    "visit", "saved", "bookmarked", "starred", "exported", "imported", "printed", "ingested", "inserted", "received",
    "processed", "changed", "edited", "revised", "revision", "ajout", "hinzugefugt", "gespeichert", "anadido",
    "agregado", "aggiunto", "toegevoegd", "consulte", "consultado", "consulta", "acces", "acesso", "geraadpleegd",
    "modificacion", "modificado", "modifie", "modifica", "geandert", "anderung", "aktualisiert", "aktualisierung",
    "actualizacion", "aggiornamento", "atualizacao", "zmiany", "изменения", "обновления",
    "zugriff", "abruf", "abrufdatum", "consultation", "accesso", "acceso", "zone", "type", "length", "id", "count",
})  # fmt: skip
_BEFORE_CAPITAL = later(r"(?<=[a-z])(?=[A-Z])")


def words_in(name: str) -> tuple[str, ...]:
    """Returns the words of a column's name: ``article``, ``link`` for ``Article link``, ``article_link`` and
    ``articleLink``."""
    return tuple(filter(None, map(plain_name, _MARKS.split(_BEFORE_CAPITAL.sub(" ", name)))))


def likely_field(name: str) -> tuple[str, int] | None:
    """Returns the field that a column may hold by one of the words in its name, and a rank (the smaller, the better);
    None if its name isn't like that of any. What the column holds must show whether it is so."""
    words = words_in(name)
    if of_something_else(name):
        return None
    published = any(word.startswith(("publi", "pubdat", "veroff", "erschein", "yayin")) for word in words)
    for field, those in _WORDS.items():
        if not those.isdisjoint(words):
            return field, len(words) - (10 if published else 0)
    return None


def of_something_else(name: str) -> bool:
    """Tells whether a word of a column's name says that it holds the address, or the time, of something else."""
    return not _OF_OTHERS.isdisjoint(words_in(name))


#: Columns that are known but not loaded.
LEFT_OUT = frozenset(plain_name(name) for name in GENERAL.left_out)
#: Plain names of columns that hold the time of day if another column holds the date.
CLOCKS = frozenset(_FOREIGN[CLOCK])
ZONES = frozenset(_FOREIGN[ZONE])
