"""A project whose tests use Dalang as any project's would: `pytest tests/e2e/sample_project` runs its 200 tests.

The suite around it passes it by, and runs some of it in a process of its own.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

HERE = Path(__file__).parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    return None if config.rootpath == HERE else True


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A PNG of 320 x 240."""
    file = BytesIO()
    Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(file, "PNG")
    return file.getvalue()
