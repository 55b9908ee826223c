"""What it costs to let many wait: `GET /tasks/{id}?wait=300`, one connection each, all in one server process.

Server and load have a core each; the load is one thread that sleeps in epoll. Memory is the server's resident memory
(VmRSS, MB of 10^6 bytes), once all wait. Woken is from the moment that ended the task, as its row tells it (whole
milliseconds), to the end of the reply.

On tasks of their own, tasks end one at a time, by a cancel, while the others go on waiting. On one task, all are woken
together: the last one's time is that of so many replies on one core.
"""

from __future__ import annotations

import json
import resource
import select
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from benchmarks.load import HEADERS
from benchmarks.result import Result, percentile
from benchmarks.rows import fill
from benchmarks.running import LOAD_CORE, SERVER_CORE, Running, dalang, pinned, running, scratch
from benchmarks.scale import Scale
from benchmarks.throughput import BODY
from dalang.home import Home
from dalang.task import TaskStatus

MOST, WOKEN = 150.0, 0.05
"""MB; seconds."""

SPARE = 1000
"""Files that each side has open beside its connections."""

QUIET, QUIET_LIMIT = 0.3, 60.0
"""Seconds for which the server uses no processor once all wait; seconds until it must."""

STALL = 30.0

CHINA = timezone(timedelta(hours=8))

HELD = "benchmarks.engines:Held"


def measure(scale: Scale) -> Iterator[Result]:
    open_files(scale.waiters + SPARE)
    with _served() as (server, home):
        _hold(server)
        idle = server.memory()["VmRSS"]
        ids = fill(home.database, scale.waiters, TaskStatus.PENDING)
        with Crowd(server, ids) as crowd:
            yield _memory(f"{scale.waiters:,} wait, each for a task of its own", server, idle)
            yield _woken("one of them woken", [crowd.end(task_id) for task_id in ids[: scale.wakes]])
            yield _processor(f"{scale.waiters - scale.wakes:,} wait for tasks in the queue", server, scale)
    with _served() as (server, _):
        held = _hold(server)
        idle = server.memory()["VmRSS"]
        with Crowd(server, [held] * scale.waiters) as crowd:
            yield _memory(f"{scale.waiters:,} wait for one running task", server, idle)
            yield _processor(f"{scale.waiters:,} wait for one running task", server, scale)
            yield _woken("all of them woken together", crowd.end_all(held), is_promised=False)


@contextmanager
def _served() -> Iterator[tuple[Running, Home]]:
    with scratch() as folder, running(dalang(folder, HELD), folder, SERVER_CORE) as server, pinned(LOAD_CORE):
        yield server, Home(folder / "data")


def _hold(server: Running) -> str:
    """The task that has the slot from here on, with a heartbeat twice a second."""
    task_id = server.create(BODY)
    while server.status(task_id) != "RUNNING":
        time.sleep(0.02)
    return task_id


def open_files(count: int) -> None:
    """Let this process, and servers it starts, have so many files open. Raises ValueError where that is forbidden."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), max(hard, count)))


def _memory(what: str, server: Running, idle: float) -> Result:
    used = server.memory()["VmRSS"]
    return Result(
        f"server memory while {what}",
        f"{used:.0f} MB",
        f"{idle:.0f} MB idle",
        f"{used - idle:+.0f} MB",
        f"≤ {MOST:g} MB",
        used <= MOST,
    )


def _woken(what: str, values: Sequence[float], *, is_promised: bool = True) -> Result:
    p50, p99, most = (1000 * percentile(values, part) for part in (0.5, 0.99, 1.0))
    told = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {most:.1f} ms"
    if not is_promised:
        return Result(what, told)
    return Result(what, told, goal=f"p99 ≤ {1000 * WOKEN:g} ms", met=p99 <= 1000 * WOKEN)


def _processor(what: str, server: Running, scale: Scale) -> Result:
    before = server.processor
    time.sleep(scale.watch)
    used = (server.processor - before) / scale.watch
    return Result(f"processor while {what}", f"{100 * used:.1f} % of a core")


class Crowd:
    """Connections, each with one query on its way that waits."""

    def __init__(self, server: Running, ids: Sequence[str]) -> None:
        self._server = server
        self._waiting = select.epoll()
        self._connections: dict[int, socket.socket] = {}
        self._of: dict[str, socket.socket] = {}
        for task_id in ids:
            one = socket.create_connection(("127.0.0.1", server.port), timeout=STALL)
            one.send(b"GET /api/v1/tasks/" + task_id.encode() + b"?wait=300 HTTP/1.1\r\n" + HEADERS + b"\r\n")
            self._connections[one.fileno()] = self._of[task_id] = one
            self._waiting.register(one.fileno(), select.EPOLLIN)
        self._settle()

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.close()
        for one in self._connections.values():
            one.close()

    def end(self, task_id: str) -> float:
        """Seconds from the end of a task to the reply of the one who waits for it."""
        self._server.cancel(task_id)
        ((number, _),) = self._waiting.poll(STALL)
        assert self._connections[number] is self._of[task_id], "nobody else is woken"
        return self._reply(number)

    def end_all(self, task_id: str) -> list[float]:
        self._server.cancel(task_id)
        seconds: list[float] = []
        while len(seconds) < len(self._connections):
            ready = self._waiting.poll(STALL)
            if not ready:
                raise RuntimeError(f"only {len(seconds)} were woken")
            seconds += [self._reply(number) for number, _ in ready]
        return seconds

    def _reply(self, number: int) -> float:
        data = self._connections[number].recv(65536)
        now = time.time()
        self._waiting.unregister(number)
        head, _, body = data.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"answered {data[:500]!r}")
        ended = datetime.fromisoformat(json.loads(body)["output"]["end_time"]).replace(tzinfo=CHINA)
        return now - ended.timestamp()

    def _settle(self) -> None:
        """Returns when the server has read all of it and waits too."""
        end = time.monotonic() + QUIET_LIMIT
        while time.monotonic() < end:
            before = self._server.processor
            time.sleep(QUIET)
            if self._server.processor - before <= 0.02 * QUIET:
                break
        if self._waiting.poll(0):
            raise RuntimeError("some were answered at once")
