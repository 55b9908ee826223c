"""Tasks and keys to test with: valid as they are, and different where a test says so."""

from __future__ import annotations

from typing import Any

import msgspec

from dalang.ids import new_id, random_id
from dalang.store import Key
from dalang.task import Prepared, Task, TaskStatus, VideoRequest
from tests.clock import ManualClock

SECRET = "sk-0123456789abcdef"

TEXT = VideoRequest(
    model="wan2.6-t2v",
    kind="t2v",
    prompt="A fox runs through snow",
    seed=7,
    duration=5,
    fps=30,
    sound=True,
    tier="720P",
    size=(1280, 720),
)

IMAGE = msgspec.structs.replace(
    TEXT, model="wan2.6-i2v", kind="i2v", size=None, image="https://pictures.example/fox.png"
)


def text_task(clock: ManualClock, **changes: Any) -> Task:
    """Ready to be claimed."""
    task = Task(
        id=new_id(clock),
        account="acme",
        key_id="key-1",
        workspace="default",
        region="local",
        request=TEXT,
        request_id=random_id(),
        engine="slate",
        priority=0,
        status=TaskStatus.PENDING,
        submitted=clock(),
        prepared=Prepared(width=1280, height=720),
        ready=clock(),
    )
    return msgspec.structs.replace(task, **changes)


def image_task(clock: ManualClock, **changes: Any) -> Task:
    """Not yet prepared."""
    return text_task(clock, **{"request": IMAGE, "prepared": None, **changes})


def a_key(clock: ManualClock, **changes: Any) -> Key:
    key = Key(
        id=new_id(clock),
        account="acme",
        workspace="default",
        region="local",
        name="test",
        cancel="pending",
        created=clock(),
    )
    return msgspec.structs.replace(key, **changes)
