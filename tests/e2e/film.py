"""What is in an MP4, by PyAV."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

import av
from av.container import InputContainer


class Film(NamedTuple):
    size: tuple[int, int]
    fps: float
    seconds: float
    frames: int
    """Decoded, not announced."""
    codecs: tuple[str, ...]


def look_at(content: bytes) -> Film:
    """Decodes every frame."""
    with av.open(BytesIO(content)) as file:
        assert isinstance(file, InputContainer)
        video = file.streams.video[0]
        assert video.average_rate
        assert video.duration
        assert video.time_base
        frames = 0
        for _ in file.decode(video):
            frames += 1
        return Film(
            size=(video.width, video.height),
            fps=float(video.average_rate),
            seconds=float(video.duration * video.time_base),
            codecs=tuple(stream.codec_context.name for stream in file.streams),
            frames=frames,
        )
