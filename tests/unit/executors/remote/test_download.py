"""From where a video is fetched, and what is done when it does not come."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dalang.errors import WorkerFault
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


async def test_what_an_earlier_attempt_left_is_not_gone_on_from(tmp_path: Path) -> None:
    """It may be another video's."""
    (tmp_path / "film.mp4").write_bytes(b"half")
    with pytest.raises(WorkerFault):
        await of("http://oss.example/v.mp4", tmp_path / "film.mp4").run()
    assert not (tmp_path / "film.mp4").exists()
