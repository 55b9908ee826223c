"""What a finished video counts for follows the tables of the guide and of the price list."""

from __future__ import annotations

import json

import pytest

from dalang.models import MODELS, price, usage, yuan
from dalang.task import VideoRequest


def request(model: str, *, duration: int = 10, tier: str = "720P", sound: bool = True) -> VideoRequest:
    kind = MODELS[model].kind
    return VideoRequest(model=model, kind=kind, prompt="", seed=1, duration=duration, fps=30, sound=sound, tier=tier)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (
            "wan2.6-t2v",
            '{"duration": 10, "size": "1280*720", "input_video_duration": 0, "output_video_duration": 10, '
            '"video_count": 1, "SR": 720}',
        ),
        (
            "wan2.6-i2v",
            '{"duration": 10, "input_video_duration": 0, "output_video_duration": 10, "video_count": 1, "SR": 720}',
        ),
        (
            "wan2.6-i2v-flash",
            '{"duration": 10, "input_video_duration": 0, "output_video_duration": 10, "video_count": 1, "SR": 720, '
            '"audio": true}',
        ),
        ("wan2.5-i2v-preview", '{"duration": 10, "SR": 720, "video_count": 1}'),
        ("wan2.2-i2v-flash", '{"duration": 10, "SR": 720, "video_count": 1}'),
        ("wan2.1-i2v-turbo", '{"video_duration": 10, "video_ratio": "standard", "video_count": 1}'),
        ("wanx2.1-i2v-plus", '{"video_duration": 10, "video_ratio": "standard", "video_count": 1}'),
        ("wan2.5-t2v-preview", '{"video_duration": 10, "video_ratio": "1280*720", "video_count": 1}'),
        ("wan2.2-t2v-plus", '{"video_duration": 10, "video_ratio": "1280*720", "video_count": 1}'),
        ("wanx2.1-t2v-turbo", '{"video_duration": 10, "video_ratio": "1280*720", "video_count": 1}'),
        (
            "wan2.7-i2v",
            '{"duration": 10, "input_video_duration": 0, "output_video_duration": 10, "SR": 720, "video_count": 1}',
        ),
        ("wan2.2-kf2v-flash", '{"video_duration": 10, "video_count": 1, "SR": 720}'),
        ("wan2.1-kf2v-plus", '{"video_duration": 10, "video_ratio": "standard", "video_count": 1}'),
    ],
)
def test_usage_shows_the_fields_of_the_family_in_order(model: str, expected: str) -> None:
    assert json.dumps(usage(MODELS[model], request(model), (1280, 720))) == expected


def test_usage_of_a_silent_flash_video_says_so() -> None:
    told = usage(MODELS["wan2.6-i2v-flash"], request("wan2.6-i2v-flash", sound=False), (1280, 720))
    assert told["audio"] is False


def test_usage_takes_its_resolution_from_the_tier_asked_not_from_the_file() -> None:
    told = usage(MODELS["wan2.6-i2v"], request("wan2.6-i2v", tier="1080P"), (1232, 1648))
    assert told["SR"] == 1080


def test_every_model_has_a_usage() -> None:
    for spec in MODELS.values():
        assert usage(spec, request(spec.name), (1280, 720))["video_count"] == 1


@pytest.mark.parametrize(("frames", "counted"), [(60, 2), (75, 2), (90, 3), (300, 10)])
def test_a_clip_counts_as_input_and_the_sum_is_the_duration(frames: int, counted: int) -> None:
    told = usage(MODELS["wan2.7-i2v"], request("wan2.7-i2v", duration=15), (1280, 720), clip_frames=frames)
    assert (told["input_video_duration"], told["output_video_duration"]) == (counted, 15 - counted)
    assert told["duration"] == 15


@pytest.mark.parametrize(
    ("model", "region", "tier", "sound", "seconds", "yuan"),
    [
        ("wan2.6-t2v", "cn-beijing", "720P", True, 10, 6.0),
        ("wan2.6-t2v", "local", "1080P", True, 15, 15.0),
        ("wan2.6-t2v", "ap-southeast-1", "1080P", True, 2, 2.201772),
        ("wan2.6-i2v-flash", "local", "720P", True, 4, 1.2),
        ("wan2.6-i2v-flash", "local", "720P", False, 4, 0.6),
        ("wan2.6-i2v-flash", "ap-southeast-1", "1080P", False, 10, 2.75221),
        ("wan2.5-i2v-preview", "ap-southeast-1", "480P", True, 5, 1.834805),
        ("wan2.2-i2v-plus", "local", "480P", False, 5, 0.7),
        ("wan2.1-t2v-plus", "ap-southeast-1", "720P", False, 5, 3.66962),
        ("wan2.6-t2v-us", "us-east-1", "720P", True, 10, 7.33924),
        ("wan2.7-i2v", "cn-beijing", "1080P", True, 3, 3.0),
        ("wan2.2-kf2v-flash", "cn-beijing", "1080P", False, 5, 2.4),
    ],
)
def test_the_price_is_the_seconds_at_the_rate_of_the_list(
    model: str, region: str, tier: str, sound: bool, seconds: int, yuan: float
) -> None:
    asked = request(model, duration=seconds, tier=tier, sound=sound)
    assert price(MODELS[model], region, asked) == round(yuan * 1_000_000)


@pytest.mark.parametrize(
    ("model", "region", "yuan"),
    [
        ("wan2.6-i2v", "eu-central-1", 6.0),
        ("wan2.2-i2v-flash", "ap-southeast-1", 2.0),
        ("wan2.6-t2v-us", "local", 7.33924),
    ],
)
def test_without_a_published_price_beijings_holds_then_the_first(model: str, region: str, yuan: float) -> None:
    assert price(MODELS[model], region, request(model)) == round(yuan * 1_000_000)


def test_every_model_has_a_price_for_every_tier_it_offers() -> None:
    unpriced = [(spec.name, tier) for spec in MODELS.values() for tier in spec.tiers if not price_of(spec.name, tier)]
    assert unpriced == []


def price_of(model: str, tier: str) -> int:
    return price(MODELS[model], "local", request(model, tier=tier))


@pytest.mark.parametrize(
    ("millionths", "text"),
    [
        (0, "0.00"),
        (1, "0.000001"),
        (600_000, "0.60"),
        (1_500_000, "1.50"),
        (123_456_789, "123.456789"),
        (10**12, "1000000.00"),
    ],
)
def test_prices_keep_every_digit(millionths: int, text: str) -> None:
    assert yuan(millionths) == text
