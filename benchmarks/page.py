"""docs/benchmarks.md: the results as a table for each part, how each was measured, and on what machine."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.result import Result

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"

HEAD = """\
# Benchmarks

Written by `make bench`; every number here comes from that one run, but for parts that say that they were measured by
themselves. Ours and what it is held against are measured by turns in the same run, so that the ratios mean something on
any machine. Values are medians, with the range of all rounds in brackets. `python -m benchmarks --only PART` measures
one part and writes it anew, `--quick` tests that the benchmarks run.
"""

REMARKS = Path(__file__).parent / "remarks.md"
"""What a table cannot say: why a goal is missed. Written by hand."""

COLUMNS = ("what", "ours", "beside it", "ratio", "goal", "")


def write(
    results: Mapping[str, Sequence[Result]], explained: Mapping[str, str], took: float, apart: Sequence[str]
) -> Path:
    """`results` and `explained` by part; `took` in seconds; the parts `apart` stay as they are."""
    parts = [part for name, found in results.items() for part in _part(name, found, explained[name])]
    parts += [text for name in apart if (text := _standing(name))]
    PAGE.write_text("\n".join([HEAD, *_machine(took), "", *parts, REMARKS.read_text()]))
    return PAGE


def rewrite(name: str, results: Sequence[Result], explained: str, took: float) -> Path:
    """Put one part, measured by itself, in its place on the page; before the remarks where it is new."""
    page, remarks = PAGE.read_text(), "## " + REMARKS.read_text().partition("\n")[0].removeprefix("## ")
    part = "\n".join(_part(name, results, "\n".join([explained, "Measured by itself:\n", *_machine(took), ""])))
    begin, end = _place(page, name)
    if begin == end:
        begin = end = page.index(remarks)
    PAGE.write_text(page[:begin] + part + "\n" + page[end:])
    return PAGE


def _place(page: str, name: str) -> tuple[int, int]:
    """From where to where a part stands on the page; nowhere, where it does not."""
    begin = page.find(f"## {name.capitalize()}\n")
    return (0, 0) if begin < 0 else (begin, page.index("\n## ", begin) + 1)


def _standing(name: str) -> str:
    """A part as the page has it, or nothing."""
    page = PAGE.read_text()
    begin, end = _place(page, name)
    return page[begin:end].rstrip("\n") + "\n" if end else ""


def _machine(took: float) -> Iterator[str]:
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in ("granian", "starlette", "uvloop", "av"))
    yield f"- {datetime.now(UTC):%Y-%m-%d}, {took / 60:.0f} minutes; load average at the end {load}"
    yield f"- {len(os.sched_getaffinity(0))} cores, {_processor()}, {platform.system()} {platform.release()}"
    yield f"- Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _part(name: str, results: Sequence[Result], explained: str) -> Iterator[str]:
    yield f"## {name.capitalize()}\n"
    yield explained
    yield _row(COLUMNS)
    yield _row(["---"] * len(COLUMNS))
    for result in results:
        yield _row((result.what, result.ours, result.floor, result.ratio, result.goal, result.verdict))
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
