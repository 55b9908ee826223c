"""What a foot sounds like on the ground that it comes down on."""

from __future__ import annotations

import msgspec
import numpy as np

from dalang.scene.plan import FLOATING, SHELTERED, Place, Season, Shot, Weather
from dalang.sound.steps import Foot
from dalang.sound.tone import RATE, Line, burst, chirp, coloured, strike, struck


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """How a ground gives way under a shoe."""

    low: float
    high: float
    """Hz: the band of what is rubbed or crushed."""
    attack: float
    decay: float
    """Seconds of the rub."""
    grains: int = 0
    """Cracks of what is crushed: snow, leaves, gravel."""
    knock: tuple[tuple[float, float, float], ...] = ()
    """What rings under the heel: Hz, level, seconds to 1/e."""
    thump: float = 0.5
    """Level of the body's weight."""
    splash: float = 0.0


GRASS = Surface(low=350, high=3200, attack=0.025, decay=0.045, thump=0.55)
LEAVES = Surface(low=900, high=6500, attack=0.02, decay=0.05, grains=14, thump=0.5)
SAND = Surface(low=500, high=4200, attack=0.03, decay=0.06, grains=4, thump=0.45)
SNOW = Surface(low=700, high=4800, attack=0.035, decay=0.07, grains=34, thump=0.4)
GRAVEL = Surface(low=1200, high=7000, attack=0.006, decay=0.04, grains=16, thump=0.6)
STONE = Surface(low=1500, high=6500, attack=0.001, decay=0.012, thump=0.7, knock=((410, 0.5, 0.016), (980, 0.4, 0.01)))
WOOD = Surface(
    low=900,
    high=4200,
    attack=0.001,
    decay=0.012,
    thump=0.8,
    knock=((172, 1.2, 0.045), (310, 0.7, 0.03), (545, 0.4, 0.02)),
)
CARPET = Surface(low=250, high=1800, attack=0.012, decay=0.03, thump=0.6)
WATER = Surface(low=400, high=5200, attack=0.012, decay=0.09, thump=0.3, splash=1.0)

GROUND: dict[Place, Surface] = {
    Place.MEADOW: GRASS,
    Place.FOREST: LEAVES,
    Place.MOUNTAIN: GRAVEL,
    Place.DESERT: SAND,
    Place.SNOW: SNOW,
    Place.BEACH: SAND,
    Place.SEA: WATER,
    Place.RIVER: GRAVEL,
    Place.STREET: STONE,
    Place.ALLEY: STONE,
    Place.LIVING_ROOM: WOOD,
    Place.OFFICE: CARPET,
    Place.KITCHEN: STONE,
    Place.CLASSROOM: WOOD,
    Place.STAGE: WOOD,
    Place.STADIUM: GRASS,
    Place.CASTLE: STONE,
}


def surface(shot: Shot) -> Surface | None:
    """What performers of `shot` walk on; None where they hang free."""
    if shot.place in FLOATING:
        return None
    wintry = shot.weather is Weather.SNOW or shot.season is Season.WINTER
    if wintry and shot.place not in SHELTERED | {Place.SEA, Place.RIVER, Place.DESERT, Place.BEACH}:
        return SNOW
    ground = GROUND[shot.place]
    wet = shot.weather in (Weather.RAIN, Weather.STORM) and shot.place not in SHELTERED
    return msgspec.structs.replace(ground, splash=max(ground.splash, 0.45)) if wet else ground


def step(ground: Surface, foot: Foot, random: np.random.Generator) -> Line:
    """One footfall, as loud as a grown person's that is near."""
    line = np.zeros(round(0.32 * RATE), np.float32)
    for at, level in HEEL_AND_TOE[foot]:
        _add(line, np.float32(level) * _touch(ground, foot, random), at + random.uniform(0, 0.008))
    if ground.splash:
        _add(line, np.float32(0.5 * ground.splash) * _splash(random), 0.015)
    return line


HEEL_AND_TOE = {
    Foot.SHOE: ((0.0, 1.0), (0.075, 0.55)),
    Foot.HOOF: ((0.0, 1.2),),
    Foot.PAW: ((0.0, 0.75),),
    Foot.HEAVY: ((0.0, 1.6), (0.09, 0.8)),
}
"""Seconds and level of what of a foot touches the ground one after another."""
THUMP = {Foot.SHOE: (92, 0.028), Foot.HOOF: (135, 0.022), Foot.PAW: (160, 0.012), Foot.HEAVY: (46, 0.085)}
"""Hz and seconds to 1/e of the weight that comes down."""
HORN = ((720, 0.8, 0.012), (1450, 0.6, 0.009), (2600, 0.3, 0.006))
"""A hoof is hollow, and clops."""


def _touch(ground: Surface, foot: Foot, random: np.random.Generator) -> Line:
    line = np.float32(0.35) * burst(0.24, ground.low, ground.high, ground.attack, ground.decay, random)
    pitch, decay = THUMP[foot]
    bent = float(random.uniform(0.9, 1.1))
    hard = (*ground.knock, *(HORN if foot is Foot.HOOF and ground.attack < 0.02 else ()))
    rings = ((pitch * bent, 1.6 * ground.thump, decay), *((hz * bent, level, lasts) for hz, level, lasts in hard))
    line += struck(rings, 0.24)[: len(line)]
    for _ in range(ground.grains):
        crack = float(random.uniform(0.15, 0.7)) * burst(
            0.012, ground.low * 1.5, ground.high * 1.6, 0.0005, 0.002, random
        )
        _add(line, crack, float(random.gamma(2.0, ground.decay / 2)))
    return line


def _splash(random: np.random.Generator) -> Line:
    line = strike(0.26, 0.012, 0.06) * coloured(0.26, 900, 7000, random) * np.float32(0.5)
    for _ in range(5):
        start = float(random.uniform(500, 1500))
        drop = chirp(0.03, lambda time, start=start: np.float32(start) * (1 + 0.7 * time))  # type: ignore[misc]
        _add(line, np.float32(random.uniform(0.1, 0.5)) * drop, float(random.uniform(0.02, 0.2)))
    return line


def _add(line: Line, sound: Line, second: float) -> None:
    start = round(second * RATE)
    part = sound[: max(0, len(line) - start)]
    line[start : start + len(part)] += part.astype(np.float32)
