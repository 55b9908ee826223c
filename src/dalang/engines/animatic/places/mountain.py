"""High in the mountains: a brink of grass and scree, a valley under it, and range behind range up to the snow."""

from __future__ import annotations

from dataclasses import replace

from dalang.engines.animatic.air.light import Colour, Light, mix
from dalang.engines.animatic.camera.camera import Lens
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.places.bank import Soil, ground_end, paint_bank, planted
from dalang.engines.animatic.places.ground import paint_plain
from dalang.engines.animatic.places.grove import Prop, paint_stock, set_out
from dalang.engines.animatic.places.land import SNOWCAP, Range, paint_range, spare, summits
from dalang.engines.animatic.places.mist import paint_cloud_shadows, paint_mist
from dalang.engines.animatic.places.props import PINE, ROCK, SNOW_KINDS, wanted
from dalang.engines.animatic.scenery import Layer, Set, sky
from dalang.scene.plan import Thing, Weather

STONE: Colour = (124, 118, 116)
HIGH_RANGES = (
    Range(13000, 30000, 7400, 36000, summits, 4, (112, 118, 112), STONE, Thing.MOUNTAINS, cap=SNOWCAP),
    Range(5200, 11000, 1750, 15000, summits, 4, (92, 112, 84), (116, 110, 108), Thing.MOUNTAINS, cap=SNOWCAP),
    Range(900, 3400, 330, 3400, summits, 4, (112, 140, 70), (122, 116, 104), Thing.HILLS, tufts=(50, 84, 52)),
)
CLOUDS_AT = ((0.27, -0.03), (0.22, -0.02), (0.20, 0.02))
"""Where the low cloud before each range begins and ends, in frames' heights over and under the valley."""
WHITE: Colour = (234, 240, 250)
TURF = Soil((92, 84, 70), (158, 150, 132), (124, 146, 72), 0.62)
DRIFT = Soil((150, 166, 196), (236, 242, 252), (250, 252, 255), 0.4)
AIR = dict.fromkeys(Weather, 3.4) | {Weather.RAIN: 5.0, Weather.STORM: 5.0, Weather.SNOW: 6.0, Weather.FOG: 4.0}
"""How much further than from a plain one sees from up here."""


def mountain(scene: Set) -> list[Layer]:
    """All of it but the subject and the small plants about its feet."""
    lens, light = scene.framing.lens, replace(scene.light, visibility=scene.light.visibility * AIR[scene.shot.weather])
    brink = ground_end(scene, 1.9, 2.7)
    drop = int(lens.row(brink)) - lens.horizon
    plain = paint_plain(generator(scene.seed, "ground"), lens, light, scene.ground, float(scene.sun[1]))
    return [plain, *_view(scene, light, drop), *_edge(scene, light, brink), *_rocks(scene, light, brink)]


def _view(scene: Set, light: Light, drop: int) -> list[Layer]:
    """Sky, ranges and low clouds, seen from above: all of it `drop` rows lower than from a plain."""
    framing = scene.framing
    lens = replace(framing.lens, horizon=framing.lens.horizon + drop)
    lower = replace(scene, framing=replace(framing, lens=lens))
    layers: list[Layer] = [sky(lower)]
    for number, ridge in enumerate(HIGH_RANGES):
        rng = generator(scene.seed, f"range {number}")
        if ridge.thing not in scene.shot.without:
            distance = framing.remote(ridge.near * 2)
            shown = spare(_snowed(ridge) if scene.snowy else ridge, scene.shot.without)
            layers.append(paint_range(rng, lens, light, scene.sun, shown, distance, framing.margin(distance)))
        if not {Thing.FOG, Thing.CLOUDS} & scene.shot.without:
            layers.append(_low_cloud(scene, lens, light, number))
    return layers


def _snowed(ridge: Range) -> Range:
    return replace(ridge, low=WHITE, cap=WHITE, steep=mix(ridge.steep, WHITE, 0.25))


def _low_cloud(scene: Set, lens: Lens, light: Light, number: int) -> Layer:
    """At the foot of range `number`."""
    rng, high = generator(scene.seed, f"mist {number}"), lens.height
    above, below = CLOUDS_AT[number]
    wind = float(rng.choice([-1, 1])) * lens.width * 0.006 * (number + 1)
    rows = lens.horizon - int(high * above), lens.horizon + int(high * below)
    return paint_mist(rng, lens, mix(light.haze, light.cloud, 0.5), rows, scene.framing.remote(3000.0), wind)


def _edge(scene: Set, light: Light, brink: float) -> list[Layer]:
    """The brink itself, and the shadows of clouds that pass over the ground."""
    lens, shot = scene.framing.lens, scene.shot
    soil = DRIFT if scene.snowy else TURF
    rows, facing = max(12, int(lens.height * 0.15)), float(scene.sun[1]) * 0.8
    bank = paint_bank(generator(scene.seed, "brink"), lens, light, soil, brink, rows, facing)
    kinds = wanted((ROCK,), shot.without)
    if kinds:
        stock = paint_stock(generator(scene.seed, "brink stones"), kinds, light, scene.sun, lens.height // 6)
        bank = planted(generator(scene.seed, "brink set"), bank, stock, 16, 0.8 * scene.framing.size)
    if shot.weather is not Weather.CLEAR or Thing.CLOUDS in shot.without:
        return [bank]
    wind, top = 0.05 * lens.width, int(lens.row(brink))
    return [bank, paint_cloud_shadows(generator(scene.seed, "cloud shadows"), lens, top, brink * 0.7, wind)]


def _rocks(scene: Set, light: Light, brink: float) -> list[Prop]:
    """Boulders, and the few pines that grow so high."""
    snowy = scene.snowy
    crag = replace(ROCK, height=(0.25, 0.8), share=1.0, variants=3)
    kinds = wanted(
        SNOW_KINDS[2:] if snowy else (crag, replace(PINE, height=(1.4, 3.2), share=0.22)), scene.shot.without
    )
    if not kinds:
        return []
    lens = scene.framing.lens
    stock = paint_stock(generator(scene.seed, "stock"), kinds, light, scene.sun, int(lens.height * 0.34))
    rng = generator(scene.seed, "props")
    return set_out(rng, stock, lens, light, brink * 0.66, brink * 1.0, scene.framing.size, 9)
