"""Image-to-video: a still picture, and a camera that moves before it.

The picture is bent by a smooth depth (`relief`), so that near parts pass faster than far ones; its subject moves as one
piece. Water, clouds and leaves stir of their own (`stir`). The weather and the light that the prompt asks for come
over it (`veil`). Each frame looks the picture up anew (`warp`), never the frame before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from dalang.engines import Frame, RenderRequest, Report
from dalang.engines.animatic.camera.camera import eased
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.photo.interest import interest
from dalang.engines.animatic.photo.move import Move, camera_move
from dalang.engines.animatic.photo.relief import Plane, Relief, relief_of
from dalang.engines.animatic.photo.stir import Stir, stir
from dalang.engines.animatic.photo.veil import veil_of
from dalang.engines.animatic.photo.warp import WHOLE, Crop, Knots, Source, knots, look, source_of
from dalang.engines.animatic.scenery import WATERS
from dalang.engines.i420 import planar, read_picture
from dalang.scene.plan import Shot
from dalang.scene.unwanted import unwanted

CROPS = ((1.0, 0.0), (0.52, 0.0), (0.8, -0.1), (0.6, 0.12), (0.4, 0.0))
"""How successive takes of one picture show it: side of the part, and how far its middle stands aside of the subject."""
CENTRE = (0.5, 0.5)
BELOW = 0.04
"""How far a framing's middle stands under the subject's, in sides: what interests most is often a face."""
LAST_STEP = 0.999
"""Of a frame; a cut between two frames falls before the later one."""


@dataclass(frozen=True)
class Take:
    """One camera take of the picture."""

    source: Source
    knots: Knots
    near: Plane
    """At the knots."""
    pivot: float
    move: Move
    stir: Stir
    side: float
    """Of the part of the picture that it shows."""

    def seen(self, relief: Relief) -> Relief:
        """The part of `relief` that it shows."""
        return Relief(*(self.knots.sampled(plane)[1:-1, 1:-1] for plane in vars(relief).values()))

    @property
    def rests(self) -> bool:
        """Whether it shows the picture itself throughout."""
        return self.move == Move() and self.stir.is_still and self.side == 1

    def frame(self, way: float, time: float, clock: float) -> Frame:
        """What is seen when the part `way` of the move is done, `time` seconds into the take, `clock` into the clip."""
        stray = self.move.strayed(time)
        across, down = (way * (path + off) for path, off in zip(self.path, stray, strict=True))
        if not self.stir.is_still:
            aside, under = self.stir.at(clock)
            across = across + self.knots.sampled(aside) / self.side
            down = down + self.knots.sampled(under) / self.side
        return look(self.source, self.knots, across * self.side, down * self.side)

    @cached_property
    def path(self) -> tuple[Plane, Plane]:
        """Of the knots, for the whole of the move, whatever part of the picture it shows."""
        middle = self.knots.x.mean(), self.knots.y.mean()
        x, y = (self.knots.x - middle[0]) / self.side, (self.knots.y - middle[1]) / self.side
        return self.move.path(self.near, self.pivot, x, y)


def frames(path: str, request: RenderRequest, report: Report, shots: Sequence[Shot]) -> Iterator[Frame]:
    """The picture itself, then `shots` of it: `request.frame_count` frames.

    Where there are several, the picture is cut to, again and again, in another framing. Raises InternalError where the
    picture cannot be read or is not of the video's size, and what `report` raises.
    """
    still = planar(read_picture(path, request.width, request.height))
    yield still
    subject = interest(still) if len(shots) > 1 else CENTRE
    relief = relief_of(still, at_water=any(shot.place in WATERS for shot in shots))
    source, stirring = source_of(still), stir(relief, generator(request.seed, "stir"))
    starts = take_starts([shot.duration for shot in shots], request)
    for number, (start, end) in enumerate(pairwise([*starts, request.frame_count])):
        move = _move(shots[number], number, request)
        take = taken(source, relief, stirring, request, move, framed(subject, number))
        veil = veil_of(shots[number], take.seen(relief), request.width, request.height, request.seed)
        for frame in range(max(start, 1), end):
            report(frame / request.frame_count)
            way, clock = eased((frame - start) / max(1, end - start - 1)), frame / request.fps
            shown = still if take.rests else take.frame(way, (frame - start) / request.fps, clock)
            yield veil.over(shown, clock)


def _move(shot: Shot, number: int, request: RenderRequest) -> Move:
    cameras = unwanted(request.negative_prompt).cameras
    return camera_move(shot.camera, generator(request.seed, f"move {number}"), cameras)


def taken(source: Source, relief: Relief, stirring: Stir, request: RenderRequest, move: Move, crop: Crop) -> Take:
    grid = knots(request.width, request.height, crop)
    return Take(source, grid, grid.sampled(relief.near), relief.pivot, move, stirring, crop.side)


def framed(subject: tuple[float, float], take: int) -> Crop:
    """The part of the picture that the take of that number shows; all of it in the first."""
    side, aside = CROPS[take % len(CROPS)]
    middle = subject[0] + aside, subject[1] + BELOW * side
    left, top = (min(max(part - side / 2, 0.0), 1 - side) for part in middle)
    return Crop(left, top, side) if side < 1 else WHOLE


def take_starts(lengths: Sequence[float], request: RenderRequest) -> list[int]:
    """The first frame of each take: the first one that is not before the take's start."""
    starts = [0.0, *accumulate(lengths)][: len(lengths)]
    return [min(request.frame_count, int(start * request.fps + LAST_STEP)) for start in starts]
