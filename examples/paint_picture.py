"""Paint examples/harbour.jpg, the picture that `make demo` sets in motion: a harbour town after sunset.

    python examples/paint_picture.py [FILE]

Everything is drawn by this script, at twice the size it is saved at. Points and lengths are in pixels of the saved
picture; colours are red, green, blue from 0 to 1.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Canvas = NDArray[np.float32]
"""Shape (height, width, 3) or, for masks, (height, width)."""

Color = tuple[float, float, float]
Draw = Callable[[Canvas, tuple[float, float], float], None]

WIDTH, HEIGHT, SCALE = 1280, 720, 2
SHORE = 418
"""Where land meets water."""

SUN = (905, 385)
SKY = ((0, "1c2a55"), (130, "4a4a82"), (240, "a8668f"), (320, "ef8f78"), (380, "ffc583"), (420, "ffe3ab"))
WALLS = ("c96f4a", "d9a05b", "b5544a", "cfc0a0", "7d8fa3", "e0b48a", "9d5a63", "6f8a86", "d88b63", "c7a37b")
ROOFS = ("6d3230", "59313a", "7b3d31", "4a2f3c")
LAMP: Color = (1.0, 0.8, 0.45)

random = np.random.default_rng(11)


def main() -> None:
    picture = sky()
    hills(picture)
    town(picture)
    lighthouse(picture, 1120)
    picture = water(picture)
    for boat, at, size in ((sailboat, (760, 470), 1.0), (sailboat, (1010, 436), 0.42), (sailboat, (610, 440), 0.36)):
        afloat(picture, boat, at, size)
    for at, size in (((215, 575), 1.25), ((455, 520), 0.8), ((1075, 610), 1.45)):
        afloat(picture, rowing_boat, at, size)
    save(finish(picture), Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("harbour.jpg"))


def color(code: str) -> Color:
    red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def mixed(a: Color, b: Color, part: float) -> Color:
    red, green, blue = (x + (y - x) * part for x, y in zip(a, b, strict=True))
    return red, green, blue


def mask(points: Sequence[tuple[float, float]]) -> Canvas:
    """How much of each pixel the polygon covers."""
    cover = np.zeros((HEIGHT * SCALE, WIDTH * SCALE), np.uint8)
    corners = np.round(np.array(points) * SCALE * 16).astype(np.int32)
    cv2.fillPoly(cover, [corners], 255, cv2.LINE_AA, 4)
    return cover.astype(np.float32) / 255


def polygon(picture: Canvas, points: Sequence[tuple[float, float]], paint: Color) -> None:
    corners = np.round(np.array(points) * SCALE * 16).astype(np.int32)
    cv2.fillPoly(picture, [corners], paint, cv2.LINE_AA, 4)


def box(picture: Canvas, left: float, top: float, width: float, height: float, paint: Color) -> None:
    right, bottom = left + width, top + height
    polygon(picture, [(left, top), (right, top), (right, bottom), (left, bottom)], paint)


def line(picture: Canvas, a: tuple[float, float], b: tuple[float, float], paint: Color, width: float) -> None:
    ends = [tuple(round(value * SCALE * 16) for value in point) for point in (a, b)]
    cv2.line(picture, ends[0], ends[1], paint, max(1, round(width * SCALE)), cv2.LINE_AA, 4)


def cloud_noise(stretch: tuple[float, float], octaves: int = 6) -> Canvas:
    """Smooth noise from 0 to 1 over the whole canvas; `stretch` is the size of its largest spots in pixels."""
    total = np.zeros((HEIGHT * SCALE, WIDTH * SCALE), np.float32)
    for octave in range(octaves):
        cells = [int(side / length * 2**octave) + 3 for side, length in zip((WIDTH, HEIGHT), stretch, strict=True)]
        spots = random.random((cells[1], cells[0]), np.float32)
        total += cv2.resize(spots, (WIDTH * SCALE, HEIGHT * SCALE), interpolation=cv2.INTER_CUBIC) / 2**octave
    low, high = np.quantile(total, (0.01, 0.99)).astype(np.float32)
    return np.clip((total - low) / (high - low), 0, 1)


def grid() -> tuple[Canvas, Canvas]:
    """Column and row of each pixel."""
    columns, rows = np.meshgrid(np.arange(WIDTH * SCALE), np.arange(HEIGHT * SCALE))
    return (columns / SCALE).astype(np.float32), (rows / SCALE).astype(np.float32)


def glow(at: tuple[float, float], radius: float) -> Canvas:
    x, y = grid()
    return np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * radius * radius))[..., None]


def blend(picture: Canvas, paint: Color | Canvas, part: Canvas) -> None:
    """Lay `paint` over the picture, as opaque as `part`, shape (height, width, 1)."""
    picture += (np.asarray(paint, np.float32) - picture) * part


def sky() -> Canvas:
    stops, codes = zip(*SKY, strict=True)
    paints = np.array([color(code) for code in codes])
    rows = np.arange(HEIGHT * SCALE) / SCALE
    column = np.stack([np.interp(rows, stops, paints[:, channel]) for channel in range(3)], axis=-1)
    picture = np.repeat(column[:, None].astype(np.float32), WIDTH * SCALE, axis=1)
    blend(picture, color("ffd89a"), 0.75 * glow(SUN, 150))
    clouds(picture)
    blend(picture, color("fff4d6"), np.clip(1.3 * glow(SUN, 26), 0, 1))
    return picture


def clouds(picture: Canvas) -> None:
    _, y = grid()
    shapes = cloud_noise((460, 62))
    thick = np.clip((shapes - 0.5) * 3.2, 0, 1)[..., None] * np.clip(1.15 - y / 400, 0, 1)[..., None]
    below = np.pad(shapes, ((14 * SCALE, 0), (0, 0)), "edge")[: -14 * SCALE]
    lit = np.clip((shapes - below) * 3.0 + 0.35, 0, 1)[..., None]
    warm = np.array(color("ff9d7c"), np.float32) * lit + np.array(color("5d4a7c"), np.float32) * (1 - lit)
    blend(picture, warm.astype(np.float32), 0.85 * thick)


def ridge(base: float, rise: float, roughness: float) -> list[tuple[float, float]]:
    """The outline of a range of hills whose feet stand at SHORE."""
    x = np.arange(-4, WIDTH + 8, 4)
    heights = np.zeros(len(x))
    for wave in range(1, 9):
        heights += np.sin(x * wave * 0.0045 * roughness + random.uniform(0, 6.3)) / wave**1.1
    tops = base - rise * (heights - heights.min()) / np.ptp(heights)
    return [(-4.0, SHORE + 4.0), *zip(x.tolist(), tops.tolist(), strict=True), (WIDTH + 8.0, SHORE + 4.0)]


def hills(picture: Canvas) -> None:
    for base, rise, code, rough in ((396, 92, "d58a8c", 0.8), (404, 66, "a3688a", 1.2), (412, 42, "6b4b78", 1.7)):
        shape = mask(ridge(base, rise, rough))[..., None]
        blend(picture, color(code), shape)
        blend(picture, color("ffc28c"), 0.55 * shape * glow(SUN, 130))


def town(picture: Canvas) -> None:
    """Two rows of houses from the left to past the middle, the far row higher up and paler."""
    for foot, far, heights, until in ((SHORE - 34, 0.5, (44, 78), 640), (SHORE, 0.1, (44, 92), 745)):
        left = -12.0
        while left < until:
            width = random.uniform(32, 58)
            shrink = 1 - 0.45 * max(0.0, left / until) ** 2
            house(picture, left, foot, width * shrink, random.uniform(*heights) * shrink, far)
            left += width * shrink - 1
        if far > 0.3:
            church(picture, 330, foot - 30)
    box(picture, 0, SHORE - 5, 790, 7, color("3a2c40"))
    for x in range(20, 780, 58):
        lamp(picture, x, SHORE - 5)


def house(picture: Canvas, left: float, foot: float, width: float, height: float, far: float) -> None:
    haze, dusk = color("c58490"), color("34284a")
    wall = mixed(mixed(color(random.choice(WALLS)), dusk, 0.32), haze, far)
    roof = mixed(mixed(color(random.choice(ROOFS)), dusk, 0.3), haze, far)
    top, peak = foot - height, width * random.uniform(0.25, 0.45)
    box(picture, left, top, width, height, wall)
    box(picture, left + width * 0.78, top, width * 0.22, height, mixed(wall, color("ffc58a"), 0.3))
    polygon(picture, [(left - 2, top), (left + width / 2, top - peak), (left + width + 2, top)], roof)
    slope = [(left + width / 2, top - peak), (left + width + 2, top), (left + width * 0.78, top)]
    polygon(picture, slope, mixed(roof, color("ff9d6b"), 0.35))
    chimney = left + width * 0.22
    box(picture, chimney, top - peak * 0.85, width * 0.1, peak * 0.6, roof)
    windows(picture, (left, top, width, height), wall, far)


def windows(picture: Canvas, front: tuple[float, float, float, float], wall: Color, far: float) -> None:
    left, top, width, height = front
    columns, floors = max(2, round(width / 13)), max(2, round(height / 20))
    across, down = width / columns, height / floors
    for column in range(columns):
        for floor in range(floors):
            x, y = left + across * (column + 0.3), top + down * (floor + 0.25)
            lit = random.random() < 0.42
            paint = mixed(LAMP, color("c58490"), far * 0.6) if lit else mixed(wall, color("1d1a33"), 0.6)
            box(picture, x - 0.8, y - 0.8, across * 0.4 + 1.6, down * 0.5 + 1.6, mixed(wall, (1, 1, 1), 0.22))
            box(picture, x, y, across * 0.4, down * 0.5, paint)


def church(picture: Canvas, x: float, foot: float) -> None:
    stone, shade = color("b98a86"), color("7d5a74")
    box(picture, x, foot - 96, 26, 120, shade)
    box(picture, x + 17, foot - 96, 9, 120, stone)
    polygon(picture, [(x - 3, foot - 96), (x + 13, foot - 146), (x + 29, foot - 96)], color("5b3f5c"))
    polygon(picture, [(x + 13, foot - 146), (x + 29, foot - 96), (x + 17, foot - 96)], color("a3635f"))
    box(picture, x + 9, foot - 86, 8, 16, LAMP)
    line(picture, (x + 13, foot - 146), (x + 13, foot - 158), color("5b3f5c"), 1.2)


def lamp(picture: Canvas, x: float, foot: float) -> None:
    line(picture, (x, foot), (x, foot - 15), color("2a2138"), 1)
    cv2.circle(picture, (round(x * SCALE), round((foot - 16) * SCALE)), 2 * SCALE, (1.25, 1.05, 0.7), -1, cv2.LINE_AA)


def lighthouse(picture: Canvas, x: float) -> None:
    rocks = [(x - 150, SHORE + 2), (x - 90, SHORE - 10), (x - 20, SHORE - 20), (x + 40, SHORE - 16)]
    polygon(picture, [*rocks, (x + 120, SHORE - 26), (WIDTH + 4, SHORE - 34), (WIDTH + 4, SHORE + 2)], color("3d2d4b"))
    foot, top = SHORE - 16, SHORE - 150
    for stripe in range(5):
        upper, lower = (top + (foot - top) * (stripe + part) / 5 for part in (0, 1))
        wide, wider = 11 + 1.7 * stripe, 12.7 + 1.7 * stripe
        base = color("b9534f") if stripe % 2 else color("d8bfb4")
        corners = [(x - wide, upper), (x + wide, upper), (x + wider, lower), (x - wider, lower)]
        polygon(picture, corners, mixed(base, color("ffc58a"), 0.25))
        shade = [(x + wide * 0.2, upper), (x + wide, upper), (x + wider, lower), (x + wider * 0.2, lower)]
        polygon(picture, shade, mixed(base, color("34284a"), 0.45))
    box(picture, x - 15, top - 4, 30, 4, color("34284a"))
    box(picture, x - 8, top - 20, 16, 16, (1.5, 1.3, 0.9))
    polygon(picture, [(x - 11, top - 20), (x, top - 33), (x + 11, top - 20)], color("8f3f42"))


def ripples(strength: float) -> tuple[Canvas, Canvas]:
    """How far the water bends what it mirrors, across and down, in pixels; longer and higher towards the viewer."""
    x, y = grid()
    near = np.clip((y - SHORE) / (HEIGHT - SHORE), 0.004, 1)
    noise = cloud_noise((260, 260), 7)
    places = (x * 0.35 / (0.12 + near) * SCALE, 900 * (np.log(near + 0.06) + 3) * SCALE)
    wave = cv2.remap(noise, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT) - 0.5
    return strength * 14 * near * wave, strength * 120 * near**0.8 * wave


def water(picture: Canvas) -> Canvas:
    x, y = grid()
    across, down = ripples(1.0)
    mirrored = np.clip(2 * SHORE - y + down - 2, 0, SHORE - 2)
    places = ((x + across) * SCALE, mirrored * SCALE)
    mirror = cv2.remap(picture, places[0], places[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    near = np.clip((y - SHORE) / (HEIGHT - SHORE), 0, 1)[..., None]
    deep = np.array(color("14223f"), np.float32)
    surface = mirror * (0.86 - 0.3 * near) + deep * (0.1 + 0.26 * near)
    path = np.exp(-(((x - SUN[0]) / (45 + 170 * near[..., 0])) ** 2))
    glitter = (np.clip(down / 30 - 0.1, 0, 1) * path)[..., None]
    surface += glitter * np.array(color("ffcf94"), np.float32) * 0.8
    below = (y >= SHORE)[..., None]
    return np.where(below, surface, picture).astype(np.float32)


def afloat(picture: Canvas, draw: Draw, at: tuple[float, float], size: float) -> None:
    """Draw a boat with its waterline at `at`, and its broken mirror image under it."""
    layer = picture.copy()
    draw(layer, at, size)
    changed = (np.abs(layer - picture).max(axis=2, keepdims=True) > 0.004).astype(np.float32)
    x, y = grid()
    across, down = ripples(0.5)
    places = ((x + 2 * across) * SCALE, (2 * at[1] - y + 0.35 * down) * SCALE)
    image, part = (cv2.remap(each, *places, cv2.INTER_LINEAR) for each in (layer, changed))
    fade = np.exp(-np.clip(y - at[1], 0, None) / (70 * size + 20)) * (y > at[1])
    blend(picture, image * 0.62, (0.8 * cv2.GaussianBlur(part, (0, 0), 1.2) * fade)[..., None])
    draw(picture, at, size)


def sailboat(picture: Canvas, at: tuple[float, float], size: float) -> None:
    def place(x: float, y: float) -> tuple[float, float]:
        return at[0] + x * size, at[1] - y * size

    line(picture, place(0, 10), place(0, 172), color("2f2338"), 2.2 * size)
    main_sail = [place(4, 22), place(4, 166), place(34, 90), place(58, 22)]
    polygon(picture, main_sail, color("f6d3b0"))
    polygon(picture, [place(4, 22), place(4, 166), place(16, 90), place(20, 22)], color("cf9a98"))
    polygon(picture, [place(-4, 24), place(-3, 150), place(-22, 80), place(-46, 24)], color("b8808f"))
    polygon(picture, [place(-56, 14), place(-40, 0), place(48, 0), place(64, 16), place(0, 11)], color("45222e"))
    polygon(picture, [place(-56, 14), place(0, 11), place(64, 16), place(60, 19), place(-54, 17)], color("e9c8a6"))


def rowing_boat(picture: Canvas, at: tuple[float, float], size: float) -> None:
    def place(x: float, y: float) -> tuple[float, float]:
        return at[0] + x * size, at[1] - y * size

    hull = [place(-72, 27), place(-58, 6), place(-40, -2), place(44, -2), place(60, 7), place(74, 30)]
    polygon(picture, [*hull, place(40, 19), place(-38, 18)], color("27566a"))
    inside = [place(-72, 27), place(-38, 18), place(40, 19), place(74, 30), place(30, 26), place(-30, 25)]
    polygon(picture, inside, color("1f1a2b"))
    stripe = [place(-66, 17), place(-38, 9), place(42, 10), place(67, 19)]
    polygon(picture, [*stripe, place(66, 15), place(42, 6), place(-38, 5), place(-63, 13)], color("e8b07a"))
    for x in (-26, 6, 34):
        polygon(picture, [place(x, 25), place(x + 9, 25), place(x + 9, 21), place(x, 21)], color("a5714f"))
    edge = [place(-72, 27), place(-38, 18), place(0, 17), place(40, 19), place(74, 30)]
    for a, b in pairwise(edge):
        line(picture, a, b, color("f2c795"), 1.6 * size)


def finish(picture: Canvas) -> Canvas:
    """Glow of what is bright, darker corners, a little grain."""
    bright = np.clip(picture - 0.82, 0, None)
    for radius, strength in ((5, 0.7), (22, 0.5), (70, 0.35)):
        picture = picture + strength * cv2.GaussianBlur(bright, (0, 0), radius * SCALE / 2)
    x, y = grid()
    away = ((x - WIDTH / 2) / WIDTH) ** 2 + ((y - HEIGHT / 2) / HEIGHT) ** 2
    picture = picture * (1.04 - 0.55 * away)[..., None]
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.clip(small + random.normal(0, 0.007, (HEIGHT, WIDTH, 1)), 0, 1).astype(np.float32)


def save(picture: Canvas, path: Path) -> None:
    pixels = np.round(picture[..., ::-1] * 255).astype(np.uint8)
    cv2.imwrite(str(path), pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])


if __name__ == "__main__":
    main()
