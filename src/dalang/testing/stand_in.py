"""`Server`: what a test has in hand of the server that stands in for the cloud.

Not `server.py`: `dalang.testing.server` is the function, which a module of that name would replace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Unpack

import msgspec

from dalang.client import Client
from dalang.launch import Launched
from dalang.task import VideoRequest
from dalang.testbed import fault as faults
from dalang.testbed.call import Call
from dalang.testbed.fault import Kind
from dalang.testbed.transition import AT_ONCE, Stage, Transition
from dalang.testing import assertions
from dalang.testing.clock import Clock
from dalang.testing.controls import Controls
from dalang.testing.expectation import Expected
from dalang.testing.fault import About, Details, Fault, Matching, declare
from dalang.testing.journal import Journal, created, sift
from dalang.testing.stage import check_stage
from dalang.testing.task_id import task_path
from dalang.testing.values import check_value


class Server:
    """A Dalang server in test mode.

    Of the methods, those that declare what is to go wrong return a `Fault`; `**matching` says on which calls or
    tasks (`call`, `model`, `prompt`, `path`, `method`, `task_id`) and on how many (`times`). Tasks may be named by
    their id, by the official SDK's replies or by `dalang.Client`'s. All raise `ControlRefused` where the server does
    not do what is asked of it, `ServerGone` where there is none any more, and TypeError or ValueError for what an
    argument cannot be.
    """

    def __init__(self, child: Launched, controls: Controls) -> None:
        self._child = child
        self._controls = controls
        self._log_start = 0
        self.url = child.url
        """Root, as in http://127.0.0.1:40123."""
        self.base_url = f"{child.url}/api/v1"
        """What the SDKs call base URL."""
        self.api_key = child.key
        self.clock = Clock(controls)

    @property
    def environment(self) -> dict[str, str]:
        """For what is started by a test: the variables by which the SDKs and `dalang.Client` find the server."""
        return {
            "DASHSCOPE_API_KEY": self.api_key,
            "DASHSCOPE_HTTP_BASE_URL": self.base_url,
            "DALANG_URL": self.url,
            "DALANG_API_KEY": self.api_key,
        }

    @property
    def is_alive(self) -> bool:
        return self._child.is_alive

    @property
    def log(self) -> str:
        """What the server has written since its start, or the last `reset`."""
        return self._child.log(self._log_start)

    @property
    def last_words(self) -> str:
        """How the server ended, and the last line of its log; of one that lives, that line."""
        return self._child.last_words

    def client(self) -> Client:
        """The package's own client for this server."""
        return Client(self.base_url, self.api_key)

    # State

    def reset(self) -> None:
        """All as new: no tasks, files, uploads, faults or calls; clock, seed, transition and queue as at the start."""
        self._controls.post("reset")
        self._log_start = self._child.log_size

    def seed(self, number: int) -> None:
        """Orders without a seed are given, from here on, the ones that follow from this number."""
        check_value("number", number, int)
        self._controls.post("seed", {"seed": number})

    def hold(self) -> None:
        """Tasks stay PENDING until `release`."""
        self._controls.post("queue", {"held": True})

    def release(self) -> None:
        self._controls.post("queue", {"held": False})

    def transition(self, *, pending: Stage = AT_ONCE, running: Stage = AT_ONCE) -> None:
        """How long new tasks stay in each state: `at_once`, `polls(n)`, `seconds(t)` or `by_hand`."""
        check_stage("pending", pending)
        check_stage("running", running)
        self._controls.put("transition", Transition(pending=pending, running=running))

    def serve_media(self, url: str, content: bytes | str | Path) -> None:
        """What fetching `url` gives from now on: bytes, or a file's. Nothing is fetched from anywhere else."""
        data = content if isinstance(content, bytes) else Path(content).read_bytes()
        self._controls.put("media", data, url=url)

    # One task, by hand

    def start_task(self, task: object) -> None:
        """A PENDING task goes on to RUNNING, whatever it was to wait for."""
        self._controls.post(f"{task_path(task)}/start")

    def finish_task(self, task: object) -> None:
        """A RUNNING task comes to its end, whatever it was to wait for."""
        self._controls.post(f"{task_path(task)}/finish")

    def fail_task(self, task: object, code: str, message: str | None = None) -> None:
        """A task that has not ended is FAILED; the sentence is the documented one of `code` if it is not given."""
        self._controls.post(f"{task_path(task)}/fail", given(code=code, message=message))

    # Faults of calls

    def refuse(
        self,
        code: str,
        message: str | None = None,
        *,
        status: int | None = None,
        retry_after: int | None = None,
        **matching: Unpack[Matching],
    ) -> Fault:
        """An error of the protocol, of create calls unless something else is named: `refuse("Throttling", times=2)`.

        Sentence and HTTP status are the documented ones of `code` where they are not given; `retry_after` is in
        whole seconds.
        """
        if not matching.keys() & {"call", "method", "path", "task_id"}:
            matching["call"] = "create"
        return self._declare(faults.Refuse(code, message, status, retry_after), matching)

    def reject(self, what: Literal["input", "output"] = "input", **matching: Unpack[Matching]) -> Fault:
        """Moderation says no: to the input, and the create call is refused, or to the output, and the task FAILED."""
        check_value("what", what, Literal["input", "output"])
        verdict = faults.VERDICTS[what]
        declare = self.refuse if what == "input" else self.fail
        return declare(verdict.code, verdict.message, **matching)

    def answer(
        self,
        status: int,
        body: str | Mapping[str, object] = "",
        headers: Mapping[str, str] | None = None,
        **matching: Unpack[Matching],
    ) -> Fault:
        """Any reply whatever, such as a gateway's page: `answer(502, "<html>Bad Gateway</html>")`. A mapping is
        written as JSON."""
        text = body if isinstance(body, str) else msgspec.json.encode(body).decode()
        kind = {} if isinstance(body, str) else {"Content-Type": "application/json"}
        return self._declare(faults.Answer(status, text, {**kind, **(headers or {})}), matching)

    def delay(self, seconds: float, **matching: Unpack[Matching]) -> Fault:
        """The reply comes so much later, by the real clock; the work is done before."""
        return self._declare(faults.Delay(seconds), matching)

    def drop(self, moment: Literal["before", "after"] = "after", **matching: Unpack[Matching]) -> Fault:
        """The connection is closed without an answer: before the request was looked at, or after it was carried out."""
        return self._declare(faults.Drop(moment), matching)

    def truncate(self, part: float = 0.5, **matching: Unpack[Matching]) -> Fault:
        """The body, of downloads unless another call is named, breaks off after this part of its length."""
        return self._declare(faults.Truncate(part), {"call": "download", **matching})

    def expire_links(self, **matching: Unpack[Matching]) -> Fault:
        """Downloads are refused as those of links whose time is over. `clock.advance(hours=25)` lets the tasks expire
        too."""
        return self._declare(faults.EXPIRED_LINK, {"call": "download", **matching})

    def forget(self, **matching: Unpack[Matching]) -> Fault:
        """Queries are answered UNKNOWN, as if the task had expired or never been."""
        return self._declare(faults.Forget(), {"call": "query", **matching})

    # Faults of tasks

    def fail(
        self,
        code: str,
        message: str | None = None,
        *,
        stage: Literal["preparation", "rendering"] = "rendering",
        **matching: Unpack[Matching],
    ) -> Fault:
        """New tasks are FAILED with `code`, before they were RUNNING or in place of their video."""
        return self._declare(faults.Fail(code, message, stage), matching)

    def crash(self, attempts: int = 1, **matching: Unpack[Matching]) -> Fault:
        """The worker dies in each of the first attempts at a new task; after the third, the task is FAILED."""
        return self._declare(faults.Crash(attempts), matching)

    def clear_faults(self) -> None:
        self._controls.delete("faults")

    def _declare(self, then: faults.OnCall | faults.OnTask, matching: Matching) -> Fault:
        return declare(self._controls, then, matching)

    # What was asked

    def calls(self, **about: Unpack[About]) -> list[Call]:
        """In the order in which they came: `calls(call="create", model="wan2.6-*")`."""
        return sift(self._calls(), about)

    @property
    def requests(self) -> list[VideoRequest]:
        """Of each task that was created, in that order."""
        return created(self._calls())

    def assert_created(self, times: int | None = None, **expected: Unpack[Expected]) -> list[VideoRequest]:
        """At least one task, or exactly `times`, was created with these fields; the requests that fit."""
        __tracebackhide__ = True
        return assertions.check_created(self._calls(), expected, times)

    def assert_not_created(self, **expected: Unpack[Expected]) -> None:
        """No task was created with these fields; without any, none at all."""
        __tracebackhide__ = True
        assertions.check_not_created(self._calls(), expected)

    def assert_created_in_order(self, expected: Sequence[Expected]) -> None:
        """Tasks were created with these fields, one after another; others may stand between them."""
        __tracebackhide__ = True
        assertions.check_created_in_order(self._calls(), expected)

    def assert_called(self, call: Kind, times: int | None = None, **about: Unpack[Details]) -> list[Call]:
        """At least one such call, or exactly `times`, was made; the calls that fit."""
        __tracebackhide__ = True
        return assertions.check_called(self._calls(), {"call": call, **about}, times)

    def _calls(self) -> list[Call]:
        return msgspec.json.decode(self._controls.ask("calls"), type=Journal).calls


def given(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
