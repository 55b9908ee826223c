"""What a row of the catalogue says, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from dalang.task import Kind

Size = tuple[int, int]
"""Width and height in pixels."""

Family = Literal["2.1", "2.2", "2.5", "2.6", "2.7"]
"""Generation of the weights; limits and the shape of `usage` follow it."""

SoundRule = Literal["auto", "optional", "silent"]
"""Always with a sound track; with one unless `audio` is false; never."""

Rates = Mapping[str, int]
"""Tier to price of one second of output in millionths of a yuan (CNY): integers, so that sums stay exact."""

SIZES: dict[str, dict[str, Size]] = {
    "480P": {"16:9": (832, 480), "9:16": (480, 832), "1:1": (624, 624)},
    "720P": {
        "16:9": (1280, 720),
        "9:16": (720, 1280),
        "1:1": (960, 960),
        "4:3": (1088, 832),
        "3:4": (832, 1088),
    },
    "1080P": {
        "16:9": (1920, 1080),
        "9:16": (1080, 1920),
        "1:1": (1440, 1440),
        "4:3": (1632, 1248),
        "3:4": (1248, 1632),
    },
}
"""Tier to aspect to the text-to-video size of that name."""

TIER_OF: dict[Size, str] = {size: tier for tier, aspects in SIZES.items() for size in aspects.values()}

RATIOS = tuple(SIZES["1080P"])
"""What `ratio` may be, the default first."""

MEDIA_SETS = (
    ("first_frame",),
    ("first_frame", "driving_audio"),
    ("first_frame", "last_frame"),
    ("first_frame", "last_frame", "driving_audio"),
    ("first_clip",),
    ("first_clip", "last_frame"),
)
"""The types that may stand together in `input.media`, each once and in any order."""

MEDIA_TYPES = ("first_frame", "last_frame", "driving_audio", "first_clip")

FPS = 30
"""Frames a second of every model in the 2026 guide; an older page gave 24 for wan2.5."""

MAX_SEED = 2**31 - 1

MB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """What a family takes, and how much of it at once. Texts over their limit are cut, not refused."""

    prompt: int
    """Characters."""
    image_bytes: int
    submit_rate: int
    """Creates a second, per account and model."""
    concurrency: int
    """Tasks in process at once, per account and model."""
    negative_prompt: int = 500
    """Characters."""
    image_sides: tuple[int, int] = (240, 8000)
    """Pixels of each side, at least and at most; so are the pairs below."""
    image_ratio: int | None = None
    """Longest side over shortest, at most; None where the guide names no bound."""
    audio_seconds: tuple[int, int] = (3, 30)
    audio_bytes: int = 15 * MB
    clip_seconds: tuple[int, int] = (2, 10)
    clip_sides: tuple[int, int] = (240, 4096)
    clip_bytes: int = 100 * MB


LIMITS: dict[Family, Limits] = {
    "2.7": Limits(prompt=5000, image_bytes=20 * MB, submit_rate=5, concurrency=5, image_ratio=8, audio_seconds=(2, 30)),
    "2.6": Limits(prompt=1500, image_bytes=20 * MB, submit_rate=5, concurrency=5),
    "2.5": Limits(prompt=1500, image_bytes=20 * MB, submit_rate=5, concurrency=5),
    "2.2": Limits(prompt=800, image_bytes=10 * MB, submit_rate=2, concurrency=2),
    "2.1": Limits(prompt=800, image_bytes=10 * MB, submit_rate=2, concurrency=2),
}


class ModelSpec(msgspec.Struct, frozen=True):
    """One row of the catalogue."""

    name: str
    kind: Kind
    family: Family
    tiers: tuple[str, ...]
    """Resolution tiers, the smallest first."""
    default_tier: str
    durations: tuple[int, ...]
    """Seconds that may be asked for, ascending; one value means that the length is fixed."""
    sound: SoundRule
    regions: tuple[str, ...]
    """Regions of the cloud that offer it, by their id on the wire."""
    prices: Mapping[str, Rates]
    """Region to rates, as far as published; those of the same weights under a sister region's name included."""
    silent_prices: Mapping[str, Rates] = {}
    """Rates of a video without sound, where they differ."""
    own_limits: Limits | None = None
    """In place of the family's."""
    default_duration: int = 5
    fps: int = FPS

    @property
    def limits(self) -> Limits:
        return self.own_limits or LIMITS[self.family]

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The text-to-video sizes of its tiers, the smallest tier first."""
        return tuple(size for tier in self.tiers for size in SIZES[tier].values())

    @property
    def default_size(self) -> Size:
        return SIZES[self.default_tier]["16:9"]

    @property
    def fixed_duration(self) -> bool:
        return len(self.durations) == 1

    @property
    def any_second(self) -> bool:
        """Every whole number of seconds from the first to the last duration may be asked for."""
        return len(self.durations) == self.durations[-1] - self.durations[0] + 1 > 1

    @property
    def multi_shot(self) -> bool:
        """Knows `shot_type`."""
        return self.family == "2.6"

    @property
    def takes_media(self) -> bool:
        """Pictures, clip and sound come in `input.media`."""
        return self.family == "2.7" and self.kind == "i2v"

    @property
    def takes_ratio(self) -> bool:
        """`resolution` and `ratio` stand in place of `size`."""
        return self.family == "2.7" and self.kind == "t2v"

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of `input` that it uses."""
        return ("prompt", "negative_prompt", *self._media_inputs)

    @property
    def _media_inputs(self) -> tuple[str, ...]:
        if self.takes_media:
            return ("media",)
        if self.kind == "kf2v":
            return ("first_frame_url", "last_frame_url")
        image = ("img_url",) if self.kind == "i2v" else ()
        return image if self.sound == "silent" else (*image, "audio_url")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of `parameters` that it uses."""
        if self.takes_ratio:
            frame: tuple[str, ...] = ("resolution", "ratio")
        else:
            frame = ("size",) if self.kind == "t2v" else ("resolution",)
        shots = ("shot_type",) if self.multi_shot else ()
        audio = ("audio",) if self.sound == "optional" else ()
        return (*frame, "duration", "prompt_extend", *shots, *audio, "watermark", "seed")

    def tier_of(self, size: Size) -> str | None:
        """The tier of `size`, or None when this model does not offer that size."""
        tier = TIER_OF.get(size)
        return tier if tier in self.tiers else None
