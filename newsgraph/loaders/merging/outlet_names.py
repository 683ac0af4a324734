"""Chooses an outlet's name from the names that its stories give it.

Stories of one domain name their outlet in many ways: with a section after it ("Washington Post (blog)"), or by one of
many papers of a group ("Baltimore Business Journal" at bizjournals.com). So the most frequent name is the outlet's name
only if more than half of the stories give it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from newsgraph.graph.schema import Value
from newsgraph.patterns import later

#: The share of stories from which a name is the usual one, whatever the domain.
MOST = 0.5
#: Share of the stories with a fitting name below which one of these names is rare: a slip, not the usual one.
RARE = 0.05
#: Letters below which the label of a domain is found in a name as whole words alone.
SHORT = 4
#: A section or a note after a name, such as (blog) or [subscription]. A place begins with a capital and stays.
_SECTION = later(r"(?:(?<!\s)\s++)?+[(\[][^()\[\]A-Z]*+[)\]]\s*+")


def usual_name(counts: Mapping[Value, int], domain: str) -> str:
    """Returns the name of an outlet. ``counts`` says how many stories give each name; it needs at least one. ``domain``
    is the outlet's own.

    It is the first of these that exists, without sections in brackets: the name that more than half of the stories
    give, if it doesn't fit the domain; of the names that fit it and aren't rare, the one nearest to it
    (:func:`distance`); the words in which most of the names end, if these are two or more; the most frequent name. Of
    equally near ones the more frequent is taken, then the smallest.
    """
    forms: dict[str, Counter[str]] = {}
    for given, count in counts.items():
        name = without_section(str(given))
        forms.setdefault(letters(name), Counter())[name] += count
    totals = {form: sum(spelled.values()) for form, spelled in forms.items()}
    whole = sum(totals.values())

    def shown(form: str) -> str:
        return min(forms[form], key=lambda name: (-forms[form][name], marks(name), name))

    ranked = sorted(totals, key=lambda form: (-totals[form], shown(form)))
    label = letters(domain.partition(".")[0])
    fitting = [form for form in ranked if fits(shown(form), label)]
    if totals[ranked[0]] > MOST * whole and ranked[0] not in fitting:
        return shown(ranked[0])
    if fitting:
        least = RARE * sum(totals[form] for form in fitting)
        usual = [form for form in fitting if totals[form] >= least]
        return shown(min(usual, key=lambda form: distance(shown(form), domain)))
    return _common_end({shown(form): totals[form] for form in ranked}) or shown(ranked[0])


def fits(name: str, label: str) -> bool:
    """Whether a name belongs to a domain's ``label``.

    >>> fits("Yahoo News", "yahoo"), fits("Chicago Tribune", "go"), fits("The Post", "washingtonpost")
    (True, False, True)
    """
    return extra_words(name, label) is not None


def extra_words(name: str, label: str) -> int | None:
    """How many words a name has beside those that make a domain's ``label``; 0 where it is a part of the label itself.
    None where it doesn't fit: no run of its words is the label, or, where this isn't short, begins with it.

    >>> extra_words("The Yahoo Finance blog", "yahoo"), extra_words("Mirror", "dailymirror")
    (2, 0)
    """
    form = letters(name)
    if not form or not label:
        return None
    if form in label:
        return 0
    words = "".join(one if one.isalnum() else " " for one in name.casefold()).split()
    words = words[1:] if words[0] == "the" else words
    for size in range(1, len(words) + 1):
        for start in range(len(words) - size + 1):
            run = "".join(words[start : start + size])
            if run == label:
                return len(words) - size
            if len(label) >= SHORT and run.startswith(label):
                return len(words) - size + 1
    return None


def distance(name: str, domain: str) -> tuple[bool, int, int]:
    """How far a fitting name is from a domain: whether it is neither the domain nor its label, then its marks, then its
    words beside the label."""
    label = letters(domain.partition(".")[0])
    return letters(name) not in (label, letters(domain)), marks(name), extra_words(name, label) or 0


def marks(name: str) -> int:
    """Signs in a name that are neither letters nor blanks: digits, dots, exclamation marks.

    >>> marks("Yahoo!7 News"), marks("Yahoo News")
    (2, 0)
    """
    return sum(not (one.isalpha() or one.isspace()) for one in name)


def without_section(name: str) -> str:
    """Returns the name without sections in brackets after it. It is empty only if ``name`` is empty.

    >>> without_section("Washington Post (blog)"), without_section("Daily News (New York)")
    ('Washington Post', 'Daily News (New York)')
    """
    end = len(name)
    for section in reversed(list(_SECTION.finditer(name))):
        if section.end() != end or not section.start():
            break
        end = section.start()
    return name if end == len(name) else name[:end].rstrip()


def letters(name: str) -> str:
    """Returns only the letters and digits of a name, case folded, without "the" at the beginning."""
    return "".join(one for one in name.casefold() if one.isalnum()).removeprefix("the")


def _common_end(names: Mapping[str, int]) -> str:
    """Returns the longest end of two words or more that more than half of the names have, by their counts; else an
    empty text."""
    ends: Counter[str] = Counter()
    for name, count in names.items():
        words = name.split()
        for start in range(1, len(words) - 1):
            ends[" ".join(words[start:])] += count
    whole = sum(names.values())
    most = [end for end, count in ends.items() if count > MOST * whole]
    return max(most, key=lambda end: (len(end.split()), ends[end], end), default="")
