"""The light of a shot: colours of sky, sun, shade and haze by time of day and weather. Colours are RGB, 0..255."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dalang.scene.plan import Place, Thing, Time, Weather

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
        key=(0.31, 0.41, 0.66), fill=(0.13, 0.19, 0.38), haze=(38, 58, 104),
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


def light_for(time: Time, weather: Weather) -> Light:
    """The light at `time` under `weather`: rain and falling snow close the sky, soften shadows, shorten the view."""
    light = LIGHTS[time]
    if weather in (Weather.CLEAR, Weather.WIND):
        return light
    grey: Colour = OVERCAST[time]
    dim = 0.78 if weather in (Weather.RAIN, Weather.STORM) else 0.98
    return replace(
        light,
        zenith=mix(light.zenith, scaled(grey, 0.62), 0.85),
        sky=mix(light.sky, scaled(grey, 0.85), 0.8),
        horizon=mix(light.horizon, scaled(grey, 1.12), 0.75),
        key=scaled(mix(light.key, (0.6, 0.62, 0.66), 0.5), 0.42),
        fill=scaled(light.fill, (1.3 + 0.3 * light.stars) * dim),
        haze=mix(light.haze, grey, 0.8),
        cloud=mix(light.cloud, scaled(grey, 1.18), 0.8),
        cloud_shade=mix(light.cloud_shade, scaled(grey, 0.66), 0.8),
        cover=0.86,
        visibility=light.visibility * 0.10,
        stars=0.0,
        lamps=max(light.lamps, 0.35),
        glow=0.22,
    )


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
    return replace(light, fill=(r, g, b), key=key, visibility=CLEAREST)


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """`part` of `other` in `one`."""
    a, b, c = (p + (q - p) * part for p, q in zip(one, other, strict=True))
    return a, b, c


def scaled(colour: Colour, factor: float) -> Colour:
    return colour[0] * factor, colour[1] * factor, colour[2] * factor


def rgb(colour: Colour) -> NDArray[np.float32]:
    return np.asarray(colour, np.float32)


def shade(light: Light, albedo: NDArray[np.floating], facing: NDArray[np.floating] | float) -> NDArray[np.float32]:
    """Lit colour of surfaces of colour `albedo` (…, 3) that face the sun by `facing`, 0..1."""
    direct = np.clip(np.asarray(facing, np.float32), 0, 1)[..., None]
    lit = rgb(light.fill) + rgb(light.key) * direct
    return np.asarray(albedo * lit, np.float32)


def hazed(light: Light, colour: NDArray[np.floating], distance: NDArray[np.floating] | float) -> NDArray[np.float32]:
    """`colour` (…, 3) as seen through `distance` metres of air."""
    veil = 1 - np.exp(-np.asarray(distance, np.float32) / light.visibility)
    veil = np.asarray(veil)[..., None]
    return np.asarray(colour + (rgb(light.haze) - colour) * veil, np.float32)
