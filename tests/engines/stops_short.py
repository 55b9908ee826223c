"""Writes half a video and calls it done."""

from __future__ import annotations

from collections.abc import Iterator

from dalang.engines import Frame, Report
from tests.engines.tricked import AT, Tricked


class StopsShort(Tricked):
    def _interrupted(self, frames: Iterator[Frame], report: Report) -> Iterator[Frame]:
        for _ in range(AT):
            yield next(frames)
