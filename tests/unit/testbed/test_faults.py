"""What befalls calls and tasks, and how often."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dalang.errors import InvalidParameter
from dalang.testbed.fault import (
    Answer,
    Crash,
    Delay,
    Drop,
    Fail,
    Fault,
    Forget,
    OnCall,
    OnTask,
    Refuse,
    Truncate,
    When,
)
from dalang.testbed.faults import Befalling, Faults
from dalang.testbed.subject import Subject
from tests.clock import ManualClock
from tests.samples import TEXT, text_task

CREATE = Subject("create", "POST", "/api/v1/services/aigc/video-generation/video-synthesis", "wan2.6-t2v", "A fox")

QUERY = Subject("query", "GET", "/api/v1/tasks/some-id/", "wan2.6-t2v", "A fox", "some-id")

LIST = Subject("list", "GET", "/api/v1/tasks/")


@pytest.fixture
def faults() -> Faults:
    return Faults()


def declare(faults: Faults, then: OnCall | OnTask, times: int | None = None, **when: Any) -> int:
    return faults.add(Fault(then=then, when=When(**when), times=times)).id


def outcome(faults: Faults, subject: Subject) -> Any:
    return faults.for_call(subject).outcome


def for_task(faults: Faults, **asked: Any) -> list[OnTask]:
    return faults.for_task(text_task(ManualClock(), request=msgspec.structs.replace(TEXT, **asked)))


# Calls


def test_nothing_befalls_where_nothing_was_declared(faults: Faults) -> None:
    assert faults.for_call(CREATE) == Befalling(0.0, None, ())


def test_a_refusal_gets_its_documented_status_and_sentence(faults: Faults) -> None:
    declare(faults, Refuse("Throttling.RateQuota", retry_after=3))
    assert outcome(faults, CREATE) == Refuse(
        "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.", 429, 3
    )


def test_what_a_refusal_was_given_stays(faults: Faults) -> None:
    declare(faults, Refuse("Throttling", "Not now.", 503), times=1)
    assert outcome(faults, CREATE) == Refuse("Throttling", "Not now.", 503)
    declare(faults, Refuse("Gateway.Melted", "It melted.", 502))
    assert outcome(faults, CREATE) == Refuse("Gateway.Melted", "It melted.", 502)


def test_an_upload_is_refused_in_the_words_of_the_storage(faults: Faults) -> None:
    declare(faults, Refuse("AccessDenied"))
    assert outcome(faults, Subject("upload", "POST", "/uploads")).message.startswith("Invalid according to Policy")


def test_times_are_counted_and_then_it_is_over(faults: Faults) -> None:
    declare(faults, Answer(503), times=2)
    assert [outcome(faults, CREATE) for _ in range(3)] == [Answer(503), Answer(503), None]
    assert [declared.befallen for declared in faults.declared()] == [2]


def test_of_several_outcomes_the_first_declared_counts_and_is_used_up(faults: Faults) -> None:
    first, second = declare(faults, Answer(502), times=1), declare(faults, Answer(503), times=1)
    assert faults.for_call(CREATE) == Befalling(0.0, Answer(502), (first,))
    assert faults.for_call(CREATE) == Befalling(0.0, Answer(503), (second,))
    assert outcome(faults, CREATE) is None


def test_delays_add_to_whatever_else_befalls(faults: Faults) -> None:
    ids = declare(faults, Delay(1), times=1), declare(faults, Drop()), declare(faults, Delay(0.5))
    assert faults.for_call(CREATE) == Befalling(1.5, Drop(), ids)
    assert faults.for_call(CREATE) == Befalling(0.5, Drop(), ids[1:])


@pytest.mark.parametrize(
    "when",
    [
        {"call": "query"},
        {"method": "get"},
        {"path": "/api/v1/tasks/*"},
        {"path": "/api/v1/tasks/some-id"},
        {"model": "wan2.6-*"},
        {"prompt": "f.x$"},
        {"task_id": "some-id"},
        {"call": "query", "model": "wan*", "prompt": "^A", "task_id": "some-id"},
    ],
)
def test_all_that_is_given_must_fit(faults: Faults, when: dict[str, str]) -> None:
    declare(faults, Answer(503), **when)
    assert outcome(faults, QUERY) == Answer(503)


@pytest.mark.parametrize(
    "when",
    [
        {"call": "create"},
        {"method": "POST"},
        {"path": "/api/v1/task"},
        {"model": "wan2.5-*"},
        {"prompt": "bear"},
        {"task_id": "another-id"},
        {"call": "query", "model": "wan*", "prompt": "^B"},
    ],
)
def test_it_does_not_befall_what_it_does_not_fit(faults: Faults, when: dict[str, str]) -> None:
    declare(faults, Answer(503), **when)
    assert faults.for_call(QUERY) == Befalling()
    assert faults.declared()[0].befallen == 0


@pytest.mark.parametrize("when", [{"model": "*"}, {"prompt": ""}, {"task_id": "some-id"}])
def test_what_is_not_known_of_a_call_fits_nothing(faults: Faults, when: dict[str, str]) -> None:
    declare(faults, Answer(503), **when)
    assert outcome(faults, LIST) is None


def test_a_slash_at_the_end_means_nothing(faults: Faults) -> None:
    declare(faults, Answer(503), path="/api/v1/tasks")
    assert outcome(faults, LIST) == Answer(503)


def test_only_queries_are_forgotten(faults: Faults) -> None:
    declare(faults, Forget(), times=1)
    assert outcome(faults, CREATE) is None
    assert outcome(faults, QUERY) == Forget()


# Tasks


def test_a_failure_befalls_as_many_tasks_as_declared(faults: Faults) -> None:
    declare(faults, Fail("InternalError.Upload"), times=1)
    assert for_task(faults) == [Fail("InternalError.Upload")]
    assert for_task(faults) == []


def test_faults_of_tasks_and_of_calls_leave_each_other_alone(faults: Faults) -> None:
    declare(faults, Fail("InternalError"), times=1)
    declare(faults, Answer(503), times=1)
    assert outcome(faults, CREATE) == Answer(503)
    assert for_task(faults) == [Fail("InternalError")]


def test_the_first_failure_counts_and_crashes_come_before_it(faults: Faults) -> None:
    declare(faults, Fail("InternalError.Upload", "First."), times=1)
    declare(faults, Crash())
    declare(faults, Fail("InternalError.Upload", "Second."), times=1)
    assert for_task(faults) == [Fail("InternalError.Upload", "First."), Crash()]
    assert for_task(faults) == [Crash(), Fail("InternalError.Upload", "Second.")]


def test_tasks_go_by_model_and_prompt(faults: Faults) -> None:
    declare(faults, Crash(), model="wan2.5-*")
    declare(faults, Crash(2), prompt="bear")
    assert for_task(faults) == []
    assert for_task(faults, model="wan2.5-t2v-preview", prompt="A bear") == [Crash(), Crash(2)]


# The list


def test_identifiers_ascend_even_after_all_are_gone(faults: Faults) -> None:
    assert [declare(faults, Crash()), declare(faults, Drop())] == [1, 2]
    assert faults.remove(1)
    assert [declared.id for declared in faults.declared()] == [2]
    assert not faults.remove(1)
    faults.clear()
    assert faults.declared() == ()
    assert declare(faults, Crash()) == 3


# What makes no sense


@pytest.mark.parametrize(
    ("then", "when", "sentence"),
    [
        (Refuse("Throtling"), {}, "nearest is Throttling"),
        (Refuse("Gateway.Melted", "It melted."), {}, "its status"),
        (Fail("InternalTimeout"), {}, r"nearest is InternalError\.Timeout"),
        (Fail("InternalError"), {"call": "create"}, r"when\.model and when\.prompt alone"),
        (Crash(), {"task_id": "some-id"}, "/fail"),
        (Answer(99), {}, "200"),
        (Answer(503, headers={"a b": "c"}), {}, "cannot stand"),
        (Answer(503, headers={"a": "b\r\nc: d"}), {}, "cannot stand"),
        (Delay(0), {}, "more than 0"),
        (Delay(1e9), {}, "3600"),
        (Forget(), {"call": "create"}, "Only a query"),
        (Truncate(), {"call": "events"}, "no length"),
        (Truncate(1.0), {}, "1.0"),
        (Drop(), {"prompt": "("}, "regular expression"),
        (Drop(), {"call": "poll"}, "poll"),
    ],
)
def test_a_declaration_that_could_not_do_what_it_says_is_refused(
    faults: Faults, then: OnCall | OnTask, when: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidParameter, match=sentence):
        declare(faults, then, **when)
    assert faults.declared() == ()


# Magic


def test_a_prompt_brings_its_own(faults: Faults) -> None:
    subject = CREATE._replace(prompt="A fox test:status=503")
    assert faults.for_call(subject) == Befalling(0.0, Answer(503), ())
    assert faults.for_call(CREATE) == Befalling()
    assert faults.declared() == (), "nobody declared it"
    assert for_task(faults, prompt="A fox test:fail=InternalError.Upload") == [Fail("InternalError.Upload")]


def test_what_was_declared_comes_before_it(faults: Faults) -> None:
    declare(faults, Answer(500), times=1)
    subject = CREATE._replace(prompt="test:status=503")
    assert [outcome(faults, subject), outcome(faults, subject)] == [Answer(500), Answer(503)]


def test_the_calls_of_a_prompt_are_counted_until_all_is_cleared(faults: Faults) -> None:
    once, other = CREATE._replace(prompt="A test:status=503*1"), CREATE._replace(prompt="B test:status=503*1")
    assert [outcome(faults, subject) for subject in (once, once, other, once)] == [Answer(503), None, Answer(503), None]
    faults.clear()
    assert outcome(faults, once) == Answer(503)


def test_a_word_that_is_none_is_refused(faults: Faults) -> None:
    with pytest.raises(InvalidParameter, match=r"The words are test:fail, "):
        faults.for_call(CREATE._replace(prompt="test:fial=InternalError"))
