"""The create rules: a JSON body, held against its model's row, becomes a `VideoRequest` or an error.

Pure: no I/O, no clock; the one random draw comes in as an argument. Each refusal is a documented code and the sentence
that the service was seen to say, then what would be right. Keys that are not named here are ignored, because the SDKs
send many; null means absent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from dalang.errors import IllegalInput, InvalidImage, InvalidParameter, ProtocolError
from dalang.fetch.data_url import HEAD
from dalang.fetch.refusal import refused
from dalang.models import MB, MODELS, TIER_OF, ModelSpec, Size
from dalang.task import VideoRequest

Number = int | float
"""A JSON number; 5.0 is as good as 5, since some languages write every number with a point."""


class Input(msgspec.Struct, frozen=True):
    """`input` of the create call, as far as it is understood."""

    prompt: str | None = None
    negative_prompt: str | None = None
    img_url: str | None = None
    audio_url: str | None = None
    template: str | None = None


class Parameters(msgspec.Struct, frozen=True):
    """`parameters` of the create call, as far as it is understood."""

    size: str | None = None
    resolution: str | None = None
    duration: Number | None = None
    seed: Number | None = None
    prompt_extend: bool | None = None
    shot_type: str | None = None
    audio: bool | None = None
    watermark: bool | None = None


class CreateBody(msgspec.Struct, frozen=True):
    """The create call's JSON: types are right, rules are not yet checked."""

    model: str | None = None
    input: Input | None = None
    parameters: Parameters | None = None
    """May be absent: the official client object leaves it out when no parameter is set."""


BODY = msgspec.json.Decoder(CreateBody)

BAD_BODY = "Required body invalid, please check the request body format. The body must be a JSON object"

BAD_FIELD = (
    "Required parameter({name}) missing or invalid, please check the request parameters. {path} must be {wanted}."
)

WANTED = {"str": "a string", "int": "a number", "bool": "true or false", "object": "a JSON object"}


def parse_body(raw: bytes | bytearray) -> CreateBody:
    """Read the create call's JSON. Raises InvalidParameter or IllegalInput where it is malformed or of wrong types."""
    try:
        return BODY.decode(raw)
    except msgspec.ValidationError as error:
        raise _wrong_type(str(error)) from error
    except msgspec.DecodeError as error:
        raise InvalidParameter(f"{BAD_BODY}: {error}.") from error
    except UnicodeDecodeError as error:
        raise InvalidParameter(f"{BAD_BODY} in UTF-8.") from error
    except RecursionError as error:
        raise InvalidParameter(f"{BAD_BODY}; this one nests too deeply.") from error


def _wrong_type(complaint: str) -> ProtocolError:
    """Translate msgspec's complaint, such as "Expected `bool | null`, got `str` - at `$.parameters.watermark`"."""
    place = re.search(r"`\$\.([\w.]+)`", complaint)
    if place is None:
        return InvalidParameter(f"{BAD_BODY}.")
    path = place[1]
    if path == "input":
        return IllegalInput("The input parameter requires json format. input must be a JSON object.")
    expected = re.search(r"Expected `(\w+)", complaint)
    # Numbers alone can be complained of in other words: "Number out of range".
    wanted = WANTED[expected[1]] if expected else WANTED["int"]
    return InvalidParameter(BAD_FIELD.format(name=path.rpartition(".")[2], path=path, wanted=wanted))


def validate(body: CreateBody, *, draw_seed: Callable[[], int]) -> VideoRequest:
    """Settle every default and check every rule. `draw_seed` gives 0..2147483647 and is called if no seed was sent.

    Raises InvalidParameter, IllegalInput, InvalidURL or InvalidImage.
    """
    spec = _served_model(body.model)
    given, asked = body.input, body.parameters or Parameters()
    if given is None:
        raise IllegalInput("Required input parameter missing from request.", code="BadRequest.EmptyInput")
    _refuse_template(given)
    _check_shot_type(spec, asked)
    size = _text_size(spec, asked) if spec.kind == "t2v" else None
    sound = _has_sound(spec, asked)
    return VideoRequest(
        model=spec.name,
        kind="t2v" if spec.kind == "t2v" else "i2v",
        prompt=_prompt_of(spec, given),
        seed=draw_seed() if asked.seed is None else _checked_seed(asked.seed),
        duration=_duration_of(spec, asked),
        fps=spec.fps,
        sound=sound,
        tier=TIER_OF[size] if size else _image_tier(spec, asked),
        size=size,
        image=_image_of(spec, given) if spec.kind == "i2v" else None,
        warnings=tuple(_ignored(spec, given, asked, sound)),
    )


def _served_model(name: str | None) -> ModelSpec:
    if not name:
        raise IllegalInput('Required parameter "model" missing from request.', code="BadRequest.EmptyModel")
    spec = MODELS.get(name)
    if spec is None:
        raise InvalidParameter(f"Model not exist. model must be one of {SERVED}.")
    if not spec.served:
        raise InvalidParameter(f"Model not exist. {name} is not served yet; model must be one of {SERVED}.")
    return spec


SERVED = ", ".join(spec.name for spec in MODELS.values() if spec.served)


def _refuse_template(given: Input) -> None:
    if given.template:
        raise InvalidParameter("template is not served yet: leave it out and describe the effect in input.prompt.")


def _check_shot_type(spec: ModelSpec, asked: Parameters) -> None:
    if spec.multi_shot and asked.shot_type not in (None, "single", "multi"):
        raise InvalidParameter("shot_type must be in single,multi")


def _prompt_of(spec: ModelSpec, given: Input) -> str:
    """The prompt, cut without a word to the model's limit, as the service does."""
    prompt = (given.prompt or "")[: spec.limits.prompt]
    if spec.kind == "t2v" and not prompt.strip():
        raise InvalidParameter("prompt must contain words. Say in input.prompt what the video shows.")
    return prompt


SIZE_NAMES: dict[str, Size] = {f"{width}*{height}": (width, height) for width, height in TIER_OF}


def _text_size(spec: ModelSpec, asked: Parameters) -> Size:
    if asked.size is None and asked.resolution is None:
        return spec.default_size
    size = SIZE_NAMES.get(asked.size or "")
    if size is None or spec.tier_of(size) is None:
        raise InvalidParameter(_size_rule(spec, asked))
    return size


def _size_rule(spec: ModelSpec, asked: Parameters) -> str:
    rule = "size must be in " + ",".join(f"{width}*{height}" for width, height in spec.sizes)
    if asked.size is None:
        return f"{rule}. {spec.name} makes video from text and takes parameters.size, not resolution."
    return rule


def _image_tier(spec: ModelSpec, asked: Parameters) -> str:
    if asked.size is None and asked.resolution is None:
        return spec.default_tier
    tier = (asked.resolution or "").upper()
    if tier not in spec.tiers:
        raise InvalidParameter(_resolution_rule(spec, asked))
    return tier


def _resolution_rule(spec: ModelSpec, asked: Parameters) -> str:
    rule = "resolution must be in " + ",".join(spec.tiers)
    if asked.resolution is None:
        return f"{rule}. {spec.name} makes video from an image and takes parameters.resolution, not size."
    return rule


def _duration_of(spec: ModelSpec, asked: Parameters) -> int:
    if asked.duration is None:
        return spec.default_duration
    if asked.duration not in spec.durations:
        raise InvalidParameter(_duration_rule(spec))
    return int(asked.duration)


def _duration_rule(spec: ModelSpec) -> str:
    first, last = spec.durations[0], spec.durations[-1]
    if spec.fixed_duration:
        return f"duration customization is not supported. {spec.name} makes {first} seconds: leave duration out."
    if len(spec.durations) == last - first + 1:
        return f"Duration should be between {first} and {last}. It is a whole number of seconds."
    return "duration must be in " + ",".join(map(str, spec.durations))


MAX_SEED = 2**31 - 1


def _checked_seed(seed: Number) -> int:
    if not 0 <= seed <= MAX_SEED or seed != int(seed):
        raise InvalidParameter(f"seed must be between 0 and {MAX_SEED}. It is a whole number; without it one is drawn.")
    return int(seed)


def _has_sound(spec: ModelSpec, asked: Parameters) -> bool:
    return spec.sound == "auto" or (spec.sound == "optional" and asked.audio is not False)


MAX_URL = 8192
"""Characters of an address that is not a `data:` URL; browsers and servers stop near there."""

WEB_URL = re.compile(r"https?://[^\s/?#][^\x00-\x1f\x7f]*", re.IGNORECASE)

BAD_URL = "img_url must be an http:// or https:// address, or data:image/png;base64,… with the bytes of the image"


def _image_of(spec: ModelSpec, given: Input) -> str:
    """The image's address, of good form; what it points to is looked at in preparation."""
    url = given.img_url
    if not url:
        raise InvalidParameter(
            f"img_url must be set for image to video method. {spec.name} takes its first frame from input.img_url."
        )
    scheme = url[:7].lower()
    if scheme.startswith("data:"):
        _check_data_url(spec, url)
    elif scheme.startswith(("oss://", "file://")):
        raise InvalidParameter(
            "img_url must be an http:// or https:// address, or data:image/png;base64,…: uploads are not served yet."
        )
    elif len(url) > MAX_URL or not WEB_URL.fullmatch(url):
        raise refused(BAD_URL)
    return url


def _check_data_url(spec: ModelSpec, url: str) -> None:
    """Form and length only, without a copy of what may be 27 MB."""
    head = HEAD.match(url)
    if head is None or head.end() == len(url):
        raise refused(BAD_URL)
    image_bytes = (len(url) - head.end()) * 3 // 4 - url.count("=", -2)
    if image_bytes > spec.limits.image_bytes:
        raise InvalidImage(
            f"The image is over {spec.limits.image_bytes // MB} MB, the most that {spec.name} takes.",
            code="InvalidImage.ImageSize",
        )


def _ignored(spec: ModelSpec, given: Input, asked: Parameters, sound: bool) -> Iterator[str]:
    """A sentence for everything that was asked, would have changed the video, and is not done."""
    if asked.watermark:
        yield "watermark is not drawn yet and was ignored."
    if given.negative_prompt:
        yield "negative_prompt is not acted on yet and was ignored."
    if asked.shot_type == "multi" and asked.prompt_extend is not False:
        yield _unused("shot_type", spec) if not spec.multi_shot else "shot_type multi is not drawn yet: one shot is."
    if given.audio_url and sound:
        yield "audio_url is not used yet and was ignored: the sound is the engine's own."
    if given.audio_url and spec.sound == "silent":
        yield _unused("audio_url", spec)
    if asked.audio is not None and asked.audio != sound:
        yield _unused("audio", spec)
    if spec.kind == "t2v" and given.img_url:
        yield _unused("img_url", spec)
    if spec.kind == "t2v" and asked.resolution is not None:
        yield _unused("resolution", spec)
    if spec.kind == "i2v" and asked.size is not None:
        yield _unused("size", spec)


def _unused(parameter: str, spec: ModelSpec) -> str:
    return f"{parameter} is not a parameter of {spec.name} and was ignored."
