"""What a tracking camera passes: dark and out of focus, close before the lens, smeared by its own speed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.camera.camera import Lens
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.places.grove import Prop, sized
from dalang.engines.animatic.places.props import BUSH, DESERT_KINDS, REED, ROCK, SNOW_KINDS, TUFTS, Kind, wanted
from dalang.engines.animatic.scenery import Set
from dalang.scene.plan import Camera, Place, Thing

NEAR = 0.62
"""How far away it is, of the ground at the bottom of the picture."""
SHOWN = (0.10, 0.24)
"""Of the frame's height, how far it reaches into the frame."""
APART = 1.7
"""Widths of the frame from one to the next."""
COUNT = 3
DARK = 0.62
PAINTED = 0.2
"""Of the picture's height, at what height it is painted, being out of focus."""
SHUTTER = 1 / 60
"""Seconds for which a frame is exposed."""
BUSHES: dict[Place, tuple[Kind, ...]] = {
    Place.MEADOW: (BUSH, TUFTS[Place.MEADOW][0]),
    Place.FOREST: (BUSH, TUFTS[Place.FOREST][0]),
    Place.MOUNTAIN: (ROCK, TUFTS[Place.MOUNTAIN][0]),
    Place.SNOW: (SNOW_KINDS[2],),
    Place.DESERT: (DESERT_KINDS[1],),
    Place.RIVER: (REED, BUSH),
    Place.BEACH: (ROCK,),
}
POSTS = {Place.STREET: 0.014, Place.ALLEY: 0.02}
"""Half how wide posts are, of the frame's shorter side; no other place has any between the camera and its subject."""


@dataclass(frozen=True)
class Pass:
    """How what passes is seen."""

    lens: Lens
    light: Light
    z: float
    blur: float
    """Pixels."""
    smear: int
    """Pixels that it goes while a frame is exposed."""

    def seen(self, view: Picture) -> Picture:
        """`view` with room about it for what the lens and the speed spread."""
        side, pad = round(3 * self.blur) + self.smear, round(3 * self.blur)
        wide = cv2.copyMakeBorder(view, pad, 0, side, side, cv2.BORDER_CONSTANT)
        soft = cv2.GaussianBlur(wide, (0, 0), self.blur)
        if self.smear > 1:
            soft = cv2.blur(soft, (self.smear, 1))
        return np.asarray(cv2.convertScaleAbs(soft), np.uint8)


def passing(scene: Set) -> list[Prop]:
    """What goes by before a tracking camera; nothing where nothing stands on the ground."""
    place, lens, path = scene.shot.place, scene.framing.lens, scene.framing.path
    if scene.shot.camera is not Camera.TRACKING or scene.afloat:
        return []
    z = NEAR * lens.nearest
    speed = abs(path.follow) + 2 * abs(path.truck) / path.duration
    smear = min(lens.width // 6, round(speed * lens.scale(z) * SHUTTER))
    seen = Pass(lens, scene.light, z, max(1.0, scene.window.height / 130), max(1, smear))
    kinds = wanted(BUSHES[place], scene.shot.without) if place in BUSHES else ()
    if kinds:
        return _bushes(scene, seen, kinds)
    if place in POSTS and not {Thing.LAMPS, Thing.BUILDINGS} & scene.shot.without:
        return _set_out(scene, seen, [_post(seen, POSTS[place] * scene.window.height)])
    return []


def _bushes(scene: Set, seen: Pass, kinds: tuple[Kind, ...]) -> list[Prop]:
    rng, lens = generator(scene.seed, "passing"), seen.lens
    below = lens.row(seen.z) - scene.window.top - scene.window.height
    views = []
    for number in range(COUNT):
        kind = kinds[number % len(kinds)]
        high = below + float(rng.uniform(*SHOWN)) * scene.window.height
        view = kind.paint(rng, scene.light, scene.sun, round(min(high, PAINTED * lens.height)))
        view = sized(view[int(np.argmax(view[..., 3].max(axis=1) > 64)) :], high)
        view[..., :3] = cv2.convertScaleAbs(view, alpha=DARK)[..., :3]
        views.append(view)
    return _set_out(scene, seen, views)


def _post(seen: Pass, half: float) -> Picture:
    """From under the picture to over it."""
    rows, wide = round(seen.lens.row(seen.z)) + 2, max(3, round(2 * half))
    round_ = 0.5 + 0.5 * np.sqrt(1 - np.linspace(-0.98, 0.98, wide) ** 2)
    iron = rgb((64, 66, 72)) * (rgb(seen.light.fill) + 0.3 * rgb(seen.light.key))
    return picture(np.broadcast_to(round_[None, :, None] * iron, (rows, wide, 3)))


def _set_out(scene: Set, seen: Pass, views: list[Picture]) -> list[Prop]:
    """Evenly but for a little, one after the other."""
    rng, lens = generator(scene.seed, "passing places"), seen.lens
    step = APART * scene.window.width / lens.scale(seen.z)
    places = [step * (number + float(rng.uniform(-0.2, 0.2))) for number in range(len(views))]
    period = step * len(views)
    return [Prop(seen.seen(view), 0, x + step / 2, seen.z, period, lens) for x, view in zip(places, views, strict=True)]
