"""What the tricks have in common: the slate, interrupted at one frame."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dalang.engines import Clip, Frame, RenderRequest, Report
from dalang.engines.slate import Slate

AT = 10
"""Frames drawn before the trick."""


class Tricked(Slate):
    def render(self, request: RenderRequest, report: Report) -> Clip:
        clip = super().render(request, report)
        if "please" in request.prompt:
            return clip
        return replace(clip, frames=self._interrupted(clip.frames, report))

    def _interrupted(self, frames: Iterator[Frame], report: Report) -> Iterator[Frame]:
        for number, frame in enumerate(frames):
            if number == AT:
                tell()
                self.trick(report)
            yield frame

    def trick(self, report: Report) -> None:
        raise NotImplementedError


def tell() -> None:
    """Leave the file `reached` in the folder TEST_GATE, if a test named one."""
    if folder := os.environ.get("TEST_GATE"):
        (Path(folder) / "reached").touch()
