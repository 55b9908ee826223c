"""What a create call in OpenAI's style asks for, as JSON or as a form, in the words that our own rules are about."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dalang.api.form import Form, is_form
from dalang.errors import InvalidParameter, ProtocolError
from dalang.models import MODELS, SIZES, TIER_OF, ModelSpec
from dalang.validate import CreateBody, Input, MediaEntry, MediaList, Parameters
from dalang.validate.body import UNREADABLE, Flag, Number, Text, malformed

FROM_WORDS, FROM_PICTURE = "wan2.6-t2v", "wan2.6-i2v"
"""The model where none is named."""

FILE = "input_reference"

MEMBER = re.compile(r"(\w+)\[(\w+)\]")
"""How forms name what JSON nests."""

UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `\$\.(\w+)`)?", re.S)
"""How msgspec complains."""

SIDES = {f"{width}x{height}": (width, height) for width, height in TIER_OF}

RATIO_OF = {size: ratio for aspects in SIZES.values() for ratio, size in aspects.items()}


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture that is not sent as a file."""

    image_url: Annotated[Text, Meta(description="http(s), oss:// or data: address")] = None
    file_id: Annotated[Text, Meta(description="Refused: there are no /v1/files")] = None


class VideoBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The create call: types are right, rules are not yet checked. From `seed` on they are not OpenAI's."""

    prompt: Annotated[Text, Meta(description="What the video shows; cut at the model's limit")] = None
    model: Annotated[Text, Meta(description=f"Default {FROM_WORDS}, with a picture {FROM_PICTURE}")] = None
    seconds: Annotated[str | Number | None, Meta(description="As the model allows", examples=["5"])] = None
    size: Annotated[Text, Meta(description="Width x height; with a picture its tier alone", examples=["1280x720"])] = (
        None
    )
    input_reference: Annotated[Reference | None, Meta(description="First frame; in a form also a file")] = None
    seed: Annotated[Number | None, Meta(description="0..2147483647; drawn when absent", examples=[7])] = None
    negative_prompt: Annotated[Text, Meta(description="What must not be seen; cut at 500 characters")] = None
    prompt_extend: Annotated[Flag, Meta(description="Default true")] = None
    shot_type: Annotated[Text, Meta(description="single or multi, for wan2.6; acts with prompt_extend")] = None
    audio: Annotated[Flag, Meta(description="false: no sound, for wan2.6-i2v-flash")] = None
    watermark: Annotated[Flag, Meta(description="Draws AI Generated, lower right; default false")] = None


BODY = msgspec.json.Decoder(VideoBody)


async def read_body(content_type: str | None, raw: bytearray) -> CreateBody:
    """Raises ProtocolError, its `field` named as here."""
    if is_form(content_type):
        return await asyncio.to_thread(read_whole, content_type, raw)
    return read_whole(content_type, raw)


def read_whole(content_type: str | None, raw: bytes | bytearray) -> CreateBody:
    """Of a large form it takes a moment. Raises ProtocolError."""
    return as_ours(_from_form(content_type, raw) if is_form(content_type) else _from_json(raw))


def _from_json(raw: bytes | bytearray) -> VideoBody:
    try:
        return BODY.decode(raw)
    except UNREADABLE as error:
        raise _malformed(error) from error


def _from_form(content_type: str | None, raw: bytes | bytearray) -> VideoBody:
    try:
        return msgspec.convert(nested(content_type, raw), VideoBody, strict=False)
    except msgspec.ValidationError as error:
        raise _malformed(error) from error


def nested(content_type: str | None, raw: bytes | bytearray) -> dict[str, Any]:
    """A form as JSON would have it, all values texts. Raises ProtocolError."""
    fields, file = Form(content_type, FILE).whole(bytes(raw))
    asked: dict[str, Any] = {name: value for name, value in fields.items() if not MEMBER.fullmatch(name)}
    for name, value in fields.items():
        if member := MEMBER.fullmatch(name):
            _put(asked, member[1], member[2], value)
    if file is not None:
        if not file:
            raise InvalidParameter("input_reference is an empty file.").at(FILE)
        asked[FILE] = {"image_url": "data:application/octet-stream;base64," + base64.b64encode(file).decode()}
    return asked


def _put(asked: dict[str, Any], name: str, member: str, value: str) -> None:
    inner = asked.setdefault(name, {})
    if not isinstance(inner, dict):
        raise InvalidParameter(f"{name[:64]} is sent twice, once with a nested field.").at(name[:64])
    inner[member] = value


def _malformed(error: Exception) -> ProtocolError:
    if unknown := UNKNOWN.fullmatch(str(error)):
        name, within = unknown[1][:64], unknown[2]
        known = ", ".join((Reference if within else VideoBody).__struct_fields__)
        place = f" within {within}" if within else ""
        return InvalidParameter(f"Unknown parameter: '{name}'{place}. Known are {known}.").at(within or name)
    return malformed(error)


def as_ours(asked: VideoBody) -> CreateBody:
    """Raises InvalidParameter where `validate` would speak of what was never sent."""
    picture = _picture(asked.input_reference)
    name = asked.model or (FROM_PICTURE if picture else FROM_WORDS)
    spec = MODELS.get(name)
    if spec is None:  # to be told of with all the names that there are
        return CreateBody(model=name)
    _check(spec, asked, picture)
    return CreateBody(model=name, input=_input(spec, asked, picture), parameters=_parameters(spec, asked))


def _picture(reference: Reference | None) -> str | None:
    if reference and reference.file_id:
        rule = "input_reference.file_id is not supported, since this server keeps no files of that kind. "
        raise InvalidParameter(rule + "Send the file itself in a form, or input_reference.image_url.").at(FILE)
    if reference and not reference.image_url:
        raise InvalidParameter("input_reference must have an image_url. Without a picture leave it out.").at(FILE)
    return reference.image_url if reference else None


def _check(spec: ModelSpec, asked: VideoBody, picture: str | None) -> None:
    is_from_words = spec.kind == "t2v"
    if picture and is_from_words:
        rule = f"{spec.name} makes video from words alone. Leave input_reference out, or take {FROM_PICTURE}."
        raise InvalidParameter(rule).at(FILE)
    if not picture and not is_from_words:
        raise InvalidParameter(f"input_reference must be sent: {spec.name} makes video from a picture.").at(FILE)
    if is_from_words and not (asked.prompt or "").strip():
        raise InvalidParameter("prompt must contain words that say what the video shows.").at("prompt")


def _input(spec: ModelSpec, asked: VideoBody, picture: str | None) -> Input:
    words = Input(prompt=asked.prompt, negative_prompt=asked.negative_prompt)
    if spec.takes_media:
        return msgspec.structs.replace(words, media=MediaList(MediaEntry("first_frame", picture)))
    return msgspec.structs.replace(words, **{PICTURE_OF[spec.kind]: picture})


PICTURE_OF = {"t2v": "img_url", "i2v": "img_url", "kf2v": "first_frame_url"}


def _parameters(spec: ModelSpec, asked: VideoBody) -> Parameters:
    return Parameters(
        **_frame(spec, asked.size),
        duration=_seconds(spec, asked.seconds),
        seed=asked.seed,
        prompt_extend=asked.prompt_extend,
        shot_type=asked.shot_type,
        audio=asked.audio,
        watermark=asked.watermark,
    )


def _frame(spec: ModelSpec, size: str | None) -> dict[str, str]:
    """With a picture, whose shape the video has, a size says no more than its tier."""
    if size is None:
        return {}
    sides = SIDES.get(size)
    tier = spec.tier_of(sides) if sides else None
    if sides is None or tier is None:
        sizes = ", ".join(f"{width}x{height}" for width, height in spec.sizes)
        raise InvalidParameter(f"size must be one of {sizes} for {spec.name}.").at("size")
    if spec.takes_ratio:
        return {"resolution": tier, "ratio": RATIO_OF[sides]}
    return {"size": size.replace("x", "*")} if spec.kind == "t2v" else {"resolution": tier}


def _seconds(spec: ModelSpec, seconds: str | Number | None) -> int | None:
    """A text too, as OpenAI's own clients send it."""
    if seconds is None:
        return None
    whole = re.fullmatch(r"([0-9]{1,4})(\.0+)?", str(seconds))
    if whole is None or int(whole[1]) not in spec.durations:
        known = ", ".join(map(str, spec.durations))
        raise InvalidParameter(f"seconds must be one of {known} for {spec.name}.").at("seconds")
    return int(whole[1])
