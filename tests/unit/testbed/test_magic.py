"""Words of magic in prompts."""

from __future__ import annotations

from pathlib import Path

import pytest

from dalang.errors import InvalidParameter
from dalang.testbed.armed_fault import ArmedFault
from dalang.testbed.fault import Answer, Crash, Delay, Drop, Fail, Fault, Forget, Refuse, Truncate, When
from dalang.testbed.magic import TABLE, Spell, markdown, read
from dalang.testbed.transition import Stage, Transition

PAGE = Path(__file__).parents[3] / "docs" / "testing.md"

CREATE, QUERY, DOWNLOAD = When(call="create"), When(call="query"), When(call="download")

FAULTS = {
    "refuse=Throttling": Fault(then=Refuse("Throttling"), when=CREATE),
    "status=503": Fault(then=Answer(503), when=CREATE),
    "delay=0.5s": Fault(then=Delay(0.5), when=CREATE),
    "drop=before": Fault(then=Drop("before"), when=CREATE),
    "drop=after": Fault(then=Drop("after"), when=CREATE),
    "fail=InternalError.Timeout": Fault(then=Fail("InternalError.Timeout")),
    "fail-early=InvalidURL": Fault(then=Fail("InvalidURL", stage="preparation")),
    "moderation=input": Fault(
        then=Refuse("DataInspectionFailed", "Input data may contain inappropriate content."), when=CREATE
    ),
    "moderation=output": Fault(
        then=Fail("DataInspectionFailed", "Output data may contain inappropriate content.", "rendering")
    ),
    "crash": Fault(then=Crash(1)),
    "crash=2": Fault(then=Crash(2)),
    "unknown": Fault(then=Forget(), when=QUERY),
    "truncate": Fault(then=Truncate(0.5), when=DOWNLOAD),
    "expired-link": Fault(then=Refuse("AccessDenied", "The link is not valid, or no longer.", 403), when=DOWNLOAD),
}


@pytest.mark.parametrize("word", FAULTS)
def test_a_word_is_the_fault_that_it_names(word: str) -> None:
    assert read(f"A fox test:{word} runs.") == Spell((FAULTS[word],))
    ArmedFault(FAULTS[word])


def test_a_word_may_hold_for_the_first_few() -> None:
    assert read("test:unknown*2").faults == (Fault(then=Forget(), when=QUERY, times=2),)
    assert read("test:status=503*1").faults[0].times == 1


def test_several_words_come_in_their_order() -> None:
    assert read("test:delay=1s A fox. test:drop=after").faults == (
        Fault(then=Delay(1.0), when=CREATE),
        FAULTS["drop=after"],
    )


@pytest.mark.parametrize("state", ["pending", "running"])
def test_stages_last_for_polls_or_seconds(state: str) -> None:
    assert getattr(read(f"test:{state}=3"), state) == Stage(polls=3)
    assert getattr(read(f"test:{state}=2.5s"), state) == Stage(seconds=2.5)
    assert getattr(read(f"test:{state}=2s test:{state}=3"), state) == Stage(polls=3, seconds=2)


def test_a_stage_that_the_prompt_does_not_name_stays_as_it_is() -> None:
    usual = Transition(pending=Stage(polls=1), running=Stage(by_hand=True))
    assert read("A fox").transition(usual) == usual
    assert read("test:running=0").transition(usual) == Transition(pending=Stage(polls=1))


@pytest.mark.parametrize(
    "prompt", ["", "A crash test: a dummy", "https://host/test:fail", "unit-test:fail", "mytest:x"]
)
def test_other_words_are_words(prompt: str) -> None:
    assert read(prompt) == Spell()


@pytest.mark.parametrize("prompt", ["狐狸test:crash。", "(test:crash)", "test:crash, and so on", "It is test:crash."])
def test_what_stands_around_a_word_does_not_belong_to_it(prompt: str) -> None:
    assert read(prompt).faults == (FAULTS["crash"],)


def test_a_word_that_is_none_is_answered_with_all_there_are_the_nearest_first() -> None:
    with pytest.raises(InvalidParameter, match=r"says test:trunkate,.* The words are test:truncate, ") as refusal:
        read("test:trunkate")
    assert all(f"test:{name}" in refusal.value.message for name in TABLE)


NOT_SO = (
    *("status", "status=99", "status=OK", "delay=2", "delay=s", "delay=-1s", "delay=nans", "delay=5000s", "drop"),
    *("drop=x", "fail", "crash=0", "crash=x", "crash*0", "pending", "pending=x", "pending=3*2", "unknown=3"),
    "moderation=both",
)


@pytest.mark.parametrize("word", NOT_SO)
def test_a_value_that_does_not_fit_is_answered_with_one_that_does(word: str) -> None:
    with pytest.raises(InvalidParameter, match="test:"):
        read(f"test:{word}")


def test_a_code_that_is_none_is_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidParameter, match=r"the nearest is InternalError\.Timeout"):
        read("test:fail=InternalTimeout")


@pytest.mark.parametrize("name", TABLE)
def test_the_examples_of_the_table_do_what_they_show(name: str) -> None:
    for example in TABLE[name].examples:
        assert example.removeprefix("test:").startswith(name)
        assert read(example) != Spell()
        assert f"`{example}`" in markdown()


def test_the_documentation_has_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    missing = [row for row in markdown().splitlines()[2:] if row not in page]
    assert missing == [], "docs/testing.md: paste what dalang.testbed.magic.markdown() gives"


def test_every_word_is_tried_here() -> None:
    assert {word.partition("=")[0] for word in FAULTS} | {"pending", "running"} == set(TABLE)
