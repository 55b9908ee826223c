"""What clients may read of a library's words."""

from __future__ import annotations

from dalang.engines.wan.reason import LONGEST, reason


def test_it_is_one_line_without_the_machines_folders() -> None:
    error = OSError("no file at /srv/weights/a/config.json\n\tnor elsewhere")
    assert reason(error, "/srv/weights/a", "a") == "no file at a/config.json nor elsewhere"


def test_an_error_without_words_is_told_by_its_name() -> None:
    assert reason(MemoryError(), "/srv", "a") == "MemoryError"


def test_a_long_one_is_cut() -> None:
    assert len(reason(ValueError("size mismatch " * 99), "/srv", "a")) == LONGEST + 1
