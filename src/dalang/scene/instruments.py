"""What music a prompt can name, from `instruments.toml` and `genres.toml`: one table a name."""

from __future__ import annotations

import msgspec

from dalang.scene.rows import rows


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `instruments.toml` or `genres.toml`. `sound.music` plays what its name says."""

    name: str
    words: tuple[str, ...] = msgspec.field(name="en")
    zh: tuple[str, ...]
    id: tuple[str, ...]


INSTRUMENTS = rows("instruments.toml", Instrument)
GENRES = rows("genres.toml", Instrument)
