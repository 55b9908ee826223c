"""Hats, hoods and glasses, fitted on a head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dalang.engines.animatic.bodies.hats import BY_PATTERN, DRAWN
from dalang.engines.animatic.bodies.heads import dyed, load_hat
from dalang.engines.animatic.bodies.hoods import HOODS, helmet_ring, hooded
from dalang.engines.animatic.bodies.spectacles import glasses, mask
from dalang.engines.animatic.bodies.trimmings import Worn
from dalang.engines.animatic.figures.block import Block, put


@dataclass(frozen=True)
class Fit:
    """How a packed hat sits."""

    picture: str
    inner: float
    """Width of its opening, share of the picture's."""
    base: float
    """Row of its rim over the brow, share of the picture's height."""
    up: float = 0.0
    """How far over the brow the rim is, share of the head's height."""
    tall: float = 1.0
    """Stretch of its height."""
    native: bool = False
    """Whether it keeps the picture's colours where nobody names one."""


FITS = {
    "fedora": Fit("fedora", 0.56, 0.82, native=True),
    "cowboy-hat": Fit("fedora", 0.50, 0.82, 0.0, 1.08),
    "top-hat": Fit("top-hat", 0.62, 0.90, 0.04, native=True),
    "cap": Fit("cap", 0.96, 0.72, 0.0, 0.78, native=True),
    "flat-cap": Fit("beret", 0.84, 0.80, 0.03, 0.9),
    "beret": Fit("beret", 0.82, 0.80, 0.05, 1.15),
    "sailor-hat": Fit("toque", 0.86, 0.92, 0.08, 0.6, native=True),
    "chef-hat": Fit("toque", 0.80, 0.92, 0.04, 1.25, native=True),
    "graduation-cap": Fit("mortarboard", 0.60, 0.78, 0.12, native=True),
    "crown": Fit("crown", 0.94, 0.96, 0.06, 0.82, native=True),
    "helmet": Fit("hard-hat", 0.86, 0.90),
    "hard-hat": Fit("hard-hat", 0.86, 0.90, native=True),
    "firefighter-helmet": Fit("hard-hat", 0.82, 0.86),
    "fur-hat": Fit("busby", 0.90, 0.94, 0.0, 0.8),
    "turban": Fit("turban", 0.96, 0.72, 0.0, 1.7),
    "police-cap": Fit("police-cap", 0.70, 0.70, native=True),
    "pilot-cap": Fit("pilot-cap", 0.72, 0.70, native=True),
}
"""Garments of the head that are packed as pictures."""


def pictured(block: Block, worn: Worn, fit: Fit, own: bool) -> None:
    art = load_hat(fit.picture)
    art = art if own and fit.native else dyed(art, worn.colour)
    if not block.fronted:
        art = np.ascontiguousarray(art[:, ::-1])
    scale = block.skull / (fit.inner * art.shape[1])
    x, y = block.brow()
    below = (1 - fit.base) * art.shape[0] * scale * fit.tall
    put(block, art, x, y + below - fit.up * block.high, scale, fit.tall, 3.0 * block.turn)


def wear(block: Block, worn: Worn, own: bool) -> None:
    """Put one garment of head or face on. `own`: in its own colours. KeyError: its pattern is unknown."""
    name, pattern = worn.cloth.name, worn.cloth.pattern or ""
    if worn.cloth.slot == "face":
        if block.fronted:
            (mask if pattern == "mask" else glasses)(block, worn)
    elif name == "spacesuit":
        helmet_ring(block)
    elif name in HOODS:
        hooded(block, worn)
    elif name in FITS:
        pictured(block, worn, FITS[name], own)
    elif name in DRAWN:
        DRAWN[name](block, worn)
    else:
        BY_PATTERN[pattern](block, worn)
