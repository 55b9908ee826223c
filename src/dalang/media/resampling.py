"""Pictures at another size."""

from __future__ import annotations

import numpy as np
from PIL import Image

from dalang.engines.i420 import Picture
from dalang.weights.profile import Resampler

# Pillow widens a filter when it makes a picture smaller, as sampling asks; OpenCV does not, and fine patterns flicker.
FILTERS: dict[Resampler, Image.Resampling] = {
    "lanczos": Image.Resampling.LANCZOS,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
}


def resampled(picture: Picture, width: int, height: int, resampler: Resampler) -> Picture:
    """`picture` stretched to `width` x `height` pixels; itself where it has them already."""
    if picture.shape == (height, width, 3):
        return picture
    return np.asarray(Image.fromarray(picture).resize((width, height), FILTERS[resampler]))
