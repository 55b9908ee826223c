"""Spoilt pictures, sounds and clips, through the server's own inspectors and their child processes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from dalang.errors import ProtocolError, WorkerFault
from dalang.events import Command, Event, Inspect, InspectAudio, InspectClip, Inspected, InspectedAudio, InspectedClip
from dalang.executors.local import LocalExecutor
from dalang.inspectors import Inspection, Inspectors
from dalang.media.decode import MEMORY
from tests.e2e.running import children, command_line, memory
from tests.fuzz.findings import Findings
from tests.fuzz.mutations import spoilt
from tests.fuzz.originals import clips, images, sounds

MB = 2**20

DOCUMENTED = {
    *("InvalidImage.FileFormat", "InvalidImage.ImageSize", "InvalidParameter"),
    *("InvalidFile.Format", "InvalidFile.Duration", "InvalidFile.Size", "InvalidFile.Resolution"),
}

AT_ONCE = 2

BASE = 256 * MB
"""What a child has before its limit counts, at most."""


class Case(NamedTuple):
    name: str
    data: bytes


class Kind(NamedTuple):
    """A kind of file, and how it is inspected: by a command on a source and a folder, with what answer."""

    originals: Callable[[], dict[str, bytes]]
    command: Callable[[Path, Path], Inspection]
    answer: type[Event]


KINDS = {
    "image": Kind(
        images, lambda file, to: Inspect(str(file), str(to / "i.png"), "480P", MB, None, str(to / "i.jpg")), Inspected
    ),
    "sound": Kind(
        sounds, lambda file, to: InspectAudio(str(file), str(to / "a.wav"), 5, 3, 30, 15 * MB), InspectedAudio
    ),
    "clip": Kind(
        clips,
        lambda file, to: InspectClip(str(file), str(to / "c.mp4"), str(to / "c.png"), "480P", 30, 5, 100 * MB),
        InspectedClip,
    ),
}


def cases(kind: str, count: int, seed: int) -> Iterator[Case]:
    """Always the same for the same seed."""
    originals = KINDS[kind].originals()
    for number in range(count):
        random = Random(f"{seed} {kind} {number}")
        name, other = random.choice(list(originals)), random.choice(list(originals))
        yield Case(f"{kind}-{number}-{name}", spoilt(random, originals[name], originals[other]))


class Watched:
    """An executor that remembers what its workers did wrong."""

    def __init__(self) -> None:
        self._inner = LocalExecutor(("inspect",), AT_ONCE)
        self.start, self.close = self._inner.start, self._inner.close
        self.faults: dict[str, WorkerFault] = {}
        """By source."""

    @property
    def idle(self) -> int:
        return self._inner.idle

    async def run(self, command: Command) -> AsyncGenerator[Event, None]:
        assert isinstance(command, Inspection)
        try:
            async for event in self._inner.run(command):
                yield event
        except WorkerFault as fault:
            self.faults[command.source] = fault
            raise


async def inspect_all(kind: str, todo: Iterator[Case], folder: Path, findings: Findings) -> None:
    """Rules: whatever is in the file, it is answered in time with a picture or a documented code, and what an inspector
    raises is one of its own errors."""
    executor = Watched()
    inspectors = Inspectors(executor)
    places = [_made(folder / f"{kind}-{number}") for number in range(AT_ONCE)]

    async def work(place: Path) -> None:
        for case in todo:
            await _one(case, kind, place, executor, inspectors, findings)

    try:
        async with asyncio.TaskGroup() as group:
            for place in places:
                group.create_task(work(place))
        peak = max((memory(pid)[1] for pid in _inspectors()), default=0)
        if peak > MEMORY + BASE:
            findings.fault(f"{kind}-memory", b"", f"an inspector took {peak / MB:.0f} MB")
    finally:
        await inspectors.close()


async def _one(
    case: Case, kind: str, place: Path, executor: Watched, inspectors: Inspectors, findings: Findings
) -> None:
    source = place / "source"
    source.write_bytes(case.data)
    executor.faults.pop(str(source), None)
    began = asyncio.get_running_loop().time()
    try:
        await inspectors.ask(KINDS[kind].command(source, place), KINDS[kind].answer, {})
        findings.answered(kind, "accepted")
    except ProtocolError as error:
        findings.answered(kind, error.code)
        if error.code not in DOCUMENTED:
            findings.fault(case.name, case.data, f"undocumented code {error.code}: {error.message}")
    took = asyncio.get_running_loop().time() - began
    if fault := executor.faults.get(str(source)):
        note = findings.death if fault.trace is None else findings.fault
        note(case.name, case.data, f"{fault}\n{fault.trace or ''}")
    elif took > SLOW[kind]:
        findings.fault(case.name, case.data, f"it took {took:.0f} s")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


SLOW = {"image": 10, "sound": 10, "clip": 60}
"""Seconds; half of what ends an inspection."""


def _inspectors() -> list[int]:
    return [pid for pid in children(os.getpid()) if command_line(pid)[2:4] == ["dalang.worker", "inspect"]]
