from __future__ import annotations

import random

import pytest

from dalang.media.geometry import MAX_RATIO, TIERS, cover_crop, output_size

SIZES = [
    (750, 1000, "480P", (544, 720)),
    (750, 1000, "720P", (816, 1104)),
    (750, 1000, "1080P", (1232, 1648)),
    (1000, 1000, "480P", (624, 624)),
    (1000, 1000, "720P", (960, 960)),
    (1000, 1000, "1080P", (1440, 1440)),
    (1024, 768, "480P", (720, 544)),
    (1024, 768, "720P", (1104, 816)),
    (1024, 768, "1080P", (1648, 1232)),
    (1280, 720, "480P", (832, 464)),
    (1280, 720, "720P", (1280, 720)),
    (1280, 720, "1080P", (1920, 1072)),
]


@pytest.mark.parametrize(("width", "height", "tier", "expected"), SIZES)
def test_output_follows_the_documented_table(width: int, height: int, tier: str, expected: tuple[int, int]) -> None:
    assert output_size(width, height, tier) == expected


def accepted_pictures() -> list[tuple[int, int]]:
    draw = random.Random(5)
    edges = [(240, 240), (240, 8000), (8000, 240), (8000, 8000), (240, 1920), (241, 1920), (240, 1921)]
    return edges + [(draw.randint(240, 8000), draw.randint(240, 8000)) for _ in range(2000)]


@pytest.mark.parametrize("tier", TIERS)
def test_every_accepted_picture_gives_a_playable_size_near_the_tier(tier: str) -> None:
    for width, height in accepted_pictures():
        sides = output_size(width, height, tier)
        assert all(side % 16 == 0 and 16 <= side <= 4096 for side in sides), (width, height, sides)
        assert 0.9 * TIERS[tier] < sides[0] * sides[1] <= TIERS[tier], (width, height, sides)


@pytest.mark.parametrize("tier", TIERS)
def test_turning_the_picture_turns_the_output(tier: str) -> None:
    for width, height in accepted_pictures():
        assert output_size(width, height, tier) == output_size(height, width, tier)[::-1]


def test_a_long_strip_is_cut_to_the_greatest_ratio() -> None:
    assert output_size(240, 8000, "480P") == output_size(240, 240 * MAX_RATIO, "480P") == (208, 1776)


def test_the_crop_of_equal_ratios_is_the_whole_picture() -> None:
    assert cover_crop(2560, 1440, 1280, 720) == (0, 0, 2560, 1440)


def test_the_crop_lies_in_the_middle_of_the_longer_side() -> None:
    assert cover_crop(1000, 500, 100, 100) == (250, 0, 750, 500)
    assert cover_crop(500, 1000, 100, 100) == (0, 250, 500, 750)


@pytest.mark.parametrize("tier", TIERS)
def test_the_crop_keeps_the_aspect_and_stays_inside(tier: str) -> None:
    for width, height in accepted_pictures():
        to_width, to_height = output_size(width, height, tier)
        left, top, right, bottom = cover_crop(width, height, to_width, to_height)
        assert 0 <= left < right <= width, (width, height)
        assert 0 <= top < bottom <= height, (width, height)
        assert (right - left) * to_height == pytest.approx((bottom - top) * to_width, rel=1e-9), (
            width,
            height,
        )
