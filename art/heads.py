"""Pack the puppets' heads and hats: one WebP each, from the rows of `heads.toml`.

A head has two frames: its eyes open, and closed. A hat that only a bust wears is told from the face under it by its
colours: they are the same over all skins.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

TONES = ("1f3fb", "1f3fc", "1f3fd", "1f3fe", "1f3ff")
"""Fitzpatrick's types 1-2, 3, 4, 5, 6, as Unicode has them; a head's name ends in its place here, from 1."""
SIDE = 208

Pixels = NDArray[np.float32]
"""Premultiplied RGBA, 0..255."""


@dataclass(frozen=True)
class Head:
    name: str
    code: str
    """File name in the packages; `*` stands for a skin tone."""
    tones: tuple[int, ...] = ()
    open: int = 0
    """The frame in which the eyes are open."""
    closed: int = 11
    """The frame in which they are closed; -1: there is none, lids are drawn."""
    chin: int = 256
    """Row from which it is cut off."""

    def codes(self) -> dict[str, str]:
        """Name of each of its pictures → code."""
        if not self.tones:
            return {self.name: self.code}
        return {f"{self.name}-{tone}": self.code.replace("*", TONES[tone - 1]) for tone in self.tones}


@dataclass(frozen=True)
class Hat:
    name: str
    code: str
    box: tuple[int, int, int, int] = (0, 0, 256, 256)
    """Left, top, right, bottom of what is kept."""
    same: tuple[int, int] = (14, 40)
    """How far a colour may be from itself over two skins to be the hat's; what lies between fades."""
    mirrored: bool = False
    """The bust holds something before its right half: the left one is shown twice."""
    side: int = 176

    def codes(self) -> tuple[str, ...]:
        return tuple(self.code.replace("*", tone) for tone in (TONES if "*" in self.code else TONES[:1]))


def _rows() -> tuple[tuple[Head, ...], tuple[Hat, ...]]:
    tables = tomllib.loads(Path(__file__).with_name("heads.toml").read_text(encoding="utf-8"))
    heads = tuple(Head(name, **row | {"tones": tuple(row.get("tones", ()))}) for name, row in tables["heads"].items())
    hats = tuple(
        Hat(name, **{key: tuple(v) if isinstance(v, list) else v for key, v in row.items()})
        for name, row in tables["hats"].items()
    )
    return heads, hats


HEADS, HATS = _rows()


def wanted() -> set[str]:
    """Codes of all pictures that heads and hats are made from."""
    return {code for head in HEADS for code in head.codes().values()} | {code for hat in HATS for code in hat.codes()}


def head_frames(head: Head, frames: list[Pixels]) -> list[Pixels]:
    """Open and closed, cut at the chin."""
    seen = frames[min(head.open, len(frames) - 1)]
    shut = lidded(seen) if head.closed < 0 else frames[min(head.closed, len(frames) - 1)]
    return [_cut(frame, head.chin) for frame in (seen, shut)]


def _cut(frame: Pixels, chin: int) -> Pixels:
    """`frame` down to a rounded chin."""
    if chin >= frame.shape[0]:
        return frame
    kept = np.zeros(frame.shape[:2], np.uint8)
    cv2.ellipse(kept, (frame.shape[1] // 2, 0), (150, chin), 0, 0, 180, 255, -1, cv2.LINE_AA)
    return frame * (kept[..., None] / np.float32(255))


def lidded(frame: Pixels) -> Pixels:
    """A face with its eyes shut: each eye is covered with the skin beside it, and a lash line drawn below."""
    white = ((frame[..., :3].min(axis=2) > 228) * 255).astype(np.uint8)
    white[:90], white[150:] = 0, 0
    count, _, boxes, _ = cv2.connectedComponentsWithStats(cv2.dilate(white, np.ones((5, 9), np.uint8)))
    shut = frame.copy()
    for x, y, wide, high, area in boxes[1:count]:
        if area < 60:
            continue
        skin = [float(c) for c in frame[y + high + 5, x + wide // 2]]
        middle, axes = (int(x + wide // 2), int(y + high // 2)), (int(wide * 0.62), int(high * 0.72))
        cv2.ellipse(shut, middle, axes, 0, 0, 360, skin, -1, cv2.LINE_AA)
        lash = [c * 0.35 for c in skin[:3]] + [255.0]
        cv2.ellipse(shut, middle, (axes[0] - 3, axes[1] // 2), 0, 15, 165, lash, 4, cv2.LINE_AA)
    return shut


def hat_frame(hat: Hat, skins: list[Pixels]) -> Pixels:
    """What is the same over all `skins`, inside the hat's box: its largest piece."""
    left, top, right, bottom = hat.box
    stack = np.stack(skins)[:, top:bottom, left:right]
    apart = (stack.max(axis=0) - stack.min(axis=0)).max(axis=2)
    same = np.clip((hat.same[1] - apart) / (hat.same[1] - hat.same[0]), 0, 1)
    kept = np.asarray(stack[0] * _largest(same, stack[0, ..., 3] / 255)[..., None], np.float32)
    middle = kept.shape[1] // 2
    return np.hstack([kept[:, :middle], kept[:, :middle][:, ::-1]]) if hat.mirrored else kept


def _largest(same: NDArray[np.float32], cover: NDArray[np.float32]) -> NDArray[np.float32]:
    solid = cv2.morphologyEx((same * cover > 0.5).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    piece = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.float32)
    room = cv2.dilate(piece, np.ones((3, 3), np.uint8))
    return np.asarray(cv2.GaussianBlur(np.maximum(piece, room * same), (0, 0), 0.7), np.float32)
