"""Dyeing a picture: the colour that most of it has becomes another, its light and shade and all else stay.

Colours are compared in CIE L*a*b*, where an equal step looks equal, and changed by a table from old to new.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.bodies.cloth import DYES
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import Field, Values, smoothstep
from dalang.scene.performer import Colour

CONTRAST = {Colour.WHITE: 0.62, Colour.BLACK: 0.62, Colour.SILVER: 1.25, Colour.GOLD: 1.2, Colour.COPPER: 1.2}
"""How much of the light and shade is kept, where not all: black shows little, metal more."""
GREY = 12.0
"""Chroma under which a colour counts as grey; a coat does under PALE."""
PALE = 20.0
GLASS = (225.0, 290.0)
"""Degrees of hue of windows, which are no coat."""
DARK = 16.0
"""Lightness under which it counts as an eye or an outline."""
NEAR = 30.0
"""Degrees of hue about the commonest that are of the same coat."""
BITS = 5
"""Of each channel, that the table tells apart."""
VEINS = 0.25
"""Of the differences in hue within the old colour, that the new one keeps."""


@dataclass(frozen=True)
class Coat:
    """The colour that most of a picture has."""

    hue: float | None
    """Degrees; None: it is grey."""
    lightness: float
    chroma: float


def dyed(frames: NDArray[np.uint8], colour: Colour, *, glazed: bool = False) -> NDArray[np.uint8]:
    """`frames`, premultiplied RGBA of shape (n, height, width, 4), their coat in `colour`: glass is none."""
    table = _table(coat_of(frames[0], glazed=glazed), colour)
    return np.stack([_applied(frame, table) for frame in frames])


def coat_of(frame: Picture, *, glazed: bool = False) -> Coat:
    """What most of `frame` has on; eyes and outlines do not count, and strong colours count for more than pale ones."""
    solid = frame[frame[..., 3] > 200][:, :3]
    lightness, chroma, hue = _lch(solid.reshape(-1, 1, 3).astype(np.float32) / 255)
    seen = lightness > DARK
    if glazed:
        seen &= (hue < GLASS[0]) | (hue > GLASS[1]) | (chroma <= GREY)
    coloured, grey = seen & (chroma > GREY), seen & (chroma <= GREY)
    bins = np.histogram(hue[coloured], bins=72, range=(0, 360), weights=chroma[coloured])[0]
    around = np.sum([np.roll(bins, shift) for shift in range(-4, 5)], axis=0)
    mode = 5.0 * float(np.argmax(around)) + 2.5
    same = coloured & (_apart(hue, mode) < NEAR)
    if same.sum() < 0.6 * grey.sum() or float(np.median(chroma[same])) < PALE:
        return _coat(None, lightness[grey | same], chroma[grey | same])
    return _coat(mode, lightness[same], chroma[same])


def _coat(hue: float | None, lightness: Field, chroma: Field) -> Coat:
    return Coat(hue, float(np.median(lightness)), max(1.0, float(np.median(chroma))))


def _lch(rgb: Values) -> tuple[Field, Field, Field]:
    """Lightness 0..100, chroma, and hue in degrees, of `rgb` in 0..1."""
    lab = np.asarray(cv2.cvtColor(np.asarray(rgb, np.float32), cv2.COLOR_RGB2Lab), np.float32)
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360
    return lab[..., 0], np.hypot(lab[..., 1], lab[..., 2]), np.asarray(hue, np.float32)


def _apart(hue: Field, other: float) -> Field:
    return np.asarray(np.abs((hue - other + 180) % 360 - 180), np.float32)


def _table(coat: Coat, colour: Colour) -> NDArray[np.int16]:
    """What is added to R, G and B of a colour, by the upper bits of its channels."""
    steps = ((np.arange(1 << BITS) + 0.5) * (256 >> BITS)).astype(np.float32) / 255
    red, green, blue = np.meshgrid(steps, steps, steps, indexing="ij")
    rgb = np.clip(np.stack([red, green, blue], -1).reshape(1, -1, 3), 0, 1)
    change = (_dipped(rgb, coat, colour) - rgb) * _share(rgb, coat)[..., None]
    return np.asarray(np.round(change[0] * 255), np.int16)


def _share(rgb: Values, coat: Coat) -> Field:
    """How much a colour belongs to `coat`, 0..1."""
    lightness, chroma, hue = _lch(rgb)
    seen = smoothstep(DARK * 0.6, DARK * 1.5, lightness)
    if coat.hue is None:
        return np.asarray(seen * (1 - smoothstep(1.1 * PALE, 1.9 * PALE, chroma)), np.float32)
    near = 1 - smoothstep(NEAR, 1.9 * NEAR, _apart(hue, coat.hue))
    return np.asarray(seen * near * smoothstep(0.36 * coat.chroma, 0.7 * coat.chroma, chroma), np.float32)


def _dipped(rgb: Values, coat: Coat, colour: Colour) -> Field:
    """Colours as the dye makes them: as much lighter or darker, and paler, than the new one as than the old."""
    aim_light, aim_chroma, aim_hue = (
        part.item() for part in _lch(np.array([[DYES[colour]]], np.float32) / np.float32(255))
    )
    lightness, chroma, hue = _lch(rgb)
    light = np.clip(aim_light + (lightness - coat.lightness) * CONTRAST.get(colour, 0.9), 2, 99)
    pale = np.clip(chroma / coat.chroma, 0.3, 1.15) if coat.hue is not None else np.ones_like(chroma)
    strong = aim_chroma * pale * np.clip(light / max(aim_light, 1), 0.35, 1.08)
    veins = 0.0 if coat.hue is None else VEINS * ((hue - coat.hue + 180) % 360 - 180)
    turned = np.radians(aim_hue + np.clip(veins, -12, 12))
    lab = np.stack([light, strong * np.cos(turned), strong * np.sin(turned)], -1).astype(np.float32)
    return np.clip(np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB), np.float32), 0, 1)


def _applied(frame: Picture, table: NDArray[np.int16]) -> Picture:
    """`frame` changed by `table`; its own shading within a step of the table stays."""
    opacity = np.maximum(frame[..., 3], 1)
    solid = np.asarray(cv2.divide(frame[..., :3], cv2.merge([opacity] * 3), scale=255), np.uint8)
    upper = (solid >> (8 - BITS)).astype(np.int32)
    place = (upper[..., 0] << 2 * BITS) | (upper[..., 1] << BITS) | upper[..., 2]
    new = np.clip(solid.astype(np.int16) + table[place], 0, 255).astype(np.uint8)
    rgb = cv2.multiply(new, cv2.merge([frame[..., 3]] * 3), scale=1 / 255)
    return np.ascontiguousarray(np.dstack([rgb, frame[..., 3]]))
