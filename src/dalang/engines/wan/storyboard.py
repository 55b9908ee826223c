"""What each shot of a clip is told to the model in, and when it is cut. Pure."""

from __future__ import annotations

from typing import NamedTuple

from dalang.engines import RenderRequest
from dalang.scene.cuts import COVERAGE, Setup, takes
from dalang.scene.listing import listed, unfollowed, unlisted
from dalang.scene.plan import Angle, Camera, View

VIEWS = {View.WIDE: "Wide shot", View.MEDIUM: "Medium shot", View.CLOSE: "Close-up"}
ANGLES = {Angle.EYE: "", Angle.LOW: ", low angle", Angle.HIGH: ", high angle", Angle.OVERHEAD: ", from overhead"}
CAMERAS = {
    Camera.STATIC: "static camera",
    Camera.DOLLY_IN: "the camera slowly moves in",
    Camera.TRACKING: "the camera follows the subject",
    Camera.CRANE_UP: "the camera rises",
}
"""Those that COVERAGE has."""


class Told(NamedTuple):
    """A shot."""

    words: str
    seconds: float


def storyboard(request: RenderRequest) -> tuple[Told, ...]:
    """The shots of `request`, together as long as it: cut where `scene.parse` cuts, which its sound follows.

    What stands before a prompt's list is told of every shot. Between two pictures there is one shot, since a cut would
    part them.
    """
    preamble, parts = listed(request.prompt, request.duration)
    if request.last_image is not None or request.shots == "single" or not (parts or request.shots):
        return (Told(unlisted(request.prompt), request.duration),)
    if parts:
        return tuple(Told(f"{preamble} {part.text}".strip(), part.seconds) for part in parts)
    lengths = takes(request.duration)
    return tuple(
        Told(f"{_filmed(COVERAGE[number % len(COVERAGE)])}. {request.prompt}".strip(), seconds)
        for number, seconds in enumerate(lengths)
    )


def _filmed(setup: Setup) -> str:
    """Before the prompt: of what comes first a model makes the most."""
    return f"{VIEWS[setup.view]}{ANGLES[setup.angle]}, {CAMERAS[setup.camera]}"


def unfollowable(request: RenderRequest) -> tuple[str, ...]:
    """Sentences for the caller: what of a prompt's list of shots cannot be followed."""
    if request.last_image is not None or request.shots == "single":
        return ()
    return unfollowed(request.prompt, request.duration)
