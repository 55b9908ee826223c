"""When lightning strikes in a shot: the picture flashes then, and thunder follows. Pure."""

from __future__ import annotations

from random import Random

from dalang.scene.plan import Effect, Shot, Weather

FIRST = (0.6, 1.6)
"""Seconds into the shot, of the first flash."""
PAUSE = (1.6, 4.2)
"""Seconds between two."""
LATEST = 0.4
"""Seconds before the shot's end; a later flash would be cut off."""


def flashes(seed: int, duration: float) -> tuple[float, ...]:
    """Seconds from the beginning of a shot of `duration` seconds at which lightning strikes, in order; never none."""
    chance = Random(f"lightning {seed}")
    first = min(chance.uniform(*FIRST), duration / 2)
    times, due = [first], first + chance.uniform(*PAUSE)
    while due < duration - LATEST:
        times.append(due)
        due += chance.uniform(*PAUSE)
    return tuple(times)


def struck(shot: Shot) -> bool:
    """Whether lightning strikes in `shot`."""
    return shot.weather is Weather.STORM or Effect.LIGHTNING in shot.effects
