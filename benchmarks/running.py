"""Servers under measurement: real processes, each with its own folder, and a core of its own where that is wanted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

KEY = "sk-benchmark"

SCRATCH = Path(__file__).parent / "out"
"""On the disk of the checkout: a commit to memory would flatter."""

START_LIMIT = 30.0

SERVER_CORE, LOAD_CORE = 0, 1


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Keep this thread, and the processes it starts meanwhile, on `core`; None leaves them free."""
    before = os.sched_getaffinity(0)
    if core is not None and core in before:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def scratch() -> Iterator[Path]:
    SCRATCH.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=SCRATCH))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    process: subprocess.Popen[bytes]
    port: int

    @cached_property
    def _connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> dict[str, Any]:
        """The JSON reply, on one connection that is kept. Raises RuntimeError where it is not 200."""
        asked = {"Authorization": f"Bearer {KEY}", **{name.replace("_", "-"): text for name, text in headers.items()}}
        self._connection.request(method, path, body, asked)
        reply = self._connection.getresponse()
        content = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{method} {path}: {reply.status} {content[:500]!r}")
        answer: dict[str, Any] = json.loads(content)
        return answer

    def create(self, body: bytes) -> str:
        """The new task's identifier."""
        path = "/api/v1/services/aigc/video-generation/video-synthesis"
        return str(self.ask("POST", path, body, X_DashScope_Async="enable")["output"]["task_id"])

    def query(self, task_id: str) -> dict[str, Any]:
        """`output` of the task."""
        output: dict[str, Any] = self.ask("GET", f"/api/v1/tasks/{task_id}")["output"]
        return output

    def status(self, task_id: str) -> str:
        return str(self.query(task_id)["task_status"])

    def cancel(self, task_id: str) -> None:
        self.ask("POST", f"/api/v1/tasks/{task_id}/cancel", X_Dalang_Cancel="any")

    @property
    def processor(self) -> float:
        """Seconds of processor time that the server process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> dict[str, float]:
        """VmRSS and VmHWM of the server process, in MB (10^6 bytes)."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        pairs = (line.split(":") for line in lines if line.startswith(("VmRSS", "VmHWM")))
        return {name: int(text.split()[0]) * 1024 / 1e6 for name, text in pairs}


def dalang(folder: Path, engine: str, slots: int = 1) -> list[str]:
    """The command for a server of ours on `folder`, settings written there."""
    settings = {"engine": engine, "slots": slots, "api_key": KEY, "grace": "100ms"}
    config = folder / "dalang.toml"
    config.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items()))
    return [sys.executable, "-m", "dalang", "serve", "--port", "0", "--config", str(config), *_places(folder)]


def floor(folder: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.floor", *_places(folder)]


def _places(folder: Path) -> list[str]:
    return ["--data", str(folder / "data"), "--ready-file", str(folder / "ready")]


@contextmanager
def running(command: Sequence[str], folder: Path, core: int | None = None) -> Iterator[Running]:
    """Started, ready, and stopped at the end."""
    ready = folder / "ready"
    ready.unlink(missing_ok=True)
    with (folder / "log").open("ab") as log, pinned(core):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=Path.cwd())
    try:
        _wait_until_ready(process, ready, folder / "log")
        port = int(json.loads(ready.read_text())["url"].rpartition(":")[2])
        yield Running(process, port)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], ready: Path, log: Path) -> None:
    end = time.monotonic() + START_LIMIT
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.001)
