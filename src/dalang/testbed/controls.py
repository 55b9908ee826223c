"""What tests tell the server and ask it: `/dalang/test/…`. No key is asked for: a test server listens to its
own machine, unless the operator says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from dalang.api.edge import Route, json_reply
from dalang.errors import InvalidParameter, NotFound
from dalang.models import MAX_SEED
from dalang.testbed.codes import check_code
from dalang.testbed.fault import Fail, Fault
from dalang.testbed.transition import Transition

if TYPE_CHECKING:
    from dalang.testbed.bed import Testbed

ROOT = "/dalang/test"

MEDIA_LIMIT = 128 << 20
"""Bytes of one file: more than any that a task may begin with."""

FAR = 1e12
"""Seconds: from any moment of the clock beyond its ends."""

LONGEST = 18
"""Digits of a number in an address."""

T = TypeVar("T")


class MoveClock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In this order."""

    freeze: bool | None = None
    set: int | None = None
    """Milliseconds since the epoch."""
    advance: Annotated[float, Meta(ge=-FAR, le=FAR)] = 0.0
    """Seconds; back, if negative."""


class HoldQueue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    held: bool


class Seed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)]


class FailNow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    message: str | None = None


def routes(bed: Testbed) -> list[Route]:
    """Of the server that `bed` is part of."""
    controls = Controls(bed)
    return [
        Route(f"{ROOT}/reset", controls.reset, ("POST",)),
        Route(f"{ROOT}/clock", controls.show_clock),
        Route(f"{ROOT}/clock", controls.move_clock, ("POST",)),
        Route(f"{ROOT}/transition", controls.show_transition),
        Route(f"{ROOT}/transition", controls.set_transition, ("PUT",)),
        Route(f"{ROOT}/tasks/{{task_id}}/start", controls.start, ("POST",)),
        Route(f"{ROOT}/tasks/{{task_id}}/finish", controls.finish, ("POST",)),
        Route(f"{ROOT}/tasks/{{task_id}}/fail", controls.fail, ("POST",)),
        Route(f"{ROOT}/queue", controls.hold, ("POST",)),
        Route(f"{ROOT}/seed", controls.seed, ("POST",)),
        Route(f"{ROOT}/faults", controls.declare, ("POST",)),
        Route(f"{ROOT}/faults", controls.faults),
        Route(f"{ROOT}/faults", controls.clear_faults, ("DELETE",)),
        Route(f"{ROOT}/faults/{{id}}", controls.withdraw, ("DELETE",)),
        Route(f"{ROOT}/calls", controls.calls),
        Route(f"{ROOT}/media", controls.put_media, ("PUT",)),
    ]


class Controls:
    """The endpoints; each raises InvalidParameter for a body that it does not understand."""

    def __init__(self, bed: Testbed) -> None:
        self._bed = bed

    async def reset(self, request: Request) -> Response:
        await self._bed.reset()
        return json_reply(request, {})

    async def show_clock(self, request: Request) -> Response:
        return json_reply(request, {"now": self._bed.clock(), "is_frozen": self._bed.clock.is_frozen})

    async def move_clock(self, request: Request) -> Response:
        asked = await _read(request, MoveClock)
        self._bed.move_clock(asked.freeze, asked.set, round(asked.advance * 1000))
        return await self.show_clock(request)

    async def show_transition(self, request: Request) -> Response:
        return json_reply(request, msgspec.to_builtins(self._bed.stages.transition))

    async def set_transition(self, request: Request) -> Response:
        self._bed.stages.transition = await _read(request, Transition)
        return await self.show_transition(request)

    async def start(self, request: Request) -> Response:
        return _found(request, self._bed.stages.start(_task_id(request)))

    async def finish(self, request: Request) -> Response:
        return _found(request, self._bed.stages.finish(_task_id(request)))

    async def fail(self, request: Request) -> Response:
        asked = await _read(request, FailNow)
        check_code(asked.code, asked.message)
        return _found(request, self._bed.stages.finish(_task_id(request), Fail(asked.code, asked.message)))

    async def hold(self, request: Request) -> Response:
        asked = await _read(request, HoldQueue)
        self._bed.stages.hold(asked.held)
        return json_reply(request, {"held": asked.held})

    async def seed(self, request: Request) -> Response:
        self._bed.seed((await _read(request, Seed)).seed)
        return json_reply(request, {})

    async def declare(self, request: Request) -> Response:
        declared = self._bed.faults.add(await _read(request, Fault))
        return json_reply(request, msgspec.to_builtins(declared))

    async def faults(self, request: Request) -> Response:
        return json_reply(request, {"faults": msgspec.to_builtins(self._bed.faults.declared())})

    async def clear_faults(self, request: Request) -> Response:
        self._bed.faults.clear()
        return json_reply(request, {})

    async def withdraw(self, request: Request) -> Response:
        id = request.path_params["id"]
        if not (_is_number(id) and self._bed.faults.remove(int(id))):
            raise NotFound(f"There is no fault {id[:64]}.")
        return json_reply(request, {})

    async def calls(self, request: Request) -> Response:
        after = request.query_params.get("after", "0")
        if not _is_number(after):
            raise InvalidParameter("after must be the number of a call.")
        return json_reply(request, {"calls": msgspec.to_builtins(self._bed.journal.since(int(after)))})

    async def put_media(self, request: Request) -> Response:
        url = request.query_params.get("url", "")
        if not url.lower().startswith(("http://", "https://")):
            raise InvalidParameter("url must be the address that is to be fetched: http://… or https://….")
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > MEDIA_LIMIT:
                raise InvalidParameter(f"A file may have {MEDIA_LIMIT} bytes.")
        await self._bed.media.put(url, bytes(content))
        return json_reply(request, {})


async def _read(request: Request, form: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.body(), type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidParameter(f"The body does not fit: {error}.") from error


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST


def _task_id(request: Request) -> str:
    task_id: str = request.path_params["task_id"]
    return task_id


def _found(request: Request, is_found: bool) -> Response:
    if not is_found:
        raise NotFound("There is no such task, or it has ended.")
    return json_reply(request, {})
