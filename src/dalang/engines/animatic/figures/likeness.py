"""How a performer looks: the moving picture that it is shown by."""

from __future__ import annotations

from dataclasses import replace

from dalang.engines.animatic.bodies.beast import beast
from dalang.engines.animatic.bodies.creep import creeping, creeps
from dalang.engines.animatic.bodies.puppet import person
from dalang.engines.animatic.bodies.wardrobes import dresses
from dalang.engines.animatic.figures import sprite
from dalang.engines.animatic.figures.dye import dyed
from dalang.engines.animatic.figures.flight import flies, flying
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.scene.performer import Performer
from dalang.scene.subjects import SUBJECTS


def likeness(performer: Performer, *, fine: bool = False) -> Sprite:
    """The picture of `performer`: a puppet of people and of animals in clothes, `fine` for close shots.

    KeyError: no subject has that name.
    """
    body = SUBJECTS[performer.subject].body
    if body == "person" or dresses(performer):
        return person(performer, fine=fine)
    if body == "beast":
        return beast(performer)
    picture = _coloured(performer)
    if flies(performer):
        return flying(performer, picture)
    return creeping(performer, picture) if creeps(performer, picture) else picture


def _coloured(performer: Performer) -> Sprite:
    picture = sprite.load(performer.subject)
    if performer.colour is None:
        return picture
    glazed = picture.subject.kind == "vehicles"
    return replace(picture, frames=dyed(picture.frames, performer.colour, glazed=glazed))
