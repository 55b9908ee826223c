"""Dressing a puppet: its body is drawn from far to near, each part in what it wears."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dalang.engines.animatic.bodies.bones import Joint
from dalang.engines.animatic.bodies.clay import Outline, Rgb, Stuff, chain, hull, model
from dalang.engines.animatic.bodies.cloth import DENIM, DYES, TILES, lighter
from dalang.engines.animatic.bodies.cut import SHAPES, cut_of
from dalang.engines.animatic.bodies.mannequin import Mannequin
from dalang.engines.animatic.bodies.trimmings import GOLD, TRIMMINGS, WHITE, Bench, Worn
from dalang.engines.animatic.canvas.composite import Picture
from dalang.scene.performer import Colour, Garment
from dalang.scene.wardrobe import GARMENTS

LIMB, TRUNK, SKIRT, SHOE = 0.034, 0.070, 0.062, 0.024
"""How far parts are rounded, shares of the body's height."""
FINGERED = 600
"""Pixels of the height from which fingers are seen."""


BANDED = frozenset({"tracksuit", "firefighter-suit", "safety-vest"})
"""Striped by bands that are sewn on."""
JEANS = frozenset({"jeans", "denim-jacket"})


def worn(garment: Garment) -> Worn:
    """A garment as it is put on. KeyError: there is none of that name."""
    cloth = GARMENTS[garment.name]
    tile = cloth.pattern if cloth.pattern in TILES and garment.name not in BANDED else None
    colour = DENIM if garment.name in JEANS and garment.colour in (None, Colour.BLUE) else None
    return Worn(cloth, cut_of(cloth), colour or DYES[garment.colour or cloth.colour], tile)


@dataclass(frozen=True)
class Outfit:
    """All that one wears, inner things first."""

    pieces: tuple[Worn, ...]
    own: frozenset[str] = frozenset()
    """Names of those whose colour nobody named."""

    def of(self, *slots: str) -> tuple[Worn, ...]:
        return tuple(piece for piece in self.pieces if piece.cloth.slot in slots)

    @property
    def clothes(self) -> tuple[Worn, ...]:
        return self.of("body", "torso", "legs")

    @property
    def shoes(self) -> Worn | None:
        feet = self.of("feet")
        return feet[-1] if feet else None

    @property
    def gloves(self) -> Worn | None:
        hands = [piece for piece in self.of("hands") if piece.cloth.pattern != "band"]
        if hands:
            return hands[-1]
        return next((piece for piece in self.clothes if piece.cloth.name == "spacesuit"), None)

    @cached_property
    def hidden(self) -> tuple[Worn, ...]:
        """Tops that a coat with long sleeves covers."""
        coat = max((p.cut.rank for p in self.clothes if p.cut.trunk and p.cut.sleeves == 1.0), default=0)
        return tuple(p for p in self.clothes if p.cut.trunk and p.cut.rank < coat)

    def trunked(self) -> bool:
        """Whether something covers the chest."""
        return any(piece.cut.trunk and "straps" not in piece.cut.trim for piece in self.clothes)


def outfit(garments: tuple[Garment, ...], default: tuple[Garment, ...]) -> Outfit:
    """`garments` over what of `default` they leave: a dress replaces shirt and trousers, a coat goes over them."""
    named = [worn(garment) for garment in garments]
    taken = {slot for piece in named for slot in replaced(piece)}
    pieces = [*(worn(g) for g in default if GARMENTS[g.name].slot not in taken), *named]
    if default:
        pieces += [worn(Garment(name=name)) for name in _bare(pieces)]
    pieces.sort(key=lambda piece: (piece.cloth.slot != "legs", piece.cut.rank))
    return Outfit(tuple(pieces), frozenset(g.name for g in (*garments, *default) if g.colour is None))


def replaced(piece: Worn) -> set[str]:
    """Slots of what one cannot wear besides it."""
    cut, slot = piece.cut, piece.cloth.slot
    if cut.rank:
        return set()
    if piece.cloth.name in BATHING:
        return {"body", "torso", "legs", "feet"}
    slots = {slot}
    if cut.trunk and slot in ("body", "torso"):
        slots.add("torso")
    if slot in ("body", "legs") and (cut.legs or cut.hem > 0.2):
        slots.add("legs")
    return slots | ({"body"} if slots & {"torso", "legs"} else set())


BATHING = frozenset({"swimsuit", "swim-trunks"})
"""Worn alone."""


def _bare(left: list[Worn]) -> list[str]:
    """What is put on where garments leave half of a body bare."""
    if any(piece.cloth.name in BATHING for piece in left):
        return []
    tops = any(piece.cut.trunk and (not piece.cut.rank or piece.cut.sleeves) for piece in left)
    below = any(piece.cut.legs or piece.cut.hem > 0.2 for piece in left)
    return ["t-shirt"] * (not tops) + ["trousers"] * (not below)


def _over(piece: Worn) -> tuple[int, int]:
    """Where a garment comes on the trunk: shirts are tucked into what is below."""
    cut = piece.cut
    tucked = cut.trunk and not cut.rank and not cut.hem and not cut.legs
    return cut.rank, 0 if tucked else 1 if not cut.trunk else 2


@dataclass(frozen=True)
class Dresser:
    """Draws a body in its outfit on a canvas."""

    canvas: Picture
    body: Mannequin
    outfit: Outfit
    skin: Rgb

    @property
    def unit(self) -> float:
        return self.body.unit

    def part(self, outline: Outline, stuff: Stuff, soft: float, cast: float = 0.0) -> None:
        model(self.canvas, outline, stuff, soft * self.unit, None, cast)

    def cloth(self, outline: Outline, piece: Worn, soft: float, pins: tuple[Joint, Joint], cast: float = 0.0) -> None:
        """A piece of a garment; its weave lies along the line from the second to the first of two joints."""
        (x0, y0), (x1, y1) = self.body.view.spot(pins[0]), self.body.view.spot(pins[1])
        angle = float(np.degrees(np.arctan2(x0 - x1, y1 - y0)))
        model(self.canvas, outline, piece.stuff, soft * self.unit, piece.weave((x0, y0), angle, self.unit), cast)

    def arm(self, side: int, cast: float = 0.0) -> None:
        body, f = self.body, self.body.figure
        sleeves = [piece for piece in self.outfit.clothes if piece.cut.sleeves and piece not in self.outfit.hidden]
        longest = max((piece.cut.sleeves for piece in sleeves), default=0.0)
        if longest < 0.95:
            self.part(body.arm(side, 1.0, 0.0, max(0.0, longest - 0.15)), Stuff(self.skin), LIMB, cast)
        self.hand(side, cast)
        for band in (piece for piece in self.outfit.of("hands") if piece.cloth.pattern == "band"):
            self.part(body.arm(side, 1.0, 0.006, 0.93), band.stuff, 0.012, 0.2)
        for piece in sleeves:
            outline = body.arm(side, piece.cut.sleeves, piece.cut.ease * 0.7)
            if piece.cloth.name in ("kimono", "hanfu", "robe", "hanbok"):
                elbow, wrist = f.elbows[side], f.hands[side]
                drop = wrist - np.array([0.0, 0.075, 0.0]) * body.build.height
                outline = [
                    *outline,
                    hull(body.circle(elbow, 0.030), body.circle(wrist, 0.030), body.circle(drop, 0.018)),
                ]
            self.cloth(outline, piece, LIMB, (f.shoulders[side], f.hands[side]), cast)

    def hand(self, side: int, cast: float) -> None:
        """Its fingers are told apart where it is large enough."""
        gloves = self.outfit.gloves
        back, fingers = self.body.hand(side, gloves.cut.ease if gloves else 0.0)
        stuff = gloves.stuff if gloves else Stuff(self.skin)
        if self.unit < FINGERED or (gloves and gloves.cut.ease > 0.008):
            self.part([*back, *fingers], stuff, LIMB * 0.7, cast)
            return
        self.part(back, stuff, LIMB * 0.6, cast)
        for finger in fingers:
            self.part([finger], stuff, LIMB * 0.3, 0.18)

    def leg(self, side: int) -> None:
        body, f = self.body, self.body.figure
        trousers = [piece for piece in self.outfit.clothes if piece.cut.legs]
        longest = max((piece.cut.legs for piece in trousers), default=0.0)
        if longest < 0.95:
            self.part(body.leg(side, 1.0, 0.0, max(0.0, longest - 0.1)), Stuff(self.skin), LIMB)
        for piece in trousers:
            flare = piece.cut.ease + (0.006 if piece.cut.legs > 0.9 else 0.0)
            self.cloth(
                body.leg(side, min(piece.cut.legs, 0.97), flare * 0.8),
                piece,
                LIMB * 1.15,
                (f.sockets[side], f.ankles[side]),
            )
        self.shoe(side)

    def shoe(self, side: int) -> None:
        body, shoes = self.body, self.outfit.shoes
        suit = self.outfit.gloves if self.outfit.gloves and self.outfit.gloves.cloth.slot == "body" else None
        shoes = shoes or suit
        if shoes is None:
            self.part(body.foot(side), Stuff(self.skin), SHOE)
            return
        outline = body.foot(side, shoes.cut.ease * 0.35)
        if shoes.cloth.name == "flippers":
            f = body.figure
            outline.append(hull(body.circle(f.toes[side], 0.012), body.circle(f.toes[side] * 2 - f.heels[side], 0.016)))
        if shoes.cut.shaft:
            outline = [*body.leg(side, 1.0, 0.012 + shoes.cut.ease * 0.5, 1 - shoes.cut.shaft), *outline]
        if shoes.cloth.pattern == "sandals":
            self.part(body.foot(side), Stuff(self.skin), SHOE)
            outline = [self._sole(side, 0.014)]
        self.part(outline, shoes.stuff, SHOE * 1.1)
        if "sole" in shoes.cut.trim or shoes.cloth.pattern in ("boots", "heels"):
            pale = sum(shoes.colour) < 560 and shoes.cloth.name == "sneakers"
            self.part([self._sole(side, 0.009)], Stuff(WHITE if pale else lighter(shoes.colour, -0.45)), SHOE * 0.5)
        if {"blade", "wheels"} & set(shoes.cut.trim):
            self.part([self._sole(side, 0.006)], Stuff((196, 202, 216), 0.7), SHOE * 0.4)

    def _sole(self, side: int, thick: float) -> np.ndarray:
        f, up = self.body.figure, np.array([0.0, thick, 0.0]) * self.body.build.height
        return hull(self.body.circle(f.heels[side] + up, thick), self.body.circle(f.toes[side] + up, thick))

    def trunk(self) -> None:
        body, f = self.body, self.body.figure
        spine = (f.pelvis, f.chest)
        if not self.outfit.trunked():
            self.part(body.trunk(0.0), Stuff(self.skin), TRUNK)
        for piece in sorted(self.outfit.clothes, key=_over):
            if piece in self.outfit.hidden:
                continue
            outline = self.around_trunk(piece)
            if outline:
                self.cloth(outline, piece, TRUNK, spine, 0.25 if piece.cut.rank or piece.cut.hem else 0.0)
            bench = Bench(self.canvas, body, piece)
            for trim in piece.cut.trim:
                if trim not in SHAPES:
                    TRIMMINGS[trim](bench)

    def around_trunk(self, piece: Worn) -> Outline:
        """What a garment covers from the shoulders down to its hem, trouser legs left out."""
        body, cut = self.body, piece.cut
        outline: Outline = []
        if cut.trunk:
            high = 0.80 if "straps" in cut.trim else 1.0
            outline += body.trunk(cut.ease, -0.10 - min(cut.hem, 0.12), high)
        if cut.hem > 0.12:
            waist = 0.55 if piece.cloth.name == "hanbok" else 0.30 if cut.trunk else 0.12
            outline += body.skirt(cut.hem, cut.flare, cut.ease, waist)
        elif cut.legs and not cut.trunk:
            outline += body.trunk(cut.ease, -0.10, 0.14)
        return outline

    def cape(self) -> None:
        """Behind the shoulders, blown back by the way that is made."""
        body, f = self.body, self.body.figure
        for piece in self.outfit.clothes:
            if "cape" not in piece.cut.trim:
                continue
            _, ahead, near = body.axes
            tall, low = body.build.height, f.pelvis * 0.32 + (f.ankles[0] + f.ankles[1]) * 0.34
            back = low - ahead * 0.10 * tall
            corners = [body.circle(joint, 0.030) for joint in f.shoulders]
            hem = [body.circle(back + near * side * 0.13 * tall, 0.016) for side in (1, -1)]
            self.cloth([hull(*corners, *hem)], piece, SKIRT, (f.chest, f.pelvis))

    def neck(self) -> None:
        body, f = self.body, self.body.figure
        chin = f.skull + (f.skull - f.chest) * 0.6
        self.part([hull(body.circle(f.chest, 0.030), body.circle(chin, 0.028))], Stuff(lighter(self.skin, -0.08)), 0.03)

    def about_neck(self) -> None:
        """Scarves, ties, beads."""
        for piece in self.outfit.of("neck"):
            NECKWEAR.get(piece.cloth.pattern or "", scarf)(self, piece)
        for piece in self.outfit.of("head"):
            if piece.cloth.pattern == "hijab":
                drape(self, piece)

    def tail(self, length: float, thick: float) -> None:
        """Of an animal, out behind and up again."""
        body, f = self.body, self.body.figure
        up, ahead, _ = body.axes
        tall = body.build.height
        stops = [(0.0, -0.02, 0.5), (0.35, -0.12, 0.9), (0.7, -0.13, 1.0), (1.0, -0.02, 0.35)]
        spots = [
            body.circle(f.pelvis - ahead * (0.05 + length * along) * tall + up * rise * tall, thick * wide)
            for along, rise, wide in stops
        ]
        self.part(chain(*spots), Stuff(self.skin), thick)

    def pack(self, fronted: bool) -> None:
        """A backpack, and its straps where the chest is seen."""
        body = self.body
        for piece in self.outfit.of("neck"):
            if piece.cloth.pattern != "backpack":
                continue
            bench = Bench(self.canvas, body, piece)
            if fronted:
                for side in (1, -1):
                    bench.patch(
                        [(1.06, 40 * side), (1.06, 62 * side), (0.34, 78 * side), (0.34, 60 * side)],
                        piece.colour,
                        0.012,
                        0.3,
                    )
                continue
            back = -body.axes[1] * 0.105 * body.build.height
            spots = [body.circle(body.spine(part) + back, size) for part, size in ((0.88, 0.070), (0.22, 0.082))]
            self.part([hull(*spots)], piece.stuff, 0.05, 0.3)
            x, y, r = body.circle(body.spine(0.30) + back * 1.2, 0.050)
            self.part([hull((x, y, r), (x, y + r * 0.5, r))], Stuff(lighter(piece.colour, 0.14)), 0.03, 0.3)


def scarf(dresser: Dresser, piece: Worn) -> None:
    """Round the neck, an end hanging down before and one blown behind."""
    body = dresser.body
    _, ahead, near = body.axes
    tall = body.build.height
    root = body.spine(0.98) + ahead * 0.035 * tall - near * 0.03 * tall
    end = root - np.array([0.0, 0.17 * tall, 0.0]) + ahead * 0.02 * tall
    if body.shows(0.0):
        dresser.cloth([hull(body.circle(root, 0.024), body.circle(end, 0.028))], piece, 0.03, (root, end), 0.3)
    wide = 0.062 if piece.cloth.name != "shawl" else 0.098
    ring = [(*body.ring(0.95, -0.02)[k], wide * 0.45 * dresser.unit) for k in (0, 1)]
    x, y, r = body.circle(body.spine(1.03), wide)
    dresser.cloth([hull(*ring, (x, y, r * 0.75))], piece, 0.035, (body.spine(1.0), body.spine(0.5)), 0.35)


def drape(dresser: Dresser, piece: Worn) -> None:
    """A hijab's folds on shoulders and chest."""
    body = dresser.body
    wide = [(*body.ring(0.90, -0.006)[k], 0.02 * dresser.unit) for k in (0, 1)]
    front = body.surface(0.74, 10.0, -0.02) if body.shows(0.0) else body.surface(0.8, 180.0, -0.02)
    outline = [hull(*wide, (*front, 0.03 * dresser.unit), body.circle(body.spine(1.06), 0.05))]
    dresser.cloth(outline, piece, 0.05, (body.spine(1.0), body.spine(0.5)), 0.35)


def beads(dresser: Dresser, piece: Worn) -> None:
    body = dresser.body
    low = 0.60 if piece.cloth.name == "garland" else 0.86
    size = 0.018 if piece.cloth.name == "garland" else 0.009
    for turn in np.linspace(-60, 60, 13):
        part = 1.02 - (1.02 - low) * np.cos(np.radians(turn * 1.5))
        Bench(dresser.canvas, body, piece).dot(float(part), float(turn), size, piece.colour)


def neck_tie(dresser: Dresser, piece: Worn) -> None:
    bench = Bench(dresser.canvas, dresser.body, piece)
    if bench.fronted:
        bench.patch(
            [(0.98, -10.0), (0.98, 10.0), (0.90, 5.0), (0.42, 12.0), (0.30, 0.0), (0.42, -12.0), (0.90, -5.0)],
            piece.colour,
            0.012,
            0.25,
        )


def neck_bow(dresser: Dresser, piece: Worn) -> None:
    bench = Bench(dresser.canvas, dresser.body, piece)
    if bench.fronted:
        bench.patch(
            [(1.02, -26.0), (0.96, 0.0), (1.02, 26.0), (0.90, 26.0), (0.95, 0.0), (0.90, -26.0)],
            piece.colour,
            0.014,
            0.3,
        )


def neck_band(dresser: Dresser, piece: Worn) -> None:
    body = dresser.body
    ring = [(*body.ring(1.0, -0.045)[k], 0.016 * dresser.unit) for k in (0, 1)]
    dresser.part([hull(*ring)], piece.stuff, 0.012, 0.3)
    Bench(dresser.canvas, body, piece).dot(0.95, 0.0, 0.012, GOLD)


NECKWEAR = {
    "scarf": scarf, "tie": neck_tie, "bow": neck_bow, "beads": beads, "band": neck_band, "backpack": lambda *_: None,
}  # fmt: skip
"""By pattern."""
