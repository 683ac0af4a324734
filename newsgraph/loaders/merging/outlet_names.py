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
#: A section or a note after a name, such as (blog) or [subscription]. A place begins with a capital and stays.
_SECTION = later(r"\s*[(\[][^()\[\]A-Z]*[)\]]\s*$")


def usual_name(counts: Mapping[Value, int], domain: str) -> str:
    """Returns the name of an outlet. ``counts`` says how many stories give each name; it needs at least one. ``domain``
    is the outlet's own.

    It is the first of these that exists: the name that more than half of the stories give, without sections in
    brackets; the most frequent name that fits the domain; the words in which most of the names end, if these are two or
    more; the most frequent name. Of equally frequent names the smallest is taken.
    """
    forms: dict[str, Counter[str]] = {}
    for given, count in counts.items():
        name = without_section(str(given))
        forms.setdefault(letters(name), Counter())[name] += count
    totals = {form: sum(spelled.values()) for form, spelled in forms.items()}
    whole = sum(totals.values())

    def shown(form: str) -> str:
        return min(forms[form], key=lambda name: (-forms[form][name], name))

    ranked = sorted(totals, key=lambda form: (-totals[form], shown(form)))
    if totals[ranked[0]] > MOST * whole:
        return shown(ranked[0])
    label = letters(domain.partition(".")[0])
    fitting = next((form for form in ranked if form and label and (form in label or label in form)), None)
    if fitting is not None:
        return shown(fitting)
    return _common_end({shown(form): totals[form] for form in ranked}) or shown(ranked[0])


def without_section(name: str) -> str:
    """Returns the name without sections in brackets after it. It is empty only if ``name`` is empty.

    >>> without_section("Washington Post (blog)"), without_section("Daily News (New York)")
    ('Washington Post', 'Daily News (New York)')
    """
    while True:
        shorter = _SECTION.sub("", name)
        if not shorter.strip() or shorter == name:
            return name
        name = shorter


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
