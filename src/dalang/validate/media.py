"""What the video is made from, beside words: frames, a clip, a sound. Each shape of `input` is one function."""

from __future__ import annotations

from typing import NamedTuple

from dalang.errors import InvalidParameter
from dalang.models import MEDIA_SETS, MEDIA_TYPES, ModelSpec
from dalang.validate.address import CLIP, IMAGE, SOUND, checked
from dalang.validate.body import Input, MediaEntry


class Media(NamedTuple):
    """Addresses of good form."""

    image: str | None = None
    last_image: str | None = None
    clip: str | None = None
    audio: str | None = None


def media_of(spec: ModelSpec, given: Input) -> Media:
    """Raises InvalidParameter for what is missing, InvalidURL, InvalidImage or InvalidFile for what is malformed."""
    if spec.takes_media:
        return _listed(spec, given)
    if spec.kind == "kf2v":
        return _key_frames(spec, given)
    image = _first_frame(spec, given) if spec.kind == "i2v" else None
    return Media(image=image, audio=_audio(spec, given))


def _first_frame(spec: ModelSpec, given: Input) -> str:
    if not given.img_url:
        raise InvalidParameter(
            f"img_url must be set for image to video method. {spec.name} takes its first frame from input.img_url."
        )
    return checked(spec, "img_url", given.img_url, IMAGE)


def _audio(spec: ModelSpec, given: Input) -> str | None:
    """None too where the model makes no sound: then the field is not looked at, only warned of."""
    if spec.sound == "silent" or not given.audio_url:
        return None
    return checked(spec, "audio_url", given.audio_url, SOUND)


def _key_frames(spec: ModelSpec, given: Input) -> Media:
    first, last = given.first_frame_url or given.head_frame, given.last_frame_url or given.tail_frame
    if not first:
        raise InvalidParameter(
            f"video frames must be set. {spec.name} takes its first frame from input.first_frame_url, "
            "and may be given the last one in input.last_frame_url."
        )
    return Media(
        image=checked(spec, "first_frame_url", first, IMAGE),
        last_image=checked(spec, "last_frame_url", last, IMAGE) if last else None,
    )


def _listed(spec: ModelSpec, given: Input) -> Media:
    entries = list(given.media.places()) if given.media else []
    if not entries:
        raise InvalidParameter(
            f"Field required: input.media. {spec.name} takes its first frame so, not by img_url: "
            '"media": [{"type": "first_frame", "url": "https://…"}].'
        )
    named = [_named(place, entry) for place, entry in entries]
    _check_set([type for type, _, _ in named])
    found = {type: checked(spec, field, url, MEDIUM[type]) for type, field, url in named}
    return Media(*(found.get(type) for type in ("first_frame", "last_frame", "first_clip", "driving_audio")))


MEDIUM = {"first_frame": IMAGE, "last_frame": IMAGE, "first_clip": CLIP, "driving_audio": SOUND}


def _named(place: int, entry: MediaEntry) -> tuple[str, str, str]:
    """Type, name of the field and address of the entry at `place`."""
    field = f"input.media.{place}"
    if not entry.type:
        raise InvalidParameter(f"Field required: {field}.type. It is one of {', '.join(MEDIA_TYPES)}.")
    if entry.type not in MEDIA_TYPES:
        *others, last = [f"'{type}'" for type in MEDIA_TYPES]
        raise InvalidParameter(f"Input should be {', '.join(others)} or {last}: {field}.type")
    if not entry.url:
        raise InvalidParameter(f"Field required: {field}.url. It is an http(s), oss:// or data: address.")
    return entry.type, f"{field}.url", entry.url


def _check_set(types: list[str]) -> None:
    if len(set(types)) < len(types) or set(types) not in map(set, MEDIA_SETS):
        allowed = "; ".join(" + ".join(types) for types in MEDIA_SETS)
        raise InvalidParameter(f"input.media must hold one of these sets, each type once: {allowed}.")
