"""A multipart form, however it is cut into chunks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from dalang.api.form import MAX_FIELD, MAX_HEAD, MAX_PARTS, Form
from dalang.errors import ProtocolError

TYPE = 'multipart/form-data; boundary="edge"'

FILE = b"\r\n--edg\r\n--\r\n\r\n-" + bytes(range(256)) * 4
"""Bytes that look like the beginning of a boundary."""


def part(name: str, content: bytes, more: str = "") -> bytes:
    return f'--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


END = b"--edge--\r\n"

BODY = (
    part("Policy", b"cG9saWN5")
    + part("key", "dir/雪 狐.png".encode())
    + part("file", FILE, '; filename="a.png"\r\nContent-Type: image/png')
    + part("late", b"ignored")
    + END
)


async def chunked(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read(body: bytes, size: int = 1 << 20, content_type: str | None = TYPE) -> tuple[dict[str, str], bytes]:
    form, chunks = Form(content_type), chunked(body, size)
    fields = dict(await form.read_fields(chunks))
    return fields, b"".join([piece async for piece in form.file(chunks)])


async def refused(body: bytes, size: int = 4096, content_type: str | None = TYPE) -> str:
    with pytest.raises(ProtocolError) as error:
        await read(body, size, content_type)
    assert error.value.status == 400
    return error.value.code


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000, 1 << 20])
async def test_fields_and_file_are_the_same_however_the_body_is_cut(size: int) -> None:
    fields, file = await read(BODY, size)
    assert fields == {"policy": "cG9saWN5", "key": "dir/雪 狐.png"}
    assert file == FILE


async def test_the_file_is_handed_on_as_it_comes_and_not_gathered() -> None:
    form, chunks = Form(TYPE), chunked(part("file", bytes(100_000)) + END, 1000)
    await form.read_fields(chunks)
    sizes = [len(piece) async for piece in form.file(chunks)]
    assert (sum(sizes), max(sizes) <= 1000 + len("\r\n--edge")) == (100_000, True)


@pytest.mark.parametrize(
    "content_type", [None, "", "application/json", "multipart/form-data", "text/plain; boundary=edge"]
)
async def test_what_is_no_form_is_malformed(content_type: str | None) -> None:
    assert await refused(BODY, content_type=content_type) == "MalformedPOSTRequest"


MALFORMED: Sequence[bytes] = (
    b"",
    b"no boundary at all",
    b"\r\n" + b"x" * (MAX_HEAD + 1),
    BODY[:100],
    BODY[: -len(END) - 30],
    part("key", b"a") + b"--edge\r\nnonsense\r\n\r\nx\r\n" + END,
    b"--edge\r\nContent-Type: text/plain\r\n\r\nnameless\r\n" + END,
    part("key", b"\xff\xfe") + part("file", b"x") + END,
    b"".join(part(f"f{number}", b"x") for number in range(MAX_PARTS)) + part("file", b"x") + END,
    b"--edge\r\nContent-Disposition: form-data; name=key\r\nX: " + b"x" * 9000 + b"\r\n\r\nx\r\n" + END,
)


@pytest.mark.parametrize("number", range(len(MALFORMED)))
@pytest.mark.parametrize("size", [5, 4096])
async def test_a_broken_or_endless_form_is_malformed(number: int, size: int) -> None:
    assert await refused(MALFORMED[number], size) == "MalformedPOSTRequest"


async def test_a_body_without_end_and_without_a_file_is_not_read_for_ever() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for number in range(2 * MAX_HEAD // 1000):
            yield b"\r\n" + b"x" * 998
            assert number <= MAX_HEAD // 1000, "it is still being read"

    with pytest.raises(ProtocolError, match="must begin within"):
        await Form(TYPE).read_fields(endless())


async def test_a_field_over_the_limit_is_refused_before_and_after_the_file() -> None:
    assert (await read(part("key", b"x" * MAX_FIELD) + part("file", b"x") + END))[1] == b"x"
    long = part("key", b"x" * (MAX_FIELD + 1))
    assert await refused(long + part("file", b"x") + END) == "FieldItemTooLong"
    assert await refused(part("file", b"x") + long + END) == "FieldItemTooLong"


async def test_a_form_has_exactly_one_file() -> None:
    assert await refused(part("key", b"x") + END) == "IncorrectNumberOfFilesInPOSTRequest"
    assert await refused(part("file", b"x") * 2 + END) == "IncorrectNumberOfFilesInPOSTRequest"


# A body that is there already


def whole(body: bytes, name: str = "file") -> tuple[dict[str, str], bytes | None]:
    return Form(TYPE, name).whole(body)


def test_a_whole_form_has_its_fields_in_any_order_and_of_any_length() -> None:
    long = "x" * (MAX_FIELD + 1)
    fields, file = whole(BODY.removesuffix(END) + part("long", long.encode()) + END)
    assert fields == {"policy": "cG9saWN5", "key": "dir/雪 狐.png", "late": "ignored", "long": long}
    assert file == FILE


def test_a_whole_form_may_have_no_file() -> None:
    assert whole(part("a", b"1") + END) == ({"a": "1"}, None)
    assert whole(part("file", b"1") + END, "picture") == ({"file": "1"}, None)
    assert whole(part("picture", b"1") + END, "picture") == ({}, b"1")


@pytest.mark.parametrize(
    "body", [b"", part("a", b"1"), part("file", b"1") * 2 + END, part("a", b"\xff") + END, part("a", b"") * 99 + END]
)
def test_a_whole_form_that_is_broken_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        whole(body)
