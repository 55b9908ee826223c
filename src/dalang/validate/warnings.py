"""What was asked, would have changed the video, and is not done: a sentence each, for `output.dalang.warnings`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from dalang.models import ModelSpec
from dalang.validate.body import NO_MEDIA, Input, Parameters
from dalang.validate.parameters import extends, has_sound


def warnings_about(spec: ModelSpec, given: Input, asked: Parameters) -> Iterator[str]:
    """Of a body that passed the rules of `spec`."""
    for name in _unused(given, spec.inputs):
        if not (spec.kind == "kf2v" and name in ("head_frame", "tail_frame")):
            yield _sentence(spec, name)
    for name in _unused(asked, spec.parameters):
        if name != "audio" or asked.audio != has_sound(spec, asked):
            yield _sentence(spec, name)
    if spec.multi_shot and asked.shot_type is not None and not extends(asked):
        yield "shot_type acts only with prompt_extend true and was ignored: the prompt's own shots count."
    if spec.sound == "optional" and asked.audio is False and given.audio_url:
        yield "audio_url was ignored: audio is false, which makes the video silent."


def _unused(fields: Input | Parameters, used: tuple[str, ...]) -> Iterator[str]:
    """Names of the fields that hold something and are not in `used`; an empty text or list asks for nothing."""
    for name in _others(type(fields), used):
        if getattr(fields, name) not in (None, "", NO_MEDIA):
            yield name


@cache
def _others(kind: type[Input | Parameters], used: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name not in used)


def _sentence(spec: ModelSpec, name: str) -> str:
    return f"{name} is not a parameter of {spec.name} and was ignored."
