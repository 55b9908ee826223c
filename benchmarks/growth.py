"""Whether cost grows with what is kept: creates on the way to a long queue, polls with many rows.

Creates: ours and the floor fill an empty queue by turns, a tenth of the backlog at a time; the slot is held, so that
nothing leaves the queue. The ratio is the last tenth's rate to the first's. Flat is 0.9x or more.

Polls: two servers of ours by turns, one that keeps the smallest table and one whose table grows. Nine rows of ten are
done, one waits; every poll draws its task at random from the whole table. The ratio is the large table's rate to the
small one's beside it, the median over the rounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import repeat

from benchmarks.duel import Rounds, duel
from benchmarks.load import create
from benchmarks.result import Result
from benchmarks.rows import fill
from benchmarks.running import LOAD_CORE, SERVER_CORE, dalang, floor, pinned, running, scratch
from benchmarks.scale import Scale
from benchmarks.throughput import BODY, polls
from dalang.home import Home
from dalang.task import TaskStatus

FLAT = 0.9
LIMIT = 60.0
"""Seconds that a tenth of the backlog may take."""

HELD = "benchmarks.engines:Held"


def measure(scale: Scale) -> Iterator[Result]:
    yield from _creates(scale)
    yield from _polls(scale)


def _creates(scale: Scale) -> Iterator[Result]:
    tenth = scale.backlog // 10
    ours, raw = Rounds(), Rounds()
    with ExitStack() as opened:
        folders = [opened.enter_context(scratch()) for _ in range(2)]
        servers = (
            opened.enter_context(running(dalang(folders[0], HELD), folders[0], SERVER_CORE)),
            opened.enter_context(running(floor(folders[1]), folders[1], SERVER_CORE)),
        )
        servers[0].create(BODY)
        opened.enter_context(pinned(LOAD_CORE))
        for _ in range(10):
            for rounds, server in zip((ours, raw), servers, strict=True):
                rounds.run(server, repeat(create(BODY), tenth), LIMIT)
    yield Result(
        f"creates into a queue of 0 to {scale.backlog:,}, by {tenth:,}",
        _series(ours),
        _series(raw),
        f"{_growth(ours):.2f}x last to first (floor {_growth(raw):.2f}x)",
        f"≥ {FLAT:g}x",
        _growth(ours) >= FLAT,
    )


def _series(rounds: Rounds) -> str:
    return " ".join(f"{rate:,.0f}" for rate in rounds.rates) + " /s"


def _growth(rounds: Rounds) -> float:
    return rounds.rates[-1] / rounds.rates[0]


def _polls(scale: Scale) -> Iterator[Result]:
    least, *larger = scale.tables
    with ExitStack() as opened:
        folders = [opened.enter_context(scratch()) for _ in range(2)]
        small, large = (opened.enter_context(running(dalang(folder, HELD), folder, SERVER_CORE)) for folder in folders)
        small.create(BODY)
        large.create(BODY)
        few, many = (_grow(Home(folder / "data"), least) for folder in folders)
        for rows in larger:
            many += _grow(Home(folders[1] / "data"), rows - len(many))
            seen = duel(large, small, (partial(polls, many), partial(polls, few)), scale.rounds, scale.press)
            yield seen.result(f"polls with {rows:,} rows, beside {least:,}", FLAT)


def _grow(home: Home, rows: int) -> list[str]:
    waiting = rows // 10
    return fill(home.database, rows - waiting, TaskStatus.SUCCEEDED) + fill(home.database, waiting, TaskStatus.PENDING)
