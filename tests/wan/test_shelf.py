"""What stays in memory, and what goes."""

from __future__ import annotations

import gc
import weakref

import msgspec
import pytest
import torch

from dalang.engines.wan.held import held
from dalang.engines.wan.loading import load
from dalang.engines.wan.memory import Room
from dalang.engines.wan.shelf import RESERVE, Shelf
from dalang.engines.wan.sizes import parts
from dalang.errors import CannotRender
from tests.wan.conftest import MakeSetup
from tests.wan.takes import take

CPU = torch.device("cpu")
ONE, TWO, THREE = "wan2.1-t2v-1.3b", "wan2.1-t2v-14b", "wan2.1-i2v-14b-480p"


def held_bytes() -> int:
    """What all weights that are alive take."""
    return sum(thing.nbytes for thing in gc.get_objects() if type(thing) is torch.nn.Parameter)


@pytest.fixture
def small_shelf(setup: MakeSetup) -> Shelf:
    """In a memory that has room for two checkpoints."""
    gc.collect()
    before = held_bytes()
    shelf = Shelf(CPU)
    shelf.take(setup(ONE))
    size = held_bytes() - before
    shelf.clear()
    assert held_bytes() == before
    total = round(2.4 * size / (1 - RESERVE))
    return Shelf(CPU, lambda _: Room(total - (held_bytes() - before), total))


def test_what_is_loaded_stays(setup: MakeSetup) -> None:
    shelf = Shelf(CPU)
    first = shelf.take(setup(ONE))
    assert shelf.take(setup(ONE)).transformer is first.transformer
    assert shelf.take(setup(TWO)).transformer is not first.transformer
    assert shelf.take(setup(ONE)).transformer is first.transformer
    assert len(shelf) == 2


def test_the_one_not_used_for_longest_goes_and_its_memory_comes_back(small_shelf: Shelf, setup: MakeSetup) -> None:
    gone = {name: weakref.ref(small_shelf.take(setup(name)).transformer) for name in (ONE, TWO)}
    assert len(small_shelf) == 2, "there is room for both"
    take(small_shelf.take(setup(ONE, cache="first_block")))
    take(small_shelf.take(setup(THREE)))
    assert [reference() is None for reference in gone.values()] == [False, True]
    take(small_shelf.take(setup(TWO)))
    assert gone[ONE]() is None
    assert len(small_shelf) == 2


@pytest.mark.parametrize(
    "changes", [{"offload": "model"}, {"offload": "group"}, {"quantisation": "fp8"}, {"cache": "first_block"}], ids=str
)
def test_no_hook_keeps_weights_that_went(setup: MakeSetup, changes: dict[str, str]) -> None:
    shelf = Shelf(CPU)
    take(shelf.take(setup(ONE, **changes)))
    reference = weakref.ref(shelf.take(setup(ONE, **changes)).transformer)
    shelf.clear()
    assert reference() is None


def test_one_that_fits_nowhere_is_loaded_alone(setup: MakeSetup) -> None:
    shelf = Shelf(CPU, lambda _: Room(0, 1_000))
    shelf.take(setup(ONE))
    shelf.take(setup(TWO))
    assert len(shelf) == 1, "whether it does not fit is found out by trying"


def test_another_profile_of_the_same_weights_is_no_load(setup: MakeSetup) -> None:
    shelf = Shelf(CPU)
    first = shelf.take(setup(ONE))
    other = shelf.take(setup(ONE, steps=7, guidance=2.0, cache="first_block", vae_tiling=True))
    assert other.transformer is first.transformer
    assert (other.profile.steps, first.profile.steps) == (7, 3), "each has its own"
    for changes in ({"dtype": "bfloat16"}, {"quantisation": "fp8"}, {"offload": "group"}):
        assert shelf.take(setup(ONE, **changes)).transformer is not first.transformer, changes


def test_what_cannot_be_loaded_leaves_the_others(setup: MakeSetup) -> None:
    shelf = Shelf(CPU)
    first = shelf.take(setup(ONE))
    bad = msgspec.structs.replace(setup(ONE), folder=f"{setup(ONE).folder}/transformer")
    with pytest.raises(CannotRender):
        shelf.take(bad)
    assert len(shelf) == 1
    assert shelf.take(setup(ONE)).transformer is first.transformer


def test_sizes_are_told_from_the_files_as_they_come_out_in_memory(setup: MakeSetup) -> None:
    sizes = {}
    for changes in ({}, {"dtype": "bfloat16"}, {"quantisation": "fp8", "dtype": "bfloat16"}):
        asked = setup("wan2.1-i2v-14b-480p", **changes)
        loaded = load(asked, CPU)
        told = parts(held(asked))
        for name, size in told.items():
            weights = sum(weight.nbytes for weight in getattr(loaded.picture, name).parameters())
            # A few layers stay as they are; in one of two blocks they are more of the whole than in one of forty.
            assert size <= weights <= size * (1 if not changes else 2), (changes, name)
        sizes[str(changes)] = told
    plain, half, eighth = sizes.values()
    assert plain["vae"] == half["vae"] == eighth["vae"]
    assert plain["text_encoder"] == 2 * half["text_encoder"] == 2 * eighth["text_encoder"]
    assert plain["transformer"] == 2 * half["transformer"] == 4 * eighth["transformer"]
