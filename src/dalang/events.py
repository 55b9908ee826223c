"""What a server and its worker processes say to each other: MessagePack with a length before it, over two pipes.

A worker says `Ready` once, then answers each command with any number of `Progress` and exactly one of the others.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from dalang.task import RenderRequest, Task

if TYPE_CHECKING:  # a worker has no use for it, and is warm 50 ms sooner
    import asyncio


class Finish(msgspec.Struct, frozen=True):
    """What is done to an engine's clip before it is a file. Paths name files that the worker can read."""

    opening: str | None = None
    """A prepared clip whose frames and sound come first; the engine drew what follows."""
    opening_frames: int = 0
    audio: str | None = None
    """A prepared sound, in place of the engine's and the opening's own."""
    watermark: bool = False
    metadata: tuple[tuple[str, str], ...] = ()
    """Tags of the file, in order: the provenance."""
    stills: int = 0
    """Frames, evenly spread, to leave beside the output as `OUTPUT.N.jpg`, N from 0, for moderation."""


class Render(msgspec.Struct, frozen=True, tag=True):
    """Draw this and leave the MP4 at `output`."""

    task_id: str
    """For whoever has to know the task; engines are not told."""
    engine: str
    request: RenderRequest
    output: str
    finish: Finish = Finish()


class Obtain(msgspec.Struct, frozen=True, tag=True):
    """Have another server make this, and leave the MP4 at `output`. Goes over no pipe: an executor in this process
    does it."""

    task: Task
    output: str
    image: str | None = None
    """Path of what preparation made of it, as `task.Prepared` says of `image`; so are the paths below."""
    last_image: str | None = None
    clip: str | None = None
    audio: str | None = None
    stills: int = 0
    """Frames to leave beside the output, as `Finish.stills`."""

    @property
    def task_id(self) -> str:
        return self.task.id


class Inspect(msgspec.Struct, frozen=True, tag=True):
    """Check the picture at `source` and leave what an engine needs of it at `target`, as `media.decode` says."""

    source: str
    target: str
    tier: str
    max_bytes: int
    sides: tuple[int, int] | None = None
    """Those of the video where another picture or clip has settled them; else this picture does."""
    still: str | None = None
    """Where to leave a JPEG of at most 768 pixels a side, for moderation."""


class InspectAudio(msgspec.Struct, frozen=True, tag=True):
    """Check the sound at `source` and leave `duration` seconds of it at `target`, cut or padded with silence."""

    source: str
    target: str
    duration: int
    """Seconds of the video."""
    least: float
    """Seconds of sound that are accepted, and `most`."""
    most: float
    max_bytes: int


class InspectClip(msgspec.Struct, frozen=True, tag=True):
    """Check the video at `source`; leave it at `target` as an engine's video would be, and its last frame at `last`."""

    source: str
    target: str
    last: str
    tier: str
    fps: int
    duration: int
    """Seconds of the whole video, which the clip must leave room in."""
    max_bytes: int
    still: str | None = None
    """Where to leave a JPEG of the last frame, as `Inspect.still`."""


class InspectFilm(msgspec.Struct, frozen=True, tag=True):
    """Check the finished video at `source`, which another server made, and leave `stills` frames of it, evenly spread,
    as `SOURCE.N.jpg`, N from 0."""

    source: str
    stills: int


class Stop(msgspec.Struct, frozen=True, tag=True):
    """The work in hand is no longer wanted."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Warm: everything is loaded."""


class Progress(msgspec.Struct, frozen=True, tag=True):
    fraction: float
    """0..1."""


class Rendered(msgspec.Struct, frozen=True, tag=True):
    warnings: tuple[str, ...]
    prompt: str | None = None
    """The extended prompt, where only he who made it extended it."""
    cost: int = 0
    """What another server takes for it, in millionths of a yuan."""
    size: tuple[int, int] | None = None
    """Of the video, where it is not the one that was asked for."""


class Inspected(msgspec.Struct, frozen=True, tag=True):
    """The sides of the video that the picture makes, or of the film itself, in pixels."""

    width: int
    height: int


class InspectedAudio(msgspec.Struct, frozen=True, tag=True):
    seconds: float
    """Of the source."""


class InspectedClip(msgspec.Struct, frozen=True, tag=True):
    width: int
    height: int
    frames: int
    """At the frame rate that was asked for."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """`is_fault`: of the worker or the engine, so that another attempt may succeed; else the request's own."""

    code: str
    message: str
    is_fault: bool
    trace: str | None = None


class Stopped(msgspec.Struct, frozen=True, tag=True):
    """The work was given up, as asked."""


Command = Render | Obtain | Inspect | InspectAudio | InspectClip | InspectFilm | Stop
Event = Ready | Progress | Rendered | Inspected | InspectedAudio | InspectedClip | Failed | Stopped

MAX_EVENT = 1 << 20
"""Bytes; the largest real one is a page of warnings."""

_LENGTH = struct.Struct("!I")


def pack(message: msgspec.Struct) -> bytes:
    body = msgspec.msgpack.encode(message)
    return _LENGTH.pack(len(body)) + body


def read_command(stream: BinaryIO) -> Command | None:
    """The next command; None when the server closed the pipe or died."""
    body = read_body(stream)
    return None if body is None else msgspec.msgpack.decode(body, type=Command)


def read_body(stream: BinaryIO) -> bytes | None:
    """Of the next message, not decoded yet; None at the end."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    length = _LENGTH.unpack(head)[0]
    body = stream.read(length)
    return body if len(body) == length else None


async def read_event(stream: asyncio.StreamReader) -> Event | None:
    """The next event; None when the worker closed the pipe or died."""
    try:
        (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
        if length > MAX_EVENT:  # a worker that has lost its mind is as good as dead
            return None
        body = await stream.readexactly(length)
    except EOFError:  # of asyncio: an IncompleteReadError
        return None
    event: Event = msgspec.msgpack.decode(body, type=Event)
    return event
