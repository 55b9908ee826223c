"""What is pulled is whole or does not look so; what is here is not fetched again."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import filelock
import pytest

from dalang.errors import WeightsError
from dalang.weights.folder import Folder
from dalang.weights.hub import MOST, Hub
from dalang.weights.manifest import read_manifest
from dalang.weights.origin import Want
from dalang.weights.place import Place
from dalang.weights.pull import TRIES, Moved, pull
from tests.unit.weights.mirror import CHECKPOINT, REVISION, WEIGHTS, Asked, Mirror, mirror

WANT = Want("wan2.1-t2v-14b", "Wan-AI/Wan2.1-T2V-14B-Diffusers")
BIG = "transformer/a.safetensors"


def fetch(hub: Mirror, weights: Path, want: Want = WANT) -> list[Moved]:
    return list(pull(want, Hub(hub.address), weights, pause=lambda _: None))


def refused(hub: Mirror, weights: Path) -> str:
    with pytest.raises(WeightsError) as error:
        fetch(hub, weights)
    assert not Place.of(WANT, weights).is_here, "what is not whole does not look whole"
    return str(error.value)


def held(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_all_weights_come_and_nothing_else(hub: Mirror, tmp_path: Path) -> None:
    moved = fetch(hub, tmp_path)
    found = held(tmp_path / WANT.name)
    assert found.pop("dalang.json")
    assert found == {path: CHECKPOINT[path] for path in WEIGHTS}
    assert moved[-1].done == moved[-1].total == sum(map(len, found.values()))


def test_the_file_by_which_a_checkpoint_counts_comes_last(hub: Mirror, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    assert hub.fetched()[-1] == "model_index.json"


def test_the_manifest_says_what_came_from_where(hub: Mirror, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    manifest = read_manifest(tmp_path / WANT.name / "dalang.json")
    assert manifest
    assert (manifest.repository, manifest.revision) == (WANT.repository, REVISION)
    assert manifest.files == {path: hashlib.sha256(CHECKPOINT[path]).hexdigest() for path in WEIGHTS}


def test_what_is_here_is_not_fetched_again(hub: Mirror, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    hub.asked.clear()
    moved = fetch(hub, tmp_path)
    assert hub.fetched() == []
    assert [step.done for step in moved] == [moved[0].total]


def test_what_was_laid_here_otherwise_is_read_and_taken_over(hub: Mirror, tmp_path: Path) -> None:
    write(tmp_path / WANT.name)
    (tmp_path / WANT.name / "transformer" / "config.json").write_bytes(b'{"layers": 9}')
    fetch(hub, tmp_path)
    assert hub.fetched() == ["transformer/config.json", "model_index.json"]
    assert {fault for _, fault in Place.of(WANT, tmp_path).check()} == {None}


# What breaks off


def test_a_file_that_breaks_off_is_gone_on_with(hub: Mirror, tmp_path: Path) -> None:
    hub.cuts[BIG] = 3_000_000
    fetch(hub, tmp_path)
    first, again = (asked for asked in hub.asked if asked.path == BIG)
    assert first.range is None
    assert again.range
    start = int(again.range.removeprefix("bytes=").removesuffix("-"))
    assert 1_000_000 < start <= 3_000_000, "what had come is not asked for again"
    assert held(tmp_path / WANT.name)[BIG] == CHECKPOINT[BIG]


def test_a_mirror_without_ranges_sends_the_file_anew(hub: Mirror, tmp_path: Path) -> None:
    hub.has_ranges = False
    hub.cuts[BIG] = 3_000_000
    fetch(hub, tmp_path)
    assert hub.fetched().count(BIG) == 2
    assert held(tmp_path / WANT.name)[BIG] == CHECKPOINT[BIG]


def test_files_may_lie_on_another_host_as_those_of_the_hub_do(hub: Mirror, tmp_path: Path) -> None:
    with mirror() as store:
        hub.elsewhere = store.address
        store.cuts[BIG] = 3_000_000
        fetch(hub, tmp_path)
        assert [asked.range is None for asked in store.asked if asked.path == BIG] == [True, False]
    assert held(tmp_path / WANT.name)[BIG] == CHECKPOINT[BIG]


def test_a_mirror_that_is_busy_is_asked_again(hub: Mirror, tmp_path: Path) -> None:
    hub.failures = [503, 429]
    fetch(hub, tmp_path)
    assert Place.of(WANT, tmp_path).is_here


def test_a_mirror_that_stays_busy_is_left_alone(hub: Mirror, tmp_path: Path) -> None:
    hub.failures = [503] * 100
    assert "503" in refused(hub, tmp_path)
    assert len(hub.asked) == TRIES


def test_a_file_that_does_not_move_is_given_up(hub: Mirror, tmp_path: Path) -> None:
    moves = pull(WANT, Hub(hub.address), tmp_path, pause=lambda _: None)
    next(moves)
    hub.failures = [503] * 100
    with pytest.raises(WeightsError, match=r"scheduler_config\.json broke off .*503.*same command"):
        list(moves)
    assert len(hub.failures) == 100 - TRIES


def test_pauses_grow(hub: Mirror, tmp_path: Path) -> None:
    hub.failures = [503] * 100
    pauses: list[float] = []
    with pytest.raises(WeightsError):
        list(pull(WANT, Hub(hub.address), tmp_path, pauses.append))
    assert pauses == sorted(set(pauses))
    assert len(pauses) == TRIES - 1


def test_nobody_there_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"127\.0\.0\.1:9.*--from"):
        list(pull(WANT, Hub("http://127.0.0.1:9"), tmp_path, pause=lambda _: None))


def test_the_same_command_fetches_only_what_is_missing(hub: Mirror, tmp_path: Path) -> None:
    stop_after(hub, tmp_path, "transformer/b.safetensors")
    before = set(hub.fetched())
    hub.asked.clear()
    fetch(hub, tmp_path)
    assert before & set(hub.fetched()) <= {"transformer/b.safetensors"}
    assert hub.fetched()[-1] == "model_index.json"


def stop_after(hub: Mirror, weights: Path, path: str) -> Moved:
    """Left alone once some of `path` has come."""
    return next(moved for moved in pull(WANT, Hub(hub.address), weights) if moved.path == path)


KILLED = """
import os, signal, sys
from pathlib import Path
from dalang.weights.hub import MOST, Hub
from dalang.weights.origin import Want
from dalang.weights.pull import pull
for moved in pull(Want(*sys.argv[1:3]), Hub(sys.argv[3]), Path(sys.argv[4])):
    if moved.path == sys.argv[5]:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("path", [BIG, "transformer/b.safetensors", "model_index.json"])
def test_a_kill_at_any_file_leaves_what_the_next_pull_goes_on_with(hub: Mirror, tmp_path: Path, path: str) -> None:
    command = [sys.executable, "-c", KILLED, *WANT[:2], hub.address, str(tmp_path), path]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    assert not Place.of(WANT, tmp_path).is_here, "what is not whole does not look whole"
    whole = {file for file in held(tmp_path / WANT.name) if file in WEIGHTS}
    hub.asked.clear()
    fetch(hub, tmp_path)
    assert whole.isdisjoint(hub.fetched()), "what was whole is not fetched again"
    assert set(held(tmp_path / WANT.name)) == {*WEIGHTS, "dalang.json"}, "no part is left"


# What is wrong


def test_a_wrong_byte_is_named_and_thrown_away(hub: Mirror, tmp_path: Path) -> None:
    hub.sent[BIG] = CHECKPOINT[BIG][:-1] + b"?"
    assert BIG in refused(hub, tmp_path)
    assert not any(name.startswith(BIG) for name in held(tmp_path / WANT.name))
    hub.sent.clear()
    fetch(hub, tmp_path)
    assert Place.of(WANT, tmp_path).is_here


def test_a_wrong_byte_of_a_small_file_is_named_too(hub: Mirror, tmp_path: Path) -> None:
    hub.sent["transformer/config.json"] = b'{"layers": 3}'
    assert "transformer/config.json" in refused(hub, tmp_path)


def test_more_bytes_than_were_told_are_not_taken(hub: Mirror, tmp_path: Path) -> None:
    hub.sent[BIG] = CHECKPOINT[BIG] * 2
    assert "sends more" in refused(hub, tmp_path)


def test_a_file_that_is_listed_and_not_there_is_named(hub: Mirror, tmp_path: Path) -> None:
    hub.listing = hub.siblings()
    del hub.files[BIG]
    message = refused(hub, tmp_path)
    assert BIG in message
    assert "404" in message


@pytest.mark.parametrize(
    "name",
    [
        "../out.json",
        "/etc/out.json",
        "a/../../out.json",
        "a//b.json",
        ".hidden.json",
        "a\\..\\b.json",
        "c:/b.json",
        "a/b/c/d/e.json",
        "a\x00b.json",
        "-rf.json",
    ],
)
def test_names_that_lead_elsewhere_end_the_pull_before_its_first_byte(hub: Mirror, tmp_path: Path, name: str) -> None:
    hub.listing = [*hub.siblings(), {"rfilename": name, "size": 2, "blobId": "0" * 40}]
    assert "may not become a file" in refused(hub, tmp_path / "weights")
    assert hub.fetched() == []


@pytest.mark.parametrize(
    "listing",
    [
        [{"rfilename": "model_index.json", "size": 2}],
        [{"rfilename": "model_index.json", "size": -2, "blobId": "0" * 40}],
        [{"rfilename": "model_index.json", "size": 2, "lfs": {"sha256": "no"}}],
        [{"rfilename": "config.json", "size": 2, "blobId": "0" * 40}],
        [{"name": "model_index.json"}],
        [{"rfilename": name, "size": 2, "blobId": "0" * 40} for name in ("model_index.json", "A.json", "a.json")],
    ],
    ids=["no checksum", "no size", "no digest", "no index", "no name", "the same name"],
)
def test_a_listing_that_is_none_is_refused(hub: Mirror, tmp_path: Path, listing: list[dict[str, Any]]) -> None:
    hub.listing = listing
    refused(hub, tmp_path)
    assert hub.fetched() == []


def test_nothing_is_written_through_a_link(hub: Mirror, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / WANT.name).mkdir()
    (tmp_path / WANT.name / "transformer").symlink_to(tmp_path / "elsewhere")
    assert "link" in refused(hub, tmp_path)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_is_a_link_is_not_filled(hub: Mirror, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / WANT.name).symlink_to(tmp_path / "elsewhere")
    assert "link" in refused(hub, tmp_path / "weights")


def test_nothing_is_taken_out_of_a_folder_that_is_a_link(hub: Mirror, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "transformer" / "config.json").unlink()
    before = held(tmp_path / "elsewhere")
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / WANT.name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WeightsError, match="link"):
        fetch(hub, tmp_path / "weights")
    assert held(tmp_path / "elsewhere") == before


@pytest.mark.parametrize("body", [b'{"x": ' + b"[" * 100_000, b'{"sha": 1}', b"<html>", b"\xff"])
def test_a_mirror_that_speaks_otherwise_is_told_of(hub: Mirror, tmp_path: Path, body: bytes) -> None:
    hub.told = body
    assert "does not speak as the hub does" in refused(hub, tmp_path)


def test_a_listing_has_an_end(hub: Mirror, tmp_path: Path) -> None:
    hub.told = b" " * (MOST + 1)
    assert "more than 8 MB" in refused(hub, tmp_path)


@pytest.mark.parametrize("sha", ["../../other/resolve/main", "", "main?x=", "a b"])
def test_a_revision_is_a_name(hub: Mirror, tmp_path: Path, sha: str) -> None:
    hub.told = json.dumps({"sha": sha, "siblings": hub.siblings()}).encode()
    assert "revision that is none" in refused(hub, tmp_path)
    assert hub.fetched() == []


def test_nothing_is_unpacked_on_the_way(hub: Mirror, tmp_path: Path) -> None:
    hub.headers = {"Content-Encoding": "gzip"}
    fetch(hub, tmp_path)
    assert held(tmp_path / WANT.name)[BIG] == CHECKPOINT[BIG]


class Disk(NamedTuple):
    free: int


def test_a_disk_that_is_too_small_is_told_in_numbers_before_the_first_byte(
    hub: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(free=1_000_000))
    huge = {"rfilename": "transformer/c.safetensors", "size": 200_000_000, "lfs": {"sha256": "0" * 64}}
    hub.listing = [*hub.siblings(), huge]
    message = refused(hub, tmp_path)
    assert "needs 0.2 GB more" in message
    assert "0.0 GB left" in message
    assert hub.fetched() == []


def test_what_is_here_needs_no_room(hub: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_after(hub, tmp_path, "transformer/b.safetensors")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(free=100_000))
    fetch(hub, tmp_path)


def test_what_came_before_it_broke_off_needs_no_room(
    hub: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = stop_after(hub, tmp_path, BIG)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(free=moved.total - moved.done))
    fetch(hub, tmp_path)


def test_two_pulls_of_the_same_do_not_meet(hub: Mirror, tmp_path: Path) -> None:
    (tmp_path / WANT.name).mkdir()
    with filelock.FileLock(tmp_path / WANT.name / f".{WANT.name}.lock"):
        assert "Another pull" in refused(hub, tmp_path)


# Another revision


def test_another_revision_replaces_what_has_changed(hub: Mirror, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    hub.asked.clear()
    hub.files["transformer/config.json"] = b'{"layers": 3}'
    fetch(hub, tmp_path)
    assert hub.fetched() == ["transformer/config.json", "model_index.json"]
    assert held(tmp_path / WANT.name)["transformer/config.json"] == b'{"layers": 3}'


def test_while_it_is_replaced_a_checkpoint_does_not_look_whole(hub: Mirror, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    hub.files[BIG] = CHECKPOINT[BIG][::-1]
    stop_after(hub, tmp_path, BIG)
    assert not Place.of(WANT, tmp_path).is_here


def test_a_part_of_another_revision_is_not_gone_on_with(hub: Mirror, tmp_path: Path) -> None:
    stop_after(hub, tmp_path, BIG)
    hub.asked.clear()
    hub.files[BIG] = CHECKPOINT[BIG][::-1]
    fetch(hub, tmp_path)
    assert Asked(BIG, None) in hub.asked
    found = held(tmp_path / WANT.name)
    assert found[BIG] == CHECKPOINT[BIG][::-1]
    assert set(found) == {*WEIGHTS, "dalang.json"}, "no part is left"


# Checking again


def test_weights_are_held_against_the_manifest(hub: Mirror, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    place = Place.of(WANT, tmp_path)
    assert {fault for _, fault in place.check()} == {None}
    with place.file(BIG).open("r+b") as stream:
        stream.write(b"?")
    place.file("scheduler/scheduler_config.json").unlink()
    faults = {path: fault for path, fault in place.check() if fault}
    assert faults == {BIG: "is not what was fetched", "scheduler/scheduler_config.json": "is missing"}


def test_what_was_not_pulled_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="was not pulled"):
        Place.of(WANT, tmp_path).check()


# LoRA weights


def test_lora_weights_come_as_one_file_by_their_alias(hub: Mirror, tmp_path: Path) -> None:
    hub.files = {"v1/high.safetensors": b"high", "v1/low.safetensors": b"low", "model_index.json": b"{}"}
    want = Want("lightning", "lightx2v/Lightning", "v1/high.safetensors")
    fetch(hub, tmp_path, want)
    assert (tmp_path / "loras" / "lightning.safetensors").read_bytes() == b"high"
    assert hub.fetched() == ["v1/high.safetensors"]
    assert {fault for _, fault in Place.of(want, tmp_path).check()} == {None}


def test_a_pickle_is_no_lora(hub: Mirror, tmp_path: Path) -> None:
    hub.files = {"lora.bin": b"cos"}
    with pytest.raises(WeightsError, match=r"no lora\.bin"):
        fetch(hub, tmp_path, Want("lightning", "lightx2v/Lightning", "lora.bin"))


# From a folder


@pytest.mark.parametrize("inner", ["", WANT.name, WANT.repository, "Wan2.1-T2V-14B-Diffusers"])
def test_a_folder_of_this_machine_is_copied(tmp_path: Path, inner: str) -> None:
    write(tmp_path / "mnt" / inner)
    list(pull(WANT, Folder(tmp_path / "mnt"), tmp_path / "weights"))
    found = held(tmp_path / "weights" / WANT.name)
    assert found.pop("dalang.json")
    assert found == {path: CHECKPOINT[path] for path in WEIGHTS}


def test_of_a_folder_of_several_the_one_by_that_name_is_taken(tmp_path: Path) -> None:
    write(tmp_path / "mnt")
    write(tmp_path / "mnt" / WANT.name)
    (tmp_path / "mnt" / WANT.name / "transformer" / "config.json").write_bytes(b'{"layers": 9}')
    list(pull(WANT, Folder(tmp_path / "mnt"), tmp_path / "weights"))
    assert held(tmp_path / "weights" / WANT.name)["transformer/config.json"] == b'{"layers": 9}'


def test_a_folder_that_holds_another_checkpoint_is_refused(hub: Mirror, tmp_path: Path) -> None:
    fetch(hub, tmp_path / "mnt")
    other = Want("wan2.2-t2v-a14b", "Wan-AI/Wan2.2-T2V-A14B-Diffusers")
    with pytest.raises(WeightsError, match=f"holds {WANT.repository}"):
        list(pull(other, Folder(tmp_path / "mnt" / WANT.name), tmp_path / "weights"))
    assert not Place.of(other, tmp_path / "weights").is_here


def test_a_folder_is_held_against_the_manifest_that_it_has(hub: Mirror, tmp_path: Path) -> None:
    fetch(hub, tmp_path / "mnt")
    with Place.of(WANT, tmp_path / "mnt").file(BIG).open("r+b") as stream:
        stream.write(b"?")
    with pytest.raises(WeightsError, match=BIG):
        list(pull(WANT, Folder(tmp_path / "mnt"), tmp_path / "weights"))
    assert not Place.of(WANT, tmp_path / "weights").is_here


def test_a_copy_without_checksums_begins_anew(tmp_path: Path) -> None:
    write(tmp_path / "mnt")
    next(moved for moved in pull(WANT, Folder(tmp_path / "mnt"), tmp_path / "weights") if moved.path == BIG)
    (tmp_path / "mnt" / BIG).write_bytes(CHECKPOINT[BIG][::-1])
    list(pull(WANT, Folder(tmp_path / "mnt"), tmp_path / "weights"))
    assert held(tmp_path / "weights" / WANT.name)[BIG] == CHECKPOINT[BIG][::-1]


def test_a_folder_without_the_weights_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=rf"has no {WANT.name}"):
        list(pull(WANT, Folder(tmp_path), tmp_path / "weights"))


def test_lora_weights_of_a_folder_are_copied(tmp_path: Path) -> None:
    (tmp_path / "mnt" / "v1").mkdir(parents=True)
    (tmp_path / "mnt" / "v1" / "high.safetensors").write_bytes(b"high")
    list(pull(Want("lightning", "x/y", "v1/high.safetensors"), Folder(tmp_path / "mnt"), tmp_path / "weights"))
    assert (tmp_path / "weights" / "loras" / "lightning.safetensors").read_bytes() == b"high"


def write(folder: Path) -> None:
    for path, content in CHECKPOINT.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
