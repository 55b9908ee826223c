"""The workflow of docs/testing.md, as far as it can be run here: the commands of its steps, without installing."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import yaml

from tests.e2e import page

FILE = ".github/workflows/test.yml"

PIP = """#!/bin/sh
echo "$@" > installed
"""


def run(job: str, folder: Path, sdk: str | None = None) -> None:
    """Raises AssertionError with what a step printed that failed."""
    stub = folder / ".bin" / "pip"
    stub.parent.mkdir()
    stub.write_text(PIP)
    stub.chmod(0o755)
    environment = page.environment(folder, sdk)
    environment["PATH"] = f"{stub.parent}{os.pathsep}{environment['PATH']}"
    groups: list[int] = []
    try:
        for command in commands(job):
            groups.append(step(command, folder, environment))
    finally:
        for group in groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


def commands(job: str) -> list[str]:
    """Of the steps that run when all goes well."""
    steps = yaml.safe_load(page.files()[FILE].text)["jobs"][job]["steps"]
    return [step["run"] for step in steps if "run" in step and "if" not in step]


def step(command: str, folder: Path, environment: dict[str, str]) -> int:
    """In a shell of its own, as that service does; what it leaves running is in the process group that is returned."""
    with (folder / "printed").open("w") as printed:
        shell = subprocess.Popen(
            ["bash", "-e", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert shell.wait(page.PATIENCE) == 0, f"{command}\n{(folder / 'printed').read_text()}"
    return shell.pid
