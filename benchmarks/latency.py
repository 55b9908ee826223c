"""How long things take to begin.

Create to RUNNING: a warm idle worker, one create at a time. Once as the rows tell it (`scheduled_time` less
`submit_time`, whole milliseconds), once as a client sees it: from sending the create to the end of the first
query that says RUNNING, asking again half a millisecond after each answer. Both ends share the machine's cores.

Ready: from starting the process on an empty folder to its ready file. Help: `dalang --help`, whole process.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.result import Result, milliseconds, seconds
from benchmarks.running import Running, dalang, running, scratch
from benchmarks.scale import Scale
from benchmarks.throughput import BODY

RUNNING_GOAL, READY_GOAL, HELP_GOAL = 0.015, 1.0, 0.2

INTERVAL = 0.0005
REST = 0.1
"""Seconds after a cancel until the worker surely is idle again."""


def measure(scale: Scale) -> Iterator[Result]:
    yield from _running(scale.orders)
    yield _start("`dalang serve`: start to ready", [_time_to_ready() for _ in range(scale.starts)], READY_GOAL)
    help_text = [str(Path(sys.executable).with_name("dalang")), "--help"]
    yield _start("`dalang --help`", [_time_of(help_text) for _ in range(scale.starts)], HELP_GOAL)


def _start(what: str, values: Sequence[float], goal: float) -> Result:
    return Result(what, seconds(values), goal=f"≤ {goal:g} s", met=median(values) <= goal)


def _running(orders: int) -> Iterator[Result]:
    with scratch() as folder, running(dalang(folder, "benchmarks.engines:Held"), folder) as server:
        _watch(server)
        seen = [_watch(server) for _ in range(orders)]
        told = _told(server, orders)
    for how, values in (("as the rows tell it", told), ("as a client sees it", seen)):
        met = median(values) <= RUNNING_GOAL
        yield Result(
            f"create to RUNNING, {how}", milliseconds(values), goal=f"p50 ≤ {1000 * RUNNING_GOAL:g} ms", met=met
        )


def _watch(server: Running) -> float:
    """Seconds from one create to the reply that says RUNNING; the task is canceled and gone when this returns."""
    started = time.perf_counter()
    task_id = server.create(BODY)
    while server.status(task_id) == "PENDING":
        time.sleep(INTERVAL)
    took = time.perf_counter() - started
    server.cancel(task_id)
    time.sleep(REST)
    return took


def _told(server: Running, last: int) -> Sequence[float]:
    """Seconds, of the `last` tasks."""
    entries: list[dict[str, int]] = []
    for page in range(1, -(-last // 100) + 1):
        reply = server.ask("GET", f"/api/v1/tasks/?page_size=100&page_no={page}")
        entries += reply["data"]
    return [(entry["start_time"] - entry["gmt_create"]) / 1000 for entry in entries[:last]]


def _time_to_ready() -> float:
    with scratch() as folder:
        started = time.perf_counter()
        with running(dalang(folder, "animatic"), folder):
            return time.perf_counter() - started


def _time_of(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started
