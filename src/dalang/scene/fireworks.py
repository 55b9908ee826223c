"""When fireworks burst in a shot: the picture lights up then, and the bang is heard. Pure."""

from __future__ import annotations

from random import Random

FIRST = -0.9
"""Seconds into the shot, of the first burst: some sparks are in the air already."""
PAUSE = (0.35, 0.95)
"""Seconds between two."""


def bursts(seed: int, duration: float) -> tuple[float, ...]:
    """Seconds from the beginning of a shot of `duration` seconds at which rockets burst, in order."""
    chance = Random(f"fireworks {seed}")
    times, due = [], FIRST
    while due < duration + 1:
        times.append(due)
        due += chance.uniform(*PAUSE)
    return tuple(times)
