"""Expectations of what was asked, held against the journal. Each raises AssertionError with the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dalang.task import VideoRequest
from dalang.testbed.call import Call
from dalang.testing.difference import came_earlier, nearest, order_lines, ordinal, plural, refusals, was, words
from dalang.testing.expectation import check_fields, find_in_order, fits
from dalang.testing.journal import call_lines, created, sift

Fields = Mapping[str, object]


def check_created(calls: Sequence[Call], expected: Fields, times: int | None) -> list[VideoRequest]:
    """The requests that fit: at least one, or exactly `times`."""
    __tracebackhide__ = True
    check_fields(expected)
    requests = created(calls)
    found = [request for request in requests if fits(expected, request)]
    if len(found) == times or (found and times is None):
        return found
    wanted = "a task" if times is None else plural(times, "task")
    such = f"Expected {wanted} with {words(expected)}; {plural(len(found), 'such task')} {was(len(found))} created"
    raise AssertionError(lines([f"{such}, of {len(requests)}.", *nearest(expected, requests)], refusals(calls)))


def check_not_created(calls: Sequence[Call], expected: Fields) -> None:
    __tracebackhide__ = True
    check_fields(expected)
    requests = created(calls)
    found = [f"task {place + 1}" for place, request in enumerate(requests) if fits(expected, request)]
    if found:
        raise AssertionError(f"Expected no task with {words(expected)}; of {len(requests)}, {', '.join(found)} fit.")


def check_created_in_order(calls: Sequence[Call], expected: Sequence[Fields]) -> None:
    """Others may stand between them."""
    __tracebackhide__ = True
    for one in expected:
        check_fields(one)
    requests = created(calls)
    places = find_in_order(expected, requests)
    if len(places) == len(expected):
        return
    lost, after = expected[len(places)], places[-1] + 1 if places else 0
    first = f"Expected {plural(len(expected), 'task')} in this order; after {plural(after, 'task')} of {len(requests)}"
    where = f"{first} the {ordinal(len(places) + 1)} did not come."
    parts = ["", *order_lines(expected, places), *nearest(lost, requests, after)]
    raise AssertionError(lines([where, *parts], came_earlier(lost, after, requests), refusals(calls)))


def check_called(calls: Sequence[Call], about: Fields, times: int | None) -> list[Call]:
    """The calls that fit: at least one, or exactly `times`."""
    __tracebackhide__ = True
    found = sift(calls, about)
    if len(found) == times or (found and times is None):
        return found
    wanted = "a call" if times is None else plural(times, "call")
    such = f"Expected {wanted} with {words(about)}; {plural(len(found), 'such call')} {was(len(found))} made"
    raise AssertionError(lines([f"{such}, of {len(calls)}.", "", *call_lines(calls)]))


def lines(first: Sequence[str], *sentences: str) -> str:
    return "\n".join([*first, *(f"\n{sentence}" for sentence in sentences if sentence)]).rstrip()
