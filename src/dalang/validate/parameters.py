"""The rules of single parameters: each function settles one, or raises InvalidParameter."""

from __future__ import annotations

from typing import NamedTuple

from dalang.errors import InvalidParameter
from dalang.models import MAX_SEED, RATIOS, SIZES, TIER_OF, ModelSpec, Size
from dalang.task import Shots
from dalang.validate.body import Number, Parameters


class Frame(NamedTuple):
    tier: str
    size: Size | None
    """None where the sides follow a picture or clip."""


def frame_of(spec: ModelSpec, asked: Parameters) -> Frame:
    """The size or the tier; the one that `spec` does not take is refused if it comes alone, and ignored if not."""
    if spec.takes_ratio:
        tier = _tier(spec, asked)
        return Frame(tier, SIZES[tier][_ratio(asked)])
    if spec.kind == "t2v":
        size = _text_size(spec, asked)
        return Frame(TIER_OF[size], size)
    return Frame(_tier(spec, asked), None)


SIZE_NAMES: dict[str, Size] = {f"{width}*{height}": (width, height) for width, height in TIER_OF}


def _text_size(spec: ModelSpec, asked: Parameters) -> Size:
    if asked.size is None and asked.resolution is None and asked.ratio is None:
        return spec.default_size
    size = SIZE_NAMES.get(asked.size or "")
    if size is None or spec.tier_of(size) is None:
        raise InvalidParameter(_size_rule(spec, asked))
    return size


def _size_rule(spec: ModelSpec, asked: Parameters) -> str:
    rule = "size must be in " + ",".join(f"{width}*{height}" for width, height in spec.sizes)
    if asked.size is None:
        wrong = "resolution" if asked.ratio is None else "ratio" if asked.resolution is None else "resolution and ratio"
        return f"{rule}. {spec.name} takes parameters.size, not {wrong}."
    return rule


def _tier(spec: ModelSpec, asked: Parameters) -> str:
    only_size = asked.size is not None and not (spec.takes_ratio and asked.ratio is not None)
    if asked.resolution is None and not only_size:
        return spec.default_tier
    tier = (asked.resolution or "").upper()
    if tier not in spec.tiers:
        raise InvalidParameter(_tier_rule(spec, asked))
    return tier


def _tier_rule(spec: ModelSpec, asked: Parameters) -> str:
    """The wan2.7 family has words of its own."""
    is_new = spec.family == "2.7"
    rule = _one_of(tuple(reversed(spec.tiers))) if is_new else "resolution must be in " + ",".join(spec.tiers)
    if asked.resolution is not None:
        return f"{rule}: parameters.resolution" if is_new else rule
    right = "parameters.resolution and parameters.ratio" if spec.takes_ratio else "parameters.resolution"
    return f"{rule}. {spec.name} takes {right}, not size."


def _ratio(asked: Parameters) -> str:
    ratio = RATIOS[0] if asked.ratio is None else asked.ratio
    if ratio not in RATIOS:
        raise InvalidParameter(f"{_one_of(RATIOS)}: parameters.ratio")
    return ratio


def _one_of(values: tuple[str, ...]) -> str:
    *others, last = [f"'{value}'" for value in values]
    return f"Input should be {', '.join(others)} or {last}"


def duration_of(spec: ModelSpec, asked: Parameters) -> int:
    """Seconds."""
    if asked.duration is None:
        return spec.default_duration
    if asked.duration not in spec.durations:
        raise InvalidParameter(_duration_rule(spec))
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


def checked_seed(seed: Number) -> int:
    if not is_seed(seed):
        raise InvalidParameter(f"seed must be between 0 and {MAX_SEED}. It is a whole number; without it one is drawn.")
    return int(seed)


def has_sound(spec: ModelSpec, asked: Parameters) -> bool:
    return spec.sound == "auto" or (spec.sound == "optional" and asked.audio is not False)


def extends(asked: Parameters) -> bool:
    return asked.prompt_extend is not False


def shots_of(spec: ModelSpec, asked: Parameters) -> Shots | None:
    """`shot_type` acts, and beats the prompt, only where the prompt is extended; else the prompt's own list decides."""
    if not spec.multi_shot:
        return None
    if asked.shot_type not in (None, "single", "multi"):
        raise InvalidParameter("shot_type must be in single,multi")
    if not extends(asked):
        return None
    return "multi" if asked.shot_type == "multi" else "single"
