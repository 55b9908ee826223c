"""Meets a full disk in the middle of a render."""

from __future__ import annotations

import errno
import os

from dalang.engines import Report
from tests.engines.tricked import Tricked


class FillsDisk(Tricked):
    def trick(self, report: Report) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
