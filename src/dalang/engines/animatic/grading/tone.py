"""Tone: what a colourist does to a picture, as tables looked up by brightness. Moods and styles each have theirs."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalang.engines.animatic.air.light import Colour
from dalang.engines.i420 import Planes
from dalang.scene.plan import Mood, Style

BLACK, WHITE = 16, 235
"""Luma of black and white."""
NEUTRAL: Colour = (0.0, 0.0, 0.0)
TO_U = (-0.148, -0.291, 0.439)
TO_V = (0.439, -0.368, -0.071)
"""Share of red, green and blue in the chroma planes, by ITU-R BT.601."""

Table = NDArray[np.uint8]
"""256 values."""


@dataclass(frozen=True)
class Tone:
    lift: float = 0.0
    """How far black is raised, in parts of the range; negative crushes it."""
    gain: float = 1.0
    """What white becomes."""
    gamma: float = 1.0
    """Over 1 darkens the middle."""
    contrast: float = 1.0
    """Steepness in the middle."""
    saturation: float = 1.0
    shadows: Colour = NEUTRAL
    """RGB, -255..255, added to what is dark."""
    lights: Colour = NEUTRAL
    """The same for what is bright."""


MOODS = {
    Mood.CALM: Tone(gamma=0.97, contrast=0.94, saturation=0.96, shadows=(0, 3, 5), lights=(2, 3, 2)),
    Mood.COSY: Tone(gamma=1.02, saturation=1.06, shadows=(10, 3, -8), lights=(14, 6, -12)),
    Mood.EPIC: Tone(gamma=1.04, contrast=1.18, saturation=1.10, shadows=(-6, 0, 8), lights=(10, 5, -8)),
    Mood.HOPEFUL: Tone(lift=0.015, gamma=0.90, saturation=1.06, shadows=(2, 1, 3), lights=(10, 6, -4)),
    Mood.JOYFUL: Tone(gamma=0.88, contrast=1.05, saturation=1.22, lights=(6, 4, -2)),
    Mood.LONELY: Tone(gamma=1.08, gain=0.96, saturation=0.72, shadows=(-8, 0, 12), lights=(-5, 0, 6)),
    Mood.MELANCHOLY: Tone(lift=0.02, gamma=1.06, gain=0.94, saturation=0.62, shadows=(-8, 0, 14), lights=(-8, 0, 8)),
    Mood.MYSTERIOUS: Tone(gamma=1.16, contrast=1.08, saturation=0.84, shadows=(-8, 4, 14), lights=(-2, 4, 4)),
    Mood.PLAYFUL: Tone(gamma=0.91, contrast=1.03, saturation=1.26, shadows=(4, 0, 6)),
    Mood.ROMANTIC: Tone(lift=0.02, gamma=0.95, contrast=0.94, saturation=1.05, shadows=(10, 0, 6), lights=(14, 4, 2)),
    Mood.TENSE: Tone(gamma=1.20, contrast=1.24, saturation=0.74, shadows=(-10, 2, 12), lights=(-2, 4, 0)),
}
STYLES = {
    Style.CINEMATIC: Tone(gamma=1.04, contrast=1.14, saturation=1.06, shadows=(-14, 3, 12), lights=(15, 4, -14)),
    Style.DOCUMENTARY: Tone(lift=0.01, contrast=0.95, saturation=0.86),
    Style.NOIR: Tone(lift=-0.02, gamma=1.16, contrast=1.5, saturation=0.0),
    Style.BLACK_AND_WHITE: Tone(gamma=0.94, contrast=1.40, saturation=0.0),
    Style.VINTAGE: Tone(
        lift=0.085, gain=0.93, contrast=0.96, saturation=0.64, shadows=(14, 2, 4), lights=(20, 8, -26)
    ),
    Style.ANIME: Tone(gamma=0.92, contrast=1.10, saturation=1.26, shadows=(-2, -2, 10), lights=(4, 2, 0)),
    Style.CLAYMATION: Tone(gamma=0.98, contrast=1.06, saturation=1.14, shadows=(6, 2, -2)),
    Style.WATERCOLOUR: Tone(lift=0.10, gamma=0.80, contrast=1.16, saturation=1.24, shadows=(4, -2, 8)),
    Style.INK_WASH: Tone(contrast=1.4, saturation=0.0, shadows=(2, 2, 4), lights=(8, 4, -8)),
    Style.OIL_PAINTING: Tone(gamma=1.04, contrast=1.12, saturation=1.26, shadows=(8, 0, -6), lights=(10, 5, -8)),
    Style.SKETCH: Tone(saturation=0.0, shadows=(2, 1, 0), lights=(4, 2, -4)),
}  # fmt: skip


EXPOSURES = (1.0, 0.9, 0.8, 0.72, 0.65, 0.58, 0.52)
"""Powers of the picture's light, from as it is to the most that a lens is opened."""


@dataclass(frozen=True)
class Curves:
    """A tone as tables."""

    luma: Table
    chroma: Table
    tints: tuple[Table, Table] | None
    """128 and what is added to U and V, by luma."""

    def apply(self, planes: Planes) -> None:
        """Change `planes` in place."""
        luma, *chroma = planes
        dark = cv2.resize(luma, (chroma[0].shape[1], chroma[0].shape[0]), interpolation=cv2.INTER_AREA)
        cv2.LUT(luma, self.luma, dst=luma)
        for number, plane in enumerate(chroma):
            cv2.LUT(plane, self.chroma, dst=plane)
            if self.tints:
                cv2.addWeighted(plane, 1, cv2.LUT(dark, self.tints[number]), 1, -128, dst=plane)


def exposed(tones: tuple[Curves, ...], luma: Table, least: float) -> tuple[Curves, ...]:
    """`tones` after the lens is opened as far as it takes for the mean of a picture's `luma` to be `least`, 0..1.

    A dark scene is lit for the film it is shot on: crushed blacks on a night would leave nothing of it.
    """
    for power in EXPOSURES:
        opened = curves(Tone(gamma=power))
        seen = cv2.LUT(luma, opened.luma)
        for tone in tones:
            seen = cv2.LUT(seen, tone.luma)
        if (float(seen.mean()) - BLACK) / (WHITE - BLACK) >= least:
            break
    return tones if power == 1.0 else (opened, *tones)


def curves(tone: Tone) -> Curves:
    """`tone` worked out for each of the 256 values."""
    value = np.arange(256, dtype=np.float32)
    part = np.clip((value - BLACK) / (WHITE - BLACK), 0, 1)
    bent = part**tone.gamma
    bent = bent + (tone.contrast - 1) * 2 * bent * (1 - bent) * (2 * bent - 1)
    level = np.clip(tone.lift + bent * (tone.gain - tone.lift), 0, 1)
    luma = BLACK + level * (WHITE - BLACK)
    chroma = 128 + (value - 128) * tone.saturation
    tinted = any((*tone.shadows, *tone.lights))
    return Curves(table(luma), table(chroma), (_tint(tone, part, TO_U), _tint(tone, part, TO_V)) if tinted else None)


def _tint(tone: Tone, part: NDArray[np.floating], share: tuple[float, float, float]) -> Table:
    dark, bright = float(np.dot(tone.shadows, share)), float(np.dot(tone.lights, share))
    middle = np.clip(np.minimum(part, 1 - part) * 12, 0, 1)  # black stays black, white stays white
    return table(128 + (dark * (1 - part) ** 1.4 + bright * part**1.4) * middle)


def table(values: NDArray[np.floating]) -> Table:
    """`values`, one for each of 256 levels, within what a plane holds."""
    return np.asarray(np.clip(np.round(values), 0, 255), np.uint8)
