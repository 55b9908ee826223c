"""The one rule for every address of a picture, clip or sound. What it points to is looked at in preparation."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from dalang.errors import InvalidFile, InvalidImage, ProtocolError
from dalang.fetch.data_url import HEAD
from dalang.fetch.form import MAX_URL, WEB_URL
from dalang.fetch.refusal import refused
from dalang.models import MB, ModelSpec
from dalang.validate.refusal import Refuse

UPLOADED = re.compile(r"oss://[^\x00-\x1f\x7f]+", re.IGNORECASE)
"""The rest is the key that the upload was given, the file's raw name included: it may hold spaces and any letter."""

LOCAL_PATH = re.compile(r"(?![\w-]+(?:\.[\w-]+)+/|//)(?:[a-z]:)?[^:?#]+\.(?:png|jpe?g|bmp|webp|wav|mp3|mp4|mov)", re.I)
"""`./cat.png`, `C:\\cat.png`; but not what begins as a host's name does."""


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


class Address(msgspec.Struct, frozen=True, gc=False):
    """Of a medium that a call names."""

    role: str
    """The field of `VideoRequest` that it is for: one of `MEDIA`."""
    field: str
    """Its path in the body, such as `input.img_url`."""
    url: str

    @property
    def medium(self) -> Medium:
        return MEDIUM[self.role]

    @property
    def name(self) -> str:
        """What it is called to people: `img_url`, but `input.media.0.url`."""
        return self.field if self.field.count(".") > 1 else self.field.rpartition(".")[2]


MEDIUM = {"image": IMAGE, "last_image": IMAGE, "clip": CLIP, "audio": SOUND}


def checked(spec: ModelSpec, address: Address, refuse: Refuse) -> str:
    """The URL, its scheme in small letters as all who take it look for it (RFC 3986, 3.1).

    Refused are InvalidURL, and InvalidImage or InvalidFile for a `data:` URL with more bytes than `spec` takes.
    """
    url = address.url
    scheme = url[:7].lower()
    if scheme.startswith("data:"):
        _check_data_url(spec, address, refuse)
    elif not (len(url) <= MAX_URL and (WEB_URL.fullmatch(url) or UPLOADED.fullmatch(url))):
        refuse(_local_file(address) if scheme == "file://" or LOCAL_PATH.fullmatch(url) else _malformed(address))
    name, colon, rest = url.partition(":")
    return url if name.islower() else f"{name.lower()}{colon}{rest}"


def _malformed(address: Address) -> ProtocolError:
    return refused(
        f"{address.name} must be an http:// or https:// address of at most {MAX_URL} characters, the oss:// address of "
        f"an upload, or {address.medium.example},… with the bytes of the {address.medium.noun}"
    ).at(address.field)


def _local_file(address: Address) -> ProtocolError:
    return refused(
        f"{address.name} names a file on the caller's own disk. The official SDKs upload such files and send an oss:// "
        f"address, and dalang generate sends them too; with plain HTTP, upload it first or send "
        f"{address.medium.example},…"
    ).at(address.field)


def _check_data_url(spec: ModelSpec, address: Address, refuse: Refuse) -> None:
    """Form and length only, without a copy of what may be 27 MB."""
    url, medium = address.url, address.medium
    head = HEAD.match(url)
    if head is None or head.end() == len(url) or head[1].lower().startswith(FOREIGN[medium]):
        refuse(_malformed(address))
        return
    size, most = (len(url) - head.end()) * 3 // 4 - url.count("=", -2), _most_bytes(spec, medium)
    if size > most:
        rule = f"{address.name}: the {medium.noun} is over {most // MB} MB, the most that {spec.name} takes."
        refuse(_too_large(rule, medium).at(address.field))


def _most_bytes(spec: ModelSpec, medium: Medium) -> int:
    limits = spec.limits
    return {IMAGE: limits.image_bytes, SOUND: limits.audio_bytes, CLIP: limits.clip_bytes}[medium]


def _too_large(sentence: str, medium: Medium) -> ProtocolError:
    if medium is IMAGE:
        return InvalidImage(sentence, code="InvalidImage.ImageSize")
    return InvalidFile(sentence, code="InvalidFile.Size")
