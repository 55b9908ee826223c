from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import msgspec
import pytest

from dalang import callbacks as parts
from dalang.callbacks import AT_ONCE, EACH, HOLD, OF_ACCOUNT, TICK, Callbacks
from dalang.callbacks.signature import signed
from dalang.errors import InvalidURL, StoreError
from dalang.fetch.post import Answer
from dalang.keys import webhook_secret
from dalang.store.sqlite import SQLiteStore
from tests.clock import ManualClock
from tests.samples import text_task

SECRET = b"the data folder's"
DAY = 86_400_000
HOOK = "https://user:pass@hooks.example:8443/secret-path?token=secret"
OTHER = "https://other.example/"


class Watched(SQLiteStore):
    """Tells what was settled, as it is."""

    def __init__(self, path: Path, clock: ManualClock) -> None:
        super().__init__(path, clock, DAY)
        self.settled: asyncio.Queue[tuple[str, int | None]] = asyncio.Queue()
        self.is_broken = False
        self.refused = asyncio.Event()

    async def settle_callback(self, task_id: str, again: int | None) -> None:
        if self.is_broken:
            self.refused.set()
            raise StoreError("The disk is full.")
        await super().settle_callback(task_id, again)
        self.settled.put_nowait((task_id, again))

    async def told(self) -> tuple[str, int | None]:
        """What was settled next; so long waits only a test that fails."""
        async with asyncio.timeout(10):
            return await self.settled.get()


class Post(msgspec.Struct, frozen=True):
    url: str
    body: bytes
    headers: Mapping[str, str]


class Receiver:
    """Stands for all hosts: answers as told, 200 otherwise; those in `hanging` do not answer before `patience` ends."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.answers: list[Answer | Exception] = []
        self.hanging: set[str] = set()
        self.patience = asyncio.Event()
        self.arrived = asyncio.Event()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.posts.append(Post(url, body, headers))
        self.arrived.set()
        if url in self.hanging:
            await self.patience.wait()
        answer = self.answers.pop(0) if self.answers else Answer(200, None)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
async def store(tmp_path: Path, clock: ManualClock, small_reserve: int) -> AsyncIterator[Watched]:
    store = Watched(tmp_path / "dalang.db", clock)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def callbacks(store: Watched, receiver: Receiver, clock: ManualClock) -> Callbacks:
    return Callbacks(store, receiver, SECRET, clock)


async def ended(store: Watched, clock: ManualClock, url: str = HOOK, account: str = "acme") -> str:
    """The id of a task that has just ended."""
    task = text_task(clock, account=account)
    await store.insert(task, callback=url)
    assert await store.cancel(task.id, task.account, "any")
    return task.id


@pytest.fixture
async def task_id(store: Watched, clock: ManualClock) -> str:
    """Of a task that has ended, to be told to HOOK."""
    return await ended(store, clock)


async def tries(store: Watched, callbacks: Callbacks, clock: ManualClock) -> list[int]:
    """Milliseconds between the tries for one task, to the end."""
    waits = []
    while True:
        await callbacks.step()
        _, again = await store.told()
        if again is None:
            return waits
        waits.append(again - clock())
        clock.now = again - 1
        await callbacks.step()
        assert store.next_callback() == again, "not a millisecond too soon"
        clock.advance(1)


async def test_the_end_of_a_task_is_told_once(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock, task_id: str
) -> None:
    await callbacks.step()
    assert await store.told() == (task_id, None)
    (post,) = receiver.posts
    assert post.url == HOOK
    assert post.headers["content-type"] == "application/cloudevents+json"
    assert post.headers["webhook-id"] == msgspec.json.decode(post.body)["id"] == task_id
    assert post.headers["webhook-timestamp"] == str(clock() // 1000)
    assert store.next_callback() is None


async def test_a_task_that_has_not_ended_is_not_told(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock
) -> None:
    await store.insert(text_task(clock), callback=HOOK)
    await callbacks.step()
    assert (receiver.posts, store.next_callback()) == ([], None)


async def test_each_key_signs_with_its_own_secret(
    callbacks: Callbacks, store: Watched, receiver: Receiver, clock: ManualClock
) -> None:
    for key_id in ("key-1", "key-2"):
        task = text_task(clock, key_id=key_id)
        await store.insert(task, callback=HOOK)
        await store.cancel(task.id, task.account, "any")
    await callbacks.step()
    await store.told()
    await store.told()
    for post in receiver.posts:
        key_id = msgspec.json.decode(post.body)["data"]["api_key_id"]
        expected = signed(webhook_secret(SECRET, key_id), post.headers["webhook-id"], clock() // 1000, post.body)
        assert post.headers["webhook-signature"] == expected["webhook-signature"]
    assert len({post.headers["webhook-signature"] for post in receiver.posts}) == 2


@pytest.mark.parametrize("status", [199, 300, 307, 400, 401, 404, 429, 500, 503])
async def test_anything_but_success_is_tried_again(
    status: int, store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock, task_id: str
) -> None:
    receiver.answers = [Answer(status, None)]
    assert len(await tries(store, callbacks, clock)) == 1
    assert len(receiver.posts) == 2


async def test_who_cannot_be_reached_is_tried_again(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock, task_id: str
) -> None:
    receiver.answers = [InvalidURL("refused"), InvalidURL("late", code="InvalidURL.Timeout")]
    assert len(await tries(store, callbacks, clock)) == 2
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    assert len({post.body for post in receiver.posts}) == 1
    assert len({post.headers["webhook-signature"] for post in receiver.posts}) == 3, "each try is signed anew"


async def test_tries_end_when_the_task_would_have_expired(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock, task_id: str
) -> None:
    receiver.answers = [Answer(500, None)] * 100
    waits = await tries(store, callbacks, clock)
    assert len(receiver.posts) == len(waits) + 1 == 7
    assert sum(waits) < DAY


async def test_gone_ends_it(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock, task_id: str
) -> None:
    receiver.answers = [Answer(410, None)]
    assert await tries(store, callbacks, clock) == []
    assert len(receiver.posts) == 1


async def test_a_receiver_s_wish_for_patience_is_heeded(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock, task_id: str
) -> None:
    receiver.answers = [Answer(503, "600")]
    assert await tries(store, callbacks, clock) == [600_000]


async def test_tries_go_on_after_a_restart(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock, tmp_path: Path, task_id: str
) -> None:
    receiver.answers = [Answer(500, None)]
    await callbacks.step()
    _, again = await store.told()
    assert again
    await store.close()
    other = Watched(tmp_path / "dalang.db", clock)
    await other.open()
    clock.now = again
    await Callbacks(other, receiver, SECRET, clock).step()
    assert await other.told() == (task_id, None)
    await other.close()


async def test_a_message_whose_sender_died_is_sent_again_under_the_same_id(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock, task_id: str
) -> None:
    """Killed after the receiver had it, before the store did."""
    receiver.hanging = {HOOK}
    run = asyncio.create_task(callbacks.run())
    await receiver.arrived.wait()
    run.cancel()
    await asyncio.wait([run])
    receiver.hanging = set()
    heir = Callbacks(store, receiver, SECRET, clock)
    clock.advance(HOLD - 1)
    await heir.step()
    assert len(receiver.posts) == 1, "it may still be on its way"
    clock.advance(1)
    await heir.step()
    assert await store.told() == (task_id, None)
    first, second = receiver.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


async def test_a_slow_receiver_does_not_hold_up_another(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock
) -> None:
    receiver.hanging = {HOOK}
    slow = {await ended(store, clock) for _ in range(AT_ONCE)}
    clock.advance(1)
    quick = await ended(store, clock, OTHER)
    await callbacks.step()
    assert await store.told() == (quick, None)
    assert [post.url for post in receiver.posts] == [HOOK] * EACH + [OTHER]
    receiver.patience.set()
    run = asyncio.create_task(callbacks.run())
    while slow:
        slow.remove((await store.told())[0])
    run.cancel()
    await asyncio.wait([run])


async def test_an_account_with_slow_receivers_of_many_names_does_not_hold_up_another(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock
) -> None:
    names = [f"https://{n}.example/" for n in range(AT_ONCE)]
    receiver.hanging = set(names)
    for url in names * 3:
        await ended(store, clock, url)
    clock.advance(1)
    quick = await ended(store, clock, OTHER, account="other")
    await callbacks.step()
    assert await store.told() == (quick, None)
    assert len(receiver.posts) == OF_ACCOUNT + 1


async def test_so_many_are_on_their_way_at_once_and_the_rest_follow(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock
) -> None:
    hosts = [f"https://{n}.example/" for n in range(AT_ONCE + 3)]
    receiver.hanging = set(hosts)
    waiting = {await ended(store, clock, url, account=url) for url in hosts}
    run = asyncio.create_task(callbacks.run())
    while len(receiver.posts) < AT_ONCE:
        receiver.arrived.clear()
        await receiver.arrived.wait()
    await callbacks.step()
    assert len(receiver.posts) == AT_ONCE
    receiver.patience.set()
    while waiting:
        waiting.remove((await store.told())[0])
    run.cancel()
    await asyncio.wait([run])


async def test_what_finds_the_line_for_its_host_full_bars_nobody_and_is_given_again(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.hanging = {HOOK}
    slow = {await ended(store, clock) for _ in range(EACH + 5)}
    clock.advance(1)
    quick = await ended(store, clock, OTHER)
    with monkeypatch.context() as patch:
        patch.setattr(parts, "LINE", 4)
        patch.setattr(parts, "LINE_EACH", 2)
        for _ in range(6):
            await callbacks.step()
            clock.advance(round(TICK * 1000))
        assert await store.told() == (quick, None)
        assert len(receiver.posts) == EACH + 1
    receiver.patience.set()
    clock.advance(HOLD)
    run = asyncio.create_task(callbacks.run())
    while slow:
        slow.remove((await store.told())[0])
    run.cancel()
    await asyncio.wait([run])


async def test_what_waited_too_long_for_its_turn_is_no_longer_ours_to_send(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock
) -> None:
    receiver.hanging = {HOOK}
    for _ in range(EACH + 1):
        await ended(store, clock)
    await callbacks.step()
    clock.advance(HOLD - 1)
    receiver.patience.set()
    for _ in range(EACH):
        await store.told()
    await callbacks.step()
    assert (len(receiver.posts), store.next_callback()) == (EACH, clock() + 1)


async def test_of_a_task_that_is_gone_nobody_is_told(
    store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock
) -> None:
    """A test that begins must not hear of the one before it."""
    receiver.hanging.add(HOOK)
    for _ in range(EACH + 1):
        await ended(store, clock)
    await callbacks.step()
    await receiver.arrived.wait()
    await store.reset()
    receiver.patience.set()
    for _ in range(EACH):
        await store.told()
    await callbacks.step()
    new = await ended(store, clock, OTHER)
    await callbacks.step()
    assert await store.told() == (new, None)
    assert [post.url for post in receiver.posts] == [HOOK] * EACH + [OTHER]


async def test_secrets_of_addresses_are_not_logged(
    store: Watched,
    callbacks: Callbacks,
    receiver: Receiver,
    clock: ManualClock,
    task_id: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answers = [Answer(500, None), InvalidURL("unreachable")]
    await tries(store, callbacks, clock)
    lines = [" ".join(map(str, vars(record).values())) for record in caplog.records if "callback" in record.message]
    assert [line for line in lines if "secret" in line or "pass" in line] == []
    assert all(task_id in line and "hooks.example:8443" in line for line in lines)
    told = [(record.message, vars(record).get("reason")) for record in caplog.records if record.name.endswith("backs")]
    assert told == [
        ("callback failed", "The receiver answered 500."),
        ("callback failed", "unreachable"),
        ("callback taken", None),
    ]


async def test_a_result_that_cannot_be_recorded_is_logged_and_told_again(
    store: Watched,
    callbacks: Callbacks,
    receiver: Receiver,
    clock: ManualClock,
    task_id: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store.is_broken = True
    run = asyncio.create_task(callbacks.run())
    await store.refused.wait()
    store.is_broken = False
    run.cancel()
    await asyncio.wait([run])
    assert "callback not settled" in [record.message for record in caplog.records]
    clock.advance(HOLD)
    await callbacks.step()
    assert await store.told() == (task_id, None)


async def test_an_end_wakes_it(store: Watched, callbacks: Callbacks, receiver: Receiver, clock: ManualClock) -> None:
    run = asyncio.create_task(callbacks.run())
    for _ in range(3):
        task_id = await ended(store, clock)
        assert await store.told() == (task_id, None)
    run.cancel()
    await asyncio.wait([run])
