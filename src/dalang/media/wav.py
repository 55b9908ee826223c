"""The sound that preparation leaves for the renderer: WAV, 16 bit, stereo, at SAMPLE_RATE."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from dalang.engines import SAMPLE_RATE, Sound

SCALE = 32768


def write_wav(target: Path, sound: Sound) -> None:
    """Raises OSError where it cannot be written."""
    samples = np.clip(np.rint(sound * SCALE), -SCALE, SCALE - 1).astype("<i2")
    with target.open("wb") as out, wave.open(out, "wb") as file:
        file.setparams((2, 2, SAMPLE_RATE, len(samples), "NONE", "not compressed"))
        file.writeframes(samples.tobytes())


def read_wav(source: Path) -> Sound:
    """What `write_wav` wrote, all of it. Raises OSError where it cannot be read."""
    with source.open("rb") as data, wave.open(data, "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return (samples.reshape(-1, 2) / np.float32(SCALE)).astype(np.float32)
