"""Kill a server at random times, again and again, and count what became of the tasks that it had answered.

`python -m tests.e2e.chaos --kills 100`: exit status 1 when one was lost, published twice, got stuck, was billed
wrongly, was made again of an order that was sent again, or when somebody who asked was not told of its end.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import random
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from dalang.callbacks import HOLD
from dalang.clock import system_clock
from dalang.store import TaskFilter
from dalang.store.sqlite import SQLiteStore
from dalang.task import TaskStatus
from tests.e2e.hook import Hook, hook
from tests.e2e.media_host import picture
from tests.e2e.running import CREATE, FINAL, SMALL_IMAGE, SMALL_TEXT, TRUST, Server, task_id
from tests.e2e.until import PATIENCE, until

LONGEST_LIFE = 1.2
"""Seconds from the moment a server answers to its kill, at the most: a warm-up and a video or two."""

EARLY = 0.2
"""Part of the servers that are killed before they answer."""

START = 0.4
"""Seconds within which those are killed."""

MORE = 0.01
"""Chance that a look at a task is followed by a request for another: a few in a second."""

AGAIN = 0.3
"""Part of the latest orders under an Idempotency-Key that are sent again in a server's life, though answered."""

TOLD = HOLD / 1000 + 15
"""Seconds within which a callback is made up for: one that a server was killed over is given to nobody else for HOLD,
and one that failed is tried again after five."""

PICTURE = picture()

IMAGE = "data:image/jpeg;base64," + base64.b64encode(PICTURE).decode()

ACCOUNT = "default"


class Order(NamedTuple):
    """A create call, for as often as it is sent."""

    prompt: str
    """Its own, by which to find its tasks."""
    image: str | None
    headers: dict[str, str]

    @property
    def body(self) -> dict[str, Any]:
        model, parameters = SMALL_IMAGE if self.image else SMALL_TEXT
        input = {"prompt": self.prompt} | ({"img_url": self.image} if self.image else {})
        return {"model": model, "input": input, "parameters": parameters}

    @property
    def may_be_sent_again(self) -> bool:
        return "Idempotency-Key" in self.headers


@dataclass
class Count:
    kills: int = 0
    answered: int = 0
    unanswered: int = 0
    """Creates whose reply the kill cut off: they may or may not exist."""
    again: int = 0
    """Orders sent again."""
    told: int = 0
    """Ends of tasks that somebody was told."""
    retried: int = 0
    """Tasks that needed more than one attempt."""
    billed: int = 0
    lost: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    untold: set[str] = field(default_factory=set)
    """Tasks with a callback that was never made."""
    reordered: set[str] = field(default_factory=set)
    """Idempotency-Keys of more than one task."""
    unbilled: int = 0
    """Finished videos without a row of the ledger; negative: rows without a video."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.stuck or self.untold or self.reordered or self.unbilled)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.answered} tasks answered, {self.unanswered} creates cut off, "
            f"{self.again} orders sent again, {self.retried} tasks rendered more than once, "
            f"{self.told} ends told, {self.billed} videos billed: "
            f"{len(self.lost)} lost, {len(self.doubled)} published twice, {len(self.stuck)} stuck, "
            f"{len(self.untold)} not told, {len(self.reordered)} orders made twice, {self.unbilled} not billed"
        )


class Chaos:
    """One run, in `folder`; callbacks go to `receiver`, if there is one."""

    def __init__(self, folder: Path, chance: random.Random, receiver: Hook | None) -> None:
        self._folder = folder
        self._chance = chance
        self._receiver = receiver
        self._servers: list[Server] = []
        self._ends: dict[str, dict[str, Any]] = {}
        """The first final answer to a query of each task."""
        self._orders: list[Order] = []
        self._tasks: dict[str, Order] = {}
        """Those that were answered."""
        self._upload: str | None = None
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
        for order in self._orders:
            if order.may_be_sent_again:
                self._send(server, order)
        for task in self._tasks:
            self._settle(server, task)
        self._wait_for_callbacks()
        server.stop()
        self._count_publications()
        asyncio.run(self._count_rows())

    def _start(self) -> Server:
        server = Server(self._folder / "data", callback_allow="127.0.0.1").start(is_awaited=False)
        self._servers.append(server)
        return server

    def _use(self, server: Server) -> None:
        self._ask(server)
        while server.is_alive:
            if self._tasks:
                self._look(server, self._chance.choice(list(self._tasks)))
            if self._chance.random() < MORE:
                self._ask(server)

    def _ask(self, server: Server) -> None:
        """Something new, and now and then something old too: first of all what was cut off the last time."""
        known = {order.prompt for order in self._tasks.values()}
        for order in [order for order in self._orders[-9:] if order.may_be_sent_again]:
            if order.prompt not in known or self._chance.random() < AGAIN:
                self.count.again += 1
                self._send(server, order)
        order = self._order(server)
        self._orders.append(order)
        self.count.unanswered += 1
        self._send(server, order)
        self.count.unanswered -= 1

    def _order(self, server: Server) -> Order:
        number, headers = len(self._orders), {}
        if self._chance.random() < 0.4:
            headers["Idempotency-Key"] = f"order-{number}"
        if self._receiver and self._chance.random() < 0.4:
            headers["X-Dalang-Callback"] = self._receiver.url(host="127.0.0.1")
        way = self._chance.random()
        image = IMAGE if way < 0.2 else self._uploaded(server) if way < 0.4 else None
        return Order(f"card {number}", image, headers)

    def _send(self, server: Server, order: Order) -> None:
        task = task_id(server.http.post(CREATE, json=order.body, headers=order.headers))
        if task not in self._tasks:
            self.count.answered += 1
            if any(other is order for other in self._tasks.values()):
                self.count.reordered.add(order.prompt)
        self._tasks[task] = order

    def _uploaded(self, server: Server) -> str:
        """The address of a new file, or of one that an earlier server took."""
        if self._upload is None or self._chance.random() < 0.5:
            query = {"action": "getPolicy", "model": SMALL_IMAGE[0]}
            policy = server.http.get("/api/v1/uploads", params=query).json()["data"]
            fields = {"policy": policy["policy"], "Signature": policy["signature"]}
            form = fields | {"key": f"{policy['upload_dir']}/card.jpg", "success_action_status": "200"}
            reply = httpx.post(policy["upload_host"], data=form, files={"file": PICTURE}, trust_env=False, verify=TRUST)
            assert reply.status_code == 200, reply.text
            self._upload = f"oss://{form['key']}"
        return self._upload

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

    def _wait_for_callbacks(self) -> None:
        wanted = {task for task, order in self._tasks.items() if "X-Dalang-Callback" in order.headers}
        with contextlib.suppress(AssertionError):
            until(lambda: not wanted - self._told(), "everybody who asked is told", TOLD)
        self.count.told = len(wanted & self._told())
        self.count.untold = wanted - self._told()

    def _told(self) -> set[str]:
        return {str(call.event["id"]) for call in self._receiver.calls} if self._receiver else set()

    def _count_publications(self) -> None:
        """By the log: one line for each statement that made a task SUCCEEDED."""
        lines = [line for server in self._servers for line in server.log.splitlines() if " task succeeded " in line]
        times = Counter(line.split("task_id=")[1].split()[0] for line in lines)
        self.count.doubled |= {task for task, number in times.items() if number > 1}

    async def _count_rows(self) -> None:
        """What stands in the database, those included whose reply was cut off."""
        store = SQLiteStore(self._folder / "data" / "dalang.db", system_clock, None)
        await store.open()
        try:
            page = await store.list(TaskFilter(ACCOUNT, 0, system_clock()), 0, 1_000_000)
            self.count.billed = sum(row.videos for row in await store.spent(0, system_clock() + 1, "account"))
        finally:
            await store.close()
        assert page.total >= len(self._tasks) - len(self.count.lost), "the account's own tasks are listed"
        done = sum(task.status is TaskStatus.SUCCEEDED for task in page.tasks)
        self.count.unbilled = done - self.count.billed
        times = Counter(task.request.prompt for task in page.tasks)
        once = {order.prompt for order in self._orders if order.may_be_sent_again}
        self.count.reordered |= {prompt for prompt in once if times[prompt] != 1}


def chaos(folder: Path, kills: int, seed: int | None, *, tells: bool = True) -> Count:
    """`tells`: with callbacks, for which it may have to wait as long as HOLD at the end."""
    with hook() if tells else contextlib.nullcontext() as receiver:
        run = Chaos(folder, random.Random(seed), receiver)
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
