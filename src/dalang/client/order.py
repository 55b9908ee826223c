"""The body of a create call, in the shape that its model takes. Pure, but for reading files and what `upload` does."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict

from dalang.errors import InvalidImage, InvalidParameter

DEFAULT_TEXT_MODEL = "wan2.6-t2v"
DEFAULT_RATIO_MODEL = "wan2.7-t2v"
DEFAULT_IMAGE_MODEL = "wan2.6-i2v"
DEFAULT_SILENT_MODEL = "wan2.6-i2v-flash"
DEFAULT_FRAMES_MODEL = "wan2.2-kf2v-flash"
DEFAULT_MEDIA_MODEL = "wan2.7-i2v"

IMAGE_LIMIT = 20 * 1024 * 1024
"""Bytes; the most that any model takes (the wan2.6 and wan2.5 families)."""

INLINE_LIMIT = 7 * 1024 * 1024
"""Bytes of a picture that still travels in the order itself; as base64 it then has a third more."""

URL_SCHEMES = ("http://", "https://", "data:", "oss://")

SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"BM", "image/bmp"),
    (8, b"WEBP", "image/webp"),
)
"""Where in a file which bytes stand, and what it then is."""


class Wishes(TypedDict, total=False):
    """What may be asked for beside the prompt; the model's own defaults hold for the rest.

    Pictures, sound and clip are http(s), `data:` or `oss://` URLs, or files. A picture of up to 7 MB travels in the
    order, any other file is uploaded first.
    """

    model: str
    """By default wan2.6-t2v, or one that takes what is given: see `default_model`."""
    image: str | Path
    """First frame."""
    last_image: str | Path
    """Last frame, for the kf2v models and wan2.7-i2v."""
    clip: str | Path
    """What the video begins with, for wan2.7-i2v: mp4 or mov."""
    audio: str | Path
    """The sound, in place of the model's own: wav or mp3."""
    negative_prompt: str
    """What must not be seen."""
    size: str
    """`W*H` in pixels, for text-to-video."""
    resolution: str
    """`480P`, `720P` or `1080P`, for image-to-video and the wan2.7 family."""
    ratio: str
    """`16:9` and the like, for wan2.7-t2v."""
    duration: int
    """Seconds."""
    seed: int
    """0..2147483647; random when absent."""
    prompt_extend: bool
    shot_type: Literal["single", "multi"]
    """Acts only together with `prompt_extend`, which is on by default."""
    sound: bool
    """False: none, for wan2.6-i2v-flash."""
    watermark: bool
    engine: str
    """What is to draw, such as `animatic` for a draft: only a Dalang server heeds it, here and below."""
    profile: str
    """How an engine with weights is to run them: `quality`, `balanced`, `fast`, or one of the operator's."""
    callback: str
    """Where a Dalang server tells the end of the task: an http(s) URL."""
    extra_input: Mapping[str, object]
    """Further fields of `input`."""
    extra_parameters: Mapping[str, object]
    """Further fields of `parameters`."""


class Media(NamedTuple):
    """URLs."""

    image: str | None
    last_image: str | None
    clip: str | None
    audio: str | None


PICTURES = ("image", "last_image")

Upload = Callable[[Path, str], str]
"""(file, model) → `oss://` URL."""

PARAMETERS = {
    "size": "size",
    "resolution": "resolution",
    "ratio": "ratio",
    "duration": "duration",
    "seed": "seed",
    "prompt_extend": "prompt_extend",
    "shot_type": "shot_type",
    "sound": "audio",
    "watermark": "watermark",
}
"""A wish's name to that of its field in `parameters`."""


def order(prompt: str | None, wishes: Wishes, upload: Upload) -> dict[str, object]:
    """The JSON of a create call; what is absent or None is left out.

    Raises `InvalidImage`, `InvalidParameter`, `OSError`, and what `upload` raises.
    """
    model = wishes.get("model") or default_model(wishes)
    check_shape(model, wishes)
    inputs = {"prompt": prompt, "negative_prompt": wishes.get("negative_prompt")}
    parameters = {field: wishes.get(name) for name, field in PARAMETERS.items()}
    return {
        "model": model,
        "input": {
            **given(inputs),
            **media_fields(model, media_urls(model, wishes, upload)),
            **wishes.get("extra_input", {}),
        },
        "parameters": {**given(parameters), **wishes.get("extra_parameters", {})},
    }


def given(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def default_model(wishes: Wishes) -> str:
    """The model that takes all that is given, for whom names none."""
    if wishes.get("clip") or (wishes.get("last_image") and wishes.get("audio")):
        return DEFAULT_MEDIA_MODEL
    if wishes.get("last_image"):
        return DEFAULT_FRAMES_MODEL
    if wishes.get("image"):
        return DEFAULT_SILENT_MODEL if wishes.get("sound") is False else DEFAULT_IMAGE_MODEL
    return DEFAULT_RATIO_MODEL if wishes.get("ratio") else DEFAULT_TEXT_MODEL


# The shapes of `input`


def takes_media(model: str) -> bool:
    return model.startswith("wan2.7-i2v")


def takes_frames(model: str) -> bool:
    return "kf2v" in model


def check_shape(model: str, wishes: Wishes) -> None:
    """Raises `InvalidParameter` for what the order could not even say."""
    if wishes.get("clip") and not takes_media(model):
        raise InvalidParameter(f"{model} continues no clip; {DEFAULT_MEDIA_MODEL} does.")
    if wishes.get("last_image") and not (takes_media(model) or takes_frames(model)):
        able = f"{DEFAULT_FRAMES_MODEL} and {DEFAULT_MEDIA_MODEL}"
        raise InvalidParameter(f"{model} takes no last picture; {able} do.")


def media_fields(model: str, media: Media) -> dict[str, object]:
    if takes_media(model):
        types = ("first_frame", "last_frame", "first_clip", "driving_audio")
        entries = [{"type": type, "url": url} for type, url in zip(types, media, strict=True) if url]
        return {"media": entries} if entries else {}
    if takes_frames(model):
        frames = {"first_frame_url": media.image, "last_frame_url": media.last_image}
        return given({**frames, "audio_url": media.audio})
    return given({"img_url": media.image, "audio_url": media.audio})


# Files


def media_urls(model: str, wishes: Wishes, upload: Upload) -> Media:
    """All files are looked at before the first is uploaded."""
    places = {name: place_of(wishes.get(name)) for name in Media._fields}
    for name, place in places.items():
        if isinstance(place, Path):
            check_file(place, is_picture=name in PICTURES)
    return Media(**{name: url_of(place, model, upload, is_picture=name in PICTURES) for name, place in places.items()})


def place_of(wish: object) -> str | Path | None:
    """A URL as it stands; anything else is a file's name."""
    if wish is None or (isinstance(wish, str) and wish.startswith(URL_SCHEMES)):
        return wish
    return Path(str(wish))


def url_of(place: str | Path | None, model: str, upload: Upload, *, is_picture: bool) -> str | None:
    if not isinstance(place, Path):
        return place
    if is_picture and place.stat().st_size <= INLINE_LIMIT:
        return data_url(place)
    return upload(place, model)


def check_file(path: Path, *, is_picture: bool) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(16)
    if not is_picture:
        return
    if size > IMAGE_LIMIT:
        raise InvalidImage(f"{path} has {size / 1024**2:.1f} MB; the API takes pictures of up to 20 MB.")
    media_type(path, head)


def data_url(path: Path) -> str:
    content = path.read_bytes()
    return f"data:{media_type(path, content)};base64,{b64encode(content).decode('ascii')}"


def media_type(path: Path, content: bytes) -> str:
    for offset, signature, name in SIGNATURES:
        if content[offset : offset + len(signature)] == signature:
            return name
    raise InvalidImage(f"{path} is no JPEG, PNG, BMP or WEBP picture, which are what the API takes.")
