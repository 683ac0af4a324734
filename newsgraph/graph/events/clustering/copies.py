"""Finds copies: the same text published by several outlets.

Within one event, a story is a copy of the earliest story with nearly the same words in nearly the same order. Texts
that differ in a number or in a negation ("not") are never copies, however much else they have in common.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from newsgraph.graph.events.clustering.neighbours import alike
from newsgraph.graph.events.clustering.time_windows import Group
from newsgraph.graph.events.model import Copy, StoryText
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.texts import CUT, Reading, language, read
from newsgraph.graph.events.text.vectors import stack

NEGATION_WORDS = """
    no not never without nor neither none nobody nothing cannot cant dont doesnt didnt wont wouldnt isnt arent wasnt
    werent couldnt shouldnt hasnt havent hadnt deny denies denied unlikely
    nicht kein keine keinen keinem keiner nie niemals ohne weder
    non ne pas jamais sans aucun aucune ni
    nunca jamás sin ningún ninguna ninguno tampoco
    não nem sem nenhum nenhuma mai senza nessun nessuna né
    niet geen nooit zonder inte ingen inget aldrig utan ikke intet aldri uten
    не нет ни без никогда немає nie bez nigdy není nije nisu nu fără değil yok
"""
NEGATIONS = frozenset(NEGATION_WORDS.split())
"""Words of many languages that negate a sentence. Some, such as "no" and "sin", have other meanings in
other languages. This does no harm, as a negation counts only when one text has it and the other has not."""
NUMBER_WORDS = {
    word: str(value)
    for names in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
    )
    for value, word in enumerate(names.split(), 1)
}
COLUMN_WORD_LISTS = """
    agenda alert alerts announcements answers birthdays births blotter brief briefing briefings briefs bulletin
    business calendar caption cartoon cartoons clarification clarifications classifieds closing column comment
    comments community contest correction corrections court crossword crosswords daily day deaths diary digest
    edition editor editorial editorials evening events fixtures forecast forecasts funeral gallery guide headlines
    highlights holiday horoscope horoscopes hour hourly images important international jackpot jobs know latest
    league letter letters listings live local lottery market markets marriages memoriam midday moments month monthly
    morning most national need news newsletter night notices numbers obituaries obituary opinion photo photos picks
    picture pictures podcast podcasts poll premier programme puzzle puzzles quiz quote quotes read reader readers
    recap recipe recipes reminder report reports results review roundup scores solution solutions sports stock
    stocks stories story sudoku summary televised television things times today tomorrow tonight top traffic travel
    tv update updates video videos watch weather week weekend weekly wills winning world wrap year yesterday
    abend aktuell aktuelle bilder börse börsen börsenbericht fernsehprogramm fotos geburten gewinnzahlen heute
    horoskop kommentar kompakt kreuzworträtsel kurz kurzmeldungen kurznachrichten leserbrief leserbriefe lottozahlen
    meldungen mittag morgen nachrichten newsticker polizeibericht presseschau programm quiz redaktion regional
    rezept rätsel rückblick sportergebnisse tag tages tagesschau termine ticker tipps todesanzeigen todesfälle
    traueranzeigen veranstaltungen verkehr verkehrsmeldungen wetter wettervorhersage wichtig wichtige wichtigste
    woche wochenende wochenrückblick zitat überblick
    actualité actualités agenda avis bourse bref brèves bulletin carnet communiqué courrier dessin dimanche direct
    décès essentiel faut films gros horoscope images info infos jour journal lecteurs loterie loto matin matinée
    midi mois météo naissances nuit obsèques photo photos presse programme prévisions recette retenir revue
    résultats résumé semaine soir soirée sorties sportifs tirage titres trafic télé télévision unes
    agenda avisos bolsa breves cartas cartelera cine clima crucigrama deportes director día editorial efemérides
    esquelas farmacias foto fotos frase guía horóscopo hoy imágenes lectores lotería mañana necrológicas noche
    noticias números opinión portadas programación pronóstico receta resultados resumen semana sorteo sorteos tarde
    televisión tiempo titulares tráfico viñeta última últimas
    almanacco annunci borsa cronaca estrazioni foto giornale giorno immagini lettere lettori lotteria lotto mattina
    meteo necrologi notizie oggi oroscopo pagina pagine palinsesto previsioni prima programmi rassegna ricetta
    risultati sera settimana stampa televisivi titoli ultime
    beurs brieven dag familieberichten foto fotos gisteren horoscoop kort lezersbrieven nieuws ochtend overlijdens
    overzicht puzzel recept uitslagen vandaag verkeer week weekend weer weerbericht zaterdag
    bolsa cartas classificados destaques dia falecimentos foto fotos frase hoje horóscopo imagens leitores loteria
    manchetes manhã meteorologia mortes noite notícias números previsão programação receita resultados resumo semana
    tempo trânsito últimas
"""
COLUMN_WORDS = frozenset(COLUMN_WORD_LISTS.split())
"""Words of some languages by which newspapers name what they print every day or week."""
OWN_WORDS = 2
"""The least number of words with a meaning, beside column words, in a text that can be a copy. Two papers may each
print "Births, marriages and deaths" or "Weather forecast for Berlin"."""
CUT_WORDS = 5
"""The least number of words of a beginning that is compared. A shorter one may be that of any text."""
MOST_CANDIDATES = 48
"""The number of earlier texts, the most alike, that a text is compared with word by word."""
CANDIDATE_COSINE = 0.5
"""Texts whose weighted words have a lower cosine than this are not compared word by word."""


@dataclass(frozen=True, slots=True)
class Text:
    """The parts of a story that are compared."""

    story: StoryText
    cut: bool
    """Whether the title is cut off, for example by "..."."""
    title: tuple[str, ...]
    excerpt: tuple[str, ...]
    time: int | None
    """Seconds since 1970."""
    telling: int
    """The number of different words that carry meaning: "Letters to the editor" has two."""
    own: int
    """The number of those which aren't column words."""


def text_of(story: StoryText, reading: Reading, settings: EventSettings) -> Text:
    time = None if story.published_at is None else seconds(story.published_at)
    cut = CUT.search(story.title) is not None
    term = language(reading.language, settings).term
    telling = {word for word in {*reading.title, *reading.excerpt} if term(word)[1] > 0.0}
    own = len(telling - COLUMN_WORDS)
    return Text(story, cut, reading.title, reading.excerpt, time, len(telling), own)


class Texts(dict[int, Text]):
    """The texts of voices, by row, each made when it is asked for: most are like no other."""

    def __init__(self, voices: Sequence[tuple[Sequence[StoryText], Reading]], settings: EventSettings) -> None:
        self.voices = voices
        self.settings = settings

    def __missing__(self, row: int) -> Text:
        stories, reading = self.voices[row]
        found = self[row] = text_of(stories[0], reading, self.settings)
        return found


def copies_in(groups: Sequence[Group], settings: EventSettings) -> list[list[Copy]]:
    """Returns, for each of some events, the copies among its stories, each with the earliest story of its text."""
    label = np.repeat(np.arange(len(groups)), [len(group.stories) for group in groups])
    vectors = stack([group.vectors for group in groups])
    # The number of the event takes the place of a time: so only stories of one event are compared.
    pairs = alike(
        vectors, vectors, label, label, 0, CANDIDATE_COSINE, earlier=np.arange(len(label)), most=MOST_CANDIDATES
    )
    order = np.lexsort((pairs.right, pairs.left))
    later, earlier = pairs.left[order], pairs.right[order]
    starts = np.searchsorted(later, np.arange(len(label) + 1))
    texts = Texts([one for group in groups for one in zip(group.stories, group.readings, strict=True)], settings)
    found: list[list[Copy]] = [[] for _ in groups]
    original: dict[int, tuple[int, float]] = {}
    row = 0
    for index, group in enumerate(groups):
        for voice, reading in zip(group.stories, group.readings, strict=True):
            candidates = earlier[starts[row] : starts[row + 1]].tolist()
            judged = candidates and reading.title and not is_generic(texts[row], settings)
            best = nearest(row, candidates, texts, original, settings) if judged else None
            first, share = (row, 1.0) if best is None else best
            if best is not None:
                original[row] = best
                found[index].append(Copy(voice[0].id, texts[first].story.id, round(share, 4)))
            if reading.title and len(voice) > 1:
                found[index].extend(same_voice(voice, texts[row], texts[first].story.id, share, settings))
            row += 1
    return found


def same_voice(
    voice: Sequence[StoryText], text: Text, original: str, share: float, settings: EventSettings
) -> list[Copy]:
    """Returns the copies among the later stories of a distinct text.

    A crowd (see ``distinct_texts``) holds several texts; each of these has its own first story.
    """
    if is_generic(text, settings):
        return []
    found = []
    told = {(text.title, text.excerpt): (original, share)}
    for story in voice[1:]:
        if (story.title, story.excerpt) == (text.story.title, text.story.excerpt):
            found.append(Copy(story.id, original, round(share, 4)))
            continue
        other = text_of(story, read(story), settings)
        words = (other.title, other.excerpt)
        if is_generic(other, settings):
            continue
        if words not in told:
            common = likeness(text, other, settings.copy_similarity)
            if common < settings.copy_similarity:
                told[words] = (story.id, 1.0)
                continue
            told[words] = (original, common)
        found.append(Copy(story.id, told[words][0], round(told[words][1], 4)))
    return found


def nearest(
    row: int,
    candidates: Sequence[int],
    texts: Mapping[int, Text],
    original: dict[int, tuple[int, float]],
    settings: EventSettings,
) -> tuple[int, float] | None:
    """Returns the earliest of ``candidates`` that ``row`` copies and that is no copy itself, with their likeness.

    ``None`` when there is no such candidate.
    """
    firsts = {original[candidate][0] if candidate in original else candidate for candidate in candidates}
    for candidate in sorted(firsts):
        if is_generic(texts[candidate], settings):
            continue
        if in_time(texts[candidate], texts[row], settings):
            common = likeness(texts[candidate], texts[row], settings.copy_similarity)
            if common >= settings.copy_similarity:
                return candidate, common
    return None


def is_generic(text: Text, settings: EventSettings) -> bool:
    """Tells whether a text is too general to be evidence of copying: "Crossword", "Letters", "Markets wrap"."""
    return text.telling < settings.copy_words or text.own < OWN_WORDS


def in_time(original: Text, text: Text, settings: EventSettings) -> bool:
    """Tells whether ``text`` appeared soon enough after ``original``. An outlet repeats its own headlines
    ("Weather")."""
    if original.time is None or text.time is None or not (original.story.date_sure and text.story.date_sure):
        return True
    own = original.story.outlet is not None and original.story.outlet == text.story.outlet
    hours = settings.short_copy_hours if own else settings.copy_hours
    return text.time - original.time <= hours * 3600


def likeness(original: Text, text: Text, least: float) -> float:
    """Returns the share of words in common, 0..1; 0 when a number or a negation differs. Excerpts are compared too if
    both stories have one."""
    pairs = [(original.title, text.title, original.cut or text.cut)]
    if original.excerpt and text.excerpt:
        pairs.append((original.excerpt, text.excerpt, True))
    total = matched = 0.0
    for one, other, cut in pairs:
        share, size = common_share(one, other, least, cut)
        if share == 0.0:
            return 0.0
        total += size
        matched += share * size
    return matched / total


def common_share(one: tuple[str, ...], other: tuple[str, ...], least: float, cut: bool) -> tuple[float, int]:
    """Returns Ratcliff and Obershelp's share of words in common, and the number of words that it was worked out from.

    If one text is the beginning of the other (a cut headline), only the beginning is compared, if it is long enough.
    The rest may hold a number or a negation only if the shorter text shows that it was ``cut``.
    """
    short, long = sorted((one, other), key=len)
    size = len(short) + len(long)
    starts = (
        len(short) >= CUT_WORDS and long[: len(short) - 1] == short[:-1] and long[len(short) - 1].startswith(short[-1])
    )
    if starts and (cut or meaning(short) == meaning(long)):
        return 1.0, size
    if 2.0 * shared_words(one, other) < least * size or meaning(one) != meaning(other):
        return 0.0, size
    return SequenceMatcher(None, one, other, autojunk=False).ratio(), size


def shared_words(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Returns an upper bound for the number of words that are in common and in the same order."""
    if len(one) > len(other):
        one, other = other, one
    there = set(other)
    return sum(word in there for word in one)


def meaning(words: tuple[str, ...]) -> tuple[list[str], bool]:
    """Returns what must be equal in both texts: the numbers, sorted, and whether the count of negations is odd."""
    numbers = sorted(NUMBER_WORDS.get(word, word) for word in words if word[0].isdigit() or word in NUMBER_WORDS)
    return numbers, sum(word in NEGATIONS for word in words) % 2 == 1
