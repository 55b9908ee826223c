"""May write no more to a file than it already has, so that the encoder meets a real error of the system."""

from __future__ import annotations

import resource

from dalang.engines import Report
from tests.engines.tricked import Tricked


class OutgrowsLimit(Tricked):
    def trick(self, report: Report) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
