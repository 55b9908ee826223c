"""How far a long transfer has come: a bar on a terminal, a line for each quarter elsewhere."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol, Self, TextIO

QUARTERS = 4


class Gauge(AbstractContextManager["Gauge"], Protocol):
    def show(self, done: int, total: int) -> None:
        """In bytes."""
        ...


def gauge(stream: TextIO, title: str) -> Gauge:
    return TransferBar(stream, title) if stream.isatty() else QuarterLines(stream, title)


class QuarterLines:
    def __init__(self, stream: TextIO, title: str) -> None:
        self._stream = stream
        self._title = title
        self._shown = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, done: int, total: int) -> None:
        quarter = QUARTERS * done // total if total else QUARTERS
        if quarter > self._shown:
            self._shown = quarter
            line = f"{self._title}: {gigabytes(done)} of {gigabytes(total)}"
            print(line, file=self._stream, flush=True)


class TransferBar:
    """Title, bar, bytes, rate and time to go."""

    def __init__(self, stream: TextIO, title: str) -> None:
        from rich import progress  # 40 ms that nobody pays who sees no bar
        from rich.console import Console

        self._progress = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(finished_style="green"),
            progress.DownloadColumn(),
            progress.TransferSpeedColumn(),
            progress.TimeRemainingColumn(),
            console=Console(file=stream),
        )
        self._row: progress.TaskID | None = None
        self._title = title

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, done: int, total: int) -> None:
        """What is done at the first call was done before: the rate does not count it."""
        if self._row is None:
            self._row = self._progress.add_task(self._title, total=total, completed=done)
        self._progress.update(self._row, completed=done)


def gigabytes(count: float) -> str:
    """`126.3 GB`, `21.5 MB`, `465 bytes`."""
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count:.0f} bytes"
