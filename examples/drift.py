"""An engine: colours that drift through each other, or the picture that was given does."""

from collections.abc import Iterator

import cv2
import numpy as np

from dalang.engines import SAMPLE_RATE, Clip, Frame, RenderRequest, Report, Sound
from dalang.engines.i420 import planar, read_picture


class Drift:
    name = "drift"
    version = "1"  # counted up when the frames of a request change

    def render(self, request: RenderRequest, report: Report) -> Clip:
        warnings = ("The last picture is not reached.",) if request.last_image else ()
        return Clip(frames(request, report), hum(request) if request.sound else None, warnings)


def frames(request: RenderRequest, report: Report) -> Iterator[Frame]:
    random, size = np.random.default_rng(request.seed), (request.width, request.height)
    if request.image:
        ground = read_picture(request.image, *size)
    else:
        ground = cv2.resize(random.integers(0, 256, (3, 4, 3), np.uint8), size, interpolation=cv2.INTER_CUBIC)
    across, down = (
        cv2.resize(random.uniform(-1, 1, (4, 4)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC) for _ in "xy"
    )
    y, x = np.indices((request.height, request.width), np.float32)
    for number in range(request.frame_count):
        report(number / request.frame_count)  # raises Canceled when nobody wants the rest
        reach = request.height / 5 * number / request.frame_count
        moved = cv2.remap(ground, x + reach * across, y + reach * down, cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT)
        yield planar(moved)


def hum(request: RenderRequest) -> Sound:
    time = np.arange(round(request.duration * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    return np.tile(0.05 * np.sin(2 * np.pi * 110 * time)[:, None], 2).astype(np.float32)
