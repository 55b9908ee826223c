"""Tones that last as long as they are bowed, blown or sung: a wave that is read round and round."""

from __future__ import annotations

import msgspec
import numpy as np

from dalang.sound.tone import RATE, Line, Values, coloured

WAVE = 4096
"""Samples of a wave."""
HIGHEST = 15_000.0


class Reed(msgspec.Struct, frozen=True, kw_only=True):
    """How a sustained tone is made; levels fall by 1 / k ** `fall` from partial to partial."""

    fall: float = 1.0
    even: float = 1.0
    """Level of even partials: a closed pipe has few."""
    most: int = 40
    """Partials."""
    formants: tuple[tuple[float, float, float], ...] = ()
    """Resonances: Hz, gain, bandwidth in Hz."""
    dull: float = 9000.0
    """Hz over which it is damped."""
    attack: float = 0.06
    release: float = 0.12
    """Seconds."""
    vibrato: tuple[float, float] = (0.0, 5.5)
    """Cents and Hz."""
    breath: float = 0.0
    """Level of the noise of bow or breath, about its pitch."""
    opening: float = 0.6
    """How much duller it begins."""
    voices: int = 1
    """Players in unison."""
    swell: float = 0.0
    """How far it dies away while it lasts: a squeezebox's and a bow's way to shape a tone."""
    tremolo: tuple[float, float] = (0.0, 6.0)
    """Depth and Hz."""


def sustained(reed: Reed, pitch: float, seconds: float, random: np.random.Generator) -> Line:
    """A tone of `pitch` in Hz that is let go after `seconds`; its peak about 1."""
    samples = round((seconds + reed.release) * RATE)
    time = np.arange(samples, dtype=np.float32) / RATE
    shape = _shape(reed, time, seconds)
    bright, soft = _wave(reed, pitch, 1.0), _wave(reed, pitch, 3.0)
    line = np.zeros(samples, np.float32)
    for _ in range(reed.voices):
        place = _place(reed, pitch, time, random)
        opened = 1 - np.float32(reed.opening) * (1 - shape)
        line += bright[place] * opened + soft[place] * (1 - opened)
    if reed.breath:
        air = coloured(seconds + reed.release, pitch * 0.8, pitch * 5, random)[:samples]
        line[: len(air)] += np.float32(reed.breath * reed.voices) * air
    beat = 1 - np.float32(reed.tremolo[0]) * (0.5 + 0.5 * np.sin(2 * np.pi * np.float32(reed.tremolo[1]) * time))
    return np.asarray(line * shape * beat / reed.voices**0.7, np.float32)


def _shape(reed: Reed, time: Values, seconds: float) -> Values:
    rise = 0.5 - 0.5 * np.cos(np.pi * np.minimum(1, time / reed.attack))
    fall = 0.5 + 0.5 * np.cos(np.pi * np.clip((time - seconds) / reed.release, 0, 1))
    return np.asarray(rise * fall * (1 - reed.swell * np.minimum(1, time / max(0.2, seconds))), np.float32)


def _place(reed: Reed, pitch: float, time: Values, random: np.random.Generator) -> np.ndarray:
    """Where in the wave each sample is: the pitch wavers once the tone has settled."""
    cents, rate = reed.vibrato
    detuned = float(random.normal(0, 5)) if reed.voices > 1 else 0.0
    rate, start = rate * float(random.uniform(0.93, 1.07)), float(random.random())
    depth = cents * np.minimum(1, time / 0.5)
    bent = 1 + (detuned + depth * np.sin(2 * np.pi * (np.float32(rate) * time + start))) * np.float32(np.log(2) / 1200)
    turns = np.cumsum(bent, dtype=np.float64) * (pitch / RATE) + start
    return (turns * WAVE).astype(np.int64) & (WAVE - 1)


def _wave(reed: Reed, pitch: float, steeper: float) -> Line:
    """One period, its power 1; `steeper` dulls it."""
    partial = np.arange(1, max(2, min(reed.most, int(HIGHEST / pitch)) + 1))
    hertz = partial * pitch
    level = partial ** (-reed.fall) * np.where(partial % 2, 1.0, reed.even) / (1 + (hertz * steeper / reed.dull) ** 2)
    if reed.formants:
        level = level * (
            0.12 + sum(gain / (1 + ((hertz - at) / (width / 2)) ** 2) for at, gain, width in reed.formants)
        )
    spectrum = np.zeros(WAVE // 2 + 1, np.complex64)
    spectrum[partial] = level * np.exp(1j * 0.7 * partial**2)
    wave = np.fft.irfft(spectrum, WAVE)
    return np.asarray(wave * 0.4 / (np.sqrt(np.mean(wave**2)) + 1e-12), np.float32)
