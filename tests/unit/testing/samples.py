"""Calls as a journal tells them."""

from __future__ import annotations

from typing import Any

import msgspec

from dalang.testbed.call import Call
from tests.samples import TEXT

CREATE = "/api/v1/services/aigc/video-generation/video-synthesis"


def created(number: int, **fields: Any) -> Call:
    """A create call that became task `tN`."""
    return Call(
        number=number,
        at=0,
        call="create",
        method="POST",
        path=CREATE,
        status=200,
        task_id=f"t{number}",
        request=msgspec.structs.replace(TEXT, **fields),
    )


def refused(number: int, prompt: str, code: str = "Throttling") -> Call:
    body = {"model": "wan2.5-t2v-preview", "input": {"prompt": prompt}}
    return Call(number=number, at=0, call="create", method="POST", path=CREATE, status=429, code=code, body=body)


def queried(number: int, task_id: str, **fields: Any) -> Call:
    given = {"status": 200, **fields}
    return Call(
        number=number, at=0, call="query", method="GET", path=f"/api/v1/tasks/{task_id}", task_id=task_id, **given
    )
