"""What assertions let pass, and how they show a difference."""

from __future__ import annotations

from typing import Any

import pytest

from dalang.task import VideoRequest
from dalang.testing import anything, between, contains, one_of
from dalang.testing.assertions import check_called, check_created, check_created_in_order, check_not_created
from dalang.testing.expectation import Expected
from tests.unit.testing import samples

TALE = "A storyteller walks through the old town at dusk while the lanterns are lit, and a {} fox follows"

CALLS = [
    samples.created(1, prompt="a cat in the rain"),
    samples.created(2, prompt="a red fox", duration=10),
    samples.created(3, prompt=TALE.format("grey")),
    samples.refused(4, "a dog"),
    samples.created(5, prompt="a dog"),
]


def message(check: Any, *arguments: Any) -> str:
    with pytest.raises(AssertionError) as failure:
        check(CALLS, *arguments)
    return str(failure.value)


def test_expected_has_the_fields_of_a_request() -> None:
    assert set(Expected.__annotations__) == set(VideoRequest.__struct_fields__)


@pytest.mark.parametrize(
    ("expected", "times", "numbers"),
    [
        ({}, None, [1, 2, 3, 5]),
        ({}, 4, [1, 2, 3, 5]),
        ({"prompt": "a dog"}, 1, [5]),
        ({"prompt": contains("fox"), "model": "wan2.6-t2v"}, None, [2, 3]),
        ({"size": "1280*720", "duration": between(6, 10)}, 1, [2]),
        ({"size": (1280, 720), "duration": 10}, 1, [2]),
        ({"size": one_of("832*480", "1280*720"), "seed": 7}, 4, [1, 2, 3, 5]),
        ({"prompt": "a wolf"}, 0, []),
        ({"image": None}, 4, [1, 2, 3, 5]),
    ],
)
def test_created_returns_the_requests_that_fit(expected: dict[str, Any], times: int | None, numbers: list[int]) -> None:
    wanted = [call.request for call in CALLS if call.number in numbers]
    assert check_created(CALLS, expected, times) == wanted


def test_a_difference_is_shown_field_by_field_the_nearest_first() -> None:
    assert message(check_created, {"prompt": "a red fix", "duration": 10, "size": "1280*720"}, None) == (
        "Expected a task with prompt='a red fix', duration=10, size='1280*720'; none of 4 fits.\n"
        "\n"
        "    task 2      expected     got\n"
        "  ≠   prompt    'a red fix'  'a red fox'\n"
        "      duration  10           10\n"
        "      size      '1280*720'   '1280*720'\n"
        "\n"
        "    task 4      expected     got\n"
        "  ≠   prompt    'a red fix'  'a dog'\n"
        "  ≠   duration  10           5\n"
        "      size      '1280*720'   '1280*720'\n"
        "\n"
        "    task 1      expected     got\n"
        "  ≠   prompt    'a red fix'  'a cat in the rain'\n"
        "  ≠   duration  10           5\n"
        "      size      '1280*720'   '1280*720'\n"
        "\n"
        "  1 more, further off.\n"
        "\n"
        "Refused:\n"
        "  call 4: 429 Throttling"
    )


def test_long_texts_are_shown_where_they_part() -> None:
    shown = message(check_created, {"prompt": TALE.format("red")}, None)
    rows = [line.split("  ") for line in shown.splitlines() if "follows" in line]
    assert rows[0][-2:] == [
        "'…ile the lanterns are lit, and a red fox follows'",
        "'…ile the lanterns are lit, and a grey fox follows'",
    ]


@pytest.mark.parametrize(
    ("check", "arguments", "said"),
    [
        (check_created, ({"duration": 5}, 2), "Expected 2 tasks with duration=5; 3 of 4 fit."),
        (check_created, ({"image": anything}, None), "Expected a task with image=anything; none of 4 fits."),
        (check_created, ({}, 1), "Expected 1 task; 4 of 4 fit."),
        (check_not_created, ({"duration": 5},), "Expected no tasks with duration=5; 3 of 4 fit: 1, 3, 4."),
        (check_not_created, ({},), "Expected no tasks; 4 of 4 fit: 1, 2, 3, 4."),
        (check_called, ({"call": "cancel"}, None), "Expected a call with call='cancel'; none of 5 fits."),
        (check_called, ({"call": "create"}, 1), "Expected 1 call with call='create'; 5 of 5 fit."),
    ],
)
def test_the_first_line_says_what_was_expected_and_how_many_fit(check: Any, arguments: Any, said: str) -> None:
    assert message(check, *arguments).splitlines()[0] == said


def test_nothing_at_all_is_said_in_a_line() -> None:
    with pytest.raises(AssertionError, match=r"^Expected a task with duration=5; there was none\.$"):
        check_created([], {"duration": 5}, None)


def test_others_may_stand_between_those_in_order() -> None:
    check_created_in_order(CALLS, [{"prompt": contains("cat")}, {"prompt": contains("fox")}, {"prompt": "a dog"}])
    check_created_in_order(CALLS, [])


def test_one_task_does_not_stand_for_two() -> None:
    said = message(check_created_in_order, [{"duration": 10}, {"prompt": "a red fox"}])
    assert "2. missing" in said


def test_an_order_that_broke_shows_where() -> None:
    expected = [{"prompt": contains("cat")}, {"prompt": contains("grey")}, {"duration": 10}, {"prompt": "a dog"}]
    assert message(check_created_in_order, expected) == (
        "Expected 4 tasks in this order; of 4, none fits as the next one.\n"
        "\n"
        "  1. task 1          prompt=contains('cat')\n"
        "  2. task 3          prompt=contains('grey')\n"
        "  3. missing         duration=10\n"
        "  4. not looked for  prompt='a dog'\n"
        "\n"
        "Task 2 fits it, but does not come after task 3.\n"
        "\n"
        "    task 4      expected  got\n"
        "  ≠   duration  10        5\n"
        "\n"
        "Refused:\n"
        "  call 4: 429 Throttling"
    )


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("colour", "A request has no field 'colour'. Its fields: model, kind, prompt, seed"),
        ("resolution", "A request has no field 'resolution': here it is 'tier'."),
        ("img_url", "A request has no field 'img_url': here it is 'image'."),
    ],
)
def test_a_field_that_requests_do_not_have_is_an_error(field: str, said: str) -> None:
    for check in (
        lambda: check_created([], {field: 1}, 0),
        lambda: check_not_created([], {field: 1}),
        lambda: check_created_in_order([], [{field: 1}]),
    ):
        with pytest.raises(TypeError) as error:
            check()
        assert str(error.value).startswith(said)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ("A fox", "What is expected has a name, such as prompt='A fox'; what stands without one is `times`."),
        (1.0, "times must be a whole number, not 1.0."),
        (True, "times must be a whole number, not True."),
    ],
)
def test_times_is_a_number(times: Any, said: str) -> None:
    for check in (check_created, check_called):
        with pytest.raises(TypeError) as error:
            check(CALLS, {}, times)
        assert str(error.value) == said


@pytest.mark.parametrize("order", [["A fox"], {"prompt": "A fox"}])
def test_those_in_order_are_dicts(order: Any) -> None:
    with pytest.raises(TypeError, match=r"as a dict, such as \{'prompt': 'A fox'\}, not as '"):
        check_created_in_order(CALLS, order)


def test_a_mistyped_kind_is_an_error_even_where_none_is_expected() -> None:
    with pytest.raises(ValueError, match=r"^call must be 'create', 'query', .* or 'other', not 'querry'\.$"):
        check_called([], {"call": "querry"}, 0)


def test_called_shows_all_calls() -> None:
    lines = message(check_called, {"call": "cancel"}, None).splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["1", "2", "3", "4", "5"]
