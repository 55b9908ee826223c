"""One attempt, where the dispatcher's tests do not reach."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest

from dalang.attempt import BEAT, LOAD_MS, STILLS, Attempt, Parts, patience
from dalang.errors import ProtocolError
from dalang.events import Command, Event, Obtain, Progress, Render, Rendered
from dalang.moderation import Moderator
from dalang.routes import GPU, LOCAL
from dalang.storage.local import LocalStorage
from dalang.store.sqlite import SQLiteStore
from dalang.task import Prepared, Task, TaskStatus, VideoRequest
from dalang.weights.library import Library
from tests.clock import ManualClock
from tests.samples import text_task
from tests.stage import Stage, films, write


async def runs_out_of_files(command: Command) -> AsyncGenerator[Event, None]:
    raise OSError(errno.EMFILE, "Too many open files")
    yield


async def claimed(store: SQLiteStore, clock: ManualClock) -> Task:
    await store.insert(text_task(clock))
    return (await store.claim("me", 1, 60_000))[0]


def parts(store: SQLiteStore, storage: LocalStorage, stage: Stage, scratch: Path, clock: ManualClock) -> Parts:
    return Parts(
        store,
        storage,
        {LOCAL: stage},
        scratch,
        clock,
        lease=60_000,
        render_limit=600_000,
        moderator=Moderator(),
        with_provenance=False,
        library=Library(scratch / "weights"),
    )


async def test_one_that_is_stopped_before_it_began_is_reported_all_the_same(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> None:
    """A canceled asyncio task that never ran runs no `finally`; its slot would count as taken for ever."""
    ended: list[Attempt] = []
    attempt = Attempt(await claimed(store, clock), parts(store, storage, Stage(films), tmp_path, clock), ended.append)
    attempt.stop()
    await asyncio.wait([attempt.work])
    await asyncio.sleep(0)
    assert ended == [attempt]


async def test_too_many_open_files_is_no_full_disk(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> None:
    task = await claimed(store, clock)
    stage = Stage(runs_out_of_files)
    await stage.start(lambda: None)
    attempt = Attempt(task, parts(store, storage, stage, tmp_path, clock), lambda _: None)
    await asyncio.wait([attempt.work])
    now = store.get(task.id)
    assert now is not None
    assert (now.status, now.failures) == (TaskStatus.PENDING, 1), "another attempt may not meet it"


def test_weights_may_take_their_time_to_load() -> None:
    lease = 60_000
    assert patience(LOCAL, lease) == patience("cloud", lease) == lease
    assert patience(GPU, lease) == LOAD_MS > lease
    assert patience(GPU, LOAD_MS * 2) == LOAD_MS * 2, "an operator who gives more is heard"


async def test_signs_of_life_do_not_shorten_the_lease_of_a_render_with_weights(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> None:
    leases: list[int] = []

    async def loads(command: Command) -> AsyncGenerator[Event, None]:
        for fraction in (0.0, 0.0, 0.1):
            clock.advance(BEAT)
            yield Progress(fraction)
            row = store.get(task.id)
            assert row
            assert row.lease_end
            leases.append(row.lease_end - clock())
        raise ProtocolError("Enough.")

    await store.insert(text_task(clock, engine="tests.engines.weighty:Weighty", pool=GPU, **WEIGHTS))
    (task,) = await store.claim("me", 1, 60_000, None, GPU)
    given = with_weights(parts(store, storage, Stage(loads), tmp_path, clock))
    await asyncio.wait([Attempt(task, given, lambda _: None).work])
    assert leases == [LOAD_MS] * 3


WEIGHTS = {"checkpoint": "wan2.2-ti2v-5b", "profile": "fast"}


def with_weights(parts: Parts) -> Parts:
    """That has them on its disk, and a slot."""
    folder = parts.library.folder / WEIGHTS["checkpoint"]
    folder.mkdir(parents=True)
    (folder / "model_index.json").write_text("{}")
    return parts._replace(executors={LOCAL: Stage(films), GPU: parts.executors[LOCAL]})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"engine": "cloud"}, "neither an engine nor a remote"),
        ({"engine": "wan", **WEIGHTS}, "no route leads to weights"),
        ({"engine": "wan", "pool": GPU, **WEIGHTS, "checkpoint": "wan2.2-t2v-a14b"}, "not on this machine"),
        ({"engine": "wan", "pool": GPU, **WEIGHTS, "checkpoint": "gone"}, "There is no checkpoint 'gone'"),
        ({"engine": "wan", "pool": GPU, **WEIGHTS, "profile": "gone"}, "There is no profile 'gone'"),
    ],
)
async def test_what_the_config_no_longer_has_ends_a_task_at_once_and_says_why(
    store: SQLiteStore,
    storage: LocalStorage,
    clock: ManualClock,
    tmp_path: Path,
    changes: dict[str, str],
    sentence: str,
) -> None:
    await store.insert(text_task(clock, **changes))
    (task,) = await store.claim("me", 1, 60_000, None, changes.get("pool", LOCAL))
    stage = Stage(films)
    given = with_weights(parts(store, storage, stage, tmp_path, clock))
    await asyncio.wait([Attempt(task, given, lambda _: None).work])
    now = store.get(task.id)
    assert now
    assert (now.status, now.code, now.attempt) == (TaskStatus.FAILED, "InternalError.Algo", 1)
    assert now.message
    assert sentence in now.message
    assert stage.commands == []


async def keeps_its_size(command: Command) -> AsyncGenerator[Event, None]:
    assert isinstance(command, Render)
    write(command.output)
    yield Rendered((), size=(832, 480))


async def test_the_size_that_was_made_is_the_one_that_is_told(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> None:
    await store.insert(text_task(clock))
    (task,) = await store.claim("me", 1, 60_000)
    await asyncio.wait(
        [Attempt(task, parts(store, storage, Stage(keeps_its_size), tmp_path, clock), lambda _: None).work]
    )
    ended = store.get(task.id)
    assert ended
    assert ended.usage
    assert ended.usage["size"] == "832*480"


# By another server


async def obtains(command: Command) -> AsyncGenerator[Event, None]:
    assert isinstance(command, Obtain)
    write(command.output)
    yield Rendered(("No watermark.",), prompt="A fox, extended there", cost=250_000)


class Judging(Moderator):
    """Wants to see every frame."""

    def looks_at_frames(self, asked: VideoRequest) -> bool:
        return True


async def elsewhere(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, scratch: Path, stage: Stage, moderator: Moderator
) -> Task:
    """The task, once its attempt at another server is over."""
    task = text_task(clock, pool="farm", engine="farm")
    picture = f"{task.id}/image.png"
    await storage.write(picture, [b"picture"])
    await store.insert(msgspec.structs.replace(task, prepared=Prepared(width=1280, height=720, image=picture)))
    (task,) = await store.claim("me", 1, 60_000, pool="farm")
    await stage.start(lambda: None)
    made_with = parts(store, storage, stage, scratch, clock)._replace(executors={"farm": stage}, moderator=moderator)
    await asyncio.wait([Attempt(task, made_with, lambda _: None).work])
    ended = store.get(task.id)
    assert ended is not None
    return ended


async def test_another_server_is_given_the_task_and_what_was_prepared(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> None:
    stage = Stage(obtains)
    ended = await elsewhere(store, storage, clock, tmp_path, stage, Moderator())
    (command,) = stage.commands
    assert isinstance(command, Obtain)
    assert command.image == str(await storage.local(f"{ended.id}/image.png"))
    assert command.clip is None
    assert ended.prepared is not None
    found = (ended.status, ended.warnings, ended.prepared.prompt)
    assert found == (TaskStatus.SUCCEEDED, ("No watermark.",), "A fox, extended there")
    (spent,) = await store.spent(0, clock() + 1, "account")
    assert (spent.price, spent.cost) == (3_000_000, 250_000)


async def test_frames_that_must_be_seen_are_asked_for(
    store: SQLiteStore, storage: LocalStorage, clock: ManualClock, tmp_path: Path
) -> None:
    stage = Stage(obtains)
    ended = await elsewhere(store, storage, clock, tmp_path, stage, Judging())
    assert isinstance(stage.commands[0], Obtain)
    assert stage.commands[0].stills == STILLS
    assert ended.status is TaskStatus.PENDING, "it left none, which is a fault"
