"""Hats that are modelled on the head."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from dalang.engines.animatic.bodies.clay import Stuff, chain, hull, model
from dalang.engines.animatic.bodies.cloth import lighter
from dalang.engines.animatic.bodies.heads import dyed, load_hat
from dalang.engines.animatic.bodies.trimmings import GOLD, WHITE, Worn
from dalang.engines.animatic.figures.block import Block, ellipse, put


def dome(block: Block, worn: Worn) -> None:
    """A cap that fits the skull, with a rim."""
    x, y = block.brow()
    half, f = block.skull / 2, block.features
    top = block.at(0, f.crown - 0.05)[1]
    arch = np.linspace(math.pi, 2 * math.pi, 24)
    points = np.column_stack([x + half * 1.04 * np.cos(arch), y + (y - top) * np.sin(arch) * 1.02])
    sag = np.linspace(x + half * 1.04, x - half * 1.04, 12)
    rim = np.column_stack([sag, y + 0.05 * block.high * (1 - ((sag - x) / half) ** 2)])
    weave = worn.weave((x, y), 0.0, block.high * 5)
    model(block.canvas, [np.concatenate([points, rim])], worn.stuff, half * 0.45, weave, 0.25)
    if worn.cloth.name in ("beanie", "shower-cap"):
        band(block, worn, 0.10, lighter(worn.colour, 0.18))
    if worn.cloth.name == "beanie":
        model(block.canvas, [hull((x, top - half * 0.1, half * 0.26))], Stuff(WHITE, 0.4), half * 0.2)


def band(block: Block, worn: Worn, thick: float = 0.09, colour: tuple[float, float, float] | None = None) -> None:
    """Round the brow."""
    x, y = block.brow()
    half = block.skull / 2 * 1.05
    along = np.linspace(-1, 1, 16)
    lower = np.column_stack([x + along * half, y + 0.05 * block.high * (1 - along**2)])
    upper = lower[::-1] - (0, thick * block.high)
    stuff = Stuff(colour, 0.3) if colour else worn.stuff
    model(block.canvas, [np.concatenate([lower, upper])], stuff, thick * block.high * 0.6, None, 0.3)


def brimmed(block: Block, worn: Worn) -> None:
    """A straw hat's or a witch's: a round brim about a crown, a band between."""
    x, y = block.brow()
    half, high = block.skull / 2, block.high
    pointed = worn.cloth.pattern == "conical"
    brim = ellipse(x, y - 0.03 * high, half * 1.62, high * 0.15)
    weave = worn.weave((x, y), 0.0, high * 5)
    model(block.canvas, [brim], worn.stuff, half * 0.22, weave, 0.4)
    y -= 0.07 * high
    if pointed:
        foot, knee = (x, y - high * 0.04, half * 0.62), (x + half * 0.08, y - high * 0.46, half * 0.26)
        tip = (x + half * 0.56, y - high * 0.76, half * 0.05)
        skirt = hull((x - half * 0.86, y, 2.0), (x + half * 0.86, y, 2.0), (x, y - high * 0.3, half * 0.5))
        crown = [*chain(foot, knee, tip), skirt]
    else:
        crown = [hull((x, y - high * 0.16, half * 0.74), (x - half * 0.84, y, 2.0), (x + half * 0.84, y, 2.0))]
    model(block.canvas, crown, worn.stuff, half * 0.4, weave, 0.15)
    along = np.linspace(-1, 1, 14)
    lower = np.column_stack([x + along * half * 0.88, y + 0.05 * high * (1 - along**2)])
    upper = np.column_stack([x + along[::-1] * half * 0.84, y - 0.09 * high + 0.05 * high * (1 - along**2)])
    ribbon = lighter(worn.colour, -0.5) if sum(worn.colour) > 240 else GOLD
    model(block.canvas, [np.concatenate([lower, upper])], Stuff(ribbon, 0.3), half * 0.1)


def santa(block: Block, worn: Worn) -> None:
    """Red, its tip hanging to a side, with a white band and a bobble."""
    x, y = block.brow()
    half, high = block.skull / 2, block.high
    root, fold = (x, y - high * 0.1, half * 0.92), (x + half * 0.5, y - high * 0.36, half * 0.5)
    tail = chain(root, fold, (x + half * 1.3, y - high * 0.06, half * 0.16))
    model(block.canvas, tail, worn.stuff, half * 0.4, None, 0.2)
    bobble = hull((x + half * 1.34, y + high * 0.02, half * 0.25))
    model(block.canvas, [bobble], Stuff(WHITE, 0.4), half * 0.2, None, 0.2)
    band(block, worn, 0.15, WHITE)


def cone(block: Block, worn: Worn) -> None:
    """Broad as a rice farmer's, or a party's, high and narrow."""
    x, y = block.brow()
    broad = worn.cloth.name == "conical-hat"
    half = block.skull / 2 * (1.65 if broad else 0.62)
    y = y if broad else y - 0.10 * block.high
    top = y - block.high * (0.52 if broad else 0.62)
    along = np.linspace(1, -1, 16)
    rim = np.column_stack([x + along * half, y + 0.09 * block.high * (1 - along**2) * (1.2 if broad else 0.7)])
    weave = worn.weave((x, y), 0.0, block.high * 5)
    model(block.canvas, [np.concatenate([[[x - 2, top], [x + 2, top]], rim])], worn.stuff, half * 0.4, weave, 0.35)
    if not broad:
        model(block.canvas, [hull((x, top, block.high * 0.06))], Stuff(GOLD, 0.4), block.high * 0.05)


def fez(block: Block, worn: Worn) -> None:
    x, y = block.brow()
    half, high = block.skull / 2, block.high * 0.30
    y -= 0.03 * block.high
    along = np.linspace(1, -1, 14)
    rim = np.column_stack([x + along * half, y + 0.05 * block.high * (1 - along**2)])
    top = np.array(
        [
            [x - half * 0.86, y - high],
            [x - half * 0.6, y - high * 1.12],
            [x + half * 0.6, y - high * 1.12],
            [x + half * 0.86, y - high],
        ]
    )
    model(block.canvas, [np.concatenate([top, rim])], worn.stuff, half * 0.3, None, 0.3)


def tricorn(block: Block, worn: Worn) -> None:
    """A pirate's: the brim turned up; a jester's has three tails with bells."""
    x, y = block.brow()
    half, high = block.skull / 2, block.high
    if worn.cloth.name == "jester-hat":
        for way, colour in ((-1, worn.colour), (1, GOLD), (0, (62, 158, 84))):
            fold = (x + way * half * 0.9, y - high * 0.42, half * 0.30)
            tip = (x + way * half * 1.5, y - high * (0.2 if way else 0.8), half * 0.1)
            tail = chain((x, y - high * 0.16, half * 0.5), fold, tip)
            model(block.canvas, tail, Stuff(colour), half * 0.35, None, 0.2)
            model(
                block.canvas,
                [hull((x + way * half * 1.55, y - high * (0.18 if way else 0.84), half * 0.13))],
                Stuff(GOLD, 0.6),
                half * 0.12,
            )
        band(block, worn, 0.10)
        return
    dome(block, worn)
    brim = np.array(
        [
            (-1.7, -0.10),
            (-1.2, -0.24),
            (-0.5, -0.40),
            (0, -0.46),
            (0.5, -0.40),
            (1.2, -0.24),
            (1.7, -0.10),
            (0.9, 0.02),
            (0, 0.06),
            (-0.9, 0.02),
        ]
    )
    points = np.column_stack([x + brim[:, 0] * half, y + brim[:, 1] * high])
    model(block.canvas, [points], Stuff(worn.colour, 0.3), half * 0.25, None, 0.4)
    model(block.canvas, [hull((x, y - 0.18 * high, half * 0.17))], Stuff(WHITE, 0.4), half * 0.12)


def flowers(block: Block, worn: Worn) -> None:
    x, y = block.brow()
    half, high = block.skull / 2, block.high
    for k, along in enumerate(np.linspace(-1, 1, 7)):
        spot = (x + along * half * 1.02, y - 0.06 * high + 0.06 * high * (1 - along**2), half * 0.24)
        colour = worn.colour if k % 2 else lighter(worn.colour, 0.5)
        model(block.canvas, [hull(spot)], Stuff(colour, 0.4), half * 0.18, None, 0.3)
        model(block.canvas, [hull((spot[0], spot[1], half * 0.08))], Stuff(GOLD, 0.4), half * 0.06)


def feathers(block: Block, worn: Worn) -> None:
    """A crown of plumes over a band."""
    x, y = block.brow()
    half, high = block.skull / 2, block.high
    for k, angle in enumerate(np.linspace(-62, 62, 9)):
        way = math.radians(angle)
        tip = (x + math.sin(way) * half * 1.9, y - math.cos(way) * high * 0.72, half * 0.13)
        root = (x + math.sin(way) * half * 0.8, y - high * 0.06, half * 0.12)
        colour = worn.colour if k % 2 else lighter(worn.colour, -0.3)
        model(block.canvas, [hull(root, tip)], Stuff(colour, 0.4), half * 0.12, None, 0.2)
    band(block, worn, 0.12)


def bow(block: Block, worn: Worn) -> None:
    x, y = block.at(block.middle - 0.22, block.features.crown + 0.10)
    art = dyed(load_hat("bow"), worn.colour)
    put(block, art, x, y + 0.1 * block.high, block.skull * 0.55 / art.shape[1], 1.0, -18)


def headphones(block: Block, worn: Worn) -> None:
    art = dyed(load_hat("headphones"), worn.colour)
    x, _ = block.brow()
    y = block.at(0, block.features.eyes + 0.16)[1]
    put(block, art, x, y, block.skull * 1.2 / art.shape[1])


def beard(block: Block) -> None:
    """A sage's: long and white, parted by a moustache."""
    f, high = block.features, block.high
    x, y = block.at(f.middle + 0.05 * block.turn, f.mouth)
    half = block.skull * 0.40
    fur = Stuff((236, 234, 242), 0.4)
    sides = [(x + way * half, y - 0.12 * high, half * 0.14) for way in (-1, 1)]
    tip = (x, y + 0.52 * high, half * 0.16)
    model(block.canvas, [hull(*sides, (x, y + 0.16 * high, half * 0.66), tip)], fur, half * 0.5, None, 0.3)
    mouth = hull((x - half * 0.16, y + 0.015 * high, half * 0.07), (x + half * 0.16, y + 0.015 * high, half * 0.07))
    model(block.canvas, [mouth], Stuff((150, 34, 70)), half * 0.1)
    for way in (-1, 1):
        lip = chain(
            (x + way * half * 0.12, y - 0.03 * high, half * 0.12), (x + way * half * 0.7, y + 0.03 * high, half * 0.05)
        )
        model(block.canvas, lip, fur, half * 0.12, None, 0.3)


def small_cap(block: Block, worn: Worn) -> None:
    """A nurse's: a folded band on the hair, with a cross."""
    x, _ = block.brow()
    y, half = block.at(0, block.features.crown + 0.10)[1], block.skull * 0.32
    shape = np.array([(-1, 0), (-0.86, -0.62), (0, -0.78), (0.86, -0.62), (1, 0), (0, 0.16)]) * half
    model(block.canvas, [shape + np.array([x, y])], worn.stuff, half * 0.3, None, 0.3)
    for wide, high in ((0.10, 0.26), (0.26, 0.10)):
        cross = np.array([(-wide, -high), (wide, -high), (wide, high), (-wide, high)]) * half + (x, y - half * 0.34)
        model(block.canvas, [cross], Stuff((224, 44, 58), 0.2, 0.2), 2.0)


DRAWN: dict[str, Callable[[Block, Worn], None]] = {
    "hat": brimmed, "straw-hat": brimmed, "witch-hat": brimmed, "santa-hat": santa,
    "conical-hat": cone, "party-hat": cone, "beanie": dome, "shower-cap": dome, "blangkon": dome, "peci": fez,
    "pirate-hat": tricorn, "jester-hat": tricorn, "flower-crown": flowers, "headdress": feathers, "headband": band,
    "hair-bow": bow, "headphones": headphones, "nurse-cap": small_cap,
}  # fmt: skip
"""Garments of the head that are modelled."""

BY_PATTERN: dict[str, Callable[[Block, Worn], None]] = {
    "brimmed": brimmed, "tall": fez, "peaked": dome, "pompom": santa, "helmet": dome, "square": fez, "wrapped": dome,
    "conical": cone, "knitted": dome, "beret": dome, "fez": fez, "tricorn": tricorn, "flowered": flowers,
    "feathered": feathers, "band": band, "bow": bow, "batik": dome, "scarf": dome,
}  # fmt: skip
"""How others are modelled that have no row of their own."""
