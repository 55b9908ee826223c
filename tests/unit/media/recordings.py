"""Sound and films to test with, made on the spot."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Shape (samples, channels), within -1..1."""


def tone(seconds: float, rate: int = 48_000, channels: int = 2, hertz: float = 440, peak: float = 0.3) -> Samples:
    time = np.arange(round(seconds * rate)) / rate
    return np.repeat((peak * np.sin(2 * np.pi * hertz * time))[:, None], channels, axis=1).astype(np.float32)


def click(at: int, seconds: float, rate: int = 48_000, channels: int = 2, peak: float = 0.8) -> Samples:
    """Silence, and one sample of both channels at `at`."""
    sound = np.zeros((round(seconds * rate), channels), np.float32)
    sound[at] = peak
    return sound


def wav(
    sound: Samples,
    rate: int = 48_000,
    *,
    bits: int = 16,
    is_float: bool = False,
    claimed_rate: int | None = None,
    claimed_bytes: int | None = None,
    channels: int | None = None,
) -> bytes:
    """RIFF as its header claims it to be."""
    if is_float:
        body = sound.astype("<f4").tobytes()
    elif bits == 8:
        body = np.rint(sound * 127 + 128).astype(np.uint8).tobytes()
    else:
        body = np.clip(np.rint(sound * 32768), -32768, 32767).astype("<i2").tobytes()
    count = channels if channels is not None else sound.shape[1]
    width = 4 if is_float else bits // 8
    spoken = claimed_rate if claimed_rate is not None else rate
    form = struct.pack(
        "<HHIIHH",
        3 if is_float else 1,
        count,
        spoken,
        (spoken * count * width) & 0xFFFFFFFF,
        (count * width) & 0xFFFF,
        8 * width,
    )
    size = len(body) if claimed_bytes is None else claimed_bytes
    whole = min(size + 36, 0xFFFFFFFF)
    return b"RIFF" + struct.pack("<I", whole) + b"WAVEfmt " + struct.pack("<I", 16) + form + _chunk(size) + body


def _chunk(size: int) -> bytes:
    return b"data" + struct.pack("<I", size)


def mp3(sound: Samples, rate: int = 44_100, *, gapless: bool = True, bit_rate: int = 192_000) -> bytes:
    """By LAME; `gapless`: with the header that states the encoder's delay."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp3", options={"write_xing": str(int(gapless)), "id3v2_version": "0"}) as file:
        layout = "mono" if sound.shape[1] == 1 else "stereo"
        stream = file.add_stream("libmp3lame", rate=rate, layout=layout, bit_rate=bit_rate)
        for frame in frames(sound, rate, layout):
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def frames(sound: Samples, rate: int, layout: str) -> Iterable[av.AudioFrame]:
    for start in range(0, len(sound), 1152):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound[start : start + 1152].T), format="fltp", layout=layout
        )
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        yield frame
