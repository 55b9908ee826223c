"""Models on their ways to engines, weights and slots; the engine with weights only says what it was given."""

from __future__ import annotations

import os
import re
import signal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.running import CREATE, SMALL_TEXT, Gate, Server, dalang, task_id
from tests.e2e.until import until

WEIGHTY = "tests.engines.weighty:Weighty"

LARGE, SMALL = "wan2.2-t2v-a14b", "wan2.1-t2v-1.3b"

OTHER = "wanx2.1-t2v-turbo"
"""A model like that of SMALL_TEXT, and another for the routes."""

ROUTES = f"""
[routes]
"wan2.1-t2v-*" = {{ engine = "{WEIGHTY}", checkpoint = "{LARGE}", profile = "quality" }}
"wanx2.1-t2v-*" = {{ engine = "{WEIGHTY}", checkpoint = "{SMALL}" }}
"wan2.1-i2v-*" = "animatic"
"""

DIVIDED = """#!/bin/sh
case "$1" in
-L) echo 'GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-1)'
    echo '  MIG 3g.40gb     Device  0: (UUID: MIG-1)'
    echo '  MIG 3g.40gb     Device  1: (UUID: MIG-2)' ;;
*) echo 'GPU-1, NVIDIA H100 80GB HBM3, 81559, 570.86.15, Enabled' ;;
esac
"""


class Load(NamedTuple):
    pid: str
    gpus: str
    checkpoint: str
    steps: str


class Works:
    """Servers with these routes, weights that are there, and a gate in the middle of each render with them."""

    def __init__(self, launch: Launch, gate: Gate, folder: Path) -> None:
        self._launch, self.gate, self._folder = launch, gate, folder

    def start(self, config: str = ROUTES, **settings: str) -> Server:
        return self._launch(config=config, **{**self.gate.settings(), "engine": "slate", "gpus": "0", **settings})

    def pull(self, *checkpoints: str) -> None:
        for checkpoint in checkpoints:
            folder = self._folder / "data" / "weights" / checkpoint
            folder.mkdir(parents=True)
            (folder / "model_index.json").write_text("{}")

    @property
    def loads(self) -> list[Load]:
        file = self._folder / "gate" / "loads"
        return [Load(*line.split()) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def works(launch: Launch, gate: Gate, tmp_path: Path) -> Works:
    works = Works(launch, gate, tmp_path)
    works.pull(LARGE, SMALL)
    return works


def ask(server: Server, model: str = SMALL_TEXT[0], prompt: str = "a card", **headers: str) -> str:
    body = {"model": model, "input": {"prompt": prompt}, "parameters": SMALL_TEXT[1]}
    named = {f"X-Dalang-{name}": value for name, value in headers.items()}
    return task_id(server.http.post(CREATE, json=body, headers=named))


def test_weights_have_slots_of_their_own_and_drafts_do_not_wait_for_them(works: Works) -> None:
    server = works.start()
    held = works.gate.hold(server, ask(server))
    waiting = ask(server)
    draft = server.succeed(ask(server, Engine="slate"))
    assert draft["dalang"]["engine"] == "slate"
    assert "checkpoint" not in draft["dalang"]
    assert [server.status(task) for task in (held, waiting)] == ["RUNNING", "PENDING"]
    works.gate.open()
    about = server.succeed(held)["dalang"]
    assert (about["engine"], about["checkpoint"], about["profile"]) == (WEIGHTY, LARGE, "quality")
    server.succeed(waiting)


def test_a_profile_that_is_asked_for_reaches_the_engine(works: Works) -> None:
    server = works.start()
    for name in ("quality", "balanced"):
        assert server.succeed(ask(server, prompt="please", Profile=name))["dalang"]["profile"] == name
    assert [load.steps for load in works.loads] == ["40", "30"]


def test_each_gpu_has_a_worker_that_sees_no_other(works: Works) -> None:
    server = works.start(gpus="2", CUDA_VISIBLE_DEVICES="3,GPU-b,7")
    tasks = [ask(server) for _ in range(3)]
    until(lambda: len(works.loads) == 2, "both are at work")
    assert sorted(server.status(task) for task in tasks) == ["PENDING", "RUNNING", "RUNNING"]
    assert sorted(load.gpus for load in works.loads) == ["3", "GPU-b"]
    assert len({load.pid for load in works.loads}) == 2
    works.gate.open()
    for task in tasks:
        server.succeed(task)


def test_instances_of_a_divided_gpu_each_have_a_worker(
    launch: Launch, works: Works, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `nvidia-smi` tells of them."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    smi = tmp_path / "bin" / "nvidia-smi"
    smi.parent.mkdir()
    smi.write_text(DIVIDED)
    smi.chmod(0o755)
    path = f"{smi.parent}{os.pathsep}{os.environ['PATH']}"
    server = launch(config=ROUTES, PATH=path, **{**works.gate.settings(), "engine": "slate"})
    tasks = [ask(server) for _ in range(2)]
    until(lambda: len(works.loads) == 2, "both are at work")
    assert sorted(load.gpus for load in works.loads) == ["MIG-1", "MIG-2"]
    works.gate.open()
    for task in tasks:
        server.succeed(task)


def test_a_server_that_finds_no_gpu_says_so(launch: Launch, works: Works) -> None:
    server = launch(config=ROUTES, CUDA_VISIBLE_DEVICES="", **{**works.gate.settings(), "engine": "slate"})
    assert "No GPU was found, so weights render on the processor" in server.log


def test_several_gpus_may_share_a_render(works: Works) -> None:
    server = works.start(gpus="4", parallel="2", CUDA_VISIBLE_DEVICES="0,1,2,3")
    server.succeed(ask(server, prompt="please"))
    assert works.loads[0].gpus in ("0,1", "2,3")


def test_tasks_of_the_same_weights_go_together(works: Works) -> None:
    server = works.start()
    first = works.gate.hold(server, ask(server))
    others = [ask(server, model) for model in (OTHER, SMALL_TEXT[0], OTHER, SMALL_TEXT[0])]
    works.gate.open()
    for task in (first, *others):
        server.succeed(task)
    assert [load.checkpoint for load in works.loads] == [LARGE] * 3 + [SMALL] * 2
    assert {load.gpus for load in works.loads} == {"-"}


def test_each_of_two_slots_keeps_its_weights(works: Works) -> None:
    server = works.start(gpus="2", CUDA_VISIBLE_DEVICES="0,1")
    tasks = [ask(server, model) for model in (SMALL_TEXT[0], OTHER)]
    until(lambda: len(works.loads) == 2, "both are at work")
    tasks += [ask(server, model) for model in (OTHER, SMALL_TEXT[0]) * 3]
    works.gate.open()
    for task in tasks:
        server.succeed(task)
    assert len(works.loads) == 8
    by_slot = [[load.checkpoint for load in works.loads if load.gpus == gpu] for gpu in "01"]
    changes = sum(one != other for slot in by_slot for one, other in pairwise(slot))
    assert changes <= 1, "none, but that one may help the other at the end"


def test_weights_that_are_not_here_are_told_of_at_the_start_and_fail_with_what_to_do(
    launch: Launch, gate: Gate, tmp_path: Path
) -> None:
    works = Works(launch, gate, tmp_path)
    server = works.start()
    sentence = f"The weights {LARGE} are not on this machine: `dalang pull {LARGE}` fetches them."
    assert sentence in server.log
    end = server.fail(ask(server, prompt="please"))
    assert (end["code"], end["message"], end["dalang"]["attempt"]) == ("InternalError.Algo", sentence, 1)
    works.pull(LARGE)
    server.succeed(ask(server, prompt="please"))


def test_the_banner_says_where_models_go(works: Works) -> None:
    server = works.start()
    assert f"wan2.1-t2v-*: {WEIGHTY} {LARGE} quality (1 slot)" in server.log
    assert "wan2.1-i2v-*: animatic (1 slot)" in server.log


def test_a_task_whose_weights_the_config_no_longer_has_says_so_and_a_retry_is_drawn(works: Works) -> None:
    server = works.start()
    task = works.gate.hold(server, ask(server))
    assert server.stop() == 0
    server = works.start(config="")
    end = server.fail(task)
    assert f"It was to be drawn with the weights {LARGE}, and no route leads to weights any more." in end["message"]
    again = task_id(server.http.post(f"/api/v1/tasks/{task}/retry"))
    assert server.succeed(again)["dalang"]["engine"] == "slate"


def test_a_server_leaves_tasks_for_weights_to_the_one_that_has_them(works: Works) -> None:
    """Until that one dies: then nobody is left to wait for."""
    first = works.start()
    task = works.gate.hold(first, ask(first))
    waiting = ask(first)
    second = works.start(config="")
    second.succeed(ask(second, prompt="please"))
    assert [second.status(one) for one in (task, waiting)] == ["RUNNING", "PENDING"]
    first.kill()
    for one in (task, waiting):
        assert "no route leads to weights" in second.fail(one)["message"]


def test_a_worker_of_a_gpu_that_dies_has_a_successor_on_the_same_gpu(works: Works) -> None:
    server = works.start(gpus="1", CUDA_VISIBLE_DEVICES="5")
    task = works.gate.hold(server, ask(server))
    os.kill(int(works.loads[0].pid), signal.SIGKILL)
    works.gate.open()
    server.succeed(task)
    assert [load.gpus for load in works.loads] == ["5", "5"]
    assert works.loads[0].pid != works.loads[1].pid


def test_a_start_with_a_route_to_nowhere_is_one_line_that_says_how_to_mend_it(tmp_path: Path) -> None:
    config = tmp_path / "dalang.toml"
    config.write_text(f'[routes]\n"wan2.6-*" = {{ engine = "{WEIGHTY}", checkpoint = "{LARGE}" }}\n')
    ended = dalang("serve", "--data", tmp_path / "data", "--config", config)
    assert ended.returncode == 1
    assert re.fullmatch(rf".*Route wan2\.6-\*: {LARGE} makes t2v only, .*narrow it, .*\n", ended.stderr), ended.stderr


def test_drafts_and_weights_are_both_in_a_tests_hands(works: Works, tmp_path: Path) -> None:
    server = works.start(test="true", data="bed", weights=str(tmp_path / "data" / "weights"))
    for engine in (WEIGHTY, "slate"):
        end = server.fail(ask(server, prompt="please test:fail=InternalError.Timeout", Engine=engine))
        assert (end["code"], end["dalang"]["engine"]) == ("InternalError.Timeout", engine)
