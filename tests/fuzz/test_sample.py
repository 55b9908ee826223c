"""A sample of `make fuzz`, always the same; and that it begins with what is good."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.fuzz.__main__ import fuzz
from tests.fuzz.findings import Findings
from tests.fuzz.inspections import KINDS, Case, cases, inspect_all

REFUSED = {"png-palette", "gif"}
"""Originals that are good files, and not accepted."""


def test_whatever_is_sent_is_answered_in_time_with_a_documented_code(tmp_path: Path) -> None:
    findings = Findings(tmp_path / "found")
    fuzz(300, 7, tmp_path, findings)
    assert findings.faults == []
    assert findings.answers.total() == 300
    accepted = {kind for kind in ("image", "sound", "clip", "body") if findings.answers[f"{kind} accepted"]}
    assert accepted == {"image", "sound", "clip", "body"}, "what is spoilt a little still reaches the end"


def test_what_is_spoilt_was_good(tmp_path: Path) -> None:
    findings = Findings(tmp_path / "found")
    for kind in KINDS:
        good = [Case(name, data) for name, data in KINDS[kind].originals().items() if name not in REFUSED]
        asyncio.run(inspect_all(kind, iter(good), tmp_path, findings))
        assert findings.answers == {f"{kind} accepted": len(good)}
        findings.answers.clear()
    assert (findings.faults, findings.deaths) == ([], [])


def test_the_same_seed_spoils_alike() -> None:
    assert list(cases("image", 20, 1)) == list(cases("image", 20, 1))
    assert list(cases("image", 20, 1)) != list(cases("image", 20, 2))
