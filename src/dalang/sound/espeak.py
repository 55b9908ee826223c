"""The program espeak-ng, run apart from this one: text in, a voice out. Without it nobody speaks."""

from __future__ import annotations

import shutil
import subprocess

import msgspec
import numpy as np

from dalang.scene.heard import Tongue
from dalang.sound.tone import RATE, Line

PROGRAM = "espeak-ng"
PATIENCE = 10.0
"""Seconds after which it is stopped."""
LONGEST = 1000
"""Characters of a line that are said."""
LANGUAGES: dict[Tongue, str] = {"en": "en-us", "zh": "cmn", "id": "id"}
QUIET = 0.012
"""Of the peak, under which a voice has not begun, or has ended."""
STEP = 147
"""320 samples at RATE are this many at 22,050 Hz, the program's rate."""


class Utterance(msgspec.Struct, frozen=True, kw_only=True):
    """What is said, and how the program is told to say it."""

    text: str
    language: Tongue
    variant: str
    """Of the voice: m1 … m8, f1 … f5, whisper, whisperf, croak."""
    pace: int
    """Words a minute, 80 to 450."""
    pitch: int
    """0 to 99."""


def available() -> bool:
    return shutil.which(PROGRAM) is not None


def said(utterance: Utterance) -> Line:
    """The voice, from its first sound to its last, its peak at 1; nothing where the program cannot say it.

    The same program gives the same voice for the same utterance.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        return np.zeros(0, np.float32)
    voice = f"{LANGUAGES[utterance.language]}+{utterance.variant}"
    arguments = [program, "-v", voice, "-s", str(utterance.pace), "-p", str(utterance.pitch), "-b", "1", "-z"]
    text = utterance.text[:LONGEST].encode()
    try:
        done = subprocess.run(
            [*arguments, "--stdin", "--stdout"], input=text, capture_output=True, timeout=PATIENCE, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return np.zeros(0, np.float32)
    return _trimmed(_resampled(_samples(done.stdout)))


def _samples(wave: bytes) -> Line:
    """Of a mono WAV of 16 bits at 22,050 Hz whose header, written to a pipe, does not know its length."""
    at = wave.find(b"data") + 8
    whole = (len(wave) - at) // 2 * 2
    return np.asarray(np.frombuffer(wave[at : at + whole], "<i2") / 32_768, np.float32)


def _resampled(line: Line) -> Line:
    """From 22,050 Hz to RATE."""
    if not len(line):
        return line
    unit = 1 << max(0, -(-len(line) // STEP) - 1).bit_length()
    spectrum = np.fft.rfft(line, unit * STEP)
    made = np.fft.irfft(spectrum, unit * 320) * np.float32(320 / STEP)
    return np.asarray(made[: len(line) * 320 // STEP], np.float32)


def _trimmed(line: Line) -> Line:
    peak = float(np.abs(line).max(initial=0.0))
    heard = np.flatnonzero(np.abs(line) > QUIET * peak)
    if not len(heard):
        return np.zeros(0, np.float32)
    margin = RATE // 100
    return line[max(0, heard[0] - margin) : heard[-1] + margin] / np.float32(peak)
