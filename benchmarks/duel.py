"""Two servers under the same load by turns, so that what else the machine does meets both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.load import Load, press
from benchmarks.result import Result, rates
from benchmarks.running import LOAD_CORE, Running, pinned

Requests = Callable[[], Iterator[bytes]]


@dataclass
class Rounds:
    """Of one server."""

    loads: list[Load] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Seconds of the server's processor time in each."""

    @property
    def rates(self) -> Sequence[float]:
        return [load.rate for load in self.loads]

    @property
    def cost(self) -> float:
        """Seconds of processor time an answer; says the same on a busy machine as on an idle one, nearly."""
        return median(used / load.answers for used, load in zip(self.processor, self.loads, strict=True))

    def run(self, server: Running, requests: Iterator[bytes], seconds: float) -> None:
        before = server.processor
        self.loads.append(press(server.port, requests, seconds))
        self.processor.append(server.processor - before)

    def __str__(self) -> str:
        return f"{rates(self.rates)}, {1e6 * self.cost:.0f} µs each"


@dataclass
class Duel:
    """Round n of one stands beside round n of the other."""

    ours: Rounds = field(default_factory=Rounds)
    floor: Rounds = field(default_factory=Rounds)

    @property
    def ratio(self) -> float:
        """Median over the rounds of ours to the floor's beside it."""
        return median(ours / floor for ours, floor in zip(self.ours.rates, self.floor.rates, strict=True))

    @property
    def busiest(self) -> float:
        """The most that the load generator was on its core, 0..1."""
        return max(load.busy for load in (*self.ours.loads, *self.floor.loads))

    def result(self, what: str, goal: float) -> Result:
        ratio = f"{self.ratio:.2f}x ({self.floor.cost / self.ours.cost:.2f}x by processor time)"
        what = f"{what} (load generator busy ≤ {self.busiest:.0%})"
        return Result(what, str(self.ours), str(self.floor), ratio, f"≥ {goal:g}x", self.ratio >= goal)


def duel(ours: Running, floor: Running, requests: tuple[Requests, Requests], rounds: int, seconds: float) -> Duel:
    """`rounds` of ours and the floor in turns, after one of each that does not count."""
    seen = Duel()
    with pinned(LOAD_CORE):
        press(ours.port, requests[0](), seconds / 3)
        press(floor.port, requests[1](), seconds / 3)
        for _ in range(rounds):
            seen.ours.run(ours, requests[0](), seconds)
            seen.floor.run(floor, requests[1](), seconds)
    return seen
