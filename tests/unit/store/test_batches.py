"""Who gets the next slot where slots hold weights: few swaps, and nobody waits long for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from dalang.executors.held import BATCH_SECONDS, Held, best, wanted
from dalang.routes import GPU
from dalang.store import Outcome
from dalang.store.sqlite import SQLiteStore
from dalang.task import Task, TaskStatus
from tests.clock import ManualClock
from tests.samples import TEXT, text_task

LEASE = 60_000

DONE = Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4")

MINUTES = BATCH_SECONDS / 60


def task_of(clock: ManualClock, checkpoint: str, account: str = "acme", **changes: object) -> Task:
    """Of a model that leads to the checkpoint; a millisecond younger than the one before."""
    clock.advance(1)
    asked = msgspec.structs.replace(TEXT, model=f"model-{checkpoint}")
    return text_task(clock, request=asked, account=account, checkpoint=checkpoint, profile="fast", pool=GPU, **changes)


async def insert(store: SQLiteStore, *tasks: Task) -> None:
    await asyncio.gather(*(store.insert(task) for task in tasks))


class Floor:
    """Slots that take their tasks together, and a minute for each."""

    def __init__(self, store: SQLiteStore, clock: ManualClock, slots: int = 1) -> None:
        self._store, self._clock = store, clock
        self._held: list[Held | None] = [None] * slots
        self.order: list[Task] = []
        self.swaps = 0

    async def work(self, minutes: int) -> None:
        for _ in range(minutes):
            tasks = await self._store.claim("me", len(self._held), LEASE, None, GPU, wanted(self._held, self._now))
            idle = list(range(len(self._held)))
            for task in tasks:
                self._give(task, idle)
            self._clock.advance(60_000)
            for task in tasks:
                await self._store.finish(task, DONE)

    def _give(self, task: Task, idle: list[int]) -> None:
        assert task.setup
        slot = idle.pop(best([self._held[number] for number in idle], task.setup))
        held, self.order = self._held[slot], [*self.order, task]
        has_it = held is not None and held.setup == task.setup
        self.swaps += not has_it
        self._held[slot] = Held(task.setup, held.since if held and has_it else self._now, self._now)

    @property
    def _now(self) -> float:
        return self._clock() / 1000

    @property
    def checkpoints(self) -> str:
        return "".join(task.checkpoint or "-" for task in self.order)

    @property
    def accounts(self) -> Sequence[str]:
        return [task.account for task in self.order]


async def test_tasks_of_two_checkpoints_in_turn_cost_a_swap_each(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, checkpoint) for checkpoint in "ABABAB"))
    floor = Floor(store, clock)
    await floor.work(6)
    assert (floor.checkpoints, floor.swaps) == ("AAABBB", 2)


async def test_a_long_queue_of_one_checkpoint_lets_the_others_through(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, checkpoint) for checkpoint in "AB" * 30))
    floor = Floor(store, clock)
    await floor.work(35)
    assert floor.checkpoints.index("B") == MINUTES, "what waits by age goes when the batch has had its time"
    assert (floor.checkpoints, floor.swaps) == ("A" * 10 + "B" * 10 + "A" * 10 + "B" * 5, 4)


async def test_no_crowd_starves_a_guest_with_other_weights(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, "A", "crowd") for _ in range(40)))
    floor = Floor(store, clock)
    await floor.work(3)
    await insert(store, *(task_of(clock, "B", "guest") for _ in range(2)))
    await floor.work(12)
    assert floor.accounts == ["crowd"] * 10 + ["guest"] * 2 + ["crowd"] * 3


async def test_accounts_take_turns_within_a_batch(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, "A", "crowd") for _ in range(20)))
    await insert(store, *(task_of(clock, "A", "guest") for _ in range(3)))
    floor = Floor(store, clock)
    await floor.work(6)
    assert sorted(floor.accounts) == ["crowd"] * 3 + ["guest"] * 3


async def test_a_higher_priority_is_worth_a_swap(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, "A") for _ in range(3)))
    floor = Floor(store, clock)
    await floor.work(1)
    await insert(store, task_of(clock, "B", priority=5))
    await floor.work(1)
    assert floor.checkpoints == "AB"


async def test_each_slot_goes_on_with_its_own_weights(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, checkpoint) for checkpoint in "AABBABBA"))
    await insert(store, *(task_of(clock, "B", "guest") for _ in range(4)))
    floor = Floor(store, clock, slots=2)
    await floor.work(1)
    assert floor.swaps == 2
    await floor.work(3)
    assert floor.swaps <= 3, "two slots, two checkpoints: once both are up, each keeps its own"


async def test_a_slot_that_goes_on_gets_one_task_and_the_others_go_by_age(
    store: SQLiteStore, clock: ManualClock
) -> None:
    await insert(store, *(task_of(clock, checkpoint, account) for checkpoint, account in ("Ca", "Cb", "Ac", "Ad")))
    claimed = await store.claim("me", 2, LEASE, None, GPU, ["A fast"])
    assert [task.account for task in claimed] == ["c", "a"]


async def test_slots_do_not_stand_idle_for_the_sake_of_what_they_hold(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, task_of(clock, "A"), task_of(clock, "B"))
    floor = Floor(store, clock, slots=2)
    await floor.work(1)
    await insert(store, *(task_of(clock, "A") for _ in range(2)))
    await floor.work(1)
    assert floor.checkpoints == "ABAA"
    assert floor.swaps == 3


async def test_a_batch_of_an_account_at_its_limit_gives_way(store: SQLiteStore, clock: ManualClock) -> None:
    await insert(store, *(task_of(clock, checkpoint) for checkpoint in "AAB"))
    assert len(await store.claim("me", 1, LEASE, None, GPU)) == 1
    (task,) = await store.claim("me", 1, LEASE, lambda model: 1, GPU, ["A fast"])
    assert task.checkpoint == "B"


async def test_two_profiles_of_one_checkpoint_are_two_loads(store: SQLiteStore, clock: ManualClock) -> None:
    profiles = ["fast", "quality"] * 3
    tasks = [task_of(clock, "A", f"account-{profile}") for profile in profiles]
    await insert(store, *(msgspec.structs.replace(task, profile=p) for task, p in zip(tasks, profiles, strict=True)))
    floor = Floor(store, clock)
    await floor.work(6)
    assert ([task.profile for task in floor.order], floor.swaps) == (["fast"] * 3 + ["quality"] * 3, 2)
