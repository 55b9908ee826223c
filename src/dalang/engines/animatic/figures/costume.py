"""What a figure wears in a shot: its frames turned, enlarged, and lit by the set."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import Field
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.engines.animatic.figures.stand import Stand

HUE = 0.4
"""How much of the light's tint a subject is spared, so that it keeps its own colours at night."""


@dataclass(frozen=True)
class Costume:
    """A sprite's frames, turned, enlarged and lit for a shot; each is made when it is first needed."""

    sprite: Sprite
    light: Light
    mirrored: bool
    scale: float
    sun_side: float
    soft: float = 0.0
    """Pixels by which it is out of focus."""
    worn: dict[int, Picture] = field(default_factory=dict)

    def frame(self, number: int) -> Picture:
        if number not in self.worn:
            self.worn[number] = self._dressed(self.sprite.frames[number])
        return self.worn[number]

    def _dressed(self, art: Picture) -> Picture:
        turned = np.ascontiguousarray(art[:, ::-1]) if self.mirrored else art
        size = (round(art.shape[1] * self.scale), round(art.shape[0] * self.scale))
        way = cv2.INTER_CUBIC if self.scale > 1 else cv2.INTER_AREA
        big = np.asarray(cv2.resize(turned, size, interpolation=way), np.float32)
        if self.scale > 1.1:
            big += (big - cv2.GaussianBlur(big, (0, 0), self.scale)) * 0.6
        if self.soft:
            big = np.asarray(cv2.GaussianBlur(big, (0, 0), self.soft), np.float32)
        return relit(big, self.light, self.sun_side)


def relit(art: np.ndarray, light: Light, side: float) -> Picture:
    """`art` (premultiplied, float) in the light of the set, with a rim of sun on its `side` (-1 left, 1 right)."""
    *parts, cover = (np.asarray(part, np.float32) for part in cv2.split(art))
    cover = np.clip(cover, 0, 255)
    rows, columns = cover.shape
    tint = rgb(light.fill) + 0.62 * rgb(light.key)
    grey = float(tint.mean())
    tint = (tint + (grey - tint) * HUE) * (1 + 1.35 * max(0.0, 0.66 - grey))
    reach = rows / 50
    blurred = _blurred(cover, reach)
    away = 0.5 - 0.5 * side * np.linspace(-1, 1, columns, dtype=np.float32)[None, :]
    fall = np.linspace(1.06, 0.80, rows, dtype=np.float32)[:, None] * (1 - np.float32(light.slope) * away)
    rim = _edge(cover, blurred, side, reach / max(1.0, light.rim) ** 0.5)
    rims = [(rim, rgb(light.edge or light.sun) * min(0.95, 0.42 * light.glow * light.rim))]
    if light.kick:
        rims.append((_edge(cover, blurred, -side, reach * 0.7), rgb(light.kick) * 0.6))
    most = np.minimum(cover * np.float32(1.02), 255)
    shown = []
    for channel, part in enumerate(parts):
        lit = part * (fall * np.float32(tint[channel]))
        for edge, colour in rims:
            lit += edge * np.float32(colour[channel])
        shown.append(np.clip(lit, 0, most).astype(np.uint8))
    return np.asarray(cv2.merge([*shown, cover.astype(np.uint8)]), np.uint8)


def _blurred(cover: Field, reach: float) -> Field:
    """Worked out at half the size: only soft edges are taken from it."""
    rows, columns = cover.shape
    half = cv2.resize(cover, (max(1, columns // 2), max(1, rows // 2)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(half, (0, 0), max(0.3, reach / 2))
    return np.asarray(cv2.resize(soft, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)


def _edge(cover: Field, blurred: Field, side: float, reach: float) -> Field:
    """Where what `cover` covers ends on its `side`, 0..1."""
    move = np.array([[1, 0, -side * reach * 1.4], [0, 1, reach]], np.float32)
    shifted = cv2.warpAffine(blurred, move, (cover.shape[1], cover.shape[0]))
    return np.asarray(np.clip(cover - shifted, 0, 255) * cover * np.float32(1 / 255**2), np.float32)


def dressed(stand: Stand, light: Light, side: float, largest: float) -> Costume:
    """What those wear who play one performer; `side` is where the sun is, `largest` how much nearer a dolly comes."""
    sprite = stand.figure.sprite
    facing = 1 if sprite.subject.faces == "right" else -1
    return Costume(sprite, light, facing != stand.heading, stand.scale * largest, side)
