"""Raises what nobody expects."""

from __future__ import annotations

from dalang.engines import Report
from tests.engines.tricked import Tricked


class Raises(Tricked):
    def trick(self, report: Report) -> None:
        raise KeyError("no such weight")
