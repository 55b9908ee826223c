"""The folder: begun, gone on with, read, and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from dalang.cassette.exchange import Exchange, RecordedReply, RecordedRequest
from dalang.cassette.folder import Tape, read_cassette
from dalang.errors import ConfigError
from tests.clock import ManualClock

UPSTREAM = "https://cloud.example"

EXCHANGE = Exchange(RecordedRequest(method="GET", path="/api/v1/tasks"), RecordedReply(status=200, body={"total": 0}))


@pytest.fixture
def folder(tmp_path: Path, clock: ManualClock) -> Path:
    """A cassette of one exchange."""
    Tape(tmp_path / "cassette", UPSTREAM, clock).keep("list", EXCHANGE, ())
    return tmp_path / "cassette"


def test_a_cassette_is_read_as_it_was_written(folder: Path) -> None:
    assert read_cassette(folder).takes == (("0001-list.json", EXCHANGE),)


def test_a_second_recording_goes_on_with_the_numbers(folder: Path, clock: ManualClock) -> None:
    label = (folder / "cassette.json").read_text()
    assert Tape(folder, UPSTREAM, clock).keep("list", EXCHANGE, ()) == "0002-list.json"
    assert (folder / "cassette.json").read_text() == label


def test_numbers_beyond_four_digits_keep_their_order(folder: Path, clock: ManualClock) -> None:
    (folder / "9999-list.json").write_bytes((folder / "0001-list.json").read_bytes())
    Tape(folder, UPSTREAM, clock).keep("list", EXCHANGE, ())
    assert [take.file for take in read_cassette(folder).takes][1:] == ["9999-list.json", "10000-list.json"]


def test_what_a_killed_recorder_left_goes(folder: Path, clock: ManualClock) -> None:
    for partial in (folder / ".0002-list.json.partial", folder / "files" / ".a.mp4.partial"):
        partial.write_text("half")
    Tape(folder, UPSTREAM, clock)
    assert list(folder.rglob("*.partial")) == []


def test_secrets_are_removed_but_not_words(folder: Path, clock: ManualClock) -> None:
    exchange = Exchange(EXCHANGE.request, RecordedReply(status=200, body='say "sk-a\\b-secret" to all'))
    name = Tape(folder, UPSTREAM, clock).keep("list", exchange, ["sk-a\\b-secret", "all", ""])
    assert dict(read_cassette(folder).takes)[name].reply.body == 'say "removed" to all'


def test_two_recorders_do_not_record_to_one_folder(folder: Path, clock: ManualClock) -> None:
    """Each would number its exchanges over the other's."""
    tape = Tape(folder, UPSTREAM, clock)
    with pytest.raises(ConfigError, match="Another recorder records to"):
        Tape(folder, UPSTREAM, clock)
    tape.close()
    assert Tape(folder, UPSTREAM, clock).keep("list", EXCHANGE, ()) == "0002-list.json"


def test_a_recorder_that_has_ended_leaves_nothing_but_the_cassette(folder: Path, clock: ManualClock) -> None:
    Tape(folder, UPSTREAM, clock).close()
    assert sorted(file.name for file in folder.iterdir()) == ["0001-list.json", "cassette.json", "files"]


def test_a_folder_of_something_else_is_not_recorded_to(tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(ConfigError, match="holds something else than a cassette"):
        Tape(tmp_path, UPSTREAM, clock)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_cassette_of_another_upstream_is_not_recorded_to(folder: Path, clock: ManualClock) -> None:
    with pytest.raises(ConfigError, match=r"recorded from https://cloud\.example, not from https://other\.example"):
        Tape(folder, "https://other.example", clock)


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        (
            "cassette.json",
            '{"format": 2, "upstream": "u", "recorded": "r", "dalang": "d"}',
            r"cassette\.json is of format 2",
        ),
        ("cassette.json", "[]", r"cassette\.json cannot be read as part of a cassette: Expected `object`"),
        ("0001-list.json", '{"request": {"method": "GET"', r"0001-list\.json cannot be read"),
        ("0001-list.json", "[" * 5000, r"0001-list\.json cannot be read"),
        (
            "0001-list.json",
            '{"request": {"method": "GET", "path": "/"}, "reply": {"status": 99}}',
            r"0001-list\.json .* >= 200",
        ),
        ("0001-list.json", '{"request": {"method": "GET"}, "reply": {}}', r"0001-list\.json .* `path`"),
    ],
)
def test_a_bad_cassette_is_refused_by_the_name_of_its_file(folder: Path, file: str, text: str, problem: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(ConfigError, match=problem):
        read_cassette(folder)


def test_a_folder_that_is_no_cassette_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(ConfigError, match=r"is no cassette: it has no cassette\.json"):
            read_cassette(folder)
