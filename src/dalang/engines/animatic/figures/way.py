"""Where a figure is at each moment of a shot: straight from mark to mark, as an actor walks a rehearsed way."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property

SETTLING = 0.5
"""Seconds in which one who walks comes to a stop."""


@dataclass(frozen=True)
class Mark:
    """A place at a time: seconds into the shot, and metres to the right, away, and up."""

    time: float
    x: float = 0.0
    z: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Way:
    marks: tuple[Mark, ...]
    """By time."""

    def at(self, time: float) -> Mark:
        """Before the first mark and after the last it stands there."""
        number = bisect_right(self._times, time)
        if number in (0, len(self.marks)):
            return self.marks[max(0, number - 1)]
        one, other = self.marks[number - 1 : number + 1]
        part = (time - one.time) / (other.time - one.time)
        return Mark(time, _mid(one.x, other.x, part), _mid(one.z, other.z, part), _mid(one.height, other.height, part))

    def covered(self, time: float) -> float:
        """Metres gone since the first mark."""
        number = max(0, bisect_right(self._times, time) - 1)
        return self._lengths[number] + _apart(self.marks[number], self.at(time))

    def moving(self, time: float) -> bool:
        number = bisect_right(self._times, time)
        return 0 < number < len(self.marks) and _apart(*self.marks[number - 1 : number + 1]) > 0

    def moved(self, x: float = 0.0, z: float = 0.0, height: float = 0.0) -> Way:
        """The same way from another place."""
        return Way(tuple(Mark(one.time, one.x + x, one.z + z, one.height + height) for one in self.marks))

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.marks[-1].time

    @property
    def length(self) -> float:
        """Metres."""
        return self._lengths[-1]

    @property
    def rest(self) -> float | None:
        """Metres after which it stands for good, if it walks and then stands."""
        stops = self.length > 0 and _apart(*self.marks[-2:]) == 0
        return self.length if stops else None

    @cached_property
    def _times(self) -> list[float]:
        return [mark.time for mark in self.marks]

    @cached_property
    def _lengths(self) -> list[float]:
        total = [0.0]
        for one, other in zip(self.marks, self.marks[1:], strict=False):
            total.append(total[-1] + _apart(one, other))
        return total


def _mid(one: float, other: float, part: float) -> float:
    return one + (other - one) * part


def _apart(one: Mark, other: Mark) -> float:
    return math.dist((one.x, one.z, one.height), (other.x, other.z, other.height))


def staying(duration: float, mark: Mark) -> Way:
    """At `mark` for the whole shot."""
    return Way((replace(mark, time=0.0), replace(mark, time=duration)))


def passing(duration: float, middle: Mark, *, x: float = 0.0, z: float = 0.0, height: float = 0.0) -> Way:
    """At `middle` half through the shot, at a velocity in metres a second."""
    half = duration / 2
    way = Way((Mark(0.0, -x * half, -z * half, -height * half), Mark(duration, x * half, z * half, height * half)))
    return way.moved(middle.x, middle.z, middle.height)


def arriving(duration: float, start: Mark, end: Mark, when: float) -> Way:
    """From `start` to `end`, there at `when` seconds after slowing down, and there to stay."""
    slow = min(SETTLING, when / 2)
    full = when - slow / 2
    steps = [Mark(when - slow + slow * k / 6, *_between(start, end, _slowed(full, slow, k / 6))) for k in range(6)]
    stop = replace(end, time=when), replace(end, time=max(duration, when) + 1.0)
    return Way((replace(start, time=0.0), *steps, *stop))


def _slowed(full: float, slow: float, part: float) -> float:
    """Share of the way done `part` through the slowing, where it would take `full` seconds at speed."""
    return (full - slow / 2 + slow * (part - part * part / 2)) / full


def _between(one: Mark, other: Mark, part: float) -> tuple[float, float, float]:
    return _mid(one.x, other.x, part), _mid(one.z, other.z, part), _mid(one.height, other.height, part)
