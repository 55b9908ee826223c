"""What keeps a recording from starting, told in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from dalang.cli import record
from dalang.errors import ConfigError


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        (["--host", "0.0.0.0"], "would send keys in the clear"),
        (["--upstream", "cloud.example"], "must look like"),
        (["--port", "99999"], "Setting port"),
        (["--tls-cert", "cert.pem"], "belong together"),
    ],
)
def test_a_recording_that_cannot_be_made_does_not_start(tmp_path: Path, flags: list[str], problem: str) -> None:
    cassette = tmp_path / "cassette"
    arguments = ["--upstream", "https://cloud.example", "--cassette", str(cassette), *flags]
    with pytest.raises(ConfigError, match=problem):
        record.run(record.parser().parse_args(arguments))
    assert not cassette.exists()


def test_a_servers_settings_do_not_reach_a_recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable would stop a server: the folder is what stops the recorder."""
    monkeypatch.setenv("DALANG_PORT", "no number")
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(ConfigError, match="holds something else"):
        record.run(record.parser().parse_args(["--upstream", "https://cloud.example", "--cassette", str(tmp_path)]))
