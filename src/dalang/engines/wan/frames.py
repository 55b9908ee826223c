"""The frames of a clip: each segment is sampled when its first one is asked for, and shown as it is decoded."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, NamedTuple

import cv2
from PIL import Image

from dalang.engines import Frame, RenderRequest, Report
from dalang.engines.i420 import Picture, planar, read_picture
from dalang.engines.wan.continuation import all_but, faded
from dalang.engines.wan.decoding import pictures
from dalang.engines.wan.progress import Span, spans
from dalang.engines.wan.room import rendered_with_room, streamed_with_room
from dalang.engines.wan.sampling import Order, sample
from dalang.engines.wan.shelf import Shelf
from dalang.engines.wan.timeline import Take, Timeline
from dalang.media.interpolation import retimed
from dalang.media.resampling import resampled
from dalang.weights.setup import Setup

if TYPE_CHECKING:
    import torch

    from dalang.engines.wan.loaded import Loaded


class Source(NamedTuple):
    """What all segments of a clip are made from."""

    shelf: Shelf
    setup: Setup
    timeline: Timeline
    negative: str
    first: Image.Image | None
    last: Image.Image | None
    report: Report


def frames(shelf: Shelf, request: RenderRequest, timeline: Timeline, report: Report) -> Iterator[Frame]:
    """Those of `timeline.form`. Raises what `report` raises, CannotRender, and InternalError for a missing picture."""
    assert request.setup is not None
    profile = request.setup.profile
    source = Source(
        shelf,
        request.setup,
        timeline,
        request.negative_prompt or profile.negative_prompt,
        _given(request.image, request, timeline),
        _given(request.last_image, request, timeline),
        report,
    )
    progress = iter(spans(timeline, profile.steps))
    for take in timeline.takes:
        made = _take(source, take, [next(progress) for _ in take.segments])
        for picture in retimed(made, take.rate, take.shown, profile.interpolator):
            yield planar(resampled(picture, timeline.form.width, timeline.form.height, profile.resampler))
        made.close()  # there may be up to three frames more than are shown


def _given(path: str | None, request: RenderRequest, timeline: Timeline) -> Image.Image | None:
    """A picture of the request, of the size that is sampled."""
    if path is None:
        return None
    picture = resampled(read_picture(path, request.width, request.height), timeline.width, timeline.height, "lanczos")
    return Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))


def _take(source: Source, take: Take, progress: list[Span]) -> Generator[Picture]:
    """All frames of one shot as the weights make them; where two segments overlap one fades into the other.

    With a given picture every shot begins from it, under its own words: of what the picture shows nothing else tells
    the weights, and a shot that went on from the last one's end would not be cut.
    """
    tail: tuple[Picture, ...] = ()
    for place, (segment, span) in enumerate(zip(take.segments, progress, strict=True)):
        is_last = place == len(take.segments) - 1
        order = Order(
            take.words,
            source.negative,
            source.timeline.width,
            source.timeline.height,
            source.timeline.tier,
            segment,
            source.first,
            source.last if is_last else None,
            tail,
        )
        made = faded(tail, _segment(source, order, span))
        if is_last:
            yield from made
        else:
            tail = yield from all_but(take.segments[place + 1].overlap, made)


def _segment(source: Source, order: Order, span: Span) -> Iterator[Picture]:
    """Sampled, then decoded: if memory does not do for the one, nothing of the other is lost."""
    source.report(span.start)
    latents = rendered_with_room(
        source.shelf,
        source.setup,
        lambda loaded: sample(loaded, order, lambda step: source.report(span.after(step))),
    )
    return streamed_with_room(source.shelf, source.setup, lambda loaded: _decoded(loaded, latents))


def _decoded(loaded: Loaded, latents: torch.Tensor) -> Iterator[Picture]:
    """Perhaps by other weights than those that sampled: after a lack of memory they are read anew."""
    loaded.tile()
    return pictures(loaded.vae, latents)
