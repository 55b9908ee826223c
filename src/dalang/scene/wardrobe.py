"""What performers can wear, from `wardrobe.toml`: one table a garment."""

from __future__ import annotations

from typing import Literal

import msgspec

from dalang.scene.performer import Colour
from dalang.scene.rows import rows

Slot = Literal["head", "face", "neck", "body", "torso", "legs", "hands", "feet"]
"""Where on a body it goes; `body` covers torso and legs."""


class Cloth(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `wardrobe.toml`."""

    name: str
    slot: Slot
    words: tuple[str, ...] = msgspec.field(name="en")
    """English words that call it, lower case."""
    zh: tuple[str, ...]
    id: tuple[str, ...]
    colour: Colour
    """Its own, where the prompt names none."""
    pattern: str | None = None
    """Its weave, or what kind of hat, neckwear or shoe it is: striped, batik, brimmed, scarf …; names that the engine's
    tailor and milliner know."""


GARMENTS = rows("wardrobe.toml", Cloth)
