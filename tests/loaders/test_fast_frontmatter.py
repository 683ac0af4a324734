"""The fast readers, of YAML and of whole records, give up or give what the complete reader gives, whatever the text;
and seldom give up on what article files hold.

Random documents come from a grammar that leans on what YAML reads in a surprising way, from plain articles, and from
both with random changes. A plain generator makes ten times as many in the same time as hypothesis would.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsgraph.loaders.document import Document
from newsgraph.loaders.formats import yaml_front_matter as frontmatter
from newsgraph.loaders.frontmatter import fast_blocks as fast_frontmatter
from newsgraph.loaders.frontmatter import fast_records, safe_yaml
from newsgraph.loaders.frontmatter.listed_before import ListedBefore
from newsgraph.loaders.intake.encodings import decode
from newsgraph.loaders.merging.record_json import json_of

#: So many times as many: ``make fuzz`` sets more, and tries other ones each time; the quick tests set less.
TIMES = float(os.environ.get("FUZZ_TIMES", "1"))
SEED = 20200611 if TIMES <= 1 else random.SystemRandom().randrange(2**32)
SEEDS = Path(__file__).resolve().parents[2] / "seeds"

WORDS = [
    "Ferry",
    "runs",
    "aground",
    "1984",
    "3.10",
    "naïve",
    "日本",
    "it's",
    "a/b",
    "C#",
    "x:y",
    "50%",
    "\U0001f600",
    "=",
    "-",
]
KEYS = [
    "title",
    "excerpt",
    "webUrl",
    "type",
    "quality",
    "a",
    "b_c",
    "d-e",
    "f.g",
    "yes",
    "null",
    "Null",
    "no",
    "on",
    "x1",
]
#: Values that plain scalars must not be taken for, or must.
TRAPS = [
    "~", "null", "Null", "NULL", "nULL", "yes", "No", "true", "0x1F", "1_000", "1e3", ".inf", "<<", "=", "-1", "- 1",
    "-", "--", "---", "...", "?", "? x", "?x", ":", ":x", "x:", "x: y", "x :y", "x #y", "x#y", "#x", "&a", "*a", "!x",
    "!!str 1", "|", ">", ">-", "|2", "[a, b]", "{a: b}", "[", "]", "{", "}", "a, b", ",a", "%x", "@x", "`x", "'", '"',
    "'a", '"a', "a'", "''", '""', "'a''b'", "'a'b'", "'a' b", '"a" b', '"a"#b', '"a" #b', '"a\\"b"', '"a\\\\"', '"a\\',
    '"\\x41"', '"\\u0041"', '"\\n"', '"\\t\\r"', '"\\/"', '"\\ "', '"\\e"', '"\\N"', '"\\q"', "a\tb", "\ta", "a\t",
    "a\u00a0b", "a\u2028b", "a\u0085b", "\ufeffa", "a\ufeff", "a\x07", "a\x7f", "\ufffe", "a  b", "a ", " a", "a\\nb",
    "2020-06-11T13:48:00Z", "2020-02-30", "12:30", "http://x.org/?a=1#b", "http://x.org/ #b", "a" * 1100,
    '"' + "a" * 1100 + '"', "<b>", "(a)", "+1", "$1", "\\a", "/a", "_", "é",
]  # fmt: skip
BLOCKS = ["|", ">", "|-", ">-", "|+", ">+", "> # said"]
ESCAPES = ["\\u2019", "\\x41", "\\ud800", "\\n", "\\ ", "  ", "\\U0001f600", "\\e"]
CHARACTERS = [
    *" \n:-#'\"\\[]{},&*!|>%@`?~<=/.\t\r",
    "a",
    "B",
    "0",
    "\u00a0",
    "\u0085",
    "\u2028",
    "\ufeff",
    "é",
    "\x00",
    "\x1b",
]


class Writer:
    """Random texts: articles as files have them, documents of the grammar, and changes of both."""

    def __init__(self, seed: int) -> None:
        self.random = self.layout = random.Random(seed)

    def words(self, most: int = 8) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, most)))

    def scalar(self) -> str:
        """A value, most often one that is meant as it looks."""
        kind = self.random.random()
        if kind < 0.35:
            return f'"{self.words()}"'
        if kind < 0.6:
            return "".join(self.random.choices("abcXYZ019 .,-/é", k=self.random.randint(1, 12))).strip() or "x"
        if kind < 0.7:
            return "'" + self.words().replace("'", "''") + "'"
        if kind < 0.75:
            return ""
        return self.random.choice(TRAPS)

    def mapping(self, indent: int, depth: int) -> list[str]:
        """The lines of a mapping whose keys stand at ``indent``."""
        lines = []
        for _ in range(self.random.randint(1, 4)):
            key = self.random.choice(KEYS) if self.random.random() < 0.97 else self.random.choice(TRAPS)
            kind = self.random.random()
            if depth and kind < 0.2:
                lines.append(f"{' ' * indent}{key}:")
                lines += self.mapping(indent + self.random.choice((2, 2, 2, 1, 4)), depth - 1)
            elif depth and kind < 0.4:
                lines.append(f"{' ' * indent}{key}:")
                lines += self.sequence(indent + self.random.choice((0, 2, 2, 4)), depth - 1)
            else:
                lines.append(f"{' ' * indent}{key}: {self.scalar()}")
            if self.random.random() < 0.03:
                lines.append(self.random.choice(["", "   ", "# said", "---", "...", "\t", "  x"]))
        return lines

    def sequence(self, indent: int, depth: int) -> list[str]:
        """The lines of a sequence whose dashes stand at ``indent``."""
        lines = []
        for _ in range(self.random.randint(1, 3)):
            if self.random.random() < 0.5:
                first, *rest = self.mapping(indent + 2, depth)
                lines += [f"{' ' * indent}- {first.lstrip(' ')}", *rest]
            else:
                lines.append(f"{' ' * indent}- {self.scalar()}")
        return lines

    def document(self) -> str:
        """A document of the grammar."""
        return "\n".join(self.mapping(0, self.random.randint(0, 3))) + self.random.choice(("\n", "\n", ""))

    def article(self, layout: int | None = None) -> str:
        """An article as files have it, with values that need no care; those of one ``layout`` have the same fields in
        the same order."""
        self.layout = self.random if layout is None else random.Random(layout)
        lines = self._story("")
        lines += ["topics:", *(f"  - {self.random.choice(('Sea', 'AWS AI', 'Natural Language'))}" for _ in range(2))]
        lines += ["related:"]
        for _ in range(self.layout.randint(1, 2)):
            first, *rest = self._story("    ")
            lines += ["  - " + first.lstrip(), *rest]
        return "\n".join(lines) + "\n"

    def _story(self, indent: str) -> list[str]:
        r = self.random
        odd = r.random() < 0.05  # something that the complete reader has to look at
        address = r.choice(("HTTP://a.example/x/", "javascript:x", "a b")) if odd else "https://a.example/?id=1"
        image = "images:\n  - url: https://p.example/1.jpg?w=1\n    width: 640\n    isCached: true"
        optional = [
            f'excerpt: "{self.words(20)}"',
            f"quality: {r.randint(-1, 100)}",
            f"heat: {r.choice(('high', '1e3', 99**9)) if odd else -1}",
            f"published: {r.choice(('yes', 'maybe')) if odd else 'true'}",
            "type: article",
            "category: news",
            "locale: en-US",
            "secured: 'x'",
            f'ampWebUrl: "https://amp.outlet{r.randint(1, 9)}.example/{r.randint(1, 99)}"',
            f'originalUrl: "{address}"',
            "provider:\n  name: Ledger\n  domain: ledger.example".replace("\n", "\n" + indent),
            image.replace("\n", "\n" + indent),
        ]
        lines = [f'title: "{self.words()}"', f"webUrl: https://outlet{r.randint(1, 9)}.example/{r.randint(1, 99)}"]
        day = f"2020-{r.randint(1, 12 + odd):02d}-{r.randint(1, 28 + 4 * odd):02d}"
        lines += [
            f"publishedDateTime: {day}T{r.randint(0, 23 + odd):02d}:30:00{r.choice(('', '+02:00')) if odd else 'Z'}"
        ]
        lines += self.layout.sample(optional, self.layout.randint(0, 6))
        return [indent + line for line in lines]

    def laid_out_otherwise(self, text: str) -> str:
        """The article with what real files have beside the plainest layout: blank lines, comments, blanks at the ends
        of lines, values that go on, or are empty, lists in brackets, other names, wide dashes."""
        r = self.random
        lines = []
        for line in text.split("\n")[:-1]:
            if r.random() < 0.08:
                lines.append(r.choice(["", "", "   ", "# said", "      # said: more", "#"]))
            if r.random() < 0.12:
                line = self._otherwise(line)  # noqa: PLW2901  # the same line, written otherwise
            lines.append(line)
        return "\n".join(lines) + "\n" * r.choice((1, 1, 2))

    def _otherwise(self, line: str) -> str:
        r = self.random
        before, colon, value = line.partition(": ")
        further = "\n" + " " * (len(before) - len(before.lstrip(" -")) + r.choice((1, 2, 4)))
        inner = value.strip("\"'")
        words = inner.split(" ")
        half = len(words) // 2
        first, second = " ".join(words[:half]), " ".join(words[half:])
        return r.choice(
            [
                line + r.choice((" ", "   ", " # said", "  #", " #: x", "\t")),
                line.replace("- ", r.choice(("-  ", "-   ")), 1),
                line.replace("title:", "headline:").replace("webUrl:", "link:").replace("excerpt:", "summary:"),
                line.replace("heat:", "moods:").replace("width:", "depth:").replace("domain:", "place:"),
                line.replace("type:", "author:").replace("category:", "draft:").replace("locale:", "date:"),
                before + colon + r.choice(("", "~", '""', "''", "null", "[]", "# said", "  ", "{}")),
                before + colon + r.choice(("[a, b]", "['a', \"b c\" ]", "[a,b]", "[null, x-y]", "[a: b]", "[a #b]")),
                f"{before}{colon}{r.choice(BLOCKS)}{further}{first}{further}{second}",
                f"{before}{colon}{r.choice('|>')}{further}{first}\n\n{further}{second}{further}  x",
                f'{before}{colon}"{first}{r.choice((" ", "", chr(92)))}{further}{second}"',
                f"{before}{colon}'{first}{r.choice(('', chr(10), ' '))}{further}{second}'",
                f"{before}{colon}{first}{r.choice(('', chr(10), ' # said'))}{further}{second}",
                f'{before}{colon}"{inner}{r.choice(ESCAPES)}"',
            ]
        )

    def changed(self, text: str) -> str:
        """The text with a few characters or lines put in, taken out, doubled or moved."""
        r = self.random
        for _ in range(r.randint(1, 2)):
            if r.random() < 0.6:
                place = r.randrange(len(text) + 1)
                text = text[:place] + r.choice((r.choice(CHARACTERS), "")) + text[place + r.randint(0, 2) :]
            else:
                lines = text.split("\n")
                place = r.randrange(len(lines))
                other = r.choice(lines)
                lines[place : place + r.randint(0, 1)] = [
                    r.choice((other, " " + other, other[1:], "- " + other, other + ":"))
                ]
                text = "\n".join(lines)
        return text


def complete(text: str) -> Any:
    """What the complete reader gives, or that it gives nothing."""
    try:
        return safe_yaml.load(text)
    except yaml.YAMLError as error:
        return error


def typed(value: Any) -> Any:
    """The value with the exact types in it: True is no 1 here."""
    if isinstance(value, dict):
        return [(typed(key), typed(one)) for key, one in value.items()]
    if isinstance(value, list):
        return [list, *map(typed, value)]
    return type(value), value


def compare(texts: Any) -> Counter[str]:
    """Compares both readers on every text; how many there were, and how many the fast one accepted."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts["read"] += 1
        fast = fast_frontmatter.load(text)
        if fast is not None:
            counts["accepted"] += 1
            assert typed(fast) == typed(complete(text)), text
    return counts


def real() -> list[str]:
    """The front matter of the sample articles."""
    found = []
    for path in sorted(SEEDS.iterdir()):
        text = path.read_text(encoding="utf-8")
        if text.startswith("---\n"):
            found.append(text[4 : text.index("\n---\n", 4) + 1])
    return found


# Texts in one run of the suite: 200,000 and more in all.
ARTICLES, CHANGED_ARTICLES, DOCUMENTS, CHANGED_DOCUMENTS, CHANGED_SAMPLES = 20_000, 60_000, 110_000, 40_000, 1_000


@pytest.mark.fuzz
def test_plain_articles_are_read_in_one_pass_and_to_the_same_values() -> None:
    writer = Writer(SEED)
    counts = compare(writer.article() for _ in range(int(ARTICLES * TIMES)))
    print(counts)
    assert counts["accepted"] == counts["read"], "nothing in them needs the complete reader"


def test_real_articles_are_read_in_one_pass() -> None:
    counts = compare(real())
    assert counts["read"] > 20
    assert counts["accepted"] == counts["read"]


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("kind", "number", "share"),
    [
        ("changed articles", CHANGED_ARTICLES, 0.25),
        ("laid out otherwise", CHANGED_ARTICLES, 0.2),
        ("documents", DOCUMENTS, 0.2),
        ("changed documents", CHANGED_DOCUMENTS, 0.07),
        ("changed samples", CHANGED_SAMPLES, 0.25),
    ],
)
def test_what_the_fast_reader_accepts_it_reads_as_the_complete_one(kind: str, number: int, share: float) -> None:
    writer = Writer(SEED + 1)
    samples = real()
    makers: dict[str, Callable[[], str]] = {
        "changed articles": lambda: writer.changed(writer.article()),
        "laid out otherwise": lambda: writer.laid_out_otherwise(writer.article()),
        "documents": writer.document,
        "changed documents": lambda: writer.changed(writer.document()),
        "changed samples": lambda: writer.changed(writer.random.choice(samples)),
    }
    counts = compare(makers[kind]() for _ in range(int(number * TIMES)))
    print(kind, counts)
    assert counts["accepted"] > share * counts["read"]


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize(
    "frame", ["k: {}\n", "k: {}\nl: m\n", "k:\n  - {}\n", "k:\n- {}\n", "- {}\n", "{}: v\n", "{}\n", "k:\n  {}\n"]
)
def test_each_trap_in_each_place(trap: str, frame: str) -> None:
    compare([frame.replace("{}", trap)])


# Articles in one run of the suite: 200,000 and more in all.
RECORDS = {
    "articles": 20_000,
    "changed articles": 70_000,
    "laid out alike": 20_000,
    "changed, laid out alike": 95_000,
    "laid out otherwise": 30_000,
    "otherwise, but alike": 30_000,
}


#: The least share of the articles that the fast reader takes, by a word of their kind.
SHARES = {"changed": 0.1, "otherwise": 0.36}
#: First and last lines of the front matter.
FENCES = [("---", "---"), ("---", "---"), ("\n---  ", "--- # said"), ("--- # said", "---  "), ("---", "...")]


def known_to_be_printable(text: str) -> bool:
    """What decoding its file would tell; False for a text that no file decodes to."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # half a surrogate
        return False
    if "\0" in text:
        return False
    decoded = decode(data)
    return decoded.printable and decoded.text == text


@pytest.mark.fuzz
@pytest.mark.parametrize(
    "kind",
    # The changed ones are the most costly.
    [pytest.param(kind, marks=pytest.mark.slow) if kind.startswith("changed") else kind for kind in RECORDS],
)
def test_records_are_those_of_the_complete_reader(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From lines to a record without libyaml and the converters: the same record, and nothing was to report. Of
    articles that are laid out alike all but the first are read by a pattern."""
    fast_read = fast_records.read
    monkeypatch.setattr(fast_records, "read", lambda text, format, printable=False: None)
    monkeypatch.setattr(fast_frontmatter, "load", lambda text: None)
    writer = Writer(SEED + 2)
    counts: Counter[str] = Counter()
    for number in range(int(RECORDS[kind] * TIMES)):
        article = writer.article(layout=number // 100 if "alike" in kind else None)
        if "changed" in kind:
            article = writer.changed(article)
        elif "otherwise" in kind:
            article = writer.laid_out_otherwise(article)
        fence, end = writer.random.choice(FENCES) if "otherwise" in kind else FENCES[0]
        text = f"{fence}\n{article}{end}\nBody\n"
        if number % 3 == 0 and "otherwise" in kind:
            text = decode(text.replace("\n", "\r\n").encode()).text
        counts["read"] += 1
        # What is known of a file's text when it is decoded spares looking at it again.
        printable = number % 2 == 0 and known_to_be_printable(text)
        fast = fast_read(text, frontmatter.FORMAT, printable=printable)
        if fast is not None:
            counts["accepted"] += 1
            slow = frontmatter.read(Document(text, ".md"))
            assert slow == fast, text
            (one,), (other,) = slow.records, fast.records
            assert repr(one) == repr(other), text
            assert json_of([one]) == json_of([other]), text
    print(kind, counts)
    # A list where a text belongs, or an empty title, is the complete reader's: one in an article is enough.
    share = next((share for word, share in SHARES.items() if word in kind), 0.4)
    assert counts["accepted"] > share * counts["read"]


def test_stories_that_many_articles_list_are_those_of_the_complete_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are known by their text when it comes again, wherever in a list they are and whatever follows the list; what
    is to be said of them is said of each file."""
    fast_read = fast_records.read
    monkeypatch.setattr(fast_records, "_LISTED_BEFORE", before := ListedBefore())
    monkeypatch.setattr(fast_records, "read", lambda text, format, printable=False: None)
    writer = Writer(SEED + 3)
    pick = writer.random
    known = 0
    for number in range(600):
        if number % 200 == 0:
            pool = ["\n".join(writer._story("    ")).replace("    ", "  - ", 1) + "\n" for _ in range(7)]
            pool += [writer.laid_out_otherwise(pool[0]), writer.changed(pool[1]), pool[2] + "\n", pool[3] + "   \n"]
            pool += [f'{pool[4].rstrip()}\n    told: "yes"\n', pool[5].replace(":30:00Z", ":30:00")]
        listed = "".join(pick.choices(pool, k=pick.randint(1, 4)))
        others = "others:\n  - title: Storm\n    webUrl: https://a.example/storm\n"
        last = pick.choice(("", "secured: x\n", "topics:\n- Sea\n", " x\n", others, others))
        text = f'---\ntitle: "Ferry"\nwebUrl: https://a.example/{number}\nrelated:\n{listed}{last}---\n'
        known += any(before.get(one) is not None for one in pool if one in text)
        fast = fast_read(text, frontmatter.FORMAT)
        if fast is not None:
            assert fast == frontmatter.read(Document(text, ".md")), text
    assert known > 200


def test_records_of_real_articles_are_those_of_the_complete_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"---\n{block}---\n" for block in real()]
    found = {text: fast for text in texts if (fast := fast_records.read(text, frontmatter.FORMAT))}
    assert len(found) > 20
    monkeypatch.setattr(fast_records, "read", lambda text, format, printable=False: None)
    assert {text: frontmatter.read(Document(text, ".md")) for text in found} == found


ALIKE = """title: Ferry {n}
publishedDateTime: 2020-06-11T13:48:0{n}Z
webUrl: https://ledger.example/{n}
images:
  - url: https://p.example/{n}.jpg
    width: 640
related:
  - title: Storm {n}
    publishedDateTime: 2020-06-11T10:00:00Z
    webUrl: https://courier.example/{n}
    type: article
  - title: Tide {n}
    publishedDateTime: 2020-06-11T10:00:00Z
    webUrl: https://courier.example/tide/{n}
    type: article
published: true
"""


@pytest.mark.parametrize(
    ("old", "new", "plain"),
    [
        ("", "", True),
        ("    type: article\n  - title: T", "  - title: T", True),
        ("    type: article\npub", "    type: article\n    quality: 5\npub", True),
        ("    type: article\npub", "    type: article\n     - x\npub", False),
        ("    type: article\npub", "    type: article\n   quality: 5\npub", False),
        ("    type: article\npub", "    type: article\n  quality: 5\npub", False),
        ("    type: article\npub", "    type: article\n- title: x\npub", False),
        ("    type: article\npub", "    type: article\n\npub", True),
        ("    type: article\npub", "    type: article\n\n   \npub", True),
        ("    type: article\npub", "    type: article # said\n  # more\npub", True),
        ("    type: article\npub", "    type: >-\n      article\npub", True),
        ("    type: article\npub", "    type: article\n      again\npub", True),
        ("    type: article\npub", "    kind: article\n    other: x\npub", True),
        ("publishedDateTime: 2020-06-11T13:48:0{n}Z", "publishedDateTime: 2020-06-11", True),
        ("publishedDateTime: 2020-06-11T13:48:0{n}Z\n", "", True),
        ("title: Ferry {n}", "title: ''\nheadline: x", False),
        ("title: Ferry {n}", "title: x\nheadline: y", True),
        ("title: Ferry {n}", "taxonomy: topic\nname: x", False),
        ("images:\n  - url: https://p.example/{n}.jpg\n    width: 640", "image: /{n}.jpg", True),
        ("images:\n  - url: https://p.example/{n}.jpg\n    width: 640", "tags: [Sea, 'Storm']", True),
        ("    type: article\npub", "    type: article\nrelated:\npub", False),
        ("    type: article\npub", "    type: article\n    type: article\npub", False),
        ("    type: article\npub", "    type:   article  \npub", True),
        ("    type: article\npub", "    type: \npub", True),
        ("    type: article\npub", "    type: {a: b}\npub", False),
        ("    type: article\npub", "    type: |\npub", False),
        ("    type: article\npub", "    type: &a article\npub", False),
        ("    type: article\npub", "    type: a: b\npub", False),
        ("    type: article\npub", "    type: null\npub", True),
        ("    type: article\npub", "    type: 'it''s'\npub", True),
        ("  - title: Tide", '  - title: "Tide', False),
        ("  - title: Tide", "  -  title: Tide", False),
        ("  - title: Tide", "   - title: Tide", False),
        ("published: true", "title: again", False),
        ("published: true", "published: 'true'", True),
        ("  - url: https://p.example/{n}.jpg\n    width: 640", "  - width: 640", False),
        ("related:\n", "related: []\n", False),
        ("https://ledger.example/{n}", "mailto:x", False),
    ],
)
def test_one_that_is_laid_out_a_little_otherwise_than_those_before(old: str, new: str, plain: bool) -> None:
    texts = [f"---\n{ALIKE}---\n".replace("{n}", str(n)) for n in range(10)]
    assert all(fast_records.read(text, frontmatter.FORMAT) for text in texts)
    changed = f"---\n{ALIKE}---\n".replace(old, new).replace("{n}", "9")
    fast = fast_records.read(changed, frontmatter.FORMAT)
    assert (fast is not None) is plain
    if fast is not None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast_records, "read", lambda text, format, printable=False: None)
            slow = frontmatter.read(Document(changed, ".md"))
        assert fast == slow
