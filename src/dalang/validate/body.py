"""The create call's JSON: its types, and how it is read.

Keys that are not named here are ignored, because the SDKs send many; null means absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from dalang.errors import IllegalInput, InvalidParameter, ProtocolError

Number = int | float
"""A JSON number; 5.0 is as good as 5, since some languages write every number with a point."""

Text = str | None
Flag = bool | None


class MediaEntry(msgspec.Struct, frozen=True):
    """An entry of `input.media`."""

    type: Annotated[Text, Meta(description="first_frame, last_frame, driving_audio or first_clip")] = None
    url: Annotated[Text, Meta(description="http(s), oss:// or data: address")] = None


class MediaList(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """`input.media`: places, not a list, so that a body of ten million entries is refused at the ninth, unread."""

    entry_0: MediaEntry | None = None
    entry_1: MediaEntry | None = None
    entry_2: MediaEntry | None = None
    entry_3: MediaEntry | None = None
    entry_4: MediaEntry | None = None
    entry_5: MediaEntry | None = None
    entry_6: MediaEntry | None = None
    entry_7: MediaEntry | None = None

    def places(self) -> Iterator[tuple[int, MediaEntry]]:
        """Each entry with its place, counted from 0 as the service does."""
        for place, name in enumerate(self.__struct_fields__):
            entry: MediaEntry | None = getattr(self, name)
            if entry is not None:
                yield place, entry


NO_MEDIA = MediaList()


class Input(msgspec.Struct, frozen=True):
    """`input` of the create call, as far as it is understood."""

    prompt: Annotated[Text, Meta(description="What the video shows; cut at the model's limit")] = None
    negative_prompt: Annotated[Text, Meta(description="What must not be seen; cut at 500 characters")] = None
    img_url: Annotated[Text, Meta(description="First frame, for i2v models before wan2.7")] = None
    audio_url: Annotated[Text, Meta(description="Sound in place of the model's own: wav or mp3")] = None
    first_frame_url: Annotated[Text, Meta(description="First frame, for kf2v models")] = None
    last_frame_url: Annotated[Text, Meta(description="Last frame, for kf2v models")] = None
    head_frame: Annotated[Text, Meta(description="Older name of first_frame_url, which the SDKs still send")] = None
    tail_frame: Annotated[Text, Meta(description="Older name of last_frame_url")] = None
    media: Annotated[MediaList | None, Meta(description="Frames, clip and sound, for wan2.7-i2v")] = None
    template: Annotated[Text, Meta(description="A video effect; refused")] = None


class Parameters(msgspec.Struct, frozen=True):
    """`parameters` of the create call, as far as it is understood."""

    size: Annotated[Text, Meta(description="Width*height, for t2v models before wan2.7", examples=["1280*720"])] = None
    resolution: Annotated[Text, Meta(description="Tier, for all other models", examples=["720P"])] = None
    ratio: Annotated[Text, Meta(description="Aspect, for wan2.7-t2v", examples=["16:9"])] = None
    duration: Annotated[Number | None, Meta(description="Whole seconds", examples=[5])] = None
    seed: Annotated[Number | None, Meta(description="0..2147483647; drawn when absent", examples=[7])] = None
    prompt_extend: Annotated[Flag, Meta(description="Default true")] = None
    shot_type: Annotated[Text, Meta(description="single or multi, for wan2.6; acts with prompt_extend")] = None
    audio: Annotated[Flag, Meta(description="false: no sound, for wan2.6-i2v-flash")] = None
    watermark: Annotated[Flag, Meta(description="Draws AI Generated, lower right; default false")] = None


class CreateBody(msgspec.Struct, frozen=True):
    """The create call's JSON: types are right, rules are not yet checked."""

    model: Annotated[Text, Meta(description="A name that GET /api/v1/models lists", examples=["wan2.6-t2v"])] = None
    input: Input | None = None
    parameters: Parameters | None = None
    """May be absent: the official client object leaves it out when no parameter is set."""


BODY = msgspec.json.Decoder(CreateBody)

BAD_BODY = "Required body invalid, please check the request body format. The body must be a JSON object"

BAD_FIELD = (
    "Required parameter({name}) missing or invalid, please check the request parameters. {path} must be {wanted}."
)

WANTED = {
    "str": "a string",
    "int": "a number",
    "bool": "true or false",
    "object": "a JSON object",
    "array": "a JSON array",
}


UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading JSON raises."""


def parse_body(raw: bytes | bytearray) -> CreateBody:
    """Read the create call's JSON. Raises InvalidParameter or IllegalInput where it is malformed or of wrong types."""
    try:
        return BODY.decode(raw)
    except UNREADABLE as error:
        raise malformed(error) from error


def malformed(error: Exception) -> ProtocolError:
    """What a caller is told of one of `UNREADABLE`."""
    if isinstance(error, msgspec.ValidationError):
        return _wrong_type(str(error))
    if isinstance(error, UnicodeDecodeError):
        return InvalidParameter(f"{BAD_BODY} in UTF-8.")
    if isinstance(error, RecursionError):
        return InvalidParameter(f"{BAD_BODY}; this one nests too deeply.")
    return InvalidParameter(f"{BAD_BODY}: {error}.")


def _wrong_type(complaint: str) -> ProtocolError:
    """Translate msgspec's complaint, such as "Expected `bool | null`, got `str` - at `$.parameters.watermark`"."""
    if "of at most length" in complaint:  # said without a place, but there is one array only
        most = len(NO_MEDIA.__struct_fields__)
        return _wrong_field("input.media", f"a JSON array of at most {most} entries")
    place = re.search(r"`\$\.([\w.\[\]]+)`", complaint)
    if place is None:
        return InvalidParameter(f"{BAD_BODY}.")
    path = re.sub(r"\[(\d+)\]", r".\1", place[1])
    if path == "input":
        return IllegalInput("The input parameter requires json format. input must be a JSON object.").at(path)
    expected = re.search(r"Expected `(\w+)", complaint)
    # Numbers alone can be complained of in other words: "Number out of range".
    wanted = WANTED[expected[1]] if expected else WANTED["int"]
    return _wrong_field(path, wanted)


def _wrong_field(path: str, wanted: str) -> ProtocolError:
    return InvalidParameter(BAD_FIELD.format(name=path.rpartition(".")[2], path=path, wanted=wanted)).at(path)
