"""The engine `wan`: the open weights, by diffusers."""

from __future__ import annotations

from dalang.engines import Clip, Report
from dalang.task import RenderRequest


class Wan:
    """Needs the extra `dalang[wan]`, and a request with a `setup`."""

    name = "wan"
    version = "1"

    def __init__(self) -> None:
        from dalang.engines.wan.shelf import Shelf  # torch: seconds that only a worker pays

        self._shelf = Shelf()

    def render(self, request: RenderRequest, report: Report) -> Clip:
        raise NotImplementedError
