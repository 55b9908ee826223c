"""What a test expects of requests: fields of `VideoRequest`, each a value or a matcher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from dalang.task import VideoRequest
from dalang.testing.matcher import Matcher


class Expected(TypedDict, total=False):
    """Fields of `dalang.task.VideoRequest`: a create call as it was understood, its defaults settled."""

    model: str | Matcher
    kind: str | Matcher
    """t2v, i2v or kf2v."""
    prompt: str | Matcher
    negative_prompt: str | Matcher
    seed: int | Matcher
    duration: int | Matcher
    """Seconds."""
    fps: int | Matcher
    size: str | tuple[int, int] | Matcher | None
    """`"1280*720"` or `(1280, 720)`; None where it follows a picture."""
    tier: str | Matcher
    """480P, 720P or 1080P."""
    sound: bool | Matcher
    image: str | Matcher | None
    """First frame: its address as it was sent; a `data:` one is cut after 1,000 characters. So all media."""
    last_image: str | Matcher | None
    clip: str | Matcher | None
    audio: str | Matcher | None
    prompt_extend: bool | Matcher
    shots: str | Matcher | None
    """single or multi."""
    watermark: bool | Matcher
    inspect_input: bool | Matcher
    inspect_output: bool | Matcher
    warnings: tuple[str, ...] | Matcher


FIELDS = VideoRequest.__struct_fields__

WIRE_NAMES = {
    "resolution": "tier",
    "shot_type": "shots",
    "img_url": "image",
    "first_frame_url": "image",
    "last_frame_url": "last_image",
    "audio_url": "audio",
}
"""What the protocol calls a field, to what `VideoRequest` does."""


def check_fields(expected: Mapping[str, object]) -> None:
    """Raises TypeError for a field that requests do not have, and for what has no fields."""
    if not isinstance(expected, Mapping):
        raise TypeError(f"Fields are expected as a dict, such as {{'prompt': 'A fox'}}, not as {expected!r}.")
    for name in expected:
        if name in WIRE_NAMES:
            raise TypeError(f"A request has no field {name!r}: here it is {WIRE_NAMES[name]!r}.")
        if name not in FIELDS:
            raise TypeError(f"A request has no field {name!r}. Its fields: {', '.join(FIELDS)}.")


def fits(expected: Mapping[str, object], request: VideoRequest) -> bool:
    return not misfits(expected, request)


def misfits(expected: Mapping[str, object], request: VideoRequest) -> list[str]:
    """The fields that are not as expected."""
    return [name for name, wanted in expected.items() if not agrees(wanted, getattr(request, name))]


def agrees(wanted: object, value: object) -> bool:
    """A size may be wanted as two numbers or as the wire writes it."""
    return bool(wanted == value or wanted == on_the_wire(value))


def on_the_wire(value: object) -> object:
    match value:
        case (int() as width, int() as height):
            return f"{width}*{height}"
        case _:
            return value


def find_in_order(expected: Sequence[Mapping[str, object]], requests: Sequence[VideoRequest]) -> list[int]:
    """Where each was found, later than the one before; shorter than `expected` if one was not found so.

    The earliest that fits is taken each time, which finds all whenever any choice would.
    """
    places: list[int] = []
    for one in expected:
        after = places[-1] + 1 if places else 0
        found = next((place for place in range(after, len(requests)) if fits(one, requests[place])), None)
        if found is None:
            break
        places.append(found)
    return places
