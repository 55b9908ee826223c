"""Stops in the middle of a render, without a sign of life."""

from __future__ import annotations

import threading

from dalang.engines import Report
from tests.engines.tricked import Tricked


class Hangs(Tricked):
    def trick(self, report: Report) -> None:
        threading.Event().wait()
