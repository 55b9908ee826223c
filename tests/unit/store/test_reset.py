"""What test mode does to the database: it makes it as new, and keeps tasks back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dalang.store import Once
from dalang.store.reset import TABLES
from dalang.store.sqlite import SQLiteStore
from tests.clock import ManualClock
from tests.samples import SECRET, a_key, text_task


async def test_after_a_reset_all_is_gone_but_the_keys(store: SQLiteStore, clock: ManualClock) -> None:
    task = text_task(clock)
    await store.create_key(a_key(clock), SECRET)
    await store.insert(task, once=Once("twice", "print"), callback="https://hook.example/", most_waiting=5)
    await store.reset()
    assert store.get(task.id) is None
    assert store.first("acme", "twice") is None
    assert store.waiting_of("acme", 9) == 0
    assert store.next_callback() is None
    assert store.find_key(SECRET)


async def test_a_reset_wakes_who_watches_a_task(store: SQLiteStore, clock: ManualClock) -> None:
    task = text_task(clock)
    await store.insert(task)
    with store.watch(task.id) as watch:
        await store.reset()
        await watch.changed()
        assert watch.is_over


def test_a_reset_knows_every_table(store: SQLiteStore, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "dalang.db")
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    assert {name for (name,) in rows} == {*TABLES, "keys"}
    connection.close()


@pytest.mark.parametrize("later", [0, 1])
async def test_a_postponed_task_is_claimed_from_its_moment_on(
    store: SQLiteStore, clock: ManualClock, later: int
) -> None:
    task = text_task(clock)
    await store.insert(task)
    assert await store.postpone(task.id, clock() + 1)
    clock.advance(later)
    assert len(await store.claim("me", 1, 60_000)) == later


async def test_only_what_is_pending_is_postponed(store: SQLiteStore, clock: ManualClock) -> None:
    task = text_task(clock)
    await store.insert(task)
    await store.claim("me", 1, 60_000)
    assert not await store.postpone(task.id, clock() + 1)


async def test_a_touch_wakes_who_waits_for_changes(store: SQLiteStore) -> None:
    seen = store.version
    store.touch()
    assert await store.changed(seen) != seen
