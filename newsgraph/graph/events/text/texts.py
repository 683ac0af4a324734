"""Turns a headline and an excerpt into weighted terms.

The weight of a term comes from how frequent the word is in its language (wordfreq) and not from the corpus. An idf
counted in the corpus would give a low weight to just the words of a large event, and the events would depend on what
else was loaded.
"""

import math
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from html import unescape
from sys import intern
from typing import Any
from weakref import WeakKeyDictionary

from newsgraph.graph.agencies import AGENCIES as ALL_AGENCIES
from newsgraph.graph.agencies import without_credit
from newsgraph.graph.events.model import EventSettings, StoryText
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.text.languages import (
    CALENDAR,
    DECLINING,
    detect,
    plain_code,
    stemmer,
    word_frequencies,
)

SIGNS = "".join(chr(code) for code in range(0x0900, 0x0E00) if unicodedata.category(chr(code)) in ("Mc", "Mn"))
"""Vowels and other signs of the scripts of India. They are parts of words, and Python counts them as no letters."""
WORD = rf"[^\W\d_]+(?:[{SIGNS}]+[^\W\d_]*)*"
TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[^\W\d_](?:\.[^\W\d_])+(?![^\W_])|{WORD}(?:'{WORD})*")
"""A number with its separators, a dotted acronym, or a word with its apostrophes."""
JOINED = re.compile(
    r"(?<![^\W_])(?:[ldjmtsnc]|(?:jus|lors|puis)?qu|(?:d|n|s)?all|(?:d|n)ell|sull|degl|un)'(?=[^\W\d_]{2})"
    r"|(?<=[^\W\d_])'(?:[dt][ae]n?|[\u0131iuü]n|n[\u0131iuü]n|y[ae\u0131iuü]|y?l[ae])(?![^\W_])",
    re.IGNORECASE,
)
"""What an apostrophe joins to a word: in French, Italian and Catalan, articles and the like before it ("l'eau"); in
Turkish, the endings of a name ("Ankara'da")."""
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana, Chinese characters."""
UNSPACED_RUN = re.compile(UNSPACED.pattern + "+")
TAG = re.compile(r"<[^<>]{0,300}>")
CUT = re.compile(r"(?:(?<!\s)\s++)?+(?:\.\.\.|\u2026)\s*+$")
TAIL = re.compile(r" [-|:\u00b7\u2022]+ ")
"""What stands before the name of a source at the end of a plain title."""
PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4`\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2026": "...",
        "\u00ad": None,
        "\u200b": None,
        "\ufeff": None,
        # A capital that becomes two characters in lower case, and marks that most texts leave out: points of Hebrew and
        # of Arabic, and the stroke that lengthens an Arabic word.
        "\u0130": "I",
        **dict.fromkeys(map(chr, (*range(0x591, 0x5BE), 0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7)), None),
        **dict.fromkeys(map(chr, (*range(0x610, 0x61B), 0x640, *range(0x64B, 0x660), 0x670)), None),
    }
)
REPLACED = re.compile(f"[{re.escape(''.join(map(chr, PLAIN)))}]")
"""A character that ``PLAIN`` replaces."""
ACCENT = re.compile("[\u0300-\u036f]")
"""A mark on a letter, after the letter."""
YEAR = re.compile(r"(?:19|20)\d\d")
"""A year. It also says only when, and its digits would weigh as much as a rare name."""
STOP_FREQUENCY = 1.2e-3
"""Words at least this frequent say nothing about an event. In English these are the 90 most frequent, about."""
UNSPACED_WEIGHT = 7.0
"""The weight of a pair of characters, that of an average word: the word lists don't contain such pairs."""
CACHED_WORDS = 200_000
"""The number of words of one language that are kept in memory with their stem and weight."""
MOST_TOKENS = 400
"""The number of tokens that are read of one text. A text of 10,000 words isn't a headline."""


def stable_id(text: str) -> int:
    """Returns a 63-bit hash that is the same on every machine and in every run."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def plain(text: str) -> str:
    """Returns the text in NFKC, without markup, with one kind of quote and dash, and with single spaces."""
    if "<" in text or "&" in text:
        text = TAG.sub(" ", unescape(unescape(text)))
    text = with_plain_signs(text)
    if not text.isascii():
        text = with_plain_signs(unicodedata.normalize("NFKC", text))
    return " ".join(text.split())


def with_plain_signs(text: str) -> str:
    """Returns the text with the characters of ``PLAIN`` replaced. Most texts have none."""
    return text.translate(PLAIN) if REPLACED.search(text) else text


@lru_cache(maxsize=65_536)
def tail_names(outlet_name: str | None, outlet: str | None) -> frozenset[str]:
    """Returns the forms of an outlet's name that a title may end in."""
    forms = {squeezed(outlet_name or ""), squeezed(outlet or ""), squeezed((outlet or "").split(".")[0])}
    forms.discard("")
    return frozenset(forms)


def squeezed(text: str) -> str:
    """Returns only the letters and digits of a text, case folded, without "the" at the beginning."""
    letters = "".join(character for character in text.casefold() if character.isalnum())
    return letters.removeprefix("the")


def without_source(title: str, names: frozenset[str]) -> str:
    """Returns ``title`` without the source's name at its end, however often it is repeated ("... | Reuters -
    Reuters")."""
    end = len(title)
    for mark in reversed(list(TAIL.finditer(title))):
        tail = squeezed(title[mark.end() : end].removesuffix("..."))
        named = tail in names or tail in AGENCIES
        cut = title.endswith("...", 0, end) and len(tail) >= 3 and any(name.startswith(tail) for name in names)
        if not (tail and mark.start() and (named or cut)):
            break
        end = mark.start()
    return title[:end]


AGENCIES = frozenset(squeezed(name) for agency in ALL_AGENCIES for name in agency.names)
"""The names of all agencies in the form in which ends of titles are compared."""


def title_text(story: StoryText) -> str:
    """Returns the title as it is compared: plain, without the source's name and without the mark of a cut."""
    title = without_source(plain(story.title), tail_names(story.outlet_name, story.outlet))
    return unjoined(without_cut(without_credit(title)))


def shown_title(story: StoryText) -> str:
    """Returns the title as it is shown for an event: as written, without the name of its outlet at the end."""
    whole = plain(story.title)
    bare = without_source(whole, tail_names(story.outlet_name, story.outlet))
    if bare == whole:
        return story.title
    written = story.title.rstrip()
    cut = written[: len(written) - (len(whole) - len(bare))].rstrip()
    return cut if plain(cut) == bare else bare


def excerpt_text(story: StoryText) -> str:
    """Returns the excerpt as it is compared."""
    return unjoined(without_cut(without_credit(plain(story.excerpt)))) if story.excerpt else ""


def without_cut(text: str) -> str:
    """Returns plain text without the mark of a cut at its end."""
    return CUT.sub("", text) if "..." in text else text


def unjoined(text: str) -> str:
    """Returns plain text without what an apostrophe joins to words: "eau" of "l'eau"."""
    return JOINED.sub("", text) if "'" in text else text


@dataclass(slots=True, eq=False)
class Language:
    """The stop words, stems and weights of one language. What was computed for a word is cached."""

    code: str
    frequencies: dict[str, float]
    stemmer: Any
    settings: EventSettings
    known: dict[str, tuple[int, float]] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def term(self, word: str) -> tuple[int, float]:
        """Returns the term's 63-bit id and its weight. A stop word weighs 0."""
        found = self.known.get(word)
        if found is None:
            if len(self.known) > CACHED_WORDS:  # a cache of limited size: new names and numbers never stop coming
                self.known.clear()
            found = self.known[word] = self.work_out(word)
        return found

    def work_out(self, word: str) -> tuple[int, float]:
        if UNSPACED.match(word):
            return stable_id(word), UNSPACED_WEIGHT
        stem = self.stem(word)
        if word in CALENDAR.get(self.code, ()) or YEAR.fullmatch(word):
            return stable_id(stem), 0.0
        if word[0].isdigit():
            # Each number is a term of its own. No list knows how frequent a number is, so its count of digits gives its
            # weight.
            frequency = 10.0 ** -(2 + min(4, sum(character.isdigit() for character in word)))
        else:
            frequency = max(self.frequencies.get(word, 0.0), self.frequencies.get(stem, 0.0))
            if frequency >= STOP_FREQUENCY or len(word) == 1:
                return stable_id(stem), 0.0
        return stable_id(stem), self.idf(frequency)

    def stem(self, word: str) -> str:
        """Returns the stem. A word in no list is a name or a misspelling. Where names aren't declined, it only loses an
        "s" at its end, and its accents, which some outlets leave out."""
        found = self.stems.get(word)
        if found is None:
            if self.stemmer is None:
                return word
            if word in self.frequencies:
                found = self.stems[word] = self.stemmer.stemWord(word)
            elif self.code in DECLINING:
                return str(self.stemmer.stemWord(word))
            else:
                plural = len(word) > 4 and word[-1] == "s" and word[-2] not in "sui"
                return without_accents(word[:-1] if plural else word)
        return found

    def stem_of_written(self, token: str) -> str:
        """Returns the stem of a token as written, with capitals, dots and apostrophes; "" if nothing is left."""
        found = self.written.get(token)
        if found is None:
            if len(self.written) > CACHED_WORDS:
                self.written.clear()
            plain_words = words(token)
            found = self.written[token] = self.stem(plain_words[0]) if plain_words and plain_words[0] else ""
        return found

    def idf(self, frequency: float) -> float:
        """Returns the weight of a word: 1 if every title has it, 1 + ``rarest_idf`` if it is in no list."""
        return chance_weight(1.0 - math.exp(-self.settings.title_tokens * frequency), self.settings)


def without_accents(word: str) -> str:
    """Returns the word with the marks taken off its letters: "doncic" of "dončić"."""
    if word.isascii():
        return word
    bare = ACCENT.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare)


def chance_weight(chance: float, settings: EventSettings) -> float:
    """Returns the weight of a word that a text has with this chance, 0..1."""
    return 1.0 + min(settings.rarest_idf, -math.log(chance + 3e-6))


@lru_cache(maxsize=32)
def language(code: str, settings: EventSettings) -> Language:
    return Language(code, word_frequencies(code), stemmer(code), settings)


def words(text: str) -> list[str]:
    """Returns the tokens of plain text in lower case: "J.C." is "jc", "1,000" is "1000", "Dick's" is "dick"."""
    found = TOKEN.findall(text.casefold())[:MOST_TOKENS]
    return [token if token.isalpha() else bare(token) for token in found]


def bare(token: str) -> str:
    """Returns a token in lower case without its separators, dots and apostrophes, and without a possessive "s"."""
    if token[0].isdigit():
        return token.replace(",", "")
    head, mark, last = token.rpartition("'")
    if mark:
        return head.replace("'", "") if last == "s" else token.replace("'", "")
    return token.replace(".", "")


def unspaced_terms(text: str) -> list[str]:
    """Returns pairs of neighbouring characters, for scripts without spaces. A lone character stands for itself."""
    found: list[str] = []
    for run in UNSPACED_RUN.findall(text):
        found.extend(run[i : i + 2] for i in range(len(run) - 1)) if len(run) > 1 else found.append(run)
        if len(found) >= MOST_TOKENS:
            break
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a story as they are compared."""

    title: tuple[str, ...]
    excerpt: tuple[str, ...]
    language: str
    title_text: str
    """The plain title, kept for its capitals."""
    time: int | None = None
    """When it was published, in seconds since 1970; None if that isn't known. The weights of words depend on it."""

    @property
    def key(self) -> str:
        """A text that is equal for two stories with the same words in the same order."""
        return " ".join(self.title) + "|" + " ".join(self.excerpt)


READINGS: WeakKeyDictionary[StoryText, Reading] = WeakKeyDictionary()
"""The words of the stories that are in memory: each story's are looked at several times."""


def read(story: StoryText) -> Reading:
    """Returns the words of a story, which are read once while it is in memory."""
    found = READINGS.get(story)
    if found is None:
        found = READINGS[story] = read_anew(story)
    return found


def read_anew(story: StoryText) -> Reading:
    """Reads the words of title and excerpt; in scripts without spaces, pairs of characters take the place of words."""
    plain_title = title_text(story)
    title, excerpt = tokens(plain_title), tokens(excerpt_text(story))
    code = plain_code(story.language) if story.language else detect([*title, *excerpt])
    time = None if story.published_at is None else seconds(story.published_at)
    return Reading(tuple(map(intern, title)), tuple(map(intern, excerpt)), code, plain_title, time)


def tokens(text: str) -> list[str]:
    """Returns the words of ``text``. Words written without spaces are replaced by pairs of their characters, which come
    last."""
    if not text:
        return []
    found = words(text)
    if UNSPACED.search(text):
        found = [word for word in found if not UNSPACED.search(word)] + unspaced_terms(text)
    return found
