"""The catalogue for machines, which is ours: each model with all that a client needs to build its form."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dalang.api import schema
from dalang.api.edge import Edge, Route, edge_of, json_reply
from dalang.api.operation import Operation, Reply
from dalang.api.routing import profiles_of, ways_of
from dalang.errors import NotFound, ProtocolError
from dalang.limits import allowance
from dalang.models import CATALOGUE, MAX_SEED, MEDIA_SETS, MEDIA_TYPES, MODELS, RATIOS, ModelSpec
from dalang.regions import check_model
from dalang.store import Key

PATHS = {
    "t2v": "/api/v1/services/aigc/video-generation/video-synthesis",
    "i2v": "/api/v1/services/aigc/video-generation/video-synthesis",
    "kf2v": "/api/v1/services/aigc/image2video/video-synthesis",
}
"""The documented ones; both take every model."""

REQUIRED = {"t2v": "prompt", "i2v": "img_url", "kf2v": "first_frame_url"}

SCHEMES = ["https", "http", "oss", "data"]

Form = dict[str, Any]


async def list_models(request: Request) -> Response:
    """Those that the key may use."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    offered = [described(spec) | _allowed(edge, spec) for spec in CATALOGUE if _may(key, spec)]
    return json_reply(request, {"models": offered})


async def show_model(request: Request) -> Response:
    """Raises NotFound (ModelNotFound), for a model that the key may not use too."""
    edge = edge_of(request)
    key = edge.authenticate(request)
    spec = MODELS.get(request.path_params["name"])
    if spec is None or not _may(key, spec):
        raise NotFound("Model can not be found. GET /api/v1/models lists those of this key.", code="ModelNotFound")
    return json_reply(request, {"model": described(spec) | _allowed(edge, spec)})


def _may(key: Key, spec: ModelSpec) -> bool:
    try:
        check_model(key, spec)
    except ProtocolError:
        return False
    return True


def _allowed(edge: Edge, spec: ModelSpec) -> Form:
    """What holds at this server, the limits for one account; None is no limit."""
    limits = allowance(edge.config, spec)
    return {
        "submit_rate": limits.submit_rate or None,
        "concurrency": limits.running or None,
        "engines": list(dict.fromkeys(way.engine for way in ways_of(edge.config, spec))),
        "profiles": profiles_of(edge.config, spec),
    }


def described(spec: ModelSpec) -> Form:
    """Names under `input` and `parameters` are those of the create call. Prices are millionths of a yuan (CNY) for a
    second of output, by region and tier."""
    return {
        "name": spec.name,
        "kind": spec.kind,
        "family": spec.family,
        "path": PATHS[spec.kind],
        "input": {name: _required(spec, name) | _input(spec, name) for name in spec.inputs},
        "parameters": {name: _parameter(spec, name) for name in spec.parameters},
        "sound": spec.sound,
        "fps": spec.fps,
        "regions": spec.regions,
        "prices": spec.prices,
        "silent_prices": spec.silent_prices,
    }


def _required(spec: ModelSpec, name: str) -> Form:
    return {"required": name == ("media" if spec.takes_media else REQUIRED[spec.kind])}


def _input(spec: ModelSpec, name: str) -> Form:
    limits = spec.limits
    match name:
        case "prompt":
            return {"type": "string", "max_length": limits.prompt, "over": "cut"}
        case "negative_prompt":
            return {"type": "string", "max_length": limits.negative_prompt, "over": "cut"}
        case "audio_url":
            return _sound(spec)
        case "media":
            return _media(spec)
    return _image(spec)


def _image(spec: ModelSpec) -> Form:
    limits = spec.limits
    return {
        "type": "image",
        "schemes": SCHEMES,
        "formats": ["jpeg", "png", "bmp", "webp"],
        "max_bytes": limits.image_bytes,
        "sides": limits.image_sides,
        "max_ratio": limits.image_ratio,
    }


def _sound(spec: ModelSpec) -> Form:
    limits = spec.limits
    return {
        "type": "sound",
        "schemes": SCHEMES,
        "formats": ["wav", "mp3"],
        "max_bytes": limits.audio_bytes,
        "seconds": limits.audio_seconds,
    }


def _clip(spec: ModelSpec) -> Form:
    limits = spec.limits
    return {
        "type": "clip",
        "schemes": SCHEMES,
        "formats": ["mp4", "mov"],
        "max_bytes": limits.clip_bytes,
        "seconds": limits.clip_seconds,
        "sides": limits.clip_sides,
    }


def _media(spec: ModelSpec) -> Form:
    rules = {"first_frame": _image, "last_frame": _image, "driving_audio": _sound, "first_clip": _clip}
    return {"type": "array", "items": {type: rules[type](spec) for type in MEDIA_TYPES}, "sets": MEDIA_SETS}


def _parameter(spec: ModelSpec, name: str) -> Form:
    match name:
        case "size":
            sizes = [f"{width}*{height}" for width, height in spec.sizes]
            return _choice(sizes, "{}*{}".format(*spec.default_size))
        case "resolution":
            return _choice(spec.tiers, spec.default_tier)
        case "ratio":
            return _choice(RATIOS, RATIOS[0])
        case "duration":
            return _duration(spec)
        case "shot_type":
            return _choice(("single", "multi"), "single") | {"acts_with": {"prompt_extend": True}}
        case "seed":
            return {"type": "integer", "minimum": 0, "maximum": MAX_SEED, "default": None}
    return {"type": "boolean", "default": name != "watermark"}


def _choice(values: list[str] | tuple[str, ...], default: str) -> Form:
    return {"type": "string", "enum": values, "default": default}


def _duration(spec: ModelSpec) -> Form:
    form: Form = {"type": "integer", "enum": spec.durations, "default": spec.default_duration}
    return form | {"minimum": spec.durations[0], "maximum": spec.durations[-1]}


LIST = Operation("The models of the key, with their limits (ours)", (Reply("All of them", schema.ModelsReply),))

SHOW = Operation("One model (ours)", (Reply("Its limits", schema.ModelReply),), refusals={404: ("ModelNotFound",)})

routes = [
    Route("/api/v1/models", list_models, about=LIST),
    Route("/api/v1/models/", list_models, about=LIST),
    Route("/api/v1/models/{name}", show_model, about=SHOW),
]
