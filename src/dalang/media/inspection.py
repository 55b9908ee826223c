"""The commands of an inspector, and what carries each out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dalang import events
from dalang.media.audio import prepare_audio
from dalang.media.clip import prepare_clip
from dalang.media.decode import prepare_image
from dalang.media.screening import screen


def inspect(asked: events.Inspect) -> events.Inspected:
    source, target = Path(asked.source), Path(asked.target)
    return events.Inspected(*prepare_image(source, target, asked.tier, asked.max_bytes, asked.sides, asked.still))


def inspect_audio(asked: events.InspectAudio) -> events.InspectedAudio:
    source, target = Path(asked.source), Path(asked.target)
    seconds = prepare_audio(source, target, asked.duration, asked.least, asked.most, asked.max_bytes)
    return events.InspectedAudio(seconds)


def inspect_clip(asked: events.InspectClip) -> events.InspectedClip:
    source, target, last = Path(asked.source), Path(asked.target), Path(asked.last)
    seen = prepare_clip(
        *(source, target, last, asked.tier), asked.fps, asked.duration, asked.max_bytes, still=asked.still
    )
    return events.InspectedClip(*seen)


def inspect_film(asked: events.InspectFilm) -> events.Inspected:
    return events.Inspected(*screen(Path(asked.source), asked.stills))


INSPECTIONS: dict[type[events.Command], Callable[..., events.Event]] = {
    events.Inspect: inspect,
    events.InspectAudio: inspect_audio,
    events.InspectClip: inspect_clip,
    events.InspectFilm: inspect_film,
}
