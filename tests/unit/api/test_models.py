"""GET /api/v1/models gives a client all that its form needs, for the models that the key may use."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dalang.api.models import described
from dalang.models import MODELS
from dalang.validate import CreateBody, Input, MediaEntry, MediaList, Parameters, choose_model, validate
from tests.samples import a_key
from tests.unit.api.conftest import Service

FRAME = "https://example.com/cat.png"

SIZES = [
    *("832*480", "480*832", "624*624"),
    *("1280*720", "720*1280", "960*960", "1088*832", "832*1088"),
    *("1920*1080", "1080*1920", "1440*1440", "1632*1248", "1248*1632"),
]


async def names(client: httpx.AsyncClient) -> list[str]:
    reply = await client.get("/api/v1/models")
    assert reply.status_code == 200
    return [model["name"] for model in reply.json()["models"]]


async def test_a_key_of_region_local_sees_the_whole_catalogue(client: httpx.AsyncClient) -> None:
    assert await names(client) == list(MODELS)


async def test_a_key_of_a_cloud_region_sees_what_is_offered_there(service: Service) -> None:
    await service.store.create_key(a_key(service.clock, id="key-2", region="us-east-1"), "sk-virginia")
    async with service.client(key="sk-virginia") as client:
        assert await names(client) == ["wan2.6-t2v", "wan2.6-t2v-us", "wan2.6-i2v", "wan2.6-i2v-us"]
        assert (await client.get("/api/v1/models/wan2.5-t2v-preview")).status_code == 404


async def test_a_key_for_some_models_sees_those(service: Service) -> None:
    await service.store.create_key(a_key(service.clock, id="key-3", models=("wan2.2-i2v-plus",)), "sk-some-models")
    async with service.client(key="sk-some-models") as client:
        assert await names(client) == ["wan2.2-i2v-plus"]
        reply = await client.get("/api/v1/models/wan2.6-t2v")
    assert (reply.status_code, reply.json()["code"]) == (404, "ModelNotFound")


async def test_without_a_key_nothing_is_told(service: Service) -> None:
    async with service.client(key=None) as client:
        for path in ("/api/v1/models", "/api/v1/models/wan2.6-t2v"):
            reply = await client.get(path)
            assert (reply.status_code, reply.json()["code"]) == (401, "InvalidApiKey")


async def test_a_text_model_in_full(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/models/wan2.5-t2v-preview")
    assert reply.json()["model"] == {
        "name": "wan2.5-t2v-preview",
        "kind": "t2v",
        "family": "2.5",
        "path": "/api/v1/services/aigc/video-generation/video-synthesis",
        "input": {
            "prompt": {"required": True, "type": "string", "max_length": 1500, "over": "cut"},
            "negative_prompt": {"required": False, "type": "string", "max_length": 500, "over": "cut"},
            "audio_url": {
                "required": False,
                "type": "sound",
                "schemes": ["https", "http", "oss", "data"],
                "formats": ["wav", "mp3"],
                "max_bytes": 15728640,
                "seconds": [3, 30],
            },
        },
        "parameters": {
            "size": {
                "type": "string",
                "enum": SIZES,
                "default": "1920*1080",
            },
            "duration": {"type": "integer", "enum": [5, 10], "default": 5, "minimum": 5, "maximum": 10},
            "prompt_extend": {"type": "boolean", "default": True},
            "watermark": {"type": "boolean", "default": False},
            "seed": {"type": "integer", "minimum": 0, "maximum": 2147483647, "default": None},
        },
        "sound": "auto",
        "fps": 30,
        "regions": ["cn-beijing", "ap-southeast-1"],
        "prices": {
            "cn-beijing": {"480P": 300000, "720P": 600000, "1080P": 1000000},
            "ap-southeast-1": {"480P": 366961, "720P": 733923, "1080P": 1100885},
        },
        "silent_prices": {},
        "submit_rate": None,
        "concurrency": None,
        "engines": ["slate", "animatic"],
        "profiles": [],
    }


async def test_the_limits_told_are_those_in_force(service: Service) -> None:
    async with service.client(like_cloud=True, running_limit=3) as client:
        model = (await client.get("/api/v1/models/wan2.2-t2v-plus")).json()["model"]
    assert (model["submit_rate"], model["concurrency"]) == (2, 3)


async def test_a_list_of_media_says_what_may_stand_in_it(client: httpx.AsyncClient) -> None:
    media = (await client.get("/api/v1/models/wan2.7-i2v")).json()["model"]["input"]["media"]
    assert media["required"] is True
    assert list(media["items"]) == ["first_frame", "last_frame", "driving_audio", "first_clip"]
    assert media["items"]["first_clip"]["seconds"] == [2, 10]
    assert media["items"]["driving_audio"]["seconds"] == [2, 30]
    assert ["first_frame", "last_frame", "driving_audio"] in media["sets"]
    assert len(media["sets"]) == 6


@pytest.mark.parametrize("name", MODELS)
def test_a_form_filled_from_the_list_is_accepted_without_a_warning(name: str) -> None:
    form = described(MODELS[name])
    required = {field: filled(rule) for field, rule in form["input"].items() if rule["required"]}
    body = CreateBody(name, Input(**required))
    assert validate(choose_model(body), body, draw_seed=lambda: 7).warnings == ()
    for field, rule in form["parameters"].items():
        for value in values(rule):
            body = CreateBody(name, Input(**required), Parameters(**{field: value}))
            assert validate(choose_model(body), body, draw_seed=lambda: 7).warnings == ()


def filled(rule: dict[str, Any]) -> object:
    if rule["type"] == "array":
        return MediaList(MediaEntry(rule["sets"][0][0], FRAME))
    return "a fox" if rule["type"] == "string" else FRAME


def values(rule: dict[str, Any]) -> list[Any]:
    if "enum" in rule:
        return list(rule["enum"])
    return [True, False] if rule["type"] == "boolean" else [rule["minimum"], rule["maximum"]]
