"""A server of open weights: what the API says of tasks holds for renders by real pipelines."""

from __future__ import annotations

import base64
import os
import resource
import signal
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from tests.e2e.film import look_at
from tests.e2e.running import Server, is_running, task_id
from tests.e2e.until import until

PATIENCE = 240.0
"""Seconds for a render of an API's size, on a machine on which others are busy."""

TEXT, SOUNDING, IMAGE, MISSING = "wan2.2-t2v-plus", "wan2.5-t2v-preview", "wan2.2-i2v-plus", "wan2.1-t2v-turbo"
"""By what `routes.toml` says of them."""

MORE = 64 << 20
"""Bytes that a worker may take beside what it has after a render: too few to make another."""

SMALL = {"size": "832*480"}


class Studio(Server):
    def order(self, model: str = TEXT, **headers: str) -> str:
        input = {"prompt": "a cat walks on the grass"}
        return self._ordered({"model": model, "input": input, "parameters": SMALL | {"seed": 7}}, headers)

    def order_from(self, picture: str) -> str:
        return self._ordered(
            {"model": IMAGE, "input": {"prompt": "it runs", "img_url": picture}, "parameters": {"resolution": "480P"}},
            {},
        )

    def _ordered(self, body: dict[str, Any], headers: dict[str, str]) -> str:
        return task_id(
            self.http.post("/api/v1/services/aigc/video-generation/video-synthesis", json=body, headers=headers)
        )

    def film(self, task: str) -> bytes:
        output = self.succeed(task, within=PATIENCE)
        return self.http.get(output["video_url"]).content

    def in_the_middle(self, task: str) -> str:
        """`task`, once a step of it is done."""
        until(
            lambda: self.wait_for(task, "RUNNING", "PENDING")["dalang"].get("progress"), f"a step of {task}", PATIENCE
        )
        return task

    @property
    def painter(self) -> int:
        """The worker with weights."""
        (worker,) = (pid for pid in self.workers() if b"wan" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"))
        return worker


@pytest.fixture(scope="module")
def studio(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    routes = Path(__file__).with_name("routes.toml").read_text()
    server = Studio(tmp_path_factory.mktemp("studio") / "data", config=routes, weights=str(weights)).start()
    yield server
    assert server.stop() == 0


def picture() -> str:
    kept = BytesIO()
    Image.linear_gradient("L").resize((480, 480)).convert("RGB").save(kept, "PNG")
    return "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()


def address_space(pid: int) -> int:
    """Bytes (proc(5), VmSize), which are what RLIMIT_AS bounds."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmSize:")[2].split()[0]) << 10


def tags(content: bytes) -> dict[str, str]:
    with av.open(BytesIO(content)) as file:
        return dict(file.metadata)


def test_a_film_has_the_size_rate_length_and_sound_of_the_api(studio: Studio) -> None:
    task = studio.order(SOUNDING)
    told: list[float] = []

    def is_done() -> bool:
        output = studio.wait_for(task, "PENDING", "RUNNING", "SUCCEEDED")
        told.append(output["dalang"].get("progress", 0.0))
        return output["task_status"] == "SUCCEEDED"

    until(is_done, "it is rendered", PATIENCE)
    assert told == sorted(told)
    assert {0.0} < set(told) - {1.0}, "there is progress to be seen before the end"
    content = studio.film(task)
    film = look_at(content)
    assert (film.size, film.fps, film.frames, film.seconds) == ((832, 480), 30, 150, 5)
    assert film.codecs == ("h264", "aac")
    said = " ".join(tags(content).values())
    assert "seed 7" in said
    ours = studio.query(task)["dalang"]
    assert (ours["engine"], ours["checkpoint"], ours["profile"]) == ("wan", "wan2.2-ti2v-5b", "whole")


def test_a_picture_begins_a_film_of_its_shape(studio: Studio) -> None:
    film = look_at(studio.film(studio.order_from(picture())))
    assert (film.size, film.frames) == ((640, 640), 5), "near 624x624, in the multiples of 32 that the weights take"


def test_a_draft_of_the_same_model_is_the_animatic(studio: Studio) -> None:
    task = studio.order(**{"X-Dalang-Engine": "animatic"})
    assert studio.succeed(task, PATIENCE)["dalang"]["engine"] == "animatic"
    assert "checkpoint" not in studio.query(task)["dalang"]


def test_a_cancel_stops_within_a_step_and_the_next_task_runs(studio: Studio) -> None:
    """Of 500 steps, which would take minutes."""
    task = studio.in_the_middle(studio.order(**{"X-Dalang-Profile": "long"}))
    assert studio.query(task)["dalang"]["profile"] == "long"
    next_one = studio.order()
    assert studio.cancel(task, **{"X-Dalang-Cancel": "any"}).status_code == 200
    assert studio.status(task) == "CANCELED"
    studio.succeed(next_one, PATIENCE)
    assert studio.status(task) == "CANCELED"


def test_a_worker_that_is_killed_costs_a_try_and_not_the_task(studio: Studio) -> None:
    task = studio.in_the_middle(studio.order(**{"X-Dalang-Profile": "long"}))
    worker = studio.painter
    os.kill(worker, signal.SIGKILL)
    until(lambda: not is_running(worker), "the worker is gone")
    until(lambda: studio.wait_for(task, "RUNNING", "PENDING")["dalang"]["attempt"] == 2, "the next try", PATIENCE)
    studio.cancel(task, **{"X-Dalang-Cancel": "any"})


def test_what_does_not_fit_fails_with_what_would_and_the_next_task_runs(studio: Studio) -> None:
    studio.succeed(studio.order(), PATIENCE)
    worker = studio.painter
    unlimited = resource.prlimit(worker, resource.RLIMIT_AS)
    resource.prlimit(worker, resource.RLIMIT_AS, (address_space(worker) + MORE, unlimited[1]))
    output = studio.fail(studio.order(), PATIENCE)
    resource.prlimit(worker, resource.RLIMIT_AS, unlimited)
    assert output["code"] == "InternalError.Algo"
    assert "Out of memory: wan2.2-ti2v-5b did not fit" in output["message"]
    studio.succeed(studio.order(), PATIENCE)
    assert studio.painter == worker


def test_weights_that_are_not_here_fail_with_what_to_do(studio: Studio) -> None:
    output = studio.fail(studio.order(MISSING), PATIENCE)
    assert output["code"] == "InternalError.Algo"
    assert "The weights not-here are not on this machine" in output["message"]
