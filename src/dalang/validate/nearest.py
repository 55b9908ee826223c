"""The right values that are nearest to a wrong one. Pure; a create call that is refused does not ask for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher, get_close_matches
from math import log, sqrt
from typing import Any, NamedTuple

from dalang.models import MAX_SEED, MEDIA_SETS, MEDIA_TYPES, MODELS, RATIOS, ModelSpec
from dalang.regions import LOCAL
from dalang.validate.choice import why_not
from dalang.validate.document import LONGEST, Document
from dalang.validate.parameters import SIZE_NAMES

Values = tuple[Any, ...]
"""JSON values of the field, the best first; none where there is nothing to guess by."""


def nearest(field: str, spec: ModelSpec | None, call: Document, region: str) -> Values:
    """For what is wrong, or missing, at `field` of a call in `region`."""
    if field == "model":
        return near_models(call.word("model"), region)
    rule = RULES.get(re.sub(r"\.\d+(?=\.)", "", field))
    return rule(spec, call, field) if rule and spec else ()


# Models

ALIKE = 0.6
"""From which likeness (0..1, of difflib) on a name may be a slip of another."""


def near_models(name: str, region: str = LOCAL) -> tuple[str, ...]:
    """Those that are offered in `region`: what `name` is the beginning of, else all that are equally like it. For a
    model that is not offered there, one of its kind; none for what no engine draws."""
    if not name or why_not(name):
        return ()
    kinds = {MODELS[name].kind} if name in MODELS else {spec.kind for spec in MODELS.values()}
    offered = [spec for spec in MODELS.values() if region in (LOCAL, *spec.regions)]
    names = [spec.name for spec in offered if spec.kind in kinds and spec.name != name]
    return _begun(name.lower(), names) or _like(name[:LONGEST].lower(), names)


def _begun(name: str, names: list[str]) -> tuple[str, ...]:
    """Without those that only add to another of them."""
    begun = [one for one in names if one.startswith(name)]
    return tuple(one for one in begun if not any(one.startswith(f"{other}-") for other in begun))


def _like(name: str, names: list[str]) -> tuple[str, ...]:
    likeness = {other: SequenceMatcher(None, name, other).ratio() for other in names}
    best = max(likeness.values(), default=0.0)
    return tuple(other for other, alike in likeness.items() if alike == best >= ALIKE)


# Sizes, tiers and ratios, which are mixed up


class Shape(NamedTuple):
    """As far as a text tells it."""

    height: float | None
    """Of the 16:9 picture with as many pixels, which is what tiers are named by."""
    aspect: float | None
    """Width over height."""

    def distance(self, other: Shape) -> float:
        """On a scale of ratios; what one of them does not tell is no difference."""
        return _apart(self.height, other.height) + _apart(self.aspect, other.aspect)


def _apart(one: float | None, other: float | None) -> float:
    return abs(log(one / other)) if one and other else 0.0


PAIR = re.compile(r"([1-9]\d{0,5})\s*[*xX×:/,_-]\s*([1-9]\d{0,5})")

HEIGHT = re.compile(r"[1-9]\d{2,3}")


def shape(text: str) -> Shape:
    """Of `1280x720`, `720p`, `16:9`, or several of them: the first that tells."""
    height = aspect = None
    for first, second in ((int(pair[1]), int(pair[2])) for pair in PAIR.finditer(text)):
        aspect = aspect or first / second
        if min(first, second) >= 100:
            height = height or sqrt(first * second * 9 / 16)
    named = HEIGHT.search(PAIR.sub(" ", text))
    return Shape(height or (int(named[0]) if named else None), aspect)


def _told(call: Document) -> Shape:
    return shape(" ".join(call.word(f"parameters.{name}") for name in ("size", "resolution", "ratio")))


def _closest(names: tuple[str, ...], wanted: Shape) -> Values:
    return (min(names, key=lambda name: shape(name).distance(wanted)),)


def _size(spec: ModelSpec, call: Document, _: str) -> Values:
    told = _told(call)
    wanted = Shape(told.height or shape(spec.default_tier).height, told.aspect or 16 / 9)
    return _closest(tuple(name for name, size in SIZE_NAMES.items() if size in spec.sizes), wanted)


def _tier(spec: ModelSpec, call: Document, _: str) -> Values:
    height = _told(call).height
    return _closest(spec.tiers, Shape(height, None)) if height else (spec.default_tier,)


def _ratio(_: ModelSpec, call: Document, field: str) -> Values:
    return _closest(RATIOS, shape(call.word(field)))


# Numbers, words, flags

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def _number(text: str) -> float | None:
    found = NUMBER.search(text)
    return float(found[0]) if found else None


def _duration(spec: ModelSpec, call: Document, field: str) -> Values:
    """The next shorter one and the next longer one."""
    wanted = _number(call.word(field))
    if wanted is None:
        return (spec.default_duration,)
    shorter = [seconds for seconds in spec.durations if seconds <= wanted][-1:]
    longer = [seconds for seconds in spec.durations if seconds >= wanted][:1]
    return tuple(dict.fromkeys(shorter + longer))


def _seed(_: ModelSpec, call: Document, field: str) -> Values:
    wanted = _number(call.word(field))
    return () if wanted is None else (int(min(max(wanted, 0), MAX_SEED)),)


def _shots(_: ModelSpec, call: Document, field: str) -> Values:
    word = call.word(field).lower()
    both = ("single", "multi")
    return tuple(shots for shots in both if word.startswith(shots)) or both


FLAGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def _flag(_: ModelSpec, call: Document, field: str) -> Values:
    word = call.word(field).lower()
    return (FLAGS[word],) if word in FLAGS else ()


# What the video is made from

BASE64 = {
    "iVBORw0KGgo": "image/png",
    "/9j/": "image/jpeg",
    "UklGR": "image/webp",
    "Qk": "image/bmp",
    "SUQz": "audio/mpeg",
}
"""How bytes of a known form begin when nothing tells that they are base64."""

ELSEWHERE = ("input.img_url", "input.first_frame_url", "input.head_frame", "input.media.0.url")
"""Where a first frame may stand that another model takes."""


def _address(_: ModelSpec, call: Document, field: str) -> Values:
    url = call.word(field)
    if not url:
        return tuple(_frames(call)[:1])
    if url.startswith(("www.", "//")):
        return (f"https://{url.lstrip('/')}",)
    return tuple(
        f"data:{media_type};base64,{url[:16]}…" for begin, media_type in BASE64.items() if url.startswith(begin)
    )


def _frames(call: Document) -> list[str]:
    return [url for field in ELSEWHERE if (url := call.word(field))]


def _media(_: ModelSpec, call: Document, field: str) -> Values:
    """The set that differs least from what was sent, each type once."""
    places = [f"{field}.{place}" for place in reversed(call.names(field))]
    urls = {call.word(f"{place}.type"): call.word(f"{place}.url") for place in places}
    if not urls.keys() & set(MEDIA_TYPES) and (frames := _frames(call)):
        urls = {"first_frame": frames[0]}
    types = min(MEDIA_SETS, key=lambda types: len(set(types) ^ urls.keys()))
    return ([{"type": type, "url": urls.get(type) or "https://…"} for type in types],)


def _type(_: ModelSpec, call: Document, field: str) -> Values:
    return tuple(get_close_matches(call.word(field), MEDIA_TYPES, n=1))


def _input(_: ModelSpec, call: Document, field: str) -> Values:
    """Of a text that stands in its place."""
    sent = call.text(field) or ""
    return ({"prompt": call.word(field)},) if sent.startswith('"') else ()


RULES: dict[str, Callable[[ModelSpec, Document, str], Values]] = {
    "parameters.size": _size,
    "parameters.resolution": _tier,
    "parameters.ratio": _ratio,
    "parameters.duration": _duration,
    "parameters.seed": _seed,
    "parameters.shot_type": _shots,
    "parameters.prompt_extend": _flag,
    "parameters.audio": _flag,
    "parameters.watermark": _flag,
    "input": _input,
    "input.img_url": _address,
    "input.audio_url": _address,
    "input.first_frame_url": _address,
    "input.last_frame_url": _address,
    "input.head_frame": _address,
    "input.tail_frame": _address,
    "input.media": _media,
    "input.media.type": _type,
    "input.media.url": _address,
}
"""By path, without the places in lists."""
