"""What is rendered for a request: at which size, in which pieces, and which of their frames are shown when. Pure."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from itertools import accumulate
from math import ceil, log, sqrt
from typing import NamedTuple

from dalang.engines import Form, RenderRequest
from dalang.engines.wan.storyboard import storyboard
from dalang.errors import CannotRender
from dalang.media.geometry import TIERS
from dalang.weights.checkpoint import Checkpoint, Kind

STRIDE = 4
"""Frames to a latent frame, but for the first, which is one to one: AutoencoderKLWan's `scale_factor_temporal`."""

OVERLAP = 9
"""Frames of a segment that are those of the one before: 4k + 1, here three latent frames, half a second: enough to
carry motion on, and to fade over."""

SLOW = 0.9
"""Of the speed of what the weights made; what is slower can be seen to be."""

SMALLEST = 0.5
"""Of the pixels of the lowest tier. What is smaller is of no tier, and no request of the API asks for it."""


class Segment(NamedTuple):
    """What is sampled in one go."""

    frames: int
    """4k + 1."""
    overlap: int
    """So many of them, the first, show again what the segment before ended with: 4k + 1, or 0 where a shot begins."""
    seed: int


class Take(NamedTuple):
    """One shot, as the weights render it."""

    words: str
    shown: int
    """Frames of the clip."""
    rate: Fraction
    """The model's frames to one of the clip: frame i of the shot shows them at i x rate."""
    segments: tuple[Segment, ...]


class Timeline(NamedTuple):
    width: int
    height: int
    """Pixels of what is sampled."""
    tier: str
    """Nearest to it, of the checkpoint's own."""
    form: Form
    """Of the clip."""
    takes: tuple[Take, ...]

    @property
    def segments(self) -> int:
        return sum(len(take.segments) for take in self.takes)


def timeline(request: RenderRequest, checkpoint: Checkpoint, *, native: bool) -> Timeline:
    """How `request` is rendered with `checkpoint`. `native` keeps the model's size and rate.

    Raises CannotRender for a request of a kind that the weights do not make: only of a model's own kind is it known
    before the start that they do.
    """
    if (kind := _kind(request)) not in checkpoint.kinds:
        raise CannotRender(f"The weights {checkpoint.name} make {' and '.join(checkpoint.kinds)} only, not {kind}.")
    tier = model_tier(request.width, request.height, checkpoint)
    width, height = model_size(request.width, request.height, tier, checkpoint.multiple)
    form = _own_form(request, checkpoint, width, height) if native else _asked_form(request)
    return Timeline(width, height, tier, form, _takes(request, checkpoint, form))


def _kind(request: RenderRequest) -> Kind:
    if request.last_image is not None:
        return "kf2v"
    return "t2v" if request.image is None else "i2v"


def slowed(plan: Timeline, checkpoint: Checkpoint) -> tuple[str, ...]:
    """A sentence for the caller where what is shown goes slower than the weights made it."""
    slowest = min(take.rate * plan.form.fps / checkpoint.fps for take in plan.takes)
    if slowest > SLOW:
        return ()
    return (f"{checkpoint.name} makes {checkpoint.frames} frames between two pictures: motion is slowed down to fit.",)


def _asked_form(request: RenderRequest) -> Form:
    return Form(request.width, request.height, request.fps, request.frame_count)


def _own_form(request: RenderRequest, checkpoint: Checkpoint, width: int, height: int) -> Form:
    """A last picture is one frame more: 4k + 1 of them reach from picture to picture."""
    frames = round(request.duration * checkpoint.fps) + (request.last_image is not None)
    return Form(width, height, checkpoint.fps, frames)


def model_tier(width: int, height: int, checkpoint: Checkpoint) -> str:
    """Which of the tiers that `checkpoint` was trained for it is made at: its own, or the next higher, or the last.

    Sizes of one tier differ a little in area: sides are floored to multiples of 16.
    """
    asked = min(TIERS.values(), key=lambda area: abs(log(width * height / area)))
    return next((tier for tier in checkpoint.tiers if TIERS[tier] >= asked), checkpoint.tiers[-1])


def model_size(width: int, height: int, tier: str, multiple: int) -> tuple[int, int]:
    """Sides of what is sampled: those that are asked for where they are of `tier`, else as many pixels as it has.

    Both are the nearest multiples of `multiple`, so the shape may change by a part of it (720 is rendered as 704 by
    TI2V-5B). Pictures are stretched there and back by that, and not cut: a given one is to be where it was.
    """
    area = width * height
    is_own = abs(log(area / TIERS[tier])) < log(1 / SMALLEST) or area < SMALLEST * min(TIERS.values())
    scale = 1.0 if is_own else sqrt(TIERS[tier] / area)
    return _nearest(width * scale, multiple), _nearest(height * scale, multiple)


def _nearest(side: float, multiple: int) -> int:
    return max(1, round(side / multiple)) * multiple


def _takes(request: RenderRequest, checkpoint: Checkpoint, form: Form) -> tuple[Take, ...]:
    told = storyboard(request)
    cuts = [ceil(round(end * form.fps, 3)) for end in accumulate(shot.seconds for shot in told)]
    bounds = [0, *cuts[:-1], form.frames]
    takes: list[Take] = []
    for shot, start, end in zip(told, bounds, bounds[1:], strict=False):
        shown, number = end - start, sum(len(take.segments) for take in takes)
        rate = Fraction(checkpoint.fps, form.fps)
        lengths = _lengths(ceil((shown - 1) * rate) + 1, request, checkpoint)
        if request.last_image is not None and shown > 1:  # the last frame of all is the picture itself
            rate = Fraction(_joined(lengths) - 1, shown - 1)
        takes.append(Take(shot.words, shown, rate, _segments(lengths, request.seed, number)))
    return tuple(takes)


def _lengths(frames: int, request: RenderRequest, checkpoint: Checkpoint) -> tuple[int, ...]:
    """All in one go, and no more, by weights that want the last picture too: a segment before the last has none."""
    most = checkpoint.frames
    is_one = request.last_image is not None and "i2v" not in checkpoint.kinds
    return split(min(frames, most) if is_one else frames, most)


def split(frames: int, most: int) -> tuple[int, ...]:
    """Lengths of the segments that together show `frames` or up to 3 more: all but alike, since attention grows with
    the square of a length, and each 4k + 1, at most `most`."""
    count = 1 if frames <= most else ceil((frames - OVERLAP) / (most - OVERLAP))
    each = _rounded(ceil((frames + (count - 1) * OVERLAP) / count))
    return *[each] * (count - 1), _rounded(frames - (count - 1) * (each - OVERLAP))


def _rounded(frames: int) -> int:
    """Up to 4k + 1."""
    return ceil((frames - 1) / STRIDE) * STRIDE + 1


def _joined(lengths: tuple[int, ...]) -> int:
    return sum(lengths) - (len(lengths) - 1) * OVERLAP


def _segments(lengths: tuple[int, ...], seed: int, number: int) -> tuple[Segment, ...]:
    """`number` of them come before, in other shots."""
    return tuple(
        Segment(frames, OVERLAP if place else 0, derived(seed, number + place)) for place, frames in enumerate(lengths)
    )


def derived(seed: int, number: int) -> int:
    """The seed of a clip's segment: of the first the request's own, so that it is what the pipeline makes of it."""
    if not number:
        return seed
    return int.from_bytes(sha256(f"{seed}/{number}".encode()).digest()[:4], "big") >> 1
