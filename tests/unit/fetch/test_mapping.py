from __future__ import annotations

from pathlib import Path

import pytest

from dalang.errors import ConfigError, InvalidURL
from dalang.fetch import Fetcher, read_fetch_map
from tests.unit.fetch.corpus import PUBLIC, TRUST, Recorder, resolve

URL = "https://photos.example/cat.png?version=2"


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "cat.png").write_bytes(b"a cat")
    file = tmp_path / "map.toml"
    file.write_text(f'"{URL}" = "media/cat.png"\n')
    return file


def test_files_are_relative_to_the_map(map_file: Path) -> None:
    assert read_fetch_map(map_file) == {URL: map_file.parent / "media" / "cat.png"}


def test_an_absolute_file_stands_for_itself(map_file: Path) -> None:
    cat = map_file.parent / "media" / "cat.png"
    map_file.write_text(f'"{URL}" = "{cat}"\n')
    assert read_fetch_map(map_file) == {URL: cat}


WRONG = {
    f'"{URL}" = "media/dog.png"': ["photos.example", "dog.png", "no file"],
    f'"{URL}" = "media"': ["photos.example", "no file"],
    f'"{URL}" = 7': ["photos.example", '"URL" = "FILE"'],
    'https.example = "media/cat.png"': ["'https'", '"URL" = "FILE"'],
    '"photos.example/cat.png" = "media/cat.png"': ["photos.example/cat.png", "http://"],
    '"oss://a/b" = "media/cat.png"': ["oss://a/b", "http://"],
    f'"{URL}" = "media/cat.png"\n"{URL}" = "media/cat.png"': ["not TOML", "overwrite"],
    f"{URL} = media/cat.png": ["not TOML", "line 1"],
}


@pytest.mark.parametrize("text", WRONG)
def test_a_line_that_does_not_fit_stops_the_start_and_is_named(text: str, map_file: Path) -> None:
    map_file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_fetch_map(map_file)
    assert [part for part in [*WRONG[text], str(map_file)] if part not in str(caught.value)] == []


def test_a_map_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Cannot read the fetch map"):
        read_fetch_map(tmp_path / "nowhere.toml")
    (tmp_path / "map.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not TOML"):
        read_fetch_map(tmp_path / "map.toml")


async def test_a_mapped_address_is_read_from_disk_and_nobody_is_dialled(map_file: Path, tmp_path: Path) -> None:
    recorder = Recorder()
    fetcher = Fetcher(mapping=read_fetch_map(map_file), resolve=resolve, dial=recorder, tls=TRUST)
    await fetcher.fetch(URL, tmp_path / "target", 5)
    assert (tmp_path / "target").read_bytes() == b"a cat"
    assert recorder.dialled == []


@pytest.mark.parametrize(
    "url",
    [URL.replace("version=2", "version=3"), URL.partition("?")[0], URL + "&a=b", URL + "#a", URL.replace("p", "P", 1)],
)
async def test_any_other_spelling_is_fetched_as_ever(url: str, map_file: Path, tmp_path: Path) -> None:
    recorder = Recorder()
    fetcher = Fetcher(mapping=read_fetch_map(map_file), resolve=resolve, dial=recorder, tls=TRUST)
    with pytest.raises(InvalidURL):
        await fetcher.fetch(url, tmp_path / "target", 5)
    await fetcher.close()
    assert set(recorder.dialled) == {PUBLIC}


async def test_the_size_limit_holds_for_mapped_files_too(map_file: Path, tmp_path: Path) -> None:
    fetcher = Fetcher(mapping=read_fetch_map(map_file))
    with pytest.raises(InvalidURL, match=r"https://photos\.example/cat\.png sends more than") as caught:
        await fetcher.fetch(URL, tmp_path / "target", 4)
    assert "version" not in caught.value.message
    assert not (tmp_path / "target").exists()


async def test_a_mapped_file_that_is_gone_is_our_own_fault(map_file: Path, tmp_path: Path) -> None:
    mapping = read_fetch_map(map_file)
    mapping[URL].unlink()
    with pytest.raises(FileNotFoundError):
        await Fetcher(mapping=mapping).fetch(URL, tmp_path / "target", 5)
