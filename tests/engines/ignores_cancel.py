"""Works on when it is told to stop."""

from __future__ import annotations

import time

from dalang.engines import Canceled, Report
from tests.engines.tricked import Tricked


class IgnoresCancel(Tricked):
    def trick(self, report: Report) -> None:
        while True:
            try:
                report(0.2)
            except Canceled:
                continue
            finally:
                time.sleep(0.02)
