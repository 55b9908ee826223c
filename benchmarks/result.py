"""One line of the table, and the numbers in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Result:
    """Text as it is printed; `met` is None where nothing was promised."""

    what: str
    ours: str
    floor: str = ""
    """What `ours` is held against: measured in the same run, by turns."""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "missed", None: ""}[self.met]


def rates(values: Sequence[float]) -> str:
    """Median a second, and the range: `12,345/s (11,900-12,800)`."""
    return f"{median(values):,.0f}/s ({min(values):,.0f}-{max(values):,.0f})"


def seconds(values: Sequence[float]) -> str:
    return f"{median(values):.2f} s ({min(values):.2f}-{max(values):.2f})"


def milliseconds(values: Sequence[float]) -> str:
    """p50 and p95 of values in seconds."""
    return f"p50 {1000 * median(values):.1f} ms, p95 {1000 * percentile(values, 0.95):.1f} ms"


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that `part` (0..1) of them do not exceed."""
    return sorted(values)[max(0, -(-len(values) * part // 1).__int__() - 1)]
