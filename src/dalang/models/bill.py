"""What a finished video counts for: the protocol's `usage`, and its price."""

from __future__ import annotations

from typing import NamedTuple

from dalang.models.regions import BEIJING
from dalang.models.spec import Family, ModelSpec, Size
from dalang.task import Kind, VideoRequest

USAGE: dict[tuple[Family, Kind], tuple[str, ...]] = {
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


def usage(spec: ModelSpec, request: VideoRequest, size: Size, clip_frames: int = 0) -> dict[str, object]:
    """The `usage` object of a finished task; `size` is that of the file. Seconds and SR are integers.

    `clip_frames` are those of the clip that the video begins with. `duration` counts them too: it is always
    `input_video_duration` + `output_video_duration`, which is the documented rule of billing.
    """
    dimensions = f"{size[0]}*{size[1]}"
    clip_seconds = round(clip_frames / request.fps)
    facts: dict[str, object] = {
        "duration": request.duration,
        "video_duration": request.duration,
        "input_video_duration": clip_seconds,
        "output_video_duration": request.duration - clip_seconds,
        "size": dimensions,
        "video_ratio": dimensions if spec.kind == "t2v" else "standard",
        "video_count": 1,
        "SR": int(request.tier.removesuffix("P")),
        "audio": request.sound,
    }
    extra = ("audio",) if spec.sound == "optional" else ()
    return {field: facts[field] for field in USAGE[spec.family, spec.kind] + extra}


class Rate(NamedTuple):
    """Of one second of output."""

    region: str
    """In whose price list it stands."""
    price: int
    """Millionths of a yuan (CNY)."""


def rate(spec: ModelSpec, region: str, request: VideoRequest) -> Rate | None:
    """Where none is published for `region` (and for `local`) Beijing's holds, then the first that is."""
    prices = spec.prices if request.sound or not spec.silent_prices else spec.silent_prices
    for listed in (region, BEIJING, *prices):
        if listed in prices and request.tier in prices[listed]:
            return Rate(listed, prices[listed][request.tier])
    return None


def price(spec: ModelSpec, region: str, request: VideoRequest) -> int:
    """Of the finished video, in millionths of a yuan (CNY): its seconds at the rate of its tier; 0 if there is none."""
    found = rate(spec, region, request)
    return found.price * request.duration if found else 0


CURRENCY = "CNY"


def yuan(millionths: int) -> str:
    """`"1.50"`: at least two decimals, and as many as it has."""
    whole, rest = divmod(millionths, 1_000_000)
    decimals = f"{rest:06}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}"
