"""The rules of single parameters: each function settles one, or refuses it with InvalidParameter."""

from __future__ import annotations

from typing import NamedTuple

from dalang.errors import InvalidParameter
from dalang.models import MAX_SEED, RATIOS, SIZES, TIER_OF, ModelSpec, Size
from dalang.task import Shots
from dalang.validate.body import Number, Parameters
from dalang.validate.refusal import Refuse


class Frame(NamedTuple):
    tier: str
    size: Size | None
    """None where the sides follow a picture or clip."""


def frame_of(spec: ModelSpec, asked: Parameters, refuse: Refuse) -> Frame:
    """The size or the tier; the one that `spec` does not take is refused if it comes alone, and ignored if not."""
    if spec.takes_ratio:
        tier = _tier(spec, asked, refuse)
        return Frame(tier, SIZES[tier][_ratio(asked, refuse)])
    if spec.kind == "t2v":
        size = _text_size(spec, asked, refuse)
        return Frame(TIER_OF[size], size)
    return Frame(_tier(spec, asked, refuse), None)


SIZE_NAMES: dict[str, Size] = {f"{width}*{height}": (width, height) for width, height in TIER_OF}


def _text_size(spec: ModelSpec, asked: Parameters, refuse: Refuse) -> Size:
    if asked.size is None and asked.resolution is None and asked.ratio is None:
        return spec.default_size
    size = SIZE_NAMES.get(asked.size or "")
    if size is None or spec.tier_of(size) is None:
        refuse(InvalidParameter(_size_rule(spec, asked)).at("parameters.size"))
        return spec.default_size
    return size


def _size_rule(spec: ModelSpec, asked: Parameters) -> str:
    rule = "size must be in " + ",".join(f"{width}*{height}" for width, height in spec.sizes)
    if asked.size is None:
        wrong = "resolution" if asked.ratio is None else "ratio" if asked.resolution is None else "resolution and ratio"
        return f"{rule}. {spec.name} takes parameters.size, not {wrong}."
    return rule


def _tier(spec: ModelSpec, asked: Parameters, refuse: Refuse) -> str:
    only_size = asked.size is not None and not (spec.takes_ratio and asked.ratio is not None)
    if asked.resolution is None and not only_size:
        return spec.default_tier
    tier = (asked.resolution or "").upper()
    if tier not in spec.tiers:
        refuse(InvalidParameter(_tier_rule(spec, asked)).at("parameters.resolution"))
        return spec.default_tier
    return tier


def _tier_rule(spec: ModelSpec, asked: Parameters) -> str:
    """The wan2.7 family has words of its own."""
    is_new = spec.family == "2.7"
    rule = _one_of(tuple(reversed(spec.tiers))) if is_new else "resolution must be in " + ",".join(spec.tiers)
    if asked.resolution is not None:
        return f"{rule}: parameters.resolution" if is_new else rule
    right = "parameters.resolution and parameters.ratio" if spec.takes_ratio else "parameters.resolution"
    return f"{rule}. {spec.name} takes {right}, not size."


def _ratio(asked: Parameters, refuse: Refuse) -> str:
    if asked.ratio is None:
        return RATIOS[0]
    if asked.ratio not in RATIOS:
        refuse(InvalidParameter(f"{_one_of(RATIOS)}: parameters.ratio").at("parameters.ratio"))
        return RATIOS[0]
    return asked.ratio


def _one_of(values: tuple[str, ...]) -> str:
    *others, last = [f"'{value}'" for value in values]
    return f"Input should be {', '.join(others)} or {last}"


def duration_of(spec: ModelSpec, asked: Parameters, refuse: Refuse) -> int:
    """Seconds."""
    if asked.duration is None:
        return spec.default_duration
    if asked.duration not in spec.durations:
        refuse(InvalidParameter(_duration_rule(spec)).at("parameters.duration"))
        return spec.default_duration
    return int(asked.duration)


def _duration_rule(spec: ModelSpec) -> str:
    first, last = spec.durations[0], spec.durations[-1]
    if spec.fixed_duration:
        return f"duration customization is not supported. {spec.name} makes {first} seconds: leave duration out."
    if spec.any_second:
        return f"Duration should be between {first} and {last}. It is a whole number of seconds."
    return "duration must be in " + ",".join(map(str, spec.durations))


def is_seed(seed: Number) -> bool:
    return 0 <= seed <= MAX_SEED and seed == int(seed)


def checked_seed(seed: Number, refuse: Refuse) -> int:
    if not is_seed(seed):
        rule = f"seed must be between 0 and {MAX_SEED}. It is a whole number; without it one is drawn."
        refuse(InvalidParameter(rule).at("parameters.seed"))
        return 0
    return int(seed)


def has_sound(spec: ModelSpec, asked: Parameters) -> bool:
    return spec.sound == "auto" or (spec.sound == "optional" and asked.audio is not False)


def extends(asked: Parameters) -> bool:
    return asked.prompt_extend is not False


def shots_of(spec: ModelSpec, asked: Parameters, refuse: Refuse) -> Shots | None:
    """`shot_type` acts, and beats the prompt, only where the prompt is extended; else the prompt's own list decides."""
    if not spec.multi_shot:
        return None
    if asked.shot_type not in (None, "single", "multi"):
        refuse(InvalidParameter("shot_type must be in single,multi").at("parameters.shot_type"))
    if not extends(asked):
        return None
    return "multi" if asked.shot_type == "multi" else "single"
