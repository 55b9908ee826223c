"""The colours of drawn animals' coats, and where their marks are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dalang.engines.animatic.volume import Colour

BLACK: Colour = (52, 46, 58)
WHITE: Colour = (246, 240, 246)


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
    rings: Colour | None = None
    """Every second piece of the tail."""

    def darkened(self, share: float) -> Pelt:
        """The same in its own shade."""
        hues = {name: _darker(hue, share) for name, hue in vars(self).items() if hue}
        return replace(self, **hues)

    def tail_hues(self, piece: int, pieces: int) -> tuple[Colour, Colour]:
        """Of a piece of the tail, at its root and at its end."""
        hue = self.tail or self.coat
        if self.rings:
            return (self.rings, self.rings) if piece % 2 else (hue, hue)
        if self.tip and piece >= round(pieces * 2 / 3):
            return (hue, self.tip) if piece == round(pieces * 2 / 3) else (self.tip, self.tip)
        return hue, hue


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
    "raccoon": Pelt((150, 148, 156), belly=(190, 188, 196), sock=(74, 70, 80), rings=(70, 66, 76)),
}
