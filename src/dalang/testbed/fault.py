"""What a test declares to go wrong: on which calls or tasks, how, and how often."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Kind = Literal[
    "create", "query", "events", "list", "cancel", "retry", "delete", "policy", "upload", "download", "other"
]
"""What a request is to the protocol; `policy` is the first step of an upload and `upload` the second."""

Status = Annotated[int, Meta(ge=200, le=599)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Times = Annotated[int, Meta(ge=1, le=1_000_000)]


class When(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """All that is given must fit. What is said of a task fits the calls about it too: query, cancel, download."""

    call: Kind | None = None
    method: str | None = None
    path: str | None = None
    """Shell pattern, as in `/api/v1/tasks/*`; `*` also stands for slashes."""
    model: str | None = None
    """Shell pattern, as in `wan2.6-*`."""
    prompt: str | None = None
    """Regular expression, found anywhere in it."""
    task_id: str | None = None


class Effect(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="do"):
    """One of those below."""


# On calls


class Refuse(Effect, frozen=True, tag="refuse"):
    """An error of the protocol. Status and sentence are the documented ones of `code` where they are not given."""

    code: str
    message: str | None = None
    status: Status | None = None
    retry_after: Annotated[int, Meta(ge=0)] | None = None
    """Whole seconds, for the header Retry-After."""


class Answer(Effect, frozen=True, tag="answer"):
    """Any reply whatever, such as a gateway's page."""

    status: Status
    body: str = ""
    headers: dict[str, str] = {}


class Delay(Effect, frozen=True, tag="delay"):
    """The reply comes so much later; the work is done before."""

    seconds: Seconds


class Drop(Effect, frozen=True, tag="drop"):
    """The connection is closed without an answer: before the request has been looked at, or after it has been carried
    out."""

    moment: Literal["before", "after"] = "after"


class Truncate(Effect, frozen=True, tag="truncate"):
    """The body breaks off, after this part of the length that was announced."""

    part: Annotated[float, Meta(ge=0, lt=1)] = 0.5


class Forget(Effect, frozen=True, tag="forget"):
    """A query is answered UNKNOWN, or of a video with 404, as if the task had expired or never been."""


# On tasks


class Fail(Effect, frozen=True, tag="fail"):
    """The task is FAILED. The sentence is the documented one of `code` where it is not given."""

    code: str
    message: str | None = None
    stage: Literal["preparation", "rendering"] = "rendering"
    """Before it was RUNNING, whatever `pending` says; or in place of its video."""


class Crash(Effect, frozen=True, tag="crash"):
    """The worker dies in each of the first attempts; after the third, the task is FAILED as it would be."""

    attempts: Annotated[int, Meta(ge=1)] = 1


EXPIRED_LINK = Refuse("AccessDenied", "The link is not valid, or no longer.", 403)
"""As a download is refused once its link is over."""

VERDICTS: dict[str, Refuse | Fail] = {
    "input": Refuse("DataInspectionFailed", "Input data may contain inappropriate content."),
    "output": Fail("DataInspectionFailed", "Output data may contain inappropriate content."),
}
"""As the word list has a create call refused, and the inspection of frames has a task fail."""

OnCall = Refuse | Answer | Delay | Drop | Truncate | Forget
OnTask = Fail | Crash


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A declaration. Of several that fit, the one declared first comes first; delays add to what follows."""

    then: OnCall | OnTask
    when: When = When()
    times: Times | None = None
    """Calls or tasks that it befalls, after which it is spent; None: every one."""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A fault as the server keeps it."""

    id: int
    """From 1 on."""
    fault: Fault
    befallen: int
    """Calls or tasks so far."""
