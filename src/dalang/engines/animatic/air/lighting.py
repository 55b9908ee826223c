"""Lighting as a gaffer is told it, laid over the light of time and weather."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dalang.engines.animatic.air.light import LIGHTS, Colour, Light, light_for, mix, scaled, spared
from dalang.engines.animatic.air.season import seasonal
from dalang.scene.plan import Effect, Lighting, Season, Shot, Thing, Time, Weather

GOLD: Colour = (255, 206, 122)
FLAME: Colour = (255, 168, 84)
MAGENTA: Colour = (255, 60, 170)
CYAN: Colour = (50, 220, 255)
MOON: Colour = (196, 214, 255)


def _soft(light: Light) -> Light:
    """A large source: little direct light, much from everywhere, faint edges."""
    return replace(
        light, key=scaled(light.key, 0.55), fill=_plus(scaled(light.fill, 1.08), scaled(light.key, 0.34)), rim=0.5,
        glow=light.glow * 0.7,
    )  # fmt: skip


def _hard(light: Light) -> Light:
    """A small bright source: deep shade."""
    return replace(light, key=scaled(light.key, 1.34), fill=scaled(light.fill, 0.66), rim=1.7, slope=0.34)


def _side(light: Light) -> Light:
    return replace(light, key=scaled(light.key, 1.06), fill=scaled(light.fill, 0.74), rim=1.6, slope=0.62)


def _backlight(light: Light) -> Light:
    """The sun low behind the subject, which is dark but for its edges."""
    return replace(
        light, sun_aside=0.11, height=min(light.height, 0.36), glow=max(light.glow, 0.5) * 1.45,
        key=scaled(light.key, 0.62), fill=scaled(light.fill, 0.62), rim=2.4, kick=scaled(light.sun, 0.6),
        horizon=mix(light.horizon, light.sun, 0.35), haze=mix(light.haze, light.sun, 0.25),
    )  # fmt: skip


def _golden(light: Light) -> Light:
    """The hour before sunset."""
    day = 1 - 0.7 * light.stars
    return replace(
        light, height=0.30, glow=max(light.glow, 0.9) * 1.25, rim=2.0, slope=0.22,
        sun=mix(light.sun, (255, 226, 158), 0.85), key=mix(light.key, (1.18, 0.78, 0.40), 0.85 * day),
        fill=mix(light.fill, (0.52, 0.44, 0.44), 0.6 * day), horizon=mix(light.horizon, GOLD, 0.75 * day),
        sky=mix(light.sky, (206, 178, 160), 0.55 * day), zenith=mix(light.zenith, (92, 118, 168), 0.5 * day),
        haze=mix(light.haze, (240, 194, 132), 0.7 * day), cloud=mix(light.cloud, (255, 216, 168), 0.7 * day),
        cloud_shade=mix(light.cloud_shade, (176, 140, 148), 0.6 * day),
        visibility=light.visibility * 0.7,
    )  # fmt: skip


def _overcast(light: Light) -> Light:
    level = sum(light.fill) / 3 + 0.45 * sum(light.key) / 3
    grey = 236 * min(1.0, level)
    cloud: Colour = (grey * 0.95, grey * 0.98, grey)
    return replace(
        light, key=scaled(light.key, 0.34), fill=(level * 0.98, level, level * 1.03), glow=light.glow * 0.2, rim=0.4,
        cover=0.98, zenith=scaled(cloud, 0.72), sky=scaled(cloud, 0.84), horizon=cloud, cloud=cloud,
        cloud_shade=scaled(cloud, 0.78), haze=mix(light.haze, cloud, 0.7), stars=0.0, visibility=light.visibility * 0.6,
    )  # fmt: skip


def _moonlight(light: Light) -> Light:
    """Night, with a moon that is bright enough to see by."""
    night = LIGHTS[Time.NIGHT]
    return replace(
        night, key=(0.44, 0.52, 0.68), fill=(0.18, 0.235, 0.37), glow=1.25, rim=2.2, sun=MOON, sun_aside=0.2,
        cover=min(light.cover, 0.5), visibility=light.visibility, wind=light.wind, season=light.season, lamps=0.55,
        zenith=(10, 20, 54), sky=(26, 46, 100), horizon=(64, 94, 150), haze=(50, 74, 124),
    )  # fmt: skip


def _candle(light: Light) -> Light:
    """A flame near the subject, and not much else."""
    dim = 0.62 + 0.38 * light.stars
    dark = _darkened(light, dim)
    return replace(
        dark, fill=_plus(dark.fill, (0.42, 0.25, 0.10)), key=scaled(dark.key, 0.6), edge=FLAME,
        rim=1.8, slope=0.36, lamps=0.3, glow=max(0.6, dark.glow),
    )  # fmt: skip


def _neon(light: Light) -> Light:
    """Signs of two colours on either side."""
    dark = _darkened(light, 0.5 + 0.5 * light.stars)
    return replace(
        dark, fill=_plus(dark.fill, (0.14, 0.05, 0.18)), edge=MAGENTA, kick=CYAN, rim=2.4, glow=max(0.7, dark.glow),
        lamps=1.0, sky=mix(dark.sky, (60, 20, 90), 0.4), horizon=mix(dark.horizon, (140, 40, 140), 0.35),
        haze=mix(dark.haze, (110, 40, 130), 0.35),
    )  # fmt: skip


def _practical(light: Light) -> Light:
    """What burns in the picture lights it: the rest is held down."""
    dark = _darkened(light, 0.62 + 0.38 * light.stars)
    return replace(dark, fill=_plus(dark.fill, (0.20, 0.13, 0.05)), lamps=1.0, edge=mix(light.sun, FLAME, 0.6), rim=1.4)


def _firelit(light: Light) -> Light:
    """Beside a fire: the darker it is, the more of its light is seen."""
    dark = max(0.0, 1 - sum(light.fill) / 1.5)
    return replace(
        light, fill=_plus(light.fill, scaled((0.20, 0.10, 0.02), dark)), kick=scaled(FLAME, 0.5 + 0.5 * dark)
    )


def _darkened(light: Light, part: float) -> Light:
    return replace(
        light, key=scaled(light.key, part), fill=scaled(light.fill, part), zenith=scaled(light.zenith, part),
        sky=scaled(light.sky, part), horizon=scaled(light.horizon, part), haze=scaled(light.haze, part),
        cloud=scaled(light.cloud, part), cloud_shade=scaled(light.cloud_shade, part), glow=light.glow * part,
    )  # fmt: skip


def _plus(one: Colour, other: Colour) -> Colour:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


LIGHTINGS: dict[Lighting, Callable[[Light], Light]] = {
    Lighting.SOFT: _soft,
    Lighting.HARD: _hard,
    Lighting.SIDE: _side,
    Lighting.BACKLIGHT: _backlight,
    Lighting.GOLDEN: _golden,
    Lighting.OVERCAST: _overcast,
    Lighting.MOONLIGHT: _moonlight,
    Lighting.CANDLE: _candle,
    Lighting.NEON: _neon,
    Lighting.PRACTICAL: _practical,
}


def light_of(shot: Shot, distance: float = 0.0) -> Light:
    """The light of `shot`, whose subject is `distance` metres away: of time, weather and season, then as it is lit."""
    weather = shot.weather
    if weather is Weather.FOG and Thing.FOG in shot.without:
        weather = Weather.CLOUDY
    light = seasonal(light_for(shot.time, weather, distance), shot.season)
    if shot.light:
        light = LIGHTINGS[shot.light](light)
    if Effect.FIRE in shot.effects:
        light = _firelit(light)
    white = shot.weather is Weather.SNOW or (shot.season is Season.WINTER and Thing.SNOW not in shot.without)
    return spared(replace(light, snow=float(white)), shot.time, shot.without)
