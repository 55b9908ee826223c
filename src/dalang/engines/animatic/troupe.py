"""How several alike stand together: loosely, each with its own room, none hidden by another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dalang.engines.animatic.figure import Figure

RANK = 4
"""So many alike may stand side by side; more make ranks of RANKED, the further the smaller, seen between the nearer."""
RANKED = 3
BEHIND = 0.42
"""Of the distance, from rank to rank."""
ELBOW = {1: 1.0, 2: 1.16, 3: 1.10, 4: 1.02}
"""Of a figure's width, from one to the next in a single rank of so many."""
SHIFTED = (0.0, 0.5, -0.3)
"""Of that, by which each rank stands aside."""
OPEN = 1.3
"""The same where there are several ranks."""
LEAST_ELBOW = 0.34
"""The same of its height."""
LOOSE = (0.0, 0.10, -0.05, 0.13)
"""Of the distance, that those in a rank stand behind its first."""
SCATTER = 0.8
"""Of its height, by which one may hang higher or lower than another in the air."""


@dataclass(frozen=True)
class Spot:
    """Metres to the right of the foremost of a troupe, further away, and higher."""

    x: float = 0.0
    z: float = 0.0
    height: float = 0.0


def troupe(rng: np.random.Generator, alike: tuple[Figure, ...], distance: float, deep: float, free: bool) -> list[Spot]:
    """A spot for each of `alike`, `distance` metres from the camera and at most `deep` further; `free` in the air."""
    ranks = 1 if len(alike) <= RANK else -(-len(alike) // RANKED)
    behind, loose = min(BEHIND * distance, deep / ranks), min(distance, 8 * deep / ranks)
    share = OPEN if ranks > 1 else ELBOW[len(alike)]
    elbow = max(share * alike[0].width, LEAST_ELBOW * alike[0].height)
    spots: list[Spot] = []
    for number in range(len(alike)):
        rank, place = (0, number) if ranks == 1 else divmod(number, RANKED)
        jitter = float(rng.uniform(-0.1, 0.1)) * (number > 0)
        x = (_side(place) + SHIFTED[rank] + jitter) * elbow * (1 + rank * behind / distance)
        spots.append(Spot(x, rank * behind + LOOSE[place] * loose, _hung(rng, alike[0], number) if free else 0.0))
    return spots


def _side(place: int) -> int:
    """0, 1, -1, 2, -2 …"""
    return (place + 1) // 2 * (1 if place % 2 else -1)


def _hung(rng: np.random.Generator, figure: Figure, number: int) -> float:
    """Metres; the first hangs where its troupe does."""
    share = (0.0, 0.75, -0.5, 0.3, 1.1, -0.8, 0.9, -0.15, 0.5)[number]
    return figure.height * SCATTER * share * float(rng.uniform(0.85, 1.15))
