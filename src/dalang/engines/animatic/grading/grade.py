"""Grading: the last thing done to a frame, by its shot's mood and style."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from dalang.engines import Frame
from dalang.engines.animatic.grading.film import Dust, Weave, bloom, corners, paint_grain
from dalang.engines.animatic.grading.painted import cel, clay, ink_wash, oil, pencil, watercolour
from dalang.engines.animatic.grading.tone import MOODS, STYLES, Curves, curves, exposed
from dalang.engines.i420 import Planes, planes
from dalang.scene.plan import Lighting, Mood, Shot, Style, Time

ON_TWOS = 12.0
"""Exposures a second of animation that is shot by hand, two frames of film each."""


LAMPLIT = frozenset({Lighting.MOONLIGHT, Lighting.CANDLE, Lighting.NEON, Lighting.PRACTICAL})
LOW_KEY, HIGH_KEY = 0.17, 0.30
"""Mean brightness that a graded picture has at the least, 0..1: by night or lamplight, and else."""


class Look(Protocol):
    def apply(self, planes: Planes, time: float) -> None:
        """Change the Y, U and V planes of a frame in place, `time` seconds into the shot."""


@dataclass(frozen=True)
class Grade:
    tones: tuple[Curves, ...]
    looks: tuple[Look, ...]
    rate: float | None = None
    """Different pictures a second; None: every frame its own."""

    def moment(self, time: float) -> float:
        """The time of the picture that is shown at `time`."""
        return time if self.rate is None else math.floor(time * self.rate + 1e-6) / self.rate

    def exposed(self, shown: Frame, shot: Shot) -> Grade:
        """The same for `shot`, which looks like `shown` before it is graded: none makes it too dark to read."""
        least = LOW_KEY if shot.time is Time.NIGHT or shot.light in LAMPLIT else HIGH_KEY
        return replace(self, tones=exposed(self.tones, planes(shown)[0], least))

    def apply(self, frame: Frame, time: float) -> Frame:
        """Grade `frame` in place."""
        parts = planes(frame)
        for tone in self.tones:
            tone.apply(parts)
        for look in self.looks:
            look.apply(parts, time)
        return frame


Painter = Callable[[int, int, int], tuple[Look, ...]]
"""(seed, width, height) to what makes a style besides its tone."""

LOOKS: dict[Style, Painter] = {
    Style.CINEMATIC: lambda seed, width, height: (bloom(0.16), paint_grain(seed, width, height, 1.2)),
    Style.DOCUMENTARY: lambda seed, width, height: (paint_grain(seed, width, height, 2.4),),
    Style.NOIR: lambda seed, width, height: (corners(width, height, 0.54), paint_grain(seed, width, height, 4.0)),
    Style.BLACK_AND_WHITE: lambda seed, width, height: (paint_grain(seed, width, height, 3.2),),
    Style.VINTAGE: lambda seed, width, height: (
        bloom(0.10), corners(width, height, 0.44), paint_grain(seed, width, height, 4.2), Dust(seed), Weave(seed),
    ),
    Style.ANIME: lambda seed, width, height: (cel(),),
    Style.CLAYMATION: lambda seed, width, height: (clay(seed, width, height, ON_TWOS),),
    Style.WATERCOLOUR: lambda seed, width, height: (watercolour(seed, width, height),),
    Style.INK_WASH: lambda seed, width, height: (ink_wash(seed, width, height),),
    Style.OIL_PAINTING: lambda seed, width, height: (oil(seed, width, height),),
    Style.SKETCH: lambda seed, width, height: (pencil(seed, width, height),),
}  # fmt: skip


def grade_for(shot: Shot, width: int, height: int, seed: int) -> Grade:
    """The grade of `shot` for frames of that size; one that changes nothing where it names neither mood nor style."""
    tones = [curves(MOODS[shot.mood])] if shot.mood else []
    looks: list[Look] = [bloom(0.30, 120)] if shot.mood is Mood.ROMANTIC else []
    if shot.style is None:
        return Grade(tuple(tones), tuple(looks))
    looks += LOOKS[shot.style](seed, width, height)
    rate = ON_TWOS if shot.style is Style.CLAYMATION else None
    return Grade((*tones, curves(STYLES[shot.style])), tuple(looks), rate)
