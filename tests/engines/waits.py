"""Stays in the middle of a render, with signs of life, until the file `open` lies in the folder TEST_GATE."""

from __future__ import annotations

import os
import time
from pathlib import Path

from dalang.engines import Report
from tests.engines.tricked import Tricked


class Waits(Tricked):
    def trick(self, report: Report) -> None:
        gate = Path(os.environ["TEST_GATE"]) / "open"
        while not gate.exists():
            report(0.2)
            time.sleep(0.02)
