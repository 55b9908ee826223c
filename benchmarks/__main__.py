"""`python -m benchmarks`: all of it, in at most 15 minutes, and docs/benchmarks.md written anew.

`--quick` runs every measure once, small, within a minute: a test of the benchmarks, whose numbers mean nothing and are
not kept. `--only NAME` runs one part and writes it anew.
"""

from __future__ import annotations

import argparse
import time

from benchmarks import animatic, film, growth, latency, memory, page, testing, throughput, waiters, wan
from benchmarks.result import Result
from benchmarks.scale import FULL, QUICK, Scale

PARTS = {
    "throughput": throughput,
    "growth": growth,
    "latency": latency,
    "memory": memory,
    "waiters": waiters,
    "film": film,
    "animatic": animatic,
    "testing": testing,
    "wan": wan,
}

APART = ("wan",)
"""Parts that want an environment of their own, and are measured only by name."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test, within a minute")
    parser.add_argument("--only", choices=PARTS, help="one part")
    arguments = parser.parse_args()
    parts = [arguments.only] if arguments.only else [name for name in PARTS if name not in APART]
    started = time.monotonic()
    results = {name: _measure(name, QUICK if arguments.quick else FULL) for name in parts}
    took = time.monotonic() - started
    print(f"\n{took:.0f} s in all")
    if arguments.quick:
        return
    explained = {name: PARTS[name].__doc__ or "" for name in parts}
    if arguments.only:
        print(f"written to {page.rewrite(arguments.only, results[arguments.only], explained[arguments.only], took)}")
    else:
        print(f"written to {page.write(results, explained, took, APART)}")


def _measure(name: str, scale: Scale) -> list[Result]:
    results = []
    for result in PARTS[name].measure(scale):
        results.append(result)
        print(_line(result), flush=True)
    return results


def _line(result: Result) -> str:
    beside = f" | beside {result.floor}" if result.floor else ""
    ratio = f" | {result.ratio}" if result.ratio else ""
    goal = f" | goal {result.goal}: {result.verdict}" if result.goal else ""
    return f"{result.what}: {result.ours}{beside}{ratio}{goal}"


if __name__ == "__main__":
    main()
