"""What the server says, as frozen nouns. Pure: bytes in, nouns or an error out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

import msgspec

from dalang.client.errors import ApiError, BadReply
from dalang.task import TaskStatus

CHINA = timezone(timedelta(hours=8))
"""The zone of the times in a task, which the wire writes without a mark."""

STATUSES = {status.value: status for status in TaskStatus} | {"SUSPENDED": TaskStatus.PENDING}
"""SUSPENDED stands in the official SDKs' enums: a task that waits."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One task as its query call shows it."""

    id: str
    status: TaskStatus
    request_id: str = ""
    video_url: str | None = None
    """Signed, and expires; None until the task SUCCEEDED."""
    code: str = ""
    message: str = ""
    """Why a task FAILED."""
    submit_time: datetime | None = None
    scheduled_time: datetime | None = None
    end_time: datetime | None = None
    orig_prompt: str | None = None
    actual_prompt: str | None = None
    usage: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """What was billed; its fields depend on the model's family."""
    from_dalang: bool = False
    """Whether a Dalang server answered; only then the fields below can be set."""
    progress: float | None = None
    """0..1."""
    eta: float | None = None
    """Seconds until the end, as far as the server can tell."""
    queue_position: int | None = None
    engine: str | None = None
    checkpoint: str | None = None
    """The weights of an engine that has some, and `profile` how they are run."""
    profile: str | None = None
    seed: int | None = None
    attempt: int | None = None
    warnings: tuple[str, ...] = ()
    """Sentences about what was asked and not done."""

    @property
    def is_over(self) -> bool:
        """Whether polling can stop: the task ended, or the server does not know it (any more)."""
        return self.status.is_final or self.status is TaskStatus.UNKNOWN


class TaskRow(msgspec.Struct, frozen=True, kw_only=True):
    """One task as the list call shows it."""

    id: str
    status: TaskStatus
    model: str
    created: datetime
    started: datetime | None = None
    ended: datetime | None = None


class TaskPage(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[TaskRow, ...]
    total: int
    """Tasks on all pages."""
    page: int
    pages: int


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Leave to put a file in one place for some minutes; the names are the wire's."""

    upload_host: str
    upload_dir: str
    policy: str
    signature: str
    oss_access_key_id: str
    x_oss_object_acl: str = "private"
    x_oss_forbid_overwrite: str = "true"
    max_file_size_mb: float | None = None


class WireDalang(msgspec.Struct, frozen=True):
    progress: float | None = None
    eta: float | None = None
    queue_position: int | None = None
    engine: str | None = None
    checkpoint: str | None = None
    profile: str | None = None
    seed: int | None = None
    attempt: int | None = None
    warnings: tuple[str, ...] = ()


class WireOutput(msgspec.Struct, frozen=True):
    task_id: str
    task_status: str
    video_url: str | None = None
    code: str | None = None
    message: str | None = None
    submit_time: str | None = None
    scheduled_time: str | None = None
    end_time: str | None = None
    orig_prompt: str | None = None
    actual_prompt: str | None = None
    dalang: WireDalang | None = None


class WireTask(msgspec.Struct, frozen=True):
    output: WireOutput
    request_id: str | None = None
    usage: dict[str, Any] | None = None


class WireRow(msgspec.Struct, frozen=True):
    task_id: str
    status: str
    gmt_create: int
    model_name: str = ""
    start_time: int | None = None
    end_time: int | None = None


class WirePage(msgspec.Struct, frozen=True):
    total: int
    data: tuple[WireRow, ...] = ()
    total_page: int = 1
    page_no: int = 1


class WirePolicy(msgspec.Struct, frozen=True):
    data: Policy


class WireError(msgspec.Struct, frozen=True):
    code: str | int | None = None
    message: str | None = None
    request_id: str | None = None


Wire = TypeVar("Wire")


def read_task(body: bytes) -> Task:
    """The noun behind a create or query reply. Raises `BadReply`."""
    wire = decode(body, WireTask)
    output, ours = wire.output, wire.output.dalang or WireDalang()
    return Task(
        id=output.task_id,
        status=status_named(output.task_status),
        request_id=wire.request_id or "",
        video_url=output.video_url or None,
        code=output.code or "",
        message=output.message or "",
        submit_time=china_time(output.submit_time),
        scheduled_time=china_time(output.scheduled_time),
        end_time=china_time(output.end_time),
        orig_prompt=output.orig_prompt,
        actual_prompt=output.actual_prompt,
        usage=wire.usage or {},
        from_dalang=output.dalang is not None,
        **msgspec.structs.asdict(ours),
    )


def read_page(body: bytes) -> TaskPage:
    """The noun behind a list reply. Raises `BadReply`."""
    wire = decode(body, WirePage)
    rows = tuple(
        TaskRow(
            id=row.task_id,
            status=status_named(row.status),
            model=row.model_name,
            created=epoch_time(row.gmt_create),
            started=epoch_time(row.start_time) if row.start_time else None,
            ended=epoch_time(row.end_time) if row.end_time else None,
        )
        for row in wire.data
    )
    return TaskPage(rows=rows, total=wire.total, page=wire.page_no, pages=wire.total_page)


def read_policy(body: bytes) -> Policy:
    """The noun behind a getPolicy reply. Raises `BadReply`."""
    return decode(body, WirePolicy).data


def read_error(status: int, body: bytes) -> ApiError:
    """The error behind a refusal; one that is not of the API (a proxy's page) has its HTTP status as code."""
    try:
        wire = msgspec.json.decode(body, type=WireError)
    except (msgspec.DecodeError, UnicodeDecodeError):
        wire = WireError()
    code = str(wire.code or f"HTTP {status}")
    message = wire.message or "The answer carries no code of the video API."
    return ApiError(code, message, status=status, request_id=wire.request_id or "")


def refuse_error(status: int, body: bytes) -> None:
    """Raise the `ApiError` of a reply that is one: not 2xx, or 200 with a code at its top."""
    if not 200 <= status < 300:
        raise read_error(status, body)
    if body.lstrip()[:1] == b"{" and decode(body, WireError).code:
        raise read_error(status, body)


def decode(body: bytes, kind: type[Wire]) -> Wire:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadReply(f"Not an answer of the video API ({error}): check the base URL.") from error


def status_named(name: str) -> TaskStatus:
    if name not in STATUSES:
        raise BadReply(f"The server names a task status that the video API does not have: {name!r}.")
    return STATUSES[name]


def china_time(text: str | None) -> datetime | None:
    """`2025-09-25 11:07:28.590` in its zone; None for none, and for what is no time."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CHINA) if text else None
    except ValueError:
        return None


def epoch_time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
