"""Uploads are kept until their time is up."""

from __future__ import annotations

from dalang.ids import new_id
from dalang.store import Expired, Upload
from dalang.store.sqlite import SQLiteStore
from tests.clock import ManualClock
from tests.samples import text_task
from tests.unit.conftest import DAY


def an_upload(clock: ManualClock, life: int = 2 * DAY) -> Upload:
    clock.advance(1)
    return Upload(
        id=new_id(clock),
        account="acme",
        model="wan2.6-i2v",
        name="fox 狐.png",
        size=100_000_000,
        created=clock(),
        expires=clock() + life,
    )


async def test_an_upload_comes_back_as_it_went_in(store: SQLiteStore, clock: ManualClock) -> None:
    upload = an_upload(clock)
    await store.add_upload(upload)
    assert store.find_upload(upload.id) == upload
    assert store.find_upload(new_id(clock)) is None


async def test_uploads_expire_the_oldest_first_and_are_told(store: SQLiteStore, clock: ManualClock) -> None:
    uploads = [an_upload(clock) for _ in range(3)]
    for upload in uploads:
        await store.add_upload(upload)
    assert store.next_event() == uploads[0].expires
    assert await store.expire(9) == []
    clock.now = uploads[1].expires
    assert await store.expire(1) == [Expired(uploads[0].id, "")]
    assert await store.expire(9) == [Expired(uploads[1].id, "")]
    assert [store.find_upload(upload.id) for upload in uploads] == [None, None, uploads[2]]


async def test_tasks_and_uploads_share_the_limit(store: SQLiteStore, clock: ManualClock) -> None:
    upload, task = an_upload(clock, DAY), text_task(clock)
    await store.add_upload(upload)
    await store.insert(task)
    await store.cancel(task.id, "acme", "pending")
    clock.advance(DAY)
    assert await store.expire(1) == [Expired(task.id, task.request_id)]
    assert await store.expire(1) == [Expired(upload.id, "")]
    assert await store.expire(1) == []
