"""User pictures, made safe: hostile bytes in, an upright RGB PNG of exactly the output size out.

Runs in a worker child only. What 8000x8000 pixels cost at 1080P, measured as peak memory of the process:
baseline JPEG 120 MB (libjpeg decodes it at reduced size), progressive JPEG 465 MB (590 in CMYK), BMP and PNG
345 MB, PNG with an alpha channel or a transparent palette 655 MB, WEBP 1.1 GB.
"""

from __future__ import annotations

import io
import struct
import sys
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageCms, UnidentifiedImageError

from dalang.errors import InvalidImage, InvalidParameter
from dalang.media.geometry import cover_crop, output_size
from dalang.media.still import save_still

FORMATS = ("JPEG", "PNG", "BMP", "WEBP")
"""As Pillow names them; told by content, never by the file's name."""

LEAST_SIDE, MOST_SIDE = 240, 8000
"""Pixels, documented for `img_url`."""

MEMORY = 1536 * 2**20
"""Bytes in which a child decodes every picture within the limits, and clips of 4096x4096 pixels, which take 0.9 GB in
10-bit HEVC; for `limit_memory`."""

Image.MAX_IMAGE_PIXELS = MOST_SIDE * MOST_SIDE

FAULTS = (
    *(OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, OverflowError),
    *(struct.error, zlib.error),
)
"""What Pillow raises on bytes that are not what they say."""

KINDS = (
    (0, b"\xff\xd8\xff", "a damaged JPEG"),
    (0, b"\x89png", "a damaged PNG"),
    (8, b"webp", "a damaged WEBP"),
    (0, b"gif8", "a GIF"),
    (0, b"ii*\0", "a TIFF"),
    (0, b"mm\0*", "a TIFF"),
    (4, b"ftypavif", "an AVIF"),
    (4, b"ftyphei", "a HEIC"),
    (4, b"ftypmif1", "a HEIC"),
    (4, b"ftyp", "a video"),
    (0, b"%pdf", "a PDF"),
    (0, b"<svg", "an SVG"),
    (0, b"<?xml", "an XML document"),
    (0, b"<!doctype html", "a web page"),
    (0, b"<html", "a web page"),
)
"""(offset, lower-cased bytes there, what such a file is), for the sentence that refuses it."""

ROTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""Exif orientation → what makes the picture upright (Exif 2.32, tag 0x0112)."""

QUARTER_TURNS = (5, 6, 7, 8)


Sides = tuple[int, int]
"""Width and height, pixels."""


def prepare_image(
    source: Path, target: Path, tier: str, max_bytes: int, sides: Sides | None = None, still: str | None = None
) -> Sides:
    """Make a frame of a video from the picture at `source`; return its (width, height).

    Those are `sides`, or else what the picture's own make at `tier`. The picture is turned upright, converted to sRGB,
    cut to the output's aspect ratio and scaled, never stretched. Of an animation the first frame counts. Transparency
    is laid over white, save in a PNG, where the service refuses it. A small JPEG of the frame goes to `still`.

    Raises InvalidImage or InvalidParameter with a sentence for the caller; OSError where a file of ours cannot
    be read or written.
    """
    _check_bytes(source.stat().st_size, max_bytes)
    with _told_apart(source), Image.open(source, formats=FORMATS) as picture:
        _check_sides(*picture.size)
        frame = _first_frame(picture, tier, sides)
    frame.save(target, "PNG", compress_level=1)
    if still:
        save_still(frame, still)
    return frame.size


def limit_memory(size: int) -> None:
    """Bound this process's address space to `size` bytes more than it has now, where the system can.

    What it has now differs from machine to machine: libraries set some aside for each core. What `prepare_image` and
    its like need beyond that bound raises InvalidImage or InvalidFile; other code, MemoryError.
    """
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + size, hard))


def _check_bytes(size: int, most: int) -> None:
    if size > most:
        raise InvalidImage(
            f"The image has {size / 2**20:.1f} MB; at most {most / 2**20:g} MB are accepted.",
            code="InvalidImage.ImageSize",
        )


def _check_sides(width: int, height: int) -> None:
    accepted = f"the image is {width}x{height} pixels, and each side must be {LEAST_SIDE} to {MOST_SIDE}."
    if min(width, height) < LEAST_SIDE:
        raise InvalidParameter(f"Image height or width is too small than {LEAST_SIDE}: {accepted}")
    if max(width, height) > MOST_SIDE:
        raise InvalidImage(f"The image is too large: {accepted}", code="InvalidImage.ImageSize")


@contextmanager
def _told_apart(source: Path) -> Iterator[None]:
    """Turn what Pillow raises about the file at `source` into errors of the protocol."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except UnidentifiedImageError as error:
            raise InvalidImage(_foreign(source)) from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise InvalidImage(
                f"The image is too large: each side must be {LEAST_SIDE} to {MOST_SIDE} pixels.",
                code="InvalidImage.ImageSize",
            ) from error
        except MemoryError as error:
            raise InvalidImage(
                "The image takes too much memory to decode; send a smaller one.",
                code="InvalidImage.ImageSize",
            ) from error
        except FAULTS as error:
            raise InvalidImage("The image is damaged or incomplete; save it again and resend it.") from error


def _foreign(source: Path) -> str:
    with source.open("rb") as file:
        head = file.read(32).lower()
    names = [name for offset, magic, name in KINDS if head.startswith(magic, offset)]
    found = f"The file is {names[0]}" if names else "The file is no image that can be read"
    return f"{found}; send a JPEG, PNG, BMP or WEBP image."


def _first_frame(picture: Image.Image, tier: str, asked: Sides | None) -> Image.Image:
    sides = (max(asked), max(asked)) if asked else output_size(*picture.size, tier)
    # Only JPEG has drafts. Twice the output leaves LANCZOS enough to work with.
    picture.draft(None, (2 * sides[0], 2 * sides[1]))
    picture.load()
    if picture.format == "PNG":
        _check_opaque(picture)
    orientation = _orientation(picture)
    lying = _lying(asked, orientation) if asked else sides
    scaled = _scalable(picture).resize(lying, Image.Resampling.LANCZOS, cover_crop(*picture.size, *lying))
    return _upright(_srgb(scaled, picture.info.get("icc_profile")), orientation)


def _lying(sides: Sides, orientation: int | None) -> Sides:
    """`sides` of the upright picture as they are before it is turned."""
    return (sides[1], sides[0]) if orientation in QUARTER_TURNS else sides


def _check_opaque(picture: Image.Image) -> None:
    if not picture.has_transparency_data:
        return
    rgba = picture if "A" in picture.getbands() else picture.convert("RGBA")
    if rgba.getchannel("A").getextrema() != (255, 255):
        raise InvalidImage("The PNG has transparent pixels; send it without transparency.")


def _scalable(picture: Image.Image) -> Image.Image:
    """The picture in a mode of 8 bits that can be interpolated: L, RGB, RGBA, CMYK."""
    if picture.mode == "I;16":
        return picture.point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode in ("L", "RGB", "RGBA", "CMYK") and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if picture.mode == "RGBA":
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        picture = white
    converted = _by_profile(picture, profile) if profile else None
    plain = converted or picture.convert("RGB")
    plain.info.clear()
    return plain


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture in sRGB; None where the profile is broken or made for another colour model."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *FAULTS):
        return None


def _orientation(picture: Image.Image) -> int | None:
    try:
        value = picture.getexif().get(0x0112)
    except FAULTS:
        return None
    return value if isinstance(value, int) else None


def _upright(picture: Image.Image, orientation: int | None) -> Image.Image:
    rotation = ROTATIONS.get(orientation) if orientation else None
    return picture if rotation is None else picture.transpose(rotation)
