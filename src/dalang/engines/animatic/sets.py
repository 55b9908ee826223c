"""The sets: which layers make a place, from far to near."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from dalang.engines.animatic.air.light import LAMPLIGHT, Light, indoors, lamplit
from dalang.engines.animatic.air.weather import WET
from dalang.engines.animatic.camera.closeup import nearing
from dalang.engines.animatic.canvas.abreast import abreast
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.figures.actor import Actor, cast
from dalang.engines.animatic.figures.costume import Costume, dressed
from dalang.engines.animatic.figures.figure import lines
from dalang.engines.animatic.figures.stand import Stand
from dalang.engines.animatic.figures.tabletop import laid, pots, surroundings, tabletop
from dalang.engines.animatic.places.alley import neonlit, paint_alley
from dalang.engines.animatic.places.beach import beach
from dalang.engines.animatic.places.castle import paint_castle
from dalang.engines.animatic.places.classroom import classroom
from dalang.engines.animatic.places.forest import forest
from dalang.engines.animatic.places.ground import paint_beach, paint_plain
from dalang.engines.animatic.places.grove import Prop, far_wood, paint_stock, set_out
from dalang.engines.animatic.places.heaven import heaven, paint_wisps
from dalang.engines.animatic.places.kitchen import kitchen
from dalang.engines.animatic.places.land import RANGES, paint_range, spare
from dalang.engines.animatic.places.living_room import living_room
from dalang.engines.animatic.places.mountain import mountain
from dalang.engines.animatic.places.near import paint_near
from dalang.engines.animatic.places.office import office
from dalang.engines.animatic.places.props import KINDS, TUFTS, wanted
from dalang.engines.animatic.places.river import river
from dalang.engines.animatic.places.shore import paint_foam
from dalang.engines.animatic.places.space import space, sunlit
from dalang.engines.animatic.places.stadium import floodlit, paint_stadium
from dalang.engines.animatic.places.street import (
    Layout,
    fronts_distance,
    paint_fronts,
    paint_lamp,
    paint_lane,
    paint_road,
    paint_towers,
)
from dalang.engines.animatic.places.theatre import paint_theatre, stagelit
from dalang.engines.animatic.places.underwater import paint_bubbles, submerged, underwater
from dalang.engines.animatic.places.water import paint_water
from dalang.engines.animatic.places.wet import Wet
from dalang.engines.animatic.scenery import Layer, Set, afloat, sky
from dalang.scene.performer import Action
from dalang.scene.plan import FLOATING, Place, Thing

NARROW = {Place.MOUNTAIN: 2.6, Place.RIVER: 1.72}
"""Where the near ground ends not far behind the subject: how many times further than the bottom of the picture."""
SHARP, SOFTEST = 1.5, 0.0028
"""Of the subject's distance, up to which others are sharp; of the frame's height, how soft the furthest are."""
NEAREST_LAMP = 6.0
"""Metres; a post nearer than this would be a pillar across the picture."""


def _far(scene: Set, place: Place) -> list[Layer]:
    """The sky and the land that rises over the horizon."""
    lens = scene.framing.lens
    layers: list[Layer] = [sky(scene)]
    for number, ridge in enumerate(RANGES[place]):
        if ridge.thing in scene.shot.without:
            continue
        rng = generator(scene.seed, f"range {number}")
        distance = scene.framing.remote(ridge.near * 2)
        shown, margin = spare(ridge, scene.shot.without), scene.framing.margin(distance)
        layers.append(paint_range(rng, lens, scene.light, scene.sun, shown, distance, margin))
    return layers


def _open(scene: Set) -> list[Layer]:
    return joined(partial(_far, scene, scene.ground), partial(_near, scene))


def joined(*parts: Callable[[], list[Layer]]) -> list[Layer]:
    """The layers of all parts, far to near."""
    return [layer for layers in abreast(parts) for layer in layers]


def _street(scene: Set) -> list[Layer]:
    """Walkers keep to the near pavement; what drives is on the road."""
    lens, light, framing = scene.framing.lens, scene.light, scene.framing
    subject = framing.ground(5.0 * lens.eye)
    fronts = fronts_distance(subject)
    near = subject - 2.2 if scene.shot.action is Action.DRIVE else subject + max(1.2, 0.22 * subject)
    layout = Layout(fronts, fronts - 3.5, near)
    wet = [Wet(lens, fronts)] if scene.shot.weather in WET and Thing.BUILDINGS not in scene.shot.without else []
    lamps = generator(scene.seed, "lamps")
    posts = [paint_lamp(lamps, lens, light, layout.far_kerb + 0.6)]
    if subject < near and near > NEAREST_LAMP:
        posts.append(paint_lamp(lamps, lens, light, near + 0.3))
    if Thing.LAMPS in scene.shot.without:
        posts = []
    return [*_roadside(scene, layout), *posts[:1], *wet, *posts[1:]]


def _roadside(scene: Set, layout: Layout) -> list[Layer]:
    """The road before a row of houses; before meadows where buildings are not wanted."""
    lens, light, framing, ground = scene.framing.lens, scene.light, scene.framing, generator(scene.seed, "ground")
    if Thing.BUILDINGS in scene.shot.without:
        plain = paint_plain(generator(scene.seed, "verge"), lens, light, Place.MEADOW, float(scene.sun[1]))
        return [*_far(scene, Place.MEADOW), plain, paint_lane(ground, lens, light, float(scene.sun[1]), layout)]
    distance = framing.remote(1400.0)
    without, grown = scene.shot.without, nearing(scene.shot.camera)
    parts: list[Callable[[], Layer]] = [
        partial(sky, scene),
        partial(paint_towers, generator(scene.seed, "towers"), lens, light, distance, framing.margin(distance)),
        partial(paint_road, ground, lens, light, float(scene.sun[1]), layout),
        partial(paint_fronts, generator(scene.seed, "fronts"), lens, light, layout.fronts, grown, without),
    ]
    return abreast(parts)


def _water(scene: Set) -> list[Layer]:
    """Open sea; from the beach if the subject stands on its feet."""
    framing, light = scene.framing, scene.light
    water = paint_water(generator(scene.seed, "water"), framing.lens, light, scene.sun_x, framing.path.turn)
    if scene.afloat or framing.stand is None or framing.stand.height:
        return [*_far(scene, scene.shot.place), water]
    edge = framing.ground(framing.lens.nearest) * 1.75
    sand = paint_beach(generator(scene.seed, "ground"), framing.lens, light, float(scene.sun[1]), edge)
    return [
        *_far(scene, scene.shot.place),
        water.shown(sand.top + 1),
        sand,
        paint_foam(generator(scene.seed, "foam"), framing.lens, light, edge),
    ]


def _near(scene: Set) -> list[Layer]:
    """The ground, a wood at its far end, and what stands on it behind the subject."""
    lens, light, framing = scene.framing.lens, scene.light, scene.framing
    plain = paint_plain(generator(scene.seed, "ground"), lens, light, scene.ground, float(scene.sun[1]))
    kinds = wanted(KINDS[scene.ground], scene.shot.without)
    if not kinds:
        return [plain]
    rows = int(min(lens.width, lens.height) * 0.42)
    stock = paint_stock(generator(scene.seed, "stock"), kinds, light, scene.sun, rows)
    distance = framing.remote(150.0)
    wood = far_wood(generator(scene.seed, "wood"), stock, lens, light, distance, framing.margin(distance), 90)
    first = 14.0 * framing.size
    if framing.stand:
        first = max(first, framing.ground(first) * 1.7)
    props = set_out(generator(scene.seed, "props"), stock, lens, light, first, first * 9, framing.size, 22)
    return [wood, plain, *props]


def foreground(scene: Set) -> list[Layer]:
    """Those whom the shot shows, among the small things on the ground about them."""
    if laid(scene):
        return [*tabletop(scene), *sorted(actors(scene), key=lambda one: -one.z), *pots(scene)]
    before = BEFORE[scene.shot.place](scene) if scene.shot.place in BEFORE else []
    standing: list[Prop | Actor] = [*_tufts(scene), *actors(scene)]
    return [*sorted(standing, key=lambda one: -one.z), *before]


def _tufts(scene: Set) -> list[Prop]:
    kinds = wanted(TUFTS.get(scene.ground, ()), scene.shot.without)
    if not kinds or scene.afloat:
        return []
    lens, size = scene.framing.lens, scene.framing.size
    rng = generator(scene.seed, "tufts")
    stock = paint_stock(rng, kinds, scene.light, scene.sun, int(lens.height * 0.2))
    near, reach = lens.nearest * 1.02, NARROW.get(scene.shot.place, 7.0)
    return set_out(rng, stock, lens, scene.light, near, near * reach, size, 44)


def actors(scene: Set) -> list[Actor]:
    """All whom the shot shows, in the light of the place."""
    light = LIT[scene.shot.place](scene.light) if scene.shot.place in LIT else scene.light
    side = float(np.sign(scene.sun[0]))
    costumes: dict[tuple[int, int], Costume] = {}
    for stand in sorted(scene.framing.stands, key=lambda one: -one.scale):
        key = stand.figure.number, stand.heading
        if key not in costumes:
            costume = dressed(stand, light, side, nearing(scene.shot.camera))
            costumes[key] = replace(costume, soft=_out_of_focus(scene, stand))
    stands = scene.framing.stands
    made = [_actor(scene, stand, costumes[stand.figure.number, stand.heading], light) for stand in stands]
    return [_handed(actor, made) for actor in made]


def _out_of_focus(scene: Set, stand: Stand) -> float:
    """Pixels; what stands far behind the one whom the lens is set on is a little soft."""
    focus = scene.framing.stand.distance if scene.framing.stand else stand.distance
    return SOFTEST * scene.framing.lens.height * max(0.0, 1 - SHARP * focus / stand.distance)


def _actor(scene: Set, stand: Stand, costume: Costume, light: Light) -> Actor:
    floats, free = afloat(stand.figure, scene.shot.place), scene.shot.place in FLOATING
    actor = cast(stand, costume, scene.framing.lens, light, afloat=floats, free=free)
    return replace(actor, lines=lines(scene.shot, stand.figure))


def _handed(actor: Actor, others: list[Actor]) -> Actor:
    """`actor` in the hands of those who hold it, if all of them have hands, or on the back of its mount."""
    by = {(one.stand.figure.number, one.stand.figure.one): one for one in others}
    holders = [(by[hold.number, hold.one], hold.since) for hold in actor.stand.holds]
    mount = actor.stand.mount
    on = by[mount.number, mount.one] if mount else None
    return replace(actor, hands=tuple(holders) if all(one.sprite.hands for one, _ in holders) else (), mount=on)


LIT: dict[Place, Callable[[Light], Light]] = {
    Place.STREET: lamplit,
    Place.STAGE: stagelit,
    Place.STADIUM: floodlit,
    Place.ALLEY: neonlit,
    Place.UNDERWATER: submerged,
    Place.SPACE: sunlit,
    **{place: partial(indoors, place=place) for place in LAMPLIGHT},
}
"""What falls on a subject where it is not the sky's light."""

BEFORE: dict[Place, Callable[[Set], list[Layer]]] = {
    Place.SKY: paint_wisps,
    Place.UNDERWATER: paint_bubbles,
    **dict.fromkeys(LAMPLIGHT, paint_near),
}
"""What passes between the camera and the subject."""

PAINTERS: dict[Place, Callable[[Set], list[Layer]]] = {
    Place.MEADOW: _open,
    Place.SNOW: _open,
    Place.DESERT: _open,
    Place.SEA: _water,
    Place.BEACH: beach,
    Place.UNDERWATER: underwater,
    Place.SPACE: space,
    Place.SKY: heaven,
    Place.STREET: _street,
    Place.LIVING_ROOM: living_room,
    Place.KITCHEN: kitchen,
    Place.OFFICE: office,
    Place.CLASSROOM: classroom,
    Place.STAGE: paint_theatre,
    Place.ALLEY: paint_alley,
    Place.CASTLE: paint_castle,
    Place.STADIUM: paint_stadium,
    Place.FOREST: forest,
    Place.MOUNTAIN: mountain,
    Place.RIVER: river,
}


def _about(painter: Callable[[Set], list[Layer]], scene: Set) -> list[Layer]:
    return painter(surroundings(scene))


SETS = {place: partial(_about, painter) for place, painter in PAINTERS.items()}
"""What makes each place, from far to near, about those whom the shot shows."""
