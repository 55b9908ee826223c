"""Soap bubbles: thin balls that float up, with colours in their rim."""

from __future__ import annotations

import colorsys

import numpy as np

from dalang.engines.animatic.air.light import Light, rgb
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.canvas.noise import smoothstep
from dalang.engines.animatic.effects.flurry import Drift, flurry
from dalang.engines.animatic.effects.site import Depths, Site

DEPTHS = ((16, 22, 0.05, 10.0), (10, 44, 0.07, 5.0), (3, 110, 0.11, 2.4))
"""How many, their side in pixels of 720 rows, how fast they rise, and how far away they are: far to near."""


def bubble(side: int, light: Light) -> Picture:
    axis = np.linspace(-1.04, 1.04, side, dtype=np.float32)
    away = np.hypot(axis[None, :], axis[:, None])
    turn = np.arctan2(axis[:, None], axis[None, :])
    inside = smoothstep(1.0, 1.0 - 4 / side, away)
    rim = np.exp(-(((away - 0.90) / 0.11) ** 2)) * (0.75 + 0.25 * np.cos(turn * 2 + 1))
    gleam = np.exp(-(((axis[None, :] + 0.42) ** 2 + (axis[:, None] + 0.46) ** 2) / 0.016))
    gleam += 0.5 * np.exp(-(((axis[None, :] - 0.46) ** 2 + (axis[:, None] - 0.5) ** 2) / 0.03))
    wheel = np.array([colorsys.hsv_to_rgb(hue / 64, 0.42, 1.0) for hue in range(64)], np.float32)
    colour = wheel[((turn / 6.2832 + away * 0.8) * 64).astype(int) % 64]
    level = np.clip(rgb(light.fill).mean() + 0.6 * rgb(light.key).mean(), 0.3, 1.0)
    shown = np.zeros((side, side, 4), np.uint8)
    bright = (colour * (0.62 * rim + 0.05)[..., None] + gleam[..., None] * 0.8) * 255 * level * inside[..., None]
    shown[..., :3] = np.clip(bright, 0, 255)
    return shown


def bubbles(site: Site) -> Depths:
    layers = []
    for number, (count, side, speed, distance) in enumerate(DEPTHS):
        look = bubble(max(6, round(side * site.unit)), site.light)
        way = Drift(-speed, 0.012 * site.light.wind, 0.03)
        layers.append(
            flurry(
                site.seed,
                f"bubbles {number}",
                site.lens,
                ((look,),),
                count,
                way,
                (0.5, 1.1),
                lit=True,
                distance=distance,
            )
        )
    return Depths(behind=tuple(layers[:2]), before=(layers[2],))
