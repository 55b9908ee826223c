"""A project that uses the official SDK and is tested with Dalang: its suite passes, in one process and in two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import page

SAMPLE = Path(__file__).parents[1] / "sample_project"

SOME = "24.1 or 503 or (blocking and whale) or (films and bear and 3) or InvalidURL"
"""A test of each kind."""


@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_the_sample_project_passes(tmp_path: Path, processes: tuple[str, ...]) -> None:
    loop = {"PYTEST_ADDOPTS": "-p no:schemathesis -p no:cacheprovider"}
    done = page.run(["pytest", SAMPLE, "-k", SOME, *processes], tmp_path, "2.0.2", loop)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
