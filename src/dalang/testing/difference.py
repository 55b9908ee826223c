"""What was expected beside what came, for a person who looks for the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from dalang.task import VideoRequest
from dalang.testbed.call import Call
from dalang.testing.expectation import misfits, on_the_wire
from dalang.testing.journal import answer_of, refused

SHOWN = 3
"""Requests; the others are further off."""

WIDTH = 48
"""Letters of a value; longer ones are shown around the place where they part."""

BEFORE = 12
"""Letters of those that come before that place."""


def order_lines(expected: Sequence[Mapping[str, object]], places: Sequence[int]) -> list[str]:
    """What was found where, up to the one that was not."""
    lost = len(places)
    lines = []
    for number, one in enumerate(expected):
        came = f"task {places[number] + 1}" if number < lost else "missing" if number == lost else "not looked for"
        lines.append(f"  {number + 1}. {came:<16}{words(one)}")
    return lines


def came_earlier(lost: Mapping[str, object], after: int, requests: Sequence[VideoRequest]) -> str:
    """A sentence where what did not come after the first `after` requests stands among them."""
    early = [place + 1 for place in range(after) if not misfits(lost, requests[place])]
    return f"Task {early[0]} fits it, but is not after task {after}." if early else ""


def nearest(expected: Mapping[str, object], requests: Sequence[VideoRequest], first: int = 0) -> list[str]:
    """Tables of those from number `first` on that come nearest without fitting, the best one first."""
    others = [place for place in range(first, len(requests)) if misfits(expected, requests[place])]
    places = sorted(others, key=lambda place: distance(expected, requests[place]))
    lines: list[str] = []
    for place in places[:SHOWN]:
        lines += ["", *table(expected, requests[place], f"task {place + 1} of {len(requests)}")]
    if len(places) > SHOWN:
        lines += ["", f"  {plural(len(places) - SHOWN, 'other')} further off."]
    return lines


def distance(expected: Mapping[str, object], request: VideoRequest) -> tuple[int, float]:
    """Fields that do not fit, then how unlike they are: smaller is nearer."""
    wrong = misfits(expected, request)
    return len(wrong), sum(unlikeness(expected[name], getattr(request, name)) for name in wrong)


def unlikeness(wanted: object, value: object) -> float:
    """0..1."""
    if not (isinstance(wanted, str) and isinstance(value, str)):
        return 1.0
    return 1.0 - SequenceMatcher(None, wanted, value).ratio()


def table(expected: Mapping[str, object], request: VideoRequest, title: str) -> list[str]:
    """A line for each field that was named; those that differ are marked."""
    wrong = misfits(expected, request)
    rows = [("", title, "expected", "got")]
    for name, wanted in expected.items():
        rows.append(("≠" if name in wrong else "", f"  {name}", *side_by_side(wanted, getattr(request, name))))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [f"  {mark:<1} {name:<{widths[1]}}  {left:<{widths[2]}}  {right}" for mark, name, left, right in rows]


def side_by_side(wanted: object, value: object) -> tuple[str, str]:
    wanted, value = on_the_wire(wanted), on_the_wire(value)
    if isinstance(wanted, str) and isinstance(value, str):
        parting = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(wanted, value, strict=False)))
        return excerpt(wanted, parting), excerpt(value, parting)
    return (excerpt(wanted, 0) if isinstance(wanted, str) else repr(wanted)), (
        excerpt(value, 0) if isinstance(value, str) else repr(value)
    )


def excerpt(text: str, parting: int) -> str:
    """Quoted; a long one from shortly before letter `parting` on."""
    if len(text) <= WIDTH:
        return repr(text)
    start = max(0, min(parting - BEFORE, len(text) - WIDTH))
    cut = text[start : start + WIDTH]
    return repr(f"{'…' if start else ''}{cut}{'…' if start + WIDTH < len(text) else ''}")


def refusals(calls: Sequence[Call]) -> str:
    """A sentence about create calls of which no task came, since one of them may be what is missing."""
    answers = [answer_of(call) for call in refused(calls)]
    if not answers:
        return ""
    told = ", ".join(answers[:SHOWN]) + (", …" if len(answers) > SHOWN else "")
    return f"{plural(len(answers), 'create call')} {was(len(answers))} refused: {told}."


def words(expected: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={on_the_wire(wanted)!r}" for name, wanted in expected.items()) or "anything"


def plural(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def was(count: int) -> str:
    return "was" if count == 1 else "were"


def ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0)
    return f"{number}{ending or 'th'}"
