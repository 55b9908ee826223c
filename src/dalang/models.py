"""The catalogue: every public model name with its rules.

Sizes, durations, limits, regions and prices are those of the official guide and price list of 2026. A new
model name is one row of `CATALOGUE`. Region `local` offers every model and therefore appears in no row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from dalang.task import VideoRequest

Size = tuple[int, int]
"""Width and height in pixels."""

ModelKind = Literal["t2v", "i2v", "kf2v"]
"""Text to video, image to video, first and last key frame to video."""

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

FPS = 30
"""Frames a second of every model in the 2026 guide; an older page gave 24 for wan2.5."""

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


LIMITS: dict[Family, Limits] = {
    "2.7": Limits(prompt=5000, image_bytes=20 * MB, submit_rate=5, concurrency=5),
    "2.6": Limits(prompt=1500, image_bytes=20 * MB, submit_rate=5, concurrency=5),
    "2.5": Limits(prompt=1500, image_bytes=20 * MB, submit_rate=5, concurrency=5),
    "2.2": Limits(prompt=800, image_bytes=10 * MB, submit_rate=2, concurrency=2),
    "2.1": Limits(prompt=800, image_bytes=10 * MB, submit_rate=2, concurrency=2),
}


class ModelSpec(msgspec.Struct, frozen=True):
    """One row of the catalogue."""

    name: str
    kind: ModelKind
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
    default_duration: int = 5
    fps: int = FPS

    @property
    def limits(self) -> Limits:
        return LIMITS[self.family]

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
    def multi_shot(self) -> bool:
        """Knows `shot_type`."""
        return self.family == "2.6"

    @property
    def served(self) -> bool:
        """False while requests of its shape (`media` and `ratio`, two key frames) cannot be created here."""
        return self.kind != "kf2v" and self.family != "2.7"

    def tier_of(self, size: Size) -> str | None:
        """The tier of `size`, or None when this model does not offer that size."""
        tier = TIER_OF.get(size)
        return tier if tier in self.tiers else None


BEIJING, SINGAPORE, VIRGINIA, FRANKFURT = "cn-beijing", "ap-southeast-1", "us-east-1", "eu-central-1"

REGIONS = ("local", BEIJING, SINGAPORE, VIRGINIA, FRANKFURT)

CN, SG, US = (BEIJING,), (SINGAPORE,), (VIRGINIA,)
ASIA = (BEIJING, SINGAPORE)
# What Frankfurt offers is not published: taken to be the current families that the other regions share.
AS_EU = (*ASIA, FRANKFURT)
ALL = (*AS_EU, VIRGINIA)

# Names of rates: family and grade.
P27: dict[str, Rates] = {
    BEIJING: {"720P": 600_000, "1080P": 1_000_000},
    SINGAPORE: {"720P": 733_924, "1080P": 1_100_886},
}
P26: dict[str, Rates] = {**P27, VIRGINIA: {"720P": 600_000, "1080P": 1_000_000}}
P26_US: dict[str, Rates] = {VIRGINIA: {"720P": 733_924, "1080P": 1_100_886}}
P26_FLASH: dict[str, Rates] = {
    BEIJING: {"720P": 300_000, "1080P": 500_000},
    SINGAPORE: {"720P": 366_962, "1080P": 550_443},
}
P26_FLASH_SILENT: dict[str, Rates] = {
    BEIJING: {"720P": 150_000, "1080P": 250_000},
    SINGAPORE: {"720P": 183_481, "1080P": 275_221},
}
P25: dict[str, Rates] = {
    BEIJING: {"480P": 300_000, "720P": 600_000, "1080P": 1_000_000},
    SINGAPORE: {"480P": 366_961, "720P": 733_923, "1080P": 1_100_885},
}
P22_T2V: dict[str, Rates] = {
    BEIJING: {"480P": 140_000, "1080P": 700_000},
    SINGAPORE: {"480P": 146_785, "1080P": 733_924},
}
P22_I2V: dict[str, Rates] = {BEIJING: {"480P": 140_000, "1080P": 700_000}}
P22_FLASH: dict[str, Rates] = {BEIJING: {"480P": 100_000, "720P": 200_000, "1080P": 480_000}}
P21_TURBO: dict[str, Rates] = {
    BEIJING: {"480P": 240_000, "720P": 240_000},
    SINGAPORE: {"480P": 264_213, "720P": 264_213},
}
P21_PLUS: dict[str, Rates] = {BEIJING: {"720P": 700_000}, SINGAPORE: {"720P": 733_924}}

FULL = ("480P", "720P", "1080P")
HIGH = ("720P", "1080P")
LOW = ("480P", "720P")
ENDS = ("480P", "1080P")
ONLY = ("720P",)

TO_15 = tuple(range(2, 16))
BY_5 = (5, 10, 15)

# wan2.2-i2v-flash: one guide stops at 720P; the other and the price list, which hold here, name 1080P.
# fmt: off
CATALOGUE = (
    #         name                     kind    family tiers default  durations  sound     regions  prices
    ModelSpec("wan2.6-t2v",            "t2v",  "2.6", HIGH, "1080P", TO_15,     "auto",     ALL,   P26),
    ModelSpec("wan2.6-t2v-us",         "t2v",  "2.6", HIGH, "1080P", BY_5,      "auto",     US,    P26_US),
    ModelSpec("wan2.5-t2v-preview",    "t2v",  "2.5", FULL, "1080P", (5, 10),   "auto",     AS_EU, P25),
    ModelSpec("wan2.2-t2v-plus",       "t2v",  "2.2", ENDS, "1080P", (5,),      "silent",   ASIA,  P22_T2V),
    ModelSpec("wan2.1-t2v-turbo",      "t2v",  "2.1", LOW,  "720P",  (5,),      "silent",   SG,    P21_TURBO),
    ModelSpec("wan2.1-t2v-plus",       "t2v",  "2.1", ONLY, "720P",  (5,),      "silent",   SG,    P21_PLUS),
    ModelSpec("wanx2.1-t2v-turbo",     "t2v",  "2.1", LOW,  "720P",  (5,),      "silent",   CN,    P21_TURBO),
    ModelSpec("wanx2.1-t2v-plus",      "t2v",  "2.1", ONLY, "720P",  (5,),      "silent",   CN,    P21_PLUS),
    ModelSpec("wan2.7-t2v",            "t2v",  "2.7", HIGH, "1080P", TO_15,     "auto",     ASIA,  P27),
    ModelSpec("wan2.7-t2v-2026-04-25", "t2v",  "2.7", HIGH, "1080P", TO_15,     "auto",     ASIA,  P27),
    ModelSpec("wan2.7-t2v-2026-06-12", "t2v",  "2.7", HIGH, "1080P", TO_15,     "auto",     ASIA,  P27),
    ModelSpec("wan2.6-i2v-flash",      "i2v",  "2.6", HIGH, "1080P", TO_15,     "optional", AS_EU, P26_FLASH,
              silent_prices=P26_FLASH_SILENT),
    ModelSpec("wan2.6-i2v",            "i2v",  "2.6", HIGH, "1080P", TO_15,     "auto",     ALL,   P26),
    ModelSpec("wan2.6-i2v-us",         "i2v",  "2.6", HIGH, "1080P", BY_5,      "auto",     US,    P26_US),
    ModelSpec("wan2.5-i2v-preview",    "i2v",  "2.5", FULL, "1080P", (5, 10),   "auto",     AS_EU, P25),
    ModelSpec("wan2.2-i2v-flash",      "i2v",  "2.2", FULL, "720P",  (5,),      "silent",   ASIA,  P22_FLASH),
    ModelSpec("wan2.2-i2v-plus",       "i2v",  "2.2", ENDS, "1080P", (5,),      "silent",   ASIA,  P22_I2V),
    ModelSpec("wan2.1-i2v-turbo",      "i2v",  "2.1", LOW,  "720P",  (3, 4, 5), "silent",   SG,    P21_TURBO),
    ModelSpec("wan2.1-i2v-plus",       "i2v",  "2.1", ONLY, "720P",  (5,),      "silent",   SG,    P21_PLUS),
    ModelSpec("wanx2.1-i2v-turbo",     "i2v",  "2.1", LOW,  "720P",  (3, 4, 5), "silent",   CN,    P21_TURBO),
    ModelSpec("wanx2.1-i2v-plus",      "i2v",  "2.1", ONLY, "720P",  (5,),      "silent",   CN,    P21_PLUS),
    ModelSpec("wan2.7-i2v",            "i2v",  "2.7", HIGH, "1080P", TO_15,     "auto",     ASIA,  P27),
    ModelSpec("wan2.2-kf2v-flash",     "kf2v", "2.2", FULL, "720P",  (5,),      "silent",   CN,    P22_FLASH),
    ModelSpec("wan2.1-kf2v-plus",      "kf2v", "2.1", ONLY, "720P",  (5,),      "silent",   SG,    P21_PLUS),
    ModelSpec("wanx2.1-kf2v-plus",     "kf2v", "2.1", ONLY, "720P",  (5,),      "silent",   CN,    P21_PLUS),
)
# fmt: on

MODELS: dict[str, ModelSpec] = {spec.name: spec for spec in CATALOGUE}

USAGE: dict[tuple[Family, ModelKind], tuple[str, ...]] = {
    ("2.6", "t2v"): (
        "duration",
        "size",
        "input_video_duration",
        "output_video_duration",
        "video_count",
        "SR",
    ),
    ("2.6", "i2v"): ("duration", "input_video_duration", "output_video_duration", "video_count", "SR"),
    ("2.5", "i2v"): ("duration", "SR", "video_count"),
    ("2.2", "i2v"): ("duration", "SR", "video_count"),
    ("2.1", "i2v"): ("video_duration", "video_ratio", "video_count"),
    ("2.5", "t2v"): ("video_duration", "video_ratio", "video_count"),
    ("2.2", "t2v"): ("video_duration", "video_ratio", "video_count"),
    ("2.1", "t2v"): ("video_duration", "video_ratio", "video_count"),
    ("2.7", "t2v"): ("duration", "input_video_duration", "output_video_duration", "SR", "video_count"),
    ("2.7", "i2v"): ("duration", "input_video_duration", "output_video_duration", "SR", "video_count"),
    ("2.2", "kf2v"): ("video_duration", "video_count", "SR"),
    ("2.1", "kf2v"): ("video_duration", "video_ratio", "video_count"),
}
"""The fields of `usage` in the order of the documentation; models with optional sound add `audio`."""


def usage(spec: ModelSpec, request: VideoRequest, size: Size) -> dict[str, object]:
    """The `usage` object of a finished task; `size` is that of the file. Seconds and SR are integers."""
    dimensions = f"{size[0]}*{size[1]}"
    facts: dict[str, object] = {
        "duration": request.duration,
        "video_duration": request.duration,
        "input_video_duration": 0,
        "output_video_duration": request.duration,
        "size": dimensions,
        "video_ratio": dimensions if spec.kind == "t2v" else "standard",
        "video_count": 1,
        "SR": int(request.tier.removesuffix("P")),
        "audio": request.sound,
    }
    extra = ("audio",) if spec.sound == "optional" else ()
    return {field: facts[field] for field in USAGE[spec.family, spec.kind] + extra}
