"""A real server process on a folder, and what a test does to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.until import PATIENCE, until

ROOT = Path(__file__).parents[2]
KEY = "sk-end-to-end"
CREATE = "/api/v1/services/aigc/video-generation/video-synthesis"
FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELED", "UNKNOWN"})

SMALL_TEXT = ("wan2.1-t2v-turbo", {"size": "832*480"})
SMALL_IMAGE = ("wan2.1-i2v-turbo", {"resolution": "480P", "duration": 3})
"""The cheapest videos to draw."""

TRUST = ssl.create_default_context()
"""Made once: each client would spend some 20 ms on one of its own."""

LIVE: list[Server] = []
"""Every server of this process that has not been stopped; whose logs to show when a test fails."""


class Server:
    """`settings` become `DALANG_` variables, `config` the TOML file; the port is a free one unless one is given."""

    def __init__(self, data: Path, config: str = "", **settings: str) -> None:
        self.data = data
        self._config = config
        self.settings = {"engine": "slate", "slots": "1", "grace": "0s", **settings}
        self._starts = 0
        self.url = ""

    def start(self, *, is_awaited: bool = True) -> Server:
        self._starts += 1
        command = [sys.executable, "-m", "dalang", "serve", "--data", str(self.data)]
        port = [] if "port" in self.settings else ["--port", "0"]
        command += ["--ready-file", str(self._beside("ready")), *port, *self._config_file()]
        with self._beside("log").open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environment(self.settings), stdout=log, stderr=subprocess.STDOUT
            )
        LIVE.append(self)
        if is_awaited:
            self.wait_until_ready()
        return self

    def _config_file(self) -> list[str]:
        if not self._config:
            return []
        file = self._beside("toml")
        file.write_text(self._config)
        return ["--config", str(file)]

    @property
    def is_ready(self) -> bool:
        return self._beside("ready").exists()

    def wait_until_ready(self) -> None:
        until(lambda: self.is_ready or not self.is_alive, "the server is ready")
        assert self.is_ready, self.log
        self.connect()

    def connect(self) -> None:
        self.url = json.loads(self._beside("ready").read_text())["url"]
        self.http = self.client(KEY)

    def client(self, key: str | None, **options: Any) -> httpx.Client:
        headers = {"X-DashScope-Async": "enable"} | ({"Authorization": f"Bearer {key}"} if key else {})
        given = {"timeout": 60, "trust_env": False, "verify": TRUST, **options}
        return httpx.Client(base_url=self.url, headers=headers, **given)

    def _beside(self, what: str) -> Path:
        return self.data.with_name(f"{self.data.name}-{id(self)}-{self._starts}.{what}")

    @property
    def log(self) -> str:
        return self._beside("log").read_text(errors="replace")

    # The process

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def workers(self, kind: str = "render") -> list[int]:
        return [pid for pid in children(self.pid) if command_line(pid)[2:4] == ["dalang.worker", kind]]

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self._ended()

    def stop(self, within: float = PATIENCE) -> int:
        """By SIGTERM; the exit code."""
        self.process.terminate()
        return self.end(within)

    def end(self, within: float = PATIENCE) -> int:
        """The exit code, once it ends by itself."""
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"the server did not end within {within:g} s") from None
        finally:
            self._ended()
        return self.process.returncode

    def _ended(self) -> None:
        self.process.wait()
        LIVE.remove(self)

    # Tasks

    def post(self, model: str, parameters: dict[str, Any], *, key: str = KEY, **input: str) -> httpx.Response:
        body = {"model": model, "input": input, "parameters": parameters}
        return self.http.post(CREATE, json=body, headers={"Authorization": f"Bearer {key}"})

    def create(self, prompt: str = "a card", **parameters: Any) -> str:
        """The id of a new text-to-video task, by default of the cheapest kind."""
        model, cheap = SMALL_TEXT
        return task_id(self.post(model, cheap | parameters, prompt=prompt))

    def create_from(self, image: str, **parameters: Any) -> str:
        model, cheap = SMALL_IMAGE
        return task_id(self.post(model, cheap | parameters, prompt="a card", img_url=image))

    def query(self, task: str) -> dict[str, Any]:
        """`output`."""
        reply = self.http.get(f"/api/v1/tasks/{task}")
        assert reply.status_code == 200, reply.text
        return dict(reply.json()["output"])

    def status(self, task: str) -> str:
        return str(self.query(task)["task_status"])

    def wait_for(self, task: str, *statuses: str, within: float = PATIENCE) -> dict[str, Any]:
        """`output`, once the status is one of `statuses`; another final one fails at once."""

        def look() -> dict[str, Any] | None:
            output = self.query(task)
            status = output["task_status"]
            assert status in statuses or status not in FINAL, output
            return output if status in statuses else None

        return until(look, f"task {task} is {' or '.join(statuses)}", within)

    def succeed(self, task: str, within: float = PATIENCE) -> dict[str, Any]:
        return self.wait_for(task, "SUCCEEDED", within=within)

    def fail(self, task: str, within: float = PATIENCE) -> dict[str, Any]:
        return self.wait_for(task, "FAILED", within=within)

    def cancel(self, task: str, **headers: str) -> httpx.Response:
        return self.http.post(f"/api/v1/tasks/{task}/cancel", headers=headers)

    def files(self, task: str) -> set[str]:
        """Names of all files in the data folder that belong to a task."""
        stored = self.data.glob(f"files/*/{task}/*")
        scratch = self.data.glob(f"servers/*/{task}*")
        return {file.name for file in (*stored, *scratch)}


class Gate:
    """Where the engine `waits` waits, and every engine tells that its trick begins: in the middle of a render."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()

    def settings(self, engine: str = "waits:Waits") -> dict[str, str]:
        return {"engine": f"tests.engines.{engine}", "TEST_GATE": str(self._folder)}

    def open(self) -> None:
        (self._folder / "open").touch()

    def close(self) -> None:
        (self._folder / "open").unlink()

    def hold(self, server: Server, task: str) -> str:
        """`task`, once it is held in the middle."""
        until((self._folder / "reached").exists, f"task {task} is in the middle")
        (self._folder / "reached").unlink()
        assert server.status(task) == "RUNNING"
        return task


def task_id(reply: httpx.Response) -> str:
    assert reply.status_code == 200, reply.text
    return str(reply.json()["output"]["task_id"])


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Ours without its DALANG_ settings, with these, and so that workers find the engines of the tests."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DALANG_", "DASHSCOPE_"))}
    given = {f"DALANG_{name.upper()}": value for name, value in settings.items() if not name.isupper()}
    plain = {name: value for name, value in settings.items() if name.isupper()}
    return {**inherited, "DALANG_API_KEY": KEY, "PYTHONPATH": str(ROOT), **plain, **given}


def dalang(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command = [sys.executable, "-m", "dalang", *map(str, arguments)]
    return subprocess.run(command, env=environment(settings), capture_output=True, text=True, timeout=60, check=False)


def memory(pid: int) -> tuple[int, int]:
    """Bytes in use, and at the highest so far (proc(5), VmRSS and VmHWM)."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    now, peak = (int(lines[name].split()[0]) << 10 for name in ("VmRSS", "VmHWM"))
    return now, peak


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def children(parent: int) -> list[int]:
    found = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [pid for pid in found if (facts := _facts(pid)) and facts[1] == str(parent)]


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_running(pid: int) -> bool:
    """False for a zombie too: what nobody has reaped yet does nothing and holds nothing."""
    facts = _facts(pid)
    return facts is not None and facts[0] not in "ZX"


def _facts(pid: int) -> list[str] | None:
    """State and parent (proc(5), `stat`); None when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return None
