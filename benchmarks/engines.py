"""Engines with one trick each, so that what is measured is the server."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from dalang.engines import SAMPLE_RATE, Clip, Frame, RenderRequest, Report


class Blank:
    """Grey frames, at once."""

    name = "blank"
    version = "1"

    def render(self, request: RenderRequest, report: Report) -> Clip:
        frame = np.full((request.height * 3 // 2, request.width), 128, np.uint8)
        sound = np.zeros((round(request.duration * SAMPLE_RATE), 2), np.float32) if request.sound else None
        return Clip(iter([frame] * request.frame_count), sound, preset="ultrafast")


class Held:
    """Holds its slot until it is canceled, and takes no time off anyone."""

    name = "held"
    version = "1"

    def render(self, request: RenderRequest, report: Report) -> Clip:
        return Clip(_nothing(report), None)


PAUSE = 0.02
"""Seconds between its reports, and so until it stops."""


def _nothing(report: Report) -> Iterator[Frame]:
    while True:
        time.sleep(PAUSE)
        report(0.0)
    yield
