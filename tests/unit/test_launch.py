"""Settings of a child server, as it will read them, and what is said of one that did not come up."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dalang.launch import StartFailed, last_line, starting, toml


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (3, 3),
        (True, True),
        ("24h", "24h"),
        ('a "quoted" \\ 狐狸 🦊\n', 'a "quoted" \\ 狐狸 🦊\n'),
        (Path("/some/folder"), "/some/folder"),
        (("a", "b"), ["a", "b"]),
        (["a"], ["a"]),
        ({"*.example": "cn-beijing", "b": "c"}, {"*.example": "cn-beijing", "b": "c"}),
        ({}, {}),
    ],
)
def test_settings_are_read_as_they_were_given(value: Any, read: object) -> None:
    assert tomllib.loads(toml({"before": 1, "setting": value})) == {"before": 1, "setting": read}


@pytest.mark.parametrize(
    ("log", "line"),
    [
        ("", "it said nothing"),
        ("one\ntwo\n\n", "two"),
        ("one\ndalang: Setting port: no.\n", "Setting port: no."),
        ("dalang: Setting port: no.\nFatal Python error: at interpreter shutdown\n", "Setting port: no."),
    ],
)
def test_the_reason_is_what_the_command_said_last_or_the_last_line(log: str, line: str) -> None:
    assert last_line(log) == line


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with starting(tmp_path, {"engine": "crayon"}, os.environ) as child, pytest.raises(StartFailed, match="crayon"):
        child.wait()
    assert child.process.poll() is not None
