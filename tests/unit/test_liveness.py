"""Who holds its lock is alive; what the dead leave is cleared away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from dalang.liveness import Liveness


def test_a_server_lives_from_open_to_close(tmp_path: Path) -> None:
    first, second = Liveness(tmp_path / "servers", "first"), Liveness(tmp_path / "servers", "second")
    first.open()
    second.open()
    assert first.is_alive("first")
    assert first.is_alive("second")
    assert second.is_alive("first")
    assert first.scratch.is_dir()
    first.close()
    assert not second.is_alive("first")
    assert not first.scratch.exists()
    second.close()
    assert list((tmp_path / "servers").iterdir()) == []


def test_one_that_was_never_here_is_not_alive(tmp_path: Path) -> None:
    liveness = Liveness(tmp_path, "me")
    liveness.open()
    assert not liveness.is_alive("stranger")
    assert not (tmp_path / "stranger.lock").exists()
    liveness.close()


def test_what_a_killed_server_left_is_cleared_at_the_next_start(tmp_path: Path) -> None:
    """The kernel frees the lock of a killed process; its files stay."""
    (tmp_path / "killed.lock").touch()
    (tmp_path / "killed").mkdir()
    (tmp_path / "killed" / "half.mp4").write_bytes(b"x")
    liveness = Liveness(tmp_path, "me")
    liveness.open()
    assert not (tmp_path / "killed").exists()
    assert not (tmp_path / "killed.lock").exists()
    liveness.close()


def test_looking_does_not_take_the_lock_away(tmp_path: Path) -> None:
    first, second = Liveness(tmp_path, "first"), Liveness(tmp_path, "second")
    first.open()
    second.open()
    for _ in range(3):
        assert second.is_alive("first")
    assert first.scratch.is_dir()
    first.close()
    second.close()


def test_a_neighbour_that_looks_at_our_lock_as_we_start_only_delays_us(tmp_path: Path) -> None:
    look = FileLock(tmp_path / "me.lock")
    look.acquire()
    liveness = Liveness(tmp_path, "me")
    with ThreadPoolExecutor(1) as thread:
        opening = thread.submit(liveness.open)
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.1)
        look.release()
        opening.result(timeout=5)
        thread.submit(liveness.close).result()


def test_a_dead_server_s_address_goes_with_its_lock(tmp_path: Path) -> None:
    (tmp_path / "dead.lock").touch()
    (tmp_path / "dead.json").write_text("{}")
    me = Liveness(tmp_path, "me")
    me.open()
    assert not (tmp_path / "dead.json").exists()
    me.close()
