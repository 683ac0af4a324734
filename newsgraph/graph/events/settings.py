"""All numbers that event derivation uses, each with its unit and the reason for its value."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class EventSettings:
    """How stories are grouped into events.

    The defaults were chosen by cross-validation over labelled events, from ranges in which the result hardly changes.
    Similarities are cosines, 0..1. Each description begins with the unit, where there is one.
    """

    method: str = "light"
    """The method. There is only one: it compares words and needs no neural network."""
    semantic: str = ""
    """The name of the sentence model whose likeness of titles is blended in. It is empty if words alone decide."""
    window_hours: float = 72.0
    """Hours. Stories further apart are never compared. Nearly all coverage of an event falls within three days."""
    threshold: float = 0.11
    """Similarity. Groups are merged as long as the quadratic mean of their stories' similarities is at least this."""

    excerpt_weight: float = 0.7
    """The weight of a term that only the excerpt has; a term of the title has 1. Excerpts also tell background."""
    title_tokens: float = 12.0
    """Words. The length of a usual title. The weight of a word follows from its chance to be in a title of this
    length."""
    rarest_idf: float = 12.5
    """Natural logarithm. A word that is in no word list weighs 1 + this. The lists end at about 1 word in 10**8."""
    bigram_weight: float = 0.3
    """The weight of a pair of neighbouring words, relative to its words. It is low, as the words count already."""
    bigram_bonus: float = 2.0
    """Natural logarithm. It is added to the mean weight of a pair's words, because a pair is rarer than they are."""

    background_hours: float = 96.0
    """Hours. The length of the spans by which words of one event are told from words that are always there. It is
    longer than the window, so that the coverage of an event falls into at most two spans."""
    background_texts: int = 200
    """Texts. The number that is read of each span. A word in less than one of so many isn't part of the usual
    subject."""

    semantic_slope: float = 4.0
    """A similarity of words is multiplied by this times the cosine of the sentence vectors of the two titles. A cosine
    of 0.25 leaves the similarity as it is."""
    semantic_most: float = 3.0
    """The highest factor. From a cosine of three quarters on, titles say the same."""
    semantic_texts: float = 100.0
    """Texts. With so many within a window of time, the sentence model counts for half. What these texts have in common
    is taken off first, and a few texts, often of one subject, don't show what that is. With a quarter of so many texts,
    the model counts for 6 %."""
    semantic_floor: float = 0.03
    """Similarity. If the words have less than this, titles aren't compared, as the factor couldn't raise it enough."""

    neighbours: int = 10
    """Stories. The number of nearest stories that a story's vector is smoothed with: about as many as most events
    have."""
    neighbour_floor: float = 0.18
    """Similarity. Below this, two headlines share less than one significant word, and smoothing would mix events."""
    smoothing: float = 1.0
    """The weight of the mean of the neighbours; the story's own words have 1."""
    kept_terms: int = 64
    """Terms. The number that is kept of a smoothed vector, as in four or five headlines. More take time for no gain."""
    pair_floor: float = 0.05
    """Similarity. Smoothed pairs below this count as 0, which saves time. It is less than half the threshold."""
    decay_hours: float = 96.0
    """Hours in which the similarity of two stories falls to 1/e. What happens days later is more likely to be new."""
    related_bonus: float = 0.05
    """Similarity. It is added where one article lists the other as related. It is too low to join two stories alone."""
    same_text_hours: float = 12.0
    """Hours. Stories with the very same words in the same half of a UTC day count as one text (one "voice")."""

    part_texts: int = 2
    """Texts. A side must have so many before its group is split. A single text isn't made an event of its own."""
    part_ratio: float = 0.35
    """A share. A group is split if its last merge joined two sides whose link is below this share of the link within
    the looser side: the sides then have less in common than either has in itself. Links are quadratic means of
    similarities."""
    part_balance: float = 1.0
    """Multiplied by the smaller side's share of the group and added to ``part_ratio``. Average linkage joins the oddest
    texts last, so a small side always has a low link. A low link between two halves is better evidence."""
    part_evidence: float = 0.4
    """Divided by the smaller side's number of texts and subtracted from ``part_ratio``, because few texts prove
    little."""
    part_least: int = 6
    """Texts. Groups with fewer are never split."""
    part_most: int = 3000
    """Texts. Up to so many texts of a group are all compared with each other. Of a larger group a sample of this size
    is.
    """

    actor_stories: int = 3
    """Texts. Each of two actors must lead so many before a group is split between them. Two texts may be chance."""
    actor_share: float = 0.25
    """The share of the group's texts that each of the two actors must have."""
    actor_cover: float = 0.8
    """The share of the group's texts that must name one of the actors. Otherwise the group isn't about who did it."""
    actor_both: float = 0.1
    """The share of texts, beyond one text, that may name both actors. A few round-ups do; the actors of one event do so
    in many texts."""
    actor_bridge: float = 0.5
    """Names. The number that a text of one side may share with the other side, on average. If it is more, the same
    people act on both sides."""
    actor_likeness: float = 0.8
    """The highest ratio of the similarity between the sides to the similarity within them, for a group to be split."""
    actor_decay_hours: float = 36.0
    """Hours in which the tie of a text that names neither actor to a side falls to 1/e."""

    unsure_near_threshold: float = 0.25
    """Similarity to an event's mean text from which a story with an unsure date joins the event, if that date is
    near."""
    unsure_threshold: float = 0.4
    """Similarity from which it joins the event if no date supports that: most of its words must be the same."""

    weak_share: float = 0.5
    """A share of the event's median score. A story with a lower score fits its event badly (a weak fit). Most stories
    in a wrong event are below it, and few of the others."""
    weak_stories: int = 6
    """Stories. Events with fewer have no weak fits, because their median says too little about one story."""

    copy_similarity: float = 0.9
    """The share of words in common, in order, from which two texts count as one. One word in ten may be changed."""
    copy_words: int = 3
    """Words with a meaning. A text with fewer is no evidence of copying: anyone may write "Crossword" or "Markets
    wrap"."""
    copy_hours: float = 72.0
    """Hours. The longest time after which an outlet still publishes the text of another, such as an agency's."""
    short_copy_hours: float = 12.0
    """Hours. The same for two stories of one outlet, whose headlines return from day to day."""

    thread_hours: float = 12.0
    """Hours. What begins sooner after an event tells of the same moment; it may be another event, but not a sequel."""
    thread_days: float = 28.0
    """Days. What comes later follows what lies between, if anything."""
    thread_likeness: float = 0.3
    """Similarity of two events' mean texts from which one may follow the other. Chosen by reading about a
    dozen pairs; no labels say how right it is."""
    thread_related_likeness: float = 0.08
    """The same where a related list joins them: a little, for feeds list whatever is new as related."""
    thread_terms: int = 32
    """Terms of an event's mean text that are compared, the heaviest: more cost time and hardly change a likeness."""

    @property
    def reach_hours(self) -> float:
        """Hours before and after a story within which another story, as a neighbour of a neighbour, can affect its
        similarities."""
        return 2.0 * self.window_hours

    def to_dict(self) -> dict[str, Any]:
        """Returns the settings as plain numbers and strings, for JSON."""
        return asdict(self)

    def chosen(self) -> dict[str, Any]:
        """Returns the settings that differ from the defaults. A store keeps only these, so that the defaults of a
        later version apply to it."""
        defaults = asdict(type(self)())
        return {name: value for name, value in asdict(self).items() if value != defaults[name]}

    @classmethod
    def of_chosen(cls, values: dict[str, Any]) -> Self:
        """Returns settings from what ``chosen`` returned. A setting that only another version has is left out."""
        return cls(**{field.name: values[field.name] for field in fields(cls) if field.name in values})

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Returns settings from what ``to_dict`` returned.

        Raises ``TypeError`` for an unknown name. A missing setting takes its default.
        """
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise TypeError(f"unknown event settings: {', '.join(sorted(unknown))}")
        return cls(**values)
