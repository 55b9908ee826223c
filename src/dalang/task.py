"""The nouns of the service: what is asked, what is owed, what state it is in. Frozen, no I/O."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

import msgspec

from dalang.routes import LOCAL
from dalang.weights.checkpoint import Kind as Kind
from dalang.weights.setup import Setup, setup_name


class TaskStatus(StrEnum):
    """States of a task as the protocol names them. UNKNOWN is an answer, never stored."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_final(self) -> bool:
        return self in FINAL


FINAL = frozenset({TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.CANCELED})

Shots = Literal["single", "multi"]
"""One camera take, or at least two with cuts between them."""


MEDIA = ("image", "last_image", "clip", "audio")
"""Fields of `VideoRequest` that hold addresses, and of `Prepared` that hold storage keys."""


class VideoRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A create call that passed its model's rules; all randomness and every default is settled."""

    model: str
    kind: Kind
    prompt: str
    """Cut to the model's limit. Empty only for i2v."""
    seed: int
    """0..2147483647, drawn at create when the caller gave none."""
    duration: int
    """Seconds."""
    fps: int
    sound: bool
    tier: str
    """Resolution tier, "480P", "720P" or "1080P"."""
    size: tuple[int, int] | None = None
    """Width and height in pixels; None where the sides follow a picture or clip once it is known."""
    image: str | None = None
    """First frame. Like every address here: an http(s), `oss://` or `data:` URL, or `input:KEY` once the bytes lie in
    storage."""
    last_image: str | None = None
    """Last frame."""
    clip: str | None = None
    """What the video begins with; the engine goes on from its last frame."""
    audio: str | None = None
    """The sound to use in place of the engine's own; never set when `sound` is False."""
    negative_prompt: str = ""
    """What must not be seen, cut to the model's limit."""
    prompt_extend: bool = False
    shots: Shots | None = None
    """None: as the prompt itself says."""
    watermark: bool = False
    inspect_input: bool = False
    """Moderation was asked for by X-DashScope-DataInspection, before rendering and after it."""
    inspect_output: bool = False
    warnings: tuple[str, ...] = ()
    """Sentences about what was asked and not done, for `output.dalang.warnings`."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What preparation found out; kept in the row, so that every attempt renders the same."""

    width: int
    height: int
    image: str | None = None
    """Storage key of the checked picture: upright RGB PNG of exactly width x height."""
    last_image: str | None = None
    """Storage key, as `image`."""
    clip: str | None = None
    """Storage key of an MP4 of exactly width x height at the request's frame rate."""
    clip_frames: int = 0
    audio: str | None = None
    """Storage key of a WAV, 16 bit, 48 kHz, stereo, of exactly the video's length."""
    prompt: str | None = None
    """The extended prompt, which the engine is given; None where none was asked for."""
    warnings: tuple[str, ...] = ()
    """Sentences for `output.dalang.warnings`."""


class RenderRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt as an engine sees it: all it may know."""

    model: str
    prompt: str
    width: int
    height: int
    """Pixels, both multiples of 16."""
    duration: int | float
    """Seconds; a whole number of frames, and an integer unless the video continues a clip."""
    fps: int
    seed: int
    sound: bool
    image: str | None = None
    """Path of an upright RGB PNG of exactly width x height, to be the first frame; None for text-to-video."""
    last_image: str | None = None
    """Path of such a PNG, to be the last frame; only together with `image`."""
    negative_prompt: str = ""
    """What must not be drawn."""
    shots: Shots | None = None
    """None: as many as the prompt itself lists."""
    setup: Setup | None = None
    """For an engine with weights."""

    @property
    def frame_count(self) -> int:
        return round(self.duration * self.fps)


class Task(msgspec.Struct, frozen=True):
    """The row in the store, its fields in the order of the columns. Times are milliseconds since the epoch."""

    id: str
    account: str
    key_id: str
    workspace: str
    region: str
    request: VideoRequest
    request_id: str
    """Of the create call; every log line about the task carries it."""
    engine: str
    """Name of the engine, resolved at create."""
    priority: int
    """Larger goes first."""
    status: TaskStatus
    submitted: int
    prepared: Prepared | None
    ready: int
    """From when it may be claimed: now, or later after a failure."""
    attempt: int = 0
    """Tries so far; the number of the last one is its fencing token."""
    failures: int = 0
    """Attempts that ended by a fault of worker or engine."""
    owner: str | None = None
    lease_end: int | None = None
    progress: float = 0.0
    """0..1 of the running attempt."""
    scheduled: int | None = None
    """Start of the last attempt."""
    ended: int | None = None
    expires: int | None = None
    """When row and files go; None for good."""
    result: str | None = None
    """Storage key of the MP4."""
    code: str | None = None
    message: str | None = None
    usage: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    """Sentences of the engine, beside the request's own."""
    checkpoint: str | None = None
    """Name of the weights, for an engine that has some; of a remote the model's name there."""
    profile: str | None = None
    """Name of how the weights are run; resolved at create like the engine."""
    pool: str = LOCAL
    """Whose slots it waits for."""

    @property
    def model(self) -> str:
        return self.request.model

    @property
    def setup(self) -> str | None:
        """The name of the `Setup` of its attempts."""
        return setup_name(self.checkpoint, self.profile) if self.checkpoint and self.profile else None
