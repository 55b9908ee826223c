"""The heads that puppets are given: where in each picture its features are, and how it turns, speaks and sleeps."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dalang.engines.animatic.bodies.clay import FINE, Points, Rgb, Stuff, model
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.figures.sprite import ART

TURNED = 0.13
"""How far the middle of a face is moved to look aside, share of the picture's width."""


@dataclass(frozen=True)
class Features:
    """Places in a head's picture, shares of its width (x) and height (y)."""

    eyes: float
    """y."""
    left: float
    """x of the eye on the left."""
    right: float
    mouth: float
    """y."""
    crown: float = 0.0
    """y of the skull's top."""
    brow: float = 0.36
    """y that a hat comes down to."""
    wide: float = 0.86
    """Width of the skull under a hat."""
    chin: float = 0.97

    @property
    def middle(self) -> float:
        """x between the eyes."""
        return (self.left + self.right) / 2


HEADS = {
    "man": Features(0.57, 0.30, 0.67, 0.79),
    "woman": Features(0.53, 0.35, 0.65, 0.78, wide=0.80, chin=0.96),
    "boy": Features(0.54, 0.29, 0.66, 0.75, wide=0.84),
    "girl": Features(0.53, 0.34, 0.63, 0.74, wide=0.72, chin=0.93),
    "old-man": Features(0.50, 0.31, 0.67, 0.76, brow=0.30),
    "old-woman": Features(0.58, 0.31, 0.68, 0.82, crown=0.08, brow=0.42, wide=0.84),
    "baby": Features(0.60, 0.32, 0.67, 0.78, crown=0.03, wide=0.80, brow=0.38),
    "person": Features(0.53, 0.31, 0.66, 0.76),
    "bearded": Features(0.55, 0.32, 0.68, 0.77),
    "curly-man": Features(0.55, 0.31, 0.67, 0.77),
    "curly-woman": Features(0.55, 0.36, 0.65, 0.77, wide=0.84),
    "red-man": Features(0.54, 0.31, 0.67, 0.77),
    "red-woman": Features(0.53, 0.35, 0.65, 0.78, wide=0.80, chin=0.96),
    "bald-man": Features(0.50, 0.32, 0.68, 0.75, brow=0.28, wide=0.82),
    "white-man": Features(0.53, 0.31, 0.67, 0.77),
    "sage": Features(0.53, 0.31, 0.67, 0.77),
    "santa": Features(0.48, 0.33, 0.63, 0.74, brow=0.24, wide=0.80),
    "fox": Features(0.58, 0.35, 0.66, 0.86, 0.32, 0.44, 0.62),
    "bear": Features(0.47, 0.37, 0.63, 0.72, 0.12, 0.30, 0.62),
    "panda": Features(0.50, 0.38, 0.62, 0.72, 0.14, 0.32, 0.66),
    "lion": Features(0.44, 0.36, 0.64, 0.66, 0.12, 0.26, 0.62, 0.90),
    "wolf": Features(0.50, 0.37, 0.65, 0.90, 0.30, 0.40, 0.60),
    "tiger": Features(0.47, 0.37, 0.66, 0.75, 0.12, 0.30, 0.64),
    "cat": Features(0.53, 0.37, 0.63, 0.73, 0.22, 0.36, 0.70),
    "dog": Features(0.36, 0.40, 0.61, 0.76, 0.03, 0.20, 0.62),
    "rabbit": Features(0.58, 0.40, 0.61, 0.82, 0.36, 0.44, 0.60),
    "monkey": Features(0.38, 0.41, 0.59, 0.65, 0.04, 0.20, 0.66),
    "mouse": Features(0.68, 0.38, 0.63, 0.88, 0.38, 0.48, 0.50),
    "hamster": Features(0.60, 0.37, 0.63, 0.86, 0.26, 0.38, 0.62),
    "polar-bear": Features(0.48, 0.37, 0.63, 0.75, 0.12, 0.30, 0.62),
    "koala": Features(0.55, 0.32, 0.70, 0.88, 0.12, 0.30, 0.64),
    "cow": Features(0.45, 0.36, 0.64, 0.80, 0.14, 0.28, 0.62),
    "pig": Features(0.45, 0.37, 0.68, 0.76, 0.08, 0.26, 0.66),
    "frog": Features(0.22, 0.27, 0.73, 0.58, 0.10, 0.12, 0.60),
    "raccoon": Features(0.53, 0.37, 0.63, 0.80, 0.16, 0.34, 0.64),
    "alien": Features(0.50, 0.29, 0.71, 0.82, 0.0, 0.26, 0.84),
    "robot": Features(0.43, 0.31, 0.69, 0.80, 0.13, 0.24, 0.80),
    "oni": Features(0.48, 0.30, 0.69, 0.72, 0.12, 0.26, 0.70),
}
"""By family: the name of a head's picture without its tone."""


HIDES = frozenset(
    {
        *("fox", "bear", "panda", "lion", "wolf", "tiger", "cat", "dog", "rabbit", "monkey", "mouse", "hamster"),
        *("polar-bear", "koala", "cow", "pig", "frog", "raccoon", "alien", "robot", "oni"),
    }
)
"""Families without a human skin, and so without tones."""
PANDA: Rgb = (62, 58, 74)
"""Its limbs are as dark as its ears."""


@dataclass(frozen=True)
class Head:
    """A head's pictures, and what is known of them."""

    features: Features
    open: Picture
    closed: Picture
    furred: str = ""
    """Its family, where that has no human skin."""
    bearded: bool = False
    """Whether a long white beard is to be drawn on it."""

    @property
    def skin(self) -> Rgb:
        """Of the cheek beside the mouth; an animal's fur, of its brow."""
        f = self.features
        if self.furred:
            return PANDA if self.furred == "panda" else self.hair
        y, x = (f.mouth + f.eyes) / 2, f.left + 0.03
        return _mean(self.open, x, y, 0.03)

    @property
    def hair(self) -> Rgb:
        """Of the top."""
        return _mean(self.open, self.features.middle, self.features.crown + 0.10, 0.04)

    @property
    def rows(self) -> float:
        """Pixels from crown to chin."""
        high: int = self.open.shape[0]
        return (self.features.chin - self.features.crown) * high


def _mean(art: Picture, x: float, y: float, reach: float) -> Rgb:
    rows, columns = art.shape[:2]
    top, left, side = int((y - reach) * rows), int((x - reach) * columns), max(2, int(2 * reach * rows))
    patch = art[max(0, top) : top + side, max(0, left) : left + side].reshape(-1, 4).astype(float)
    solid = patch[patch[:, 3] > 200]
    red, green, blue = np.median(solid[:, :3], axis=0) if len(solid) else (200.0, 160.0, 140.0)
    return float(red), float(green), float(blue)


@functools.lru_cache(32)
def load_head(name: str) -> Head:
    """A head by the name of its picture, tone included: woman-3, fox. FileNotFoundError: there is none.

    A sage is a white-haired man with a beard.
    """
    with Image.open(ART / "heads" / f"{name.replace('sage', 'white-man')}.webp") as image:
        frames = []
        for number in range(2):
            image.seek(min(number, getattr(image, "n_frames", 1) - 1))
            frames.append(premultiplied(np.asarray(image.convert("RGBA"))))
    family = name.rstrip("-12345")
    return Head(HEADS[family], frames[0], frames[1], family if family in HIDES else "", family == "sage")


def premultiplied(straight: NDArray[np.uint8]) -> Picture:
    thick = cv2.merge([straight[..., 3]] * 3 + [np.full_like(straight[..., 3], 255)])
    return np.asarray(cv2.multiply(straight, thick, scale=1 / 255), np.uint8)


def turned(art: Picture, features: Features, part: float) -> Picture:
    """The face looking to the right by `part` (-1..1): its middle moves there, its outline stays."""
    rows, columns = art.shape[:2]
    u = np.arange(columns, dtype=np.float32) / columns
    middle = features.middle
    reach = np.where(u < middle, middle, 1 - middle) * 0.98
    away = np.clip(np.abs(u - middle - TURNED * part * 0.5) / reach, 0, 1)
    shift = TURNED * part * (1 - away**2) ** 1.2
    v = (np.arange(rows, dtype=np.float32) / rows - (features.crown + features.chin) / 2) / (
        (features.chin - features.crown) / 2
    )
    fall = np.clip(1 - np.abs(v) ** 3 * 0.55, 0.35, 1)[:, None]
    at_x = (u[None, :] - shift[None, :] * fall) * columns
    at_y = np.repeat(np.arange(rows, dtype=np.float32)[:, None], columns, axis=1)
    return np.asarray(cv2.remap(art, at_x.astype(np.float32), at_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT))


def speaking(art: Picture, features: Features, part: float) -> Picture:
    """The mouth open by `part` (0..1): the jaw goes down a little, and inside it is dark with a tongue."""
    spoken = _jaw(art, features, 0.026 * part)
    rows, columns = art.shape[:2]
    x, y = features.middle * columns, (features.mouth - 0.012) * rows
    wide, high = (0.066 + 0.022 * part) * columns, 0.088 * part * rows
    turn = np.linspace(0, np.pi, 16)
    lip = np.column_stack([x + wide * np.cos(turn), y + high * np.sin(turn)])
    smile = np.column_stack([x - wide * np.cos(turn), y + 0.12 * high * np.sin(turn)])
    _ink(spoken, np.concatenate([lip, smile]), (96.0, 12.0, 44.0))
    tongue = np.column_stack([x + 0.62 * wide * np.cos(turn), y + high * (0.62 + 0.34 * np.sin(turn))])
    _ink(spoken, tongue, (226.0, 92.0, 118.0))
    return spoken


def _ink(art: Picture, points: Points, colour: Rgb) -> None:
    corners = np.round(points * (1 << FINE)).astype(np.int32)
    cv2.fillPoly(art, [corners], (*colour, 255.0), cv2.LINE_AA, FINE)


def _jaw(art: Picture, features: Features, gap: float) -> Picture:
    """What is under the mouth moved down by `gap`, share of the height."""
    rows, columns = art.shape[:2]
    y, x = np.arange(rows, dtype=np.float32) / rows, np.arange(columns, dtype=np.float32) / columns
    below = np.clip((y - features.mouth + 0.05) / 0.10, 0, 1) * np.clip((1.04 - y) / (0.99 - features.mouth), 0, 1)
    near = np.clip(1.25 - (np.abs(x - features.middle) / 0.34) ** 4, 0, 1)
    at_y = (y[:, None] - gap * below[:, None] * near[None, :]) * rows
    at_x = np.repeat(x[None, :] * columns, rows, axis=0)
    return np.asarray(cv2.remap(art, at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_LINEAR), np.uint8)


def behind(head: Head) -> Picture:
    """The head from behind: its outline, all hair (or fur), with locks as light falls on them."""
    art = head.open
    back = np.zeros_like(art)
    room = 8
    wide = cv2.copyMakeBorder(art[..., 3], room, room, room, room, cv2.BORDER_CONSTANT)
    contours, _ = cv2.findContours((wide > 128).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = [np.asarray(c[:, 0], np.float64) - room for c in contours if len(c) > 20]
    model(back, outline, Stuff(head.hair, 0.3, 0.9), art.shape[0] * 0.16)
    return back


@functools.lru_cache(64)
def load_hat(name: str) -> Picture:
    """A hat by the name of its picture."""
    with Image.open(ART / "hats" / f"{name}.webp") as image:
        return premultiplied(np.asarray(image.convert("RGBA")))


def dyed(art: Picture, colour: Rgb) -> Picture:
    """`art` in another colour: its lights and darks stay."""
    cover = art[..., 3:].astype(np.float32)
    light = art[..., :3].astype(np.float32) @ np.array([0.30, 0.59, 0.11], np.float32)
    solid = cover[..., 0] > 128
    usual = float(np.median(light[solid])) if solid.any() else 128.0
    part = light[..., None] / max(1.0, usual)
    bright = (
        np.asarray(colour, np.float32) * np.minimum(part, 1)
        + (cover - np.asarray(colour, np.float32)) * np.clip(part - 1, 0, 1) * 0.45
    )
    out = art.copy()
    out[..., :3] = np.clip(np.minimum(bright * np.where(part > 1, cover / 255, 1), cover), 0, 255)
    return out
