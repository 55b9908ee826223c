"""What other servers say is wrong, in our codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dalang.executors.remote.codes import KNOWN, from_dashscope, from_openai, not_for_us, refusal_of_openai
from dalang.executors.remote.trouble import Problem, Refused

API = Path(__file__).parents[4] / "docs" / "api.md"


def test_what_is_passed_on_is_documented() -> None:
    documented = set(re.findall(r"[A-Z]\w+(?:\.\w+)*", API.read_text(encoding="utf-8")))
    assert documented >= KNOWN


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_documented_codes_pass_as_they_are(code: str) -> None:
    error = from_dashscope(Problem(code, "Because."))
    assert (error.code, error.message) == (code, "Because.")


@pytest.mark.parametrize("code", ["InvalidApiKey", "Throttling", "SomethingNew"])
def test_others_are_ours_to_answer_for(code: str) -> None:
    error = from_dashscope(Problem(code, "Because."))
    assert error.code == "InternalError"
    assert f"{code}: Because." in error.message


@pytest.mark.parametrize("code", ["moderation_blocked", "content_policy_violation", "content_filter"])
def test_moderation_is_known_by_its_codes(code: str) -> None:
    assert from_openai(Problem(code, "No.")).code == "DataInspectionFailed"
    assert refusal_of_openai(Refused(400, Problem(code, "No."))).code == "DataInspectionFailed"


def test_a_refused_order_is_the_caller_s_and_a_failed_video_is_not() -> None:
    assert refusal_of_openai(Refused(400, Problem("", "seconds must be 4"))).code == "InvalidParameter"
    assert from_openai(Problem("", "CUDA out of memory")).code == "InternalError.Algo"


def test_keys_and_accounts_are_the_operator_s() -> None:
    error = not_for_us(Refused(401, Problem("invalid_api_key", "Incorrect API key: sk-ab...yz")))
    assert error.code == "InternalError"
    assert "sk-" not in error.message


def test_long_sentences_are_cut() -> None:
    problem = Problem.told("y" * 10_000, "x" * 10_000)
    assert (len(problem.code), len(problem.message)) == (500, 500)
