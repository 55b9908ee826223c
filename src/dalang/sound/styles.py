"""What music of a mood, of a genre and of some instruments is made of, from `styles.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from dalang.scene.plan import Mood

Pace = Literal["calm", "plain", "lively"]
Roots = tuple[int, ...]
"""A chord a bar, by its degree; 0 is the tonic's."""


class Style(msgspec.Struct, frozen=True, kw_only=True):
    tempo: float
    """Beats a minute."""
    mode: str
    """In `sound.harmony.MODES`."""
    roots: str
    """In PROGRESSIONS."""
    lead: tuple[str, ...] = ()
    """Instruments of the melody, to choose from; none: there is no melody."""
    backing: str | None = None
    """The instrument of the chords."""
    figure: str
    """How they are broken, in `sound.figures.FIGURES`."""
    bass: str | None = None
    walk: str = "long"
    """How it goes, in `sound.figures.BASSES`."""
    pad: str | None = None
    """The instrument that holds the chords."""
    beat: str | None = None
    """In `sound.figures.BEATS`."""
    metre: int = 4
    """Beats a bar: 3 or 4."""
    pace: Pace = "plain"
    """Of the melody."""
    swing: bool = False
    seventh: bool = False
    """Whether chords have four tones."""


PROGRESSIONS: dict[str, tuple[Roots, ...]] = {
    "bright": ((0, 4, 5, 3), (0, 3, 0, 4), (0, 5, 3, 4)),
    "warm": ((0, 5, 1, 4), (0, 2, 3, 4), (0, 3, 1, 4)),
    "dark": ((0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 6)),
    "still": ((0, 3, 0, 3), (0, 2, 3, 0), (0, 1, 0, 4)),
    "uneasy": ((0, 1, 0, 6), (0, 0, 1, 0)),
    "veiled": ((0, 3, 0, 1), (0, 6, 0, 3)),
    "turnaround": ((1, 4, 0, 5), (0, 5, 1, 4)),
    "modal": ((0, 6, 3, 0), (0, 3, 0, 6)),
    "heavy": ((0, 5, 2, 6), (0, 6, 5, 6)),
    "falling": ((3, 2, 1, 0), (0, 5, 1, 4)),
    "minor": ((0, 3, 6, 0), (0, 5, 6, 0)),
    "cadential": ((0, 4, 0, 4), (0, 3, 4, 0)),
    "open": ((0, 3, 1, 0), (0, 2, 3, 1), (0, 1, 3, 2)),
}
"""To choose from; `open` is of scales of five tones."""


def _styles() -> dict[str, dict[str, Style]]:
    tables = tomllib.loads((Path(__file__).parent / "styles.toml").read_text(encoding="utf-8"))
    return {kind: {name: _style(row) for name, row in rows.items()} for kind, rows in tables.items()}


def _style(row: dict[str, object]) -> Style:
    leads = {"lead": str(row["lead"]).split(", ")} if "lead" in row else {}
    return msgspec.convert(row | leads, Style)


STYLES = _styles()
MOODS: dict[Mood | None, Style] = {Mood(name) if name != "none" else None: row for name, row in STYLES["mood"].items()}
GENRES = STYLES["genre"]
"""By name of `scene.instruments.GENRES`."""
ENSEMBLES = STYLES["instrument"]
"""Instruments that bring their own kind of music."""

DARKENED = {"major": "minor", "lydian": "dorian", "mixolydian": "dorian", "gong": "yu"}
"""The mode of a genre in a dark mood."""
DARK_MOODS = frozenset({Mood.LONELY, Mood.MELANCHOLY, Mood.TENSE, Mood.MYSTERIOUS, Mood.EPIC})
