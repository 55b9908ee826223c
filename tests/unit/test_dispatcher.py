"""The main loop against a real store and storage, with plays in the place of workers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dalang.attempt import BEAT, LOAD_MS, MAX_ATTEMPTS
from dalang.config import Config
from dalang.dispatcher import Dispatcher
from dalang.errors import ConfigError, WorkerFault
from dalang.events import Command, Event, Progress, Render, Rendered
from dalang.liveness import Liveness
from dalang.moderation import Moderator
from dalang.routes import GPU, LOCAL
from dalang.storage.local import LocalStorage
from dalang.store.sqlite import SQLiteStore
from dalang.task import Prepared, Task, TaskStatus
from tests.clock import START, ManualClock
from tests.samples import image_task, text_task
from tests.stage import Play, Stage, drops, errs, faults, films, hangs, objects, others_turn, overfills, write
from tests.unit.conftest import DAY

LEASE = 60_000

NO_POOLS: Mapping[str, Stage] = {}


class House:
    """A dispatcher and all it stands on."""

    def __init__(self, store: SQLiteStore, storage: LocalStorage, clock: ManualClock, liveness: Liveness) -> None:
        self.store, self.storage, self.clock, self.liveness = store, storage, clock, liveness

    def dispatcher(self, stage: Stage, pools: Mapping[str, Stage] = NO_POOLS, **settings: Any) -> Dispatcher:
        """`stage` is LOCAL's."""
        config = Config(data="unused", **settings)
        executors = {LOCAL: stage, **pools}
        return Dispatcher(config, self.store, self.storage, executors, Moderator(), self.liveness, self.clock)

    async def insert(self, task: Task | None = None) -> Task:
        task = task or text_task(self.clock)
        await self.store.insert(task)
        return task

    def get(self, task: Task) -> Task:
        found = self.store.get(task.id)
        assert found is not None
        return found

    async def until(self, holds: Callable[[], object]) -> None:
        """Waits for changes of the store, never for time."""
        async with asyncio.timeout(30):
            while not holds():
                await self.store.changed(self.store.version)

    async def until_final(self, *tasks: Task) -> None:
        await self.until(lambda: all(self.get(task).status.is_final for task in tasks))

    async def until_status(self, task: Task, status: TaskStatus) -> None:
        await self.until(lambda: self.get(task).status is status)


@pytest.fixture
def liveness(tmp_path: Path) -> Iterator[Liveness]:
    liveness = Liveness(tmp_path / "servers", "me")
    liveness.open()
    yield liveness
    liveness.close()


@pytest.fixture
def house(store: SQLiteStore, storage: LocalStorage, clock: ManualClock, liveness: Liveness) -> House:
    return House(store, storage, clock, liveness)


# The good end


async def test_a_waiting_task_is_rendered_published_and_billed(house: House, clock: ManualClock) -> None:
    task = await house.insert()
    stage = Stage(films)
    await house.dispatcher(stage).step()
    await house.until_final(task)
    now = house.get(task)
    assert (now.status, now.attempt, now.failures) == (TaskStatus.SUCCEEDED, 1, 0)
    assert (now.result, now.warnings, now.expires) == (f"{task.id}/1.mp4", ("dim light",), START + DAY)
    assert now.usage
    assert now.usage["size"] == "1280*720"
    assert content(await house.storage.local(f"{task.id}/1.mp4")) == b"film"
    assert left_in(house.liveness.scratch) == []


async def test_an_engine_is_told_what_was_asked_and_prepared(house: House, clock: ManualClock) -> None:
    prepared = Prepared(width=816, height=1104, image="")
    task = image_task(clock)
    prepared = Prepared(width=816, height=1104, image=f"{task.id}/image.png")
    await house.store.insert(task)
    await house.store.prepare(task.id, prepared)
    stage = Stage(films)
    await house.dispatcher(stage).step()
    await house.until_final(task)
    (command,) = stage.commands
    assert isinstance(command, Render)
    assert (command.engine, command.request.width, command.request.height) == ("slate", 816, 1104)
    assert (command.request.seed, command.request.prompt) == (task.request.seed, task.request.prompt)
    assert command.request.image == str(await house.storage.local(f"{task.id}/image.png"))


async def test_only_idle_slots_are_filled(house: House, clock: ManualClock) -> None:
    tasks = [await house.insert() for _ in range(5)]
    stage = Stage(hangs, slots=2)
    dispatcher = house.dispatcher(stage)
    for _ in range(3):
        await dispatcher.step()
    assert [house.get(task).status for task in tasks].count(TaskStatus.RUNNING) == 2
    await stage.until(begun=2, idle=0)
    await dispatcher.step()
    assert [house.get(task).status for task in tasks].count(TaskStatus.PENDING) == 3
    await dispatcher.drain(0)


async def test_the_loop_runs_a_queue_to_its_end_without_being_called(house: House, clock: ManualClock) -> None:
    stage = Stage(films, slots=2)
    loop = asyncio.create_task(house.dispatcher(stage).run())
    tasks = [await house.insert() for _ in range(7)]
    await house.until_final(*tasks)
    assert {house.get(task).status for task in tasks} == {TaskStatus.SUCCEEDED}
    assert len(stage.commands) == 7
    loop.cancel()


@pytest.mark.parametrize("turns", range(5))
async def test_a_cancel_that_meets_a_wake_up_ends_the_loop(house: House, turns: int) -> None:
    stage = Stage(films, slots=0)
    loop = asyncio.create_task(house.dispatcher(stage).run())
    for _ in range(10):
        await others_turn()
    stage.on_idle()
    for _ in range(turns):
        await others_turn()
    loop.cancel()
    done, _ = await asyncio.wait([loop], timeout=5)
    assert done, "else a SIGTERM in a busy moment would hang"


# Faults


async def test_a_fault_is_tried_again_with_pauses_and_ends_after_three(house: House, clock: ManualClock) -> None:
    task = await house.insert()
    dispatcher = house.dispatcher(Stage(faults))
    for failures, pause in ((1, 0), (2, 1000)):
        await dispatcher.step()
        await house.until_status(task, TaskStatus.PENDING)
        now = house.get(task)
        assert (now.failures, now.attempt, now.ready) == (failures, failures, clock() + pause)
        clock.advance(pause)
    await dispatcher.step()
    await house.until_final(task)
    now = house.get(task)
    assert (now.status, now.code, now.attempt) == (TaskStatus.FAILED, "InternalError.Algo", 3)
    assert now.message
    assert now.message.startswith("inference internal error.")
    assert now.usage is None, "failures are free"


async def test_a_second_attempt_may_succeed(house: House, clock: ManualClock) -> None:
    task = await house.insert()
    dispatcher = house.dispatcher(Stage(faults, films))
    await dispatcher.step()
    await house.until_status(task, TaskStatus.PENDING)
    await dispatcher.step()
    await house.until_final(task)
    assert (house.get(task).status, house.get(task).result) == (TaskStatus.SUCCEEDED, f"{task.id}/2.mp4")


async def test_a_worker_that_gives_no_answer_is_at_fault(house: House) -> None:
    task = await house.insert()
    await house.dispatcher(Stage(drops)).step()
    await house.until_status(task, TaskStatus.PENDING)
    assert house.get(task).failures == 1


@pytest.mark.parametrize(
    ("play", "code"), [(objects, "DataInspectionFailed"), (overfills, "InternalError.Upload")], ids=["asked", "full"]
)
async def test_what_another_attempt_cannot_mend_ends_at_once(house: House, play: Play, code: str) -> None:
    task = await house.insert()
    await house.dispatcher(Stage(play)).step()
    await house.until_final(task)
    assert (house.get(task).status, house.get(task).code, house.get(task).attempt) == (TaskStatus.FAILED, code, 1)
    assert left_in(house.liveness.scratch) == []


async def test_no_progress_for_a_lease_is_a_fault(house: House) -> None:
    task = await house.insert()
    stage = Stage(hangs)
    await house.dispatcher(stage, lease="20ms").step()
    await house.until_status(task, TaskStatus.PENDING)
    assert (house.get(task).failures, stage.idle) == (1, 1)


async def test_a_render_has_a_limit_however_much_it_progresses(house: House, clock: ManualClock) -> None:
    async def dawdles(command: Command) -> AsyncGenerator[Event, None]:
        while True:
            yield Progress(0.5)
            await others_turn()

    task = await house.insert()
    await house.dispatcher(Stage(dawdles), render_limit="30ms").step()
    await house.until_final(task)
    assert (house.get(task).status, house.get(task).code) == (TaskStatus.FAILED, "InternalError.Timeout")


async def test_ten_attempts_are_enough_whatever_ended_them(house: House, clock: ManualClock) -> None:
    task = await house.insert()
    dispatcher = house.dispatcher(Stage(films, slots=0))
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert house.get(task).status is TaskStatus.PENDING, f"before attempt {attempt}"
        await house.store.claim("dead", 1, LEASE)
        await dispatcher.step()
    now = house.get(task)
    assert (now.status, now.attempt, now.failures) == (TaskStatus.FAILED, MAX_ATTEMPTS, 0)


# Other servers


async def test_a_dead_servers_task_comes_back_at_once_at_no_cost(house: House, clock: ManualClock) -> None:
    task = await house.insert()
    await house.store.claim("dead", 1, LEASE)
    await house.dispatcher(Stage(films, slots=0)).step()
    now = house.get(task)
    assert (now.status, now.attempt, now.failures, now.ready) == (TaskStatus.PENDING, 1, 0, clock())


async def test_a_living_servers_task_comes_back_when_its_lease_has_ended(
    house: House, clock: ManualClock, tmp_path: Path
) -> None:
    other = Liveness(tmp_path / "servers", "other")
    other.open()
    task = await house.insert()
    await house.store.claim("other", 1, LEASE)
    dispatcher = house.dispatcher(Stage(films, slots=0))
    clock.advance(LEASE)
    await dispatcher.step()
    assert house.get(task).status is TaskStatus.RUNNING
    clock.advance(1)
    await dispatcher.step()
    assert (house.get(task).status, house.get(task).failures) == (TaskStatus.PENDING, 0)
    other.close()


async def test_our_own_task_that_nobody_works_on_comes_back_with_its_lease(house: House, clock: ManualClock) -> None:
    """So it is after an end that could not be written down."""
    task = await house.insert()
    stage = Stage(errs, films)
    dispatcher = house.dispatcher(stage)
    await dispatcher.step()
    await stage.until(begun=1, idle=1)
    await dispatcher.step()
    assert house.get(task).status is TaskStatus.RUNNING
    await others_turn()
    clock.advance(LEASE + 1)
    await dispatcher.step()
    await house.until_final(task)
    assert (house.get(task).status, house.get(task).attempt, house.get(task).failures) == (TaskStatus.SUCCEEDED, 2, 0)


async def test_our_running_task_is_left_alone_past_its_lease(house: House, clock: ManualClock) -> None:
    task = await house.insert()
    dispatcher = house.dispatcher(Stage(hangs))
    await dispatcher.step()
    clock.advance(LEASE * 2)
    await dispatcher.step()
    assert (house.get(task).status, house.get(task).attempt) == (TaskStatus.RUNNING, 1)
    await dispatcher.drain(0)


async def test_a_task_taken_over_while_we_were_stopped_can_be_ours_again(house: House, clock: ManualClock) -> None:
    """Two attempts of one task live here for a while: the zombie that stops slowly, and the new one."""
    zombie_may_end, film_may_end = asyncio.Event(), asyncio.Event()

    async def stops_slowly(command: Command) -> AsyncGenerator[Event, None]:
        yield Progress(0.1)
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await zombie_may_end.wait()
        raise WorkerFault("It was stopped.")

    async def films_slowly(command: Command) -> AsyncGenerator[Event, None]:
        await film_may_end.wait()
        async for event in films(command):
            yield event

    task = await house.insert()
    stage = Stage(stops_slowly, films_slowly, slots=2)
    dispatcher = house.dispatcher(stage)
    await dispatcher.step()
    await stage.until(begun=1, idle=1)
    await house.store.release(house.get(task), 0, clock())
    await dispatcher.step()
    await stage.until(begun=2, idle=0)
    zombie_may_end.set()
    await stage.until(begun=2, idle=1)
    for _ in range(5):
        await others_turn()
        await house.insert(text_task(clock, prepared=None))  # writes keep their order: the zombie's last is over now
    film_may_end.set()
    await house.until_final(task)
    now = house.get(task)
    assert (now.status, now.result, now.failures) == (TaskStatus.SUCCEEDED, f"{task.id}/2.mp4", 0)
    await stage.until(begun=2, idle=2)


# Pools


async def test_each_pool_has_slots_of_its_own(house: House, clock: ManualClock) -> None:
    far = [await house.insert(text_task(clock, pool="cloud", engine="cloud")) for _ in range(2)]
    near = [await house.insert() for _ in range(2)]
    local, cloud = Stage(films), Stage(hangs)
    dispatcher = house.dispatcher(local, {"cloud": cloud})
    loop = asyncio.create_task(dispatcher.run())
    await house.until_final(*near)
    loop.cancel()
    assert len(cloud.commands) == 1
    assert sorted(house.get(task).status for task in far) == ["PENDING", "RUNNING"]
    await dispatcher.drain(0)
    assert (local.is_closed, cloud.is_closed) == (True, True)
    assert {house.get(task).status for task in far} == {"PENDING"}


class Unlit(Stage):
    async def start(self, on_idle: Callable[[], None]) -> None:
        raise ConfigError("The key of this remote is not set.")


async def test_a_pool_that_cannot_be_started_holds_up_no_other(
    house: House, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    local = Stage(films)
    loop = asyncio.create_task(house.dispatcher(local, {"cloud": Unlit(hangs, slots=0)}).run())
    await house.until_final(await house.insert())
    assert "pool not started" in caplog.messages
    loop.cancel()


async def test_the_task_for_which_a_slot_has_the_weights_goes_first(house: House, clock: ManualClock) -> None:
    other = await house.insert(
        text_task(clock, pool=GPU, engine="wan", checkpoint="other", profile="fast", account="other")
    )
    clock.advance(1)
    ours = await house.insert(text_task(clock, pool=GPU, engine="wan", checkpoint="ours", profile="fast"))
    gpu = Stage(hangs)
    gpu.wanted = ["ours fast"]
    dispatcher = house.dispatcher(Stage(films), {GPU: gpu})
    await dispatcher.step()
    assert (house.get(ours).attempt, house.get(other).attempt) == (1, 0)
    await dispatcher.drain(0)


async def test_what_is_on_its_way_to_a_pool_takes_no_slot_of_another(
    house: House, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.storage, "local", never)
    far = await house.insert(text_task(clock, pool="cloud", engine="cloud", prepared=WITH_PICTURE))
    dispatcher = house.dispatcher(Stage(films), {"cloud": Stage(hangs)})
    await dispatcher.step()
    near = await house.insert()
    await dispatcher.step()
    await house.until_final(near)
    assert house.get(far).status is TaskStatus.RUNNING
    await dispatcher.drain(0)


async def test_a_slot_for_which_a_task_is_on_its_way_wants_no_other(
    house: House, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def insert(name: str, account: str) -> Task:
        clock.advance(1)
        weights = {"engine": "wan", "checkpoint": name, "profile": "fast", "prepared": WITH_PICTURE}
        return await house.insert(text_task(clock, pool=GPU, account=account, **weights))

    monkeypatch.setattr(house.storage, "local", never)
    gpu = Stage(hangs, slots=2)
    gpu.wanted = ["A fast", "B fast"]
    dispatcher = house.dispatcher(Stage(films), {GPU: gpu})
    await insert("A", "first")
    await dispatcher.step()
    older, younger = await insert("A", "second"), await insert("B", "third")
    await dispatcher.step()
    assert (house.get(older).attempt, house.get(younger).attempt) == (0, 1)
    await dispatcher.drain(0)


WITH_PICTURE = Prepared(width=1280, height=720, image="picture")


async def never(key: str) -> Path:
    await asyncio.Event().wait()
    raise AssertionError("nobody tells it to go on")


async def test_a_claim_for_weights_is_good_until_they_are_loaded(house: House, clock: ManualClock) -> None:
    task = await house.insert(text_task(clock, pool=GPU, engine="wan", checkpoint="wan2.2-ti2v-5b", profile="fast"))
    dispatcher = house.dispatcher(Stage(films), {GPU: Stage(hangs)})
    await dispatcher.step()
    assert house.get(task).lease_end == clock() + LOAD_MS
    await dispatcher.drain(0)


async def test_tasks_of_a_pool_that_is_no_more_are_told_so(house: House, clock: ManualClock) -> None:
    task = await house.insert(text_task(clock, pool="cloud", engine="cloud"))
    dispatcher = house.dispatcher(Stage(films))
    await dispatcher.step()
    await house.until_final(task)
    now = house.get(task)
    assert (now.status, now.code, now.attempt) == (TaskStatus.FAILED, "InternalError.Algo", 1)
    assert now.message
    assert "'cloud', which is neither an engine nor a remote" in now.message


async def test_tasks_of_another_servers_pools_are_left_to_it(house: House, clock: ManualClock, tmp_path: Path) -> None:
    other = Liveness(tmp_path / "servers", "other")
    other.open()
    task = await house.insert(text_task(clock, pool="cloud", engine="cloud"))
    dispatcher = house.dispatcher(Stage(films))
    await dispatcher.step()
    assert (house.get(task).pool, house.get(task).status) == ("cloud", TaskStatus.PENDING)
    other.close()
    await dispatcher.step()
    await house.until_final(task)


# Cancel, publish, drain


async def test_a_canceled_attempt_stops_and_its_slot_is_free(house: House) -> None:
    task, waiting = await house.insert(), await house.insert()
    stage = Stage(hangs, films)
    dispatcher = house.dispatcher(stage)
    await dispatcher.step()
    await stage.until(begun=1, idle=0)
    running, other = sorted((task, waiting), key=lambda one: house.get(one).attempt, reverse=True)
    assert await house.store.cancel(running.id, "acme", "any")
    await dispatcher.step()
    await stage.until(begun=1, idle=1)
    await dispatcher.step()
    await house.until_final(other)
    assert house.get(running).status is TaskStatus.CANCELED
    assert house.get(other).status is TaskStatus.SUCCEEDED
    assert left_in(house.liveness.scratch) == []


async def test_an_unwanted_attempt_is_stopped_once(house: House) -> None:
    """A worker takes up to 1.5 s for a polite end, and the loop steps on meanwhile."""
    stops, ended = 0, asyncio.Event()

    async def ends_slowly(command: Command) -> AsyncGenerator[Event, None]:
        nonlocal stops
        yield Progress(0.1)
        while not ended.is_set():
            try:
                await ended.wait()
            except asyncio.CancelledError:
                stops += 1

    task = await house.insert()
    stage = Stage(ends_slowly)
    dispatcher = house.dispatcher(stage)
    await dispatcher.step()
    await stage.until(begun=1, idle=0)
    await house.store.cancel(task.id, "acme", "any")
    for _ in range(4):
        await dispatcher.step()
        await others_turn()
    assert stops == 1
    ended.set()
    await stage.until(begun=1, idle=1)


async def test_a_heartbeat_that_lost_its_fence_ends_the_work(house: House, clock: ManualClock) -> None:
    task = await house.insert()
    published = asyncio.Event()

    async def is_canceled_meanwhile(command: Command) -> AsyncGenerator[Event, None]:
        await house.store.cancel(task.id, "acme", "any")
        clock.advance(BEAT)
        yield Progress(0.2)
        published.set()
        yield Rendered(())

    stage = Stage(is_canceled_meanwhile)
    await house.dispatcher(stage).step()
    await house.until_final(task)
    await stage.until(begun=1, idle=1)
    assert not published.is_set()


async def test_progress_is_written_down_with_the_lease(house: House, clock: ManualClock) -> None:
    async def progresses(command: Command) -> AsyncGenerator[Event, None]:
        for fraction in (0.25, 0.5):
            clock.advance(BEAT)
            yield Progress(fraction)
        await asyncio.Event().wait()

    task = await house.insert()
    dispatcher = house.dispatcher(Stage(progresses))
    await dispatcher.step()
    await house.until(lambda: house.get(task).progress == 0.5)
    assert house.get(task).lease_end == clock() + LEASE
    await dispatcher.drain(0)


async def test_a_publish_that_lost_its_fence_leaves_no_file(house: House) -> None:
    task = await house.insert()

    async def is_canceled_at_the_end(command: Command) -> AsyncGenerator[Event, None]:
        assert isinstance(command, Render)
        write(command.output)
        await house.store.cancel(task.id, "acme", "any")
        yield Rendered(())

    stage = Stage(is_canceled_at_the_end)
    dispatcher = house.dispatcher(stage)
    await dispatcher.step()
    await house.until_final(task)
    await dispatcher.drain(5)
    assert (house.get(task).status, house.get(task).result) == (TaskStatus.CANCELED, None)
    assert await house.storage.keys(task.id) == []


async def test_a_drain_lets_tasks_end_in_its_grace(house: House) -> None:
    task = await house.insert()
    stage = Stage(films)
    dispatcher = house.dispatcher(stage)
    await dispatcher.step()
    await dispatcher.drain(5)
    assert house.get(task).status is TaskStatus.SUCCEEDED
    assert stage.is_closed


async def test_a_drain_gives_back_what_does_not_end_at_no_cost(house: House, clock: ManualClock) -> None:
    task, waiting = await house.insert(), await house.insert()
    stage = Stage(hangs)
    dispatcher = house.dispatcher(stage)
    await dispatcher.step()
    await stage.until(begun=1, idle=0)
    await dispatcher.drain(0)
    for one in (task, waiting):
        now = house.get(one)
        assert (now.status, now.failures, now.ready) == (TaskStatus.PENDING, 0, clock())
    assert (stage.idle, stage.is_closed, len(stage.commands)) == (1, True, 1)


async def test_hurry_ends_the_grace(house: House) -> None:
    task = await house.insert()
    stage = Stage(hangs)
    dispatcher = house.dispatcher(stage)
    await dispatcher.step()
    await stage.until(begun=1, idle=0)
    dispatcher.hurry()
    async with asyncio.timeout(30):
        await dispatcher.drain(3600)
    assert house.get(task).status is TaskStatus.PENDING


# Time


async def test_row_and_files_expire_together(house: House, clock: ManualClock) -> None:
    task = await house.insert()
    dispatcher = house.dispatcher(Stage(films))
    await dispatcher.step()
    await house.until_final(task)
    clock.advance(DAY - 1)
    await dispatcher.step()
    assert house.store.get(task.id)
    clock.advance(1)
    await dispatcher.step()
    assert house.store.get(task.id) is None
    assert not is_there(await house.storage.local(f"{task.id}/1.mp4"))


# Logs


async def test_every_line_about_a_task_carries_its_request_id(
    house: House, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="dalang")
    task = await house.insert()
    await house.store.claim("dead", 1, LEASE)
    stage = Stage(faults, hangs, films)
    dispatcher = house.dispatcher(stage)
    await dispatcher.step()
    await house.until(lambda: house.get(task).failures == 1)
    await dispatcher.step()
    await stage.until(begun=2, idle=0)
    await dispatcher.drain(0)
    again = house.dispatcher(stage)
    await again.step()
    await house.until_final(task)
    events = {record.getMessage() for record in caplog.records}
    assert {"task recovered", "task running", "attempt failed", "task released", "task succeeded"} <= events
    for record in caplog.records:
        assert getattr(record, "request_id", None) == task.request_id, record.getMessage()


def content(file: Path) -> bytes:
    return file.read_bytes()


def is_there(file: Path) -> bool:
    return file.exists()


def left_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def test_a_drain_gives_back_what_was_claimed_as_it_began(house: House) -> None:
    """The claim was committed, and the loop canceled before it could make an attempt of it."""
    task = await house.insert()
    await house.store.claim("me", 1, LEASE)
    await house.dispatcher(Stage(films)).drain(0)
    assert (house.get(task).status, house.get(task).failures) == (TaskStatus.PENDING, 0)
