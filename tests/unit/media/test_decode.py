from __future__ import annotations

import contextlib
import io
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageDraw

from dalang.errors import InvalidImage, InvalidParameter, ProtocolError
from dalang.media.decode import prepare_image

MB = 2**20
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (255, 255, 255)

Prepare = Callable[[bytes], Image.Image]


@pytest.fixture
def prepare(tmp_path: Path) -> Prepare:
    """Bytes of a picture → the prepared first frame at 480P, read back."""

    def run(data: bytes) -> Image.Image:
        source, target = tmp_path / "source", tmp_path / "target.png"
        source.write_bytes(data)
        size = prepare_image(source, target, "480P", 20 * MB)
        with Image.open(target) as made:
            made.load()
        assert (made.format, made.mode, made.size) == ("PNG", "RGB", size)
        return made

    return run


def saved(picture: Image.Image, format: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def quarters(mode: str = "RGB", size: tuple[int, int] = (400, 400)) -> Image.Image:
    """Red at the upper left, green at the upper right, blue at the lower left, white at the lower right."""
    picture = Image.new("RGB", size, WHITE)
    draw = ImageDraw.Draw(picture)
    middle, centre = size[0] // 2, size[1] // 2
    draw.rectangle((0, 0, middle - 1, centre - 1), fill=RED)
    draw.rectangle((middle, 0, size[0], centre - 1), fill=GREEN)
    draw.rectangle((0, centre, middle - 1, size[1]), fill=BLUE)
    return picture.quantize(4) if mode == "P" else picture.convert(mode)


def corners(picture: Image.Image) -> list[object]:
    """Colours at the middles of the four quarters, row by row."""
    width, height = picture.size
    spots = [(1, 1), (3, 1), (1, 3), (3, 3)]
    return [picture.getpixel((width * x // 4, height * y // 4)) for x, y in spots]


def assert_near(found: list[object], expected: list[tuple[int, int, int]], tolerance: int = 6) -> None:
    for pixel, wanted in zip(found, expected, strict=True):
        assert isinstance(pixel, tuple)
        assert all(abs(a - b) <= tolerance for a, b in zip(pixel, wanted, strict=True)), (found, expected)


FORMS = {
    "jpeg": lambda: saved(quarters(), "JPEG", quality=95),
    "progressive jpeg": lambda: saved(quarters(), "JPEG", quality=95, progressive=True),
    "png": lambda: saved(quarters(), "PNG"),
    "png with opaque alpha": lambda: saved(quarters("RGBA"), "PNG"),
    "palette png": lambda: saved(quarters("P"), "PNG"),
    "palette png with an unused transparent colour": lambda: saved(quarters("P"), "PNG", transparency=255),
    "animated png": lambda: saved(quarters(), "PNG", save_all=True, append_images=[Image.new("RGB", (400, 400))]),
    "bmp": lambda: saved(quarters(), "BMP"),
    "webp": lambda: saved(quarters(), "WEBP", quality=95),
    "lossless webp": lambda: saved(quarters(), "WEBP", lossless=True),
    "animated webp": lambda: saved(
        quarters(), "WEBP", lossless=True, save_all=True, append_images=[Image.new("RGB", (400, 400))]
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_accepted_form_gives_its_first_picture(form: str, prepare: Prepare) -> None:
    made = prepare(FORMS[form]())
    assert made.size == (624, 624)
    assert_near(corners(made), [RED, GREEN, BLUE, WHITE])


def test_cmyk_jpeg_keeps_its_colours(prepare: Prepare) -> None:
    assert_near(corners(prepare(saved(quarters("CMYK"), "JPEG", quality=95))), [RED, GREEN, BLUE, WHITE])


@pytest.mark.parametrize("mode", ["L", "1"])
def test_grey_and_bilevel_pictures_become_rgb(mode: str, prepare: Prepare) -> None:
    made = prepare(saved(Image.new(mode, (300, 300), 255), "PNG"))
    assert made.getpixel((9, 9)) == WHITE


def test_sixteen_bit_grey_is_scaled_not_clipped(prepare: Prepare) -> None:
    made = prepare(saved(Image.new("I;16", (300, 300), 32768), "PNG"))
    assert_near([made.getpixel((9, 9))], [(128, 128, 128)], tolerance=1)


def test_a_picture_larger_than_needed_keeps_its_colours_and_crop(prepare: Prepare) -> None:
    made = prepare(saved(quarters(size=(3200, 2400)), "JPEG", quality=90))
    assert made.size == (720, 544)
    assert_near(corners(made), [RED, GREEN, BLUE, WHITE])


def test_a_large_jpeg_keeps_its_detail(prepare: Prepare) -> None:
    stripes = Image.new("L", (16, 2400))
    stripes.paste(255, (0, 0, 8, 2400))
    picture = Image.new("L", (2400, 2400))
    for left in range(0, 2400, 16):
        picture.paste(stripes, (left, 0))
    made = prepare(saved(picture, "JPEG", quality=90)).convert("L")
    dark, bright = made.crop((100, 300, 500, 301)).getextrema()
    assert bright - dark > 200, "stripes of two output pixels must stay apart"


def test_a_strip_is_cropped_never_stretched(prepare: Prepare) -> None:
    strip = Image.new("RGB", (4000, 250), BLUE)
    ImageDraw.Draw(strip).ellipse((1900, 25, 2100, 225), fill=WHITE)
    left, top, right, bottom = prepare(saved(strip, "PNG")).convert("L").point(lambda v: 255 * (v > 128)).getbbox()
    assert abs((right - left) - (bottom - top)) <= 2, "the circle must stay a circle"


UPRIGHT = {
    1: [RED, GREEN, BLUE, WHITE],
    2: [GREEN, RED, WHITE, BLUE],
    3: [WHITE, BLUE, GREEN, RED],
    4: [BLUE, WHITE, RED, GREEN],
    5: [RED, BLUE, GREEN, WHITE],
    6: [BLUE, RED, WHITE, GREEN],
    7: [WHITE, GREEN, BLUE, RED],
    8: [GREEN, WHITE, RED, BLUE],
}


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_exif_orientation_is_applied(format: str, orientation: int, prepare: Prepare) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    made = prepare(saved(quarters(size=(600, 300)), format, quality=95, exif=exif))
    assert made.size == ((880, 432) if orientation < 5 else (432, 880))
    assert_near(corners(made), UPRIGHT[orientation])


@pytest.mark.parametrize(
    "block", [b"junk", b"MM\0*" + b"\xff" * 4, b"II*\0" + b"\x08" * 90], ids=["junk", "far", "loop"]
)
def test_a_broken_exif_block_does_not_spoil_a_good_picture(block: bytes, prepare: Prepare) -> None:
    assert_near(
        corners(prepare(saved(quarters(), "JPEG", quality=95, exif=b"Exif\0\0" + block))),
        [RED, GREEN, BLUE, WHITE],
    )


def test_an_embedded_profile_is_turned_into_srgb(prepare: Prepare) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert_near(corners(prepare(saved(quarters(), "PNG", icc_profile=srgb))), [RED, GREEN, BLUE, WHITE])
    assert_near(corners(prepare(saved(quarters(), "PNG", icc_profile=lab))), [RED, GREEN, BLUE, WHITE])
    assert_near(corners(prepare(saved(quarters(), "PNG", icc_profile=b"junk"))), [RED, GREEN, BLUE, WHITE])


def test_a_swapped_profile_swaps_the_colours(prepare: Prepare) -> None:
    """A profile whose red and blue primaries are exchanged shows that the profile is obeyed."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    made = prepare(saved(quarters(), "PNG", icc_profile=bytes(profile)))
    assert_near(corners(made), [BLUE, GREEN, RED, WHITE])


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_sides_that_are_settled_are_kept_whichever_way_the_picture_lies(
    format: str, orientation: int, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    (tmp_path / "source").write_bytes(saved(quarters(size=(2600, 1300)), format, quality=95, exif=exif))
    target, still = tmp_path / "target.png", tmp_path / "still.jpg"
    assert prepare_image(tmp_path / "source", target, "480P", 20 * MB, (832, 464), str(still)) == (832, 464)
    with Image.open(target) as made, Image.open(still) as small:
        assert made.size == (832, 464)
        assert (small.format, small.size) == ("JPEG", (768, 428))
        assert_near(corners(made), UPRIGHT[orientation])
        assert_near(corners(small), UPRIGHT[orientation], tolerance=9)


def test_the_documented_example_at_720p(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(saved(Image.new("RGB", (750, 1000)), "JPEG"))
    assert prepare_image(tmp_path / "source", tmp_path / "target.png", "720P", MB) == (816, 1104)


def test_a_picture_is_fitted_to_settled_sides_by_cutting(tmp_path: Path) -> None:
    picture = Image.new("RGB", (1200, 600), BLUE)
    ImageDraw.Draw(picture).ellipse((500, 200, 700, 400), fill=WHITE)
    (tmp_path / "source").write_bytes(saved(picture, "PNG"))
    prepare_image(tmp_path / "source", tmp_path / "target.png", "480P", MB, (480, 832))
    with Image.open(tmp_path / "target.png") as made:
        left, top, right, bottom = made.convert("L").point(lambda v: 255 * (v > 128)).getbbox()
    assert abs((right - left) - (bottom - top)) <= 2, "the circle must stay a circle"


def test_the_output_carries_no_metadata(prepare: Prepare) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert prepare(saved(quarters(), "JPEG", icc_profile=profile, comment=b"secret", dpi=(72, 72))).info == {}


TRANSPARENT = {
    "alpha channel": lambda: saved(Image.new("RGBA", (300, 300), (9, 9, 9, 254)), "PNG"),
    "grey and alpha": lambda: saved(Image.new("LA", (300, 300), (9, 0)), "PNG"),
    "palette": lambda: saved(quarters("P"), "PNG", transparency=quarters("P").getpixel((0, 0))),
    "colour key": lambda: saved(quarters(), "PNG", transparency=WHITE),
}


@pytest.mark.parametrize("kind", TRANSPARENT)
def test_a_png_with_transparent_pixels_is_refused(kind: str, prepare: Prepare) -> None:
    with pytest.raises(InvalidImage, match="transparent") as caught:
        prepare(TRANSPARENT[kind]())
    assert caught.value.code == "InvalidImage.FileFormat"


def test_a_transparent_webp_is_laid_over_white(prepare: Prepare) -> None:
    made = prepare(saved(Image.new("RGBA", (300, 300), (0, 0, 0, 0)), "WEBP", lossless=True))
    assert made.getpixel((99, 99)) == WHITE


@pytest.mark.parametrize("size", [(239, 400), (400, 239), (1, 1)])
def test_a_small_side_is_refused_in_the_words_of_the_service(size: tuple[int, int], prepare: Prepare) -> None:
    with pytest.raises(InvalidParameter, match=r"^Image height or width is too small than 240") as caught:
        prepare(saved(Image.new("RGB", size), "PNG"))
    assert f"{size[0]}x{size[1]}" in caught.value.message
    assert caught.value.code == "InvalidParameter"


@pytest.mark.parametrize("size", [(240, 240), (8000, 240)])
def test_sides_at_the_limits_are_accepted(size: tuple[int, int], prepare: Prepare) -> None:
    prepare(saved(Image.new("RGB", size), "PNG"))


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of the given (type, data) chunks, checksums right."""
    packed = (struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def header(width: int, height: int) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)


TOO_LARGE = {
    "a side over the limit": (saved(Image.new("1", (8001, 240)), "PNG"), "8001x240"),
    "a bomb of 64 megapixels and a bit": (png(header(8001, 8000), (b"IDAT", b"")), "8000"),
    "a bomb of a gigapixel": (png(header(40000, 40000), (b"IDAT", b"")), "8000"),
    "a bomb of 2**62 pixels": (png(header(2**31 - 1, 2**31 - 1), (b"IDAT", b"")), "8000"),
    "a wide webp": (saved(Image.new("RGB", (16383, 300)), "WEBP"), "16383x300"),
    "a wide bmp header": (
        saved(Image.new("RGB", (300, 300)), "BMP").replace(struct.pack("<II", 300, 300), struct.pack("<II", 9000, 300)),
        "9000x300",
    ),
}


@pytest.mark.parametrize("kind", TOO_LARGE)
def test_a_picture_over_the_limit_is_refused_from_its_header(kind: str, prepare: Prepare) -> None:
    data, named = TOO_LARGE[kind]
    with pytest.raises(InvalidImage, match=named) as caught:
        prepare(data)
    assert caught.value.code == "InvalidImage.ImageSize"


def test_a_file_over_the_byte_limit_is_refused_unread(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(saved(quarters(), "BMP"))
    with pytest.raises(InvalidImage, match=r"0\.5 MB; at most 0\.4 MB") as caught:
        prepare_image(source, tmp_path / "target.png", "480P", int(0.4 * MB))
    assert caught.value.code == "InvalidImage.ImageSize"


FOREIGN = {
    "a GIF": saved(quarters("P"), "GIF"),
    "a TIFF": saved(quarters(), "TIFF"),
    "an AVIF": saved(quarters(), "AVIF"),
    "a HEIC": b"\0\0\0\x18ftypheic" + bytes(50),
    "a video": b"\0\0\0\x18ftypisom" + bytes(50),
    "a PDF": b"%PDF-1.7" + bytes(50),
    "an SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a web page": b"<!DOCTYPE html><html></html>",
    "no image": b"",
    "no image that": b"hello" * 9,
}


@pytest.mark.parametrize("name", FOREIGN)
def test_other_files_are_refused_by_name(name: str, prepare: Prepare) -> None:
    with pytest.raises(InvalidImage, match=name) as caught:
        prepare(FOREIGN[name])
    assert caught.value.code == "InvalidImage.FileFormat"
    assert "JPEG, PNG, BMP or WEBP" in caught.value.message


ZEROS = zlib.compress(bytes(80 * MB), 9)
LINES = zlib.compress(bytes(300 * (1 + 300 * 3)))
DAMAGED = {
    "huge profile": png(header(300, 300), (b"iCCP", b"x\0\0" + ZEROS), (b"IDAT", LINES), (b"IEND", b"")),
    "huge text": png(header(300, 300), (b"zTXt", b"x\0\0" + ZEROS), (b"IDAT", LINES), (b"IEND", b"")),
    "no pixels": png(header(300, 300), (b"IEND", b"")),
    "half the pixels": png(header(300, 300), (b"IDAT", LINES[: len(LINES) // 2])),
    "pixels that are not deflated": png(header(300, 300), (b"IDAT", b"x" * 900), (b"IEND", b"")),
    "a jpeg of its magic alone": b"\xff\xd8\xff\xe0",
    "a jpeg of nine bytes": FORMS["jpeg"]()[:9],
    "a png of its magic alone": FORMS["png"]()[:8],
    "a webp of its magic alone": FORMS["webp"]()[:12],
    "truncated jpeg": FORMS["jpeg"]()[:2000],
    "truncated bmp": FORMS["bmp"]()[:90000],
    "truncated webp": FORMS["webp"]()[:300],
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_damage_is_told_in_a_sentence(kind: str, prepare: Prepare) -> None:
    with pytest.raises(InvalidImage, match="damaged") as caught:
        prepare(DAMAGED[kind])
    assert caught.value.code == "InvalidImage.FileFormat"


@pytest.mark.parametrize("form", FORMS)
def test_flipped_bytes_end_in_a_picture_or_an_error_of_the_protocol(form: str, prepare: Prepare) -> None:
    whole, draw = FORMS[form](), random.Random(form)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 8)):
            data[draw.randrange(min(len(data), 600))] = draw.randrange(256)
        with contextlib.suppress(ProtocolError):
            prepare(bytes(data[: draw.choice([len(data), draw.randrange(len(data))])]))


def test_a_missing_source_is_our_own_fault_not_the_callers(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        prepare_image(tmp_path / "nothing", tmp_path / "target.png", "480P", MB)


def test_a_target_that_cannot_be_written_is_our_own_fault(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(saved(quarters(), "PNG"))
    with pytest.raises(FileNotFoundError):
        prepare_image(source, tmp_path / "nowhere" / "target.png", "480P", MB)


CHILD = """
import sys
from pathlib import Path
from dalang.errors import InvalidImage
from dalang.media.decode import limit_memory, prepare_image
limit_memory(int(sys.argv[3]))
try:
    prepare_image(Path(sys.argv[1]), Path(sys.argv[2]), "480P", 2**30)
except InvalidImage as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_a_decode_past_the_memory_limit_is_an_error_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(saved(Image.new("1", (8000, 8000)), "PNG"))
    command = [
        sys.executable,
        "-c",
        CHILD,
        str(tmp_path / "source"),
        str(tmp_path / "out.png"),
        str(100 * MB),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "InvalidImage.ImageSize\n"
