"""The floor under polls and creates: a raw ASGI application that does the same SQLite work and nothing else.

It runs under the same HTTP server (`dalang.listener.Listener`), on uvloop, with the same schema, indexes, connection
settings and group commit. "The same SQLite work" is, statement for statement, what a request makes the server do:

* a poll reads the key by its hash and the task by its identifier; of a waiting task, also its place in the queue;
* a create reads the key by its hash and inserts one row equal to ours, under a new time-ordered identifier, in a
  commit shared with what waits beside it, on the disk before the answer.

The floor does not route, parse or check anything, builds no `Task`, signs nothing and logs nothing. Its answers are of
about the length of ours: the row as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from benchmarks.rows import task
from benchmarks.running import KEY
from dalang.clock import system_clock
from dalang.config import Config
from dalang.home import Home, Place, write_place
from dalang.ids import new_id
from dalang.listener import Listener
from dalang.store import QUEUE_POSITION_LIMIT, keys, queue
from dalang.store.connection import connect
from dalang.store.rows import to_row
from dalang.store.sqlite import GET, INSERT, SQLiteStore
from dalang.store.writer import Writer
from dalang.task import TaskStatus

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Floor:
    """The application; `database` is migrated and holds the key."""

    def __init__(self, database: Path) -> None:
        def open_database() -> Any:
            connection = connect(database)
            connection.execute("PRAGMA synchronous = FULL")
            return connection

        self._read = open_database()
        self.writer = Writer(open_database, database.with_suffix(".reserve"))
        self._row = to_row(task(TaskStatus.PENDING))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._find_key(scope)
        body = self._poll(scope["path"][-36:]) if scope["method"] == "GET" else await self._create(receive)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _find_key(self, scope: Scope) -> None:
        bearer = next(value for name, value in scope["headers"] if name == b"authorization")
        found = self._read.execute(keys.FIND, (hashlib.sha256(bearer[7:]).digest(),)).fetchone()
        assert found, "the key is not in the database"

    def _poll(self, task_id: str) -> bytes:
        row = self._read.execute(GET, (task_id,)).fetchone()
        assert row, "the task is not in the database"
        if "PENDING" in row:
            self._read.execute(queue.POSITION, (0, task_id, QUEUE_POSITION_LIMIT)).fetchone()
        return msgspec.json.encode(row)

    async def _create(self, receive: Receive) -> bytes:
        while (await receive())["more_body"]:
            pass
        row = {**self._row, "id": new_id(system_clock)}
        await self.writer(lambda connection: connection.execute(INSERT, row).rowcount)
        return msgspec.json.encode(row["id"])


async def serve(data: Path, ready_file: Path) -> None:
    from dalang.keys import new_key

    home = Home(data)
    home.create()
    store = SQLiteStore(home.database, system_clock, None)
    await store.open()
    await store.create_key(new_key("default", system_clock), KEY)
    await store.close()
    app = Floor(home.database)
    app.writer.start()
    listener = Listener(app, Config(data=str(data), port=0))  # type: ignore[arg-type]
    serving = asyncio.create_task(listener.run())
    write_place(ready_file, Place(listener.url, os.getpid(), "floor"))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    serving.cancel()
    await asyncio.wait([serving])
    await app.writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ready-file", type=Path, required=True)
    arguments = parser.parse_args()
    uvloop.run(serve(arguments.data, arguments.ready_file))


if __name__ == "__main__":
    main()
