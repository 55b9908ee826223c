"""`Client`: order videos from a Dalang server or from the cloud, wait for them, fetch them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Self, Unpack
from urllib.parse import quote
from uuid import uuid4

import httpx

from dalang.client.channel import BUSY, Channel, open_http
from dalang.client.download import download
from dalang.client.errors import ApiError, ConnectionFailed, DownloadFailed, TaskFailed, WaitTimeout
from dalang.client.order import Wishes, order, takes_frames
from dalang.client.patience import SYSTEM_CLOCK, Clock, Deadline, cloud_pace, for_long, local_pace
from dalang.client.replies import CHINA, Policy, Task, TaskPage, TaskRow, read_page, read_policy, read_task
from dalang.client.upload import upload
from dalang.config import client_environment
from dalang.errors import ConfigError
from dalang.task import TaskStatus

CREATE_PATH = "services/aigc/video-generation/video-synthesis"
FRAMES_PATH = "services/aigc/image2video/video-synthesis"
"""Of the kf2v models."""

CALL_LIMIT = 60.0
"""Seconds that a call may take as a whole, repetitions included."""

ORDER_LIMIT = 300.0
"""The same for an order, which may carry a picture up a slow line; it is the official SDKs' limit."""

WAIT_LIMIT = 3 * 3600.0
"""Seconds; the cloud itself ends a task without result after 3 h (`InternalError.Timeout`)."""

LONG_WAIT = 25.0
"""Seconds that one query of a Dalang server may wait: less than the 30 s after which the strictest proxies give up."""

UPLOAD_LIMIT = DOWNLOAD_LIMIT = 3600.0

OnUpdate = Callable[[Task], None]

AnyTask = Task | TaskRow | str
"""What names a task: what a call has answered, or an id."""


class Client:
    """Orders go to `base_url` (`http://127.0.0.1:8000/api/v1`) with `api_key`.

    Without them they come from `DALANG_URL` and `DALANG_API_KEY`, or else from `DASHSCOPE_HTTP_BASE_URL` and
    `DASHSCOPE_API_KEY`, which `source DIR/env` sets. No host is assumed: a task can cost money.

    Every call ends within its time limit. No video is ever ordered twice: see `create`.
    All errors are `DalangError`, but for the `OSError` of a file.
    """

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        url, key = address(base_url, api_key)
        self._clock = clock
        self._channel = Channel(url, key, clock=clock, transport=transport)
        # Links lead to other hosts too; none of them may see the key.
        self._links = open_http(transport, headers={})
        self._knows_dalang = False

    @property
    def base_url(self) -> str:
        return self._channel.base_url

    def close(self) -> None:
        self._channel.close()
        self._links.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create(self, prompt: str | None = None, **wishes: Unpack[Wishes]) -> Task:
        """Order one video and return at once. Files that are too large for the order are uploaded first.

        Sent again when the connection did not come about or the server said 429. If it breaks later, the order may
        have arrived. A Dalang server, once an answer has shown that it is one, is then asked again: it knows the order
        by its Idempotency-Key. With any other server `OrderUncertain` says so.
        Raises `ApiError`, `ConnectionFailed`, `OrderUncertain`, `UploadFailed`, `InvalidImage`, `InvalidParameter`,
        `OSError`.
        """
        body = order(prompt, wishes, self.upload)
        path = FRAMES_PATH if takes_frames(str(body["model"])) else CREATE_PATH
        headers = order_headers(body, wishes)
        reply = self._channel.order(
            path, body=body, headers=headers, limit=ORDER_LIMIT, is_repeatable=self._knows_dalang
        )
        return self._read(reply)

    def upload(self, path: str | Path, model: str) -> str:
        """Leave a file with the server for 48 hours; its `oss://` URL, which orders of `model` may name.

        Raises `UploadFailed`, `ApiError`, `ConnectionFailed`, `OSError`.
        """
        query = {"action": "getPolicy", "model": model}

        def ask() -> Policy:
            return read_policy(self._channel.ask("uploads", query=query, limit=CALL_LIMIT))

        return upload(self._links, ask, Path(path), Deadline(UPLOAD_LIMIT, self._clock))

    def fetch(self, task: AnyTask) -> Task:
        """The task as it stands. One that the server does not know has the status UNKNOWN."""
        return self._read(self._channel.ask(task_path(task), limit=CALL_LIMIT))

    def wait(self, task: AnyTask, *, timeout: float = WAIT_LIMIT, on_update: OnUpdate | None = None) -> Task:
        """The task once it is over, in whichever way; `on_update` sees each answer.

        A Dalang server is asked to answer when the task ends, or when an update is due. One that answers too early is
        polled, as is any other server. A server that goes away is waited for up to a minute.
        Raises `WaitTimeout` after `timeout` seconds, `ApiError`, `ConnectionFailed`.
        """
        deadline = Deadline(timeout, self._clock)
        path = task_path(task)
        seen = self._look(path, deadline)
        pace = local_pace() if seen.from_dalang else cloud_pace()
        asked = waited = 0.0
        while True:
            if on_update is not None:
                on_update(seen)
            if seen.is_over:
                return seen
            if deadline.is_past:
                raise WaitTimeout(seen, timeout)
            step = next(pace)
            if not seen.from_dalang or waited < asked / 2:
                deadline.pause(step)
            if seen.from_dalang:
                asked = min(LONG_WAIT if on_update is None else step, deadline.left)
            before = deadline.left
            seen = self._look(path, deadline, asked)
            waited = before - deadline.left

    def cancel(self, task: AnyTask, *, running: bool = False) -> None:
        """End a PENDING task; with `running` also a RUNNING one, which only a Dalang server does.

        Raises `ApiError` (UnsupportedOperation) when the task cannot be ended.
        """
        headers = {"X-Dalang-Cancel": "any"} if running else None
        self._channel.order(f"{task_path(task)}/cancel", headers=headers, limit=CALL_LIMIT)

    def list(
        self,
        *,
        status: TaskStatus | None = None,
        model: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        page: int = 1,
        page_size: int = 10,
    ) -> TaskPage:
        """One page of the account's tasks, by default of the last 24 h. `start` to `end` may span 24 h."""
        filters: dict[str, str | int | None] = {
            "status": status.value if status else None,
            "model_name": model,
            "start_time": compact_time(start) if start else None,
            "end_time": compact_time(end) if end else None,
            "page_no": page,
            "page_size": page_size,
        }
        query = {name: value for name, value in filters.items() if value is not None}
        return read_page(self._channel.ask("tasks/", query=query, limit=CALL_LIMIT))

    def retry(self, task: AnyTask) -> Task:
        """A new task from an ended one's inputs. A Dalang server's addition, and sent once: `OrderUncertain` as in
        `create`."""
        return self._read(self._channel.order(f"{task_path(task)}/retry", limit=CALL_LIMIT))

    def generate(
        self,
        prompt: str | None = None,
        output: str | Path | None = None,
        *,
        timeout: float = WAIT_LIMIT,
        on_update: OnUpdate | None = None,
        **wishes: Unpack[Wishes],
    ) -> Task:
        """Create, wait and, given `output`, download.

        Raises `TaskFailed` when no video came of it, and what the three raise.
        """
        task = self.wait(self.create(prompt, **wishes), timeout=timeout, on_update=on_update)
        if task.status is not TaskStatus.SUCCEEDED:
            raise TaskFailed(task)
        if output is not None:
            self.download(task, output)
        return task

    def download(self, video: Task | str, path: str | Path, *, timeout: float = DOWNLOAD_LIMIT) -> Path:
        """Fetch a task's video, or a link, whole into `path`. A download that broke goes on where it was.

        Raises `DownloadFailed`, `OSError`.
        """
        url = video if isinstance(video, str) else video.video_url
        if url is None:
            raise DownloadFailed("The task has no video.")
        download(self._links, url, Path(path), Deadline(timeout, self._clock))
        return Path(path)

    def _look(self, path: str, deadline: Deadline, wait: float = 0.0) -> Task:
        """The task now, or as soon as it is over within `wait` seconds. Whatever hinders the waiting, a plain query
        comes after it, which is repeated while the server is busy or away."""
        if wait:
            limit = wait + min(CALL_LIMIT, max(1.0, deadline.left - wait))
            try:
                query = {"wait": f"{wait:.3f}"}
                return self._read(self._channel.ask(path, query=query, limit=limit, pauses=()))
            except ConnectionFailed:
                pass
            except ApiError as error:
                if error.status not in BUSY:
                    raise
        limit = min(CALL_LIMIT, max(1.0, deadline.left))
        return self._read(self._channel.ask(path, limit=limit, pauses=for_long()))

    def _read(self, reply: bytes) -> Task:
        task = read_task(reply)
        self._knows_dalang |= task.from_dalang
        return task


def address(base_url: str | None, api_key: str | None) -> tuple[str, str]:
    """Where to, with which key; a key is only sent to the place it was given with. Raises `ConfigError`."""
    if base_url is None:
        env = client_environment()
        base_url, known = (env.url, env.api_key) if env.url else (env.cloud_url, env.cloud_api_key)
        api_key = api_key or known
    if not base_url:
        raise ConfigError("No server is named: pass base_url, or set DALANG_URL and DALANG_API_KEY.")
    if not api_key:
        raise ConfigError(f"No key for {base_url}: pass api_key, or set DALANG_API_KEY.")
    if not (api_key.isascii() and api_key.isprintable()):
        raise ConfigError(f"The key for {base_url} holds characters that no key has: was it copied whole?")
    return base_url, api_key


def order_headers(body: Mapping[str, Any], wishes: Wishes) -> dict[str, str]:
    """The key is new for each order; only a Dalang server goes by it."""
    headers = {"X-DashScope-Async": "enable", "Idempotency-Key": uuid4().hex, **resolve_header(body)}
    own = {f"X-Dalang-{name.title()}": wishes.get(name) for name in ("engine", "profile", "callback")}
    return headers | {name: str(wish) for name, wish in own.items() if wish is not None}


def resolve_header(body: Mapping[str, Any]) -> dict[str, str]:
    """What an order that names an uploaded file must carry."""
    return {"X-DashScope-OssResourceResolve": "enable"} if "oss://" in str(body["input"]) else {}


def task_path(task: AnyTask) -> str:
    """An id cannot lead to another path, whatever it holds. Raises TypeError for what names no task."""
    if not isinstance(task, AnyTask):
        raise TypeError(f"{task!r} names no task: give a task that this client has answered, or its id.")
    return f"tasks/{quote(task if isinstance(task, str) else task.id, safe='')}"


def compact_time(moment: datetime) -> str:
    """`YYYYMMDDhhmmss` in the service's zone."""
    return moment.astimezone(CHINA).strftime("%Y%m%d%H%M%S")
