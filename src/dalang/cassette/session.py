"""A recording from its start to Ctrl-C: a listener, the recorder behind it, and the lines that point SDKs here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

from dalang import logs
from dalang.cassette.folder import Tape
from dalang.cassette.recorder import Recorder
from dalang.cassette.upstream import Upstream
from dalang.clock import system_clock
from dalang.config import Config
from dalang.home import Place, ready_only_within, write_place
from dalang.listener import Listener


def record(address: str, folder: Path, config: Config, ready_file: Path | None = None) -> int:
    """Until SIGTERM or SIGINT; the exit code. Of `config` only what a listener and logs go by counts. Raises
    ConfigError when it cannot start."""
    logs.set_up(config)
    with ready_only_within(ready_file):
        return asyncio.run(_record(address, folder, config, ready_file))


async def _record(address: str, folder: Path, config: Config, ready_file: Path | None) -> int:
    async with contextlib.AsyncExitStack() as opened:
        upstream = Upstream(address)
        opened.push_async_callback(upstream.close)
        tape = Tape(folder, upstream.name, system_clock)
        opened.callback(tape.close)
        listener = Listener(Recorder(upstream, tape), config)
        stop = asyncio.create_task(_signal().wait())
        listening = asyncio.create_task(listener.run())
        _announce(listener.url, upstream, tape, ready_file)
        await asyncio.wait([stop, listening], return_when=asyncio.FIRST_COMPLETED)
        has_failed = listening.done()
        listening.cancel()
        await asyncio.wait([listening])
        return 1 if has_failed else 0


def _signal() -> asyncio.Event:
    """Set by the first one."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends the process, and nothing is lost
            loop.add_signal_handler(number, stop.set)
    return stop


def _announce(url: str, upstream: Upstream, tape: Tape, ready_file: Path | None) -> None:
    if ready_file:
        write_place(ready_file, Place(url, os.getpid()))
    print(
        f"Recording {upstream.name} into {tape.folder} at {url}.\n"
        f"  export DASHSCOPE_HTTP_BASE_URL={url}/api/v1\n"
        "points the official SDKs here; the API key stays yours, is passed on and is not kept. In code:\n"
        f'  dashscope.base_http_api_url = "{url}/api/v1"   (Java: Constants.baseHttpApiUrl)\n'
        f"Ctrl-C ends it. Then: dalang serve --replay {tape.folder}",
        flush=True,
    )
