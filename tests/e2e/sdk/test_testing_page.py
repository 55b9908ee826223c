"""The examples of docs/testing.md that go through the official SDK, in each version of it that counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

from dalang.testing import server
from tests.e2e import page, workflow

VERSIONS = ("1.25.8", "2.0.2")

NEWEST = VERSIONS[-1]

OPENAI = "openai-3.54.0"

FIRST, WRONG, UNITTEST, VIDEOS = "test_video.py", "test_wrong.py", "test_unittest.py", "test_openai.py"
"""The second fails, to show how that looks."""

FILES = [name for name in page.tests_of(with_sdk=True) if name not in (WRONG, UNITTEST, VIDEOS)]

Told = dict[str, str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """What went wrong in each file, by version."""
    folders = [tmp_path_factory.mktemp("page") for _ in VERSIONS]
    with ThreadPoolExecutor() as threads:
        several = threads.map(lambda folder, version: page.pytest_files(folder, FILES, version), folders, VERSIONS)
        return dict(zip(VERSIONS, several, strict=True))


@pytest.mark.parametrize(("version", "file"), list(product(VERSIONS, FILES)))
def test_an_example_passes(version: str, file: str, told: dict[str, Told]) -> None:
    assert not told[version][file], told[version][file]


def test_the_example_for_openai_s_package_passes(tmp_path: Path) -> None:
    told = page.pytest_files(tmp_path, [VIDEOS], OPENAI)
    assert not told[VIDEOS], told[VIDEOS]


def test_a_failing_expectation_looks_as_it_is_shown(tmp_path: Path) -> None:
    page.lay_out(tmp_path, [WRONG])
    done = page.run(["pytest", WRONG], tmp_path, NEWEST)
    assert page.output_of(WRONG) in done.stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_unittest_finds_its_example(version: str, tmp_path: Path) -> None:
    page.lay_out(tmp_path, [UNITTEST])
    done = page.run(["python", "-m", "unittest"], tmp_path, version)
    assert (done.returncode, "Ran 1 test" in done.stdout) == (0, True), done.stdout


def test_the_workflow_of_python_passes(tmp_path: Path) -> None:
    page.lay_out(tmp_path / "tests", [FIRST])
    workflow.run("python", tmp_path, NEWEST)
    assert "dashscope" in (tmp_path / "installed").read_text()


def test_what_is_recorded_is_replayed_without_its_upstream(tmp_path: Path) -> None:
    page.lay_out(tmp_path, ["app.py", "record.sh", "replay/conftest.py", "replay/test_replay.py"])
    with server() as cloud:
        account = {"CLOUD": cloud.base_url, "DASHSCOPE_API_KEY": cloud.api_key}
        recorded = page.run(["sh", "record.sh"], tmp_path, NEWEST, account)
        assert recorded.stdout.endswith(" bytes\n"), recorded.stdout
    replayed = page.run(["pytest", "replay"], tmp_path, NEWEST)
    assert (replayed.returncode, "2 passed" in replayed.stdout) == (0, True), replayed.stdout
