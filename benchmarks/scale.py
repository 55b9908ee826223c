"""How much is measured: in full, or as a smoke test of the benchmarks themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    rounds: int
    """Of each measure that takes turns with its floor; medians are over them."""
    press: float
    """Seconds of load in a round, at the most."""
    rows: int
    """Tasks in the store while polls are held against the floor."""
    backlog: int
    """Tasks created without one being done."""
    tables: tuple[int, ...]
    """Rows in the store, ascending, while polls are measured; the first is what the others are held against."""
    starts: int
    """Of commands."""
    orders: int
    """Tasks whose way to RUNNING is watched."""
    polls: int
    """Distinct tasks polled while memory is watched."""
    tasks: int
    """Rendered while memory is watched."""
    waiters: int
    """Who wait at the same time."""
    wakes: int
    """How many of them are woken one by one."""
    watch: float
    """Seconds for which the processor is watched while they wait."""
    films: int
    """Rounds of each film."""
    prompts: int
    """How many of the films are made."""
    trips: int
    """Videos that the official SDK asks for and downloads."""
    suites: int
    """Runs of the sample project's tests."""


FULL = Scale(
    rounds=7,
    press=1.5,
    rows=10_000,
    backlog=100_000,
    tables=(1_000, 10_000, 100_000, 1_000_000),
    starts=7,
    orders=100,
    polls=100_000,
    tasks=1_000,
    waiters=5_000,
    wakes=300,
    watch=5.0,
    films=5,
    prompts=4,
    trips=30,
    suites=3,
)

QUICK = Scale(
    rounds=1,
    press=0.3,
    rows=1_000,
    backlog=2_000,
    tables=(1_000, 2_000),
    starts=1,
    orders=5,
    polls=1_000,
    tasks=3,
    waiters=200,
    wakes=5,
    watch=1.0,
    films=1,
    prompts=1,
    trips=3,
    suites=1,
)
