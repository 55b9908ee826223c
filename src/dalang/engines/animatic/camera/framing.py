"""Where the camera stands for a shot, and how it keeps those whom it shows in the picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from dalang.engines.animatic.camera.angle import AIMS, Aim, horizons
from dalang.engines.animatic.camera.camera import DOLLY, PAN, Lens, Path
from dalang.engines.animatic.camera.closeup import crown, cut_height, nearing
from dalang.engines.animatic.figures.area import Area
from dalang.engines.animatic.figures.blocking import block
from dalang.engines.animatic.figures.figure import ROOMS, SIZES, Figure, Part, focus_of
from dalang.engines.animatic.figures.stand import Stand
from dalang.scene.performer import Action
from dalang.scene.plan import Camera, Place, Shot, View

SHARPEST, SOFTENED = 1.6, 1.8
"""Pictures of subjects are drawn at most this many times their own size; giants beside a small lead, so that it is
seen."""
WIDEST = 0.42
"""Of the frame's width, that a subject may take; of a square or upright frame's, UPRIGHT."""
UPRIGHT = 0.58
DRIFT = 0.16
"""Of the frame's width, that a subject crosses in a shot; the camera keeps up with the rest."""
PAST = 0.42
"""The same of one who passes somebody, or a camera that stays where it is."""
LOCKED = 1.3
"""Widths of the frame, up to which a subject may go before a camera that stays; it stands further off then."""
ADVANCE = 4.0
"""Metres that a dolly travels without a subject."""
ALOFT = 40.0
"""Metres over the clouds, at the least; and how far a dolly goes among them without a subject."""
SWEPT = 0.8
"""Of the frame's width, that clouds under the camera may go by in a shot at its lower edge."""
EYE = 1.6
"""Metres over the ground, without a subject."""
LEVEL = 0.26
"""Of the frame's height, that a subject's feet are under the horizon for a camera at eye level."""
HUNG = (0.30, 0.40)
"""Of the frame's height, where the middle of what flies is."""
VIEWS = {View.WIDE: (0.85, 0.6), View.MEDIUM: (1.0, 1.0), View.CLOSE: (1.3, 1.6)}
"""Of the usual focal length, and of the usual size of the subject; without a subject, the lens alone must tell."""
ROOMY = 1.45
"""How much larger a subject is in a wide view of a room, which would be half ceiling else, or of a building, a toy."""
BACKGROUND = 0.5
"""Of the frame's width, that the most distant wood may shift in a shot."""
GROWN = 0.35
"""Power of a subject's size with which it is larger in the frame."""
SIDE, HEADROOM, FLOOR = 0.03, 0.05, 0.985
"""Of the frame: free at its sides and over heads; how low feet may be."""
ELBOWS = -0.35
"""The same at its sides, where a person is so near that elbows may be out of it."""
THIRD = 1 / 6
"""Of the frame's width, that a subject stands from its middle, so that there is room where it looks."""
TIMES = 9
"""Moments of a shot at which it is seen whether all are in the frame."""
DEEP = 2.4
"""Of the subject's distance, how far behind it others may be."""
DEPTHS = {
    Place.LIVING_ROOM: 0.12, Place.OFFICE: 0.12, Place.KITCHEN: 0.12, Place.CLASSROOM: 0.12, Place.STAGE: 0.25,
    Place.RIVER: 0.25, Place.BEACH: 0.35, Place.STREET: 0.35, Place.ALLEY: 0.5, Place.MOUNTAIN: 0.8,
    Place.CASTLE: 0.8, Place.STADIUM: 0.8, Place.FOREST: 1.2,
}  # fmt: skip
"""The same where a wall, a house or water is there."""


@dataclass(frozen=True)
class Framing:
    lens: Lens
    path: Path
    stands: tuple[Stand, ...]
    focus: int
    """Place in the cast of the one it is framed about."""
    level: float
    """Metres over the ground, where the eye would be at eye level."""

    @property
    def stand(self) -> Stand | None:
        """Of the one it is framed about; None: nobody is shown."""
        return next((one for one in self.stands if one.figure.number == self.focus), None)

    @property
    def size(self) -> float:
        """How much to scale natural things about a subject: near a cat, trees may not tower out of the picture."""
        return float(np.clip((self.level / 1.1) ** 0.55, 0.34, 2.0))

    def ground(self, otherwise: float) -> float:
        """Metres to the ground that a set is laid out about: under the subject, if that is seen; or `otherwise`."""
        return max(self.stand.distance, self.lens.nearest) if self.stand else otherwise

    @property
    def travel(self) -> float:
        """Metres the camera goes aside during the shot."""
        return self.path.travel

    def margin(self, distance: float) -> int:
        """Pixels by which a view at `distance` metres must be wider than the frame, on each side."""
        return int(self.path.turn + self.lens.focal * self.travel / 2 / distance) + 8

    def remote(self, distance: float) -> float:
        """`distance`, or more where the camera travels so far that a view would have to be very wide."""
        return max(distance, self.lens.focal * self.travel / (BACKGROUND * self.lens.width))


@dataclass(frozen=True)
class Setup:
    """A shot before its distance is known."""

    shot: Shot
    width: int
    height: int
    focal: float
    horizon: int
    stands: tuple[Stand, ...]
    """Metres, about the focus."""
    focus: int
    foot: float
    """Of the frame's height, where feet are."""
    hung: float
    """The same, of the middle of what flies."""
    crown: float | None = None
    """The same, of the head of one whose feet are not shown."""

    @property
    def aim(self) -> Aim:
        return AIMS[self.shot.angle]

    @property
    def star(self) -> Stand:
        return next(one for one in self.stands if one.figure.number == self.focus)

    @property
    def span(self) -> float:
        """Metres from side to side of all who play, half through the shot."""
        sides = [
            one.x(self.shot.duration / 2) + side * one.figure.long / 2
            for one in self.stands
            for side in (-1, 1)
            if one.figure.part is not Part.PIECE
        ]
        return max(sides, default=0.0) - min(sides, default=0.0)

    def at(self, distance: float, aside: float) -> Framing:
        """The framing from `distance` metres, all moved `aside` pixels."""
        star, shot = self.star, self.shot
        per_metre = self.focal / distance
        eye = _eye(star.figure.performer.action, (self._foot(per_metre) - self.horizon) / per_metre)
        path = Path(shot.camera, shot.duration, _turn(shot, self.width), DOLLY * distance, self._follow(per_metre))
        if shot.place is Place.SKY:
            swept = abs(path.follow) * shot.duration * (self.height - self.horizon) / (SWEPT * self.width)
            eye = max(ALOFT, swept)
        lens = Lens(self.width, self.height, self.focal, self.horizon, eye, self.aim.upright)
        lift = (lens.row(distance) - self.hung * self.height) / per_metre - star.figure.height / 2
        stands = tuple(self._set(one, distance, aside / per_metre, lift) for one in self.stands)
        level = _eye(star.figure.performer.action, LEVEL * self.height * self.aim.larger / per_metre)
        return Framing(lens, path, stands, self.focus, level)

    def _foot(self, per_metre: float) -> float:
        foot = self.foot * self.height
        if self.crown is None:
            return foot
        # A crowd is seen from further off, feet and all: over the horizon, they would have the eye in the ground.
        return max(foot, self.crown * self.height + self.star.figure.height * self.aim.upright * per_metre)

    def _set(self, stand: Stand, distance: float, aside: float, lift: float) -> Stand:
        fixed = stand.figure.part is Part.PIECE and stand.figure.number != self.focus
        way = stand.way.moved(0.0 if fixed else aside, distance, lift if stand.aloft else 0.0)
        away = way.at(self.shot.duration / 2).z
        rows = stand.figure.sprite.frames.shape[1]
        return replace(stand, way=way, distance=away, scale=stand.figure.height * self.focal / away / rows)

    def _follow(self, per_metre: float) -> float:
        """Metres a second that the camera goes with the focus; it waits for one who will stop."""
        way, duration = self.star.way, self.shot.duration
        if way.rest is not None:
            return 0.0
        pace = (way.at(duration).x - way.at(0.0).x) / duration
        still = any(one.figure.part is not Part.PIECE and not one.pace for one in self.stands)
        seen = self.width / per_metre
        room = max(0.04, 1 - 2 * SIDE - self.span / seen)
        if self.shot.camera is Camera.STATIC and abs(pace) * duration < min(LOCKED, room) * seen:
            return 0.0
        share = min(room, PAST if still or self.shot.camera is Camera.STATIC else DRIFT) * seen / duration
        return math.copysign(max(0.0, abs(pace) - share), pace)


def fitted(setup: Setup, distance: float, centre: float) -> Framing:
    """The framing from the nearest that shows everyone, their middle at `centre` of the frame's width."""
    side, floor = (SIDE, FLOOR) if setup.crown is None else (ELBOWS, math.inf)
    low, high = side * setup.width, (1 - side) * setup.width
    for _ in range(40):
        left, right, _, _ = _extent(setup, setup.at(distance, 0.0))
        aside = centre * setup.width - (left + right) / 2
        aside = max(low - left, min(high - right, aside))
        framing = setup.at(distance, aside)
        left, right, top, bottom = _extent(setup, framing)
        wide, tall = (right - left) / (high - low), (bottom - top) / ((floor - HEADROOM) * setup.height)
        soft = max(one.scale * nearing(setup.shot.camera) / _sharpest(setup, one) for one in _bound(framing))
        out = (
            soft > 1.001
            or left < low - 1
            or right > high + 1
            or top < HEADROOM * setup.height
            or bottom > floor * setup.height
        )
        if not out:
            return framing
        distance *= max(1.03, wide, tall, min(soft, 1.5))
    return framing


def _sharpest(setup: Setup, stand: Stand) -> float:
    return SOFTENED if stand.figure.height > SOFTENED * setup.star.figure.height else SHARPEST


def _bound(framing: Framing) -> list[Stand]:
    """Those whose size goes with the distance: pieces of the set were placed for theirs."""
    shown = [one for one in framing.stands if one.figure.part is not Part.PIECE and not one.carried]
    return shown or list(framing.stands)


Box = tuple[float, float, float, float]
"""Pixels: left, right, top and bottom."""


def _extent(setup: Setup, framing: Framing) -> Box:
    """Of all but pieces of the set, at any time; those whom the camera leaves behind may go out at the sides."""
    shown = [one for one in framing.stands if one.figure.number == setup.focus or one.figure.part is not Part.PIECE]
    passed = framing.path.follow != 0
    staying = [one for one in shown if one.pace or not passed]
    left, right, _, _ = _around(setup, framing, staying)
    _, _, top, bottom = _around(setup, framing, shown)
    return left, right, top, bottom


def _around(setup: Setup, framing: Framing, stands: list[Stand]) -> Box:
    left, right, top, bottom = zip(*(box for stand in stands for box in _boxes(setup, framing, stand)), strict=True)
    return min(left), max(right), min(top), max(bottom)


def _boxes(setup: Setup, framing: Framing, stand: Stand) -> Iterator[Box]:
    lens = framing.lens
    for time in np.linspace(0, setup.shot.duration, TIMES):
        pose, mark = framing.path.pose(float(time)), stand.way.at(float(time))
        away = mark.z - pose.z
        per_metre = lens.scale(away)
        middle = lens.middle + (mark.x - pose.x) * per_metre - pose.turn
        half, foot = stand.figure.long * per_metre / 2, lens.row(away) - mark.height * per_metre
        yield middle - half, middle + half, foot - stand.figure.height * per_metre * lens.upright, foot


def _centre(rng: np.random.Generator, stands: tuple[Stand, ...], focus: int) -> float:
    """Where the middle of those shown belongs, as a part of the frame's width: with room where they look or go."""
    star = next(one for one in stands if one.figure.number == focus)
    aside = THIRD + float(rng.uniform(-0.02, 0.02))
    others = {one.figure.number for one in stands if one.figure.part is not Part.PIECE and not one.carried} - {focus}
    if star.figure.part in (Part.THING, Part.PIECE) or star.way.rest is not None:
        aside = float(rng.uniform(-0.04, 0.04))
    elif others or len(stands) > 1:
        aside *= 0.4 if star.pace else 0.0
    return 0.5 - star.heading * aside


def frame_shot(rng: np.random.Generator, shot: Shot, width: int, height: int, cast: tuple[Figure, ...]) -> Framing:
    """Choose lens, distance and the camera's way. Raises nothing; all fit."""
    if not cast:
        return _empty(rng, shot, width, height)
    longer, larger = VIEWS[shot.view]
    focal = 0.85 * longer * max(width, height)
    aim, focus = AIMS[shot.angle], focus_of(shot.cast)
    star = next(one for one in cast if one.number == focus)
    horizon = int(height * rng.uniform(*horizons(shot.angle, shot.place)))
    if shot.view is View.WIDE and (shot.place in ROOMS or star.part is Part.PIECE):
        larger *= ROOMY
    size = larger * aim.larger * float(rng.uniform(0.88, 1.0))
    cut = cut_height(shot, star, height)
    distance = focal * star.height / (cut or drawn_height(width, height, star, shot.camera, size))
    deep = DEPTHS.get(shot.place, DEEP)
    area = Area(width * distance / focal, height * distance / focal, distance, deep * distance, height)
    stands = block(rng, shot, cast, focus, area)
    setup = Setup(
        shot, width, height, focal, horizon, stands, focus, float(rng.uniform(*aim.foot)), float(rng.uniform(*HUNG))
    )
    if cut:
        setup = replace(setup, crown=crown(shot.camera, horizon / height))
    return fitted(setup, distance, _centre(rng, stands, focus))


def _empty(rng: np.random.Generator, shot: Shot, width: int, height: int) -> Framing:
    """The set alone; the lens must tell how near it is."""
    focal = 0.85 * VIEWS[shot.view][0] ** 2 * max(width, height)
    aim, horizon = AIMS[shot.angle], int(height * rng.uniform(*horizons(shot.angle, shot.place)))
    above, advance = (ALOFT, ALOFT) if shot.place is Place.SKY else (EYE, ADVANCE)
    level = above * float(rng.uniform(0.8, 1.3))
    lens = Lens(width, height, focal, horizon, level * aim.raised, aim.upright)
    return Framing(lens, Path(shot.camera, shot.duration, _turn(shot, width), advance), (), 0, level)


def _turn(shot: Shot, width: int) -> float:
    return PAN * width if shot.camera in (Camera.PAN_LEFT, Camera.PAN_RIGHT) else 0.0


def drawn_height(width: int, height: int, figure: Figure, camera: Camera, size: float) -> float:
    """Pixels: larger for larger things, within the frame and the picture's sharpness, a dolly included."""
    _, rows, columns, _ = figure.sprite.frames.shape
    share = float(np.clip(0.345 + 0.035 * math.log2(figure.height / 0.5), 0.30, 0.45))
    asked = SIZES[figure.performer.size] ** GROWN if figure.performer.size else 1.0
    widest = (WIDEST if width > height else UPRIGHT) * width
    wanted = min(share * min(height, 1.5 * width), widest * rows / columns) * size * asked
    return float(min(wanted, SHARPEST * rows / nearing(camera)))


def _eye(action: Action, level: float) -> float:
    """Height of the eye, from that which puts the subject's foot at its row; over what flies, the land lies open."""
    return max(level, 2.6) if action is Action.FLY else level
