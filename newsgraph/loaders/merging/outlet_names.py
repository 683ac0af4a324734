"""What an outlet is called, from what its stories call it.

Stories of one domain name their outlet in many ways: with a section behind it ("Washington Post (blog)"), or by one of
many papers of a group ("Baltimore Business Journal" at bizjournals.com). What most of them say is its name only where
it is most of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from newsgraph.graph.schema import Value
from newsgraph.patterns import later

#: Share of the stories from which a name is the usual one, whatever the domain.
MOST = 0.5
#: A section or a note behind a name, such as (blog) or [subscription]; a place has a capital and stays.
_SECTION = later(r"\s*[(\[][^()\[\]A-Z]*[)\]]\s*$")


def usual_name(counts: Mapping[Value, int], domain: str) -> str:
    """The name of an outlet: ``counts`` says how many stories give each, at least one; ``domain`` is its own.

    The name that more than half of them give, sections in brackets taken off; else the most frequent one that fits the
    domain; else the words in which most of the names end, where these are two or more; else the most frequent one.
    Ties go to the smallest.
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
    """The name without sections in brackets behind it; never empty if ``name`` is not.

    >>> without_section("Washington Post (blog)"), without_section("Daily News (New York)")
    ('Washington Post', 'Daily News (New York)')
    """
    while True:
        shorter = _SECTION.sub("", name)
        if not shorter.strip() or shorter == name:
            return name
        name = shorter


def letters(name: str) -> str:
    """Its letters and digits alone, case folded, without a leading "the"."""
    return "".join(one for one in name.casefold() if one.isalnum()).removeprefix("the")


def _common_end(names: Mapping[str, int]) -> str:
    """The longest end of two words or more that more than half of the names have, by their counts; else nothing."""
    ends: Counter[str] = Counter()
    for name, count in names.items():
        words = name.split()
        for start in range(1, len(words) - 1):
            ends[" ".join(words[start:])] += count
    whole = sum(names.values())
    most = [end for end, count in ends.items() if count > MOST * whole]
    return max(most, key=lambda end: (len(end.split()), ends[end], end), default="")
