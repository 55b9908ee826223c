"""Expectations of what was asked, held against the journal. Each raises AssertionError with the difference."""

from __future__ import annotations

from collections.abc import Sequence

from dalang.task import VideoRequest
from dalang.testbed.call import Call
from dalang.testing.difference import Fields, came_earlier, nearest, order_lines, words
from dalang.testing.expectation import check_fields, find_in_order, fits
from dalang.testing.journal import answer_of, call_lines, created, refused, sift


def check_created(calls: Sequence[Call], expected: Fields, times: int | None) -> list[VideoRequest]:
    """The requests that fit: at least one, or exactly `times`."""
    __tracebackhide__ = True
    check_times(times)
    check_fields(expected)
    requests = created(calls)
    found = [request for request in requests if fits(expected, request)]
    if len(found) == times or (found and times is None):
        return found
    said = f"Expected {asked('task', times, expected)}; {fitting(len(found), len(requests))}."
    raise AssertionError("\n".join([said, *nearest(expected, requests), *refusals(calls)]))


def check_not_created(calls: Sequence[Call], expected: Fields) -> None:
    __tracebackhide__ = True
    check_fields(expected)
    requests = created(calls)
    found = [str(place + 1) for place, request in enumerate(requests) if fits(expected, request)]
    if found:
        those = f"{fitting(len(found), len(requests))}: {', '.join(found)}"
        raise AssertionError(f"Expected {asked('task', 0, expected)}; {those}.")


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
    said = f"Expected {plural(len(expected), 'task')} in this order; of {len(requests)}, none fits as the next one."
    parts = [*order_lines(expected, places), *came_earlier(lost, after, requests), *nearest(lost, requests, after)]
    raise AssertionError("\n".join([said, "", *parts, *refusals(calls)]))


def check_called(calls: Sequence[Call], about: Fields, times: int | None) -> list[Call]:
    """The calls that fit: at least one, or exactly `times`."""
    __tracebackhide__ = True
    check_times(times)
    found = sift(calls, about)
    if len(found) == times or (found and times is None):
        return found
    said = f"Expected {asked('call', times, about)}; {fitting(len(found), len(calls))}."
    raise AssertionError("\n".join([said, "", *call_lines(calls)]).rstrip())


def check_times(times: object) -> None:
    """Raises TypeError, as for a prompt in its place."""
    if isinstance(times, str):
        raise TypeError(f"What is expected has a name, such as prompt={times!r}; what stands without one is `times`.")
    if isinstance(times, bool) or not isinstance(times, int | None):
        raise TypeError(f"times must be a whole number, not {times!r}.")


def refusals(calls: Sequence[Call]) -> list[str]:
    """The create calls of which no task came: one of them may be what is missing."""
    those = refused(calls)
    return ["", "Refused:", *(f"  call {call.number}: {answer_of(call)}" for call in those)] if those else []


def asked(noun: str, times: int | None, expected: Fields) -> str:
    wanted = f"a {noun}" if times is None else plural(times, noun)
    return f"{wanted} with {words(expected)}" if expected else wanted


def fitting(found: int, among: int) -> str:
    return f"{found or 'none'} of {among} fit{'' if found > 1 else 's'}" if among else "there was none"


def plural(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
