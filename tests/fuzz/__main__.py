"""`python -m tests.fuzz --count 10000`: spoilt inputs by the thousand; exits 1 if a rule is broken."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.findings import Findings
from tests.fuzz.inspections import cases, inspect_all
from tests.fuzz.posts import post_all

SHARES = {"image": 0.58, "sound": 0.15, "clip": 0.02, "body": 0.25}
"""Clips take a second each."""


def fuzz(count: int, seed: int, folder: Path, findings: Findings) -> None:
    for kind, share in SHARES.items():
        its = round(count * share)
        if kind == "body":
            post_all(its, seed, folder, findings)
        else:
            asyncio.run(inspect_all(kind, cases(kind, its, seed), folder, findings))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    arguments = parser.parse_args()
    findings = Findings(Path(tempfile.gettempdir()) / f"dalang-fuzz-{arguments.seed}")
    print(f"seed {arguments.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dalang-fuzz-") as folder:
        fuzz(arguments.count, arguments.seed, Path(folder), findings)
    for line in findings.faults + findings.deaths:
        print(line)
    print(f"{findings} in {time.monotonic() - began:.0f} s")
    return bool(findings.faults)


if __name__ == "__main__":
    sys.exit(main())
