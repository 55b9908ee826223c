"""The bodies of four-legged animals: proportions by build, and a pose made solid.

Lengths are in heights of the withers, x to the right from the middle of the body, y up from the ground; animals look
to the left.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

from dalang.engines.animatic.bodies.gait import Foot, Pose
from dalang.engines.animatic.bodies.pelt import Pelt
from dalang.engines.animatic.bodies.volume import CHAINED, Colour, Point, Volume

FAR = 0.80
"""What is left of a colour on the legs of the far side."""
STRIPES = (0.08, 0.3, 0.5, 0.7, 0.92)
SPOTS = (
    (0.02, 0.55, 0.035),
    (0.2, 0.2, 0.045),
    (0.3, 0.72, 0.04),
    (0.47, 0.3, 0.05),
    (0.6, 0.7, 0.035),
    (0.72, 0.1, 0.035),
    (0.78, 0.5, 0.045),
    (0.98, 0.55, 0.04),
    (1.0, 0.1, 0.04),
    (0.35, -0.25, 0.03),
    (0.1, -0.2, 0.03),
)
"""Along the trunk (0 shoulders, 1 hips), up from its middle in parts of its thickness, and radius."""
LIMP = -34
"""Degrees over the level at which a limp tail leaves the body."""
CHIN = 0.47
"""Lowest that the middle of a head comes to the ground, in parts of the face."""
SOFT = 0.34
"""How far the near legs stand out from the body."""


@dataclass(frozen=True)
class Build:
    """What a kind of animal is shaped like."""

    length: float
    """From the shoulders to the hips."""
    shoulder: float
    """Height of the shoulder joint."""
    hip: float
    trunk: tuple[float, float, float]
    """Radii of chest, belly and rump."""
    leg: tuple[float, float]
    """Radii of a leg above and below."""
    paw: float
    neck: float
    """Radius."""
    head: tuple[float, float]
    """Middle of the head, right and up of the shoulder."""
    face: float
    """Height of the head's picture."""
    tail: tuple[float, ...]
    """Radii along it."""
    reach: float
    """Length of the tail."""
    raised: float
    """Degrees over the level at which it leaves the body."""
    curl: float
    """Degrees that each piece of the tail goes on bending upwards."""
    haunch: float = 1.0
    """How thick the thigh is, in parts of the rump."""
    plantigrade: bool = False
    """It walks on the whole foot: no hock in the air."""


BUILDS = {
    "canine": Build(0.86, 0.66, 0.70, (0.245, 0.185, 0.205), (0.098, 0.058), 0.068, 0.17, (-0.22, 0.46), 0.74,
                    (0.06, 0.085, 0.11, 0.125, 0.11, 0.07, 0.02), 0.82, -34, 7),
    "feline": Build(0.98, 0.64, 0.68, (0.25, 0.20, 0.215), (0.115, 0.072), 0.085, 0.20, (-0.24, 0.40), 0.80,
                    (0.05, 0.045, 0.04, 0.038, 0.036, 0.036), 0.92, -50, 17),
    "bear": Build(0.86, 0.60, 0.60, (0.335, 0.345, 0.34), (0.165, 0.125), 0.12, 0.26, (-0.30, 0.34), 0.78,
                  (0.07, 0.06), 0.07, 10, 0, haunch=0.95, plantigrade=True),
    "raccoon": Build(0.80, 0.52, 0.58, (0.27, 0.30, 0.30), (0.10, 0.066), 0.072, 0.2, (-0.26, 0.40), 0.80,
                     (0.10, 0.115, 0.12, 0.12, 0.115, 0.10, 0.06), 0.85, -22, 9, plantigrade=True),
    "ape": Build(0.62, 0.74, 0.50, (0.31, 0.29, 0.25), (0.115, 0.085), 0.085, 0.2, (-0.20, 0.36), 0.66,
                 (0.045, 0.045, 0.042, 0.04, 0.04, 0.04, 0.04), 0.9, 10, 22, plantigrade=True),
    "rodent": Build(0.66, 0.44, 0.46, (0.30, 0.36, 0.38), (0.08, 0.055), 0.062, 0.24, (-0.30, 0.34), 0.90,
                    (0.05, 0.042, 0.036, 0.03, 0.026, 0.02), 0.9, -20, 8, haunch=0.6, plantigrade=True),
    "equine": Build(0.92, 0.70, 0.74, (0.265, 0.24, 0.255), (0.115, 0.055), 0.062, 0.21, (-0.24, 0.50), 0.92,
                    (0.05, 0.08, 0.10, 0.105, 0.09, 0.05), 0.72, -62, 3),
    "moose": Build(0.90, 0.72, 0.72, (0.29, 0.25, 0.235), (0.105, 0.055), 0.062, 0.23, (-0.42, 0.44), 0.80,
                   (0.05, 0.05, 0.03), 0.14, -50, -10),
    "boar": Build(0.78, 0.56, 0.56, (0.335, 0.31, 0.29), (0.115, 0.06), 0.062, 0.28, (-0.42, 0.04), 0.78,
                  (0.03, 0.025, 0.03), 0.3, -40, -10),
    "cat": Build(0.72, 0.64, 0.68, (0.225, 0.22, 0.235), (0.095, 0.06), 0.07, 0.21, (-0.26, 0.42), 0.78,
                 (0.055, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05), 0.95, 28, 15),
    "dog": Build(0.80, 0.66, 0.68, (0.25, 0.21, 0.22), (0.105, 0.07), 0.08, 0.18, (-0.26, 0.42), 0.72,
                 (0.055, 0.055, 0.055, 0.055, 0.055, 0.05), 0.62, 40, 18),
    "hamster": Build(0.52, 0.42, 0.42, (0.30, 0.36, 0.36), (0.08, 0.055), 0.062, 0.24, (-0.24, 0.30), 0.80,
                     (0.04, 0.03), 0.05, 0, 0, haunch=0.6, plantigrade=True),
    "koala": Build(0.62, 0.50, 0.46, (0.28, 0.31, 0.31), (0.115, 0.095), 0.095, 0.2, (-0.18, 0.36), 0.78,
                   (0.05, 0.04), 0.05, 10, 0, plantigrade=True),
    "sloth": Build(0.62, 0.50, 0.46, (0.28, 0.31, 0.31), (0.115, 0.095), 0.095, 0.2, (-0.18, 0.36), 0.78,
                   (0.05, 0.04), 0.05, 10, 0, plantigrade=True),
    "frog": Build(0.52, 0.34, 0.30, (0.27, 0.29, 0.24), (0.075, 0.055), 0.075, 0.24, (-0.16, 0.24), 0.66,
                  (0.04, 0.02), 0.03, 0, 0, haunch=0.8, plantigrade=True),
}  # fmt: skip


@dataclass(frozen=True)
class Body:
    """An animal in one pose."""

    volumes: list[Volume]
    head: Point
    """Middle of the head's picture."""


def body(build: Build, pelt: Pelt, pose: Pose) -> Body:
    fore, hind = _girdle(build, pose, -1), _girdle(build, pose, 1)
    head = fore[0] + build.head[0] + pose.head[0], max(fore[1] + build.head[1] + pose.head[1], CHIN * build.face)
    dark, (hind_near, fore_near, hind_far, fore_far) = pelt.darkened(FAR), pose.feet
    far = _hindleg(build, dark, hind, pose, hind_far) + _foreleg(build, dark, fore, pose, fore_far)
    middle = _tail(build, pelt, hind, pose) + _trunk(build, pelt, fore, hind, pose) + _neck(build, pelt, fore, head)
    near = _hindleg(build, pelt, hind, pose, hind_near) + _foreleg(build, pelt, fore, pose, fore_near)
    return Body([*map(_behind, far), *middle, *near], head)


def _behind(volume: Volume) -> Volume:
    """A piece of a near leg as one of the far side."""
    return replace(volume, near=(-0.4 - 0.3 * volume.near[0], -0.4 - 0.3 * volume.near[1]))


def _girdle(build: Build, pose: Pose, side: int) -> Point:
    moved = pose.fore if side < 0 else pose.hind
    height = build.shoulder if side < 0 else build.hip
    return side * build.length / 2 + moved[0], height + moved[1] * height / 0.7 + pose.lift


def _trunk(build: Build, pelt: Pelt, fore: Point, hind: Point, pose: Pose) -> list[Volume]:
    chest, belly, rump = build.trunk
    chest *= 1 + pose.breath
    belly *= 1 + 1.5 * pose.breath
    middle = (fore[0] + hind[0]) / 2, (fore[1] + hind[1]) / 2 + pose.arch + 0.04
    coat = pelt.coat
    front, back = (fore[0], fore[1] + 0.04), (hind[0] - 0.02, hind[1] + 0.02)
    solid = [
        Volume(front, middle, (chest, belly), (coat, coat)),
        Volume(middle, back, (belly, rump), (coat, coat), melt=CHAINED),
    ]
    return solid + _marks(pelt, fore, hind, (chest, belly, rump))


def _marks(pelt: Pelt, fore: Point, hind: Point, radii: tuple[float, float, float]) -> list[Volume]:
    """Belly, back and shoulders in colours of their own."""
    chest, belly, rump = radii
    places = (
        (pelt.belly, (fore[0] - 0.02, fore[1] - 0.75 * chest), (hind[0] - 0.1, hind[1] - 0.72 * belly), 0.45, 0.3),
        (pelt.saddle, (fore[0], fore[1] + chest), (hind[0], hind[1] + rump), 0.62, 0.62),
        (pelt.yoke, (fore[0] + 0.02, fore[1] + chest), (fore[0] - 0.02, fore[1] - chest), 0.6, 0.6),
    )
    fields = [
        Volume(start, end, (first * chest, last * rump), (hue, hue), paint=True)
        for hue, start, end, first, last in places
        if hue
    ]
    return fields + _pattern(pelt, fore, hind, (chest + rump) / 2)


def _pattern(pelt: Pelt, fore: Point, hind: Point, thick: float) -> list[Volume]:
    """Stripes down the flanks, or spots on them."""

    def at(along: float, up: float) -> Point:
        return fore[0] + along * (hind[0] - fore[0]), fore[1] + along * (hind[1] - fore[1]) + up * thick

    if pelt.stripes:
        hue = pelt.stripes, pelt.stripes
        return [
            Volume(at(x, 1.1), at(x + 0.02, 0.1 - 0.2 * (k % 2)), (0.045, 0.02), hue, paint=True)
            for k, x in enumerate(STRIPES)
        ]
    if pelt.spots:
        return [Volume(at(x, y), at(x + 0.02, y), (r, r), (pelt.spots, pelt.spots), paint=True) for x, y, r in SPOTS]
    return []


def _neck(build: Build, pelt: Pelt, fore: Point, head: Point) -> list[Volume]:
    """The neck, and what hangs before it: a white breast, a mane."""
    root, nape = (fore[0] - 0.04, fore[1] + 0.10), (head[0] + 0.08, head[1] - 0.12 * build.face)
    shoulder = pelt.yoke or pelt.coat
    solid = [Volume(root, nape, (build.neck * 1.25, build.neck), (shoulder, pelt.ruff or shoulder))]
    if pelt.bib:
        throat, breast = (
            (head[0] + 0.04, head[1] - 0.34 * build.face),
            (fore[0] - 0.62 * build.trunk[0], fore[1] - 0.02),
        )
        solid.append(Volume(throat, breast, (0.13, 0.12), (pelt.bib, pelt.bib), near=(0.2, 0.1)))
    if pelt.ruff:
        breast, thick = (fore[0] - 0.10, fore[1] - 0.16), (1.3 * build.neck, 0.7 * build.neck)
        solid.append(Volume(nape, breast, thick, (pelt.ruff, pelt.ruff), near=(0.3, 0.3)))
    return solid


def _foreleg(build: Build, pelt: Pelt, shoulder: Point, pose: Pose, foot: Foot) -> list[Volume]:
    top, low = build.leg
    sole = -build.length / 2 - 0.02 + foot.x, foot.y + pose.lift
    wrist = sole[0] + 0.02 + 0.10 * foot.bent, sole[1] + 0.15 * build.shoulder + 0.04 * foot.bent
    bone = 0.47 * (build.shoulder - 0.1)
    elbow = joint(shoulder, wrist, bone, bone, 1)
    hue = pelt.fore or pelt.coat
    return [
        Volume(shoulder, elbow, (top * 1.35, top), (pelt.yoke or pelt.coat, hue), near=(-0.12, 0.5 * SOFT)),
        Volume(elbow, wrist, (top, low), (hue, pelt.sock or hue), near=(0.5 * SOFT, SOFT)),
        *_paw(build, pelt, wrist, sole, hue),
    ]


def _hindleg(build: Build, pelt: Pelt, hip: Point, pose: Pose, foot: Foot) -> list[Volume]:
    top, low = build.leg
    sole = build.length / 2 + 0.02 + foot.x, foot.y + pose.lift
    rise = 0.12 if build.plantigrade else 0.27
    hock = (
        sole[0] + (0.03 if build.plantigrade else 0.09) + 0.08 * foot.bent,
        sole[1] + rise * build.hip + 0.05 * foot.bent,
    )
    thigh = 0.50 * (build.hip - 0.08)
    knee = joint(hip, hock, thigh, thigh * 0.95, -1)
    hue = pelt.hind or pelt.coat
    rump = build.trunk[2] * build.haunch
    return [
        Volume(hip, knee, (rump * 0.86, top * 1.25), (pelt.coat, hue), near=(-0.10, 0.5 * SOFT)),
        Volume(knee, hock, (top * 1.2, low * 1.05), (hue, pelt.sock or hue), near=(0.5 * SOFT, SOFT)),
        *_paw(build, pelt, hock, sole, hue),
    ]


def _paw(build: Build, pelt: Pelt, above: Point, sole: Point, hue: Colour) -> list[Volume]:
    low, paw = build.leg[1], build.paw
    hue = pelt.sock or hue
    ankle = sole[0] + 0.01, sole[1] + paw
    toe = sole[0] - 0.6 * paw, sole[1] + paw * 0.82
    end = pelt.hoof or hue
    return [
        Volume(above, ankle, (low * 1.02, low), (hue, hue), near=(SOFT, SOFT)),
        Volume(ankle, toe, (paw, 0.82 * paw), (end, end), near=(SOFT, SOFT)),
    ]


def _tail(build: Build, pelt: Pelt, hip: Point, pose: Pose) -> list[Volume]:
    """A chain that a wave runs down: each piece follows the one before."""
    pieces = len(build.tail) - 1
    radii = list(itertools.pairwise(build.tail))
    x, y = hip[0] + 0.72 * build.trunk[2], hip[1] + 0.45 * build.trunk[2]
    step, angle = build.reach / pieces, (build.raised + pose.tail) * (1 - pose.limp) + LIMP * pose.limp
    out = []
    for k in range(pieces):
        bend = pose.swing * math.sin(math.tau * (pose.sway - 0.11 * k)) * (0.3 + 0.7 * k / pieces)
        way = math.radians(angle + bend)
        there = x + step * math.cos(way), max(y + step * math.sin(way), build.tail[k + 1] * 0.9)
        out.append(Volume((x, y), there, radii[k], pelt.tail_hues(k, pieces), melt=CHAINED))
        x, y = there
        angle += build.curl * (1 - pose.limp)
    return out


def joint(root: Point, end: Point, upper: float, lower: float, side: int) -> Point:
    """Where a limb of two bones bends between `root` and `end`: to the right for a `side` of 1, else to the left.

    The bones grow where they are too short.
    """
    x, y = end[0] - root[0], end[1] - root[1]
    length = math.hypot(x, y)
    grow = max(1.0, length / (0.999 * (upper + lower)))
    upper, lower = upper * grow, lower * grow
    along = (length**2 + upper**2 - lower**2) / (2 * max(length, 1e-6))
    aside = math.sqrt(max(upper**2 - along**2, 0.0)) * side
    return root[0] + (x * along - y * aside) / length, root[1] + (y * along + x * aside) / length
