"""What a report tells beside problems: names that nobody reads, the request as understood, and its price."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dalang.models import MODELS, REGIONS, price
from dalang.validate.report import Report, as_json, report

FRAME = "https://example.com/cat.png"


def of(body: dict[str, Any], region: str = "local") -> Report:
    return report(json.dumps(body).encode(), region)


def fox(**parameters: Any) -> dict[str, Any]:
    return {"model": "wan2.6-t2v", "input": {"prompt": "a fox"}, "parameters": parameters}


@pytest.mark.parametrize(
    ("body", "name", "meant"),
    [
        (fox(prompt_extand=True), "parameters.prompt_extand", "parameters.prompt_extend"),
        (fox(Seed=1), "parameters.Seed", "parameters.seed"),
        (fox(sise="1280*720"), "parameters.sise", "parameters.size"),
        (fox(prompt="a fox"), "parameters.prompt", "input.prompt"),
        (fox() | {"duration": 5}, "duration", "parameters.duration"),
        (fox() | {"parameter": {"seed": 1}}, "parameter", "parameters"),
        (fox() | {"input": {"prompt": "x", "image_url": FRAME}}, "input.image_url", "input.img_url"),
        (fox() | {"input": {"prompt": "x", "negativePrompt": "y"}}, "input.negativePrompt", "input.negative_prompt"),
    ],
)
def test_a_name_near_one_that_is_read_or_in_its_wrong_place_is_warned_of(
    body: dict[str, Any], name: str, meant: str
) -> None:
    assert of(body).warnings == (f"{name} is not read and was ignored. {meant} is.",)


def test_names_of_entries_in_media_are_looked_at_too() -> None:
    media = [{"type": "first_frame", "url": FRAME}, {"type": "last_frame", "url": FRAME, "urls": FRAME}]
    warnings = of({"model": "wan2.7-i2v", "input": {"media": media}}).warnings
    assert warnings == ("input.media.1.urls is not read and was ignored. input.media.1.url is.",)


def test_what_the_official_sdks_send_and_what_is_like_nothing_gives_no_warning() -> None:
    body = fox(with_audio=False, steps=50, enable_overlays=True, colour="red")
    body["input"] |= {"extend_prompt": True, "function": "video-synthesis", "reference_urls": []}
    assert of(body).warnings == ()


def test_warnings_of_create_are_told_beside_problems() -> None:
    found = of(fox(seed=-1, ratio="1:1", size="960*960"))
    assert len(found.problems) == 1
    assert found.warnings == ("ratio is not a parameter of wan2.6-t2v and was ignored.",)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("model", MODELS)
def test_the_charge_is_what_the_ledger_would_write(model: str, region: str) -> None:
    media = [{"type": "first_frame", "url": FRAME}]
    body = {"model": model, "input": {"prompt": "x", "img_url": FRAME, "first_frame_url": FRAME, "media": media}}
    found = of(body, region)
    assert found.request
    assert found.charge
    assert round(float(found.charge.price) * 1e6) == price(MODELS[model], region, found.request)
    assert found.charge.basis.startswith(f"5 s at {found.charge.rate} CNY, the list price of 2026 for a second of ")
    is_others = region not in ("local", found.charge.region)
    assert (" None is published for " in found.charge.basis) is is_others


def test_a_charge_names_seconds_rate_tier_and_region() -> None:
    charge = of(fox(size="1280*720", duration=7), "ap-southeast-1").charge
    assert charge
    assert (charge.price, charge.rate, charge.duration) == ("5.137468", "0.733924", 7)
    assert (charge.tier, charge.region, charge.currency) == ("720P", "ap-southeast-1", "CNY")


def test_silence_is_cheaper_and_says_so() -> None:
    body = {"model": "wan2.6-i2v-flash", "input": {"img_url": FRAME}, "parameters": {"audio": False}}
    charge = of(body).charge
    assert charge
    assert (charge.rate, " at 1080P without sound in " in charge.basis) == ("0.25", True)


def test_as_json_a_request_has_no_seed_until_one_is_drawn_and_long_addresses_are_cut() -> None:
    body = {"model": "wan2.6-i2v", "input": {"img_url": "data:image/png;base64," + "AAAA" * 1000}}
    told = as_json(of(body))
    assert (told["is_valid"], told["problems"], told["warnings"]) == (True, [], [])
    assert "seed" not in told["request"]
    assert (len(told["request"]["image"]), told["request"]["image"][-1]) == (160, "…")
    assert as_json(of(fox(seed=0)))["request"]["seed"] == 0


def test_as_json_a_call_with_problems_has_neither_request_nor_charge() -> None:
    told = as_json(of(fox(seed=-1)))
    assert told.keys() == {"is_valid", "problems", "warnings"}
    assert told["problems"] == [
        {
            "field": "parameters.seed",
            "given": "-1",
            "nearest": (0,),
            "code": "InvalidParameter",
            "message": "seed must be between 0 and 2147483647. It is a whole number; without it one is drawn.",
        }
    ]


def test_what_was_sent_is_shown_as_it_was_written_and_cut() -> None:
    (large,) = report(b'{"model": "wan2.6-t2v", "input": {"prompt": "x"}, "parameters": {"seed": 1.0e+40}}').problems
    assert large.given == "1.0e+40"
    (long,) = of({"model": "wan2.6-i2v", "input": {"img_url": "雪" * 1000}}).problems
    assert long.given
    assert (len(long.given), long.given[:3]) == (80, '"雪雪')
