"""From where a video is fetched, and what is done when it does not come."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpcore
import pytest

from dalang.errors import InternalError, WorkerFault
from dalang.executors.remote import download as module
from dalang.executors.remote.dialect import Source
from dalang.executors.remote.download import Download
from dalang.fetch.addresses import parse_allow
from dalang.fetch.line import Line

HOSTS = {"oss.example": "93.184.216.34", "inside.example": "10.0.0.7"}


async def resolve(host: str, port: int) -> Sequence[str]:
    return [HOSTS[host]]


@pytest.fixture(autouse=True)
def one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES", ())


def of(url: str, target: Path, *plain: str) -> Download:
    return Download(Line(parse_allow(plain, "TEST"), resolve), Source(url, {}), target, set(plain))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://oss.example/v.mp4", "in the clear"),
        ("https://inside.example/v.mp4", "has a private address"),
        ("file:///etc/passwd", "must begin with http"),
        ("https://user:pass@oss.example/v.mp4", "user name or password"),
        ("not an address", "must begin with http"),
    ],
)
async def test_where_no_video_is_fetched(tmp_path: Path, url: str, reason: str) -> None:
    with pytest.raises(WorkerFault, match=reason):
        await of(url, tmp_path / "film.mp4").run()
    assert not (tmp_path / "film.mp4").exists()


async def test_one_without_end_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    monkeypatch.setattr(module, "PAUSES", (60.0,))
    answer = httpcore.Response(200, content=iter_blocks())
    with pytest.raises(InternalError, match="larger than"):
        await Download(Answering(answer), Source("https://oss.example/v.mp4", {}), tmp_path / "film.mp4", ()).run()


async def iter_blocks() -> AsyncIterator[bytes]:
    while True:
        yield bytes(100)


class Answering(Line):
    """Without a network."""

    def __init__(self, answer: httpcore.Response) -> None:
        super().__init__(parse_allow((), "TEST"))
        self._answer = answer

    @contextlib.asynccontextmanager
    async def ask(self, *_: object) -> AsyncIterator[httpcore.Response]:
        yield self._answer


async def test_what_an_earlier_attempt_left_is_not_gone_on_from(tmp_path: Path) -> None:
    """It may be another video's."""
    (tmp_path / "film.mp4").write_bytes(b"half")
    with pytest.raises(WorkerFault):
        await of("http://oss.example/v.mp4", tmp_path / "film.mp4").run()
    assert not (tmp_path / "film.mp4").exists()
