"""Waits like `waits`, and writes into the file `loads` of TEST_GATE what it was given: its weights, and GPUs."""

from __future__ import annotations

import os
from pathlib import Path

from dalang.engines import Clip, RenderRequest, Report
from tests.engines.waits import Waits


class Weighty(Waits):
    def render(self, request: RenderRequest, report: Report) -> Clip:
        assert request.setup
        gpus = os.environ["CUDA_VISIBLE_DEVICES"] or "-"
        with (Path(os.environ["TEST_GATE"]) / "loads").open("a") as loads:
            loads.write(f"{os.getpid()} {gpus} {request.setup.checkpoint.name} {request.setup.profile.steps}\n")
        return super().render(request, report)
