"""Engines that want more than the base install."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dalang.engines import ENGINES, EXTRAS, check_engine
from dalang.errors import ConfigError


def test_an_engine_whose_packages_are_missing_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    check_engine("slate")
    monkeypatch.setitem(EXTRAS, "slate", ("msgspec", "no_such_package"))
    with pytest.raises(
        ConfigError, match=r"Engine slate: no_such_package not installed; pip install 'dalang\[slate\]'"
    ):
        check_engine("slate")


def test_extras_are_of_engines() -> None:
    assert set(EXTRAS) <= set(ENGINES)


def test_naming_the_engine_of_the_weights_loads_no_torch() -> None:
    code = (
        "import sys, dalang.engines.wan, dalang.engines.wan.held; assert not {'torch', 'diffusers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
