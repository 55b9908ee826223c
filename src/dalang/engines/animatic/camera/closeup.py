"""Close shots of people: head and shoulders, or as much under them as the picture is sharp enough for."""

from __future__ import annotations

from dalang.engines.animatic.camera.camera import BACKING, DOLLY
from dalang.engines.animatic.figures.figure import Figure
from dalang.scene.performer import Action
from dalang.scene.plan import Camera, Shot, View

BUST = 1.75
"""Of the frame's height, that a person would have from head to foot."""
LEAST = 1.2
"""The same, under which the whole of it is shown instead: a frame does not cut at the ankles."""
SHARPEST = 2.6
"""How much larger than itself the picture of a modelled body is drawn in a close shot."""
HEADROOM = 0.06
LYING = frozenset({Action.SLEEP, Action.SWIM, Action.FLY, Action.FALL, Action.CRAWL, Action.DRIVE, Action.RIDE})
"""In which the head is not over the shoulders, or what carries a body counts."""
NEARINGS = {
    **dict.fromkeys((Camera.DOLLY_IN, Camera.DOLLY_OUT), DOLLY),
    **dict.fromkeys((Camera.CRANE_UP, Camera.CRANE_DOWN), DOLLY * BACKING),
}
"""Of the distance to the subject, that a camera covers, half of it before the middle of its way and half after."""


def nearing(camera: Camera) -> float:
    """How much larger than in its middle a shot shows its subject at the most."""
    return 1 / (1 - NEARINGS.get(camera, 0.0) / 2)


def receding(camera: Camera) -> float:
    """How much smaller at the most."""
    return 1 / (1 + NEARINGS.get(camera, 0.0) / 2)


def cut_height(shot: Shot, figure: Figure, height: int) -> float | None:
    """Pixels from head to foot of one who is shown without the feet; None: all of it is shown."""
    subject, action = figure.sprite.subject, figure.performer.action
    if shot.view is not View.CLOSE or subject.body != "person" or action in LYING or _several(shot):
        return None
    pixels = min(BUST * height, SHARPEST * figure.sprite.frames.shape[1] / nearing(shot.camera))
    return pixels if pixels > LEAST * height else None


def _several(shot: Shot) -> bool:
    return len(shot.cast) > 1 or shot.cast[0].count > 1


def crown(camera: Camera, horizon: float) -> float:
    """Where the top of the head is half through the shot, of the frame's height, so that it stays in the frame."""
    grown = nearing(camera) if horizon > HEADROOM else receding(camera)
    return horizon - (horizon - HEADROOM) / grown
