"""Out of memory: once more and tighter, then a sentence, and the next task as if nothing had been."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import WanDecoder3d

from dalang.engines.wan import Wan
from dalang.engines.wan.loaded import Loaded
from dalang.engines.wan.memory import Room, is_lack
from dalang.engines.wan.room import rendered_with_room, streamed_with_room
from dalang.engines.wan.shelf import Shelf
from dalang.errors import CannotRender
from tests.wan.conftest import MakeRequest, MakeSetup
from tests.wan.takes import is_same, take

CPU = torch.device("cpu")
ONE, LARGE = "wan2.1-t2v-1.3b", "wan2.2-t2v-a14b"
ENORMOUS = 1 << 60


OFFLOADS = ("none", "model", "group", "never")


def needing_offload(least: str, tried: list[str]) -> Callable[[Loaded], torch.Tensor]:
    """A take that really asks for too much memory unless the offload is at least so tight."""

    def render(loaded: Loaded) -> torch.Tensor:
        tried.append(loaded.profile.offload)
        frames = take(loaded)
        if OFFLOADS.index(loaded.profile.offload) < OFFLOADS.index(least):
            torch.empty(ENORMOUS, dtype=torch.uint8)
        return frames

    return render


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(CPU, lambda _: Room(20 * 10**9, 24 * 10**9))


def test_the_allocators_own_errors_are_known() -> None:
    with pytest.raises(RuntimeError) as of_torch:
        torch.empty(ENORMOUS, dtype=torch.uint8)
    with pytest.raises(MemoryError) as of_python:
        bytearray(ENORMOUS)
    assert is_lack(of_torch.value)
    assert is_lack(of_python.value)
    assert is_lack(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"))
    assert not is_lack(RuntimeError("The size of tensor a (3) must match the size of tensor b (4)"))
    assert not is_lack(ValueError("out of memory"))


def test_it_is_tried_once_more_with_the_next_offload_and_the_same_frames(shelf: Shelf, setup: MakeSetup) -> None:
    tried: list[str] = []
    frames = rendered_with_room(shelf, setup(ONE), needing_offload("model", tried))
    assert tried == ["none", "model"]
    assert is_same(frames, take(Shelf(CPU).take(setup(ONE, vae_tiling=True))))


def test_what_was_enough_is_remembered(shelf: Shelf, setup: MakeSetup) -> None:
    tried: list[str] = []
    for _ in range(2):
        rendered_with_room(shelf, setup(ONE), needing_offload("model", tried))
    rendered_with_room(shelf, setup(ONE, steps=2), needing_offload("model", tried))
    assert tried == ["none", "model", "model", "model"], "a load of tens of seconds is not spent on every task"
    rendered_with_room(shelf, setup(ONE), needing_offload("group", tried))
    assert tried[4:] == ["model", "group"], "a larger video may still need more"


def test_then_it_fails_with_what_would_fit_and_the_next_task_runs(shelf: Shelf, setup: MakeSetup) -> None:
    tried: list[str] = []
    small = Shelf(CPU, lambda _: Room(8 * 10**9, 12 * 10**9))
    with pytest.raises(CannotRender) as told:
        rendered_with_room(small, setup(LARGE), needing_offload("never", tried))
    assert tried == ["none", "model"]
    assert told.value.code == "InternalError.Algo"
    assert "wan2.2-t2v-a14b did not fit into 12 GB with offload model" in told.value.message
    assert "wan2.1-t2v-1.3b" in told.value.message
    assert len(small) == 0
    assert torch.equal(rendered_with_room(small, setup(LARGE), take), take(Shelf(CPU).take(setup(LARGE)))), (
        "the failure taught nothing about smaller videos"
    )


def test_all_that_was_held_is_let_go_before_the_second_try(shelf: Shelf, setup: MakeSetup) -> None:
    other = weakref.ref(shelf.take(setup(LARGE)).transformer)
    first: list[weakref.ref[torch.nn.Module]] = []

    def render(loaded: Loaded) -> None:
        if not first:
            first.append(weakref.ref(loaded.transformer))
            frames = take(loaded)
            torch.empty(ENORMOUS + len(frames), dtype=torch.uint8)
        assert first[0]() is None, "the traceback of the first try holds nothing"
        assert other() is None, "nor do others stay on the device"

    rendered_with_room(shelf, setup(ONE), render)


def test_other_faults_are_not_tried_again(shelf: Shelf, setup: MakeSetup) -> None:
    tried: list[str] = []

    def render(loaded: Loaded) -> None:
        tried.append(loaded.profile.offload)
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="shapes"):
        rendered_with_room(shelf, setup(ONE), render)
    assert tried == ["none"]
    assert len(shelf) == 1


@pytest.fixture
def hungry(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Widths of what decoders were given: of more than a tile at once they have no memory, from their third call on."""
    widths: list[int] = []
    decode = WanDecoder3d.forward

    def forward(self: WanDecoder3d, hidden: torch.Tensor, *rest: Any, **named: Any) -> Any:
        widths.append(hidden.shape[-1])
        if hidden.shape[-1] > 32 and len(widths) > 2:
            torch.empty(ENORMOUS, dtype=torch.uint8)
        return decode(self, hidden, *rest, **named)

    monkeypatch.setattr(WanDecoder3d, "forward", forward)
    return widths


def test_what_was_not_decoded_for_want_of_memory_is_decoded_in_tiles(
    hungry: list[int], setup: MakeSetup, request_of: MakeRequest
) -> None:
    """And goes on from where it was, when there are frames already; 40 latents are more than a tile."""
    request = request_of(setup(ONE), width=320)
    assert len(list(Wan().render(request, lambda _: None).frames)) == 16
    assert hungry[:3] == [40, 40, 40]
    assert max(hungry[3:]) <= 32


def test_what_is_made_one_by_one_goes_on_where_it_was(shelf: Shelf, setup: MakeSetup) -> None:
    tried: list[str] = []

    def count(loaded: Loaded, least: str) -> Iterator[int]:
        tried.append(loaded.profile.offload)
        yield from range(3)
        if OFFLOADS.index(loaded.profile.offload) < OFFLOADS.index(least):
            torch.empty(ENORMOUS, dtype=torch.uint8)
        yield 3

    assert list(streamed_with_room(shelf, setup(ONE), lambda loaded: count(loaded, "model"))) == [0, 1, 2, 3]
    assert list(streamed_with_room(shelf, setup(ONE), lambda loaded: count(loaded, "model"))) == [0, 1, 2, 3]
    assert tried == ["none", "model", "model"], "what was enough is remembered"
    with pytest.raises(CannotRender, match="did not fit"):
        list(streamed_with_room(shelf, setup(ONE), lambda loaded: count(loaded, "never")))
    assert tried[3:] == ["model", "group"], "it is tried once more"
