"""The body of a create call. Pure, but for reading a picture from disk."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from dalang.errors import InvalidImage

DEFAULT_TEXT_MODEL = "wan2.6-t2v"
DEFAULT_IMAGE_MODEL = "wan2.6-i2v"

IMAGE_LIMIT = 20 * 1024 * 1024
"""Bytes; the most that any model takes (the wan2.6 and wan2.5 families)."""

URL_SCHEMES = ("http://", "https://", "data:", "oss://")

SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"BM", "image/bmp"),
    (8, b"WEBP", "image/webp"),
)
"""Where in a file which bytes stand, and what it then is."""


class Wishes(TypedDict, total=False):
    """What may be asked for beside the prompt; the model's own defaults hold for the rest."""

    model: str
    """Default: wan2.6-t2v, with a picture wan2.6-i2v."""
    image: str | Path
    """First frame: an http(s), `data:` or `oss://` URL, or a file, which travels as a `data:` URL."""
    size: str
    """`W*H` in pixels, for text-to-video."""
    resolution: str
    """`480P`, `720P` or `1080P`, for image-to-video."""
    duration: int
    """Seconds."""
    seed: int
    """0..2147483647; random when absent."""
    extra_input: Mapping[str, object]
    """Further fields of `input`, such as negative_prompt."""
    extra_parameters: Mapping[str, object]
    """Further fields of `parameters`, such as watermark."""


def order(prompt: str | None, wishes: Wishes) -> dict[str, object]:
    """The JSON of a create call; what is absent or None is left out. Raises `InvalidImage`, `OSError`."""
    image = wishes.get("image")
    inputs = {"prompt": prompt, "img_url": None if image is None else image_url(image)}
    parameters = {name: wishes.get(name) for name in ("size", "resolution", "duration", "seed")}
    return {
        "model": wishes.get("model") or (DEFAULT_TEXT_MODEL if image is None else DEFAULT_IMAGE_MODEL),
        "input": {**given(inputs), **wishes.get("extra_input", {})},
        "parameters": {**given(parameters), **wishes.get("extra_parameters", {})},
    }


def given(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def image_url(image: str | Path) -> str:
    """A URL as it stands; a file as a `data:` URL. Raises `InvalidImage`, `OSError`."""
    if isinstance(image, str) and image.startswith(URL_SCHEMES):
        return image
    return data_url(Path(image))


def data_url(path: Path) -> str:
    size = path.stat().st_size
    if size > IMAGE_LIMIT:
        raise InvalidImage(f"{path} has {size / 1024**2:.1f} MB; the API takes pictures of up to 20 MB.")
    content = path.read_bytes()
    return f"data:{media_type(path, content)};base64,{b64encode(content).decode('ascii')}"


def media_type(path: Path, content: bytes) -> str:
    for offset, signature, name in SIGNATURES:
        if content[offset : offset + len(signature)] == signature:
            return name
    raise InvalidImage(f"{path} is no JPEG, PNG, BMP or WEBP picture, which are what the API takes.")
