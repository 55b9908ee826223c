"""What was asked, would have changed the video, and is not done: a sentence each, for `output.dalang.warnings`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dalang.models import ModelSpec
from dalang.validate.body import Input, Parameters
from dalang.validate.parameters import extends, has_sound


def warnings_about(spec: ModelSpec, given: Input, asked: Parameters) -> Iterator[str]:
    """Of a body that passed the rules of `spec`."""
    for name in sorted(_sent(given) - set(spec.inputs) - ALIASES[spec.kind]):
        yield _unused(spec, name)
    for name in sorted(_sent(asked) - set(spec.parameters)):
        if name != "audio" or asked.audio != has_sound(spec, asked):
            yield _unused(spec, name)
    if spec.multi_shot and asked.shot_type is not None and not extends(asked):
        yield "shot_type acts only with prompt_extend true and was ignored: the prompt's own shots count."
    if spec.sound == "optional" and asked.audio is False and given.audio_url:
        yield "audio_url was ignored: audio is false, which makes the video silent."


ALIASES = {"t2v": frozenset[str](), "i2v": frozenset[str](), "kf2v": frozenset({"head_frame", "tail_frame"})}


def _sent(fields: Input | Parameters) -> set[str]:
    """Names of the fields that hold something; an empty text or list asks for nothing."""
    values = {field.name: getattr(fields, field.name) for field in msgspec.structs.fields(fields)}
    return {name for name, value in values.items() if value is not None and value not in ("", ())}


def _unused(spec: ModelSpec, name: str) -> str:
    return f"{name} is not a parameter of {spec.name} and was ignored."
