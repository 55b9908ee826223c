"""Kill a server at random times, again and again, and count what became of the tasks that it had answered.

`python -m tests.e2e.chaos --kills 100`: exit status 1 when one was lost, published twice or got stuck.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import random
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.media_host import picture
from tests.e2e.running import FINAL, SMALL_IMAGE, SMALL_TEXT, Server, task_id
from tests.e2e.until import until

LONGEST_LIFE = 1.2
"""Seconds from the moment a server answers to its kill, at the most: a warm-up and a video or two."""

EARLY = 0.2
"""Part of the servers that are killed before they answer."""

START = 0.4
"""Seconds within which those are killed."""

MORE = 0.01
"""Chance that a look at a task is followed by a request for another: a few in a second."""

PATIENCE = 30.0
"""Seconds for a task, once nothing is killed any more, before it counts as stuck."""

IMAGE = "data:image/jpeg;base64," + base64.b64encode(picture()).decode()


@dataclass
class Count:
    kills: int = 0
    answered: int = 0
    unanswered: int = 0
    """Creates whose reply the kill cut off: they may or may not exist."""
    retried: int = 0
    """Tasks that needed more than one attempt."""
    lost: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.stuck)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.answered} tasks answered, {self.unanswered} creates cut off, "
            f"{self.retried} tasks rendered more than once: "
            f"{len(self.lost)} lost, {len(self.doubled)} published twice, {len(self.stuck)} stuck"
        )


class Chaos:
    """One run, in `folder`."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder = folder
        self._chance = chance
        self._servers: list[Server] = []
        self._ends: dict[str, dict[str, Any]] = {}
        """The first final answer to a query of each task."""
        self._tasks: list[str] = []
        self.count = Count()

    def life(self) -> None:
        """Start, ask for videos, look at them, be killed: at any moment of these."""
        server = self._start()
        is_early = self._chance.random() < EARLY
        if not is_early:
            server.wait_until_ready()
        killer = threading.Timer(self._chance.uniform(0, START if is_early else LONGEST_LIFE), server.process.kill)
        killer.start()
        if not is_early:
            with contextlib.suppress(httpx.TransportError):  # killed in the middle of a request
                self._use(server)
        killer.join()
        server.kill()
        self.count.kills += 1

    def settle(self) -> None:
        """A server that nobody kills ends what is left; then everything is counted."""
        server = self._start()
        server.wait_until_ready()
        for task in self._tasks:
            self._settle(server, task)
        server.stop()
        self._count_publications()

    def _start(self) -> Server:
        server = Server(self._folder / "data").start(is_awaited=False)
        self._servers.append(server)
        return server

    def _use(self, server: Server) -> None:
        self._ask(server)
        while server.is_alive:
            self._look(server, self._chance.choice(self._tasks))
            if self._chance.random() < MORE:
                self._ask(server)

    def _ask(self, server: Server) -> None:
        self.count.unanswered += 1
        self._tasks.append(self._create(server))
        self.count.unanswered -= 1
        self.count.answered += 1

    def _create(self, server: Server) -> str:
        if self._chance.random() < 0.3:
            return task_id(server.post(*SMALL_IMAGE, prompt="a card", img_url=IMAGE))
        return task_id(server.post(*SMALL_TEXT, prompt="a card"))

    def _look(self, server: Server, task: str) -> dict[str, Any]:
        output = server.query(task)
        if output["task_status"] == "UNKNOWN":
            self.count.lost.add(task)
        elif output["task_status"] in FINAL:
            seen = {name: value for name, value in output.items() if name != "video_url"}
            if self._ends.setdefault(task, seen) != seen:
                self.count.doubled.add(task)
        return output

    def _settle(self, server: Server, task: str) -> None:
        try:
            output = until(lambda: self._ended(server, task), f"task {task} has ended", PATIENCE)
        except AssertionError:
            self.count.stuck.add(task)
            return
        if output["task_status"] != "SUCCEEDED" or server.http.get(output["video_url"]).status_code != 200:
            self.count.lost.add(task)
        else:
            self.count.retried += output["dalang"]["attempt"] > 1

    def _ended(self, server: Server, task: str) -> dict[str, Any] | None:
        output = self._look(server, task)
        return output if output["task_status"] in FINAL else None

    def _count_publications(self) -> None:
        """By the log: one line for each statement that made a task SUCCEEDED."""
        lines = [line for server in self._servers for line in server.log.splitlines() if " task succeeded " in line]
        times = Counter(line.split("task_id=")[1].split()[0] for line in lines)
        self.count.doubled |= {task for task, number in times.items() if number > 1}


def chaos(folder: Path, kills: int, seed: int | None) -> Count:
    run = Chaos(folder, random.Random(seed))
    for _ in range(kills):
        run.life()
    run.settle()
    return run.count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, help="of the kill times")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dalang-chaos-") as folder:
        count = chaos(Path(folder), arguments.kills, arguments.seed)
    print(count)
    return int(not count.is_clean)


if __name__ == "__main__":
    sys.exit(main())
