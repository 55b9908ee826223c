"""Sides of image-to-video output. Pure integers."""

from __future__ import annotations

from math import isqrt, prod

from dalang.models import SIZES

TIERS = {tier: prod(sizes["16:9"]) for tier, sizes in SIZES.items()}
"""Resolution tier → the pixel count its output aims at."""

STEP = 16
"""Sides are multiples of this: a macroblock of H.264, and what the open weights take."""

MAX_RATIO = 8
"""Longer side over shorter. A longer strip is cut to it, so that no side exceeds 4096, the most that common
hardware decoders play; the service names the same bound for its later models (1:8 to 8:1)."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels, as Pillow's `resize(box=...)` takes them."""


def output_size(width: int, height: int, tier: str) -> tuple[int, int]:
    """Sides of the video made from a `width` x `height` picture: its aspect ratio, the tier's pixel count.

    Sides are floored to multiples of 16: the documented example, 750x1000 at 720P, gives 816x1104, which
    rounding to the nearest multiple would not. Integers throughout, since a float can land just under a
    multiple. Turning the picture turns the output.

    Raises KeyError for a tier that is not in `TIERS`.
    """
    area = TIERS[tier]
    width, height = min(width, height * MAX_RATIO), min(height, width * MAX_RATIO)
    return _floored_root(area * width // height), _floored_root(area * height // width)


def _floored_root(square: int) -> int:
    return isqrt(square) // STEP * STEP


def cover_crop(width: int, height: int, to_width: int, to_height: int) -> Box:
    """The largest centred part of a `width` x `height` picture that has the target's aspect ratio.

    Its edges may fall between pixels: scaling exactly this part to the target stretches nothing.
    """
    if width * to_height > height * to_width:
        margin = (width - height * to_width / to_height) / 2
        return margin, 0, width - margin, height
    margin = (height - width * to_height / to_width) / 2
    return 0, margin, width, height - margin
