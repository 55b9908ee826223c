"""Files that go ahead of an order."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from dalang.executors.remote import upload as module
from dalang.executors.remote.connection import Connection
from dalang.executors.remote.trouble import Busy, Lost, NotReached, Refused
from dalang.executors.remote.upload import Policy, upload
from dalang.fetch.addresses import parse_allow
from dalang.fetch.line import Line
from dalang.remotes import Endpoint
from tests.unit.executors.remote.replies import reply

DATA = {
    "policy": "p",
    "signature": "s",
    "upload_dir": "dashscope-instant/x",
    "upload_host": "https://oss.example",
    "oss_access_key_id": "k",
    "x_oss_object_acl": "private",
    "x_oss_forbid_overwrite": "true",
    "expire_in_seconds": 300,
}

LINE = Line(parse_allow((), "TEST"))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "image.png"
    file.write_bytes(b"picture")
    return file


def cloud(status: int, content: Any) -> Connection:
    return Connection(Endpoint("https://cloud/api/v1"), httpx.MockTransport(lambda _: reply(status, content)))


async def test_its_address_is_what_the_policy_says(monkeypatch: pytest.MonkeyPatch, picture: Path) -> None:
    async def post(line: Line, policy: Policy, key: str, content: bytes) -> int:
        assert (policy.upload_host, key, content) == (DATA["upload_host"], "dashscope-instant/x/image.png", b"picture")
        return 200

    monkeypatch.setattr(module, "_post", post)
    assert await upload(cloud(200, {"data": DATA}), LINE, "m", picture) == "oss://dashscope-instant/x/image.png"


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (200, {"data": {}}, Refused),
        (200, {"data": {**DATA, "upload_host": "http://127.0.0.1:1"}}, NotReached),
        (200, {"data": {**DATA, "upload_host": "nowhere"}}, NotReached),
        (200, {"data": {**DATA, "upload_host": "https://\u00ad/"}}, NotReached),
        (401, {"code": "InvalidApiKey", "message": "No."}, Refused),
        (429, {"code": "Throttling", "message": "No."}, Busy),
    ],
    ids=["no leave", "a private place", "no place", "no host", "no key", "too many"],
)
async def test_what_was_not_uploaded_leaves_nothing_ordered(
    picture: Path, status: int, content: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await upload(cloud(status, content), LINE, "m", picture)


@pytest.mark.parametrize(
    ("status", "error"), [(204, None), (403, Refused), (413, Refused), (429, Busy), (500, Lost), (503, Busy)]
)
async def test_a_file_that_is_not_taken_is_refused_like_an_order(
    monkeypatch: pytest.MonkeyPatch, picture: Path, status: int, error: type[Exception] | None
) -> None:
    """Not as if nobody were there: the next task may be taken."""

    async def post(*_: object) -> int:
        return status

    monkeypatch.setattr(module, "_post", post)
    with pytest.raises(error) if error else contextlib.nullcontext():
        await upload(cloud(200, {"data": DATA}), LINE, "m", picture)
