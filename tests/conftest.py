"""How the suite is shared out among processes (`make test`): a file stays whole, for what its tests share."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

collect_ignore = [] if find_spec("torch") else ["wan"]
"""`make test-wan` has an environment with torch."""

TOGETHER = {"sdk": "all that the official SDKs said, which takes a minute to hear"}
"""Folders whose files share something dear."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item.path)))


def _group(file: Path) -> str:
    return file.parent.name if file.parent.name in TOGETHER else f"{file.parent.name}/{file.name}"
