"""What the service refuses. 40 tests."""

from __future__ import annotations

from typing import Any

import pytest
from films import Refused, order, order_ours, order_patiently

from dalang.testing import Server

ORDERINGS = [order, order_ours]

WRONG: list[dict[str, Any]] = [
    {"size": "1*1"},
    {"size": "large"},
    {"model": "wan9.9-t2v"},
    {"duration": 7},
    {"seed": -1},
]

CODES = [
    ("InvalidApiKey", 401),
    ("Arrearage", 400),
    ("AccessDenied", 403),
    ("DataInspectionFailed", 400),
    ("InvalidParameter", 400),
    ("IPInfringementSuspect", 400),
]

BUSY = ["Throttling", "Throttling.RateQuota", "Throttling.AllocationQuota", "Throttling.BurstRate"]


@pytest.mark.parametrize("wishes", WRONG)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_wrong_orders_are_refused(dalang_server: Server, ordering: Any, wishes: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        ordering("a fox", **wishes)
    assert refused.value.status in (400, 404)
    dalang_server.assert_not_created()


@pytest.mark.parametrize(("code", "status"), CODES)
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_documented_errors_arrive(dalang_server: Server, ordering: Any, code: str, status: int) -> None:
    dalang_server.refuse(code, times=1)
    with pytest.raises(Refused) as refused:
        ordering("a fox")
    assert (refused.value.code, refused.value.status) == (code, status)
    dalang_server.assert_not_created()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("code", BUSY)
def test_a_busy_service_is_asked_again(dalang_server: Server, code: str, times: int) -> None:
    fault = dalang_server.refuse(code, times=times)
    order_patiently("a fox")
    assert fault.befallen == times
    dalang_server.assert_created(1, prompt="a fox")


@pytest.mark.parametrize("code", BUSY)
def test_and_given_up_in_the_end(dalang_server: Server, code: str) -> None:
    dalang_server.refuse(code)
    with pytest.raises(Refused, match=code):
        order_patiently("a fox")
    dalang_server.assert_called("create", times=3)


@pytest.mark.parametrize("prompt", ["a fox", "a wolf", "a bear"])
def test_moderation_has_its_say(dalang_server: Server, prompt: str) -> None:
    dalang_server.reject("input", prompt=prompt)
    with pytest.raises(Refused, match="DataInspectionFailed"):
        order(prompt)
    order("a lighthouse")
    dalang_server.assert_created(1)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_gateways_page_is_no_answer(dalang_server: Server, status: int) -> None:
    dalang_server.answer(status, "<html>no</html>", {"Content-Type": "text/html"}, call="create")
    with pytest.raises(Refused) as refused:
        order("a fox")
    assert refused.value.status == status
