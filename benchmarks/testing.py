"""Test mode as whoever tests an application meets it: `dalang serve --test`, engine slate.

Start: from starting the process on an empty folder to its ready file; then all that a test waits for, from
`dalang.testing.server()` to the first line of its block.

The round trip is the official SDK's (2.0.2, in an environment of its own, which `make test-sdk` makes): create, wait
and download of 5 s of 480P with sound. It sleeps in none of them, since its first query is answered when the video is
there. Beside it stand engine and encoder alone, in one warm process, by turns with it. The first video is that of a
server that was ready a moment ago, whose worker still loads.

Reset: `POST /dalang/test/reset` after three videos. Suite: `pytest tests/e2e/sample_project`, whole process.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.result import Result, milliseconds, seconds
from benchmarks.running import dalang, running, scratch
from benchmarks.scale import Scale
from dalang import testing
from dalang.engines import load_engine
from dalang.media.encode import encode
from dalang.task import RenderRequest
from dalang.testing import Server

ROOT = Path(__file__).parent.parent
SDK = ROOT / ".venv-sdk-2.0.2" / "bin" / "python"
SUITE = ROOT / "tests" / "e2e" / "sample_project"

START_GOAL, TRIP_GOAL, SUITE_GOAL = 0.7, 0.150, 30.0

PROMPT, LENGTH = "A fox jumps over a lazy dog", 5
"""The latter in seconds."""
FILM = RenderRequest(
    model="wan2.5-t2v-preview", prompt=PROMPT, width=832, height=480, duration=LENGTH, fps=30, seed=7, sound=True
)
SIZE = f"{FILM.width}*{FILM.height}"

VIDEOS = 3
"""There at each reset."""


class Trip(NamedTuple):
    """Seconds."""

    create: float
    wait: float
    download: float


def measure(scale: Scale) -> Iterator[Result]:
    started, entered = zip(*[(_start(), _enter()) for _ in range(scale.starts)], strict=True)
    yield _within("`dalang serve --test`: start to ready", seconds(started), median(started), START_GOAL)
    yield Result("`dalang.testing.server()`: to the first line of its block", seconds(entered))
    yield from _trips(scale.trips)
    yield Result(f"reset, {VIDEOS} videos there", milliseconds(_resets(scale.trips)))
    tests, took = zip(*[_suite() for _ in range(scale.suites)], strict=True)
    yield _within(f"the sample project's {tests[0]} tests", seconds(took), median(took), SUITE_GOAL)


def _within(what: str, ours: str, value: float, goal: float) -> Result:
    return Result(what, ours, goal=f"≤ {goal:g} s", met=value <= goal)


def _start() -> float:
    with scratch() as folder:
        started = time.perf_counter()
        with running([*dalang(folder, "slate"), "--test"], folder):
            return time.perf_counter() - started


def _enter() -> float:
    started = time.perf_counter()
    with testing.server():
        return time.perf_counter() - started


def _trips(count: int) -> Iterator[Result]:
    trips, alone = [], []
    with testing.server() as server, application(server) as ask, scratch() as folder:
        first = ask()
        film = _film(str(folder / "alone.mp4"))
        for _ in range(count):
            trips.append(ask())
            alone.append(_time(film))
    whole = [sum(trip) for trip in trips]
    yield Result(
        "create to downloaded, by the SDK",
        milliseconds(whole),
        f"{milliseconds(alone)}, engine and encoder alone",
        f"{median(whole) / median(alone):.2f}x",
        f"p50 ≤ {1000 * TRIP_GOAL:g} ms",
        median(whole) <= TRIP_GOAL,
    )
    for step in Trip._fields:
        yield Result(f"of it: {step}", milliseconds([getattr(trip, step) for trip in trips]))
    yield Result("the first video", f"{1000 * sum(first):.0f} ms")


@contextmanager
def application(server: Server) -> Iterator[Callable[[], Trip]]:
    """One that has the SDK, and orders a video whenever it is called."""
    command = [str(SDK), str(ROOT / "benchmarks" / "round_trip.py")]
    wishes = [FILM.model, SIZE, f"{LENGTH}"]
    environment = os.environ | server.environment
    with subprocess.Popen(
        [*command, *wishes], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin
        assert process.stdout
        order, done = process.stdin, process.stdout

        def ask() -> Trip:
            print(PROMPT, file=order, flush=True)
            return Trip(*json.loads(done.readline()))

        yield ask
        order.close()


def _film(file: str) -> Callable[[], None]:
    slate = load_engine("slate")
    return lambda: encode(slate.render(FILM, _unheard), FILM, file, _unheard)


def _unheard(fraction: float) -> None:
    """Nobody is told."""


def _resets(count: int) -> Sequence[float]:
    times = []
    with testing.server() as server, server.client() as client:
        for _ in range(count):
            for _ in range(VIDEOS):
                client.generate(PROMPT, model=FILM.model, size=SIZE, duration=LENGTH)
            times.append(_time(server.reset))
    return times


def _time(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _suite() -> tuple[int, float]:
    """Tests and seconds. Raises RuntimeError where they do not all pass."""
    # As if the SDK and what this repository needs were installed in one environment.
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), sysconfig.get_path("purelib")])}
    started = time.perf_counter()
    done = subprocess.run(
        [SDK, "-m", "pytest", SUITE], env=os.environ | paths, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - started
    passed = re.search(r"^(\d+) passed in", done.stdout, re.MULTILINE)
    if done.returncode or not passed:
        raise RuntimeError(f"the sample project fails: {done.stdout[-2000:]}")
    return int(passed[1]), took
