"""The heads that a puppet wears in a loop: turned, with closed eyes or an open mouth, each in its hat."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

from dalang.engines.animatic.bodies.hats import beard
from dalang.engines.animatic.bodies.heads import Head, behind, speaking, turned
from dalang.engines.animatic.bodies.hoods import HOODS
from dalang.engines.animatic.bodies.millinery import wear
from dalang.engines.animatic.bodies.tailor import Outfit
from dalang.engines.animatic.bodies.trimmings import Worn
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.figures.block import FINE, Block

MOUTHS = 3
"""How many ways a mouth is open, shut among them."""
STEPS = 4
"""To either side that a face is turned in."""
BACK = -9


@dataclass(frozen=True)
class Mask:
    """What is put on the neck."""

    art: Picture
    x: float
    """Pixels of the chin, which comes over the neck."""
    y: float


@dataclass(frozen=True)
class Masks:
    """The heads of one performer, each made when it is first needed."""

    head: Head
    outfit: Outfit
    chin: float
    """Pixels of the puppet from crown to chin."""
    made: dict[tuple[int, bool, int], Mask] = field(default_factory=dict)

    def mask(self, turn: float, shut: bool, mouth: int) -> Mask:
        """`turn`: degrees that one faces the camera, from going right (0) to 90, and to -90 for the back."""
        way = BACK if turn < -50 and turn > -130 else round(math.cos(math.radians(turn)) * STEPS)
        key = way, shut, mouth
        if key not in self.made:
            self.made[key] = self._make(*key)
        return self.made[key]

    def _make(self, way: int, shut: bool, mouth: int) -> Mask:
        head, fronted = self.head, way != BACK
        face = head.closed if shut else head.open
        if mouth:
            face = speaking(face, head.features, mouth / (MOUTHS - 1))
        part = way / STEPS if fronted else 0.0
        block = self._block(turned(face, head.features, part) if fronted else behind(head), part, fronted)
        if fronted and head.bearded:
            beard(block)
        for piece in self._worn():
            wear(block, piece, piece.cloth.name in self.outfit.own)
        x, y = block.at(head.features.middle + 0.02 * part, head.features.chin)
        return Mask(block.canvas, x, y)

    def _block(self, art: Picture, part: float, fronted: bool) -> Block:
        """The head with room about it for hats."""
        high = self.chin * FINE
        scale = high / self.head.rows
        wide, tall = round(art.shape[1] * scale), round(art.shape[0] * scale)
        small = cv2.resize(art, (wide, tall), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        room = int(high * 0.9)
        canvas = np.zeros((tall + room + int(high * 0.3), wide + 2 * room, 4), np.uint8)
        canvas[room : room + tall, room : room + wide] = small
        return Block(canvas, self.head.features, room, room, wide, tall, part, fronted)

    def _worn(self) -> list[Worn]:
        """Glasses first, then hats; a coat's hood where there is no hat."""
        pieces = [piece for slot in ("face", "head") for piece in self.outfit.of(slot)]
        if not self.outfit.of("head"):
            pieces += [piece for piece in self.outfit.clothes if piece.cloth.name in HOODS][-1:]
        return pieces
