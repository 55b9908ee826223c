"""An engine that keeps the size and the rate of its weights: the file has them, and the server is told the size."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import msgspec
import numpy as np

from dalang import events
from dalang.engines import SAMPLE_RATE, Clip, Form, Report
from dalang.media.finish import drawable
from dalang.task import RenderRequest
from dalang.weights.checkpoint import checkpoints
from dalang.weights.profile import find_profile
from dalang.weights.setup import Setup
from dalang.worker import Worker, renderer

OWN = Form(64, 48, 16, 16)
CHECKPOINT = checkpoints()["wan2.1-t2v-1.3b"]
PROFILE = msgspec.structs.replace(find_profile("quality", CHECKPOINT, {}), native=True)

ASKED = RenderRequest(
    model="m",
    prompt="",
    width=128,
    height=96,
    duration=1,
    fps=30,
    seed=0,
    sound=True,
    setup=Setup(CHECKPOINT, "/nowhere", PROFILE),
)


class Native:
    name, version = "native", "1"

    def render(self, request: RenderRequest, report: Report) -> Clip:
        frames = iter([np.full((72, 64), 128, np.uint8)] * OWN.frames)
        return Clip(frames, np.zeros((SAMPLE_RATE, 2), np.float32), ("Its own.",), "ultrafast", OWN)


def worker() -> Worker:
    return Worker(BytesIO(), BytesIO())


def test_the_file_is_of_the_engine_s_own_form(tmp_path: Path) -> None:
    output = str(tmp_path / "own.mp4")
    render = renderer(worker(), f"{__name__}:{Native.__name__}")
    event = render(events.Render("task", f"{__name__}:{Native.__name__}", ASKED, output))
    assert event == events.Rendered(("Its own.",), size=(64, 48))
    with av.open(output) as file:
        (video,) = file.streams.video
        assert (video.width, video.height, video.average_rate, video.frames) == (64, 48, Fraction(16), 16)
        assert file.streams.audio[0].duration == SAMPLE_RATE


def test_what_joins_an_opening_has_its_size_and_rate() -> None:
    assert drawable(ASKED, events.Finish()) is ASKED
    joining = drawable(ASKED, events.Finish(opening="opening.mp4", opening_frames=30)).setup
    assert joining
    assert not joining.profile.native
    assert joining.profile.steps == PROFILE.steps


def test_progress_never_goes_back() -> None:
    """The engine tells of its steps, the encoder of its frames, which come after them."""
    answers = BytesIO()
    told = Worker(BytesIO(), answers)
    for fraction in (0.3, 0.6, 0.01, 0.75):
        told.report(fraction)
    data, fractions = answers.getvalue(), []
    while data:
        length = int.from_bytes(data[:4], "big")
        event = msgspec.msgpack.decode(data[4 : 4 + length], type=events.Event)
        assert isinstance(event, events.Progress)
        fractions.append(event.fraction)
        data = data[4 + length :]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 0.75
