from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.weights.mirror import Mirror, mirror


@pytest.fixture
def hub() -> Iterator[Mirror]:
    with mirror() as held:
        yield held
