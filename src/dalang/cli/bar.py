"""A progress bar on a terminal."""

from __future__ import annotations

from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dalang.cli.progress import state
from dalang.client import Task
from dalang.task import TaskStatus


class Bar:
    """Title, bar, state and time; the bar moves to and fro while the server tells no progress."""

    def __init__(self, stream: TextIO, title: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(finished_style="green"),  # its own is drawn as if empty where there are 16 colours
            TextColumn("{task.fields[state]}"),
            TimeElapsedColumn(),
            console=Console(file=stream),
        )
        self._row = self._progress.add_task(title, total=None, state="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, task: Task) -> None:
        done = 1.0 if task.status is TaskStatus.SUCCEEDED else task.progress
        self._progress.update(self._row, total=done and 1.0, completed=done, state=state(task))
