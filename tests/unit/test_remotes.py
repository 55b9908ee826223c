"""Other servers as the config names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dalang.config import load
from dalang.errors import ConfigError

FARM = """
[remotes.farm]
kind = "openai"
endpoints = [{ url = "http://farm/v1", key_variable = "FARM_KEY" }, { url = "http://farm-2/v1", weight = 3 }]
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "dalang.toml"
    file.write_text(text)
    return file


def test_a_key_comes_from_its_variable_and_is_not_shown(tmp_path: Path) -> None:
    config = load(written(tmp_path, FARM), {"FARM_KEY": "sk-of-the-farm"}, data="x")
    assert [endpoint.key for endpoint in config.remotes["farm"].endpoints] == ["sk-of-the-farm", None]
    assert "sk-of-the-farm" not in repr(config)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("", ""), "the environment has no variable FARM_KEY"),
        (('key_variable = "FARM_KEY"', 'key_variable = "FARM_KEY", key = "a"'), "not both"),
        (('kind = "openai"', 'kind = "openai"\ndalang = true'), "a Dalang is of kind dashscope"),
        (("http://farm-2/v1", "http://farm/v1/"), "an endpoint twice"),
        (("http://farm/v1", "farm/v1"), "remotes"),
        (("http://farm/v1", "http://farm:99999/v1"), "is no address"),
        (("http://farm/v1", "http://[farm/v1"), "is no address"),
        (("http://farm/v1", "http://user:secret@farm/v1"), "remotes"),
        (("http://farm/v1", "http://farm/v1?key=secret"), "remotes"),
        (('key_variable = "FARM_KEY"', 'key = "sk-1\\n"'), "blanks or line ends"),
        (('key_variable = "FARM_KEY"', 'key = ""'), "is empty"),
        (("weight = 3", "weight = 0"), "remotes"),
        (("weight = 3", "wight = 3"), "remotes"),
    ],
)
def test_what_cannot_be_stops_the_start(tmp_path: Path, change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        load(written(tmp_path, FARM.replace(*change)), {}, data="x")


@pytest.mark.parametrize("key", ["", " ", "sk-1\n", "sk 1", "sk-ключ"])
def test_a_key_that_no_header_can_hold_stops_the_start(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match="the key of http://farm/v1 is empty, or has") as raised:
        load(written(tmp_path, FARM), {"FARM_KEY": key}, data="x")
    assert "sk" not in str(raised.value)


def test_a_remote_needs_an_endpoint(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="remotes"):
        load(written(tmp_path, '[remotes.farm]\nkind = "openai"\nendpoints = []\n'), {}, data="x")
