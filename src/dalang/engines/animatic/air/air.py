"""The air of a shot: its weather, what its season and its effects let fly, and the light that lies over all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dalang.engines.animatic.air.fog import paint_fog
from dalang.engines.animatic.air.light import Light
from dalang.engines.animatic.air.spill import SPILLS
from dalang.engines.animatic.air.splash import paint_splashes
from dalang.engines.animatic.air.weather import WET, paint_weather
from dalang.engines.animatic.camera.camera import Lens
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.effects import EFFECTS
from dalang.engines.animatic.effects.dust import dust
from dalang.engines.animatic.effects.leaves import leaves
from dalang.engines.animatic.effects.lightning import lightning
from dalang.engines.animatic.effects.petals import petals
from dalang.engines.animatic.effects.site import Depths, Site
from dalang.engines.animatic.figures.stand import Stand
from dalang.engines.animatic.scenery import Set
from dalang.scene.plan import FLOATING, SHELTERED, Effect, Place, Season, Shot, Thing, Weather

PLANTED = frozenset({Place.MEADOW, Place.FOREST, Place.MOUNTAIN, Place.RIVER, Place.STREET, Place.CASTLE})
"""Where leaves fall, and petals."""
ROOFED = frozenset({Place.STADIUM})
"""Where the stands hide the sky: what is aloft goes up between them and the subject."""
HEARTH = "campfire"
"""The subject whose picture is that of flames."""
FLAMES = 0.75
"""Of the height of a campfire, that its flames are measured by."""
ASIDE = 0.19
"""Of the frame's width, from the subject to what burns beside it."""
BEHIND = 1.12
"""How much further away than the subject that is."""
EMPTY = 5.0
"""Heights of the eye to it where there is no subject."""
INDOORS = SHELTERED - FLOATING


def hearth(scene: Set) -> Stand | None:
    """The campfire that `scene` shows."""
    fires = (one for one in scene.framing.stands if one.figure.sprite.subject.name == HEARTH)
    return next(fires, None) if Effect.FIRE in scene.shot.effects else None


def unlit(scene: Set) -> Set:
    """`scene` without its campfire's own picture: its flames stand there instead."""
    fire = hearth(scene)
    stands = tuple(one for one in scene.framing.stands if fire is None or one.figure.number != fire.figure.number)
    return replace(scene, framing=replace(scene.framing, stands=stands))


def site_of(scene: Set) -> Site:
    """Where effects stand in `scene`: at its campfire, or beside its subject and a little further away."""
    lens, stand, fire = scene.framing.lens, scene.framing.stand, hearth(scene)
    indoors = scene.shot.place in INDOORS
    distance = stand.distance * (1.03 if indoors else BEHIND) if stand else EMPTY * lens.level
    x = stand.x(scene.shot.duration / 2) if stand else 0.0
    side = -1 if x > 0 or (x == 0 and scene.sun_x < lens.middle) else 1
    aside = ASIDE * scene.window.width / lens.scale(distance)
    size = 0.16 * scene.window.height / lens.scale(distance)
    at = x + side * aside
    if fire is not None:
        at, distance, size = fire.x(0.0), fire.distance, FLAMES * fire.figure.height
    return Site(
        scene.seed, lens, scene.light, scene.shot.duration, scene.sun_x, at, distance, size,
        grounded=scene.shot.place not in FLOATING, indoors=indoors,
    )  # fmt: skip


def paint_air(shot: Shot, site: Site) -> Depths:
    """All that hangs, falls, flies or burns in `shot`."""
    parts = [*_weather(shot, site), *_season(shot, site)]
    parts += [paint(site) for effect, paint in EFFECTS.items() if effect in shot.effects and _fits(effect, shot)]
    if shot.light in SPILLS:
        parts.append(SPILLS[shot.light](site))
    if shot.place in ROOFED:
        parts = [replace(part, aloft=(), behind=(*part.aloft, *part.behind)) for part in parts]
    return Depths(
        tuple(layer for part in parts for layer in part.aloft),
        tuple(layer for part in parts for layer in part.behind),
        tuple(layer for part in parts for layer in part.before),
    )


def _fits(effect: Effect, shot: Shot) -> bool:
    """Nothing is drawn twice; nothing burns under water."""
    if effect is Effect.LIGHTNING and shot.weather is Weather.STORM:
        return False
    return shot.place is not Place.UNDERWATER or effect not in (Effect.FIRE, Effect.SMOKE)


def _weather(shot: Shot, site: Site) -> Iterator[Depths]:
    """Out of doors only, but for the flashes of a storm."""
    if shot.weather is Weather.STORM and shot.place not in FLOATING - {Place.SKY}:
        yield lightning(site)
    if shot.place in SHELTERED:
        return
    falling = paint_weather(generator(site.seed, "weather"), site.lens, site.light, shot.weather)
    yield Depths(behind=tuple(falling[:-1]), before=tuple(falling[-1:]))
    if shot.weather in WET and site.grounded:
        yield Depths(behind=(paint_splashes(site.seed, site.lens, site.light),))
    if shot.weather is Weather.FOG and site.grounded and Thing.FOG not in shot.without:
        behind, before = paint_fog(site.seed, site.lens, site.light, site.distance)
        yield Depths(behind=tuple(behind), before=tuple(before))
    if shot.weather is Weather.WIND:
        yield leaves(site, 0.6) if shot.place in PLANTED else dust(site)


def _season(shot: Shot, site: Site) -> Iterator[Depths]:
    """A few leaves in autumn and petals in spring, where plants grow."""
    if shot.place not in PLANTED or Thing.TREES in shot.without or shot.weather is Weather.WIND:
        return
    if shot.season is Season.AUTUMN and Effect.LEAVES not in shot.effects:
        yield leaves(site, 0.35)
    if shot.season is Season.SPRING and Effect.PETALS not in shot.effects and shot.weather is Weather.CLEAR:
        yield petals(site, 0.35)


def overlays(shot: Shot, lens: Lens, light: Light, seed: int) -> Depths:
    """The same to lay over a photograph that `lens` took: what is far falls `behind` its subject, the rest `before` it.

    Its own sky and ground are not known: nothing is put into the one, and no fog lies on the other.
    """
    side = float(generator(seed, "photograph").choice([-1, 1]))
    distance = EMPTY * lens.level
    aside, size = ASIDE * lens.width / lens.scale(distance), 0.2 * lens.height / lens.scale(distance)
    site = Site(
        seed, lens, light, shot.duration, lens.middle * (1 - 0.5 * side), side * aside * 1.4, distance, size,
        grounded=False,
    )  # fmt: skip
    return replace(paint_air(shot, site), aloft=())
