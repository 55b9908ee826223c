"""The numbers that MagCache goes by."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from dalang.weights.checkpoint import checkpoints
from dalang.weights.profile import find_profile

MAGNITUDES = tomllib.loads((files("dalang.engines.wan") / "magnitudes.toml").read_text())


def test_they_are_of_open_checkpoints_at_the_steps_of_their_quality() -> None:
    for name, ratios in MAGNITUDES.items():
        assert len(ratios) == find_profile("quality", checkpoints()[name], {}).steps
        assert ratios[0] == 1.0, "nothing is before the first step"
        assert all(0.8 < ratio < 1.2 for ratio in ratios)
