"""Hostile pictures and addresses: the task fails with a code and a sentence, in time, and the server goes on."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from tests.e2e.media_host import MediaHost, picture
from tests.e2e.running import SMALL_IMAGE, Server, memory


def data_url(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


def bomb(side: int = 20_000) -> bytes:
    """A PNG of few bytes that announces, and holds, `side` by `side` pixels of one bit."""
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(1 + side // 8)) for _ in range(side)) + rows.flush()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
            (b"IDAT", packed),
            (b"IEND", b""),
        )
    )


def see_through() -> bytes:
    file = BytesIO()
    Image.new("RGBA", (300, 300), (1, 2, 3, 4)).save(file, "PNG")
    return file.getvalue()


PICTURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "no picture": (lambda: b"<html>not found</html>", "InvalidImage.FileFormat"),
    "half a picture": (lambda: picture(640, 480)[:3000], "InvalidImage.FileFormat"),
    "a kind that is not taken": (lambda: picture(kind="GIF"), "InvalidImage.FileFormat"),
    "a picture one sees through": (see_through, "InvalidImage.FileFormat"),
    "too small": (lambda: picture(239, 300), "InvalidParameter"),
    "too large": (lambda: picture(8001, 240), "InvalidImage.ImageSize"),
    "a bomb": (bomb, "InvalidImage.ImageSize"),
}


@pytest.mark.parametrize("case", PICTURES)
def test_a_bad_picture_fails_the_task_with_a_code_and_a_sentence(server: Server, case: str) -> None:
    make, code = PICTURES[case]
    output = server.fail(server.create_from(data_url(make())))
    assert output["code"] == code
    assert output["message"]


def test_the_inspector_s_memory_stays_bounded(server: Server) -> None:
    """The bomb above holds 400 million pixels."""
    server.succeed(server.create_from(data_url(picture())))
    (inspector,) = server.workers("inspect")
    assert memory(inspector)[1] < 1 << 30


def test_a_picture_over_the_model_s_bytes_is_refused_at_create(server: Server) -> None:
    reply = server.post(SMALL_IMAGE[0], {}, img_url=data_url(bytes(11 << 20)))
    assert (reply.status_code, reply.json()["code"]) == (400, "InvalidImage.ImageSize")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.com/a.png", "InvalidURL"),
        ("//a/b", "InvalidURL"),
        ("http://", "InvalidURL"),
        ("data:image/png;base64,", "InvalidURL"),
        ("data:image/png;base64,%%", "InvalidURL"),
        ("file:///etc/passwd", "InvalidURL"),
        ("oss://a/b", "InvalidURL"),
    ],
)
def test_an_address_of_no_usable_form_is_refused_at_create(server: Server, url: str, code: str) -> None:
    reply = server.post(SMALL_IMAGE[0], {}, img_url=url)
    assert (reply.status_code, reply.json()["code"]) == (400, code)


PRIVATE = [
    "http://127.0.0.1:{port}/picture.jpg",
    "http://127.1:{port}/picture.jpg",
    "http://2130706433:{port}/picture.jpg",
    "http://0.0.0.0:{port}/picture.jpg",
    "http://[::1]:{port}/picture.jpg",
    "http://[::ffff:127.0.0.1]:{port}/picture.jpg",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/picture.jpg",
]


@pytest.mark.parametrize("url", PRIVATE)
@pytest.mark.parametrize("way", ["straight", "by a redirect"])
def test_a_private_address_is_refused_and_the_sentence_says_how_to_allow_it(
    server: Server, media: MediaHost, url: str, way: str
) -> None:
    target = url.format(port=media.server_address[1])
    media.asked.clear()
    output = server.fail(server.create_from(target if way == "straight" else media.url(f"/?to={target}")))
    assert output["code"] == "InvalidURL"
    assert "DALANG_FETCH_ALLOW" in output["message"]
    assert "/picture.jpg" not in media.asked, "nothing was asked for"


ADDRESSES = {
    "nobody listens": ("http://localhost:1/picture.jpg", "InvalidURL.ConnectionRefused", "refused"),
    "not there": ("/gone.jpg", "InvalidURL", "404"),
    "slow": ("/drip.jpg", "InvalidURL.Timeout", "timeout"),
    "endless": ("/endless.jpg", "InvalidURL", "more than 10 MB"),
    "in circles": ("/?to=/?to=/?to=/?to=/?to=/", "InvalidURL", "redirects more than"),
}


@pytest.mark.parametrize("case", ADDRESSES)
def test_an_address_that_yields_no_picture_fails_the_task_in_time(server: Server, media: MediaHost, case: str) -> None:
    path, code, part = ADDRESSES[case]
    output = server.fail(server.create_from(path if "://" in path else media.url(path)), within=6)
    assert output["code"] == code
    assert part in output["message"]
    assert server.files(output["task_id"]) == set()
