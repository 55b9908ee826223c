"""Glasses, patches and masks."""

from __future__ import annotations

import cv2
import numpy as np

from dalang.engines.animatic.bodies.clay import Stuff, hull, model
from dalang.engines.animatic.bodies.heads import load_hat
from dalang.engines.animatic.bodies.trimmings import Worn
from dalang.engines.animatic.canvas.composite import Picture
from dalang.engines.animatic.figures.block import Block, put


def glasses(block: Block, worn: Worn) -> None:
    """On the eyes; a picture for glasses, sunglasses and goggles, else modelled."""
    f = block.features
    shift = 0.10 * block.turn
    (x0, y), (x1, _) = block.at(f.left + shift, f.eyes), block.at(f.right + shift, f.eyes)
    x, apart = (x0 + x1) / 2, x1 - x0
    name = worn.cloth.name
    if worn.cloth.pattern == "patch" or name == "monocle":
        lens = hull((x1, y, apart * 0.30))
        stuff = worn.stuff if worn.cloth.pattern == "patch" else Stuff((206, 226, 240), 0.7)
        if name != "monocle":
            line = hull((x0 - apart * 0.7, y - apart * 0.9, 1.6), (x1 + apart * 0.6, y + apart * 0.1, 1.6))
            model(block.canvas, [line], stuff, 2)
        else:
            model(block.canvas, [hull((x1, y, apart * 0.36))], Stuff(worn.colour, 0.7), apart * 0.1, None, 0.3)
        model(block.canvas, [lens], stuff, apart * 0.2, None, 0.3)
        return
    picture = {"glasses": "glasses", "sunglasses": "sunglasses", "goggles": "goggles"}[worn.cloth.pattern or "glasses"]
    art = load_hat(picture)
    wide = apart * (2.1 if picture != "goggles" else 2.4)
    scale = wide / art.shape[1]
    if picture == "glasses":
        art = cleared(art)
    put(block, art, x, y + art.shape[0] * scale * 0.5, scale)


def cleared(art: Picture) -> Picture:
    """Glasses through which eyes are seen: their blue panes let most light through."""
    blue = art[..., 2].astype(np.int16) - art[..., 0] > 70
    thin = np.where(blue, 0.16, 1.0).astype(np.float32)
    return np.asarray(art * cv2.GaussianBlur(thin, (0, 0), 0.8)[..., None], np.uint8)


def mask(block: Block, worn: Worn) -> None:
    """Over nose and mouth."""
    f = block.features
    shift = 0.08 * block.turn
    (x0, y0), (x1, y1) = block.at(f.left - 0.12 + shift, f.eyes + 0.12), block.at(f.right + 0.12 + shift, f.chin - 0.02)
    shape = np.array(
        [(x0, y0 + 4), ((x0 + x1) / 2, y0), (x1, y0 + 4), (x1 - 4, y1 - 6), ((x0 + x1) / 2, y1), (x0 + 4, y1 - 6)]
    )
    model(block.canvas, [shape], worn.stuff, block.skull * 0.12, None, 0.2)
