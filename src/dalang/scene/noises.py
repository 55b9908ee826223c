"""What a prompt can say that is heard, from `noises.toml`: one table a sound."""

from __future__ import annotations

import msgspec

from dalang.scene.rows import rows


class Noise(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `noises.toml`. `sound.noises` has the voice of its name."""

    name: str
    words: tuple[str, ...] = msgspec.field(name="en")
    zh: tuple[str, ...]
    id: tuple[str, ...]
    heard: tuple[str, ...] = ()
    """Words of any language for what makes it: the sound only where the prompt says that it is heard."""


NOISES = rows("noises.toml", Noise)
