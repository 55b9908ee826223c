"""The data folder: private where it holds secrets, and the same from start to start."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from dalang.errors import ConfigError
from dalang.home import Home, Place, read_place, write_place, write_private


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "deep" / "data")
    home.create()
    return home


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_new_folder_is_its_owners(home: Home) -> None:
    home.create()
    assert mode(home.root) == 0o700
    assert list(home.root.iterdir()) == []


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for root in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(ConfigError, match=r"Cannot write to the data folder .*file.*--data"):
            Home(root).create()


def test_the_secret_is_made_once_and_private(home: Home) -> None:
    secret = home.secret()
    assert len(secret) == 32
    assert home.secret() == secret == Home(home.root).secret()
    assert mode(home.root / "secret") == 0o600


def test_the_env_file_is_private_and_gives_the_key_back(home: Home) -> None:
    assert home.known_key() is None
    old = os.umask(0)
    try:
        home.write_env("http://127.0.0.1:8000", "sk-abc")
    finally:
        os.umask(old)
    assert mode(home.env) == 0o600
    assert home.env.read_text().splitlines() == [
        "export DASHSCOPE_HTTP_BASE_URL=http://127.0.0.1:8000/api/v1",
        "export DASHSCOPE_API_KEY=sk-abc",
        "export DALANG_URL=http://127.0.0.1:8000",
        "export DALANG_API_KEY=sk-abc",
    ]
    assert home.known_key() == "sk-abc"
    home.env.write_text("# mine now\n")
    assert home.known_key() is None


def test_a_file_is_replaced_whole(home: Home) -> None:
    file = home.root / "note"
    file.write_text("old" * 1000)
    write_private(file, "new")
    assert file.read_text() == "new"
    assert list(home.root.iterdir()) == [file], "no partial file stays"


def test_the_ready_file_says_where_we_are(tmp_path: Path) -> None:
    write_place(tmp_path / "ready", Place("http://127.0.0.1:9", 7, "me"))
    told = json.loads((tmp_path / "ready").read_text())
    assert (told["url"], told["pid"]) == ("http://127.0.0.1:9", 7)
    assert read_place(tmp_path / "ready") == Place("http://127.0.0.1:9", 7, "me")


def test_a_server_forgets_its_own_place_only(home: Home) -> None:
    write_place(home.running, Place("http://127.0.0.1:9", 1, "other"))
    home.forget_running("me", [])
    assert home.running.exists(), "it is another's by now"
    home.forget_running("other", [])
    assert not home.running.exists()


def test_a_server_that_stays_takes_the_place_of_one_that_goes(home: Home) -> None:
    home.servers.mkdir(parents=True)
    stays, goes = (Place(f"http://127.0.0.1:{port}", 1, name, f"https://{name}") for port, name in ((8, "a"), (9, "b")))
    for place in (stays, goes):
        write_place(home.place_of(place.server), place)
        write_place(home.running, place)
        home.write_env(place.public, "sk-abcdef")
    home.forget_running("b", ["a", "unknown"])
    assert read_place(home.running) == stays
    assert "https://a/api/v1" in home.env.read_text()
    assert home.known_key() == "sk-abcdef"


def test_nothing_in_env_is_more_than_text(home: Home) -> None:
    """A shell reads it."""
    home.write_env("http://127.0.0.1:9", "sk-a b;$(touch oops)'")
    assert home.known_key() == "sk-a b;$(touch oops)'"
    shell = subprocess.run(
        ["sh", "-c", f'. "{home.env}" && printf %s "$DASHSCOPE_API_KEY"'], capture_output=True, text=True, check=True
    )
    assert shell.stdout == "sk-a b;$(touch oops)'"


@pytest.mark.parametrize("content", ["", "ab", "no hex at all", "00" * 31])
def test_a_damaged_secret_stops_the_start(home: Home, content: str) -> None:
    """Signing with what is left of it would let anyone sign."""
    (home.root / "secret").write_text(content)
    with pytest.raises(ConfigError, match="is damaged"):
        home.secret()


@pytest.mark.parametrize("content", ["", "\n\n", "# don't\n", "export DASHSCOPE_API_KEY=\n"])
def test_an_env_edited_by_hand_gives_no_key_and_no_error(home: Home, content: str) -> None:
    home.env.write_text(content)
    assert home.known_key() is None


def test_the_folder_of_a_server_at_work_is_not_for_tests(home: Home) -> None:
    """A reset would delete its tasks."""
    home.database.touch()
    with pytest.raises(ConfigError, match=r"a reset would delete what dalang\.db holds"):
        home.reserve_for_tests()


@pytest.mark.parametrize("name", ["files", "media"])
def test_a_folder_of_a_name_that_a_reset_empties_is_not_for_tests(home: Home, name: str) -> None:
    """`--data .`, in a project whose own files lie in `media`."""
    (home.root / name).mkdir()
    with pytest.raises(ConfigError, match=f"a reset would delete what {name} holds"):
        home.reserve_for_tests()


def test_a_folder_for_tests_is_not_for_a_server_at_work(home: Home) -> None:
    """The next reset would delete its tasks."""
    home.refuse_if_for_tests()
    home.reserve_for_tests()
    with pytest.raises(ConfigError, match="is a folder for tests"):
        home.refuse_if_for_tests()


def test_a_folder_that_was_for_tests_is_for_tests_again(home: Home) -> None:
    home.reserve_for_tests()
    home.database.touch()
    home.reserve_for_tests()
