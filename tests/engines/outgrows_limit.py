"""May write no more to a file than a kilobyte, so that the encoder meets a real error of the system."""

from __future__ import annotations

import resource

from dalang.engines import Clip, RenderRequest, Report
from tests.engines.tricked import Tricked


class OutgrowsLimit(Tricked):
    def render(self, request: RenderRequest, report: Report) -> Clip:
        _limit_files_to(resource.RLIM_INFINITY)
        return super().render(request, report)

    def trick(self, report: Report) -> None:
        _limit_files_to(1024)


def _limit_files_to(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
