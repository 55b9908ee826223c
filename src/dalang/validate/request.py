"""A create call, held against its model's row, becomes a `VideoRequest` or an error."""

from __future__ import annotations

from collections.abc import Callable

from dalang.errors import InvalidParameter
from dalang.models import ModelSpec
from dalang.task import VideoRequest
from dalang.validate.body import CreateBody, Input, Parameters
from dalang.validate.inspection import parse_inspection
from dalang.validate.media import media_of
from dalang.validate.parameters import checked_seed, duration_of, extends, frame_of, has_sound, is_seed, shots_of
from dalang.validate.refusal import Refuse, at_once
from dalang.validate.warnings import warnings_about


def validate(
    spec: ModelSpec,
    body: CreateBody,
    *,
    draw_seed: Callable[[], int],
    inspection: str | None = None,
    refuse: Refuse = at_once,
) -> VideoRequest:
    """Settle every default and check every rule of `spec`.

    `draw_seed` gives 0..2147483647 and is called if no seed was sent; `inspection` is the header
    X-DashScope-DataInspection. Refused are InvalidParameter, InvalidURL, InvalidImage or InvalidFile, status 400; if
    `refuse` returns, what is wrong has its default in the request.
    """
    given, asked = body.input or Input(), body.parameters or Parameters()
    _refuse_template(given, refuse)
    shots, frame, sound = shots_of(spec, asked, refuse), frame_of(spec, asked, refuse), has_sound(spec, asked)
    media, inspected = media_of(spec, given, refuse), parse_inspection(inspection)
    return VideoRequest(
        model=spec.name,
        kind=spec.kind,
        prompt=_prompt_of(spec, given, refuse),
        negative_prompt=(given.negative_prompt or "")[: spec.limits.negative_prompt],
        seed=draw_seed() if asked.seed is None else checked_seed(asked.seed, refuse),
        duration=duration_of(spec, asked, refuse),
        fps=spec.fps,
        sound=sound,
        tier=frame.tier,
        size=frame.size,
        image=media.image,
        last_image=media.last_image,
        clip=media.clip,
        audio=media.audio if sound else None,
        prompt_extend=extends(asked),
        shots=shots,
        watermark=asked.watermark is True,
        inspect_input=inspected.wants_input,
        inspect_output=inspected.wants_output,
        warnings=tuple(warnings_about(spec, given, asked)),
    )


def _refuse_template(given: Input, refuse: Refuse) -> None:
    if given.template:
        rule = (
            "template is not supported: no engine here draws video effects. Leave it out and describe the effect in "
            "input.prompt."
        )
        refuse(InvalidParameter(rule).at("input.template"))


def _prompt_of(spec: ModelSpec, given: Input, refuse: Refuse) -> str:
    prompt = _cut_prompt(spec, given)
    if spec.kind == "t2v" and not prompt.strip():
        rule = "prompt must contain words. Say in input.prompt what the video shows."
        refuse(InvalidParameter(rule).at("input.prompt"))
    return prompt


def _cut_prompt(spec: ModelSpec, given: Input) -> str:
    """The prompt, cut without a word to the model's limit, as the service does."""
    return (given.prompt or "")[: spec.limits.prompt]


def placeholder(spec: ModelSpec, body: CreateBody, *, draw_seed: Callable[[], int]) -> VideoRequest:
    """For a task that is FAILED from the start, since `validate` refused it: what can be told of it, else defaults.

    It has neither a size nor media, so that nothing can take it for a request to draw.
    """
    given, asked = body.input or Input(), body.parameters or Parameters()
    return VideoRequest(
        model=spec.name,
        kind=spec.kind,
        prompt=_cut_prompt(spec, given),
        seed=draw_seed() if asked.seed is None or not is_seed(asked.seed) else int(asked.seed),
        duration=spec.default_duration,
        fps=spec.fps,
        sound=has_sound(spec, asked),
        tier=spec.default_tier,
    )


def is_drawable(asked: VideoRequest) -> bool:
    """False for a `placeholder`."""
    return bool(asked.size or asked.image or asked.clip)
