"""Every file of query/, list/, cancel/, usage/ and videos/ is one rule of the calls about tasks: the tasks that were
created, what became of them, and then one call and its whole reply.

`do` names a function here; `after` moves the clock by milliseconds before. `{0}` is the first task's identifier. A text
that ends in `…` says how a value begins, and an `<id>` is any identifier.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.clock import ManualClock
from tests.samples import SECRET, a_key
from tests.unit.api.conftest import ASYNC, CREATE, LEASE, Service
from tests.unit.conftest import clock, small_reserve, storage, store  # noqa: F401

from dalang.models import MODELS, price, usage
from dalang.store import Charge, Outcome
from dalang.task import Prepared, Task, TaskStatus

CALLS = ("query", "list", "cancel", "usage", "videos")

CASES: dict[str, dict[str, Any]] = {
    f"{name}/{path.stem}": json.loads(path.read_text(encoding="utf-8"))
    for name in CALLS
    for path in sorted(Path(__file__).with_name(name).glob("*.json"))
}

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
async def service(store: Any, storage: Any, clock: ManualClock, tmp_path: Path) -> Service:  # noqa: F811
    await store.create_key(a_key(clock, id="key-1"), SECRET)
    return Service(store, storage, clock, tmp_path)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_the_reply_is_as_the_golden_file_says(service: Service, case: dict[str, Any]) -> None:
    ids = [await live(service, **task) for task in case["tasks"]]
    async with service.client() as client:
        method, _, address = case["call"].partition(" ")
        reply = await client.request(method, filled(address, ids), headers=case.get("headers"), json=case.get("body"))
    assert reply.status_code == case["status"], reply.text
    expected = json.loads(filled(json.dumps(case["reply"], ensure_ascii=False), ids))
    assert shown(reply, expected) == shown(reply, matched(reply.json(), expected))


def shown(reply: httpx.Response, content: object) -> str:
    """As text, so that the order of fields counts too."""
    assert reply.headers["content-type"] == "application/json"
    return json.dumps(content, ensure_ascii=False, indent=1)


def filled(text: str, ids: list[str]) -> str:
    return re.sub(r"\{(\d)\}", lambda found: ids[int(found[1])], text)


def matched(found: Any, expected: Any) -> Any:
    """`found`, with the expected pattern in the place of each text that it describes."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return {name: matched(value, expected[name]) if name in expected else value for name, value in found.items()}
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        return [matched(*pair) for pair in zip(found, expected, strict=True)]
    if isinstance(found, str) and isinstance(expected, str):
        is_any = expected == "<id>" and ID.fullmatch(found)
        begins = expected.endswith("…") and found.startswith(expected[:-1])
        return expected if is_any or begins else found
    return found


# The lives of tasks


async def live(service: Service, body: dict[str, Any], happens: list[dict[str, Any]], account: str = "acme") -> str:
    """Create a task and let happen to it what does; its identifier."""
    secret = SECRET
    if account != "acme":
        secret = f"sk-of-{account}"
        await service.store.create_key(a_key(service.clock, id=f"key-{account}", account=account), secret)
    async with service.client(key=secret) as client:
        reply = await client.post(CREATE, json=body, headers=ASYNC)
    task_id = str(reply.json()["output"]["task_id"])
    for event in happens:
        facts = dict(event)
        service.clock.advance(facts.pop("after", 0))
        await HAPPENINGS[facts.pop("do")](service, service.get(task_id), **facts)
    return task_id


async def prepare(service: Service, task: Task, **facts: Any) -> None:
    facts["warnings"] = tuple(facts.get("warnings", ()))
    await service.store.prepare(task.id, Prepared(**facts))


async def refuse(service: Service, task: Task, code: str, message: str) -> None:
    await service.store.refuse(task.id, code, message)


async def start(service: Service, task: Task) -> None:
    assert [one.id for one in await service.store.claim("me", 1, LEASE)] == [task.id]


async def progress(service: Service, task: Task, fraction: float) -> None:
    assert await service.store.heartbeat(task, fraction, LEASE)


async def release(service: Service, task: Task) -> None:
    """The server stopped."""
    assert await service.store.release(task, task.failures, service.clock())


async def succeed(service: Service, task: Task, warnings: tuple[str, ...] = (), prompt: str | None = None) -> None:
    """As `attempt` does."""
    asked, prepared, spec = task.request, task.prepared, MODELS[task.model]
    assert prepared
    size = (prepared.width, prepared.height)
    outcome = Outcome(
        TaskStatus.SUCCEEDED,
        result=f"{task.id}/{task.attempt}.mp4",
        usage=usage(spec, asked, size, prepared.clip_frames),
        warnings=warnings,
        prompt=prompt,
        charge=Charge(
            seconds=asked.duration,
            tier=asked.tier,
            size=f"{size[0]}*{size[1]}",
            sound=asked.sound,
            price=price(spec, task.region, asked),
        ),
    )
    assert await service.store.finish(task, outcome)


async def fail(service: Service, task: Task, code: str, message: str) -> None:
    assert await service.store.finish(task, Outcome(TaskStatus.FAILED, code=code, message=message))


async def cancel(service: Service, task: Task) -> None:
    assert await service.store.cancel(task.id, task.account, "any")


async def passes(service: Service, task: Task) -> None:
    """Only time does."""


HAPPENINGS: dict[str, Callable[..., Awaitable[None]]] = {
    one.__name__: one for one in (prepare, refuse, start, progress, release, succeed, fail, cancel, passes)
}


def test_there_are_golden_files() -> None:
    assert len(CASES) > 40


def test_every_row_of_usage_in_the_docs_has_a_golden_file() -> None:
    """Each family and kind."""
    cases = [case for name, case in CASES.items() if name.startswith("query/")]
    bodies = [task["body"] for case in cases if "usage" in case["reply"] for task in case["tasks"]]
    used = {(spec.family, spec.kind) for spec in (MODELS[body["model"]] for body in bodies)}
    assert used == {(spec.family, spec.kind) for spec in MODELS.values()}
