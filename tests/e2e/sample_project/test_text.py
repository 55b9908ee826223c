"""Text to video. 70 tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import film, film_aio, film_ours, order, order_ours

from dalang.testing import Server, anything, contains

PROMPTS = [
    "a red fox in the snow",
    "a grey wolf under the moon",
    "a brown bear by the river",
    "a cat on a roof in the rain",
    "一只小狐狸在雪地里奔跑",
    "a lighthouse in a storm",
    "a train crosses a bridge",
    "lanterns over an old town",
    "a whale, seen from above",
    "two children fly a kite",
]


@pytest.mark.parametrize("size", ["832*480", "480*832"])
@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_sdk_films(dalang_server: Server, prompt: str, size: str) -> None:
    assert film(prompt, size=size).video_url.startswith(dalang_server.url)
    dalang_server.assert_created(1, prompt=prompt, size=size, seed=anything)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_our_client_films(dalang_server: Server, prompt: str, tmp_path: Path) -> None:
    assert film_ours(prompt, tmp_path).read_bytes()[4:8] == b"ftyp"
    dalang_server.assert_created(1, prompt=contains(prompt[:4]), duration=5)
    dalang_server.assert_called("download", times=1)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("ordering", [order, order_ours])
def test_orders_carry_what_is_asked_for(dalang_server: Server, ordering: object, seed: int) -> None:
    dalang_server.hold()
    ordering("a fox", seed=seed, watermark=True, negative_prompt="blur", prompt_extend=False)  # type: ignore[operator]
    dalang_server.assert_created(1, seed=seed, watermark=True, negative_prompt="blur", prompt_extend=False)


@pytest.mark.parametrize("prompt", PROMPTS)
async def test_the_sdk_films_without_blocking(dalang_server: Server, prompt: str) -> None:
    assert (await film_aio(prompt)).task_status == "SUCCEEDED"
    dalang_server.assert_called("query", times=1)


@pytest.mark.parametrize("count", range(1, 11))
def test_orders_come_one_after_another(dalang_server: Server, count: int) -> None:
    dalang_server.hold()
    for prompt in PROMPTS[:count]:
        order(prompt)
    dalang_server.assert_created_in_order([{"prompt": prompt} for prompt in PROMPTS[:count]])
    dalang_server.assert_not_created(prompt="a dog")
