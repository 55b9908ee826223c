"""What test mode makes of calls on their way to the application and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from starlette.types import Message, Receive, Scope, Send

from dalang.task import Task
from dalang.testbed import app as module
from dalang.testbed.app import TestApp
from dalang.testbed.call import Call
from dalang.testbed.fault import Answer, Delay, Drop, Fault, Forget, OnCall, Refuse, Truncate, When
from dalang.testbed.faults import Faults
from dalang.testbed.journal import Journal
from tests.clock import START, ManualClock
from tests.samples import TEXT, text_task

CREATE = "/api/v1/services/aigc/video-generation/video-synthesis"

ORDER = {"model": "wan2.6-t2v", "input": {"prompt": "A fox"}, "parameters": {"seed": 7}}

TASK = text_task(ManualClock())

FILE = b"0123456789"


class Inner:
    """An application that answers every call alike, and tells what reached it."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.bodies: list[bytes] = []
        self.status = 200
        self.headers = [(b"content-type", b"application/json")]
        self.pieces = [b'{"output": {"task_id": "task-1"}}']

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.bodies.append(body)
        length = str(sum(map(len, self.pieces))).encode()
        headers = [*self.headers, (b"content-length", length)]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        for piece in self.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": piece != self.pieces[-1]})

    def answers_file(self) -> None:
        self.headers, self.pieces = [(b"content-type", b"video/mp4")], [FILE[:4], FILE[4:8], FILE[8:]]


class Reply:
    """What went out of one call."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])

    @property
    def body(self) -> bytes:
        assert self.messages[-1].get("more_body", False) is False
        return b"".join(message["body"] for message in self.messages[1:])

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Bench:
    """The application under test, and all that it stands on."""

    def __init__(self) -> None:
        self.inner, self.faults, self.journal = Inner(), Faults(), Journal()
        self.task = TASK
        self.polled: list[str] = []
        self.is_kept = False
        self.dropped: list[Scope] = []
        self.app = TestApp(
            self.inner, self.faults, self.journal, self._find, self._poll, ManualClock(), self.dropped.append
        )

    def _find(self, task_id: str) -> Task | None:
        return self.task if task_id == self.task.id else None

    async def _poll(self, task_id: str) -> bool:
        self.polled.append(task_id)
        return self.is_kept

    def declare(self, then: OnCall, **when: Any) -> int:
        return self.faults.add(Fault(then=then, when=When(**when))).id

    async def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        path, _, query = path.partition("?")
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": pairs,
            "extensions": {"http.response.pathsend": {}, "other": {}},
        }
        pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)] or [b""]
        messages = iter(
            [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces[:-1]]
            + [{"type": "http.request", "body": pieces[-1], "more_body": False}]
        )

        async def receive() -> Message:
            return next(messages)

        reply = Reply()
        await self.app(scope, receive, reply.send)
        return reply

    async def create(self, order: Any = ORDER) -> Reply:
        return await self.call("POST", CREATE, json.dumps(order).encode())

    async def query(self, rest: str = "") -> Reply:
        return await self.call("GET", f"/api/v1/tasks/{TASK.id}{rest}")

    @property
    def last(self) -> Call:
        return self.journal.since(0)[-1]


@pytest.fixture
def bench() -> Bench:
    return Bench()


# What goes through


async def test_a_call_goes_through_as_it_came(bench: Bench) -> None:
    reply = await bench.create()
    assert reply.json == {"output": {"task_id": "task-1"}}
    assert json.loads(bench.inner.bodies[0]) == ORDER


async def test_a_create_call_is_written_down(bench: Bench) -> None:
    await bench.create()
    call = bench.last
    assert (call.number, call.at, call.call, call.method, call.path) == (1, START, "create", "POST", CREATE)
    assert (call.status, call.code, call.task_id, call.body) == (200, None, "task-1", ORDER)


async def test_what_a_create_call_asks_is_understood_whatever_becomes_of_it(bench: Bench) -> None:
    """Where nobody makes a task of it: it is refused, or answered from a cassette."""
    bench.inner.status = 429
    await bench.create()
    asked = bench.last.request
    assert asked
    assert (asked.prompt, asked.duration, asked.size, asked.seed) == ("A fox", 5, (1920, 1080), 7)
    await bench.create({"model": "wan2.6-t2v", "input": {"prompt": ""}})
    assert bench.last.request is None, "what create refuses means nothing"


async def test_the_request_is_written_down_under_the_id_that_the_application_uses(bench: Bench) -> None:
    await bench.create()
    assert bench.last.request_id == bench.inner.scopes[0]["dalang.request_id"]
    assert bench.last.request_id
    bench.journal.order(bench.last.request_id, "task-1", TEXT)
    assert bench.last.request == TEXT


async def test_a_refusal_is_written_down_with_its_code(bench: Bench) -> None:
    bench.inner.status, bench.inner.pieces = 401, [b'{"code": "InvalidApiKey", "message": ""}']
    await bench.query()
    assert (bench.last.status, bench.last.code, bench.last.task_id) == (401, "InvalidApiKey", TASK.id)


async def test_a_refusal_of_the_storage_is_written_down_with_its_code(bench: Bench) -> None:
    bench.inner.status, bench.inner.headers = 403, [(b"content-type", b"application/xml")]
    bench.inner.pieces = [b"<Error><Code>AccessDenied</Code></Error>"]
    await bench.call("POST", "/uploads")
    assert (bench.last.status, bench.last.code) == (403, "AccessDenied")


async def test_a_call_is_written_down_before_its_answer_goes_out(bench: Bench) -> None:
    seen = []

    class Client(Reply):
        async def send(self, message: Message) -> None:
            seen.append(bench.last.status)

    bench.inner.answers_file()
    reply = Client()
    await bench.app(
        {"type": "http", "method": "GET", "path": "/files/a/b", "query_string": b"", "headers": []},
        _nothing,
        reply.send,
    )
    assert seen == [200, 200, 200, 200]


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


@pytest.mark.parametrize("path", ["/dalang/test/calls", "/healthz", "/metrics"])
async def test_controls_and_probes_stand_aside(bench: Bench, path: str) -> None:
    bench.declare(Answer(503))
    assert (await bench.call("GET", path)).status == 200
    assert bench.journal.since(0) == []


async def test_an_upload_is_written_down_as_an_outline(bench: Bench) -> None:
    form = (
        b'--XX\r\nContent-Disposition: form-data; name="policy"\r\n\r\nsecret\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="file"; filename="fox.png"\r\n\r\n'
        + b"x" * 3500
        + b"\r\n--XX--\r\n"
    )
    await bench.call("POST", "/uploads", form, content_type="multipart/form-data; boundary=XX")
    assert bench.last.body == {"fields": ["policy", "file"], "file_size": 3500}
    assert bench.inner.bodies == [form]


async def test_a_form_that_is_none_goes_through(bench: Bench) -> None:
    await bench.call("POST", "/uploads", b"nothing of the kind", content_type="multipart/form-data; boundary=XX")
    assert bench.inner.bodies == [b"nothing of the kind"]
    await bench.call("POST", "/uploads", b"nothing")
    assert bench.last.body == {"fields": [], "file_size": 0}


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"model": 3, "input": []}', b'{"input": {"prompt": null}}'])
async def test_whatever_a_body_is_the_application_has_it(bench: Bench, body: bytes) -> None:
    bench.declare(Answer(503), prompt="fox")
    await bench.call("POST", CREATE, body)
    assert bench.inner.bodies == [body]


async def test_a_body_that_is_too_large_anyway_is_not_read_ahead(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dalang.testbed.body.MOST", 2500)
    bench.declare(Answer(503), prompt="fox")
    body = json.dumps({**ORDER, "padding": "x" * 5000}).encode()
    assert (await bench.call("POST", CREATE, body)).status == 200
    assert (await bench.call("POST", CREATE, body, content_length=str(len(body)))).status == 200
    assert bench.inner.bodies == [body, body]
    assert bench.last.body is None


async def test_a_body_that_announces_to_be_too_large_is_not_even_begun(bench: Bench) -> None:
    async def receive() -> Message:
        assert bench.inner.scopes, "read before the application asked for it"
        return await _nothing()

    headers = [(b"content-length", b"1000000000")]
    scope = {"type": "http", "method": "POST", "path": CREATE, "query_string": b"", "headers": headers}
    await bench.app(scope, receive, Reply().send)
    assert bench.inner.bodies == [b""]


async def test_an_outline_has_an_end(bench: Bench) -> None:
    form = b"".join(b'--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(100))
    await bench.call("POST", "/uploads", form + b"--XX--\r\n", content_type="multipart/form-data; boundary=XX")
    assert len(bench.last.body["fields"]) == 32


# Faults


async def test_a_refusal_is_the_protocols(bench: Bench) -> None:
    id = bench.declare(Refuse("Throttling.RateQuota", retry_after=7), prompt="fox", model="wan2.6-*")
    reply = await bench.create()
    assert (reply.status, reply.headers[b"retry-after"]) == (429, b"7")
    assert reply.json == {
        "request_id": bench.last.request_id,
        "code": "Throttling.RateQuota",
        "message": "Requests rate limit exceeded, please try again later.",
    }
    assert bench.inner.scopes == []
    assert (bench.last.status, bench.last.code, bench.last.faults) == (429, "Throttling.RateQuota", (id,))


async def test_an_upload_is_refused_in_xml(bench: Bench) -> None:
    bench.declare(Refuse("FileAlreadyExists"), call="upload")
    reply = await bench.call("POST", "/uploads", b"x" * 5000)
    assert (reply.status, reply.headers[b"content-type"]) == (409, b"application/xml")
    assert bench.last.code == "FileAlreadyExists"


async def test_any_answer_goes_out_as_declared(bench: Bench) -> None:
    bench.declare(Answer(502, "<h1>Bad gateway</h1>", {"Server": "proxy"}))
    reply = await bench.query()
    assert (reply.status, reply.body, reply.headers[b"server"]) == (502, b"<h1>Bad gateway</h1>", b"proxy")
    assert (bench.last.status, bench.last.code) == (502, None)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    return naps


async def test_a_delay_comes_after_the_work_and_before_the_answer(bench: Bench, slept: list[float]) -> None:
    bench.declare(Delay(2))
    bench.declare(Delay(1))
    reply = await bench.create()
    assert (slept, len(bench.inner.bodies), reply.status) == ([3.0], 1, 200)


async def test_a_call_that_is_dropped_before_has_not_been_looked_at(bench: Bench, slept: list[float]) -> None:
    bench.declare(Drop("before"))
    bench.declare(Delay(2))
    reply = await bench.create()
    assert (reply.messages, bench.inner.scopes, slept) == ([], [], [2.0])
    assert [scope["path"] for scope in bench.dropped] == [CREATE]
    assert (bench.last.status, bench.last.body) == (None, ORDER)


async def test_a_call_that_is_dropped_after_has_been_carried_out(bench: Bench) -> None:
    bench.declare(Drop("after"))
    reply = await bench.create()
    assert (reply.messages, len(bench.inner.bodies), len(bench.dropped)) == ([], 1, 1)
    assert bench.last.status is None


@pytest.mark.parametrize(("part", "sent"), [(0.0, b""), (0.3, FILE[:3]), (0.5, FILE[:5]), (0.99, FILE[:9])])
async def test_a_body_breaks_off_short_of_its_announced_length(bench: Bench, part: float, sent: bytes) -> None:
    bench.inner.answers_file()
    bench.declare(Truncate(part))
    reply = await bench.call("GET", "/files/a/b.mp4")
    assert (reply.body, reply.headers[b"content-length"]) == (sent, b"10")
    assert reply.messages[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert len(reply.messages) > 2, "the end must not be told with the only piece"
    assert bench.last.status == 200


async def test_what_breaks_off_is_not_sent_by_the_server_itself(bench: Bench) -> None:
    await bench.call("GET", "/files/a/b.mp4")
    bench.declare(Truncate())
    await bench.call("GET", "/files/a/b.mp4")
    assert [sorted(scope["extensions"]) for scope in bench.inner.scopes] == [
        ["http.response.pathsend", "other"],
        ["other"],
    ]


async def test_what_says_nothing_of_its_length_stays_whole(bench: Bench) -> None:
    bench.inner.pieces = [b""]
    bench.declare(Truncate())
    assert (await bench.query()).body == b""


async def test_a_query_is_forgotten(bench: Bench) -> None:
    bench.declare(Forget())
    reply = await bench.query()
    assert reply.json == {
        "request_id": bench.last.request_id,
        "output": {"task_id": TASK.id, "task_status": "UNKNOWN"},
    }
    assert (bench.inner.scopes, bench.polled) == ([], [])


# Of tasks


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/tasks/{}"),
        ("GET", "/api/v1/tasks/{}/events"),
        ("POST", "/api/v1/tasks/{}/cancel"),
        ("POST", "/api/v1/tasks/{}/retry"),
        ("GET", "/files/{}/1-film.mp4"),
    ],
)
async def test_what_is_said_of_a_task_fits_the_calls_about_it(bench: Bench, method: str, path: str) -> None:
    bench.declare(Answer(503), model=TASK.model, prompt=TASK.request.prompt)
    assert (await bench.call(method, path.format(TASK.id))).status == 503
    assert (await bench.call(method, path.format("another"))).status == 200


async def test_a_policy_is_asked_for_a_model(bench: Bench) -> None:
    bench.declare(Answer(503), model="wan2.6-i2v")
    assert (await bench.call("GET", "/api/v1/uploads?action=getPolicy&model=wan2.6-i2v")).status == 503


async def test_a_query_of_a_task_that_is_there_is_a_poll(bench: Bench) -> None:
    await bench.query()
    await bench.query("/")
    await bench.call("GET", "/api/v1/tasks/another")
    await bench.call("GET", f"/api/v1/tasks/{TASK.id}/events")
    assert bench.polled == [TASK.id, TASK.id]


async def test_a_poll_that_moves_the_task_on_does_not_wait(bench: Bench) -> None:
    await bench.query("?wait=30&size=1280*720")
    bench.is_kept = True
    await bench.query("?wait=30&size=1280*720")
    assert [scope["query_string"] for scope in bench.inner.scopes] == [b"wait=30&size=1280*720", b"size=1280*720"]
    assert bench.last.query == {"wait": "30", "size": "1280*720"}


@pytest.mark.parametrize("then", [Answer(503), Drop("before"), Drop("after"), Refuse("Throttling")])
async def test_a_query_that_is_not_answered_is_no_poll(bench: Bench, then: OnCall) -> None:
    bench.declare(then)
    await bench.query()
    assert bench.polled == []


# In OpenAI's style

VIDEOS = "/v1/videos"

VIDEO = f"{VIDEOS}/video_{TASK.id}"

FORM = (
    b'--XX\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nA fox\r\n'
    b'--XX\r\nContent-Disposition: form-data; name="input_reference"; filename="fox.png"\r\n\r\n'
    + b"x" * 3000
    + b"\r\n--XX--\r\n"
)


async def order_video(bench: Bench, asked: Any) -> Reply:
    return await bench.call("POST", VIDEOS, json.dumps(asked).encode())


async def test_an_order_in_openai_s_style_is_written_down(bench: Bench) -> None:
    bench.inner.pieces = [b'{"id": "video_task-1", "object": "video"}']
    await order_video(bench, {"prompt": "A fox", "seconds": "5", "seed": 7})
    call = bench.last
    assert (call.call, call.task_id, call.body) == ("create", "task-1", {"prompt": "A fox", "seconds": "5", "seed": 7})
    assert call.request
    assert (call.request.model, call.request.prompt, call.request.seed) == ("wan2.6-t2v", "A fox", 7)


async def test_a_form_is_written_down_as_json_would_have_it(bench: Bench) -> None:
    await bench.call("POST", VIDEOS, FORM, content_type="multipart/form-data; boundary=XX")
    assert bench.inner.bodies == [FORM]
    assert bench.last.request
    assert (bench.last.request.model, bench.last.request.prompt) == ("wan2.6-i2v", "A fox")
    assert bench.last.body["prompt"] == "A fox"
    assert bench.last.body["input_reference"]["image_url"].endswith("… (4037 characters)")


@pytest.mark.parametrize("when", [{"prompt": "fox"}, {"model": "wan2.6-t2v"}, {"call": "create"}, {"path": "/v1/*"}])
async def test_its_refusals_have_its_form(bench: Bench, when: dict[str, str]) -> None:
    bench.declare(Refuse("Throttling.RateQuota", retry_after=7), **when)
    reply = await order_video(bench, {"prompt": "A fox"})
    assert (reply.status, reply.headers[b"retry-after"], bench.inner.scopes) == (429, b"7", [])
    assert reply.json == {
        "error": {
            "message": "Requests rate limit exceeded, please try again later.",
            "type": "rate_limit_error",
            "param": None,
            "code": "Throttling.RateQuota",
        }
    }
    assert (bench.last.status, bench.last.code) == (429, "Throttling.RateQuota")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"model": 3}', b'{"input": {"prompt": "fox"}}', FORM[:90]])
async def test_whatever_an_order_in_openai_s_style_is_the_application_has_it(bench: Bench, body: bytes) -> None:
    bench.declare(Answer(503), prompt="fox")
    await bench.call("POST", VIDEOS, body)
    await bench.call("POST", VIDEOS, body, content_type="multipart/form-data; boundary=XX")
    assert bench.inner.bodies == [body, body]


@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("GET", "/content"), ("DELETE", "")])
async def test_what_is_said_of_a_task_fits_the_calls_about_its_video(bench: Bench, method: str, rest: str) -> None:
    bench.declare(Answer(503), model=TASK.model, task_id=TASK.id)
    assert (await bench.call(method, VIDEO + rest)).status == 503
    assert (await bench.call(method, f"{VIDEOS}/video_another{rest}")).status == 200


async def test_a_query_of_a_video_is_a_poll_of_its_task(bench: Bench) -> None:
    await bench.call("GET", VIDEO)
    await bench.call("GET", f"{VIDEO}/content")
    await bench.call("DELETE", VIDEO)
    assert bench.polled == [TASK.id]


async def test_a_video_that_is_forgotten_is_not_found(bench: Bench) -> None:
    bench.declare(Forget())
    reply = await bench.call("GET", VIDEO)
    assert (reply.status, reply.json["error"]["code"]) == (404, "NotFound")
    assert f"video_{TASK.id}" in reply.json["error"]["message"]
    assert (bench.last.code, bench.inner.scopes) == ("NotFound", [])


async def test_magic_that_is_none_is_refused_in_its_words(bench: Bench) -> None:
    reply = await order_video(bench, {"prompt": "test:fial=Throttling"})
    assert (reply.status, reply.json["error"]["code"]) == (400, "InvalidParameter")
    assert "test:fail" in reply.json["error"]["message"]


# Magic


async def test_a_prompt_befalls_its_create_call(bench: Bench) -> None:
    order = {**ORDER, "input": {"prompt": "A fox test:refuse=Throttling*1"}}
    assert [(await bench.create(order)).status for _ in range(2)] == [429, 200]


async def test_a_prompt_befalls_the_calls_about_its_task(bench: Bench) -> None:
    asked = msgspec.structs.replace(TEXT, prompt="A fox test:expired-link test:unknown*1")
    bench.task = msgspec.structs.replace(TASK, request=asked)
    assert (await bench.call("GET", f"/files/{TASK.id}/1.mp4")).json[
        "message"
    ] == "The link is not valid, or no longer."
    assert (await bench.query()).json["output"]["task_status"] == "UNKNOWN"
    assert "task_status" not in (await bench.query()).json["output"]


async def test_a_word_that_is_none_is_refused_at_create(bench: Bench) -> None:
    reply = await bench.create({**ORDER, "input": {"prompt": "test:fial=Throttling"}})
    assert (reply.status, reply.json["code"]) == (400, "InvalidParameter")
    assert "test:fail" in reply.json["message"]
    assert (bench.last.status, bench.last.code, bench.inner.scopes) == (400, "InvalidParameter", [])
