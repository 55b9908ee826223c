"""A task may be named by whatever a client gave."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dalang.client import Task
from dalang.task import TaskStatus
from dalang.testing.task_id import task_id_of, task_path


class Fields(dict[str, object]):
    """As the official SDK's replies: a dictionary whose keys are attributes too."""

    def __getattr__(self, name: str) -> object:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


@pytest.mark.parametrize(
    "task",
    [
        "t1",
        Task(id="t1", status=TaskStatus.PENDING),
        {"task_id": "t1", "task_status": "PENDING"},
        {"output": {"task_id": "t1"}, "request_id": "r1"},
        Fields(output=Fields(task_id="t1"), request_id="r1"),
        SimpleNamespace(output=SimpleNamespace(task_id="t1"), request_id="r1"),
        SimpleNamespace(task_id="t1"),
        "video_t1",
        SimpleNamespace(id="video_t1", object="video"),
        {"id": "video_t1", "object": "video"},
    ],
)
def test_the_id_is_found(task: object) -> None:
    assert task_id_of(task) == "t1"


@pytest.mark.parametrize("task", [None, 7, {}, {"output": None}, SimpleNamespace(output=None)])
def test_what_names_no_task_is_an_error(task: object) -> None:
    with pytest.raises(TypeError, match="names no task"):
        task_id_of(task)


def test_an_id_cannot_lead_to_another_control() -> None:
    assert task_path("../queue?a=#b") == "tasks/..%2Fqueue%3Fa%3D%23b"
