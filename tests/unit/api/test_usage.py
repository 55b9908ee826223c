"""An account sees what its own videos of a month come to, and nobody else's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dalang.statement import read_month
from dalang.store import Charge, Outcome
from dalang.task import TaskStatus
from tests.samples import SECRET, a_key, text_task
from tests.unit.api.conftest import LEASE, Service

CHARGE = Charge(seconds=5, tier="720P", size="1280*720", sound=True, price=3_000_000)


async def film(service: Service, **changes: Any) -> None:
    """A finished video, charged."""
    await service.store.insert(text_task(service.clock, **changes))
    (task,) = await service.store.claim("me", 1, LEASE)
    await service.store.finish(task, Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4", charge=CHARGE))


async def usage(client: httpx.AsyncClient, **query: str) -> dict[str, Any]:
    reply = await client.get("/api/v1/usage", params=query)
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    assert body.pop("request_id")
    return body


async def test_this_month_by_key_when_nothing_is_asked(service: Service, client: httpx.AsyncClient) -> None:
    await film(service)
    await film(service, account="other")
    sums = {"video_count": 1, "duration": 5, "price": "3.00", "cost": "0.00", "currency": "CNY"}
    assert await usage(client) == {
        "month": "2025-09",
        "by": "key",
        "data": [{"group": "test (key-1)", **sums}],
        "total": sums,
    }


async def test_another_account_sees_its_own(service: Service) -> None:
    await film(service)
    await service.store.create_key(a_key(service.clock, account="other"), SECRET + "2")
    async with service.client(key=SECRET + "2") as client:
        assert (await usage(client, by="account"))["data"] == []


async def test_a_month_has_its_own_videos(service: Service, client: httpx.AsyncClient) -> None:
    service.clock.now = read_month("2026-11").since - 1
    await film(service)
    service.clock.advance(1)
    await film(service)
    await film(service)
    counts = {month: (await usage(client, month=month))["total"]["video_count"] for month in ("2026-10", "2026-11")}
    assert counts == {"2026-10": 1, "2026-11": 2}
    assert [row["group"] for row in (await usage(client, by="day"))["data"]] == ["2026-11-01"]


@pytest.mark.parametrize("query", [{"by": "colour"}, {"by": ""}, {"month": "2026-13"}, {"month": ""}, {"month": "now"}])
async def test_bad_values_are_refused(client: httpx.AsyncClient, query: dict[str, str]) -> None:
    reply = await client.get("/api/v1/usage", params=query)
    assert (reply.status_code, reply.json()["code"]) == (400, "InvalidParameter")
    assert next(iter(query)) in reply.json()["message"]


async def test_a_key_is_needed(service: Service) -> None:
    async with service.client(key=None) as client:
        assert (await client.get("/api/v1/usage")).status_code == 401
