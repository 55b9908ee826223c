"""Files and bodies that are good, to be spoilt: small, one for each way through the decoders and the validation."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from dalang.api.create import EXAMPLES
from tests.unit.media.recordings import film, mp3, tone, turned, wav

SIDES = (288, 256)


def scene(mode: str = "RGB") -> Image.Image:
    """Soft, so that it makes a small file."""
    across = np.linspace(0, 255, SIDES[0], dtype=np.uint8)[None, :].repeat(SIDES[1], axis=0)
    down = np.linspace(255, 0, SIDES[1], dtype=np.uint8)[:, None].repeat(SIDES[0], axis=1)
    return Image.fromarray(np.dstack([across, down, across // 2])).convert(mode)


def saved(picture: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def undated(profile: bytes) -> bytes:
    """Without its date of creation (ICC.1, 7.2.8), by which two of one seed would differ."""
    return profile[:24] + bytes(12) + profile[36:]


def images() -> dict[str, bytes]:
    lying = Image.Exif()
    lying[0x0112] = 6
    profile = undated(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    see_through = scene("RGBA")
    see_through.putalpha(128)
    deep = Image.fromarray(np.arange(SIDES[0] * SIDES[1], dtype=np.uint16).reshape(SIDES[::-1]))
    more = [scene().rotate(angle) for angle in (90, 180)]
    return {
        "jpeg": saved(scene(), "JPEG"),
        "jpeg-progressive": saved(scene(), "JPEG", progressive=True, exif=lying),
        "jpeg-exif": saved(scene(), "JPEG", exif=lying, icc_profile=profile),
        "jpeg-cmyk": saved(scene("CMYK"), "JPEG"),
        "jpeg-grey": saved(scene("L"), "JPEG", quality=30),
        "png": saved(scene(), "PNG", exif=lying, icc_profile=profile),
        "png-16": saved(deep, "PNG"),
        "png-palette": saved(scene("P"), "PNG", transparency=0),
        "png-1": saved(scene("1"), "PNG"),
        "png-alpha": saved(scene("RGBA"), "PNG"),
        "png-animated": saved(scene(), "PNG", save_all=True, append_images=more),
        "webp": saved(scene(), "WEBP", exif=lying),
        "webp-lossless": saved(see_through, "WEBP", lossless=True),
        "webp-animated": saved(scene(), "WEBP", save_all=True, append_images=more),
        "bmp": saved(scene(), "BMP"),
        "bmp-palette": saved(scene("P"), "BMP"),
        "bmp-1": saved(scene("1"), "BMP"),
        "gif": saved(scene("P"), "GIF"),
    }


def sounds() -> dict[str, bytes]:
    short = tone(3.2, rate=8000, channels=1)
    return {
        "wav-16": wav(short, rate=8000),
        "wav-8": wav(short, rate=8000, bits=8),
        "wav-float": wav(tone(3.2, rate=8000), rate=8000, is_float=True),
        "mp3": mp3(tone(3.2, rate=44_100, channels=1), bit_rate=64_000),
        "mp3-bare": mp3(tone(3.2, rate=44_100), gapless=False, bit_rate=96_000),
    }


def clips() -> dict[str, bytes]:
    sound = tone(2.2)
    plain = film(_pictures(22), rate=10, sound=sound)
    return {
        "mp4": plain,
        "mp4-turned": turned(plain, 90),
        "mp4-silent": film(_pictures(22), rate=10),
        "mpeg4": film(_pictures(22), rate=10, codec="mpeg4"),
        "mov": film(_pictures(22), rate=10, sound=sound, format="mov"),
    }


def _pictures(count: int) -> Iterable[NDArray[np.uint8]]:
    picture = np.asarray(scene())
    return [np.roll(picture, 8 * number, axis=1) for number in range(count)]


def bodies() -> dict[str, bytes]:
    pixel = "data:image/png;base64,iVBORw0KGgo="
    kinds: dict[str, Any] = {
        **EXAMPLES,
        "all parameters": {
            "model": "wan2.6-i2v-flash",
            "input": {"prompt": "雪", "negative_prompt": "flowers", "img_url": pixel, "audio_url": pixel},
            "parameters": {
                **{"resolution": "720P", "duration": 15, "prompt_extend": True, "shot_type": "multi"},
                **{"watermark": True, "audio": False, "seed": 2147483647},
            },
        },
        "ratio": {
            "model": "wan2.7-t2v",
            "input": {"prompt": "x" * 6000, "audio_url": "http://127.0.0.1:9/a.mp3"},
            "parameters": {"resolution": "1080P", "ratio": "3:4", "duration": 5.0},
        },
        "clip": {
            "model": "wan2.7-i2v",
            "input": {"media": [{"type": "first_clip", "url": "oss://x/y"}, {"type": "last_frame", "url": pixel}]},
        },
        "older names": {
            "model": "wanx2.1-kf2v-plus",
            "input": {"head_frame": pixel, "tail_frame": "file:///etc/passwd", "template": None, "extend_prompt": True},
        },
    }
    return {name: msgspec.json.encode(body) for name, body in kinds.items()}
