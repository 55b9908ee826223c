"""A prepared clip read back: its frames and sound as the encoder takes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import av
import numpy as np

from dalang.engines import Frame, Sound
from dalang.errors import InternalError
from dalang.media.audio import listen

MISSING = "The prepared clip is missing or not of the video's length."


def film_frames(path: str, count: int) -> Iterator[Frame]:
    """The first `count` frames. Raises InternalError where there are fewer."""
    made = 0
    try:
        with av.open(path, "r", format="mp4") as file:
            for picture in islice(file.decode(video=0), count):
                yield picture.to_ndarray().astype(np.uint8, copy=False)
                made += 1
    except av.FFmpegError as error:
        raise InternalError(MISSING) from error
    if made < count:
        raise InternalError(MISSING)


def film_sound(path: str) -> Sound | None:
    """From the first frame on; None where it has none. Raises InternalError where it cannot be read."""
    try:
        with av.open(path, "r", format="mp4") as file:
            return listen(file.decode(audio=0))[0] if file.streams.audio else None
    except av.FFmpegError as error:
        raise InternalError(MISSING) from error
