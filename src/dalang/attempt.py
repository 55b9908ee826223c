"""One try at rendering a task, from its claim to what became of it. Every write is fenced by the attempt's number."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple

from dalang.clock import Clock
from dalang.engines import is_engine
from dalang.errors import NO_ROOM, ConfigError, InternalError, ProtocolError, WorkerFault
from dalang.events import Command, Finish, Obtain, Progress, Render, Rendered
from dalang.executors import Executor
from dalang.models import MODELS, price, usage
from dalang.moderation import Moderator
from dalang.prompt import extend
from dalang.provenance import provenance
from dalang.routes import GPU, LOCAL
from dalang.storage import Storage
from dalang.store import Charge, Outcome, Store
from dalang.task import MEDIA, RenderRequest, Task, TaskStatus
from dalang.weights.library import Library
from dalang.weights.setup import Setup

MAX_FAILURES = 3
MAX_ATTEMPTS = 10
"""Whatever ended them: a task that brings its server down must not do so for ever."""

RETRY_PAUSE = 1000
"""Milliseconds before the second retry; the first is at once."""

BEAT = 500
"""Milliseconds between heartbeats at the most often; a short lease is renewed four times as often as it must be."""

TIMEOUT = "An internal timeout error has occured during execution, please try again later or contact service support."
"""The service's own sentence, misspelling included."""

LOAD_MS = 900_000
"""Without progress for so long a render with weights counts as hung: they may come from a disk, be moved to the GPU and
compiled, and once more in the middle, where they did not fit as they were."""

STILLS = 8
"""Frames of a video that moderation looks at."""

log = logging.getLogger("dalang.attempt")


class Parts(NamedTuple):
    """What attempts are made with. Times in milliseconds."""

    store: Store
    storage: Storage
    executors: Mapping[str, Executor]
    """By pool."""
    scratch: Path
    clock: Clock
    lease: int
    """Without progress for so long, a render counts as hung."""
    render_limit: int
    moderator: Moderator
    with_provenance: bool
    library: Library


class Attempt:
    """`task` is as it was claimed: its number and its failures are this attempt's."""

    def __init__(self, task: Task, parts: Parts, on_end: Callable[[Attempt], None]) -> None:
        self.task = task
        self.has_slot = False
        """From then on the executor counts its slot as taken."""
        self.may_stop = True
        """Until its render has ended: what publishes must end, to leave no file without an owner, and what is being
        recorded looks unwanted once it is."""
        self._parts = parts
        self._on_end = on_end
        self._file = parts.scratch / f"{task.id}-{task.attempt}.mp4"
        self._prompt: str | None = None
        """Extended; by rules only now, since they are quick but not quick enough for the create call."""
        self.work = asyncio.create_task(self._run())
        self.work.add_done_callback(self._end)  # no `finally` of _run: it does not run if this is stopped at once

    def stop(self) -> None:
        """Once: a second time would cut off the worker's polite end."""
        self.may_stop = False
        self.work.cancel()

    async def _run(self) -> None:
        try:
            await self._render_and_record()
        except Exception:  # the wall: the lease will end, and another attempt be made
            log.exception("attempt not recorded", extra=about(self.task))

    def _end(self, _: asyncio.Task[None]) -> None:
        for file in (self._file, *self._stills()):
            file.unlink(missing_ok=True)
        self._on_end(self)

    async def _render_and_record(self) -> None:
        """Raises StoreError when what came of it could not be recorded."""
        try:
            check_drawable(self.task)
            rendered = await self._render()
            if rendered:
                await self._publish(rendered, await self._inspect())
        except ProtocolError as error:
            await self._fail(error.code, error.message)
        except WorkerFault as fault:
            await self._forgive(fault)
        except OSError as error:
            if error.errno in NO_ROOM:
                await self._fail("InternalError.Upload", f"Failed to upload result. {error.strerror}.")
            else:
                await self._forgive(WorkerFault(f"{error}."))

    async def _render(self) -> Rendered | None:
        """None when the task is no longer ours. Raises ProtocolError or WorkerFault."""
        limit = asyncio.timeout(self._parts.render_limit / 1000)
        stall = asyncio.timeout(self._patience / 1000)
        try:
            self._file.parent.mkdir(exist_ok=True)  # whatever tidied it away
            command = await self._command()
            self.has_slot = True
            async with limit, stall, aclosing(self._parts.executors[self.task.pool].run(command)) as events:
                beaten = self._parts.clock()
                async for event in events:
                    if isinstance(event, Rendered):
                        return event
                    stall.reschedule(asyncio.get_running_loop().time() + self._patience / 1000)
                    if isinstance(event, Progress) and self._parts.clock() - beaten >= self._beat:
                        beaten = self._parts.clock()
                        if not await self._heartbeat(event.fraction):
                            return None
        except TimeoutError:
            if limit.expired():
                raise ProtocolError(TIMEOUT, code="InternalError.Timeout") from None
            raise WorkerFault(f"The worker made no progress for {self._patience / 1000:g} s.") from None
        finally:
            self.may_stop = False
        raise WorkerFault("The worker gave no answer.")

    @property
    def _beat(self) -> int:
        return min(BEAT, self._parts.lease // 4)

    @property
    def _patience(self) -> int:
        return patience(self.task.pool, self._parts.lease)

    async def _heartbeat(self, progress: float) -> bool:
        return await self._parts.store.heartbeat(self.task, progress, self._patience)

    async def _command(self) -> Command:
        task, output = self.task, str(self._file)
        if task.pool in (LOCAL, GPU):
            return Render(task.id, task.engine, await self._request(), output, await self._finish())
        assert task.prepared is not None, "claimed before it was prepared"
        media = {name: await self._local(getattr(task.prepared, name)) for name in MEDIA}
        return Obtain(task, output, **media, stills=self._stills_wanted)

    async def _request(self) -> RenderRequest:
        asked, prepared = self.task.request, self.task.prepared
        assert prepared is not None, "claimed before it was prepared"
        self._prompt = prepared.prompt
        if self._prompt is None and asked.prompt_extend:
            self._prompt = await asyncio.to_thread(extend, asked)
        return RenderRequest(
            model=asked.model,
            prompt=asked.prompt if self._prompt is None else self._prompt,
            width=prepared.width,
            height=prepared.height,
            duration=asked.duration - prepared.clip_frames / asked.fps if prepared.clip else asked.duration,
            fps=asked.fps,
            seed=asked.seed,
            sound=asked.sound and prepared.audio is None,
            image=await self._local(prepared.image),
            last_image=await self._local(prepared.last_image),
            negative_prompt=asked.negative_prompt,
            shots=asked.shots,
            setup=self._setup(),
        )

    def _setup(self) -> Setup | None:
        if self.task.pool != GPU:
            return None
        assert self.task.checkpoint
        assert self.task.profile
        try:
            return self._parts.library.setup(self.task.checkpoint, self.task.profile)
        except ConfigError as error:  # of a config that is another now than when the task was made
            raise InternalError(f"{error} {AGAIN}", code="InternalError.Algo") from error

    async def _finish(self) -> Finish:
        asked, prepared = self.task.request, self.task.prepared
        assert prepared is not None
        return Finish(
            opening=await self._local(prepared.clip),
            opening_frames=prepared.clip_frames,
            audio=await self._local(prepared.audio),
            watermark=asked.watermark,
            metadata=provenance(self.task) if self._parts.with_provenance else (),
            stills=self._stills_wanted,
        )

    async def _local(self, key: str | None) -> str | None:
        return str(await self._parts.storage.local(key)) if key else None

    @property
    def _stills_wanted(self) -> int:
        return STILLS if self._parts.moderator.looks_at_frames(self.task.request) else 0

    def _stills(self) -> list[Path]:
        """By name: a pattern for each file would be compiled, and kept, for each file."""
        named = [self._file.with_name(f"{self._file.name}.{number}.jpg") for number in range(STILLS)]
        return [file for file in named if file.exists()]

    async def _inspect(self) -> tuple[str, ...]:
        """Warnings of the moderation, if it is to look at the frames. Raises ProtocolError or WorkerFault."""
        if not self._parts.moderator.looks_at_frames(self.task.request):
            return ()
        stills = self._stills()
        if len(stills) < STILLS:
            raise WorkerFault("The worker left too few frames to inspect.")
        await self._heartbeat(1.0)  # it takes its time, and a lease may be short
        return await self._parts.moderator.inspect_output(self.task.request, stills)

    async def _publish(self, rendered: Rendered, warnings: tuple[str, ...]) -> None:
        """The file first, under a name of this attempt's own; then the one statement that makes it the task's."""
        task = self.task
        assert task.prepared is not None
        key = f"{task.id}/{task.attempt}.mp4"
        await self._parts.storage.put(key, self._file)
        spec, size = MODELS[task.model], rendered.size or (task.prepared.width, task.prepared.height)
        outcome = Outcome(
            TaskStatus.SUCCEEDED,
            result=key,
            usage=usage(spec, task.request, size, task.prepared.clip_frames),
            warnings=(*rendered.warnings, *warnings),
            charge=self._charge(size, rendered.cost),
            prompt=rendered.prompt if self._prompt is None else self._prompt,
        )
        if not await finish(self._parts.store, task, outcome):
            await self._parts.storage.delete(key)

    def _charge(self, size: tuple[int, int], cost: int) -> Charge:
        task, asked = self.task, self.task.request
        return Charge(
            seconds=asked.duration,
            tier=asked.tier,
            size=f"{size[0]}*{size[1]}",
            sound=asked.sound,
            price=price(MODELS[task.model], task.region, asked),
            cost=cost,
        )

    async def _fail(self, code: str, message: str) -> None:
        await finish(self._parts.store, self.task, Outcome(TaskStatus.FAILED, code=code, message=message))

    async def _forgive(self, fault: WorkerFault) -> None:
        """Another attempt, unless it was one failure too many."""
        failures = self.task.failures + 1
        pause = 0 if failures == 1 else RETRY_PAUSE
        log.warning(
            "attempt failed",
            extra=about(self.task) | {"reason": str(fault), "failures": failures, "trace": fault.trace},
        )
        await requeue(self._parts.store, self.task, failures, self._parts.clock() + pause, str(fault))


def patience(pool: str, lease: int) -> int:
    """Milliseconds for which a render may go without progress, and so how long its lease is."""
    return max(lease, LOAD_MS) if pool == GPU else lease


AGAIN = "Retry it, and it is drawn as its model is now."
"""To a task that was made under another config."""


def check_drawable(task: Task) -> None:
    """Raises ProtocolError for a task of which this server has not what it was accepted for; no other attempt would
    find it either."""
    if task.model not in MODELS:
        raise ProtocolError("Model not exist. This server no longer has it.", code="InvalidParameter")
    if task.pool not in (LOCAL, GPU):  # a remote, which its executor is for
        return
    if not is_engine(task.engine):
        what = f"It was to be drawn by {task.engine!r}, which is neither an engine nor a remote of this server."
        raise InternalError(f"{what} {AGAIN}", code="InternalError.Algo")
    if task.checkpoint and task.pool == LOCAL:
        what = f"It was to be drawn with the weights {task.checkpoint}, and no route leads to weights any more."
        raise InternalError(f"{what} {AGAIN}", code="InternalError.Algo")


async def requeue(store: Store, task: Task, failures: int, ready: int, reason: str) -> bool:
    """PENDING again from `ready` on, or FAILED for `reason` once its tries are used up; whether that took effect."""
    if failures < MAX_FAILURES and task.attempt < MAX_ATTEMPTS:
        return await store.release(task, failures, ready)
    message = f"inference internal error. {reason}"
    return await finish(store, task, Outcome(TaskStatus.FAILED, code="InternalError.Algo", message=message))


async def finish(store: Store, task: Task, outcome: Outcome) -> bool:
    """Whether this became the task's end."""
    done = await store.finish(task, outcome)
    if done:
        end = {"code": outcome.code, "reason": outcome.message}
        log.info(f"task {outcome.status.lower()}", extra=about(task) | end)
    return done


def about(task: Task) -> dict[str, object]:
    """What every log line about an attempt says."""
    return {"task_id": task.id, "request_id": task.request_id, "model": task.model, "attempt": task.attempt}
