"""What was expected beside what came, for a person who looks for the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from dalang.task import VideoRequest
from dalang.testing.expectation import misfits, on_the_wire

Fields = Mapping[str, object]

SHOWN = 3
"""Requests; the others are further off."""

WIDTH = 48
"""Letters of a value; of longer ones, those around the place where they part are shown."""

BEFORE = 12
"""Letters before that place."""


def words(expected: Fields) -> str:
    return ", ".join(f"{name}={shown(on_the_wire(wanted))}" for name, wanted in expected.items())


def order_lines(expected: Sequence[Fields], places: Sequence[int]) -> list[str]:
    """What was found where, up to the one that was not."""
    came = [*(f"task {place + 1}" for place in places), "missing", *["not looked for"] * len(expected)]
    return [f"  {number + 1}. {came[number]:<16}{words(one)}" for number, one in enumerate(expected)]


def came_earlier(lost: Fields, after: int, requests: Sequence[VideoRequest]) -> list[str]:
    """A sentence where what did not come after the first `after` requests stands among them."""
    early = [place + 1 for place in range(after) if not misfits(lost, requests[place])]
    return ["", f"Task {early[0]} fits it, but does not come after task {after}."] if early else []


def nearest(expected: Fields, requests: Sequence[VideoRequest], first: int = 0) -> list[str]:
    """Tables of those from number `first` on that come nearest without fitting, the best one first."""
    others = [place for place in range(first, len(requests)) if misfits(expected, requests[place])]
    places = sorted(others, key=lambda place: distance(expected, requests[place]))
    tables = [table(expected, requests[place], f"task {place + 1}") for place in places[:SHOWN]]
    rest = [["", f"  {len(places) - SHOWN} more, further off."]] if len(places) > SHOWN else []
    return [line for lines in [*tables, *rest] for line in lines]


def distance(expected: Fields, request: VideoRequest) -> tuple[int, float]:
    """Fields that do not fit, then how unlike they are: smaller is nearer."""
    wrong = misfits(expected, request)
    return len(wrong), sum(unlikeness(expected[name], getattr(request, name)) for name in wrong)


def unlikeness(wanted: object, value: object) -> float:
    """0..1."""
    if not (isinstance(wanted, str) and isinstance(value, str)):
        return 1.0
    return 1.0 - SequenceMatcher(None, wanted, value).ratio()


def table(expected: Fields, request: VideoRequest, title: str) -> list[str]:
    """A line for each field that was named; those that differ are marked."""
    wrong = misfits(expected, request)
    rows = [("", title, "expected", "got")]
    for name, wanted in expected.items():
        mark = "≠" if name in wrong else ""
        rows.append((mark, f"  {name}", *side_by_side(on_the_wire(wanted), on_the_wire(getattr(request, name)))))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["", *(f"  {mark:<1} {name:<{widths[1]}}  {left:<{widths[2]}}  {right}" for mark, name, left, right in rows)]


def side_by_side(wanted: object, value: object) -> tuple[str, str]:
    """Two long texts are shown from the same letter on."""
    if not (isinstance(wanted, str) and isinstance(value, str)):
        return shown(wanted), shown(value)
    parting = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(wanted, value, strict=False)))
    start = max(0, min(parting - BEFORE, max(len(wanted), len(value)) - WIDTH))
    return shown(wanted, start), shown(value, start)


def shown(value: object, start: int = 0) -> str:
    """As Python writes it; a long text from letter `start` on."""
    if not isinstance(value, str):
        return repr(value)
    end = start + WIDTH
    return repr(f"{'…' if start else ''}{value[start:end]}{'…' if len(value) > end else ''}")
