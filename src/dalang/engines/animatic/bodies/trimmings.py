"""What is sewn on garments: collars, lapels, buttons, belts, bibs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from dalang.engines.animatic.bodies.clay import FINE, Points, Rgb, Stuff, Weave, hull, model
from dalang.engines.animatic.bodies.cloth import contrast, lighter, woven
from dalang.engines.animatic.bodies.cut import Cut
from dalang.engines.animatic.bodies.mannequin import Mannequin
from dalang.engines.animatic.canvas.composite import Picture
from dalang.scene.wardrobe import Cloth

WHITE: Rgb = (240, 238, 246)
GOLD: Rgb = (240, 186, 70)
BRIGHT: Rgb = (224, 240, 120)


@dataclass(frozen=True)
class Worn:
    """One garment on somebody."""

    cloth: Cloth
    cut: Cut
    colour: Rgb
    tile: str | None = None
    """Its cloth's pattern, where that is a matter of weave."""

    @property
    def stuff(self) -> Stuff:
        return Stuff(self.colour, self.cut.gloss)

    def weave(self, origin: tuple[float, float], angle: float, unit: float) -> Weave | None:
        """Its texture, lying from `origin`; `unit` is the body's height in pixels."""
        return Weave(woven(self.tile, self.colour), origin, angle, unit / 800) if self.tile else None


@dataclass(frozen=True)
class Bench:
    """Where a garment is trimmed."""

    canvas: Picture
    body: Mannequin
    worn: Worn

    def patch(
        self, corners: Iterable[tuple[float, float]], colour: Rgb, soft: float = 0.012, cast: float = 0.0
    ) -> None:
        """A flat piece between places on the trunk (part of the way up, degrees around)."""
        points = np.array([self.body.surface(part, around, self.worn.cut.ease + 0.002) for part, around in corners])
        self.piece(points, colour, soft, cast)

    def piece(self, points: Points, colour: Rgb, soft: float = 0.012, cast: float = 0.0) -> None:
        model(self.canvas, [points], Stuff(colour, 0.3, 0.5), max(1.5, soft * self.body.unit), None, cast)

    def dot(self, part: float, around: float, radius: float, colour: Rgb) -> None:
        """A button: a disc with a dark rim below and a lighter middle."""
        if not self.body.shows(around):
            return
        x, y = self.body.surface(part, around, self.worn.cut.ease + 0.003)
        r = max(1.2, radius * self.body.unit)
        for dx, dy, size, tone in ((0.1, 0.24, 1.0, -0.42), (0.0, 0.0, 1.0, 0.0), (-0.2, -0.22, 0.5, 0.3)):
            disc = np.round(hull((x + dx * r, y + dy * r, r * size)) * (1 << FINE)).astype(np.int32)
            cv2.fillPoly(self.canvas, [disc], (*lighter(colour, tone), 255.0), cv2.LINE_AA, FINE)

    @property
    def fronted(self) -> bool:
        return self.body.shows(0.0)

    @property
    def low(self) -> float:
        """Part of the trunk at which a coat's skirt begins to be its front."""
        return -0.12


def ring(bench: Bench, low: float, high: float, colour: Rgb, ease: float = 0.004) -> None:
    """A band round the trunk."""
    body = bench.body
    outer = bench.worn.cut.ease + ease
    first, last = body.ring(low, outer), body.ring(high, outer)
    sag = body.surface((low + high) / 2, 0.0, outer)
    middle = body.view.spot(body.spine((low + high) / 2))
    bow = 0.35 * (sag[1] - middle[1]) if bench.fronted else 0.0
    lower = np.linspace(first[0], first[1], 7) + np.outer(np.sin(np.linspace(0, np.pi, 7)), (0, abs(bow) + 1.5))
    upper = np.linspace(last[1], last[0], 7) + np.outer(np.sin(np.linspace(0, np.pi, 7)), (0, abs(bow) + 1.5))
    bench.piece(np.concatenate([lower, upper]), colour, 0.03, 0.25)


def belt(bench: Bench) -> None:
    ring(bench, 0.10, 0.20, lighter(bench.worn.colour, -0.38))
    bench.dot(0.15, 4.0, 0.014, GOLD)


def sash(bench: Bench) -> None:
    ring(bench, 0.24, 0.34, lighter(bench.worn.colour, -0.3))


def broad_sash(bench: Bench) -> None:
    ring(bench, 0.14, 0.44, contrast(bench.worn.colour))


def short_bodice(bench: Bench) -> None:
    ring(bench, 0.50, 0.60, contrast(bench.worn.colour))


def waistband(bench: Bench) -> None:
    ring(bench, 0.04, 0.12, lighter(bench.worn.colour, -0.3))


def collar(bench: Bench) -> None:
    """Two points at the neck."""
    if not bench.fronted:
        return
    colour = lighter(bench.worn.colour, 0.22)
    for side in (1, -1):
        bench.patch([(1.06, 16 * side), (1.04, 62 * side), (0.90, 30 * side), (0.94, 4 * side)], colour, 0.01, 0.3)


def high_collar(bench: Bench) -> None:
    body = bench.body
    neck = [body.circle(body.spine(part), 0.046 + bench.worn.cut.ease * 0.4) for part in (0.98, 1.05)]
    model(bench.canvas, [hull(*neck)], bench.worn.stuff, 0.03 * body.unit, None, 0.3)


def round_neck(bench: Bench) -> None:
    if bench.fronted:
        rim = [
            (1.05, 58.0),
            (0.97, 30.0),
            (0.945, 0.0),
            (0.97, -30.0),
            (1.05, -58.0),
            (1.0, -40.0),
            (0.915, 0.0),
            (1.0, 40.0),
        ]
        bench.patch(rim, lighter(bench.worn.colour, -0.22), 0.006)


def vee_neck(bench: Bench) -> None:
    if bench.fronted:
        rim = [(1.05, 46.0), (0.84, 0.0), (1.05, -46.0), (1.05, -30.0), (0.88, 0.0), (1.05, 30.0)]
        bench.patch(rim, lighter(bench.worn.colour, -0.3), 0.006)


def placket(bench: Bench) -> None:
    """A row of small buttons on a seam."""
    if bench.fronted:
        bench.patch([(0.94, -5.0), (0.94, 5.0), (0.0, 5.0), (0.0, -5.0)], lighter(bench.worn.colour, -0.08), 0.01)
    for part in (0.84, 0.62, 0.40, 0.18):
        bench.dot(part, 0.0, 0.0055, contrast(bench.worn.colour))


def buttons(bench: Bench) -> None:
    for part in (0.86, 0.62, 0.38, 0.12):
        bench.dot(part, 6.0, 0.0105, contrast(bench.worn.colour))


def double_buttons(bench: Bench) -> None:
    for part in (0.82, 0.60, 0.38, 0.16):
        for around in (-20.0, 26.0):
            bench.dot(part, around, 0.009, lighter(bench.worn.colour, -0.45))


def zipper(bench: Bench) -> None:
    if bench.fronted:
        bench.patch([(0.98, -3.0), (0.98, 3.0), (0.0, 3.0), (0.0, -3.0)], lighter(bench.worn.colour, -0.4), 0.004)


def opening(bench: Bench) -> None:
    """What is under a coat that stands open shows as a wedge from the neck down."""
    if bench.fronted:
        seam = lighter(bench.worn.colour, -0.34)
        bench.patch([(0.80, -4.0), (0.80, 3.0), (-0.16, 5.0), (-0.16, 0.0)], seam, 0.006)


def shirt_front(bench: Bench) -> None:
    if bench.fronted:
        bench.patch([(1.06, 40.0), (0.46, 0.0), (1.06, -40.0)], WHITE, 0.01)


def lapels(bench: Bench) -> None:
    if not bench.fronted:
        return
    colour = lighter(bench.worn.colour, 0.12)
    for side in (1, -1):
        corners = [
            (1.08, 22 * side),
            (1.06, 64 * side),
            (0.90, 70 * side),
            (0.82, 44 * side),
            (0.44, 2 * side),
            (0.86, 18 * side),
        ]
        bench.patch(corners, colour, 0.014, 0.4)


def tie(bench: Bench) -> None:
    if bench.fronted:
        colour = (206, 48, 66) if bench.worn.colour != (206, 48, 66) else (48, 70, 130)
        bench.patch(
            [(0.98, -10.0), (0.98, 10.0), (0.90, 5.0), (0.54, 11.0), (0.44, 0.0), (0.54, -11.0), (0.90, -5.0)],
            colour,
            0.012,
            0.2,
        )


def bow_tie(bench: Bench) -> None:
    if bench.fronted:
        bench.patch(
            [(1.00, -22.0), (0.955, 0.0), (1.00, 22.0), (0.90, 22.0), (0.945, 0.0), (0.90, -22.0)],
            (44, 40, 52),
            0.012,
            0.3,
        )


def badge(bench: Bench) -> None:
    bench.dot(0.74, -34.0, 0.014, GOLD)


def emblem(bench: Bench) -> None:
    if bench.fronted:
        bench.patch([(0.86, -26.0), (0.86, 26.0), (0.72, 30.0), (0.52, 0.0), (0.72, -30.0)], GOLD, 0.014, 0.2)


def bib(bench: Bench) -> None:
    """Overalls' front with its straps."""
    colour = bench.worn.colour
    ring(bench, -0.06, 0.16, colour)
    if bench.fronted:
        for side in (1, -1):
            bench.patch(
                [(0.60, 26 * side), (0.60, 40 * side), (1.08, 62 * side), (1.08, 44 * side)], colour, 0.012, 0.3
            )
        bench.patch(
            [(0.70, -40.0), (0.70, 0.0), (0.70, 40.0), (0.08, 56.0), (0.06, 0.0), (0.08, -56.0)], colour, 0.02, 0.3
        )
        bench.patch([(0.48, -20.0), (0.48, 20.0), (0.26, 20.0), (0.26, -20.0)], lighter(colour, 0.16), 0.012, 0.2)
        for side in (1, -1):
            bench.dot(0.63, 33 * side, 0.008, GOLD)
        return
    for side in (1, -1):
        bench.patch(
            [(0.2, 180 - 20 * side), (0.2, 180 - 32 * side), (1.08, 180 - 60 * side), (1.08, 180 - 44 * side)],
            colour,
            0.012,
            0.3,
        )


def apron(bench: Bench) -> None:
    """A bib and a cloth over the thighs."""
    colour, body = bench.worn.colour, bench.body
    if not bench.fronted:
        ring(bench, 0.16, 0.22, colour)
        return
    cover = [point for half in body.skirt(0.40, -0.016, 0.010, 0.16)[1:] for point in half]
    weave = bench.worn.weave(body.view.spot(body.figure.pelvis), body.figure.trunk, body.unit)
    front = np.array(cover) + np.array([0.018 * body.unit * (abs(body.view.turn) < 60), 0.0])
    model(bench.canvas, [front], bench.worn.stuff, 0.05 * body.unit, weave, 0.35)
    bench.patch(
        [(0.80, -36.0), (0.80, 36.0), (0.14, 66.0), (-0.10, 60.0), (-0.10, -60.0), (0.14, -66.0)], colour, 0.03, 0.3
    )
    for side in (1, -1):
        bench.patch([(0.78, 28 * side), (0.78, 36 * side), (1.08, 52 * side), (1.08, 42 * side)], colour, 0.01, 0.3)
    ring(bench, 0.16, 0.22, lighter(colour, -0.12))


def straps(bench: Bench) -> None:
    """What holds a top up that leaves the shoulders bare."""
    back = 0.0 if bench.fronted else 180.0
    for side in (1, -1):
        edge = [(0.78, back + 62 * side), (0.78, back + 24 * side), (1.08, back + 44 * side), (1.08, back + 64 * side)]
        bench.patch(edge, bench.worn.colour, 0.02)


def crossed(bench: Bench) -> None:
    """A robe's front, folded right over left."""
    if bench.fronted:
        trim = contrast(bench.worn.colour)
        bench.patch([(1.08, -58.0), (1.08, -40.0), (0.34, 22.0), (0.30, 10.0)], trim, 0.012, 0.2)
        bench.patch([(1.08, 58.0), (1.08, 40.0), (0.34, -18.0), (0.30, -6.0)], trim, 0.012, 0.3)


def diagonal(bench: Bench) -> None:
    if bench.fronted:
        bench.patch([(0.98, 0.0), (0.98, 8.0), (0.80, 70.0), (0.76, 70.0)], contrast(bench.worn.colour), 0.006)


def sailor_collar(bench: Bench) -> None:
    trim = contrast(bench.worn.colour) if sum(bench.worn.colour) < 420 else (58, 92, 170)
    if bench.fronted:
        for side in (1, -1):
            bench.patch([(1.06, 20 * side), (1.08, 80 * side), (0.84, 74 * side), (0.66, 0.0)], trim, 0.012, 0.3)
    bench.dot(0.66, 0.0, 0.018, (224, 60, 70))


def neckerchief(bench: Bench) -> None:
    high_collar(Bench(bench.canvas, bench.body, Worn(bench.worn.cloth, bench.worn.cut, (224, 44, 58))))
    bench.dot(0.96, 8.0, 0.017, (224, 44, 58))
    bench.dot(0.90, 16.0, 0.014, (206, 34, 50))


def hood_down(bench: Bench) -> None:
    body = bench.body
    back = body.spine(1.0) - body.axes[1] * 0.055 * body.build.height
    roll = hull(body.circle(body.spine(1.02), 0.050), body.circle(back, 0.050))
    model(bench.canvas, [roll], bench.worn.stuff, 0.035 * body.unit, None, 0.35)
    if bench.fronted:
        for side in (1, -1):
            bench.patch([(0.94, 9 * side), (0.94, 14 * side), (0.70, 13 * side), (0.70, 9 * side)], WHITE, 0.005)


def pocket(bench: Bench) -> None:
    if bench.fronted:
        bench.patch(
            [(0.28, -34.0), (0.28, 34.0), (0.06, 46.0), (0.06, -46.0)], lighter(bench.worn.colour, -0.1), 0.014, 0.25
        )


def ring_collar(bench: Bench) -> None:
    body = bench.body
    for part, grey in ((0.99, (150, 156, 172)), (1.04, (214, 218, 230))):
        x, y, r = body.circle(body.spine(part), 0.075)
        band = hull((x - r * 0.8, y, r * 0.3), (x + r * 0.8, y, r * 0.3))
        model(bench.canvas, [band], Stuff(grey, 0.6), 0.02 * body.unit, None, 0.3)


def chest_pack(bench: Bench) -> None:
    if bench.fronted:
        bench.patch([(0.76, -30.0), (0.76, 30.0), (0.40, 32.0), (0.40, -32.0)], (206, 210, 224), 0.02, 0.35)
    bench.dot(0.64, -12.0, 0.011, (226, 60, 74))
    bench.dot(0.64, 12.0, 0.011, (62, 116, 214))


def bright_bands(bench: Bench) -> None:
    ring(bench, 0.16, 0.25, BRIGHT)
    ring(bench, 0.50, 0.58, BRIGHT)


def pauldrons(bench: Bench) -> None:
    """Caps of steel on the shoulders."""
    body = bench.body
    for side in body.far_first(body.figure.shoulders):
        model(
            bench.canvas,
            [hull(body.circle(body.figure.shoulders[side], 0.052))],
            bench.worn.stuff,
            0.03 * body.unit,
            None,
            0.35,
        )


def puffs(bench: Bench) -> None:
    pauldrons(bench)


def ruff(bench: Bench) -> None:
    body = bench.body
    for turn in np.linspace(-100, 100, 9):
        x, y = body.surface(1.0, float(turn), 0.02)
        model(bench.canvas, [hull((x, y, 0.022 * body.unit))], Stuff(WHITE, 0.4), 0.014 * body.unit, None, 0.2)


def clasp(bench: Bench) -> None:
    bench.dot(0.98, 0.0, 0.016, GOLD)


def drape(bench: Bench) -> None:
    """A sari's end, over the far shoulder."""
    if bench.fronted:
        colour = lighter(bench.worn.colour, -0.18)
        bench.patch([(1.08, -70.0), (1.06, -30.0), (0.20, 66.0), (-0.06, 70.0), (-0.02, 20.0)], colour, 0.03, 0.35)
        bench.patch([(1.06, -36.0), (1.06, -28.0), (0.20, 66.0), (0.14, 66.0)], GOLD, 0.008)


TRIMMINGS: dict[str, Callable[[Bench], None]] = {
    "belt": belt, "sash": sash, "broad sash": broad_sash, "short bodice": short_bodice, "waistband": waistband,
    "collar": collar, "high collar": high_collar, "round neck": round_neck, "vee neck": vee_neck, "placket": placket,
    "buttons": buttons, "double buttons": double_buttons, "zip": zipper, "opening": opening, "shirt front": shirt_front,
    "lapels": lapels, "tie": tie, "bow tie": bow_tie, "badge": badge, "emblem": emblem, "bib": bib, "apron": apron,
    "straps": straps, "crossed": crossed, "diagonal": diagonal, "sailor collar": sailor_collar,
    "neckerchief": neckerchief, "hood down": hood_down, "pocket": pocket, "ring collar": ring_collar,
    "chest pack": chest_pack, "bright bands": bright_bands, "pauldrons": pauldrons, "puffs": puffs, "ruff": ruff,
    "clasp": clasp, "drape": drape,
}  # fmt: skip
"""By the names in `cut.CUTS`; the cape, and what is under a shoe, are the tailor's own."""
