"""Gates: shut until all that their stage names has happened."""

from __future__ import annotations

import pytest

from dalang.testbed.script import Gate
from dalang.testbed.transition import AT_ONCE, Stage


def test_without_a_stage_it_is_open() -> None:
    assert Gate(AT_ONCE).is_open


def test_so_many_polls_find_it_shut_and_the_next_one_open() -> None:
    gate = Gate(Stage(polls=2))
    found = []
    for _ in range(4):
        gate.poll()
        found.append(gate.is_open)
    assert found == [False, False, True, True]


def test_it_stays_shut_between_the_last_poll_and_the_next() -> None:
    gate = Gate(Stage(polls=1, seconds=1))
    gate.poll()
    gate.time_is_up()
    assert not gate.is_open, "what others see in between is what the last poll saw"
    gate.poll()
    assert gate.is_open


def test_all_that_is_named_must_happen() -> None:
    gate = Gate(Stage(seconds=1, by_hand=True))
    gate.time_is_up()
    assert not gate.is_open


@pytest.mark.parametrize("stage", [Stage(polls=9), Stage(seconds=9), Stage(by_hand=True), Stage(polls=1, seconds=1)])
def test_a_wave_of_the_hand_opens_it_whatever_it_waits_for(stage: Stage) -> None:
    gate = Gate(stage)
    gate.wave_through()
    assert gate.is_open
