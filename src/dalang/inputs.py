"""The media that a task names, on their way from addresses to what an engine takes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from dalang.events import Event, Inspect, InspectAudio, InspectClip, Inspected, InspectedAudio, InspectedClip
from dalang.inspectors import Inspection, Inspectors
from dalang.models import MODELS
from dalang.storage import Storage
from dalang.task import Prepared, Task

E = TypeVar("E", bound=Event)


class Fetcher(Protocol):
    async def fetch(self, url: str, target: Path, max_bytes: int) -> None:
        """Raises InvalidURL."""


class Tools(NamedTuple):
    """What it takes to look at any task's inputs."""

    storage: Storage
    fetcher: Fetcher
    inspectors: Inspectors
    server: str
    """Name of this server. Another one on this folder may prepare the same task, and its sources may change meanwhile:
    each keeps files of its own."""


class Inputs:
    """`folder` is scratch, for this task alone."""

    def __init__(self, task: Task, tools: Tools, folder: Path, *, wants_stills: bool) -> None:
        self._task = task
        self._asked = task.request
        self._limits = MODELS[task.model].limits
        self._tools = tools
        self._folder = folder
        self._wants_stills = wants_stills
        self._made: dict[str, Path] = {}

    async def check(self) -> Prepared:
        """Fetch and inspect all; what is found is not yet kept. Raises ProtocolError or OSError."""
        if self._asked.audio:
            await self._audio(self._asked.audio)
        sides, frames = self._asked.size, 0
        if self._asked.clip:
            seen = await self._clip(self._asked.clip)
            sides, frames = (seen.width, seen.height), seen.frames
        if self._asked.image:
            sides = await self._picture("image", self._asked.image, sides)
        if self._asked.last_image:
            await self._picture("last_image", self._asked.last_image, sides)
        assert sides is not None, "neither a size nor a picture to take it from"
        return Prepared(width=sides[0], height=sides[1], clip_frames=frames)

    @property
    def stills(self) -> list[Path]:
        """JPEGs of what was checked, where they are wanted."""
        return sorted(self._folder.glob("*.jpg"))

    async def keep(self, prepared: Prepared) -> Prepared:
        """Put what was checked into storage."""
        keys = {}
        for name, file in self._made.items():
            keys[name] = f"{self._task.id}/{name}-{self._tools.server}{file.suffix}"
            await self._tools.storage.put(keys[name], file)
        return msgspec.structs.replace(prepared, **keys)

    async def _source(self, name: str, address: str, max_bytes: int) -> str:
        if address.startswith("input:"):
            return str(await self._tools.storage.local(address.removeprefix("input:")))
        target = self._folder / f"{name}.source"
        await self._tools.fetcher.fetch(address, target, max_bytes)
        return str(target)

    def _still(self, name: str) -> str | None:
        return str(self._folder / f"{name}.jpg") if self._wants_stills else None

    async def _ask(self, command: Inspection, answer: type[E]) -> E:
        about = {"task_id": self._task.id, "request_id": self._task.request_id}
        return await self._tools.inspectors.ask(command, answer, about)

    async def _picture(self, name: str, address: str, sides: tuple[int, int] | None) -> tuple[int, int]:
        limit = self._limits.image_bytes
        source, target = await self._source(name, address, limit), self._folder / f"{name}.png"
        command = Inspect(source, str(target), self._asked.tier, limit, sides, self._still(name))
        seen = await self._ask(command, Inspected)
        self._made[name] = target
        return seen.width, seen.height

    async def _audio(self, address: str) -> None:
        limits = self._limits
        source, target = await self._source("audio", address, limits.audio_bytes), self._folder / "audio.wav"
        least, most = limits.audio_seconds
        command = InspectAudio(source, str(target), self._asked.duration, least, most, limits.audio_bytes)
        await self._ask(command, InspectedAudio)
        self._made["audio"] = target

    async def _clip(self, address: str) -> InspectedClip:
        limit = self._limits.clip_bytes
        source, target = await self._source("clip", address, limit), self._folder / "clip.mp4"
        last = self._folder / "image.png"
        asked = self._asked
        command = InspectClip(
            source, str(target), str(last), asked.tier, asked.fps, asked.duration, limit, self._still("clip")
        )
        seen = await self._ask(command, InspectedClip)
        self._made |= {"clip": target, "image": last}
        return seen
