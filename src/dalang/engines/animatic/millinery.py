"""Hats, hoods and glasses, fitted on a head."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.clay import Outline, Points, Stuff, hull, model
from dalang.engines.animatic.cloth import contrast, lighter
from dalang.engines.animatic.composite import Picture, lay
from dalang.engines.animatic.heads import Features, dyed, load_hat
from dalang.engines.animatic.trimmings import GOLD, WHITE, Worn

FINE = 1.5
"""Pixels of a head's picture to one of the puppet's: it is turned when it is put on, and would be soft else."""


@dataclass(frozen=True)
class Block:
    """A head on a hatter's block: a canvas with the head's picture in it."""

    canvas: Picture
    features: Features
    left: float
    """Column of the head's picture."""
    top: float
    wide: float
    """Pixels of the head's picture."""
    high: float
    turn: float
    """How far the face looks to the right, -1..1; 0 also from behind."""
    fronted: bool
    """Whether the face is seen."""

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a place in the head's picture."""
        return self.left + x * self.wide, self.top + y * self.high

    @property
    def middle(self) -> float:
        """x of the brow's middle."""
        return self.features.middle + 0.05 * self.turn

    @property
    def skull(self) -> float:
        """Pixels of its width."""
        return self.features.wide * self.wide

    def brow(self) -> tuple[float, float]:
        return self.at(self.middle, self.features.brow)


@dataclass(frozen=True)
class Fit:
    """How a packed hat sits."""

    picture: str
    inner: float
    """Width of its opening, share of the picture's."""
    base: float
    """Row of its rim over the brow, share of the picture's height."""
    up: float = 0.0
    """How far over the brow the rim is, share of the head's height."""
    tall: float = 1.0
    """Stretch of its height."""
    native: bool = False
    """Whether it keeps the picture's colours where nobody names one."""


FITS = {
    "fedora": Fit("fedora", 0.56, 0.82, native=True),
    "cowboy-hat": Fit("fedora", 0.50, 0.82, 0.0, 1.08),
    "top-hat": Fit("top-hat", 0.62, 0.90, 0.04, native=True),
    "cap": Fit("cap", 0.96, 0.72, 0.0, 0.78, native=True),
    "flat-cap": Fit("beret", 0.84, 0.80, 0.03, 0.9),
    "beret": Fit("beret", 0.82, 0.80, 0.05, 1.15),
    "sailor-hat": Fit("toque", 0.86, 0.92, 0.08, 0.6, native=True),
    "chef-hat": Fit("toque", 0.80, 0.92, 0.04, 1.25, native=True),
    "graduation-cap": Fit("mortarboard", 0.60, 0.78, 0.12, native=True),
    "crown": Fit("crown", 0.94, 0.96, 0.06, 0.82, native=True),
    "helmet": Fit("hard-hat", 0.86, 0.90),
    "hard-hat": Fit("hard-hat", 0.86, 0.90, native=True),
    "firefighter-helmet": Fit("hard-hat", 0.82, 0.86),
    "fur-hat": Fit("busby", 0.90, 0.94, 0.0, 0.8),
    "turban": Fit("turban", 0.96, 0.72, 0.0, 1.7),
    "police-cap": Fit("police-cap", 0.70, 0.70, native=True),
    "pilot-cap": Fit("pilot-cap", 0.72, 0.70, native=True),
}
"""Garments of the head that are packed as pictures."""


def put(block: Block, art: Picture, x: float, y: float, scale: float, tall: float = 1.0, turn: float = 0.0) -> None:
    """`art` with its bottom centre at `x`, `y`, leaning by `turn` degrees about it."""
    rows, columns = art.shape[:2]
    move = cv2.getRotationMatrix2D((columns / 2, rows), -turn, 1.0)
    move = np.diag([scale, scale * tall]) @ move
    move[:, 2] += x - columns / 2 * scale, y - rows * scale * tall
    size = (block.canvas.shape[1], block.canvas.shape[0])
    lay(block.canvas, np.asarray(cv2.warpAffine(art, move, size, flags=cv2.INTER_AREA), np.uint8), 0, 0)


def pictured(block: Block, worn: Worn, fit: Fit, own: bool) -> None:
    art = load_hat(fit.picture)
    art = art if own and fit.native else dyed(art, worn.colour)
    if not block.fronted:
        art = np.ascontiguousarray(art[:, ::-1])
    scale = block.skull / (fit.inner * art.shape[1])
    x, y = block.brow()
    below = (1 - fit.base) * art.shape[0] * scale * fit.tall
    put(block, art, x, y + below - fit.up * block.high, scale, fit.tall, 3.0 * block.turn)


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


def brimmed(block: Block, worn: Worn) -> None:
    """A straw hat's or a witch's: a round brim about a crown, a band between."""
    x, y = block.brow()
    half, high = block.skull / 2, block.high
    pointed = worn.cloth.pattern == "conical"
    brim = _ellipse(x, y - 0.03 * high, half * 1.62, high * 0.15)
    weave = worn.weave((x, y), 0.0, high * 5)
    model(block.canvas, [brim], worn.stuff, half * 0.22, weave, 0.4)
    y -= 0.07 * high
    if pointed:
        crown = [hull((x, y - high * 0.04, half * 0.62), (x + half * 0.08, y - high * 0.46, half * 0.26)),
                 hull((x + half * 0.08, y - high * 0.46, half * 0.26), (x + half * 0.56, y - high * 0.76, half * 0.05)),
                 hull((x - half * 0.86, y, 2.0), (x + half * 0.86, y, 2.0), (x, y - high * 0.3, half * 0.5))]  # fmt: skip
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
    tail = [hull((x, y - high * 0.1, half * 0.92), (x + half * 0.5, y - high * 0.36, half * 0.5)),
            hull((x + half * 0.5, y - high * 0.36, half * 0.5), (x + half * 1.3, y - high * 0.06, half * 0.16))]  # fmt: skip
    model(block.canvas, tail, worn.stuff, half * 0.4, None, 0.2)
    bobble = hull((x + half * 1.34, y + high * 0.02, half * 0.25))
    model(block.canvas, [bobble], Stuff(WHITE, 0.4), half * 0.2, None, 0.2)
    band(block, worn, 0.15, WHITE)


def fez(block: Block, worn: Worn) -> None:
    x, y = block.brow()
    half, high = block.skull / 2, block.high * 0.30
    y -= 0.03 * block.high
    along = np.linspace(1, -1, 14)
    rim = np.column_stack([x + along * half, y + 0.05 * block.high * (1 - along**2)])
    top = np.array([[x - half * 0.86, y - high], [x - half * 0.6, y - high * 1.12], [x + half * 0.6, y - high * 1.12], [x + half * 0.86, y - high]])
    model(block.canvas, [np.concatenate([top, rim])], worn.stuff, half * 0.3, None, 0.3)


def tricorn(block: Block, worn: Worn) -> None:
    """A pirate's: the brim turned up; a jester's has three tails with bells."""
    x, y = block.brow()
    half, high = block.skull / 2, block.high
    if worn.cloth.name == "jester-hat":
        for way, colour in ((-1, worn.colour), (1, GOLD), (0, (62, 158, 84))):
            tail = [hull((x, y - high * 0.16, half * 0.5), (x + way * half * 0.9, y - high * 0.42, half * 0.30)),
                    hull((x + way * half * 0.9, y - high * 0.42, half * 0.30), (x + way * half * 1.5, y - high * (0.2 if way else 0.8), half * 0.1))]  # fmt: skip
            model(block.canvas, tail, Stuff(colour), half * 0.35, None, 0.2)
            model(block.canvas, [hull((x + way * half * 1.55, y - high * (0.18 if way else 0.84), half * 0.13))], Stuff(GOLD, 0.6), half * 0.12)
        band(block, worn, 0.10)
        return
    dome(block, worn)
    brim = np.array([(-1.7, -0.10), (-1.2, -0.24), (-0.5, -0.40), (0, -0.46), (0.5, -0.40), (1.2, -0.24), (1.7, -0.10), (0.9, 0.02), (0, 0.06), (-0.9, 0.02)])
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
        colour = worn.colour if k % 2 else (206, 48, 66)
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


def small_cap(block: Block, worn: Worn) -> None:
    """A nurse's: a folded band on the hair, with a cross."""
    x, _ = block.brow()
    y, half = block.at(0, block.features.crown + 0.10)[1], block.skull * 0.32
    shape = np.array([(-1, 0), (-0.86, -0.62), (0, -0.78), (0.86, -0.62), (1, 0), (0, 0.16)]) * half
    model(block.canvas, [shape + (x, y)], worn.stuff, half * 0.3, None, 0.3)
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

HOODS = {
    "hood": 0.76, "hijab": 0.64, "headscarf": 0.76, "knight-helmet": 0.74, "raincoat": 0.78, "hooded-cloak": 0.78,
    "spacesuit": 0.94,
}  # fmt: skip
"""Garments that go round the head: width of the opening for the face, share of the skull's."""


def hooded(block: Block, worn: Worn) -> None:
    """A hood drawn up: the head is seen through its opening."""
    if not block.fronted:
        model(block.canvas, _hood(block, 1.10), worn.stuff, block.skull * 0.3)
        return
    opening = _opening(block, worn)
    face = np.zeros(block.canvas.shape[:2], np.uint8)
    cv2.fillPoly(face, [np.round(opening * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    head = block.canvas.copy()
    block.canvas[:] = 0
    weave = worn.weave(block.brow(), 0.0, block.high * 5)
    model(block.canvas, _hood(block, 1.08), worn.stuff, block.skull * 0.26, weave)
    rim = hull(*[(float(x), float(y), block.skull * 0.04) for x, y in opening])
    model(block.canvas, [rim], Stuff(lighter(worn.colour, 0.08), 0.4), block.skull * 0.05, None, 0.3)
    _seen_through(block.canvas, head, face, block.skull * 0.05)
    if worn.cloth.name == "knight-helmet":
        _plume(block)


def _opening(block: Block, worn: Worn) -> Points:
    """The edge of the hole for the face; a helmet leaves a slit for the eyes."""
    f, share = block.features, HOODS[worn.cloth.name]
    slit = worn.cloth.name == "knight-helmet"
    top, bottom = (f.eyes - 0.10, f.eyes + 0.12) if slit else (f.brow - 0.04, f.chin - 0.01)
    x, y = block.at(f.middle + 0.07 * block.turn, (top + bottom) / 2)
    return _ellipse(x, y, block.skull * share / 2, (bottom - top) / 2 * block.high)


def _seen_through(canvas: Picture, head: Picture, face: np.ndarray, soft: float) -> None:
    """`head` where `face` leaves it, its edges in the hood's shade."""
    light = _vignette(face, soft)
    shaded = cv2.multiply(head, cv2.merge([light, light, light, np.full_like(face, 255)]), scale=1 / 255)
    hole = cv2.merge([face] * 4)
    dark = cv2.LUT(hole, np.stack([np.arange(256) * k for k in (0.16, 0.13, 0.18, 1.0)], axis=1)[:, None].astype(np.uint8))
    lay(canvas, np.asarray(dark, np.uint8), 0, 0)
    lay(canvas, np.asarray(cv2.multiply(shaded, hole, scale=1 / 255), np.uint8), 0, 0)


def _plume(block: Block) -> None:
    x, y = block.at(block.middle, block.features.crown)
    half = block.skull / 2
    spots = [(x, y - half * 0.1, half * 0.16), (x - half * 0.5, y - half * 0.42, half * 0.26), (x - half * 1.1, y + half * 0.1, half * 0.14)]
    model(block.canvas, [hull(*spots[:2]), hull(*spots[1:])], Stuff((206, 48, 66), 0.4), half * 0.2)


def _ellipse(x: float, y: float, wide: float, high: float) -> Points:
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    return np.column_stack([x + wide * np.cos(turn), y + high * np.sin(turn)])


def _vignette(face: np.ndarray, soft: float) -> np.ndarray:
    """Light inside an opening: its edges lie in shade."""
    blurred = cv2.GaussianBlur(face, (0, 0), max(1.0, soft))
    return np.asarray(cv2.LUT(blurred, np.clip(90 + np.arange(256) * 0.66, 0, 255).astype(np.uint8)), np.uint8)


def _hood(block: Block, grown: float) -> Outline:
    f = block.features
    x = block.at(block.middle, 0)[0]
    top, chin = block.at(0, f.crown)[1], block.at(0, f.chin + 0.06)[1]
    half = block.skull / 2 * grown
    return [hull((x, top + half * 0.86, half * 0.98), (x, (top + chin) / 2, half), (x, chin - half * 0.55, half * 0.86))]


def helmet_ring(block: Block) -> None:
    """An astronaut's helmet round the head, its glass just seen."""
    x, y = block.at(block.middle, (block.features.crown + block.features.chin) / 2 - 0.02)
    outer, inner = block.skull * 0.74, block.skull * 0.60
    head = block.canvas.copy()
    block.canvas[:] = 0
    model(block.canvas, [hull((x, y, outer))], Stuff((226, 228, 238), 0.6), outer * 0.3)
    for side in (-1, 1):
        model(block.canvas, [hull((x + side * outer * 0.96, y, outer * 0.2))], Stuff((186, 190, 206), 0.6), outer * 0.14)
    model(block.canvas, [_ellipse(x, y, inner, inner)], Stuff((88, 92, 116), 0.3), inner * 0.2)
    hole = np.zeros(block.canvas.shape[:2], np.uint8)
    cv2.circle(hole, (int(x * 16), int(y * 16)), int(inner * 16), 255, -1, cv2.LINE_AA, 4)
    small = cv2.getRotationMatrix2D((x, y + inner * 0.1), 0, 0.9)
    head = np.asarray(cv2.warpAffine(head, small, head.shape[1::-1], flags=cv2.INTER_AREA), np.uint8)
    lay(block.canvas, np.asarray(cv2.multiply(head, cv2.merge([hole] * 4), scale=1 / 255), np.uint8), 0, 0)
    glint = np.zeros_like(block.canvas)
    cv2.ellipse(glint, (int(x - inner * 0.45), int(y - inner * 0.5)), (int(inner * 0.34), int(inner * 0.16)), -42, 0, 360, (110, 110, 110, 110), -1, cv2.LINE_AA)
    lay(block.canvas, np.asarray(cv2.GaussianBlur(glint, (0, 0), 2), np.uint8), 0, 0)


def glasses(block: Block, worn: Worn) -> None:
    """On the eyes; a picture for glasses, sunglasses and goggles, else modelled."""
    f = block.features
    shift = 0.10 * block.turn
    (x0, y), (x1, _) = block.at(f.left + shift, f.eyes), block.at(f.right + shift, f.eyes)
    x, apart = (x0 + x1) / 2, x1 - x0
    name = worn.cloth.name
    if worn.cloth.pattern == "patch" or name == "monocle":
        lens = hull((x1, y, apart * 0.30))
        stuff = Stuff((44, 40, 52)) if worn.cloth.pattern == "patch" else Stuff((206, 226, 240), 0.7)
        if name != "monocle":
            line = hull((x0 - apart * 0.7, y - apart * 0.9, 1.6), (x1 + apart * 0.6, y + apart * 0.1, 1.6))
            model(block.canvas, [line], stuff, 2)
        else:
            model(block.canvas, [hull((x1, y, apart * 0.36))], Stuff(worn.colour, 0.7), apart * 0.1, None, 0.3)
        model(block.canvas, [lens], stuff, apart * 0.2, None, 0.3)
        return
    picture = {"glasses": "glasses", "sunglasses": "sunglasses", "goggles": "goggles"}[worn.cloth.pattern or "glasses"]
    art = load_hat(picture)
    wide = apart * (2.1 if picture != "goggles" else 2.4)
    scale = wide / art.shape[1]
    if picture == "glasses":
        art = cleared(art)
    put(block, art, x, y + art.shape[0] * scale * 0.5, scale)


def cleared(art: Picture) -> Picture:
    """Glasses through which eyes are seen: their blue panes let most light through."""
    blue = art[..., 2].astype(np.int16) - art[..., 0] > 70
    thin = np.where(blue, 0.28, 1.0).astype(np.float32)
    return np.asarray(art * cv2.GaussianBlur(thin, (0, 0), 0.8)[..., None], np.uint8)


def mask(block: Block, worn: Worn) -> None:
    """Over nose and mouth."""
    f = block.features
    shift = 0.08 * block.turn
    (x0, y0), (x1, y1) = block.at(f.left - 0.12 + shift, f.eyes + 0.12), block.at(f.right + 0.12 + shift, f.chin - 0.02)
    shape = np.array([(x0, y0 + 4), ((x0 + x1) / 2, y0), (x1, y0 + 4), (x1 - 4, y1 - 6), ((x0 + x1) / 2, y1), (x0 + 4, y1 - 6)])
    model(block.canvas, [shape], worn.stuff, block.skull * 0.12, None, 0.2)


def wear(block: Block, worn: Worn, own: bool) -> None:
    """Put one garment of head or face on. `own`: in its own colours. KeyError: its pattern is unknown."""
    name, pattern = worn.cloth.name, worn.cloth.pattern or ""
    if worn.cloth.slot == "face":
        if block.fronted:
            (mask if pattern == "mask" else glasses)(block, worn)
    elif name == "spacesuit":
        helmet_ring(block)
    elif name in HOODS:
        hooded(block, worn)
    elif name in FITS:
        pictured(block, worn, FITS[name], own)
    elif name in DRAWN:
        DRAWN[name](block, worn)
    else:
        BY_PATTERN[pattern](block, worn)


__all__ = ["Block", "contrast", "wear"]
