"""A puppet's body as the camera sees it: joints in pixels, outlines of limbs, trunk and skirts about them."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dalang.engines.animatic.bodies.bones import Build, Figure, Joint
from dalang.engines.animatic.bodies.clay import Circle, Outline, Points, chain, hull

AHEAD = 32.0
"""Degrees that one who goes across the picture is turned to the camera: three quarters of it are seen."""
THIGH, KNEE, SHIN, ANKLE = 0.047, 0.036, 0.033, 0.024
SHOULDER, ELBOW, WRIST, PALM = 0.035, 0.027, 0.020, 0.0275
"""Radii, shares of the body's height."""
RINGS = ((-0.24, 0.094, 0.068), (0.0, 0.092, 0.066), (0.36, 0.084, 0.060), (0.78, 0.108, 0.072), (1.0, 0.092, 0.050))
"""Of the trunk: part of the way from hips to shoulders, half its breadth, half its depth."""


@dataclass(frozen=True)
class View:
    """From where a body is seen, and where it is put."""

    turn: float
    """Degrees that it faces the camera: 0 goes to the right, 90 comes nearer, -90 goes away."""
    along: float
    """Pixels on the canvas to one that it goes forward."""
    scale: float
    """Pixels to a metre."""
    x: float
    floor: float
    """Row of the ground."""

    @property
    def aside(self) -> float:
        return math.sin(math.radians(self.turn))

    @property
    def facing(self) -> float:
        return math.cos(math.radians(self.turn))

    def depth(self, joint: Joint) -> float:
        """Metres nearer to the camera."""
        return float(joint[0]) * self.aside + float(joint[2]) * self.facing

    def spot(self, joint: Joint) -> tuple[float, float]:
        """Pixels; what is nearer is a little lower, for the camera looks down on it."""
        across = float(joint[0]) * self.along - float(joint[2]) * self.aside
        return self.x + across * self.scale, self.floor - (float(joint[1]) - 0.09 * self.depth(joint)) * self.scale


def looking(turn: float, scale: float, x: float, floor: float, *, spun: bool = False) -> View:
    """A view. Unless it is `spun`, what goes across keeps its whole stride, so that feet match the ground."""
    along = 1.0 if abs(turn) < 60 and not spun else math.cos(math.radians(turn))
    return View(turn, along, scale, x, floor)


@functools.lru_cache(4096)
def _girths(build: Build, part: float, ease: float) -> tuple[float, float]:
    at = [ring[0] for ring in RINGS]
    slim = 1 + (build.waist - 1) * max(0.0, 1 - abs(part - 0.36) / 0.36)
    wide, deep = (float(np.interp(part, at, [ring[k] for ring in RINGS])) for k in (1, 2))
    stout = build.girth * slim * (build.shoulders / 0.112) ** 0.5
    return (wide * stout + ease) * build.height, (deep * stout + ease) * build.height


@dataclass(frozen=True)
class Mannequin:
    build: Build
    figure: Figure
    view: View

    @property
    def unit(self) -> float:
        """Pixels of the body's height."""
        return self.build.height * self.view.scale

    def circle(self, joint: Joint, radius: float) -> Circle:
        """`radius` is a share of the body's height."""
        x, y = self.view.spot(joint)
        return x, y, max(0.8, radius * self.build.girth * self.unit)

    def leg(self, side: int, part: float, ease: float, start: float = 0.0) -> Outline:
        """From the hip (0) to the ankle (1), from `start` to `part` of the way."""
        f, knee = self.figure, 0.5
        stops = [
            (0.0, f.sockets[side], THIGH * 1.1),
            (knee, f.knees[side], KNEE),
            (0.72, f.knees[side] * 0.56 + f.ankles[side] * 0.44, SHIN),
            (1.0, f.ankles[side], ANKLE),
        ]
        return chain(*self._stretch(stops, start, part, ease))

    def arm(self, side: int, part: float, ease: float, start: float = 0.0) -> Outline:
        """From the shoulder (0) to the wrist (1)."""
        f = self.figure
        stops = [(0.0, f.shoulders[side], SHOULDER), (0.5, f.elbows[side], ELBOW), (1.0, f.hands[side], WRIST)]
        return chain(*self._stretch(stops, start, part, ease))

    def _stretch(
        self, stops: list[tuple[float, Joint, float]], start: float, part: float, ease: float
    ) -> list[Circle]:  # fmt: skip
        """Circles along a limb from `start` to `part` of it."""
        at = [stop[0] for stop in stops]
        inner = [stop for stop in stops if start < stop[0] < part]
        ends = [self._between(stops, at, share) for share in (start, part)]
        return [self.circle(joint, radius + ease) for _, joint, radius in (ends[0], *inner, ends[1])]

    def _between(
        self, stops: list[tuple[float, Joint, float]], at: list[float], share: float
    ) -> tuple[float, Joint, float]:  # fmt: skip
        k = min(max(1, int(np.searchsorted(at, share))), len(stops) - 1)
        (a, first, thin), (b, second, thick) = stops[k - 1], stops[k]
        w = (share - a) / (b - a)
        return share, first + (second - first) * w, thin + (thick - thin) * w

    def hand(self, side: int, ease: float = 0.0) -> tuple[Outline, Outline]:
        """A palm with its thumb, and four fingers half closed over it."""
        wrist, elbow = self.figure.hands[side], self.figure.elbows[side]
        tall = self.build.height
        way = (wrist - elbow) / max(1e-6, float(np.linalg.norm(wrist - elbow))) * tall
        across = np.array([-way[1], way[0], 0.0])
        across = across / max(1e-6, float(np.linalg.norm(across))) * tall
        palm = wrist + way * 0.018
        thumb = [palm + across * 0.012, palm + across * 0.024 + way * 0.012]
        back = [
            hull(self.circle(wrist, WRIST * 0.92 + ease), self.circle(palm, PALM * 0.92 + ease)),
            hull(self.circle(thumb[0], PALM * 0.42 + ease), self.circle(thumb[1], PALM * 0.32 + ease)),
        ]
        fingers = []
        for place, length in ((-1.5, 0.030), (1.5, 0.034), (-0.5, 0.038), (0.5, 0.040)):
            root, tip = palm + across * 0.0095 * place, palm + across * 0.0082 * place + way * length
            fingers.append(hull(self.circle(root, PALM * 0.30 + ease), self.circle(tip, PALM * 0.27 + ease)))
        return back, fingers

    def foot(self, side: int, ease: float = 0.0) -> Outline:
        """A shoe."""
        f, tall = self.figure, self.build.height
        up = np.array([0.0, 1.0, 0.0]) * tall
        back, toe = f.heels[side] + up * 0.024, f.toes[side] + up * 0.018
        way = f.toes[side] - f.heels[side]
        ball = f.heels[side] + way * 0.62 + up * 0.024
        return [
            hull(
                self.circle(f.ankles[side], 0.025 + ease),
                self.circle(back, 0.024 + ease),
                self.circle(ball, 0.024 + ease),
            ),
            hull(self.circle(back, 0.024 + ease), self.circle(ball, 0.026 + ease), self.circle(toe, 0.020 + ease)),
        ]

    @cached_property
    def axes(self) -> tuple[Joint, Joint, Joint]:
        """The trunk's own up, forward and near side."""
        f = self.figure
        up = f.chest - f.pelvis
        up = up / np.linalg.norm(up)
        near = f.shoulders[0] - f.shoulders[1]
        near = near / np.linalg.norm(near)
        ahead = np.cross(up, near)
        return up, ahead, near

    def spine(self, part: float) -> Joint:
        """A point of the trunk's middle, from the hips (0) to the shoulders (1)."""
        return np.asarray(self.figure.pelvis + (self.figure.chest - self.figure.pelvis) * part)

    def girths(self, part: float, ease: float) -> tuple[float, float]:
        """Half the trunk's breadth and depth, metres."""
        return _girths(self.build, part, ease)

    def surface(self, part: float, around: float, ease: float = 0.0) -> tuple[float, float]:
        """A point on the trunk, pixels: `around` is degrees from its front towards its near side."""
        wide, deep = self.girths(part, ease)
        _, ahead, near = self.axes
        angle = math.radians(around)
        return self.view.spot(self.spine(part) + ahead * deep * math.cos(angle) + near * wide * math.sin(angle))

    def shows(self, around: float) -> bool:
        """Whether the camera sees that side of the trunk."""
        _, ahead, near = self.axes
        angle = math.radians(around)
        return self.view.depth(ahead * math.cos(angle) + near * math.sin(angle)) > -0.02

    def trunk(self, ease: float, low: float = -0.10, high: float = 1.0) -> Outline:
        """From `low` to `high` of the way from hips to shoulders; the shoulders' caps where it reaches them."""
        rings = [self.ring(part, ease) for part in np.linspace(low, min(high, 0.93), 7).tolist()]
        body = np.array([ring[0] for ring in rings] + [ring[1] for ring in rings[::-1]])
        bottom = self.ring(low, ease)
        ends = [self._cap(*bottom)]
        if high >= 1.0:
            caps = [self.circle(joint, SHOULDER * 0.98 + ease) for joint in self.figure.shoulders]
            neck = self.circle(self.spine(1.03), 0.036)
            ends += [hull(*caps, neck), hull(*caps, self.circle(self.spine(0.72), 0.05))]
        return [body, *ends]

    def ring(self, part: float, ease: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """The two ends of the trunk's outline at a height."""
        wide, deep = self.girths(part, ease)
        _, ahead, near = self.axes
        x, y = self.view.spot(self.spine(part))
        dx = math.hypot(wide * self._across(near), deep * self._across(ahead)) * self.view.scale
        lean = math.atan2(*np.subtract(self.view.spot(self.spine(1.0)), self.view.spot(self.spine(0.0)))[::-1])
        nx, ny = -math.sin(lean), math.cos(lean)
        return (x + nx * dx, y + ny * dx), (x - nx * dx, y - ny * dx)

    def _across(self, way: Joint) -> float:
        """How much of a way of the body goes across the picture or up it."""
        across = float(way[0]) * self.view.along - float(way[2]) * self.view.aside
        return math.hypot(across, float(way[1]))

    def _cap(self, first: tuple[float, float], second: tuple[float, float]) -> Points:
        middle = (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
        radius = math.dist(first, second) / 2
        low = middle[0], middle[1], radius * 0.22
        return hull((*first, 0.8), (*second, 0.8), low)

    def skirt(self, hem: float, flare: float, ease: float, start: float = 0.30) -> Outline:
        """From the waist round both legs down to `hem`."""
        f = self.figure
        waist = [(*self.ring(start, ease)[k], 1.0) for k in (0, 1)]
        hips = [self.circle(joint, THIGH * 1.1 + ease) for joint in f.sockets]
        lows: list[Circle] = []
        for side in (0, 1):
            stops = [(0.0, f.sockets[side], 0.050), (0.5, f.knees[side], 0.042), (1.0, f.ankles[side], 0.038)]
            _, joint, radius = self._between(stops, [0.0, 0.5, 1.0], hem)
            lows.append(self.circle(joint, radius + ease))
        wide = [self._flared(low, hips, flare) for low in lows]
        knees = [self.circle(joint, KNEE + ease) for joint in f.knees] if hem > 0.5 else []
        return [hull(*waist, *hips), hull(*hips, *knees, *[c for pair in wide for c in pair])]

    def _flared(self, low: Circle, hips: list[Circle], flare: float) -> list[Circle]:
        """The hem's two corners about a leg: a hem is flat."""
        hip_x, hip_y = (hips[0][0] + hips[1][0]) / 2, (hips[0][1] + hips[1][1]) / 2
        x, y, radius = low
        length = max(1.0, math.hypot(x - hip_x, y - hip_y))
        nx, ny = -(y - hip_y) / length, (x - hip_x) / length
        out = radius + flare * self.unit
        small = max(2.0, radius * 0.35)
        return [(x + nx * (out - small) * way, y + ny * (out - small) * way, small) for way in (-1, 1)]

    def far_first(self, pair: tuple[Joint, Joint]) -> tuple[int, int]:
        """Sides in the order they are drawn."""
        return (1, 0) if self.view.depth(pair[0]) >= self.view.depth(pair[1]) else (0, 1)
