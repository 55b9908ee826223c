"""Fronts of town houses, drawn flat in metres: shops below, windows above, a cornice and a roof on top."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.air.light import Colour, Light, mix, rgb, scaled
from dalang.engines.animatic.canvas.composite import Picture, picture
from dalang.engines.animatic.canvas.noise import tile
from dalang.scene.plan import Thing

WALLS: tuple[Colour, ...] = (
    (206, 112, 84), (228, 196, 150), (176, 196, 196), (234, 218, 190),
    (190, 96, 80), (160, 176, 150), (222, 164, 128), (150, 162, 186),
)  # fmt: skip
AWNINGS: tuple[Colour, ...] = ((196, 58, 56), (46, 118, 96), (226, 158, 56), (58, 96, 158), (150, 70, 110))
TRIM: Colour = (240, 232, 218)
ROOF: Colour = (96, 88, 98)
WARM: Colour = (255, 208, 128)
FLOOR = 3.2
SHOP = 3.7
"""Metres a storey is high, and the shop on the ground."""
FACING = 0.52
"""How squarely the sun meets a front."""
SHARP = 2


@dataclass(frozen=True)
class Front:
    """A flat drawing in metres, x from the left, y up from the ground, at `scale` pixels a metre."""

    canvas: Picture
    scale: float
    light: Light
    without: frozenset[Thing]

    def lit(self, colour: Colour, part: float = 1.0) -> Colour:
        """`colour` as daylight and lamps show it, `part` of the way from black."""
        shown = rgb(colour) * (rgb(self.light.fill) + FACING * rgb(self.light.key)) * part
        shown += self.light.lamps * np.asarray((16, 11, 5), np.float32) * part
        r, g, b = (float(c) for c in np.clip(shown, 0, 255))
        return r, g, b

    def box(self, left: float, low: float, right: float, high: float, colour: Colour) -> None:
        """Fill a rectangle with a colour that is lit already."""
        foot = self.canvas.shape[0]
        rows = slice(max(0, foot - round(high * self.scale)), max(0, foot - round(low * self.scale)))
        columns = slice(max(0, round(left * self.scale)), max(0, round(right * self.scale)))
        if rows.start < rows.stop and columns.start < columns.stop:
            last = columns.stop - 1, rows.stop - 1
            cv2.rectangle(self.canvas, (columns.start, rows.start), last, (*colour, 255), -1)

    def fade(self, left: float, low: float, right: float, high: float, bottom: Colour, top: Colour) -> None:
        """Fill a rectangle with a colour that changes from its bottom to its top."""
        foot = self.canvas.shape[0]
        rows = slice(max(0, foot - round(high * self.scale)), max(0, foot - round(low * self.scale)))
        part = np.linspace(1, 0, rows.stop - rows.start, dtype=np.float32)[:, None, None]
        columns = slice(max(0, round(left * self.scale)), max(0, round(right * self.scale)))
        self.canvas[rows, columns] = picture(rgb(bottom) + (rgb(top) - rgb(bottom)) * part)


def paint_houses(
    rng: np.random.Generator, light: Light, scale: float, metres: float, storeys: int,
    without: frozenset[Thing],
) -> Picture:  # fmt: skip
    """A row of houses `metres` long that goes on where it began, RGBA at `scale` pixels a metre."""
    widths = _widths(rng, metres)
    rows = int((SHOP + storeys * FLOOR + 3.4) * scale)
    views = [
        _house(rng, Front(_wall(scale, width, rows), scale * SHARP, light, without), width, storeys) for width in widths
    ]
    row = np.hstack(views)
    dust = tile(rng, 256, 8, 5)
    worn = cv2.resize(dust, (row.shape[1], rows), interpolation=cv2.INTER_LINEAR)
    shade = (0.90 + 0.16 * worn) * np.linspace(1.04, 0.86, rows, dtype=np.float32)[:, None]
    *colours, cover = cv2.split(row)
    shaded = [cv2.min(cv2.multiply(part, shade, dtype=cv2.CV_8U), cover) for part in colours]
    return np.asarray(cv2.merge([*shaded, cover]), np.uint8)


def _widths(rng: np.random.Generator, metres: float) -> list[float]:
    shares = rng.uniform(0.78, 1.22, round(metres / 8.4))
    return [float(width) for width in shares / shares.sum() * metres]


def _wall(scale: float, width: float, rows: int) -> Picture:
    return np.zeros((rows * SHARP, round(width * scale) * SHARP, 4), np.uint8)


def _house(rng: np.random.Generator, front: Front, width: float, storeys: int) -> Picture:
    wall = scaled(WALLS[rng.integers(len(WALLS))], float(rng.uniform(0.92, 1.06)))
    floors = max(1, storeys - int(rng.integers(0, 3)))
    top = SHOP + floors * FLOOR
    _roof(rng, front, width, top)
    front.box(0, 0, width, top, front.lit(wall))
    front.box(0, 0, 0.10, top, front.lit(wall, 0.72))
    count = max(2, round((width - 0.8) / 2.3))
    style = int(rng.integers(3))
    for floor in range(floors):
        low = SHOP + floor * FLOOR
        for number in range(count):
            middle = width * (number + 0.5) / count
            _window(rng, front, middle, low + 0.75, style)
        front.box(0, low - 0.12, width, low + 0.06, front.lit(mix(wall, TRIM, 0.6)))
    front.box(-0.1, top - 0.32, width + 0.1, top, front.lit(mix(wall, TRIM, 0.75)))
    front.box(0, top - 0.46, width, top - 0.32, front.lit(wall, 0.62))
    _shop(rng, front, width)
    return np.asarray(
        cv2.resize(front.canvas, None, fx=1 / SHARP, fy=1 / SHARP, interpolation=cv2.INTER_AREA), np.uint8
    )


def _roof(rng: np.random.Generator, front: Front, width: float, top: float) -> None:
    """Flat with chimneys, or a steep roof with dormers."""
    if rng.random() < 0.5:
        steps = 14
        for step in range(steps):
            inset = 0.9 * step / steps
            low = top + 2.0 * step / steps
            front.box(inset, low, width - inset, low + 2.0 / steps + 0.02, front.lit(ROOF, 1.1 - 0.25 * step / steps))
        for middle in (width * 0.3, width * 0.7):
            front.box(middle - 0.75, top, middle + 0.75, top + 1.7, front.lit(TRIM))
            _pane(rng, front, middle - 0.5, top + 0.25, middle + 0.5, top + 1.4)
        top += 1.6
    for _ in range(int(rng.integers(1, 3))):
        x = float(rng.uniform(0.5, width - 1.2))
        front.box(x, top - 0.3, x + 0.7, top + 1.1, front.lit((150, 92, 76), 0.9))
        front.box(x - 0.08, top + 1.0, x + 0.78, top + 1.2, front.lit((110, 76, 68)))


def _pane(rng: np.random.Generator, front: Front, left: float, low: float, right: float, high: float) -> None:
    """Glass: a lit room, or the sky mirrored over a dark one."""
    light = front.light
    if rng.random() < 0.62 * light.lamps:
        glow = mix(WARM, (255, 236, 196), float(rng.random()))
        bright = float(rng.uniform(0.72, 1.0))
        front.fade(left, low, right, high, scaled(glow, 0.74 * bright), scaled(glow, bright))
        if rng.random() < 0.5:
            front.box(left, low, left + (right - left) * 0.28, high, scaled(mix(glow, (190, 110, 70), 0.5), bright))
    else:
        front.fade(left, low, right, high, scaled(light.zenith, 0.55), mix(scaled(light.horizon, 0.75), light.sky, 0.4))


def _window(rng: np.random.Generator, front: Front, middle: float, low: float, style: int) -> None:
    half, high = 0.55, low + 1.75
    front.box(middle - half - 0.14, low - 0.02, middle + half + 0.14, high + 0.14, front.lit(TRIM))
    front.box(middle - half - 0.14, high + 0.02, middle + half + 0.14, high + 0.06, front.lit(TRIM, 0.6))
    _pane(rng, front, middle - half, low + 0.06, middle + half, high)
    front.box(middle - 0.035, low + 0.06, middle + 0.035, high, front.lit(TRIM, 0.95))
    front.box(middle - half, low + 1.15, middle + half, low + 1.21, front.lit(TRIM, 0.95))
    front.box(middle - half - 0.24, low - 0.14, middle + half + 0.24, low, front.lit(TRIM, 1.05))
    front.box(middle - half - 0.24, low - 0.24, middle + half + 0.24, low - 0.14, front.lit((120, 104, 98), 0.8))
    if style == 1:
        for side in (-1, 1):
            left = middle + side * (half + 0.36) - 0.26
            front.box(left, low, left + 0.52, high, front.lit((70, 112, 104)))
            for slat in range(7):
                y = low + 0.12 + slat * 0.23
                front.box(left + 0.06, y, left + 0.46, y + 0.06, front.lit((70, 112, 104), 0.75))
    elif style == 2 and Thing.FLOWERS not in front.without:
        for number in range(5):
            x = middle - half + 0.11 + number * 0.22
            green = front.lit(((74, 130, 62), (214, 74, 92), (96, 150, 70))[number % 3])
            front.box(x - 0.14, low - 0.02, x + 0.14, low + 0.24 + 0.06 * (number % 2), green)


def _shop(rng: np.random.Generator, front: Front, width: float) -> None:
    frame = AWNINGS[rng.integers(len(AWNINGS))]
    dark = scaled(frame, 0.55)
    front.box(0.25, 0, width - 0.25, SHOP - 0.35, front.lit(dark))
    door = float(rng.choice([0.7, width - 1.9]))
    panes = max(2, round((width - 0.8) / 2.6))
    for number in range(panes):
        left = 0.5 + (width - 1.0) * number / panes + 0.08
        right = 0.5 + (width - 1.0) * (number + 1) / panes - 0.08
        _shop_window(rng, front, left, right)
    front.box(door - 0.1, 0, door + 1.3, 2.6, front.lit(dark, 0.9))
    front.box(door, 0, door + 1.2, 2.45, front.lit(frame, 0.9))
    _pane(rng, front, door + 0.2, 0.9, door + 1.0, 2.25)
    front.box(0.25, SHOP - 0.75, width - 0.25, SHOP - 0.2, front.lit(frame, 0.95))
    front.box(1.2, SHOP - 0.58, width - 1.2, SHOP - 0.38, front.lit(TRIM, 0.95))
    front.box(0, 0, width, 0.14, front.lit((120, 116, 116), 0.8))
    if rng.random() < 0.8:
        _awning(front, width, frame)


def _shop_window(rng: np.random.Generator, front: Front, left: float, right: float) -> None:
    light = front.light
    day = mix(scaled(light.zenith, 0.5), scaled(light.horizon, 0.72), 0.5)
    warm = mix((255, 196, 112), (255, 232, 178), float(rng.random()))
    glass = mix(day, warm, min(1.0, light.lamps * 1.1) * 0.95)
    front.fade(left, 0.55, right, 2.75, scaled(glass, 0.80), scaled(glass, 1.06))
    for _ in range(3):
        x, high = float(rng.uniform(left + 0.1, right - 0.5)), float(rng.uniform(0.3, 0.9))
        front.box(x, 0.55, x + float(rng.uniform(0.2, 0.4)), 0.55 + high, scaled(glass, float(rng.uniform(0.4, 0.62))))


def _awning(front: Front, width: float, colour: Colour) -> None:
    """Striped cloth that hangs out over the windows, with a scalloped hem and its shadow on the glass."""
    left, right = 0.35, width - 0.35
    count = max(6, round((right - left) / 0.5)) | 1
    step = (right - left) / count
    for number in range(count):
        x = left + number * step
        cloth = colour if number % 2 == 0 else TRIM
        front.fade(x, 2.35, x + step, 3.05, front.lit(cloth, 0.86), front.lit(cloth, 1.12))
        front.box(x + step * 0.08, 2.2, x + step * 0.92, 2.35, front.lit(cloth, 0.76))
        front.box(x + step * 0.25, 2.12, x + step * 0.75, 2.2, front.lit(cloth, 0.72))
