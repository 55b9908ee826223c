"""The light of a shot: colours of sky, sun, shade and haze by time of day and weather. Colours are RGB, 0..255."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.foliage import turned
from dalang.engines.animatic.canvas.pigment import toward, under
from dalang.scene.plan import Place, Season, Thing, Time, Weather

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Light:
    zenith: Colour
    sky: Colour
    horizon: Colour
    sun: Colour
    """Of the disc and the glow round it; the moon's at night."""
    height: float
    """Of the sun over the horizon, as a part of the sky's height."""
    key: Colour
    """What direct light does to a white surface, 0..1 a channel and over."""
    fill: Colour
    """The same of the light from everywhere."""
    haze: Colour
    cloud: Colour
    cloud_shade: Colour
    cover: float
    """Part of the sky under cloud."""
    visibility: float
    """Metres after which haze has taken two thirds of a colour."""
    stars: float = 0.0
    lamps: float = 0.0
    """How brightly street lamps and windows burn, 0..1."""
    glow: float = 1.0
    """Strength of the sun's disc and of the glow round it."""
    starless: bool = False
    """Whether a night's stars are left out, though it is as dark as with them."""
    wind: float = 1.0
    """How strongly the air moves; 1 is a breeze."""
    season: Season | None = None
    """Whose leaves the plants have; None: those that their painters give them."""
    snow: float = 0.0
    """How much snow lies, 0..1."""
    rim: float = 1.0
    """Strength of the edge of light that the sun leaves on a subject."""
    edge: Colour | None = None
    """Of that edge; None: the sun's colour."""
    kick: Colour | None = None
    """Of a second such edge, on the side away from the sun."""
    slope: float = 0.0
    """How much darker the side of a subject away from the sun is than the side toward it, 0..1."""
    sun_aside: float | None = None
    """Where the sun stands, in frames' widths from the middle; None: as the seed says."""


LIGHTS = {
    Time.DAWN: Light(
        zenith=(74, 104, 168), sky=(176, 164, 196), horizon=(255, 208, 168), sun=(255, 232, 190), height=0.40,
        key=(1.02, 0.78, 0.60), fill=(0.50, 0.50, 0.62), haze=(240, 200, 182),
        cloud=(255, 214, 190), cloud_shade=(164, 136, 168), cover=0.42, visibility=7000, lamps=0.25,
    ),
    Time.DAY: Light(
        zenith=(38, 104, 198), sky=(96, 164, 232), horizon=(206, 230, 246), sun=(255, 250, 228), height=0.78,
        key=(0.84, 0.78, 0.64), fill=(0.48, 0.52, 0.56), haze=(188, 214, 236),
        cloud=(255, 255, 255), cloud_shade=(168, 186, 212), cover=0.40, visibility=11000,
    ),
    Time.DUSK: Light(
        zenith=(44, 42, 98), sky=(164, 82, 118), horizon=(255, 168, 92), sun=(255, 214, 140), height=0.34,
        key=(1.04, 0.66, 0.44), fill=(0.42, 0.36, 0.52), haze=(222, 134, 112),
        cloud=(255, 150, 104), cloud_shade=(92, 58, 106), cover=0.48, visibility=7500, stars=0.15, lamps=0.8,
    ),
    Time.NIGHT: Light(
        zenith=(8, 14, 40), sky=(18, 32, 78), horizon=(48, 72, 124), sun=(226, 234, 255), height=0.66,
        key=(0.34, 0.42, 0.62), fill=(0.16, 0.21, 0.36), haze=(38, 58, 104),
        cloud=(84, 104, 154), cloud_shade=(22, 32, 68), cover=0.34, visibility=8000, stars=1.0, lamps=1.0,
    ),
}  # fmt: skip

OVERCAST = {
    Time.DAWN: (150, 150, 164),
    Time.DAY: (168, 180, 192),
    Time.DUSK: (118, 104, 122),
    Time.NIGHT: (30, 40, 66),
}
"""Colour of a closed cover of cloud."""


@dataclass(frozen=True)
class Cover:
    """What weather does to the light."""

    closed: float
    """How far the sky takes the colour of closed cloud, 0..1."""
    tone: float
    """Brightness of that."""
    key: float
    """Part of the direct light that is left."""
    fill: float
    """The same of the light from everywhere."""
    cover: float
    """Part of the sky under cloud, at least."""
    clear: float
    """Part of the view's length that is left."""
    glow: float
    wind: float = 1.0


COVERS = {
    Weather.CLOUDY: Cover(0.82, 1.08, 0.50, 1.28, 0.98, 0.45, 0.18),
    Weather.FOG: Cover(1.0, 1.10, 0.34, 1.24, 0.12, 0.0, 0.30, 0.7),
    Weather.RAIN: Cover(0.85, 1.0, 0.42, 1.01, 0.86, 0.10, 0.22, 1.3),
    Weather.STORM: Cover(0.92, 0.62, 0.30, 0.74, 0.96, 0.07, 0.06, 3.0),
    Weather.SNOW: Cover(0.85, 1.0, 0.42, 1.27, 0.86, 0.10, 0.22, 0.8),
    Weather.WIND: Cover(0.10, 1.0, 0.95, 1.02, 0.52, 0.8, 1.0, 3.2),
}
"""Of all weather but clear."""
FOGGED = 46.0
"""Metres of visibility in fog, or as many distances of the subject as FOG_REACH if that is more."""
FOG_REACH = 5.0


def light_for(time: Time, weather: Weather, distance: float = 0.0) -> Light:
    """The light at `time` under `weather`; `distance`: metres to the subject, which no fog may hide."""
    light = LIGHTS[time]
    if weather is Weather.CLEAR:
        return light
    cover = COVERS[weather]
    grey = scaled(OVERCAST[time], cover.tone)
    lit = replace(_covered(light, cover, grey), wind=cover.wind)
    if weather is Weather.WIND:
        return replace(lit, stars=light.stars, lamps=light.lamps)
    return replace(_fogged(lit, grey), visibility=max(FOGGED, FOG_REACH * distance)) if weather is Weather.FOG else lit


def _covered(light: Light, cover: Cover, grey: Colour) -> Light:
    """`light` under a sky that is closed with `grey`."""
    part = cover.closed
    return replace(
        light,
        zenith=mix(light.zenith, scaled(grey, 0.62), part),
        sky=mix(light.sky, scaled(grey, 0.85), 0.95 * part),
        horizon=mix(light.horizon, scaled(grey, 1.12), 0.9 * part),
        key=scaled(mix(light.key, (0.6, 0.62, 0.66), 0.6 * part), cover.key),
        fill=scaled(light.fill, cover.fill * (1 + 0.23 * light.stars * part)),
        haze=mix(light.haze, grey, 0.94 * part),
        cloud=mix(light.cloud, scaled(grey, 1.18), 0.94 * part),
        cloud_shade=mix(light.cloud_shade, scaled(grey, 0.66), 0.94 * part),
        cover=max(light.cover, cover.cover),
        visibility=light.visibility * max(cover.clear, 0.01),
        stars=0.0,
        lamps=max(light.lamps, 0.35 if cover.closed > 0.8 else 0.0),
        glow=cover.glow,
    )


def _fogged(light: Light, grey: Colour) -> Light:
    """A sky that is fog from the ground up, a little brighter above."""
    dark = max(0.0, 1 - sum(grey) / 300)
    fog = scaled(mix(grey, light.horizon, 0.2), 1 + 0.5 * dark)
    return replace(
        light, zenith=scaled(fog, 0.94), sky=scaled(fog, 1.02), horizon=fog, haze=fog,
        cloud=scaled(fog, 1.04), cloud_shade=scaled(fog, 0.97), lamps=max(light.lamps, 0.4),
    )  # fmt: skip


CLEAREST = 120_000.0
"""Metres of visibility in air without fog or haze."""


def spared(light: Light, time: Time, without: frozenset[Thing]) -> Light:
    """`light` without the things of the sky and the air that `without` holds."""
    disc = Thing.MOON if time is Time.NIGHT else Thing.SUN
    return replace(
        light,
        cover=0.0 if Thing.CLOUDS in without else light.cover,
        starless=Thing.STARS in without,
        lamps=0.0 if Thing.LIGHTS in without else light.lamps,
        visibility=CLEAREST if Thing.FOG in without else light.visibility,
        glow=0.0 if disc in without else light.glow,
    )


def lamplit(light: Light) -> Light:
    """The same for what stands under street lamps."""
    warm = light.fill[0] + 0.24 * light.lamps, light.fill[1] + 0.16 * light.lamps, light.fill[2] + 0.06 * light.lamps
    return replace(light, fill=warm)


LAMPLIGHT: dict[Place, Colour] = {
    Place.LIVING_ROOM: (0.60, 0.44, 0.28),
    Place.OFFICE: (0.36, 0.33, 0.29),
    Place.KITCHEN: (0.52, 0.43, 0.31),
    Place.CLASSROOM: (0.60, 0.60, 0.54),
}
"""What the lamps of a room add everywhere when they burn at their brightest."""


def indoors(light: Light, place: Place) -> Light:
    """The same within the walls of `place`: what comes in by windows, scattered, and the light of its lamps."""
    day = tuple(0.92 * fill + 0.66 * key for fill, key in zip(light.fill, light.key, strict=True))
    grey, dim = sum(day) / 3, 1 - 0.7 * light.lamps
    lamps = scaled(LAMPLIGHT[place], light.lamps)
    r, g, b = (lamp + dim * (0.65 * part + 0.35 * grey) for part, lamp in zip(day, lamps, strict=True))
    key = scaled(mix(light.key, LAMPLIGHT[place], 0.4 * light.lamps), 0.32)
    return replace(
        light, fill=(r, g, b), key=key, visibility=CLEAREST, season=None, rim=min(light.rim, 1.0 + 0.3 * light.rim)
    )


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """`part` of `other` in `one`."""
    a, b, c = (p + (q - p) * part for p, q in zip(one, other, strict=True))
    return a, b, c


def scaled(colour: Colour, factor: float) -> Colour:
    return colour[0] * factor, colour[1] * factor, colour[2] * factor


def rgb(colour: Colour) -> NDArray[np.float32]:
    return np.asarray(colour, np.float32)


def shade(light: Light, albedo: NDArray[np.floating], facing: NDArray[np.floating] | float) -> NDArray[np.float32]:
    """Lit colour of surfaces of colour `albedo` (…, 3), leaves as the season has them, that face the sun by `facing`,
    0..1."""
    direct = np.clip(np.asarray(facing, np.float32), 0, 1)
    seen = turned(light.season, albedo)
    if seen.ndim == 3 and direct.shape in ((), seen.shape[:2]):
        return under(seen, light.fill, light.key, direct)
    return np.asarray(seen * (rgb(light.fill) + rgb(light.key) * direct[..., None]), np.float32)


def hazed(light: Light, colour: NDArray[np.floating], distance: NDArray[np.floating] | float) -> NDArray[np.float32]:
    """`colour` (…, 3) as seen through `distance` metres of air."""
    veil = np.asarray(1 - np.exp(-np.asarray(distance, np.float32) / light.visibility))
    if veil.ndim == 2 and veil.shape == colour.shape[:-1]:
        return toward(colour, light.haze, veil)
    return np.asarray(colour + (rgb(light.haze) - colour) * veil[..., None], np.float32)
