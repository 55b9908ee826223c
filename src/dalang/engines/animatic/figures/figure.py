"""The figures of a shot: every performer as often as it is seen, how it looks, and how large it is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import msgspec
import numpy as np

from dalang.engines.animatic.bodies.puppet import person
from dalang.engines.animatic.figures.adrift import adrift
from dalang.engines.animatic.figures.cab import crewed
from dalang.engines.animatic.figures.likeness import likeness
from dalang.engines.animatic.figures.sprite import Sprite
from dalang.scene.directing import GOING, directed, partner_of
from dalang.scene.performer import Action, Age, Performer, Relation, Size
from dalang.scene.plan import Place, Shot, View
from dalang.scene.speaking import spoken
from dalang.scene.subject import PACE, Subject
from dalang.scene.subjects import SUBJECTS

MOST = 9
"""Figures that stand for many."""
ALIKE = 0.05
"""Of its height, by which one figure differs from others of its kind."""
SIZES = {Size.TINY: 0.45, Size.SMALL: 0.7, Size.BIG: 1.4, Size.GIANT: 2.2}
AGES = {Age.BABY: 0.5, Age.CHILD: 0.7}
"""Of the grown height, where the picture is that of a grown one."""
CONTRAST, OVERSHADOWED = 4.0, 2.2
"""How many times lower, or a player higher, another is than the one a shot is about, before that is shown less than
it is."""
EVENED = 0.25
"""Power of what the difference is beyond that."""
LEAST = 0.14
"""Of the height of the one a shot is about: a thing beside it is shown no smaller."""
SEATS = {
    "chair": 0.48, "couch": 0.34, "bed": 0.62, "bathtub": 0.4, "sled": 0.5, "log": 0.8, "suitcase": 0.9,
    "cardboard-box": 0.9, "shopping-cart": 0.5, "books": 0.95,
}  # fmt: skip
"""What can be sat or lain upon; how high, of its height."""
AFLOAT = 1.0
"""Metres, under which what flies by itself is a toy: balloons, kites."""
TALL = 2.0
"""Metres from which what grows is a piece of the set."""
VAST = 4.0
"""The same of things that hang in space or the sky."""
MODEL = 0.5
"""Metres: so high is, within walls, the model of what would fill the room."""
ROOMS = frozenset({Place.LIVING_ROOM, Place.OFFICE, Place.KITCHEN, Place.CLASSROOM})


class Part(Enum):
    """What a figure is to its shot."""

    PLAYER = "player"
    """Who acts."""
    THING = "thing"
    """What can be held, or stands about."""
    VEHICLE = "vehicle"
    PIECE = "piece"
    """Of the set: too large, or too rooted, to play with."""


@dataclass(frozen=True)
class Figure:
    performer: Performer
    """As directed: doing what its bond has it do."""
    number: int
    """Its place in the cast."""
    sprite: Sprite
    height: float
    """Metres, as it is shown."""
    one: int
    """Its place among those alike."""
    start: float
    """Loops of its picture that it is ahead, so that those alike do not march in step."""
    backdrop: bool = False
    """Whether it is a piece of the set here, though it could play elsewhere."""

    @property
    def width(self) -> float:
        """Metres."""
        _, rows, columns, _ = self.sprite.frames.shape
        return float(self.height * columns / rows)

    @property
    def part(self) -> Part:
        return Part.PIECE if self.backdrop else part_of(self.sprite.subject)

    @property
    def pace(self) -> float:
        """Metres a second; the legs of small ones are short."""
        subject, action = self.sprite.subject, self.performer.action
        speed = subject.pace(action) * min(1.0, self.height / subject.height)
        return speed or self._gait(action)

    def _gait(self, action: Action) -> float:
        """Metres a second of what is only ever told to move: a length of its legs goes with a speed (Froude)."""
        if action not in GOING or self.part in (Part.THING, Part.PIECE):
            return 0.0
        return FROUDE[self.sprite.subject.medium] * math.sqrt(self.height) * PACE.get(action, 1.0)

    @property
    def upright(self) -> bool:
        """Whether it stands on two legs, and lies down to sleep."""
        return self.sprite.subject.kind in ("people", "fantasy")

    @property
    def long(self) -> float:
        """Metres that it may take on the ground as it acts."""
        lies = (
            self.upright and not self.sprite.acts and self.performer.action in (Action.SLEEP, Action.CRAWL, Action.FALL)
        )
        return 2 * self.height if lies else self.width

    def loops(self, seconds: float) -> float:
        """How often its moving picture goes round."""
        subject = self.sprite.subject
        if not subject.stride:
            return seconds / subject.loop
        return seconds * self.pace / (subject.stride * self.height / subject.height)


def part_of(subject: Subject) -> Part:
    if subject.kind == "buildings" or (subject.kind == "plants" and subject.height >= TALL):
        return Part.PIECE
    if subject.kind == "vehicles" and not (subject.medium == "air" and subject.height < AFLOAT):
        return Part.VEHICLE
    if subject.kind == "things" and subject.height >= VAST:
        return Part.PIECE
    return Part.THING if subject.kind in ("food", "plants", "things", "vehicles") else Part.PLAYER


FROUDE = {"ground": 0.62, "air": 2.0, "water": 0.9}
"""Metres a second of one a metre high."""

OPEN = frozenset(
    {"bicycle", "motorcycle", "scooter", "kick-scooter", "canoe", "sled", "sailboat", "speedboat", "shopping-cart"}
)
"""Vehicles that one sits on; in the others, one is seen by their windows at the most."""


def figures(rng: np.random.Generator, shot: Shot, since: float = 0.0) -> tuple[Figure, ...]:
    """Everyone who is seen, in the order of the cast, `since` seconds into what they do. KeyError: no such subject."""
    performers = directed(shot.cast)
    fine, offered = shot.view is View.CLOSE, any(one.subject in SEATS for one in performers)
    sprites = [adrift(_picture(one, fine, offered), shot.place, one.action) for one in performers]
    if shot.place in ROOMS:
        performers, sprites = _modelled(performers, sprites)
    inside = _aboard(performers, sprites)
    focus = focus_of(performers)
    heights = [_height(one, sprite) for one, sprite in zip(performers, sprites, strict=True)]
    set_back = _set_back(performers, sprites, focus, shot.place)
    found: list[Figure] = []
    for number, (one, sprite) in enumerate(zip(performers, sprites, strict=True)):
        part = Part.PIECE if number in set_back else part_of(sprite.subject)
        metres = _shown(heights[number], heights[focus], part) if number != focus else heights[number]
        if number not in inside:
            alike = _alike(rng, one, number, sprite, metres, since)
            found += [replace(figure, backdrop=number in set_back) for figure in alike]
    return tuple(found)


def _picture(performer: Performer, fine: bool, offered: bool) -> Sprite:
    """`offered`: whether there is a seat in the picture, so that one who sits brings none."""
    if offered and performer.action is Action.SIT and SUBJECTS[performer.subject].body == "person":
        return person(performer, fine=fine, stool=False)
    return likeness(performer, fine=fine)


def _aboard(cast: tuple[Performer, ...], sprites: list[Sprite]) -> set[int]:
    """Who sits behind windows; `sprites` of what they drive then show them there."""
    inside = set()
    for number, one in enumerate(cast):
        partner = partner_of(cast, number)
        if partner is None or one.action is not Action.RIDE or cast[partner].subject in OPEN:
            continue
        vehicle = SUBJECTS[cast[partner].subject]
        if part_of(vehicle) is Part.VEHICLE:
            inside.add(number)
            if vehicle.medium != "air":
                sprites[partner] = crewed(sprites[partner], sprites[number])
    return inside


def _alike(
    rng: np.random.Generator, performer: Performer, number: int, sprite: Sprite, metres: float, since: float
) -> Iterator[Figure]:
    for one in range(min(MOST, max(1, performer.count))):
        varied, start = float(rng.uniform(-ALIKE, ALIKE)), float(rng.random())
        figure = Figure(performer, number, sprite, metres * (1 + varied * (one > 0)), one, start * (one > 0))
        yield replace(figure, start=figure.start + figure.loops(since))


def focus_of(cast: tuple[Performer, ...]) -> int:
    """Place in the cast of the one whom the shot is framed about: who acts rather than what stands; a rider's mount."""
    sat_on = any(one.action in (Action.SIT, Action.SLEEP) for one in cast)
    for number, one in enumerate(cast):
        partner = partner_of(cast, number)
        if partner is not None and one.bond is not None and one.bond.relation is Relation.RIDE:
            return partner
        if part_of(SUBJECTS[one.subject]) is not Part.PIECE and not (sat_on and one.subject in SEATS):
            return number
    return 0


def _height(performer: Performer, sprite: Sprite) -> float:
    """Metres. People's pictures are those of their age."""
    size = SIZES[performer.size] if performer.size else 1.0
    grown = AGES.get(performer.age, 1.0) if performer.age and sprite.subject.kind != "people" else 1.0
    return sprite.subject.height * size * grown


def _modelled(cast: tuple[Performer, ...], sprites: list[Sprite]) -> tuple[tuple[Performer, ...], list[Sprite]]:
    """A globe, or the model of a ship, that stands there where the thing itself has no room."""
    performers, shown = list(cast), list(sprites)
    for number, sprite in enumerate(sprites):
        subject = sprite.subject
        if subject.kind in ("things", "vehicles") and subject.height >= VAST:
            model = msgspec.structs.replace(subject, height=MODEL, medium="ground", speed=0.0)
            performers[number] = msgspec.structs.replace(cast[number], action=Action.STAND)
            shown[number] = replace(sprite, subject=model)
    return tuple(performers), shown


def _set_back(cast: tuple[Performer, ...], sprites: list[Sprite], focus: int, place: Place) -> frozenset[int]:
    """Places in the cast of vehicles that stand about, too large to stand beside the focus: a wreck, an airliner."""
    bonded = {number for number, one in enumerate(cast) if one.bond} | {one.bond.partner for one in cast if one.bond}
    return frozenset(
        number
        for number, one in enumerate(cast)
        if part_of(sprites[number].subject) is Part.VEHICLE
        and number not in {focus, *bonded}
        and (one.action not in GOING or (place is Place.UNDERWATER and one.action is Action.SAIL))
        and sprites[number].subject.height > OVERSHADOWED * sprites[focus].subject.height
    )


def _shown(metres: float, focus: float, part: Part) -> float:
    """The height at which one is shown beside the focus: a mouse by an elephant could not be seen."""
    if part is Part.PIECE:
        return metres
    ratio, most = metres / focus, CONTRAST if part is Part.THING else OVERSHADOWED
    if ratio > most:
        return focus * most * float((ratio / most) ** EVENED)
    if ratio < 1 / CONTRAST:
        return focus * max(LEAST, float((ratio * CONTRAST) ** EVENED) / CONTRAST)
    return metres


CHAT = 1.3
"""Seconds that each has its turn who talks where the prompt has no lines."""


def lines(shot: Shot, figure: Figure) -> tuple[tuple[float, float], ...]:
    """When `figure` speaks: seconds, from and to. Where nobody is given a line, those who talk do so by turns."""
    if figure.one:
        return ()
    if shot.dialogue:
        return tuple((one.start, one.end) for one in spoken(shot) if one.line.speaker == figure.number)
    if shot.cast[figure.number].action is not Action.TALK:
        return ()
    turn = CHAT * (figure.number % 2)
    return tuple((turn + k * 2 * CHAT, turn + (2 * k + 0.85) * CHAT) for k in range(int(shot.duration / CHAT) + 1))


def taking(figure: Figure, action: Action) -> Figure:
    """The same figure in another action."""
    performer = msgspec.structs.replace(figure.performer, action=action)
    sprite = likeness(performer, fine=figure.sprite.fine)
    metres = sprite.subject.height * figure.height / figure.sprite.subject.height
    return replace(figure, performer=performer, sprite=sprite, height=metres)
