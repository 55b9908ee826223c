"""What the video is made from, beside words: frames, a clip, a sound. Each shape of `input` is one function."""

from __future__ import annotations

import msgspec

from dalang.errors import InvalidParameter
from dalang.models import MEDIA_SETS, MEDIA_TYPES, ModelSpec
from dalang.validate.address import Address, checked
from dalang.validate.body import Input, MediaEntry
from dalang.validate.refusal import Refuse


class Media(msgspec.Struct, frozen=True, gc=False):
    """Addresses of good form."""

    image: str | None = None
    last_image: str | None = None
    clip: str | None = None
    audio: str | None = None


NOTHING = Media()


def media_of(spec: ModelSpec, given: Input, refuse: Refuse) -> Media:
    """Refused are InvalidParameter for what is missing, InvalidURL, InvalidImage or InvalidFile for what is
    malformed."""
    named = addresses(spec, given, refuse)
    if not named:
        return NOTHING
    return Media(**{address.role: checked(spec, address, refuse) for address in named})


def addresses(spec: ModelSpec, given: Input, refuse: Refuse) -> list[Address]:
    """All that `spec` looks at, before their form is; refused is what is missing."""
    if spec.takes_media:
        return _listed(spec, given, refuse)
    if spec.kind == "kf2v":
        return _key_frames(spec, given, refuse)
    named = []
    if spec.kind == "i2v":
        if given.img_url:
            named.append(Address("image", "input.img_url", given.img_url))
        else:
            refuse(InvalidParameter(NO_PICTURE.format(spec.name)).at("input.img_url"))
    if given.audio_url and spec.sound != "silent":  # of a model without sound it is not looked at, only warned of
        named.append(Address("audio", "input.audio_url", given.audio_url))
    return named


NO_PICTURE = "img_url must be set for image to video method. {} takes its first frame from input.img_url."


def _key_frames(spec: ModelSpec, given: Input, refuse: Refuse) -> list[Address]:
    first = _either("image", given, "first_frame_url", "head_frame")
    if not first:
        rule = (
            f"video frames must be set. {spec.name} takes its first frame from input.first_frame_url, "
            "and may be given the last one in input.last_frame_url."
        )
        refuse(InvalidParameter(rule).at("input.first_frame_url"))
    return first + _either("last_image", given, "last_frame_url", "tail_frame")


def _either(role: str, given: Input, *names: str) -> list[Address]:
    """The first of the fields that holds something."""
    filled = [Address(role, f"input.{name}", getattr(given, name)) for name in names if getattr(given, name)]
    return filled[:1]


def _listed(spec: ModelSpec, given: Input, refuse: Refuse) -> list[Address]:
    entries = list(given.media.places()) if given.media else []
    if not entries:
        rule = (
            f"Field required: input.media. {spec.name} takes its first frame so, not by img_url: "
            '"media": [{"type": "first_frame", "url": "https://…"}].'
        )
        refuse(InvalidParameter(rule).at("input.media"))
    named = [address for place, entry in entries if (address := _named(place, entry, refuse))]
    if entries and len(named) == len(entries):
        _check_set([address.role for address in named], refuse)
    return named


ROLE = {"first_frame": "image", "last_frame": "last_image", "first_clip": "clip", "driving_audio": "audio"}
"""Of a type in `input.media`."""

SETS = [{ROLE[type] for type in types} for types in MEDIA_SETS]


def _named(place: int, entry: MediaEntry, refuse: Refuse) -> Address | None:
    """The entry at `place`; None if it is refused."""
    field = f"input.media.{place}"
    if entry.type not in ROLE:
        refuse(InvalidParameter(_type_rule(field, entry.type)).at(f"{field}.type"))
    if not entry.url:
        rule = f"Field required: {field}.url. It is an http(s), oss:// or data: address."
        refuse(InvalidParameter(rule).at(f"{field}.url"))
    return Address(ROLE[entry.type], f"{field}.url", entry.url) if entry.type in ROLE and entry.url else None


def _type_rule(field: str, type: str | None) -> str:
    if not type:
        return f"Field required: {field}.type. It is one of {', '.join(MEDIA_TYPES)}."
    *others, last = [f"'{type}'" for type in MEDIA_TYPES]
    return f"Input should be {', '.join(others)} or {last}: {field}.type"


def _check_set(roles: list[str], refuse: Refuse) -> None:
    if len(set(roles)) < len(roles) or set(roles) not in SETS:
        allowed = "; ".join(" + ".join(types) for types in MEDIA_SETS)
        rule = f"input.media must hold one of these sets, each type once: {allowed}."
        refuse(InvalidParameter(rule).at("input.media"))
