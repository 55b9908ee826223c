"""Who holds its lock is alive; what the dead leave is cleared away."""

from __future__ import annotations

from pathlib import Path

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
