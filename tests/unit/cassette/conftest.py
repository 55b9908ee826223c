"""A service to record, as the cloud would answer, and a recorder before it."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from dalang.cassette.folder import Tape
from dalang.cassette.recorder import Recorder
from dalang.cassette.upstream import Upstream
from tests.clock import ManualClock

CREATE = "/api/v1/services/aigc/video-generation/video-synthesis"

KEY = "sk-the-users-own-key"

VIDEO = bytes(range(256)) * 8

LINK = "https://results.example/1d/film.mp4?Expires=1790000000&OSSAccessKeyId=LTAI-id&Signature=s1gn%2Fature"

POLICY = {
    "policy": "eyJleHBpcmF0aW9uIjoi",
    "signature": "p0licySignature=",
    "upload_dir": "dashscope-instant/accountdigest/2026-11-21/folder-of-policy",
    "upload_host": "https://uploads.example/put",
    "expire_in_seconds": 300,
    "oss_access_key_id": "LTAI-uploader",
    "x_oss_object_acl": "private",
    "x_oss_forbid_overwrite": "true",
}

OSS_REFUSAL = (
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Policy expired &amp; over.</Message>'
    "<HostId>bucket-of-account</HostId><OSSAccessKeyId>LTAI-uploader</OSSAccessKeyId></Error>"
)

Answer = Callable[[httpx.Request], httpx.Response]


class Cloud:
    """Answers by path, as `answers` says, or with what a task that succeeded is told by; `asked` holds what came."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.answers: dict[str, Answer] = {}

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Others may be asked meanwhile, as of a service far away."""
        self.asked.append(request)
        await request.aread()
        await asyncio.sleep(0)
        return self.answers.get(request.url.path, self._usual)(request)

    def _usual(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "results.example":
            return httpx.Response(200, content=VIDEO, headers={"content-type": "video/mp4"})
        if request.url.host == "uploads.example":
            return httpx.Response(200)
        if request.url.path.endswith("/uploads"):
            return told({"request_id": "r", "data": POLICY})
        if request.method == "POST":
            return told({"request_id": "r-1", "output": {"task_status": "PENDING", "task_id": "task-1"}})
        return told({"request_id": "r-2", "output": ended()})

    def to(self, host: str) -> list[httpx.Request]:
        return [request for request in self.asked if request.url.host == host]


def told(body: Any, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): text for name, text in headers.items()})


def zipped(body: Any) -> httpx.Response:
    """What a service does that does not heed Accept-Encoding."""
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    return httpx.Response(200, content=gzip.compress(json.dumps(body).encode()), headers=headers)


def ended() -> dict[str, str]:
    return {"task_id": "task-1", "task_status": "SUCCEEDED", "video_url": LINK}


class Cassette:
    """The folder that is recorded to, read as a reviewer would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def names(self) -> list[str]:
        return sorted(file.name for file in self.folder.glob("0*.json"))

    def read(self, name: str) -> dict[str, Any]:
        return dict(json.loads((self.folder / name).read_text()))

    def text(self) -> str:
        return "\n".join(file.read_text() for file in self.folder.rglob("*.json"))


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture
def cassette(tmp_path: Path) -> Cassette:
    return Cassette(tmp_path / "cassette")


@pytest.fixture
async def http(cloud: Cloud, cassette: Cassette, clock: ManualClock) -> AsyncIterator[httpx.AsyncClient]:
    """A user of the recorder."""
    upstream = Upstream("https://cloud.example/api/v1", httpx.MockTransport(cloud))
    recorder = Recorder(upstream, Tape(cassette.folder, upstream.name, clock))
    async with client_of(recorder) as client:
        yield client
    await upstream.close()


def client_of(app: Any) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {KEY}"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here.test:8001", headers=headers)
