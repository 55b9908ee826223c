"""How several alike stand together: loosely, each with its own room, none hidden by another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dalang.engines.animatic.figures.area import Area
from dalang.engines.animatic.figures.figure import Figure

RANKS = {5: (3, 2), 6: (3, 2, 1), 7: (4, 3), 8: (4, 3, 1), 9: (4, 3, 2)}
"""How so many stand one behind the other, the nearest first; fewer stand side by side."""
UPRIGHT = {3: (2, 1), 4: (2, 2), 5: (2, 2, 1), 6: (2, 2, 2), 7: (3, 2, 2), 8: (3, 3, 2), 9: (3, 3, 3)}
"""The same in an upright frame."""
PLACES = ((0.0, 1.0, -1.0, 2.0), (0.5, -0.5, 1.5), (-1.5, 2.5, 0.0))
"""Where in each rank they stand, as seen: the further between the nearer, or beside them; in elbows."""
FILLED = 0.78
"""Of the frame's width, that many take."""
BEHIND = 0.46
"""Of the distance, from rank to rank."""
ELBOW = {1: 1.0, 2: 1.16, 3: 1.10, 4: 1.02}
"""Of a figure's width, from one to the next in a single rank of so many."""
OPEN = 1.42
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


def troupe(rng: np.random.Generator, alike: tuple[Figure, ...], area: Area, free: bool) -> list[Spot]:
    """A spot for each of `alike`, the first at 0, 0; `free`: in the air."""
    ranks = (UPRIGHT if area.upright else RANKS).get(len(alike), (len(alike),))
    share = OPEN if len(ranks) > 1 else ELBOW[len(alike)]
    elbow = max(share * alike[0].width, LEAST_ELBOW * alike[0].height)
    away = area.distance * max(1.0, _span(ranks) * elbow / (FILLED * area.width))
    deep = area.deep * away / area.distance / len(ranks)
    spots: list[Spot] = []
    for rank, count in enumerate(ranks):
        for place in range(count):
            jitter = float(rng.uniform(-0.05, 0.05)) * (len(spots) > 0)
            z = rank * min(BEHIND * away, deep) + LOOSE[place] * min(away, 8 * deep)
            x = (PLACES[rank][place] + jitter) * elbow * (1 + z / away)
            spots.append(Spot(x, z, _hung(rng, alike[0], len(spots)) if free else 0.0))
    return spots


def _span(ranks: tuple[int, ...]) -> float:
    """Elbows from side to side, as seen."""
    taken = [place for count, places in zip(ranks, PLACES, strict=False) for place in places[:count]]
    return max(taken) - min(taken) + 1 / OPEN


def _hung(rng: np.random.Generator, figure: Figure, number: int) -> float:
    """Metres; the first hangs where its troupe does."""
    share = (0.0, 0.75, -0.5, 0.3, 1.1, -0.8, 0.9, -0.15, 0.5)[number]
    return figure.height * SCATTER * share * float(rng.uniform(0.85, 1.15))
