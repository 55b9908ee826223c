"""The stage before the slot: what is fetched, checked and kept, and what becomes of what cannot be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import msgspec
import pytest

from dalang import inspectors as module
from dalang.errors import InvalidURL
from dalang.events import Command, Event, Inspect, Inspected
from dalang.inputs import Tools
from dalang.inspectors import TRIES, Inspectors
from dalang.moderation import Moderator
from dalang.preparation import AT_ONCE, EACH, Preparation
from dalang.prompt import Extension
from dalang.storage.local import LocalStorage
from dalang.store.sqlite import SQLiteStore
from dalang.task import Prepared, Task, TaskStatus
from tests.clock import ManualClock
from tests.samples import IMAGE, image_task, text_task
from tests.stage import Play, Stage, drops, faults, hangs, inspects, objects, others_turn, write


class Web:
    """Answers every address with a picture, once its gate is open."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self, url: str, target: Path, max_bytes: int) -> None:
        self.asked.append((url, max_bytes))
        if "gone" in url:
            raise InvalidURL("gone.example answered 404.")
        if "bug" in url:
            raise KeyError("a bug of ours")
        await self.gate.wait()
        if "refused" in url:
            raise InvalidURL("Connection to refused.example refused.", code="InvalidURL.ConnectionRefused")
        if "full" in url:
            raise OSError(28, "No space left on device")
        write(str(target))


class Kitchen:
    """A preparation and all it stands on."""

    def __init__(self, store: SQLiteStore, storage: LocalStorage, clock: ManualClock, scratch: Path) -> None:
        self.store, self.storage, self.clock, self.scratch = store, storage, clock, scratch
        self.web = Web()
        self.running: list[asyncio.Task[None]] = []

    def start(self, *plays: Play, slots: int = 1) -> Stage:
        stage = Stage(*plays, slots=slots)
        tools = Tools(self.storage, self.web, Inspectors(stage), "server")
        work = Preparation(self.store, tools, Moderator(), Extension(None), self.scratch)
        self.running.append(asyncio.create_task(work.run()))
        return stage

    async def insert(self, url: str = "https://pictures.example/fox.png", account: str = "acme") -> Task:
        task = image_task(self.clock, account=account, request=msgspec.structs.replace(IMAGE, image=url))
        await self.store.insert(task)
        return task

    def get(self, task: Task) -> Task:
        found = self.store.get(task.id)
        assert found is not None
        return found

    async def until_settled(self, *tasks: Task) -> None:
        async with asyncio.timeout(30):
            while not all(self.get(task).prepared or self.get(task).status.is_final for task in tasks):
                await self.store.changed(self.store.version)


@pytest.fixture
async def kitchen(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> AsyncIterator[Kitchen]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    kitchen = Kitchen(store, storage, clock, scratch)
    yield kitchen
    for work in kitchen.running:
        work.cancel()
    await asyncio.gather(*kitchen.running, return_exceptions=True)


async def test_a_picture_is_fetched_checked_and_kept_while_the_task_waits(kitchen: Kitchen) -> None:
    stage = kitchen.start(inspects)
    task = await kitchen.insert()
    await kitchen.until_settled(task)
    now = kitchen.get(task)
    assert (now.status, now.attempt) == (TaskStatus.PENDING, 0)
    assert now.prepared == Prepared(width=1104, height=816, image=f"{task.id}/image-server.png")
    assert content(await kitchen.storage.local(f"{task.id}/image-server.png")) == b"film"
    limit = 20 << 20
    assert kitchen.web.asked == [("https://pictures.example/fox.png", limit)]
    (command,) = stage.commands
    assert isinstance(command, Inspect)
    assert (command.tier, command.max_bytes) == ("720P", limit)
    assert left_in(kitchen.scratch) == []


async def test_a_picture_that_came_with_the_call_is_read_where_it_lies(kitchen: Kitchen) -> None:
    stage = kitchen.start(inspects)
    task = image_task(kitchen.clock)
    asked = msgspec.structs.replace(IMAGE, image=f"input:{task.id}/input")
    await kitchen.storage.write(f"{task.id}/input", [b"picture"])
    await kitchen.store.insert(msgspec.structs.replace(task, request=asked))
    await kitchen.until_settled(task)
    kept = await kitchen.storage.local(f"{task.id}/input")
    (command,) = stage.commands
    assert isinstance(command, Inspect)
    assert (command.source, kitchen.web.asked) == (str(kept), [])
    assert content(kept) == b"picture", "kept for a retry"


async def test_a_prompt_alone_starts_no_inspector(kitchen: Kitchen) -> None:
    stage = kitchen.start(inspects)
    started = []
    stage.on_idle = lambda: started.append(True)
    await kitchen.store.insert(text_task(kitchen.clock))
    for _ in range(5):
        await others_turn()
    assert (stage.commands, started) == ([], [])


@pytest.mark.parametrize(
    ("url", "play", "code"),
    [
        ("https://refused.example/", inspects, "InvalidURL.ConnectionRefused"),
        ("https://full.example/", inspects, "InternalError"),
        ("https://pictures.example/", objects, "DataInspectionFailed"),
    ],
)
async def test_what_cannot_be_prepared_has_failed_with_a_code(
    kitchen: Kitchen, url: str, play: Play, code: str
) -> None:
    kitchen.start(play)
    task = await kitchen.insert(url)
    await kitchen.until_settled(task)
    now = kitchen.get(task)
    assert (now.status, now.code, now.attempt) == (TaskStatus.FAILED, code, 0)
    assert now.message
    assert left_in(kitchen.scratch) == []


@pytest.mark.parametrize("play", [faults, drops], ids=["dies", "says nothing"])
async def test_a_picture_that_kills_its_inspectors_is_itself_the_reason(kitchen: Kitchen, play: Play) -> None:
    stage = kitchen.start(play)
    task = await kitchen.insert()
    await kitchen.until_settled(task)
    assert (kitchen.get(task).status, kitchen.get(task).code) == (TaskStatus.FAILED, "InvalidImage.FileFormat")
    assert len(stage.commands) == TRIES


async def test_an_inspector_that_died_of_something_else_is_forgiven(kitchen: Kitchen) -> None:
    kitchen.start(faults, inspects)
    task = await kitchen.insert()
    await kitchen.until_settled(task)
    assert kitchen.get(task).prepared


async def test_an_inspection_that_hangs_holds_up_nobody_for_ever(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module.SECONDS, Inspect, 0.01)
    kitchen.start(hangs, inspects)
    bomb = await kitchen.insert()
    await kitchen.until_settled(bomb)
    assert kitchen.get(bomb).code == "InvalidImage.FileFormat", "at once: it would take as long again"
    picture = await kitchen.insert()
    await kitchen.until_settled(picture)
    assert kitchen.get(picture).prepared


async def test_more_pictures_than_inspectors_take_turns(kitchen: Kitchen) -> None:
    stage = kitchen.start(inspects, slots=2)
    tasks = [await kitchen.insert() for _ in range(9)]
    await kitchen.until_settled(*tasks)
    assert all(kitchen.get(task).prepared for task in tasks)
    assert len(stage.commands) == 9
    assert not stage.was_overbooked


async def test_an_inspector_that_dies_idle_is_counted_once(kitchen: Kitchen) -> None:
    """Its successor says that it is idle too; two pictures at once must still take turns."""
    gate = asyncio.Event()

    async def waits(command: Command) -> AsyncGenerator[Event, None]:
        assert isinstance(command, Inspect)
        await gate.wait()
        write(command.target)
        yield Inspected(16, 16)

    stage = kitchen.start(inspects, waits)
    await kitchen.until_settled(await kitchen.insert())
    stage.on_idle()
    tasks = [await kitchen.insert() for _ in range(3)]
    await stage.until(begun=2, idle=0)
    gate.set()
    await kitchen.until_settled(*tasks)
    assert all(kitchen.get(task).prepared for task in tasks)
    assert not stage.was_overbooked


async def test_downloads_at_once_are_bounded(kitchen: Kitchen) -> None:
    kitchen.web.gate.clear()
    kitchen.start(inspects)
    tasks = [await kitchen.insert(account=name) for name in ("acme", "other", "third") for _ in range(EACH + 5)]
    for _ in range(40):
        await others_turn()
    assert len(kitchen.web.asked) == AT_ONCE, "in all"
    kitchen.web.gate.set()
    await kitchen.until_settled(*tasks)


async def test_one_account_s_slow_addresses_leave_room_for_another_s(kitchen: Kitchen) -> None:
    kitchen.web.gate.clear()
    kitchen.start(inspects)
    slow = [await kitchen.insert() for _ in range(AT_ONCE)]
    for _ in range(20):
        await others_turn()
    assert len(kitchen.web.asked) == EACH
    other = await kitchen.insert("https://gone.example/", account="other")
    await kitchen.until_settled(other)
    kitchen.web.gate.set()
    await kitchen.until_settled(*slow)


async def test_a_bug_in_preparation_fails_its_task_once(kitchen: Kitchen) -> None:
    kitchen.start(inspects)
    task = await kitchen.insert("https://bug.example/")
    await kitchen.until_settled(task)
    assert (kitchen.get(task).status, kitchen.get(task).code) == (TaskStatus.FAILED, "InternalError")


async def test_a_task_canceled_meanwhile_stays_canceled(kitchen: Kitchen) -> None:
    kitchen.web.gate.clear()
    kitchen.start(inspects)
    task, other = await kitchen.insert(), await kitchen.insert("https://refused.example/")
    for one in (task, other):
        await kitchen.store.cancel(one.id, "acme", "pending")
    last = await kitchen.insert()
    kitchen.web.gate.set()
    await kitchen.until_settled(last)
    for one in (task, other):
        assert (kitchen.get(one).status, kitchen.get(one).prepared) == (TaskStatus.CANCELED, None)


async def test_a_restart_begins_again_what_was_begun(kitchen: Kitchen) -> None:
    kitchen.web.gate.clear()
    kitchen.start(inspects)
    task = await kitchen.insert()
    for _ in range(10):
        await others_turn()
    kitchen.running[0].cancel()
    await asyncio.gather(*kitchen.running, return_exceptions=True)
    assert kitchen.get(task).status is TaskStatus.PENDING
    kitchen.web.gate.set()
    kitchen.start(inspects)
    await kitchen.until_settled(task)
    assert kitchen.get(task).prepared


async def test_every_line_about_a_task_carries_its_request_id(
    kitchen: Kitchen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="dalang")
    kitchen.start(faults)
    task = await kitchen.insert()
    await kitchen.until_settled(task)
    await others_turn()
    assert {record.getMessage() for record in caplog.records} == {"inspection failed", "task refused"}
    assert {getattr(record, "request_id", None) for record in caplog.records} == {task.request_id}


def content(file: Path) -> bytes:
    return file.read_bytes()


def left_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]
