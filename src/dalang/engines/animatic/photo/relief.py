"""What a still picture shows, as far as can be told without a model: how near its parts are, and what may stir.

Everything is told on a small grid and kept smooth, since a smooth warp forgives a wrong guess: sky is what is smooth
and hangs together from the upper edge, the subject what differs from its surroundings and closes to one shape
(GrabCut, Rother et al. 2004), ground is the nearer the lower it lies. The subject is one plane, so that it moves
rigidly.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines import Frame
from dalang.engines.animatic.canvas.noise import smoothstep
from dalang.engines.animatic.photo.interest import saliency
from dalang.engines.i420 import planes

Plane = NDArray[np.float32]
"""One number per cell, shape (rows, columns)."""
Mask = NDArray[np.uint8]
"""0 or 1 per cell."""

LONGER = 160
"""Cells on the longer side."""
FARTHEST = 0.5
"""Nearness of what is farthest; the nearest has 1. The nearer the two, the less a smooth warp betrays itself."""
HORIZON = 0.42
"""Where the ground begins, from the top, where no sky tells."""
SOFT = 7.0
"""Cells over which nearness changes, as a deviation."""
SUBJECT = (0.012, 0.5)
"""The smallest and the largest part of the picture that counts as its subject."""
APART = 26.0
"""How far, in Lab, a subject's colours must lie from those about it: half a face is no subject."""
ROOF = 0.85
"""Part of the upper edge that pale cells must fill to be sky rather than a wall."""
SKY = 0.04
"""The smallest part that counts as sky."""
STIRRING = 0.03
"""The same of water and of leaves."""


@dataclass(frozen=True)
class Relief:
    """Planes over one picture, all of one shape."""

    near: Plane
    """FARTHEST to 1."""
    subject: Plane
    """0 to 1, soft outside of the subject and 1 within; 0 everywhere where none was found."""
    sky: Plane
    water: Plane
    leaves: Plane
    """0 to 1, soft within what they tell of, 0 on the subject."""

    @property
    def pivot(self) -> float:
        """Nearness of the subject, or of the middle of the picture."""
        rows, columns = self.near.shape
        weight = self.subject if self.subject.any() else np.zeros_like(self.near)
        return float(self.near[rows // 2, columns // 2] if not weight.any() else np.average(self.near, weights=weight))


def relief_of(still: Frame, *, at_water: bool = False) -> Relief:
    """The relief of a picture, the same whenever it is asked for.

    `at_water`: what lies under its horizon is probably water, whatever its colour.
    """
    luma = planes(still)[0]
    rows, columns = luma.shape
    small = LONGER / max(rows, columns)
    size = (round(columns * small), round(rows * small))
    whole = cv2.cvtColor(still, cv2.COLOR_YUV2BGR_I420)
    colour = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)
    detail = _detail(luma, size)
    sky = _sky(colour, detail)
    subject = _subject(still, colour, sky)
    free = 1 - _soft(np.asarray(cv2.dilate(subject, np.ones((5, 5), np.uint8)), np.uint8))
    return Relief(
        near=_near(sky, subject),
        subject=_soft(subject),
        sky=_inner(sky) * free,
        water=_inner(_water(colour, at_water)) * free,
        leaves=_inner(_leaves(colour, detail)) * free,
    )


def _detail(luma: Frame, size: tuple[int, int]) -> Plane:
    """How much of fine structure there is in each cell."""
    fine = cv2.absdiff(luma, cv2.GaussianBlur(luma, (0, 0), 2.0))
    return np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), np.float32)


def _sky(colour: NDArray[np.uint8], detail: Plane) -> Mask:
    """Smooth cells, blue or bright and pale, that hang together from the upper edge."""
    hue, grey, value = (plane.astype(np.float32) for plane in cv2.split(cv2.cvtColor(colour, cv2.COLOR_BGR2HSV)))
    blue = (hue > 85) & (hue < 135) & (grey > 45) & (value > 60)
    pale = (grey < 90) & (value > 130)
    warm = ((hue < 25) | (hue > 160)) & (value > 150) & (grey > 40) & (grey < 200)
    smooth = cv2.GaussianBlur(detail, (0, 0), 1.2) < 3.2
    walls = (blue | pale | warm)[:2].mean() < ROOF
    likely = ((blue | warm | (pale & (not walls))) & smooth).astype(np.uint8)
    likely[round(len(likely) * 0.75) :] = 0
    _, labels = cv2.connectedComponents(cv2.morphologyEx(likely, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    top = {int(label) for label in np.unique(labels[:2]) if label}
    found = np.isin(labels, sorted(top)).astype(np.uint8)
    return found if found.mean() > SKY else np.zeros_like(found)


def _subject(still: Frame, colour: NDArray[np.uint8], sky: Mask) -> Mask:
    """The one shape about the point of the greatest interest; nothing where it would be a speck, or most of it all."""
    rows, columns = sky.shape
    heat = cv2.resize(saliency(still), (columns, rows)) * (1 - sky)
    peak = np.unravel_index(int(np.argmax(heat)), heat.shape)
    guess = np.where(heat > 0.30 * heat.max(), cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    guess[heat > 0.72 * heat.max()] = cv2.GC_FGD
    guess[sky > 0] = cv2.GC_BGD
    guess[:2], guess[:, :2], guess[:, -2:] = cv2.GC_BGD, cv2.GC_BGD, cv2.GC_BGD
    if not (guess == cv2.GC_FGD).any():
        return np.zeros_like(sky)
    cv2.setRNGSeed(1)  # its mixtures begin from random means
    cv2.grabCut(colour, guess, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    front = np.isin(guess, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    closed = np.asarray(cv2.morphologyEx(front, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.uint8)
    _, labels = cv2.connectedComponents(closed)
    shape = (labels == labels[peak]).astype(np.uint8) * closed
    right = SUBJECT[0] < shape.mean() < SUBJECT[1] and _apart(colour, shape) > APART
    return shape if right else np.zeros_like(shape)


def _apart(colour: NDArray[np.uint8], shape: Mask) -> float:
    """How far in Lab the colours within `shape` lie from those in a rim about it."""
    lab = cv2.cvtColor(colour.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    rim = cv2.dilate(shape, np.ones((15, 15), np.uint8)) - cv2.dilate(shape, np.ones((5, 5), np.uint8))
    if not rim.any():
        return 0.0
    return float(np.linalg.norm(np.median(lab[shape > 0], axis=0) - np.median(lab[rim > 0], axis=0)))


def dome(rows: int, columns: int) -> Plane:
    """Nearness where nothing tells: the middle and the foot near, the sides and the top far, gently."""
    x = np.linspace(-1, 1, columns, dtype=np.float32)[None, :]
    up = np.linspace(1, 0, rows, dtype=np.float32)[:, None]
    return np.asarray(1 - 0.6 * (1 - FARTHEST) * (0.4 * x * x + 0.6 * up * up), np.float32)


def _near(sky: Mask, subject: Mask) -> Plane:
    rows, columns = sky.shape
    if not sky.any() and not subject.any():
        return dome(rows, columns)
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    begins = max(HORIZON, float(np.flatnonzero(sky.any(axis=1)).max(initial=0)) / rows * 0.9)
    ground = smoothstep(begins - 0.25, 1.0, down) * 0.9 + 0.1
    wide = np.broadcast_to(ground, sky.shape) * (1 - sky)
    lying = cv2.GaussianBlur(np.asarray(wide, np.float32), (0, 0), SOFT, borderType=cv2.BORDER_REPLICATE)
    if not subject.any():
        return np.asarray(FARTHEST + (1 - FARTHEST) * lying, np.float32)
    foot = int(np.flatnonzero(subject.any(axis=1)).max())
    stands = max(0.55, float(ground[foot, 0]))
    soft = _soft(subject)
    return np.asarray(FARTHEST + (1 - FARTHEST) * (lying + (stands - lying) * soft), np.float32)


def _soft(mask: Mask) -> Plane:
    """1 within `mask`, and from there gently down to 0."""
    reach = round(2.2 * SOFT) | 1
    wide = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    return np.asarray(
        np.maximum(mask, cv2.GaussianBlur(wide.astype(np.float32), (0, 0), SOFT * 0.6)) * (mask.any()), np.float32
    )


def _inner(mask: Mask) -> Plane:
    """0 outside of `mask`, and from there gently up to 1."""
    if mask.mean() < STIRRING:
        return np.zeros(mask.shape, np.float32)
    kept = cv2.erode(mask, np.ones((5, 5), np.uint8), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.GaussianBlur(kept.astype(np.float32), (0, 0), 2.0) * mask, np.float32)


def _water(colour: NDArray[np.uint8], likely_there: bool) -> Mask:
    """Blue or grey-green cells under the horizon in which lines lie rather than stand; of any colour where it is likely
    that there is water."""
    hue, grey, value = (plane.astype(np.float32) for plane in cv2.split(cv2.cvtColor(colour, cv2.COLOR_BGR2HSV)))
    tone = value * (1 / 255)
    lying = cv2.GaussianBlur(np.abs(cv2.Sobel(tone, cv2.CV_32F, 0, 1)), (0, 0), 3)
    standing = cv2.GaussianBlur(np.abs(cv2.Sobel(tone, cv2.CV_32F, 1, 0)), (0, 0), 3)
    blue = (hue > 70) & (hue < 130) & (grey > 35)
    flat = lying > (0.8 if likely_there else 1.25) * standing
    wet = ((blue | likely_there) & flat).astype(np.uint8)
    wet[: round(len(wet) * (0.55 if likely_there else 0.4))] = 0
    whole = cv2.morphologyEx(wet, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    return np.asarray(cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), np.uint8)


def _leaves(colour: NDArray[np.uint8], detail: Plane) -> Mask:
    """Green cells full of fine structure."""
    hue, grey, _ = cv2.split(cv2.cvtColor(colour, cv2.COLOR_BGR2HSV))
    green = (hue > 24) & (hue < 88) & (grey > 45) & (cv2.GaussianBlur(detail, (0, 0), 1.5) > 3.0)
    return np.asarray(cv2.morphologyEx(green.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)), np.uint8)
