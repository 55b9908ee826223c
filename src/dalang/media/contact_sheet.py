"""A video at a glance: frames of it in rows on one picture, each with its time, as editors lay them out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dalang.media.still import picture_of

FRAMES = 6
WIDEST = 512
"""Pixels of one frame's longer side on the sheet."""
GAP = 8
"""Pixels about each frame."""
PAPER, INK = (24, 24, 26), (236, 236, 230)
QUALITY = 88

Still = tuple[float, Image.Image]
"""Seconds from the beginning, and what is seen then."""


def save_contact_sheet(video: Path, target: Path) -> None:
    """Leave the sheet of `video` at `target`, in the form that its suffix names, PNG or JPEG.

    Raises OSError where it cannot be written and av.FFmpegError where `video` is none.
    """
    sheet(list(stills(video, FRAMES))).save(target, quality=QUALITY)


def stills(video: Path, count: int) -> Iterator[Still]:
    """`count` frames at equal distances, the first and the last among them; all of them where there are fewer."""
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        last = max(0, stream.frames - 1)
        wanted = {round(last * number / (count - 1)) for number in range(count)}
        for number, frame in enumerate(container.decode(stream)):
            if number in wanted:
                yield (
                    float(frame.time or 0.0),
                    _small(picture_of(np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8))),
                )


def _small(picture: Image.Image) -> Image.Image:
    picture.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    return picture


def sheet(shown: list[Still]) -> Image.Image:
    """Landscape frames three to a row, upright ones all in one."""
    width, height = shown[0][1].size
    columns = 3 if width >= height else len(shown)
    rows = -(-len(shown) // columns)
    page = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP), PAPER)
    for number, (seconds, picture) in enumerate(shown):
        row, column = divmod(number, columns)
        page.paste(_stamped(picture, seconds), (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    return page


def _stamped(picture: Image.Image, seconds: float) -> Image.Image:
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(16)
    text = f"{seconds:.1f} s"
    left, top, right, bottom = draw.textbbox((10, 8), text, font=font)
    draw.rectangle((left - 5, top - 3, right + 5, bottom + 4), fill=PAPER)
    draw.text((10, 8), text, fill=INK, font=font)
    return picture
