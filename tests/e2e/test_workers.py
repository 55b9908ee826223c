"""Engines that fail in every way an engine can: the task ends with a code and a sentence, its files go, and the slot
works again."""

from __future__ import annotations

import pytest

from tests.e2e.faults import FAULTS, Case
from tests.e2e.until import until


@pytest.mark.parametrize("name", FAULTS)
def test_a_failing_engine_ends_its_task_and_not_its_server(faulty: dict[str, Case], name: str) -> None:
    fault, (server, task) = FAULTS[name], faulty[name]
    output = server.fail(task, within=60)
    assert output["code"] == fault.code
    assert output["message"].startswith(fault.sentence)
    assert output["dalang"]["attempt"] == fault.attempts
    until(lambda: not server.files(task), "no part of a video is left")  # it goes just after the row has ended
    assert server.succeed(server.create("please"))["dalang"]["attempt"] == 1
    server.kill()
