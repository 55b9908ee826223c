"""A plant in a pot, its leaves in the light of the room."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from dalang.engines.animatic.air.light import mix, scaled
from dalang.engines.animatic.canvas.easel import Easel
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.places.grove import Prop
from dalang.engines.animatic.places.room import Room, piece
from dalang.engines.animatic.scenery import Layer
from dalang.scene.plan import Thing

LEAVES = 15


def greenery(room: Room, along: float, before: float, high: float) -> list[Layer]:
    """A plant, as `plant` has it, unless none is wanted."""
    return [] if Thing.BUSHES in room.scene.shot.without else [plant(room, along, before, high)]


def plant(room: Room, along: float, before: float, high: float) -> Prop:
    """A plant `high` metres tall, `before` metres from the wall."""
    return piece(
        room, along, before, (0.9, high), lambda on: grow(generator(room.scene.seed, f"plant {along:.1f}"), on, high)
    )


def grow(rng: np.random.Generator, on: Easel, high: float) -> None:
    """Draw a pot at x = 0 and what grows in it, `high` metres in all."""
    on.poly([(-0.20, 0.36), (0.20, 0.36), (0.15, 0.0), (-0.15, 0.0)], (196, 178, 158))
    on.poly([(0.05, 0.36), (0.20, 0.36), (0.15, 0.0), (0.05, 0.0)], (164, 146, 128))
    on.box(-0.22, 0.33, 0.22, 0.39, (208, 190, 170))
    for number in range(LEAVES):
        lean = (number / (LEAVES - 1) - 0.5) * 2.3 + float(rng.uniform(-0.2, 0.2))
        long = (high - 0.42) * float(rng.uniform(0.62, 0.95)) * (1.0 - 0.28 * abs(lean))
        green = scaled(mix((44, 92, 52), (112, 156, 76), float(rng.random())), float(rng.uniform(0.85, 1.1)))
        _leaf(on, lean, long, green)


def _leaf(on: Easel, lean: float, long: float, green: tuple[float, float, float]) -> None:
    """From the pot up and over, in a bow."""
    spine = []
    for step in range(9):
        part = step / 8
        bow = lean * (0.5 + 0.6 * part)
        spine.append((math.sin(bow) * long * part, 0.38 + math.cos(bow) * long * part))
    for part, (start, end) in enumerate(pairwise(spine)):
        wide = 0.11 * math.sin(math.pi * (part + 0.8) / 8.9) * min(1.0, long)
        on.bar(start, end, wide + 0.012, scaled(green, 0.86 + 0.04 * part))
