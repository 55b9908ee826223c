"""Image to video. 30 tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import IMAGE, film, film_ours, look, order

from dalang.testing import Server

URLS = [f"https://pictures.example/{name}.png" for name in ("fox", "wolf", "bear", "cat", "whale")]


@pytest.mark.parametrize("duration", [3, 4])
@pytest.mark.parametrize("url", URLS)
def test_the_sdk_films_a_picture(dalang_server: Server, picture: bytes, url: str, duration: int) -> None:
    dalang_server.serve_media(url, picture)
    assert film(None, img_url=url, **{**IMAGE, "duration": duration}).task_status == "SUCCEEDED"
    dalang_server.assert_created(1, kind="i2v", image=url, duration=duration, tier="480P")


@pytest.mark.parametrize("prompt", [f"it turns its head, take {take}" for take in range(10)])
def test_our_client_films_a_file(dalang_server: Server, picture: bytes, prompt: str, tmp_path: Path) -> None:
    (tmp_path / "first.png").write_bytes(picture)
    film_ours(prompt, tmp_path, image=tmp_path / "first.png", size=None, **IMAGE)
    dalang_server.assert_created(1, kind="i2v", prompt=prompt)


@pytest.mark.parametrize("name", [f"missing-{number}" for number in range(10)])
def test_a_picture_that_is_not_there_fails_the_task(dalang_server: Server, name: str) -> None:
    task = order(None, img_url=f"https://pictures.example/{name}.png", **IMAGE)
    assert look(task).code.startswith("InvalidURL")
