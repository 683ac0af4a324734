"""Every number of the recipe, with its unit and its reason."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class EventSettings:
    """How events are told apart. The defaults were chosen by cross-validation over events; none is on a knife's edge."""

    method: str = "light"
    window_hours: float = 72.0
    threshold: float = 0.12

    excerpt_weight: float = 0.5
    title_tokens: float = 12.0
    rarest_idf: float = 12.5
    bigram_weight: float = 0.5
    bigram_bonus: float = 2.0
    candidate_floor: float = 0.08
    neighbours: int = 10
    neighbour_floor: float = 0.25
    smoothing: float = 1.0
    kept_terms: int = 64
    pair_floor: float = 0.05
    related_bonus: float = 0.05

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and strings, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The settings that ``to_dict`` gave; unknown names raise ``TypeError``, missing ones take the default."""
        known = {field.name for field in fields(cls)}
        unknown = set(values) - known
        if unknown:
            raise TypeError(f"unknown event settings: {', '.join(sorted(unknown))}")
        return cls(**values)
