"""The pytest plugin in projects of its users: each is a folder and a pytest process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LIMIT = 120
"""Seconds for one pytest process on a busy machine."""

HEAD = """
import os
import pytest
from dalang import Client
from dalang.testing import contains

SMALL = {"model": "wan2.1-t2v-turbo", "size": "832*480"}
"""


def run(folder: Path, *arguments: str) -> str:
    """What pytest prints."""
    command = [sys.executable, "-m", "pytest", "-p", "no:schemathesis", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LIMIT, check=False)
    return done.stdout + done.stderr


def run_file(folder: Path, source: str, *arguments: str) -> str:
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -q\n")
    (folder / "test_app.py").write_text(HEAD + source)
    return run(folder, *arguments)


def test_each_test_has_a_server_as_new_and_the_variables_that_lead_to_it(tmp_path: Path) -> None:
    source = """
URLS = set()

@pytest.mark.parametrize("number", range(3))
def test_one(dalang_server, number):
    URLS.add(dalang_server.url)
    assert dalang_server.calls() == []
    dalang_server.refuse("Throttling", call="list")
    with Client() as client:
        assert client.base_url == os.environ["DASHSCOPE_HTTP_BASE_URL"] == dalang_server.base_url
        client.create(f"take {number}", **SMALL)
    dalang_server.assert_created(1, prompt=f"take {number}")

def test_without(dalang_session):
    assert "DALANG_URL" not in os.environ
    assert URLS == {dalang_session.server.url}
"""
    assert "4 passed" in run_file(tmp_path, source)


def test_a_failure_shows_the_difference_the_calls_and_the_log(tmp_path: Path) -> None:
    source = """
def test_passes(dalang_server):
    with pytest.raises(Exception), Client() as client:
        client.create("a bear", model="wan9.9-t2v")

def test_fails(dalang_server):
    with Client() as client:
        client.create("a fox", **SMALL)
    dalang_server.assert_created(prompt=contains("wolf"))
"""
    said = run_file(tmp_path, source)
    assert "E       AssertionError: Expected a task with prompt=contains('wolf'); none of 1 fits." in said
    assert "E         ≠   prompt  contains('wolf')  'a fox'" in said
    assert "Dalang server" in said
    assert "   1  create    200" in said
    assert "task created" in said.partition("\nLog:\n")[2]
    assert "wan9.9" not in said
    assert "assertions.py" not in said


def test_a_server_that_dies_is_told_of_and_replaced(tmp_path: Path) -> None:
    source = """
URLS = []

def test_kills(dalang_server):
    URLS.append(dalang_server.url)
    dalang_server._child.process.kill()
    dalang_server._child.process.wait()

def test_after(dalang_server):
    assert dalang_server.url == URLS[0]
    dalang_server.assert_not_created()

def test_kills_and_fails(dalang_server):
    dalang_server._child.process.kill()
    dalang_server.reset()
"""
    said = run_file(tmp_path, source)
    assert "The Dalang server died during this test: it ended with code -9" in said
    assert "ServerGone: The server does not answer: it ended with code -9" in said
    assert "1 failed, 2 passed, 1 error" in said


def test_settings_are_a_fixture_of_the_project(tmp_path: Path) -> None:
    source = """
@pytest.fixture(scope="session")
def dalang_settings():
    return {"api_key": "sk-of-this-project", "like_cloud": True}

def test_settings(dalang_server):
    with Client() as client:
        task = client.create("a fox", model="wan2.6-t2v", size="1*1")
        assert client.fetch(task.id).code == "InvalidParameter"
    assert os.environ["DALANG_API_KEY"] == "sk-of-this-project"
"""
    assert "1 passed" in run_file(tmp_path, source)


def test_each_process_of_xdist_has_a_server_of_its_own(tmp_path: Path) -> None:
    source = """
@pytest.mark.parametrize("number", range(8))
def test_one(dalang_server, number, worker_id):
    with open(worker_id, "a") as file:
        print(dalang_server.url, file=file)
    with Client() as client:
        client.create(f"take {number}", **SMALL)
    dalang_server.assert_created(1, prompt=f"take {number}")
"""
    assert "8 passed" in run_file(tmp_path, source, "-n", "2")
    urls = [set((tmp_path / worker).read_text().split()) for worker in ("gw0", "gw1")]
    assert [len(one) for one in urls] == [1, 1]
    assert urls[0] != urls[1]
