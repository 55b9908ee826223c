"""A finished video that another server made, looked at before anybody else sees it: hostile bytes, like all that comes
from outside."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import av
from av.container import InputContainer
from PIL import Image

from dalang.errors import InvalidFile
from dalang.media.clip import MOST_SIDE
from dalang.media.source import DAMAGED, FILM_DECODERS, PICTURE_DECODERS, decoder_of, opened
from dalang.media.still import save_still

MOST_FRAMES = 240 * 60
"""Of a minute at the highest rate; no model makes more than 15 seconds."""


def screen(source: Path, count: int) -> tuple[int, int]:
    """Leave `count` frames of the MP4 at `source`, the middles of so many parts, as `SOURCE.N.jpg`, N from 0; return
    its width and height. One with fewer frames repeats its last.

    Raises InvalidFile where it cannot be decoded, and OSError where a still cannot be written.
    """
    with opened(source, "mov", FILM_DECODERS, "video") as file:
        total = _frame_count(file)
        wanted = [(2 * still + 1) * total // (2 * count) for still in range(count)]
        saved, picture = 0, None
        for number, frame in enumerate(islice(file.decode(video=0), total)):
            picture = frame
            while saved < count and wanted[saved] == number:
                save_still(_picture(frame), f"{source}.{saved}.jpg")
                saved += 1
        if picture is None:
            raise InvalidFile(DAMAGED.format("video"))
        for still in range(saved, count):
            save_still(_picture(picture), f"{source}.{still}.jpg")
        return picture.width, picture.height


def _picture(frame: av.VideoFrame) -> Image.Image:
    return Image.fromarray(frame.to_ndarray(format="rgb24"))


def _frame_count(file: InputContainer) -> int:
    """As its index says. Raises InvalidFile, also for what is too large to be looked at."""
    if not file.streams.video:
        raise InvalidFile("The video has no pictures.")
    stream = file.streams.video[0]
    if decoder_of(stream) not in PICTURE_DECODERS or not 0 < stream.frames <= MOST_FRAMES:
        raise InvalidFile("The video is of a kind that cannot be looked at.")
    if max(stream.width, stream.height) > MOST_SIDE:
        raise InvalidFile(f"The video has {stream.width}x{stream.height} pixels.", code="InvalidFile.Resolution")
    return stream.frames
