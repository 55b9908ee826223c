"""Hooks of schemathesis: every second call names a task and a file that are there, which nothing random ever would."""

from __future__ import annotations

import json
import os
from itertools import count
from typing import Any

import schemathesis

REAL: dict[str, Any] = json.loads(os.environ["TEST_REAL"])
"""`tasks`, and of a video `name`, `Expires` and `Signature`."""

calls = count()


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    number = next(calls)
    if number % 2:
        return
    case.headers.pop("X-DashScope-WorkSpace", None)
    if "task_id" in case.path_parameters:
        case.path_parameters["task_id"] = REAL["tasks"][number // 2 % len(REAL["tasks"])]
    if "video_id" in case.path_parameters and case.method != "DELETE":  # what is gone would be real no more
        case.path_parameters["video_id"] = "video_" + REAL["tasks"][number // 2 % len(REAL["tasks"])]
    if "name" in case.path_parameters and case.path.startswith("/files"):
        case.path_parameters |= {"task_id": REAL["tasks"][0], "name": REAL["name"]}
        case.query |= {"Expires": REAL["Expires"], "Signature": REAL["Signature"]}
