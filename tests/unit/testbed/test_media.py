"""In test mode only this machine, and what tests gave, can be fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from dalang.config import LOOPBACK
from dalang.errors import InvalidURL
from dalang.fetch import Fetcher
from dalang.fetch.addresses import parse_allow
from dalang.testbed.media import Media, offline

FOX = "https://pictures.example/fox.png"


async def test_an_address_gives_what_a_test_said(tmp_path: Path) -> None:
    media = Media(tmp_path / "media")
    fetcher = Fetcher(mapping=media.stand_for({}))
    await media.put(FOX, b"first")
    await media.put(FOX, b"second")
    await fetcher.fetch(FOX, tmp_path / "got", 100)
    assert (tmp_path / "got").read_bytes() == b"second"


async def test_a_reset_leaves_what_the_operator_named(tmp_path: Path) -> None:
    (tmp_path / "owl.png").write_bytes(b"owl")
    media = Media(tmp_path / "media")
    files = media.stand_for({"https://pictures.example/owl.png": tmp_path / "owl.png"})
    await media.put(FOX, b"fox")
    media.clear()
    assert list(files) == ["https://pictures.example/owl.png"]
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize("host", ["pictures.example", "8.8.8.8", "10.0.0.1", "2001:4860:4860::8888"])
async def test_nobody_else_is_asked_or_dialled(host: str) -> None:
    resolve = offline(parse_allow(LOOPBACK, "DALANG_FETCH_ALLOW"))
    with pytest.raises(InvalidURL, match=r"In test mode nothing is fetched from .*/dalang/test/media"):
        await resolve(host, 443)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
async def test_this_machine_is_found(host: str) -> None:
    resolve = offline(parse_allow(LOOPBACK, "DALANG_FETCH_ALLOW"))
    assert set(await resolve(host, 80)) <= {"127.0.0.1", "127.9.9.9", "::1"}
