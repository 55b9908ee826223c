from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.media_host import picture
from tests.e2e.running import dalang

PICTURE = "https://pictures.example/a.jpg?version=1"


@pytest.fixture
def fetch_map(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.jpg").write_bytes(picture())
    (tmp_path / "media" / "text.jpg").write_bytes(b"no picture")
    (tmp_path / "media" / "large.jpg").write_bytes(bytes((10 << 20) + 1))
    file = tmp_path / "media" / "map.toml"
    file.write_text(
        f'"{PICTURE}" = "a.jpg"\n'
        '"https://pictures.example/text.jpg" = "text.jpg"\n'
        '"https://pictures.example/large.jpg" = "large.jpg"\n'
    )
    return file


def test_mapped_addresses_are_as_if_fetched(launch: Launch, fetch_map: Path) -> None:
    server = launch(fetch_map=str(fetch_map))
    good = server.create_from(PICTURE)
    broken = server.create_from("https://pictures.example/text.jpg")
    large = server.create_from("https://pictures.example/large.jpg")
    other = server.create_from("http://127.0.0.1:9/a.jpg?version=2")
    assert server.succeed(good)["video_url"]
    assert server.fail(broken)["code"] == "InvalidImage.FileFormat"
    assert "more than 10 MB" in server.fail(large)["message"]
    assert "DALANG_FETCH_ALLOW" in server.fail(other)["message"]


def test_a_map_with_a_file_that_is_missing_stops_the_start(tmp_path: Path, fetch_map: Path) -> None:
    (fetch_map.parent / "a.jpg").unlink()
    done = dalang("serve", "--data", tmp_path / "data", "--port", "0", fetch_map=str(fetch_map))
    assert done.returncode == 1
    assert PICTURE in done.stderr
    assert "a.jpg" in done.stderr
