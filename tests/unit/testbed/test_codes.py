"""What is known of error codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dalang.errors import InvalidParameter
from dalang.testbed.codes import ALL_CODES, check_code, documented, nearest, sentence

API = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.split(r"^##+ ", API.split(title, 1)[1], maxsplit=1, flags=re.M)[0]


AT_CREATE = re.findall(r"^\| (\d{3}) \| ([\w.]+) \|", section("### Errors at create"), re.M)

OF_TASKS = [
    code
    for row in re.findall(r"^\| ([A-Z][\w., ]+) \|", section("### Codes of a FAILED task"), re.M)
    for code in row.split(", ")
]


NO_FAULTS = {("413", "InvalidParameter"), ("404", "NotRecorded"), ("502", "InternalError.Upstream")}
"""A second status of a code, and what only a replay and a recorder say."""


def test_the_search_for_codes_finds_some() -> None:
    assert ("429", "Throttling.RateQuota") in AT_CREATE
    assert {"InvalidFile.Resolution", "InternalError"} <= set(OF_TASKS)


@pytest.mark.parametrize(("status", "code"), sorted(set(AT_CREATE) - NO_FAULTS))
def test_codes_that_docs_name_are_known_with_their_status(status: str, code: str) -> None:
    known = documented(code)
    assert known
    assert known.status == int(status)


@pytest.mark.parametrize("code", OF_TASKS)
def test_codes_of_failed_tasks_are_known(code: str) -> None:
    assert sentence(code)


def test_an_upload_is_refused_in_the_words_of_the_storage() -> None:
    policy = documented("AccessDenied", "upload")
    assert policy
    assert policy.sentence.startswith("Invalid according to Policy")
    assert sentence("AccessDenied") == "current user api does not support synchronous calls."
    assert documented("FileAlreadyExists", "upload") == ALL_CODES["FileAlreadyExists"]


def test_a_code_that_is_not_documented_needs_what_the_table_would_say() -> None:
    check_code("Gateway.Melted", "It melted.", 502)
    with pytest.raises(InvalidParameter, match=r"nearest is InternalError\.Timeout"):
        check_code("InternalTimeout", None)
    with pytest.raises(InvalidParameter):
        check_code("Gateway.Melted", "It melted.", None)
    check_code("Throttling", None, None)


def test_the_nearest_come_first_and_none_is_left_out() -> None:
    assert nearest("fial", ["drop", "fail", "delay"]) == ["fail", "delay", "drop"]


def test_what_is_documented_nowhere_is_unknown() -> None:
    assert documented("Gateway.Melted") is None
