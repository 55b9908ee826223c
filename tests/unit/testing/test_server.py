"""What `Server` says to the server: the calls of the control API, without one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from dalang.testing import ControlRefused, Server, ServerGone, Stage, at_once, by_hand, polls, seconds
from dalang.testing.controls import Controls

ANSWERS = {
    "GET /dalang/test/clock": {"now": 1_000, "is_frozen": True, "request_id": "r"},
    "POST /dalang/test/faults": {"id": 4, "fault": {"then": {"do": "forget"}}, "befallen": 0, "request_id": "r"},
    "GET /dalang/test/faults": {"faults": [{"id": 4, "fault": {"then": {"do": "forget"}}, "befallen": 3}]},
    "GET /dalang/test/calls": {"calls": []},
}


class Line:
    """What came over it, as `[method and path, query, body]`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        what = f"{request.method} {request.url.path}"
        self.asked.append((what, dict(request.url.params), json.loads(request.content or b"null")))
        return httpx.Response(200, json=ANSWERS.get(what, {}))

    @property
    def last(self) -> tuple[str, Any]:
        what, _, body = self.asked[-1]
        return what.removeprefix("POST /dalang/test/"), body


@contextmanager
def controlled(answer: Callable[[httpx.Request], httpx.Response]) -> Iterator[Server]:
    child: Any = SimpleNamespace(url="http://127.0.0.1:4000", key="sk-test", last_words="it said nothing", log_size=0)
    controls = Controls(child, httpx.MockTransport(answer))
    with closing(controls):
        yield Server(child, controls)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def server(line: Line) -> Iterator[Server]:
    with controlled(line) as server:
        yield server


CONTROLS: list[tuple[Callable[[Server], object], str, Any]] = [
    (lambda s: s.reset(), "reset", {}),
    (lambda s: s.seed(7), "seed", {"seed": 7}),
    (lambda s: s.hold(), "queue", {"held": True}),
    (lambda s: s.release(), "queue", {"held": False}),
    (lambda s: s.clock.advance(timedelta(minutes=1), days=1, hours=1, seconds=0.5), "clock", {"advance": 90060.5}),
    (lambda s: s.clock.advance(minutes=2), "clock", {"advance": 120.0}),
    (lambda s: s.clock.move_to(datetime(1970, 1, 2, tzinfo=UTC)), "clock", {"set": 86_400_000}),
    (lambda s: s.clock.freeze(), "clock", {"freeze": True}),
    (lambda s: s.clock.unfreeze(), "clock", {"freeze": False}),
    (lambda s: s.start_task("t1"), "tasks/t1/start", {}),
    (lambda s: s.finish_task("t1"), "tasks/t1/finish", {}),
    (lambda s: s.fail_task("t1", "InternalError"), "tasks/t1/fail", {"code": "InternalError"}),
    (lambda s: s.fail_task("t1", "A", "b"), "tasks/t1/fail", {"code": "A", "message": "b"}),
]


@pytest.mark.parametrize(("use", "path", "body"), CONTROLS)
def test_controls(server: Server, line: Line, use: Callable[[Server], object], path: str, body: Any) -> None:
    use(server)
    assert line.last == (path, body)


CREATES, DOWNLOADS = {"call": "create"}, {"call": "download"}

FAULTS: list[tuple[Callable[[Server], object], Any]] = [
    (lambda s: s.refuse("A"), {"then": {"do": "refuse", "code": "A"}, "when": CREATES}),
    (
        lambda s: s.refuse("A", "b", status=429, retry_after=0, call="query", times=2),
        {
            "then": {"do": "refuse", "code": "A", "message": "b", "status": 429, "retry_after": 0},
            "when": {"call": "query"},
            "times": 2,
        },
    ),
    (lambda s: s.refuse("A", path="/x/*"), {"then": {"do": "refuse", "code": "A"}, "when": {"path": "/x/*"}}),
    (
        lambda s: s.refuse("A", model="wan2.6-*", prompt="fox"),
        {"then": {"do": "refuse", "code": "A"}, "when": {**CREATES, "model": "wan2.6-*", "prompt": "fox"}},
    ),
    (lambda s: s.answer(502), {"then": {"do": "answer", "status": 502}}),
    (
        lambda s: s.answer(200, {"a": 1}, {"X-Y": "z"}),
        {
            "then": {
                "do": "answer",
                "status": 200,
                "body": '{"a":1}',
                "headers": {"Content-Type": "application/json", "X-Y": "z"},
            }
        },
    ),
    (lambda s: s.delay(1.5, method="GET"), {"then": {"do": "delay", "seconds": 1.5}, "when": {"method": "GET"}}),
    (lambda s: s.drop(), {"then": {"do": "drop"}}),
    (lambda s: s.drop("before"), {"then": {"do": "drop", "moment": "before"}}),
    (lambda s: s.truncate(), {"then": {"do": "truncate", "part": 0.5}, "when": DOWNLOADS}),
    (lambda s: s.truncate(0.1, call="list"), {"then": {"do": "truncate", "part": 0.1}, "when": {"call": "list"}}),
    (
        lambda s: s.forget(task_id="t1"),
        {"then": {"do": "forget"}, "when": {"call": "query", "task_id": "t1"}},
    ),
    (lambda s: s.fail("A"), {"then": {"do": "fail", "code": "A"}}),
    (
        lambda s: s.fail("A", "b", stage="preparation", times=1),
        {"then": {"do": "fail", "code": "A", "message": "b", "stage": "preparation"}, "times": 1},
    ),
    (lambda s: s.crash(), {"then": {"do": "crash"}}),
    (lambda s: s.crash(3), {"then": {"do": "crash", "attempts": 3}}),
    (
        lambda s: s.reject(),
        {
            "then": {
                "do": "refuse",
                "code": "DataInspectionFailed",
                "message": "Input data may contain inappropriate content.",
            },
            "when": CREATES,
        },
    ),
    (
        lambda s: s.reject("output", times=1),
        {
            "then": {
                "do": "fail",
                "code": "DataInspectionFailed",
                "message": "Output data may contain inappropriate content.",
            },
            "times": 1,
        },
    ),
    (
        lambda s: s.expire_links(),
        {
            "then": {
                "do": "refuse",
                "code": "AccessDenied",
                "message": "The link is not valid, or no longer.",
                "status": 403,
            },
            "when": DOWNLOADS,
        },
    ),
]


@pytest.mark.parametrize(("use", "body"), FAULTS)
def test_faults(server: Server, line: Line, use: Callable[[Server], object], body: Any) -> None:
    use(server)
    assert line.last == ("faults", {"when": {}, **body})


def test_a_fault_asks_how_often_it_befell_and_remembers_it_when_removed(server: Server, line: Line) -> None:
    with server.forget() as fault:
        assert fault.befallen == 3
    assert line.asked[-1][0] == "DELETE /dalang/test/faults/4"


@pytest.mark.parametrize(
    ("pending", "running", "body"),
    [
        (at_once, at_once, {}),
        (polls(2), by_hand, {"pending": {"polls": 2}, "running": {"by_hand": True}}),
        (
            seconds(1.5),
            Stage(polls=1, seconds=2),
            {"pending": {"seconds": 1.5}, "running": {"polls": 1, "seconds": 2.0}},
        ),
    ],
)
def test_transitions(server: Server, line: Line, pending: Stage, running: Stage, body: Any) -> None:
    server.transition(pending=pending, running=running)
    assert line.asked == [("PUT /dalang/test/transition", {}, body)]


MISTAKES: list[tuple[Callable[[Any], object], type[Exception], str]] = [
    (lambda s: s.reject("inputs"), ValueError, "what must be 'input' or 'output', not 'inputs'."),
    (lambda s: s.drop("midway"), ValueError, "moment must be 'before' or 'after', not 'midway'."),
    (lambda s: s.truncate(2), ValueError, "part must be a number from 0 to below 1, not 2."),
    (lambda s: s.truncate("half"), ValueError, "part must be a number from 0 to below 1, not 'half'."),
    (lambda s: s.delay(-1), ValueError, "seconds must be a number from 0 to 3600, not -1."),
    (lambda s: s.crash(0), ValueError, "attempts must be a whole number from 1 on, not 0."),
    (lambda s: s.answer(99), ValueError, "status must be a whole number from 200 to 599, not 99."),
    (lambda s: s.answer(200, "", {"A": 1}), ValueError, "headers must be a dict of texts, not {'A': 1}."),
    (lambda s: s.fail("A", stage="x"), ValueError, "stage must be 'preparation' or 'rendering', not 'x'."),
    (lambda s: s.fail(5), ValueError, "code must be text, not 5."),
    (lambda s: s.forget(times=0), ValueError, "times must be a whole number from 1 to 1000000, not 0."),
    (lambda s: s.refuse("A", prompt="("), ValueError, "prompt must be a regular expression, and '(' is none: "),
    (lambda s: s.refuse("A", task_id=b"t1"), ValueError, "task_id must be text, not b't1'."),
    (lambda s: s.refuse("A", colour="red"), TypeError, "Calls have no colour; they are told apart by call, "),
    (lambda s: s.seed("x"), ValueError, "number must be a whole number, not 'x'."),
    (lambda s: polls(-1), ValueError, "polls must be a whole number from 0 to 1000000, not -1."),
    (lambda s: seconds("1"), ValueError, "seconds must be a number from 0 to 1000000000, not '1'."),
    (lambda s: s.transition(pending=1), TypeError, "pending must be at_once, polls(n), seconds(t) or by_hand, not 1."),
    (lambda s: s.transition(running=polls), TypeError, "running must be at_once, polls(n), seconds(t) or by_hand, "),
    (lambda s: s.transition(running=Stage(polls=-1)), ValueError, "polls must be a whole number from 0 "),
    (lambda s: s.clock.advance(5), TypeError, "The clock is moved by a timedelta or by name: seconds=5."),
    (lambda s: s.clock.move_to(5), TypeError, "The clock is moved to a datetime, not to 5."),
]


@pytest.mark.parametrize(("use", "error", "said"), MISTAKES)
def test_what_cannot_be_is_told_before_anything_is_asked(
    server: Server, line: Line, use: Callable[[Server], object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as raised:
        use(server)
    assert str(raised.value).startswith(said)
    assert line.asked == []


def test_the_clock_tells_the_time_in_utc(server: Server) -> None:
    assert server.clock.now() == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert server.clock.is_frozen


def test_a_refusal_is_the_servers_sentence() -> None:
    refusal = {"code": "InvalidParameter", "message": "There is no code Oops.", "request_id": "r"}
    with (
        controlled(lambda request: httpx.Response(400, json=refusal)) as server,
        pytest.raises(ControlRefused, match=r"^There is no code Oops\.$"),
    ):
        server.refuse("Oops")


def test_a_server_that_does_not_answer_is_gone() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with controlled(fail) as server, pytest.raises(ServerGone, match="does not answer: it said nothing"):
        server.reset()
