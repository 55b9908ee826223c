"""Packed pictures of subjects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dalang.scene.subjects import SUBJECTS, Subject

ART = Path(__file__).parents[1] / "art"


@dataclass(frozen=True)
class Sprite:
    """A subject's moving picture."""

    subject: Subject
    frames: NDArray[np.uint8]
    """Premultiplied RGBA of shape (n, height, width, 4), contiguous; one loop."""
    acts: bool = False
    """Whether its frames show what its performer does; the picture is moved to show it else."""
    blends: bool = True
    """Whether a frame may be shown half over the next; where limbs go far between two they would be seen twice."""
    fine: bool = False
    """Whether it is drawn for a close shot."""
    hands: tuple[tuple[tuple[float, float], tuple[float, float]], ...] = ()
    """Of a puppet: for each frame, its near and its far hand, shares of the picture's width and height."""

    @property
    def loop(self) -> float:
        """Seconds of one loop at the subject's cruising speed."""
        return self.subject.loop


def load(name: str) -> Sprite:
    """The picture of a subject, read from its file; callers keep it. KeyError: no subject has that name."""
    subject = SUBJECTS[name]
    with Image.open(ART / f"{name}.webp") as image:
        frames = np.empty((_count(image), image.height, image.width, 4), np.uint8)
        for k, frame in enumerate(frames):
            image.seek(k)
            _premultiply(np.asarray(image.convert("RGBA")), frame)
    return Sprite(subject, frames)


def _count(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1))


def _premultiply(straight: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    opacity = cv2.cvtColor(straight[..., 3], cv2.COLOR_GRAY2RGBA)
    opacity[..., 3] = 255
    cv2.multiply(straight, opacity, dst=out, scale=1 / 255)
