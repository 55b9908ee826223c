"""One render over several processes: the same frames, and none of them outlives the worker."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from dalang.engines.wan import Wan
from dalang.task import RenderRequest
from dalang.weights.setup import Setup
from tests.wan.conftest import MakeRequest, MakeSetup


@pytest.fixture(scope="module")
def wan() -> Wan:
    return Wan()


def shared(setup: Setup, by: int = 2) -> Setup:
    return msgspec.structs.replace(setup, parallel=by)


def drawn(wan: Wan, request: RenderRequest) -> np.ndarray:
    return np.stack(list(wan.render(request, lambda _: None).frames))


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "picture.png"
    Image.linear_gradient("L").resize((64, 64)).convert("RGB").save(path)
    return str(path)


@pytest.mark.parametrize("checkpoint", ["wan2.1-t2v-1.3b", "wan2.2-t2v-a14b"])
def test_frames_from_words_are_those_of_one_process(
    wan: Wan, checkpoint: str, setup: MakeSetup, request_of: MakeRequest
) -> None:
    alone = setup(checkpoint)
    assert np.array_equal(drawn(wan, request_of(shared(alone))), drawn(wan, request_of(alone)))
