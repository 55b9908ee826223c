"""What blocking goes by: who there is, how much room, and how each would go if alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dalang.engines.animatic.figures.area import Area
from dalang.engines.animatic.figures.figure import Figure, Part
from dalang.engines.animatic.figures.stand import Stand
from dalang.engines.animatic.figures.troupe import troupe
from dalang.engines.animatic.figures.way import Mark, Way, passing, staying
from dalang.scene.directing import GOING
from dalang.scene.performer import Action, Direction
from dalang.scene.plan import FLOATING, Camera, Place, Shot

DRIFTING = 0.35
"""Of its own height, that what can neither fly nor swim drifts in a second."""
TALK = 0.36
"""Of the height of the lower one, between two who have to do with one another."""
PANNED = {Camera.PAN_LEFT: -1, Camera.PAN_RIGHT: 1}
"""Which way a subject goes that a pan follows; against it, the pan would read as going the other way."""
SIDES = {Direction.LEFT: -1, Direction.RIGHT: 1}
RISES = {Direction.UP: 1, Direction.DOWN: -1}
STEPPING = frozenset({Action.WALK, Action.RUN, Action.CRAWL})
"""In which up and down are along a road, not in the air."""
RISEN = 0.36
"""Of the frame's height, that one goes up or down in a shot at the most."""
DEPTHS = {Direction.TOWARDS: -1, Direction.AWAY: 1}
SLANT = 0.22
"""Metres aside for each that one comes nearer or goes away."""
CLIMBED = 0.3
"""Of its height, that a climber gets up in a second."""
HOVERING = 0.2
"""Metres, up to which what flies is in the air whatever it does."""
OVERHEAD = 0.72
"""Of the subject's height, how high what flies is beside one on the ground."""

Placed = dict[int, list[Stand]]
"""By their place in the cast."""


@dataclass(frozen=True)
class Rehearsal:
    rng: np.random.Generator
    shot: Shot
    cast: tuple[Figure, ...]
    focus: int
    """Place in the cast of the one about whom the shot is framed."""
    area: Area

    def group(self, number: int) -> tuple[Figure, ...]:
        """Those who stand for one performer."""
        return tuple(figure for figure in self.cast if figure.number == number)

    def first(self, number: int) -> Figure:
        return self.group(number)[0]

    def has(self, number: int) -> bool:
        return bool(self.group(number))

    def asked(self, number: int) -> int | None:
        """The side that the prompt names."""
        direction = self.first(number).performer.direction
        return SIDES.get(direction) if direction else None

    @cached_property
    def heading(self) -> int:
        """Which way the focus looks and goes: 1 to the right, -1 to the left."""
        either = int(self.rng.choice([-1, 1]))
        asked = self.asked(self.focus) or (self.asked(0) if self.has(0) else None)
        return asked or PANNED.get(self.shot.camera, either)

    def pace(self, figure: Figure) -> float:
        """Metres a second; nobody walks, or drives, where there is nothing to stand on."""
        drifts = self.shot.place in FLOATING and figure.sprite.subject.medium == "ground"
        return DRIFTING * figure.height if drifts and figure.performer.action in GOING else figure.pace

    def free(self, number: int) -> bool:
        """Whether it flies, or there is nothing to stand on; what lies about does so on the sea's floor too."""
        figure = self.first(number)
        floats = self.shot.place in FLOATING and (
            figure.part is Part.PLAYER or number == self.focus or self.shot.place is not Place.UNDERWATER
        )
        return floats or figure.performer.action is Action.FLY

    def level(self, number: int) -> float:
        """Metres over the focus's foot, where both hang free; over the ground else."""
        figure, focus = self.first(number), self.first(self.focus)
        if not self.free(number):
            return OVERHEAD * focus.height if self._hovers(figure) else 0.0
        if self.free(self.focus):
            return (focus.height - figure.height) / 2 + 0.2 * focus.height * float(self.rng.uniform(-1, 1))
        return OVERHEAD * focus.height + 0.2 * figure.height

    def _hovers(self, figure: Figure) -> bool:
        """Whether it is in the air though it does not fly: balloons, insects; birds and dragons come down."""
        small = figure.sprite.subject.height < HOVERING
        return figure.sprite.subject.medium == "air" and (small or figure.part is not Part.PLAYER)

    def deep(self, share: float) -> float:
        """Metres behind the focus, as a share of its distance; less where a wall stands there."""
        return min(share * self.area.distance, self.area.deep)

    def staying(self, x: float, z: float, height: float = 0.0) -> Way:
        return staying(self.shot.duration, Mark(0.0, x, z, height))

    def course(self, number: int) -> Way:
        """How one would go who is alone: half through the shot it passes the middle."""
        figure, duration = self.first(number), self.shot.duration
        direction, pace = figure.performer.direction, self.pace(figure)
        if figure.performer.action is Action.CLIMB:
            return self._rising(CLIMBED * figure.height, 0.0)
        if direction in RISES and figure.performer.action not in STEPPING:
            return self._rising(RISES[direction] * max(pace, 0.25 * figure.height), 0.35 * pace * self.heading)
        if direction in DEPTHS and pace:
            return self._deepening(DEPTHS[direction], pace)
        return passing(duration, Mark(0.0), x=self.heading * pace)

    def _rising(self, pace: float, aside: float) -> Way:
        """Up or down as far as the frame has room, from or to the ground where it does not hang free."""
        duration = self.shot.duration
        most = RISEN * self.area.height / duration
        speed = float(np.clip(pace, -most, most))
        foot = 0.0 if self.free(self.focus) else abs(speed) * duration / 2
        return passing(duration, Mark(0.0, height=foot), x=aside, height=speed)

    def _deepening(self, way: int, pace: float) -> Way:
        """Nearest at the focus's distance; a little aside where its picture is from its side: puppets turn."""
        duration = self.shot.duration
        slow = min(pace, self.area.deep / duration)
        turned = self.first(self.focus).sprite.hands
        aside = self.heading * (0.2 if turned else 1.0) * SLANT * slow
        return passing(duration, Mark(0.0, z=slow * duration / 2), x=aside, z=way * slow)

    def troupe(self, number: int, way: Way, heading: int) -> list[Stand]:
        """Those who play `number`, the first of them on `way`, the others about it."""
        group, free = self.group(number), self.free(number)
        spots = troupe(self.rng, group, self.area, free or self._hovers(group[0]))
        aloft = free and self.free(self.focus)
        return [
            Stand(figure, way.moved(spot.x, spot.z, spot.height), heading, aloft)
            for figure, spot in zip(group, spots, strict=True)
        ]

    def talk(self, one: Figure, other: Figure) -> float:
        """Metres between two who have to do with one another."""
        return TALK * min(one.height, other.height, 3.0)

    def next_to(self, placed: Placed, stands: list[Stand], side: int, gap: float) -> list[Stand]:
        """`stands`, about x = 0, on `side` of all who are placed, `gap` metres from them."""
        middle = self.shot.duration / 2
        inner = max(one.figure.width / 2 - side * one.x(middle) for one in stands)
        return [one.moved(side * (self.reach(placed, side) + gap + inner)) for one in stands]

    def freer(self, placed: Placed, side: int) -> int:
        """`side`, or the other one where that has more room."""
        return side if self.reach(placed, side) <= self.reach(placed, -side) + 0.01 else -side

    def reach(self, placed: Placed, side: int) -> float:
        """Metres that those placed take on `side` half through the shot; pieces of the set count where all are."""
        middle = self.shot.duration / 2
        everyone = [one for group in placed.values() for one in group]
        players = [one for one in everyone if one.figure.part is not Part.PIECE]
        return max(side * one.x(middle) + one.figure.width / 2 for one in players or everyone)
