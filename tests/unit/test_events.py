"""The messages between server and worker survive the pipe, and a pipe that ends is an end, wherever it ends."""

from __future__ import annotations

import asyncio
import io

import pytest

from dalang import events
from dalang.task import RenderRequest

REQUEST = RenderRequest(
    model="wan2.6-t2v",
    prompt="狐狸 🦊",
    width=1280,
    height=720,
    duration=5,
    fps=30,
    seed=7,
    sound=True,
    image="/a b.png",
)

COMMANDS = [events.Render("task", "slate", REQUEST, "/out.mp4"), events.Inspect("/s", "/t", "720P", 5), events.Stop()]

EVENTS = [
    events.Ready(),
    events.Progress(0.25),
    events.Rendered(("dim", "soft")),
    events.Inspected(816, 1104),
    events.Failed("InternalError.Algo", "Dead.", True),
    events.Stopped(),
]


def reader(data: bytes) -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return stream


def test_commands_come_out_as_they_went_in() -> None:
    stream = io.BytesIO(b"".join(events.pack(command) for command in COMMANDS))
    assert [events.read_command(stream) for _ in range(4)] == [*COMMANDS, None]


async def test_events_come_out_as_they_went_in() -> None:
    stream = reader(b"".join(events.pack(event) for event in EVENTS))
    assert [await events.read_event(stream) for _ in range(7)] == [*EVENTS, None]


@pytest.mark.parametrize("kept", [0, 1, 3, 4, 5, -1])
async def test_a_pipe_that_ends_in_the_middle_of_a_message_has_ended(kept: int) -> None:
    assert events.read_command(io.BytesIO(events.pack(COMMANDS[0])[:kept])) is None
    assert await events.read_event(reader(events.pack(EVENTS[2])[:kept])) is None
