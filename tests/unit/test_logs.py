"""One line an event, in either form; facts beside it."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from dalang.config import Config
from dalang.logs import JsonLine, TextLine, set_up


def record(message: str = "task running", **extra: Any) -> logging.LogRecord:
    made = logging.getLogger("dalang.test").makeRecord(
        "dalang.test", logging.INFO, "f", 1, message, (), None, extra=extra
    )
    made.created = 1_758_769_648.59
    return made


def test_a_text_line() -> None:
    line = TextLine().format(record(task_id="abc", reason="no space", code=None, attempt=2))
    assert line == '2025-09-25T03:07:28.590Z info    task running task_id=abc reason="no space" attempt=2'


@pytest.mark.parametrize("hostile", ["two\nlines", 'quote"d', "tab\t", "esc\x1b[2J", "\u2028"])
def test_a_text_line_stays_one_line(hostile: str) -> None:
    line = TextLine().format(record(reason=hostile))
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def test_a_json_line() -> None:
    line = JsonLine().format(record(task_id="abc", reason="two\nlines", size=(1, 2), odd=object))
    assert "\n" not in line
    facts = json.loads(line)
    assert facts.pop("odd")
    assert facts == {
        "time": "2025-09-25T03:07:28.590Z",
        "level": "info",
        "event": "task running",
        "task_id": "abc",
        "reason": "two\nlines",
        "size": [1, 2],
    }


def test_an_exception_follows_its_line() -> None:
    made = record()
    try:
        raise ValueError("why")
    except ValueError:
        made.exc_info = sys.exc_info()
    assert "ValueError: why" in TextLine().format(made)
    assert "ValueError: why" in json.loads(JsonLine().format(made))["exception"]


@pytest.mark.parametrize(("form", "formatter"), [("json", JsonLine), ("text", TextLine)])
def test_settings_choose_form_and_level(form: str, formatter: type[logging.Formatter]) -> None:
    root, ours, theirs = logging.getLogger(), logging.getLogger("dalang"), logging.getLogger("_granian")
    before = (root.handlers[:], root.level, ours.level, theirs.level)
    try:
        set_up(Config(data="d", log_format=form, log_level="debug"))  # type: ignore[arg-type]
        assert isinstance(root.handlers[0].formatter, formatter)
        assert logging.getLogger("dalang.x").isEnabledFor(logging.DEBUG)
        assert not logging.getLogger("httpcore").isEnabledFor(logging.INFO), "libraries from WARNING on"
    finally:
        root.handlers[:], root.level = before[0], before[1]
        ours.setLevel(before[2])
        theirs.setLevel(before[3])
