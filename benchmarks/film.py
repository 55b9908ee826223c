"""From a prompt to a file, against the time it plays and against the encoder alone.

Each prompt is rendered through a server (from sending the create to the last byte downloaded), then by engine and
encoder alone in one process, then its very frames, kept in memory, are encoded alone with the same settings
(libx264, the engine's preset, 2 threads, no sound): the three by turns in every round. Nothing is pinned.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median
from urllib.request import urlopen

from benchmarks.result import Result, seconds
from benchmarks.running import Running, dalang, running, scratch
from benchmarks.scale import Scale
from dalang.engines import Clip, load_engine
from dalang.media.encode import encode
from dalang.task import RenderRequest

PROMPTS = (
    "A brown horse gallops over a green meadow at noon, the camera pans with it",
    "A sailboat on the sea at sunset, slow dolly in",
    "A penguin walks through the snow at night, it is snowing",
    "A taxi drives down a city street in the rain in the evening, the camera follows",
)

LENGTH = 5
"""Seconds of each film."""

LIMIT = 120.0
"""Seconds that one film may take."""

BUDGET = 75.0
"""Seconds after which no further round of a film begins, for slow machines; one round is always made."""

SLATE_GOAL = 1.0
"""Seconds: "well under" is for the reader to judge."""

WARM_UP = 3.0


@dataclass
class Times:
    """Seconds, one for each round."""

    served: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    encoder: list[float] = field(default_factory=list)


def measure(scale: Scale) -> Iterator[Result]:
    for prompt in PROMPTS[: scale.prompts]:
        yield _animatic(prompt, film("animatic", prompt, (1280, 720), scale.films))
    yield from _slate(film("slate", PROMPTS[0], (1920, 1080), scale.films))


def film(engine: str, prompt: str, size: tuple[int, int], rounds: int) -> Times:
    times = Times()
    request = RenderRequest(
        model="wan2.6-t2v", prompt=prompt, width=size[0], height=size[1], duration=LENGTH, fps=30, seed=7, sound=True
    )
    drawer = load_engine(engine)
    clip = drawer.render(request, _unheard)
    frames, preset = [frame.copy() for frame in clip.frames], clip.preset
    with scratch() as folder, running(dalang(folder, engine), folder) as server:
        time.sleep(WARM_UP)
        file = str(folder / "alone.mp4")
        end = time.monotonic() + BUDGET
        while not times.served or (len(times.served) < rounds and time.monotonic() < end):
            times.served.append(_serve(server, request))
            times.alone.append(_time(lambda: encode(drawer.render(request, _unheard), request, file, _unheard)))
            times.encoder.append(
                _time(lambda: encode(Clip(iter(frames), None, preset=preset), request, file, _unheard))
            )
    return times


def _serve(server: Running, request: RenderRequest) -> float:
    parameters = {"size": f"{request.width}*{request.height}", "duration": request.duration, "seed": request.seed}
    body = {"model": request.model, "input": {"prompt": request.prompt}, "parameters": parameters}
    started = time.perf_counter()
    task_id = server.create(json.dumps(body).encode())
    while (task := server.query(task_id))["task_status"] in ("PENDING", "RUNNING"):
        if time.perf_counter() - started > LIMIT:
            break
        time.sleep(0.01)
    if task["task_status"] != "SUCCEEDED":
        raise RuntimeError(f"the film did not come: {task}")
    with urlopen(task["video_url"], timeout=LIMIT) as reply:
        reply.read()
    return time.perf_counter() - started


def _time(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _unheard(fraction: float) -> None:
    """Nobody is told."""


def _animatic(prompt: str, times: Times) -> Result:
    realtime = LENGTH / median(times.served)
    return Result(
        f"animatic, {LENGTH} s of 720p at 30 fps: “{prompt}”",
        f"{seconds(times.served)} served, {seconds(times.alone)} engine and encoder",
        f"{seconds(times.encoder)} encoder alone",
        f"{realtime:.2f}x real time; {median(times.served) / median(times.encoder):.2f}x the encoder's time",
        "> 1x real time",
        realtime > 1,
    )


def _slate(times: Times) -> Iterator[Result]:
    for how, values in (("engine and encoder", times.alone), ("served", times.served)):
        yield Result(
            f"slate, {LENGTH} s of 1080p at 30 fps, {how}",
            seconds(values),
            f"{seconds(times.encoder)} encoder alone",
            f"{LENGTH / median(values):.1f}x real time",
            f"< {SLATE_GOAL:g} s",
            median(values) < SLATE_GOAL,
        )
