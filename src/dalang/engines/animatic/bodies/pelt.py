"""The colours of drawn animals' coats, and where their marks are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dalang.engines.animatic.bodies.volume import Colour

BLACK: Colour = (52, 46, 58)
WHITE: Colour = (246, 240, 246)
NEUTRAL = 35.0
"""Difference of a colour's channels up to which it is black, grey or white: such marks are not dyed."""
KEPT = frozenset({"ruff", "hoof", "rings", "tail", "tip"})
"""Nor are these."""


@dataclass(frozen=True)
class Pelt:
    """Colours by part; None: the coat's."""

    coat: Colour
    belly: Colour | None = None
    bib: Colour | None = None
    """Throat and breast."""
    saddle: Colour | None = None
    """Along the back."""
    yoke: Colour | None = None
    """Shoulders and the root of the neck."""
    ruff: Colour | None = None
    """A mane about the neck."""
    fore: Colour | None = None
    """Forelegs."""
    hind: Colour | None = None
    sock: Colour | None = None
    """Below knee and elbow."""
    hoof: Colour | None = None
    tail: Colour | None = None
    tip: Colour | None = None
    """Last third of the tail."""
    stripes: Colour | None = None
    """Down the flanks."""
    spots: Colour | None = None
    rings: Colour | None = None
    """Every second piece of the tail."""

    def darkened(self, share: float) -> Pelt:
        """The same in its own shade."""
        hues = {name: _darker(hue, share) for name, hue in vars(self).items() if hue}
        return replace(self, **hues)

    def dyed(self, hue: Colour) -> Pelt:
        """The same with another coat: what had nearly its colour goes with it, marks of their own stay."""
        marks = {name: mark for name, mark in vars(self).items() if mark and name not in KEPT and _tint(mark) > NEUTRAL}
        base = _tone(self.coat)
        return replace(
            self, **{name: _lighter(hue, _tone(mark) / base) for name, mark in marks.items()} | {"coat": hue}
        )

    def tail_hues(self, piece: int, pieces: int) -> tuple[Colour, Colour]:
        """Of a piece of the tail, at its root and at its end."""
        hue = self.tail or self.coat
        if self.rings:
            return (self.rings, self.rings) if piece % 2 else (hue, hue)
        if self.tip and piece >= round(pieces * 2 / 3):
            return (hue, self.tip) if piece == round(pieces * 2 / 3) else (self.tip, self.tip)
        return hue, hue


def _tint(hue: Colour) -> float:
    return max(hue) - min(hue)


def _tone(hue: Colour) -> float:
    return max(1.0, sum(hue) / 3)


def _lighter(hue: Colour, share: float) -> Colour:
    red, green, blue = (min(255.0, part * min(share, 1.6)) for part in hue)
    return red, green, blue


def _darker(hue: Colour, share: float) -> Colour:
    red, green, blue = hue
    return red * share, green * share * 0.97, blue * share * 1.04


PELTS = {
    "fox": Pelt((250, 128, 36), belly=WHITE, bib=WHITE, sock=BLACK, tip=WHITE),
    "wolf": Pelt(
        (150, 150, 156), belly=(206, 204, 210), bib=(216, 214, 220), saddle=(112, 112, 122), tip=(92, 92, 102)
    ),
    "bear": Pelt((124, 76, 66)),
    "polar-bear": Pelt((240, 238, 244)),
    "panda": Pelt((240, 234, 250), yoke=BLACK, fore=BLACK, hind=BLACK, sock=BLACK),
    "lion": Pelt((250, 168, 40), belly=(255, 208, 130), ruff=(120, 78, 68), tip=(112, 70, 60)),
    "lioness": Pelt((250, 168, 40), belly=(255, 208, 130), tip=(112, 70, 60)),
    "koala": Pelt((142, 140, 148), belly=(206, 204, 212), bib=(214, 212, 220)),
    "monkey": Pelt((128, 82, 74), belly=(206, 150, 146), hoof=(206, 150, 146)),
    "hamster": Pelt((250, 186, 120), belly=(255, 226, 190), hoof=(255, 170, 160)),
    "frog": Pelt((54, 196, 128), belly=(250, 206, 80), bib=(250, 206, 80)),
    "boar": Pelt((124, 82, 72), hoof=(60, 50, 56), saddle=(100, 64, 58)),
    "moose": Pelt((136, 88, 76), bib=(74, 58, 66), sock=(178, 140, 126), hoof=(60, 50, 56)),
    "unicorn": Pelt((214, 196, 250), hoof=(150, 120, 220), tail=(236, 130, 246), tip=(120, 160, 255)),
    "horse": Pelt((132, 86, 78), hoof=(58, 48, 54), tail=(58, 48, 58), sock=(112, 72, 66)),
    "cat": Pelt((250, 184, 120), belly=(250, 214, 190), bib=(250, 214, 190), stripes=(214, 142, 92)),
    "black-cat": Pelt((92, 70, 150)),
    "dog": Pelt((246, 194, 140), belly=(255, 216, 180)),
    "tiger": Pelt((252, 112, 40), belly=(255, 222, 206), stripes=(66, 58, 92), rings=(66, 58, 92)),
    "leopard": Pelt((250, 176, 40), belly=(255, 214, 130), spots=(128, 80, 60), tip=(110, 70, 64)),
    "red-panda": Pelt((206, 98, 44), belly=BLACK, fore=BLACK, hind=BLACK, sock=BLACK, rings=(244, 176, 112)),
    "arctic-fox": Pelt(WHITE),
    "panther": Pelt((62, 58, 72)),
    "sloth": Pelt((250, 178, 116), belly=(255, 222, 180), hoof=(255, 206, 180)),
    "mouse": Pelt((206, 202, 216), belly=(236, 232, 242), hoof=(250, 170, 176), tail=(244, 130, 150)),
    "raccoon": Pelt((150, 148, 156), belly=(190, 188, 196), sock=(74, 70, 80), rings=(70, 66, 76)),
}
