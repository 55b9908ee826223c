"""The catalogue says what the guide and the price list say; their tables are repeated here in their own form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dalang.models import MB, MODELS, REGIONS, SIZES, ModelSpec

# name, tiers, default, seconds, sound
GUIDE_T2V = """
wan2.6-t2v           720P,1080P       1080P  2-15    auto
wan2.6-t2v-us        720P,1080P       1080P  5,10,15 auto
wan2.5-t2v-preview   480P,720P,1080P  1080P  5,10    auto
wan2.2-t2v-plus      480P,1080P       1080P  5       silent
wan2.1-t2v-turbo     480P,720P        720P   5       silent
wan2.1-t2v-plus      720P             720P   5       silent
wanx2.1-t2v-turbo    480P,720P        720P   5       silent
wanx2.1-t2v-plus     720P             720P   5       silent
wan2.7-t2v             720P,1080P     1080P  2-15    auto
wan2.7-t2v-2026-04-25  720P,1080P     1080P  2-15    auto
wan2.7-t2v-2026-06-12  720P,1080P     1080P  2-15    auto
"""

GUIDE_I2V = """
wan2.6-i2v-flash     720P,1080P       1080P  2-15    optional
wan2.6-i2v           720P,1080P       1080P  2-15    auto
wan2.6-i2v-us        720P,1080P       1080P  5,10,15 auto
wan2.5-i2v-preview   480P,720P,1080P  1080P  5,10    auto
wan2.2-i2v-flash     480P,720P,1080P  720P   5       silent
wan2.2-i2v-plus      480P,1080P       1080P  5       silent
wan2.1-i2v-turbo     480P,720P        720P   3-5     silent
wan2.1-i2v-plus      720P             720P   5       silent
wanx2.1-i2v-turbo    480P,720P        720P   3-5     silent
wanx2.1-i2v-plus     720P             720P   5       silent
wan2.7-i2v           720P,1080P       1080P  2-15    auto
"""

GUIDE_KF2V = """
wan2.2-kf2v-flash    480P,720P,1080P  720P   5       silent
wan2.1-kf2v-plus     720P             720P   5       silent
wanx2.1-kf2v-plus    720P             720P   5       silent
"""

GUIDES = {"t2v": GUIDE_T2V, "i2v": GUIDE_I2V, "kf2v": GUIDE_KF2V}

ROWS = [(kind, *line.split()) for kind, guide in GUIDES.items() for line in guide.strip().splitlines()]


def seconds(text: str) -> tuple[int, ...]:
    first, dash, last = text.partition("-")
    return tuple(range(int(first), int(last) + 1)) if dash else tuple(map(int, text.split(",")))


def test_the_catalogue_holds_the_models_of_the_guide_and_no_other() -> None:
    assert set(MODELS) == {row[1] for row in ROWS}


@pytest.mark.parametrize(("kind", "name", "tiers", "default", "durations", "sound"), ROWS)
def test_a_row_says_what_the_guide_says(
    kind: str, name: str, tiers: str, default: str, durations: str, sound: str
) -> None:
    spec = MODELS[name]
    assert (spec.name, spec.kind, spec.sound) == (name, kind, sound)
    assert (",".join(spec.tiers), spec.default_tier) == (tiers, default)
    assert (spec.durations, spec.default_duration, spec.fps) == (seconds(durations), 5, 30)


@pytest.mark.parametrize("spec", MODELS.values(), ids=lambda spec: spec.name)
def test_limits_follow_the_family(spec: ModelSpec) -> None:
    family = spec.name.removeprefix("wanx").removeprefix("wan")[:3]
    limits = {
        "2.7": (5000, 500, 20 * MB, 5, 5),
        "2.6": (1500, 500, 20 * MB, 5, 5),
        "2.5": (1500, 500, 20 * MB, 5, 5),
        "2.2": (800, 500, 10 * MB, 2, 2),
        "2.1": (800, 500, 10 * MB, 2, 1 if spec.name == "wan2.1-kf2v-plus" else 2),
    }
    own = spec.limits
    assert spec.family == family
    assert (own.prompt, own.negative_prompt, own.image_bytes, own.submit_rate, own.concurrency) == limits[family]


@pytest.mark.parametrize("spec", MODELS.values(), ids=lambda spec: spec.name)
def test_a_row_agrees_with_itself(spec: ModelSpec) -> None:
    assert spec.default_tier in spec.tiers
    assert spec.default_duration in spec.durations
    assert spec.tier_of(spec.default_size) == spec.default_tier
    assert set(spec.regions) <= set(REGIONS) - {"local"}
    assert set(spec.prices) <= set(spec.regions) | {"cn-beijing", "ap-southeast-1"}
    for rates in (*spec.prices.values(), *spec.silent_prices.values()):
        assert list(rates) == [tier for tier in spec.tiers if tier in rates]
        assert all(10_000 <= rate <= 2_000_000 for rate in rates.values()), "millionths of a yuan a second"


# name: regions, of the pages' own lists; Frankfurt's is our choice
OFFERED = """
wan2.7-t2v wan2.7-t2v-2026-04-25 wan2.7-t2v-2026-06-12 wan2.7-i2v: Beijing Singapore
wan2.6-t2v: Beijing Singapore Virginia
wan2.6-t2v-us wan2.6-i2v-us: Virginia
wan2.5-t2v-preview wan2.2-t2v-plus wan2.2-i2v-flash wan2.2-i2v-plus: Beijing Singapore
wan2.1-t2v-turbo wan2.1-t2v-plus wan2.1-i2v-turbo wan2.1-i2v-plus wan2.1-kf2v-plus: Singapore
wanx2.1-t2v-turbo wanx2.1-t2v-plus wanx2.1-i2v-turbo wanx2.1-i2v-plus wanx2.1-kf2v-plus wan2.2-kf2v-flash: Beijing
wan2.6-i2v: Beijing Singapore Frankfurt Virginia
wan2.6-i2v-flash wan2.5-i2v-preview: Beijing Singapore Frankfurt
"""
CITIES = {"Beijing": "cn-beijing", "Singapore": "ap-southeast-1", "Virginia": "us-east-1", "Frankfurt": "eu-central-1"}


def test_the_regions_are_those_of_the_pages() -> None:
    lines = [line.split(":") for line in OFFERED.strip().splitlines()]
    listed = {name: {CITIES[city] for city in cities.split()} for names, cities in lines for name in names.split()}
    assert {name: set(spec.regions) for name, spec in MODELS.items()} == listed


def test_media_beside_the_picture_have_the_limits_of_the_pages() -> None:
    for spec in MODELS.values():
        own = spec.limits
        assert own.audio_seconds == ((2, 30) if spec.family == "2.7" else (3, 30))
        assert (own.audio_bytes, own.image_sides) == (15 * MB, (240, 8000))
        assert (own.clip_seconds, own.clip_sides, own.clip_bytes) == ((2, 10), (240, 4096), 100 * MB)
        assert own.image_ratio == (8 if spec.family == "2.7" else None)


def test_shot_type_belongs_to_wan26() -> None:
    assert {name for name, spec in MODELS.items() if spec.multi_shot} == {n for n in MODELS if "wan2.6" in n}


@pytest.mark.parametrize(
    ("name", "region", "tier", "price"),
    [
        ("wan2.6-t2v", "cn-beijing", "1080P", 1_000_000),
        ("wan2.6-i2v", "us-east-1", "720P", 600_000),
        ("wan2.6-i2v-us", "us-east-1", "1080P", 1_100_886),
        ("wan2.5-t2v-preview", "ap-southeast-1", "480P", 366_961),
        ("wan2.2-t2v-plus", "ap-southeast-1", "480P", 146_785),
        ("wan2.2-i2v-flash", "cn-beijing", "1080P", 480_000),
        ("wan2.1-t2v-turbo", "cn-beijing", "480P", 240_000),
        ("wanx2.1-i2v-plus", "cn-beijing", "720P", 700_000),
        ("wan2.6-i2v-flash", "cn-beijing", "720P", 300_000),
    ],
)
def test_prices_of_the_list(name: str, region: str, tier: str, price: int) -> None:
    assert MODELS[name].prices[region][tier] == price


def test_silence_costs_half_on_i2v_flash() -> None:
    assert MODELS["wan2.6-i2v-flash"].silent_prices["ap-southeast-1"] == {"720P": 183_481, "1080P": 275_221}


@pytest.mark.parametrize(
    ("tier", "aspect", "size"),
    [
        ("480P", "16:9", (832, 480)),
        ("480P", "1:1", (624, 624)),
        ("720P", "4:3", (1088, 832)),
        ("720P", "1:1", (960, 960)),
        ("1080P", "3:4", (1248, 1632)),
        ("1080P", "1:1", (1440, 1440)),
    ],
)
def test_sizes_of_the_guide(tier: str, aspect: str, size: tuple[int, int]) -> None:
    assert SIZES[tier][aspect] == size


def test_sizes_are_each_other_turned() -> None:
    for aspects in SIZES.values():
        for aspect, (width, height) in aspects.items():
            turned = ":".join(reversed(aspect.split(":")))
            assert aspects[turned] == (height, width)


def test_a_size_of_a_tier_that_the_model_lacks_has_no_tier() -> None:
    plus = MODELS["wan2.2-t2v-plus"]
    assert plus.tier_of((832, 480)) == "480P"
    assert plus.tier_of((1280, 720)) is None
    assert plus.tier_of((1, 1)) is None


DOCS = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_docs_show_every_model_as_it_is() -> None:
    shown = [line for line in DOCS.splitlines() if line.startswith("| wan") and line.count("|") == 8]
    assert shown == TABLE, "docs/api.md: paste what `python -m tests.unit.models.test_catalogue` prints"


def documented(spec: ModelSpec) -> str:
    first, last = spec.durations[0], spec.durations[-1]
    listed = ", ".join(map(str, spec.durations))
    lengths = f"{first}-{last}" if len(spec.durations) == last - first + 1 > 1 else listed
    image = str(spec.limits.image_bytes // MB) if spec.kind != "t2v" else "-"
    cells = (spec.name, ", ".join(spec.tiers), spec.default_tier, lengths, spec.sound, str(spec.limits.prompt), image)
    return f"| {' | '.join(cells)} |"


TABLE = [documented(spec) for spec in MODELS.values()]


def test_the_catalogue_is_cheap_to_import() -> None:
    code = "import sys, dalang.models; print(*sorted({'numpy', 'av', 'cv2', 'httpx', 'starlette'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


if __name__ == "__main__":
    print("\n".join(TABLE))
