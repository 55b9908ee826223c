"""How a task is coming along, for a person: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol, Self, TextIO

from dalang.client import Task
from dalang.task import TaskStatus

STEP = 0.25
"""Lines come at every quarter."""


class Display(AbstractContextManager["Display"], Protocol):
    def show(self, task: Task) -> None: ...


def display(stream: TextIO, title: str) -> Display:
    if not stream.isatty():
        return Lines(stream, title)
    from dalang.cli.bar import Bar

    return Bar(stream, title)


class Lines:
    """One line for each new state and each quarter of the work."""

    def __init__(self, stream: TextIO, title: str) -> None:
        self._stream = stream
        self._title = title
        self._shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, task: Task) -> None:
        line = f"{self._title}: {state(task, STEP)}"
        if line != self._shown:
            self._shown = line
            print(line, file=self._stream, flush=True)


def state(task: Task, step: float = 0.01) -> str:
    """`PENDING, 2 before it` or `RUNNING 50 %`; the share of the work is rounded down to a multiple of `step`."""
    if task.status is TaskStatus.PENDING and task.queue_position:
        return f"{task.status}, {task.queue_position} before it"
    if task.status is TaskStatus.RUNNING and task.progress is not None:
        return f"{task.status} {int(task.progress / step) * step:.0%}".replace("%", " %")
    return str(task.status)
