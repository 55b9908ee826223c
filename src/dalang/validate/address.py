"""The one rule for every address of a picture, clip or sound. What it points to is looked at in preparation."""

from __future__ import annotations

import re
from typing import NamedTuple

from dalang.errors import InvalidFile, InvalidImage, InvalidURL, ProtocolError
from dalang.fetch.data_url import HEAD
from dalang.fetch.form import MAX_URL, WEB_URL
from dalang.fetch.refusal import refused
from dalang.models import MB, ModelSpec

UPLOADED = re.compile(r"oss://[^\x00-\x1f\x7f]+", re.IGNORECASE)
"""The rest is the key that the upload was given, the file's raw name included: it may hold spaces and any letter."""


class Medium(NamedTuple):
    """A kind of media."""

    noun: str
    example: str
    """How its `data:` URL begins."""


IMAGE = Medium("image", "data:image/png;base64")
SOUND = Medium("sound", "data:audio/mpeg;base64")
CLIP = Medium("clip", "data:video/mp4;base64")

FOREIGN = {
    IMAGE: ("audio/", "video/", "text/"),
    SOUND: ("image/", "video/", "text/"),
    CLIP: ("image/", "audio/", "text/"),
}
"""Media types that cannot be meant. No other is believed or disbelieved: the bytes decide."""


def checked(spec: ModelSpec, field: str, url: str, medium: Medium) -> str:
    """`url`, which is of good form, its scheme in small letters as all who take it look for it (RFC 3986, 3.1); `field`
    is its name in the body.

    Raises InvalidURL, and InvalidImage or InvalidFile for a `data:` URL with more bytes than `spec` takes.
    """
    scheme = url[:7].lower()
    if scheme.startswith("data:"):
        _check_data_url(spec, field, url, medium)
    elif scheme == "file://":
        raise _local_file(field, medium)
    elif len(url) > MAX_URL or not (WEB_URL.fullmatch(url) or UPLOADED.fullmatch(url)):
        raise _malformed(field, medium)
    name, colon, rest = url.partition(":")
    return url if name.islower() else f"{name.lower()}{colon}{rest}"


def _malformed(field: str, medium: Medium) -> InvalidURL:
    return refused(
        f"{field} must be an http:// or https:// address of at most {MAX_URL} characters, the oss:// address of an "
        f"upload, or {medium.example},… with the bytes of the {medium.noun}"
    )


def _local_file(field: str, medium: Medium) -> InvalidURL:
    return refused(
        f"{field} names a file on the caller's own disk. The official SDKs upload such files and send an oss:// "
        f"address, and dalang generate sends them too; with plain HTTP, upload it first or send {medium.example},…"
    )


def _check_data_url(spec: ModelSpec, field: str, url: str, medium: Medium) -> None:
    """Form and length only, without a copy of what may be 27 MB."""
    head = HEAD.match(url)
    if head is None or head.end() == len(url) or head[1].lower().startswith(FOREIGN[medium]):
        raise _malformed(field, medium)
    size, most = (len(url) - head.end()) * 3 // 4 - url.count("=", -2), _most_bytes(spec, medium)
    if size > most:
        raise _too_large(
            f"{field}: the {medium.noun} is over {most // MB} MB, the most that {spec.name} takes.", medium
        )


def _most_bytes(spec: ModelSpec, medium: Medium) -> int:
    limits = spec.limits
    return {IMAGE: limits.image_bytes, SOUND: limits.audio_bytes, CLIP: limits.clip_bytes}[medium]


def _too_large(sentence: str, medium: Medium) -> ProtocolError:
    if medium is IMAGE:
        return InvalidImage(sentence, code="InvalidImage.ImageSize")
    return InvalidFile(sentence, code="InvalidFile.Size")
