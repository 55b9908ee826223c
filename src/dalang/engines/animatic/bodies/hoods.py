"""Hoods, headscarves and helmets that go round the head: the face is seen through an opening."""

from __future__ import annotations

import cv2
import numpy as np

from dalang.engines.animatic.bodies.clay import Outline, Points, Stuff, hull, model
from dalang.engines.animatic.bodies.cloth import lighter
from dalang.engines.animatic.bodies.trimmings import Worn
from dalang.engines.animatic.canvas.composite import Picture, lay
from dalang.engines.animatic.figures.block import Block, ellipse

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
    return ellipse(x, y, block.skull * share / 2, (bottom - top) / 2 * block.high)


def _seen_through(canvas: Picture, head: Picture, face: np.ndarray, soft: float) -> None:
    """`head` where `face` leaves it, its edges in the hood's shade."""
    light = _vignette(face, soft)
    shaded = cv2.multiply(head, cv2.merge([light, light, light, np.full_like(face, 255)]), scale=1 / 255)
    hole = cv2.merge([face] * 4)
    dark = cv2.LUT(
        hole, np.stack([np.arange(256) * k for k in (0.16, 0.13, 0.18, 1.0)], axis=1)[:, None].astype(np.uint8)
    )
    lay(canvas, np.asarray(dark, np.uint8), 0, 0)
    lay(canvas, np.asarray(cv2.multiply(shaded, hole, scale=1 / 255), np.uint8), 0, 0)


def _plume(block: Block) -> None:
    x, y = block.at(block.middle, block.features.crown)
    half = block.skull / 2
    spots = [
        (x, y - half * 0.1, half * 0.16),
        (x - half * 0.5, y - half * 0.42, half * 0.26),
        (x - half * 1.1, y + half * 0.1, half * 0.14),
    ]
    model(block.canvas, [hull(*spots[:2]), hull(*spots[1:])], Stuff((206, 48, 66), 0.4), half * 0.2)


def _vignette(face: np.ndarray, soft: float) -> np.ndarray:
    """Light inside an opening: its edges lie in shade."""
    blurred = cv2.GaussianBlur(face, (0, 0), max(1.0, soft))
    return np.asarray(cv2.LUT(blurred, np.clip(90 + np.arange(256) * 0.66, 0, 255).astype(np.uint8)), np.uint8)


def _hood(block: Block, grown: float) -> Outline:
    f = block.features
    x = block.at(block.middle, 0)[0]
    top, chin = block.at(0, f.crown)[1], block.at(0, f.chin + 0.06)[1]
    half = block.skull / 2 * grown
    return [
        hull((x, top + half * 0.86, half * 0.98), (x, (top + chin) / 2, half), (x, chin - half * 0.55, half * 0.86))
    ]


def helmet_ring(block: Block) -> None:
    """An astronaut's helmet round the head, its glass just seen."""
    x, y = block.at(block.middle, (block.features.crown + block.features.chin) / 2 - 0.02)
    outer, inner = block.skull * 0.74, block.skull * 0.60
    head = block.canvas.copy()
    block.canvas[:] = 0
    model(block.canvas, [hull((x, y, outer))], Stuff((226, 228, 238), 0.6), outer * 0.3)
    for side in (-1, 1):
        model(
            block.canvas, [hull((x + side * outer * 0.96, y, outer * 0.2))], Stuff((186, 190, 206), 0.6), outer * 0.14
        )
    model(block.canvas, [ellipse(x, y, inner, inner)], Stuff((88, 92, 116), 0.3), inner * 0.2)
    hole = np.zeros(block.canvas.shape[:2], np.uint8)
    cv2.circle(hole, (int(x * 16), int(y * 16)), int(inner * 16), 255, -1, cv2.LINE_AA, 4)
    small = cv2.getRotationMatrix2D((x, y + inner * 0.1), 0, 0.9)
    head = np.asarray(cv2.warpAffine(head, small, head.shape[1::-1], flags=cv2.INTER_AREA), np.uint8)
    lay(block.canvas, np.asarray(cv2.multiply(head, cv2.merge([hole] * 4), scale=1 / 255), np.uint8), 0, 0)
    glint = np.zeros_like(block.canvas)
    cv2.ellipse(
        glint,
        (int(x - inner * 0.45), int(y - inner * 0.5)),
        (int(inner * 0.34), int(inner * 0.16)),
        -42,
        0,
        360,
        (110, 110, 110, 110),
        -1,
        cv2.LINE_AA,
    )
    lay(block.canvas, np.asarray(cv2.GaussianBlur(glint, (0, 0), 2), np.uint8), 0, 0)
