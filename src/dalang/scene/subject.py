"""One thing that can stand before the camera."""

from __future__ import annotations

from typing import Literal

import msgspec

from dalang.scene.performer import Action
from dalang.scene.plan import Place

Facing = Literal["left", "right"]
Medium = Literal["ground", "air", "water"]
Body = Literal["picture", "person", "beast"]
Kind = Literal["animals", "birds", "sea", "people", "vehicles", "plants", "buildings", "food", "things", "fantasy"]

STILL = frozenset(
    {
        *(Action.STAND, Action.SIT, Action.SLEEP, Action.EAT, Action.TALK, Action.WAVE, Action.WORK),
        *(Action.DANCE, Action.TURN, Action.FALL, Action.CLIMB),
    }
)
"""What is done on the spot."""
PACE = dict.fromkeys(STILL, 0.0) | {Action.RUN: 2.0, Action.CRAWL: 0.4}
"""Share of a subject's cruising speed at which it moves in an action; 1 for the others."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `scene.subjects.SUBJECTS`, as it stands under its name in `subjects/<kind>.toml`."""

    name: str
    """Also the name of its picture, `<name>.webp`."""
    kind: Kind
    """The file its row stands in."""
    words: tuple[str, ...] = msgspec.field(name="en", default=())
    """English singulars that call it, lower case; two-word names stand as they are written."""
    plurals: tuple[str, ...] = ()
    """Irregular English plurals; regular ones follow from `words`."""
    zh: tuple[str, ...] = ()
    """Chinese words that call it; a longer phrase of another meaning may hold a short one: 马 in 马路."""
    id: tuple[str, ...] = ()
    """Indonesian words that call it, lower case; "kupu-kupu" is one word, "kucing-kucing" the plural of "kucing"."""
    who: tuple[str, ...] = ()
    """Names of the subjects that this one stands for while they do one of `doing`: a man who cycles is `cyclist`."""
    doing: tuple[str, ...] = ()
    """Base forms of English verbs."""
    height: float
    """Metres from the lowest to the highest pixel of the picture over a loop, as the thing is in the world."""
    stride: float = 0.0
    """Metres forward in one loop of the picture, so that feet match the ground; 0: the loop runs by the clock.

    A picture with a stride stands on its frame 0 while the subject stands.
    """
    loop: float = 3.0
    """Seconds of one loop at `speed`."""
    body: Body = "picture"
    """How it is drawn: from its picture, or, where that is a head, on a body that is modelled for it."""
    manner: str = ""
    """How its picture goes that shows no steps: a name in `engines.animatic.bodies.creep.MANNERS`."""
    build: str = ""
    """Its proportions, in `bodies`: a beast has a name in `anatomy.BUILDS`, a person one in `wardrobes.BUILDS`."""
    heads: tuple[str, ...] = ()
    """Of a person: families of heads that it may have, names in `engines.animatic.bodies.heads.HEADS`."""
    outfit: tuple[str, ...] = ()
    """Of a person: what it wears unless the prompt says, names in `scene.wardrobe.GARMENTS`, a colour before them."""
    faces: Facing = "left"
    """Where the picture looks; mirror it to go the other way."""
    medium: Medium = "ground"
    action: Action = Action.STAND
    """What it does when the prompt does not say."""
    speed: float = 0.0
    """Metres a second in `action`; 0 for what stays in its place."""
    home: Place
    """The set to show it in when the prompt names none."""

    def pace(self, action: Action) -> float:
        """Metres a second in `action`."""
        return self.speed * PACE.get(action, 1.0)
