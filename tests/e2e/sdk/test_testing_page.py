"""The examples of docs/testing.md that go through the official SDK, in each version of it that counts."""

from __future__ import annotations

from itertools import product

import pytest

from tests.e2e import page

VERSIONS = ("1.25.8", "2.0.2")

WRONG = "test_wrong.py"
"""Fails, to show how that looks."""

FILES = [name for name in page.tests_of(with_sdk=True) if name != WRONG]

Told = dict[str, str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    return {version: page.pytest_files(tmp_path_factory.mktemp("page"), FILES, version) for version in VERSIONS}


@pytest.mark.parametrize(("version", "file"), list(product(VERSIONS, FILES)))
def test_an_example_passes(version: str, file: str, told: dict[str, Told]) -> None:
    assert not told[version][file], told[version][file]
