"""For operators, without a key."""

from __future__ import annotations

import re

from dalang.models import MODELS
from tests.unit.api.conftest import Service


async def test_alive_and_ready(service: Service) -> None:
    client = service.client(key=None)
    for path in ("/healthz", "/readyz"):
        assert (await client.get(path)).status_code == 200


async def test_not_ready_without_its_database(service: Service) -> None:
    client = service.client(key=None)
    await client.get("/healthz")
    connection, service.store._read = service.store._read, service.store._connect()
    service.store._read.close()
    reply = await client.get("/readyz")
    service.store._read = connection
    assert reply.status_code >= 500


async def test_metrics_count_tasks_and_answers(service: Service) -> None:
    client = service.client()
    await service.created(client)
    await client.get("/api/v1/tasks/nonsense")
    text = (await client.get("/metrics")).text
    assert 'dalang_tasks{engine="slate",status="PENDING"} 1.0' in text
    assert 'dalang_tasks_created_total{model="wan2.6-t2v"} 1.0' in text
    assert 'dalang_http_requests_total{route="query",status="200"} 1.0' in text


async def test_the_number_of_labels_is_bounded(service: Service) -> None:
    """Whatever strangers send: paths, ids, models and methods of their own."""
    client = service.client()
    for n in range(20):
        await client.get(f"/api/v1/tasks/{n}")
        await client.get(f"/strange/{n}")
        await client.post(f"/api/v1/services/{n}")
        await client.request(f"METHOD{n}", "/api/v1/tasks/x")
    text = (await client.get("/metrics")).text
    assert len(re.findall(r"^dalang_http_requests_total", text, re.M)) <= 5
    models = set(re.findall(r'model="([^"]+)"', text))
    assert models <= set(MODELS)
