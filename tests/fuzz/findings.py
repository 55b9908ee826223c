"""What came of all cases, and the inputs that must not be forgotten."""

from __future__ import annotations

from collections import Counter
from pathlib import Path


class Findings:
    """`folder` is made with the first input that is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers: Counter[str] = Counter()
        self.faults: list[str] = []
        self.deaths: list[str] = []

    def answered(self, kind: str, code: str) -> None:
        self.answers[f"{kind} {code}"] += 1

    def fault(self, name: str, data: bytes, what: str) -> None:
        """A rule is broken."""
        self.faults.append(f"{name}: {what}")
        self._keep(name, data, what)

    def death(self, name: str, data: bytes, what: str) -> None:
        """A child is lost, as may be: its task was answered."""
        self.deaths.append(f"{name}: {what}")
        self._keep(name, data, what)

    def _keep(self, name: str, data: bytes, what: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(data)
        (self.folder / f"{name}.txt").write_text(f"{what}\n")

    def __str__(self) -> str:
        counts = ", ".join(f"{number} {what}" for what, number in sorted(self.answers.items()))
        kept = f"; inputs in {self.folder}" if self.faults or self.deaths else ""
        total = self.answers.total()
        return f"{total} cases: {len(self.faults)} faults, {len(self.deaths)} deaths{kept} ({counts})"
