"""Gates: shut until all that their stage names has happened."""

from __future__ import annotations

import pytest

from dalang.testbed.script import Gate
from dalang.testbed.transition import AT_ONCE, Stage

NOW = 1_000_000


def gate_of(stage: Stage) -> Gate:
    gate = Gate(stage)
    gate.begin(NOW)
    return gate


def test_without_a_stage_it_is_open() -> None:
    assert gate_of(AT_ONCE).is_open


def test_it_is_shut_until_its_state_is_entered() -> None:
    assert not Gate(AT_ONCE).is_open


def test_so_many_polls_find_it_shut_and_the_next_one_open() -> None:
    gate = gate_of(Stage(polls=2))
    found = []
    for _ in range(4):
        gate.poll(NOW)
        found.append(gate.is_open)
    assert found == [False, False, True, True]


def test_it_stays_shut_between_the_last_poll_and_the_next() -> None:
    gate = gate_of(Stage(polls=1, seconds=1))
    gate.poll(NOW)
    gate.look(NOW + 1000)
    assert not gate.is_open, "what others see in between is what the last poll saw"
    gate.poll(NOW + 1000)
    assert gate.is_open


@pytest.mark.parametrize(("passed", "is_open"), [(1499, False), (1500, True), (9999, True)])
def test_seconds_count_from_when_the_state_was_entered(passed: int, is_open: bool) -> None:
    gate = gate_of(Stage(seconds=1.5))
    gate.begin(NOW + 7000)  # a second time, which does not count
    gate.look(NOW + passed)
    assert gate.is_open is is_open


def test_it_opened_when_it_was_to_open_not_when_somebody_looked() -> None:
    gate = gate_of(Stage(seconds=1))
    gate.look(NOW + 9999)
    assert gate.opened_at == NOW + 1000


def test_all_that_is_named_must_happen() -> None:
    gate = gate_of(Stage(seconds=1, by_hand=True))
    gate.look(NOW + 1000)
    assert not gate.is_open


@pytest.mark.parametrize("stage", [Stage(polls=9), Stage(seconds=9), Stage(by_hand=True), Stage(polls=1, seconds=1)])
def test_a_wave_of_the_hand_opens_it_whatever_it_waits_for(stage: Stage) -> None:
    gate = gate_of(stage)
    gate.wave_through(NOW)
    assert gate.is_open
