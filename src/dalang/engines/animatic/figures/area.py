"""The playing area: how much room a shot has for figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """How much of the world a shot shows where its subject is, before the lens is fitted to all; metres."""

    width: float
    height: float
    distance: float
    deep: float
    """Behind the subject: so far may a figure stand, or come from."""

    rows: int
    """Pixels of the frame's height."""

    @property
    def upright(self) -> bool:
        """Whether there is more room in depth than to the sides."""
        return self.height > 1.2 * self.width
