"""What an answer to an order means: taken, not taken now, not taken, or nobody knows."""

from __future__ import annotations

import pytest

from dalang.executors.remote.trouble import Answer, Busy, Lost, Problem, Refused, check_taken

SAID = Problem("Throttling", "Too much.")


def test_what_is_taken() -> None:
    check_taken(Answer(200, {}), None)


@pytest.mark.parametrize(("status", "problem"), [(429, None), (429, SAID), (503, SAID)])
def test_what_may_be_taken_later(status: int, problem: Problem | None) -> None:
    with pytest.raises(Busy) as raised:
        check_taken(Answer(status, {}, 7.0), problem)
    assert raised.value.retry_after == 7.0


@pytest.mark.parametrize("status", [301, 400, 401, 404, 409, 413, 422])
def test_what_is_not_taken(status: int) -> None:
    with pytest.raises(Refused):
        check_taken(Answer(status, {}), None)


@pytest.mark.parametrize(("status", "problem"), [(500, None), (500, SAID), (502, SAID), (503, None), (504, None)])
def test_what_nobody_knows(status: int, problem: Problem | None) -> None:
    with pytest.raises(Lost):
        check_taken(Answer(status, {}), problem)


@pytest.mark.parametrize(
    ("status", "is_so"), [(301, True), (401, True), (402, True), (403, True), (404, True), (400, False), (422, False)]
)
def test_whose_fault_a_refusal_is(status: int, is_so: bool) -> None:
    assert Refused(status, SAID).is_of_the_endpoint is is_so


def test_an_account_without_money_is_the_endpoint_s() -> None:
    assert Refused(400, Problem("Arrearage", "Your account is overdue.")).is_of_the_endpoint
