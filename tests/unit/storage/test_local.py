"""Files in a folder: durable, together by task, reached by signed links and by nothing else."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from dalang.ids import new_id
from dalang.storage.local import LocalStorage
from tests.clock import START, ManualClock

HOUR = 3_600_000


@pytest.fixture
def task_id(clock: ManualClock) -> str:
    return new_id(clock)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    file = tmp_path / "made.mp4"
    file.write_bytes(b"film")
    return file


def follow(storage: LocalStorage, url: str) -> Path | None:
    """What the server does with a link."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    return storage.open_url(parts.path.removeprefix("/files/"), query.get("Expires"), query.get("Signature"))


async def test_putting_takes_the_file_over(storage: LocalStorage, task_id: str, made: Path) -> None:
    await storage.put(f"{task_id}/1.mp4", made)
    assert content(await storage.local(f"{task_id}/1.mp4")) == b"film"
    assert not is_there(made)
    assert await storage.keys(task_id) == [f"{task_id}/1.mp4"]


async def test_a_write_that_fails_leaves_nothing(storage: LocalStorage, task_id: str) -> None:
    def breaks() -> object:
        yield b"half"
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        await storage.write(f"{task_id}/input", breaks())
    assert await storage.keys(task_id) == []


async def test_copies_outlive_their_source(storage: LocalStorage, clock: ManualClock, task_id: str) -> None:
    other = new_id(clock)
    await storage.write(f"{task_id}/input", [b"pic", b"ture"])
    for _ in range(2):
        await storage.copy(f"{task_id}/input", f"{other}/input")
    await storage.delete_task(task_id)
    assert content(await storage.local(f"{other}/input")) == b"picture"


async def test_files_of_a_task_go_together_and_going_twice_is_no_fault(storage: LocalStorage, task_id: str) -> None:
    for name in ("input", "image.png", "1.mp4"):
        await storage.write(f"{task_id}/{name}", [b"x"])
    await storage.delete(f"{task_id}/1.mp4")
    await storage.delete(f"{task_id}/1.mp4")
    assert sorted(await storage.keys(task_id)) == [f"{task_id}/image.png", f"{task_id}/input"]
    await storage.delete_task(task_id)
    await storage.delete_task(task_id)
    assert not is_there(await storage.local(f"{task_id}/input"))


async def test_old_means_that_nothing_of_the_task_was_touched_since(
    storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> None:
    old, touched, young = (new_id(clock) for _ in range(3))
    for task_id in (old, touched, young):
        await storage.write(f"{task_id}/input", [b"x"])
    for task_id in (old, touched):
        age(tmp_path / "files", task_id, START - 2 * HOUR)
    age(tmp_path / "files", young, START)
    os.utime(await storage.local(f"{touched}/input"), (START / 1000, START / 1000))
    assert await storage.tasks_before(START - HOUR) == [old]


def age(root: Path, task_id: str, time: int) -> None:
    folder = root / task_id[:6] / task_id
    for path in (*folder.iterdir(), folder):
        os.utime(path, (time / 1000, time / 1000))


# Links


async def test_a_link_opens_its_file_until_it_expires(
    storage: LocalStorage, clock: ManualClock, task_id: str, made: Path
) -> None:
    key = f"{task_id}/1.mp4"
    await storage.put(key, made)
    url = storage.url(key, START + HOUR)
    assert url == storage.url(key, START + HOUR), "the same from poll to poll"
    assert f"Expires={(START + HOUR) // 1000}" in url
    assert follow(storage, url) == await storage.local(key)
    clock.advance(HOUR + 1000)
    assert follow(storage, url) is None


async def test_a_link_for_good_stays_good(storage: LocalStorage, clock: ManualClock, task_id: str, made: Path) -> None:
    await storage.put(f"{task_id}/1.mp4", made)
    url = storage.url(f"{task_id}/1.mp4", None)
    assert "Expires" not in url
    clock.advance(10_000 * HOUR)
    assert follow(storage, url)


@pytest.mark.parametrize("expires", [None, START + HOUR])
@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("1.mp4", "2.mp4"),
        lambda url: url.replace("Expires=1", "Expires=2") if "Expires" in url else url + "&Expires=9999999999",
        lambda url: url[:-1] + ("A" if url[-1] != "A" else "B"),
        lambda url: url.partition("Signature")[0] + "Signature=",
        lambda url: url.partition("Signature")[0],
        lambda url: url.partition("Signature")[0] + "Signature=%C3%A9%00",
        lambda url: url + "&Expires=None" if "Expires" not in url else url.replace("Expires=", "Expires=0"),
    ],
    ids=["other file", "later", "other signature", "empty", "none", "strange", "odd time"],
)
async def test_a_tampered_link_opens_nothing(
    storage: LocalStorage, task_id: str, change: object, expires: int | None
) -> None:
    for name in ("1.mp4", "2.mp4"):
        await storage.write(f"{task_id}/{name}", [b"film"])
    url = storage.url(f"{task_id}/1.mp4", expires)
    assert follow(storage, url)
    assert callable(change)
    assert follow(storage, change(url)) is None


async def test_another_servers_secret_opens_nothing(tmp_path: Path, storage: LocalStorage, task_id: str) -> None:
    await storage.write(f"{task_id}/1.mp4", [b"film"])
    other = LocalStorage(tmp_path / "files", b"another secret", ManualClock())
    assert follow(storage, other.url(f"{task_id}/1.mp4", None)) is None


async def test_a_link_to_a_deleted_file_opens_nothing(storage: LocalStorage, task_id: str) -> None:
    await storage.write(f"{task_id}/1.mp4", [b"film"])
    url = storage.url(f"{task_id}/1.mp4", None)
    await storage.delete_task(task_id)
    assert follow(storage, url) is None


# Keys


@pytest.mark.parametrize(
    "key",
    [
        "../secret",
        "..%2fsecret",
        "{id}/..",
        "{id}/.",
        "{id}/",
        "{id}",
        "{id}/a/b",
        "{id}/../../secret",
        "/etc/passwd",
        "{upper}/1.mp4",
        "",
    ],
)
async def test_a_key_that_is_no_task_and_name_reaches_no_path(storage: LocalStorage, task_id: str, key: str) -> None:
    trick = key.format(id=task_id, upper=task_id.upper())
    with pytest.raises(ValueError, match=r"no key|no task|unpack"):
        await storage.local(trick)
    with pytest.raises(ValueError, match=r"no key|no task|unpack"):
        await storage.write(trick, [b"x"])


async def test_only_a_task_has_a_folder_to_delete(storage: LocalStorage, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no task"):
        await storage.delete_task("..")


async def test_many_at_once(storage: LocalStorage, clock: ManualClock) -> None:
    ids = [new_id(clock) for _ in range(20)]
    await asyncio.gather(*(storage.write(f"{task_id}/input", [task_id.encode()]) for task_id in ids))
    assert [content(await storage.local(f"{task_id}/input")).decode() for task_id in ids] == ids


def content(file: Path) -> bytes:
    return file.read_bytes()


def is_there(file: Path) -> bool:
    return file.exists()
