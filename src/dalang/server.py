"""The composition root: the one file that knows all parts. Config → store, storage, preparation, dispatcher, app."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import shlex
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from dalang import logs
from dalang.api.app import with_cors
from dalang.api.edge import Edge
from dalang.callbacks import Callbacks
from dalang.clock import Clock, system_clock
from dalang.config import Config, milliseconds, visible_devices
from dalang.dispatcher import Dispatcher
from dalang.errors import ConfigError
from dalang.executors import Executor
from dalang.executors.gpus import gpu_slots
from dalang.executors.local import LocalExecutor
from dalang.fetch import Fetcher, Poster, read_fetch_map
from dalang.home import Home, Place, ready_only_within, write_place
from dalang.ids import new_id
from dalang.inputs import Tools
from dalang.inspectors import Inspectors
from dalang.keys import new_key, new_secret
from dalang.listener import Listener
from dalang.liveness import Liveness
from dalang.moderation import moderator
from dalang.preparation import Preparation
from dalang.prompt import Chat, Extension
from dalang.regions import check_hosts
from dalang.rig import make_rig
from dalang.route_check import check_routes, with_weights
from dalang.routes import GPU, LOCAL
from dalang.store import Orders
from dalang.sweep import sweep_for_ever
from dalang.weights.machine import find_gpus

OPEN_FILES = 65_536
"""Connections, files and pipes of this process, where the machine allows it: each who waits has a connection."""

INSPECTORS = 1
"""Processes that decode pictures: one checks about twenty a second."""

log = logging.getLogger("dalang.server")


def serve(config: Config, ready_file: Path | None = None) -> int:
    """Until SIGTERM or SIGINT; the exit code. Raises ConfigError or StoreError when it cannot start."""
    logs.set_up(config)
    _allow_open_files()
    # What is loaded by now stays; looking through it again and again costs a poll a twelfth of its time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    with ready_only_within(ready_file), asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(Server(config).run(ready_file))


def _allow_open_files() -> None:
    """Up to the hard limit: shells set the soft one to 1,024."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.Loop


def _chat(config: Config) -> Chat | None:
    if config.extend_url is None or config.extend_model is None:
        return None
    return Chat(config.extend_url, config.extend_model, config.extend_key, milliseconds(config.extend_limit) / 1000)


def _devices(config: Config) -> list[str]:
    """What each slot for weights sees of the GPUs; no slots where no route has weights. Raises ConfigError."""
    if not with_weights(config):
        return []
    own = visible_devices()
    found = [gpu.id for gpu in find_gpus().found] if own is None else own
    return gpu_slots(found, config.gpus, config.parallel)


def _executors(config: Config, devices: Sequence[str]) -> dict[str, Executor]:
    """Where attempts run, by whose slots they wait for."""
    executors: dict[str, Executor] = {LOCAL: LocalExecutor(("render", config.engine), config.slots)}
    if devices:
        first = next(iter(with_weights(config).values()))
        executors[GPU] = LocalExecutor(("render", first.engine), len(devices), devices)
    return executors


def _remote_executors(
    config: Config, orders: Orders, inspectors: Inspectors, liveness: Liveness
) -> dict[str, Executor]:
    """By remote; the HTTP client loads only where there are any."""
    if not config.remotes:
        return {}
    from dalang.executors.remote import RemoteExecutor

    return {
        name: RemoteExecutor(name, remote, orders, inspectors.screen, liveness.others, config.fetch_allow)
        for name, remote in config.remotes.items()
    }


def _routes_told(config: Config, gpu_slots: int) -> str:
    """A line for each: `wan2.2-t2v-*: wan wan2.2-t2v-a14b fast (2 slots)`."""
    slots = {LOCAL: config.slots, GPU: gpu_slots} | {name: remote.slots for name, remote in config.remotes.items()}
    lines = []
    for pattern, route in config.routes.items():
        way = " ".join(filter(None, (route.engine, route.checkpoint, route.profile)))
        lines.append(f"  {pattern}: {way} ({_counted(slots[route.pool(config.remotes)])})\n")
    return "".join(lines)


def _counted(slots: int) -> str:
    return f"{slots} slot" + ("s" if slots > 1 else "")


class Server:
    """All parts of one process, wired."""

    def __init__(self, config: Config, clock: Clock = system_clock) -> None:
        self._doubts = check_routes(config)
        check_hosts(config.hosts)
        home = Home(Path(config.data))
        home.create()
        rig = make_rig(config, home, clock)
        self._store, self._storage, clock = rig.store, rig.storage, rig.clock
        self._home, self._config, self._clock = home, config, clock
        self._liveness = Liveness(home.servers, new_id(clock))
        secret = home.secret()
        self._fetcher = Fetcher(
            config.fetch_allow,
            mapping=rig.files(read_fetch_map(Path(config.fetch_map)) if config.fetch_map else {}),
            total_time=milliseconds(config.fetch_limit) / 1000,
            resolve=rig.resolver(config.fetch_allow, "DALANG_FETCH_ALLOW"),
        )
        self._poster = Poster(
            config.callback_allow, resolve=rig.resolver(config.callback_allow, "DALANG_CALLBACK_ALLOW")
        )
        self._moderator = moderator(config)
        self._extension = Extension(_chat(config))
        self._inspectors = Inspectors(LocalExecutor(("inspect",), INSPECTORS))
        self._devices = _devices(config)
        if self._devices == [""] and config.gpus is None:
            self._doubts.append("No GPU was found, so weights render on the processor: `dalang doctor` says more.")
        remotes = _remote_executors(config, self._store.orders, self._inspectors, self._liveness)
        executors = _executors(config, self._devices) | remotes
        executors = {pool: rig.executor(executor) for pool, executor in executors.items()}
        self._dispatcher = Dispatcher(
            config, self._store, self._storage, executors, self._moderator, self._liveness, clock
        )
        tools = Tools(self._storage, self._fetcher, self._inspectors, self._liveness.me)
        self._preparation = Preparation(self._store, tools, self._moderator, self._extension, self._liveness.scratch)
        self._callbacks = Callbacks(self._store, self._poster, secret, clock)
        edge = Edge(config, self._store, self._storage, clock, secret, self._moderator, draw_seed=rig.draw_seed)
        self._waiters = edge.waiters
        self._listener = Listener(with_cors(rig.app(edge), config.cors_origins), config)
        self._stop = asyncio.Event()

    async def run(self, ready_file: Path | None) -> int:
        async with contextlib.AsyncExitStack() as opened:
            await self._open(opened)
            key = await self._api_key()
            self._home.write_env(self._url, key)
            self._listen_for_signals()
            work = [
                asyncio.create_task(self._dispatcher.run(), name="dispatcher"),
                asyncio.create_task(self._preparation.run(), name="preparation"),
                asyncio.create_task(self._callbacks.run(), name="callbacks"),
                asyncio.create_task(sweep_for_ever(self._store, self._storage, self._clock), name="sweep"),
            ]
            listening = asyncio.create_task(self._listener.run(), name="listener")
            self._announce(ready_file)
            stop = asyncio.create_task(self._stop.wait())
            await asyncio.wait([stop, listening, *work], return_when=asyncio.FIRST_COMPLETED)
            failed = self._report_failures([listening, *work])
            await self._drain(work)
            await _cancel(listening)
            return 1 if failed else 0

    async def _open(self, opened: contextlib.AsyncExitStack) -> None:
        self._liveness.open()
        opened.callback(self._liveness.close)
        await self._store.open()
        opened.push_async_callback(self._store.close)
        await self._storage.open()
        for part in (self._fetcher, self._inspectors, self._moderator, self._extension, self._poster):
            opened.push_async_callback(part.close)

    @property
    def _url(self) -> str:
        return (self._config.public_url or self._listener.url).rstrip("/")

    async def _api_key(self) -> str:
        """The preset key, else the one of the last start, else a new one."""
        secret = self._config.api_key or self._home.known_key()
        if secret and self._store.find_key(secret):
            return secret
        secret = self._config.api_key or new_secret()
        await self._store.create_key(new_key("default", self._clock), secret)
        if not self._store.find_key(secret):
            raise ConfigError("The preset api_key was revoked: set another, or none.")
        return secret

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends the process, and that costs nothing
                loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        """The second one means now."""
        if self._stop.is_set():
            self._dispatcher.hurry()
        self._stop.set()

    def _announce(self, ready_file: Path | None) -> None:
        place = Place(self._listener.url, os.getpid(), self._liveness.me, self._url)
        for file in (self._home.running, self._home.place_of(place.server), ready_file):
            if file:
                write_place(file, place)
        for doubt in self._doubts:
            log.warning(doubt)
        slots = _counted(self._config.slots)
        print(
            f"Dalang {version('dalang')} at {self._url} (engine {self._config.engine}, {slots}).\n"
            f"{_routes_told(self._config, len(self._devices))}"
            f"  source {shlex.quote(str(self._home.env))}\n"
            "points the official SDKs here. A base URL set in code wins over it: use\n"
            f'  dashscope.base_http_api_url = "{self._url}/api/v1"   (Java: Constants.baseHttpApiUrl)',
            flush=True,
        )
        log.info("server ready", extra={"url": self._url, "server": self._liveness.me})

    def _report_failures(self, tasks: list[asyncio.Task[None]]) -> bool:
        """Parts run for ever; one that ended has a bug, and a server without it would only look alive."""
        ended = [task for task in tasks if task.done()]
        for task in ended:
            log.critical("part ended", exc_info=task.exception(), extra={"part": task.get_name()})
        return bool(ended)

    async def _drain(self, work: list[asyncio.Task[None]]) -> None:
        log.info("draining", extra={"grace": self._config.grace})
        for task in work:
            await _cancel(task)
        await self._dispatcher.drain(milliseconds(self._config.grace) / 1000)
        self._waiters.dismiss()  # the listener ends with the last request
        self._home.forget_running(self._liveness.me, self._liveness.others())


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
