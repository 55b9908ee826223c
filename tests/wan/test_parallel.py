"""One render over several processes: the same frames, and none of them outlives the worker."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from select import select
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from diffusers import ContextParallelConfig, ParallelConfig
from PIL import Image

from dalang import events
from dalang.engines import Canceled
from dalang.engines.wan import Wan
from dalang.engines.wan.parallel import World
from dalang.engines.wan.ranks import Ranks
from dalang.engines.wan.room import rendered_with_room
from dalang.engines.wan.shelf import Shelf
from dalang.errors import CannotRender, WorkerFault
from dalang.executors.local import LocalExecutor
from dalang.task import RenderRequest
from dalang.weights.setup import Setup
from tests.e2e.running import children, command_line
from tests.wan.conftest import MakeRequest, MakeSetup
from tests.wan.takes import is_same, take

ONE, TWO_EXPERTS = "wan2.1-t2v-1.3b", "wan2.2-t2v-a14b"
SECONDS = 120.0
"""Until something has surely gone wrong."""


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    """The process group is the process's own: there is one shelf that shares."""
    shelf = Shelf()
    yield shelf
    if shelf.world:
        shelf.world.close()


@pytest.fixture(scope="module")
def wan(shelf: Shelf) -> Wan:
    wan = Wan()
    wan._shelf = shelf
    return wan


def shared(setup: Setup, by: int = 2) -> Setup:
    return msgspec.structs.replace(setup, parallel=by)


def drawn(wan: Wan, request: RenderRequest) -> np.ndarray:
    return np.stack(list(wan.render(request, lambda _: None).frames))


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "picture.png"
    Image.linear_gradient("L").resize((64, 64)).convert("RGB").save(path)
    return str(path)


@pytest.mark.parametrize("checkpoint", [ONE, TWO_EXPERTS])
def test_frames_from_words_are_those_of_one_process(
    wan: Wan, checkpoint: str, setup: MakeSetup, request_of: MakeRequest
) -> None:
    alone = setup(checkpoint)
    assert np.array_equal(drawn(wan, request_of(shared(alone))), drawn(wan, request_of(alone)))


@pytest.mark.parametrize("checkpoint", ["wan2.1-i2v-14b-480p", "wan2.2-i2v-a14b", "wan2.2-ti2v-5b"])
def test_frames_from_a_picture_are_those_of_one_process(
    wan: Wan, checkpoint: str, setup: MakeSetup, request_of: MakeRequest, picture: str
) -> None:
    alone = setup(checkpoint)
    assert np.array_equal(
        drawn(wan, request_of(shared(alone), image=picture)), drawn(wan, request_of(alone, image=picture))
    )


@pytest.mark.parametrize(
    "changes", [{"offload": "model"}, {"offload": "group"}, {"quantisation": "fp8"}, {"loras": ("diffusers",)}], ids=str
)
def test_they_are_whatever_is_done_to_the_weights(shelf: Shelf, setup: MakeSetup, changes: dict[str, Any]) -> None:
    alone = setup(TWO_EXPERTS, **changes)
    first, again = (take(shelf.take(shared(alone))) for _ in range(2))
    assert is_same(first, take(shelf.take(alone)))
    assert is_same(first, again)


def test_each_computes_its_part_also_of_a_length_that_cannot_be_halved(
    wan: Wan, shelf: Shelf, setup: MakeSetup, request_of: MakeRequest
) -> None:
    """48x48 pixels are 3x3 tokens of each of five latent frames."""
    alone, lengths = setup(ONE), set()
    block = shelf.take(shared(alone)).transformer.blocks[0]
    hook = block.register_forward_hook(lambda _block, _inputs, output: lengths.add(output.shape[1]))
    frames = drawn(wan, request_of(shared(alone), width=48, height=48))
    hook.remove()
    assert lengths == {23}
    assert np.array_equal(frames, drawn(wan, request_of(alone, width=48, height=48)))


def test_a_cancel_leaves_the_others_ready(wan: Wan, shelf: Shelf, setup: MakeSetup, request_of: MakeRequest) -> None:
    request = request_of(shared(setup(ONE)))
    before = drawn(wan, request)
    world = shelf.world
    told: list[float] = []

    def cancel(fraction: float) -> None:
        told.append(fraction)
        if fraction:
            raise Canceled

    with pytest.raises(Canceled):
        list(wan.render(request, cancel).frames)
    assert len(told) == 2, "within a step"
    assert np.array_equal(drawn(wan, request), before)
    assert shelf.world is world


def test_a_pass_that_breaks_off_is_tried_again_with_new_ranks(shelf: Shelf, setup: MakeSetup) -> None:
    """The others still wait in it, and can be told nothing."""
    tried: list[World | None] = []

    def short_of_memory(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    def render(loaded: Any) -> Any:
        tried.append(shelf.world)
        if len(tried) == 1:
            loaded.transformer.blocks[1].register_forward_pre_hook(short_of_memory)
        return take(loaded)

    frames = rendered_with_room(shelf, shared(setup(ONE)), render)
    assert len(set(tried)) == 2
    assert is_same(frames, take(shelf.take(setup(ONE, vae_tiling=True))))


def test_what_cannot_be_shared_is_told(shelf: Shelf, setup: MakeSetup) -> None:
    with pytest.raises(CannotRender, match="The attention xformers cannot be shared by 2 GPUs"):
        shelf.take(shared(setup(ONE, attention="xformers")))
    three = Ranks(1, shelf.device, ParallelConfig(context_parallel_config=ContextParallelConfig(ulysses_degree=3)))
    with pytest.raises(CannotRender, match=r"heads of attention, which 3 cannot share\."):
        three.share(shelf.take(setup(ONE)).experts)


def test_caches_are_left_out(shelf: Shelf, setup: MakeSetup) -> None:
    assert shelf.take(shared(setup(ONE, cache="first_block"))).profile.cache == "none"


class Slot:
    """A worker of the server's, in which two processes share a render."""

    def __init__(self, request: RenderRequest, video: Path) -> None:
        self.executor = LocalExecutor(("render", "wan"), 1)
        self._command = events.Render("task", "wan", request, str(video))
        self._idle = asyncio.Event()

    async def open(self) -> None:
        await self.executor.start(self._idle.set)
        await self.until_idle()

    async def until_idle(self) -> None:
        async with asyncio.timeout(SECONDS):
            while not self.executor.idle:
                self._idle.clear()
                await self._idle.wait()

    async def run(self, meanwhile: Callable[[int, int], None]) -> None:
        """Which is called once, after the first step, with the worker and its peer."""
        async with asyncio.timeout(SECONDS), aclosing(self.executor.run(self._command)) as heard:
            steps = (event async for event in heard if isinstance(event, events.Progress) and event.fraction)
            await anext(steps)
            meanwhile(*family())
            async for _ in steps:
                pass


def family() -> tuple[int, int]:
    worker = next(pid for pid in children(os.getpid()) if "dalang.worker" in command_line(pid))
    (peer,) = children(worker)
    return worker, peer


@pytest.fixture
async def slot(setup: MakeSetup, request_of: MakeRequest, tmp_path: Path) -> AsyncIterator[Slot]:
    slot = Slot(request_of(shared(setup(ONE, steps=20))), tmp_path / "video.mp4")
    await slot.open()
    yield slot
    await slot.executor.close()


async def test_ranks_end_together_and_the_next_attempt_works(slot: Slot) -> None:
    with pytest.raises(WorkerFault):
        await slot.run(lambda worker, peer: os.kill(peer, signal.SIGKILL))
    await slot.until_idle()
    ends: list[int] = []
    await slot.run(lambda *ranks: ends.extend(os.pidfd_open(rank) for rank in ranks))
    os.kill(family()[0], signal.SIGKILL)
    for end in ends:
        has_ended, _, _ = await asyncio.to_thread(select, [end], [], [], SECONDS)
        assert has_ended, "nothing is left of a worker that is killed, not even what waits for work"
