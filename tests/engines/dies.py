"""Takes its process down, as a fault in native code does."""

from __future__ import annotations

import os
import signal

from dalang.engines import Report
from tests.engines.tricked import Tricked


class Dies(Tricked):
    def trick(self, report: Report) -> None:
        os.kill(os.getpid(), signal.SIGKILL)
