"""One thing that can stand before the camera."""

from __future__ import annotations

from typing import Literal

import msgspec

from dalang.scene.plan import Action, Place

Facing = Literal["left", "right"]
Medium = Literal["ground", "air", "water"]

PACE = {Action.STAND: 0.0, Action.RUN: 2.0}
"""Share of a subject's cruising speed at which it moves in an action; 1 for the others."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `scene.subjects.SUBJECTS`."""

    name: str
    """Also the name of its picture, `<name>.webp`."""
    words: tuple[str, ...]
    """English singulars that call it, lower case, the name among them; two-word names stand as they are written."""
    plurals: tuple[str, ...] = ()
    """Irregular plurals; regular ones follow from `words`."""
    height: float
    """Metres from the lowest to the highest pixel of the picture over a loop, as the thing is in the world."""
    stride: float = 0.0
    """Metres forward in one loop of the picture, so that feet match the ground; 0: the loop runs by the clock.

    A picture with a stride stands on its frame 0 while the subject stands.
    """
    loop: float
    """Seconds of one loop at `speed`."""
    faces: Facing = "left"
    """Where the picture looks; mirror it to go the other way."""
    medium: Medium = "ground"
    action: Action
    """What it does when the prompt does not say."""
    speed: float
    """Metres a second in `action`; 0 for what stays in its place."""
    home: Place
    """The set to show it in when the prompt names none."""

    def pace(self, action: Action) -> float:
        """Metres a second in `action`."""
        return self.speed * PACE.get(action, 1.0)
