"""What another server takes for a video."""

from __future__ import annotations

import msgspec
import pytest

from dalang.executors.remote.cost import cost
from dalang.executors.remote.dialect import Seen
from dalang.remotes import Endpoint, Remote
from dalang.task import TaskStatus
from tests.clock import ManualClock
from tests.samples import text_task

CLOUD = Remote("dashscope", (Endpoint("https://dashscope.aliyuncs.com/api/v1"),))
FARM = Remote("openai", (Endpoint("http://farm/v1"),))
MADE = Seen(TaskStatus.SUCCEEDED)

BEIJING, SINGAPORE = "dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"


def test_the_cloud_takes_its_list_price_of_the_region_that_is_asked(clock: ManualClock) -> None:
    task = text_task(clock)  # wan2.6-t2v, 720P, 5 s
    assert cost(CLOUD, task, MADE, BEIJING) == 3_000_000
    assert cost(CLOUD, task, MADE, SINGAPORE) == 3_669_620


def test_the_model_there_counts(clock: ManualClock) -> None:
    task = text_task(clock, checkpoint="wan2.1-t2v-turbo")
    assert cost(CLOUD, task, MADE, BEIJING) == 5 * 240_000


def test_the_seconds_that_they_bill_count(clock: ManualClock) -> None:
    assert cost(CLOUD, text_task(clock), MADE._replace(seconds=10.0), BEIJING) == 6_000_000


@pytest.mark.parametrize("remote", [CLOUD, FARM])
def test_a_price_of_the_operator_s_beats_all(clock: ManualClock, remote: Remote) -> None:
    remote = msgspec.structs.replace(remote, price=0.05)
    assert cost(remote, text_task(clock), MADE, BEIJING) == 250_000


def test_a_farm_of_one_s_own_takes_nothing_that_we_know_of(clock: ManualClock) -> None:
    assert cost(FARM, text_task(clock), MADE, "farm") == 0


def test_a_model_that_is_not_in_the_catalogue_has_no_price(clock: ManualClock) -> None:
    assert cost(CLOUD, text_task(clock, checkpoint="wan9"), MADE, BEIJING) == 0
