"""Every number of the recipe, with its unit and its reason."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class EventSettings:
    """How events are told apart.

    The defaults were chosen by cross-validation over labelled events, where the result is flat: none is on a knife's
    edge. Similarities are cosines, 0..1.
    """

    method: str = "light"
    """The recipe; there is one: words, no neural network."""
    window_hours: float = 72.0
    """Hours. Stories further apart are never compared: nearly all coverage of an event falls within three days."""
    threshold: float = 0.11
    """Similarity. Groups are merged while the quadratic mean of their stories' similarities is at least this."""

    excerpt_weight: float = 0.7
    """Weight of a term that only the excerpt has, a title's being 1: excerpts tell background as well as news."""
    title_tokens: float = 12.0
    """Words. The length of a usual title: a word's weight follows the chance that a title of this length has it."""
    rarest_idf: float = 12.5
    """Natural logarithm. The weight of a word in no list is 1 + this; the lists end at about 1 in 10**8."""
    bigram_weight: float = 0.3
    """Weight of a pair of neighbouring words beside that of the words: phrases repeat what their words said already."""
    bigram_bonus: float = 2.0
    """Natural logarithm. Added to the mean weight of a pair's words: a pair is rarer than they are."""

    background_hours: float = 96.0
    """Hours of the spans in which bursts are told from constant use: longer than the window, so two hold an event."""
    background_texts: int = 200
    """Texts read of each span: a word in fewer than one of so many is no part of the subject."""

    neighbours: int = 10
    """Stories. A story's vector is smoothed with so many nearest ones: as much as most events have."""
    neighbour_floor: float = 0.18
    """Similarity. Below it two headlines share less than one telling word, and smoothing would mix events."""
    smoothing: float = 1.0
    """Weight of the neighbours' mean, the story's own words being 1."""
    kept_terms: int = 64
    """Terms kept of a smoothed vector: four to five headlines' worth; more costs time and changes nothing."""
    pair_floor: float = 0.05
    """Similarity. Smoothed pairs below it count as 0: less than half the threshold, it only saves time."""
    decay_hours: float = 96.0
    """Hours in which the similarity of two stories fades to 1/e: what happens days later is likelier to be news."""
    related_bonus: float = 0.05
    """Similarity added where an article lists the other as related: less than half the threshold, never a verdict."""
    same_text_hours: float = 12.0
    """Hours. Stories with the very same words in one half of a UTC day count as one voice."""

    part_texts: int = 2
    """Texts. A side must have so many before its group is parted: a single text is no event of its own."""
    part_ratio: float = 0.35
    """A group is parted where its last merge joins sides whose link is below this share of the link within the looser
    side: they have less in common than either has in itself. Links are quadratic means of similarities."""
    part_balance: float = 1.0
    """Added to ``part_ratio``, times the smaller side's share of the group. Average linkage leaves the oddest texts for
    last, so the link of a small side is low by selection; one between halves is not."""
    part_evidence: float = 0.4
    """Taken off ``part_ratio``, over the smaller side's number of texts: few texts prove little."""
    part_least: int = 6
    """Texts. Smaller groups are left as they are."""
    part_most: int = 3000
    """Texts of a group that are linked each to each; of a larger one so many stand for the others."""

    actor_stories: int = 3
    """Texts. Each of two actors must lead at least so many before a group is split between them: two are chance."""
    actor_share: float = 0.25
    """Share of the group's texts that each of the two must hold."""
    actor_cover: float = 0.8
    """Share of the group's texts that name one of the actors: else the group is not about who, but about what."""
    actor_both: float = 0.1
    """Share of texts, beyond one, that may name both: a few round-ups do, but one event's actors meet in many."""
    actor_bridge: float = 0.5
    """Names that a text of one side shares with the other, on average: more, and the same people act on both."""
    actor_likeness: float = 0.8
    """The sides' similarity to each other over that within them, at most, for a split."""
    actor_decay_hours: float = 36.0
    """Hours in which a text that names neither actor loses touch with a side, to 1/e."""

    unsure_near_threshold: float = 0.25
    """Similarity to an event's mean text at which a story with an unsure date joins it, if that date is near."""
    unsure_threshold: float = 0.4
    """The same where no date speaks for it: only a text that tells the same in most of its words."""

    weak_share: float = 0.5
    """Share of its event's median score below which a story's fit is weak: most stories wrongly placed are there, and
    few of those rightly placed."""
    weak_stories: int = 6
    """Stories. In smaller events the median says too little about one story."""

    copy_similarity: float = 0.9
    """Share of words in common, in order, from which two texts are one: leaves room for a changed word in ten."""
    copy_words: int = 3
    """Telling words. A text with fewer is no evidence of copying: "Crossword" and "Markets wrap" are anyone's."""
    copy_hours: float = 72.0
    """Hours within which an outlet runs wire text."""
    short_copy_hours: float = 12.0
    """Hours. The same for two stories of one outlet, whose headlines recur from day to day."""

    @property
    def reach_hours(self) -> float:
        """Hours before and after a story from which another can bear on its similarities: neighbours of neighbours."""
        return 2.0 * self.window_hours

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and strings, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The settings that ``to_dict`` gave; unknown names raise ``TypeError``, missing ones take the default."""
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise TypeError(f"unknown event settings: {', '.join(sorted(unknown))}")
        return cls(**values)
