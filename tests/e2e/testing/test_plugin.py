"""The pytest plugin in projects of its users: each is a folder and a pytest process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.running import is_running
from tests.e2e.until import until

LIMIT = 120
"""Seconds for one pytest process on a busy machine."""

LEADING = ("DASHSCOPE_", "DALANG_", "PYTEST_")
"""Variables of whoever runs these tests that would lead a project's elsewhere."""

HEAD = """
import os
import pytest
from dalang import Client
from dalang.testing import contains

SMALL = {"model": "wan2.1-t2v-turbo", "size": "832*480"}
"""


def run(folder: Path, *arguments: str, **variables: str) -> str:
    """What pytest prints."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(LEADING)} | variables
    command = [sys.executable, "-m", "pytest", "-p", "no:schemathesis", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    return done.stdout + done.stderr


def lay_out(folder: Path, files: Mapping[str, str]) -> None:
    for name, source in {"pytest.ini": "[pytest]\naddopts = -q\n", **files}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(source)


def run_file(folder: Path, source: str, *arguments: str, **variables: str) -> str:
    lay_out(folder, {"test_app.py": HEAD + source})
    return run(folder, *arguments, **variables)


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


FOLDERS = {
    "conftest.py": """
import pytest

@pytest.fixture(scope="session")
def dalang_settings():
    return {"api_key": "sk-of-all"}
""",
    "sub/conftest.py": """
import pytest

@pytest.fixture(scope="session")
def dalang_settings():
    return {"slots": 1, "api_key": "sk-of-some"}

@pytest.fixture(scope="session")
def lasting(dalang_session):
    return dalang_session.server
""",
    "test_all.py": """
import pytest

def test_all(dalang_server, dalang_session):
    assert dalang_server.api_key == "sk-of-all"
    assert dalang_session.server is dalang_server

class TestOwn:
    @pytest.fixture
    def dalang_settings(self):
        return {"api_key": "sk-of-some", "slots": 1}

    def test_own(self, dalang_server):
        with open("servers", "a") as file:
            print(dalang_server.url, file=file)
        assert dalang_server.api_key == "sk-of-some"

def test_all_again(dalang_server):
    assert dalang_server.api_key == "sk-of-all"
""",
    "sub/test_some.py": """
def test_some(dalang_session):
    assert dalang_session.server.api_key == "sk-of-some"

def test_some_as_new(lasting, dalang_server):
    with open("servers", "a") as file:
        print(dalang_server.url, file=file)
    assert lasting is dalang_server
""",
}


@pytest.mark.parametrize("order", [["test_all.py", "sub"], ["sub", "test_all.py"]])
def test_settings_hold_where_they_are_whatever_ran_before(tmp_path: Path, order: list[str]) -> None:
    lay_out(tmp_path, FOLDERS)
    assert "5 passed" in run(tmp_path, *order)
    assert len(set((tmp_path / "servers").read_text().split())) == 1, "those of the same settings share a server"


WITH_SETTINGS = """
import socket
TAKEN = socket.create_server(("127.0.0.1", 0))

@pytest.fixture
def dalang_settings():
    return {}

def test_one(dalang_server):
    pass
"""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('{"slot": 1}', "Settings: object contains unknown field `slot`; docs/operating.md lists all."),
        ('{"engine": "slatee"}', "Setting engine: there is no 'slatee'; take slate, "),
        ('{"port": TAKEN.getsockname()[1]}', "Cannot listen on 127.0.0.1 port "),
    ],
)
def test_a_server_that_does_not_start_is_told_of_in_a_line(tmp_path: Path, settings: str, said: str) -> None:
    printed = run_file(tmp_path, WITH_SETTINGS.replace("return {}", f"return {settings}"))
    assert f"\nThe server did not start: {said}" in printed
    assert "launch.py" not in printed


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("None", 'TypeError: Settings are a dict, such as {"like_cloud": True}, not None.'),
        ('{"engine": None}', "TypeError: The setting engine cannot be None: give text, a number, a bool, a path, "),
    ],
)
def test_what_no_setting_can_be_is_an_error(tmp_path: Path, settings: str, said: str) -> None:
    assert said in run_file(tmp_path, WITH_SETTINGS.replace("return {}", f"return {settings}"))


def test_what_a_test_does_to_the_variables_does_not_outlive_it(tmp_path: Path) -> None:
    source = """
import sys
sys.modules["dashscope"] = sdk = type(sys)("dashscope")
sdk.api_key = "sk-before"

@pytest.fixture
def without(monkeypatch):
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)

def test_before(without, dalang_server):
    assert os.environ["DASHSCOPE_API_KEY"] == dalang_server.api_key

def test_after(dalang_server, without):
    assert "DASHSCOPE_API_KEY" not in os.environ

def test_within(monkeypatch, dalang_server):
    monkeypatch.delenv("DASHSCOPE_API_KEY")
    monkeypatch.setattr(sdk, "api_key", "sk-within")

def test_then():
    assert "DASHSCOPE_API_KEY" not in os.environ
    assert sdk.api_key == "sk-before"
"""
    assert "4 passed" in run_file(tmp_path, source)


@pytest.mark.parametrize(("sign", "folders"), [("SIGINT", 0), ("SIGTERM", 1), ("SIGKILL", 1)])
def test_no_server_outlives_a_killed_pytest(tmp_path: Path, sign: str, folders: int) -> None:
    """The folder of one that had no time to clear it away is left to a later one."""
    source = f"""
import signal

def test_killed(dalang_server):
    with open("server", "w") as file:
        print(dalang_server._child.process.pid, file=file)
    os.kill(os.getpid(), signal.{sign})
    signal.pause()
"""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    run_file(tmp_path, source, TMPDIR=str(temporary))
    server = int((tmp_path / "server").read_text())
    until(lambda: not is_running(server), "the server has ended")
    assert len(list(temporary.glob("dalang-test-*"))) == folders


def test_a_session_within_a_session_has_servers_of_its_own(tmp_path: Path) -> None:
    source = """
pytest_plugins = ["pytester"]

INNER = '''
import pytest

@pytest.fixture
def dalang_settings():
    return {"api_key": "sk-within"}

def test_inner(dalang_server, dalang_session):
    assert dalang_server.api_key == dalang_session.server.api_key == "sk-within"
'''

def test_outer(dalang_server, dalang_session, pytester):
    pytester.makepyfile(INNER)
    pytester.runpytest_inprocess("-p", "no:schemathesis").assert_outcomes(passed=1)
    assert os.environ["DALANG_API_KEY"] == dalang_server.api_key == "sk-dalang-test"
    assert dalang_session.server is dalang_server
    dalang_server.assert_not_created()
"""
    assert "1 passed" in run_file(tmp_path, source)


def test_the_plugin_can_be_left_out(tmp_path: Path) -> None:
    source = """
def test_with(dalang_server):
    pass

def test_without():
    pass
"""
    said = run_file(tmp_path, source, "-p", "no:dalang")
    assert "fixture 'dalang_server' not found" in said
    assert "1 passed, 1 error" in said


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
