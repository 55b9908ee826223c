"""Tasks that fail, and calls that break. 30 tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import film, film_ours, look, look_ours, order, order_ours

from dalang.client import DownloadFailed, OrderUncertain
from dalang.testing import Server, by_hand

CODES = [
    "InternalError.Algo",
    "InternalError.Timeout",
    "InternalError.Upload",
    "InvalidParameter",
    "InvalidURL.Timeout",
    "DataInspectionFailed",
]


@pytest.mark.parametrize("code", CODES)
def test_the_sdk_tells_of_a_failure(dalang_server: Server, code: str) -> None:
    dalang_server.fail(code)
    output = film("a fox")
    assert (output.task_status, output.code) == ("FAILED", code)


@pytest.mark.parametrize("code", CODES)
def test_our_client_tells_of_a_failure(dalang_server: Server, code: str) -> None:
    dalang_server.fail(code, stage="preparation")
    task = look_ours(order_ours("a fox"))
    assert (task.status, task.code) == ("FAILED", code)


@pytest.mark.parametrize("code", CODES)
def test_a_task_fails_by_hand(dalang_server: Server, code: str) -> None:
    dalang_server.transition(running=by_hand)
    task = order("a fox")
    assert look(task).task_status == "RUNNING"
    dalang_server.fail_task(task, code)
    assert look(task).code == code


@pytest.mark.parametrize("part", [0.0, 0.5, 0.9])
def test_a_download_that_breaks_off_is_resumed(dalang_server: Server, part: float, tmp_path: Path) -> None:
    dalang_server.truncate(part, times=1)
    film_ours("a fox", tmp_path)
    dalang_server.assert_called("download", times=2)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_order_is_not_sent_twice(dalang_server: Server, moment: str) -> None:
    dalang_server.drop(moment, call="create")  # type: ignore[arg-type]
    with pytest.raises(OrderUncertain):
        order_ours("a fox")
    dalang_server.assert_called("create", times=1)


@pytest.mark.parametrize("prompt", ["a fox", "a wolf"])
def test_a_task_may_be_unknown(dalang_server: Server, prompt: str) -> None:
    dalang_server.forget()
    assert look(order(prompt)).task_status == "UNKNOWN"


@pytest.mark.parametrize("prompt", ["a fox", "a wolf"])
def test_a_dead_worker_is_replaced(dalang_server: Server, prompt: str) -> None:
    dalang_server.crash(1, prompt=prompt)
    assert film(prompt).task_status == "SUCCEEDED"


@pytest.mark.parametrize("prompt", ["a fox", "a wolf", "a bear"])
def test_a_link_may_be_over(dalang_server: Server, prompt: str, tmp_path: Path) -> None:
    dalang_server.expire_links(times=1)
    with pytest.raises(DownloadFailed):
        film_ours(prompt, tmp_path)
