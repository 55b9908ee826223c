"""How progress reads."""

import io

import pytest

from dalang.cli.bar import Bar
from dalang.cli.progress import Lines, display, state
from dalang.client import Task
from dalang.task import TaskStatus


class Terminal(io.StringIO):
    def isatty(self):
        return True


def running(progress):
    return Task(id="t-1", status=TaskStatus.RUNNING, progress=progress)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (Task(id="t", status=TaskStatus.PENDING), "PENDING"),
        (Task(id="t", status=TaskStatus.PENDING, queue_position=2), "PENDING, 2 before it"),
        (running(None), "RUNNING"),
        (running(0.499), "RUNNING 49 %"),
        (running(1.0), "RUNNING 100 %"),
        (Task(id="t", status=TaskStatus.SUCCEEDED, progress=1.0), "SUCCEEDED"),
    ],
)
def test_a_state_in_words(task, words):
    assert state(task) == words


def test_lines_come_at_each_new_state_and_quarter():
    stream = io.StringIO()
    with display(stream, "a boat") as shown:
        assert isinstance(shown, Lines)
        for share in range(101):
            shown.show(running(share / 100))
    assert stream.getvalue().splitlines() == [f"a boat: RUNNING {quarter} %" for quarter in (0, 25, 50, 75, 100)]


def test_a_terminal_gets_a_bar():
    stream = Terminal()
    with display(stream, "a boat") as shown:
        assert isinstance(shown, Bar)
        shown.show(running(0.5))
        shown.show(Task(id="t-1", status=TaskStatus.SUCCEEDED))
    assert "a boat" in stream.getvalue()
    assert "SUCCEEDED" in stream.getvalue()
