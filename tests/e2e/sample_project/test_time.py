"""What takes its time. 30 tests."""

from __future__ import annotations

import httpx
import pytest
from films import film, look, order

from dalang.testing import Server, by_hand, polls, seconds


@pytest.mark.parametrize("hours", [1, 6, 12, 23, 23.9])
def test_a_video_is_kept_for_a_day(dalang_server: Server, hours: float) -> None:
    output = film("a fox")
    dalang_server.clock.advance(hours=hours)
    assert look(output.task_id).task_status == "SUCCEEDED"
    assert httpx.get(output.video_url).status_code == 200


@pytest.mark.parametrize("hours", [24.1, 30, 48, 100, 1000])
def test_and_gone_after_it(dalang_server: Server, hours: float) -> None:
    output = film("a fox")
    dalang_server.clock.advance(hours=hours)
    assert look(output.task_id).task_status == "UNKNOWN"
    assert httpx.get(output.video_url).status_code == 403


@pytest.mark.parametrize("running", [0, 1, 3])
@pytest.mark.parametrize("pending", [0, 1, 3])
def test_states_last_so_many_polls(dalang_server: Server, pending: int, running: int) -> None:
    dalang_server.transition(pending=polls(pending), running=polls(running))
    task = order("a fox")
    seen = [look(task).task_status for _ in range(pending + running + 1)]
    assert seen == ["PENDING"] * pending + ["RUNNING"] * running + ["SUCCEEDED"]


@pytest.mark.parametrize("length", [1, 60, 600, 3600, 7200])
def test_states_last_so_many_seconds(dalang_server: Server, length: int) -> None:
    dalang_server.clock.freeze()
    dalang_server.transition(running=seconds(length))
    task = order("a fox")
    assert look(task).task_status == "RUNNING"
    dalang_server.clock.advance(seconds=length)
    assert look(task).task_status == "SUCCEEDED"


@pytest.mark.parametrize("count", range(1, 7))
def test_a_queue_goes_on_when_it_may(dalang_server: Server, count: int) -> None:
    dalang_server.transition(running=by_hand)
    dalang_server.hold()
    tasks = [order(f"take {take}") for take in range(count)]
    assert {look(task).task_status for task in tasks} == {"PENDING"}
    dalang_server.release()
    assert look(tasks[0]).task_status == "RUNNING"
    dalang_server.finish_task(tasks[0])
    assert look(tasks[0]).task_status == "SUCCEEDED"
