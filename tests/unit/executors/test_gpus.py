"""Which GPUs each slot's worker sees."""

from __future__ import annotations

import pytest

from dalang.errors import ConfigError
from dalang.executors.gpus import gpu_slots

FOUR = ["0", "1", "2", "3"]


def test_each_gpu_has_a_slot_of_its_own() -> None:
    assert gpu_slots(FOUR, None, 1) == FOUR
    assert gpu_slots(FOUR, 3, 1) == ["0", "1", "2"]


def test_what_the_server_itself_may_see_is_shared_out_by_its_names() -> None:
    assert gpu_slots(["5", "GPU-3f1c", "7"], None, 1) == ["5", "GPU-3f1c", "7"]


def test_several_share_a_slot_where_one_render_is_to_be_quick() -> None:
    assert gpu_slots(FOUR, None, 2) == ["0,1", "2,3"]
    assert gpu_slots(FOUR, 3, 2) == ["0,1"], "what does not fill a slot stays idle"


@pytest.mark.parametrize("parallel", [1, 2])
def test_without_a_gpu_one_slot_renders_on_the_processor(parallel: int) -> None:
    assert gpu_slots(FOUR, 0, parallel) == [""]
    assert gpu_slots([], None, 1) == [""]


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(ConfigError, match="gpus: 5 are to render, and this machine shows 4"):
        gpu_slots(FOUR, 5, 1)
    with pytest.raises(ConfigError, match="parallel: 8 GPUs are to share a render, and there are 4"):
        gpu_slots(FOUR, None, 8)
    with pytest.raises(ConfigError, match="there are 0"):
        gpu_slots([], None, 2)


def test_instances_of_a_divided_gpu_have_slots_and_share_no_render() -> None:
    instances = ["MIG-1", "MIG-2"]
    assert gpu_slots(instances, None, 1) == instances
    with pytest.raises(ConfigError, match="MIG"):
        gpu_slots(instances, None, 2)
