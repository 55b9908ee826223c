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


def film(
    pictures: Iterable[NDArray[np.uint8]],
    rate: Fraction | int = 30,
    sound: Samples | None = None,
    *,
    codec: str = "libx264",
    format: str = "mp4",
    pixel: Fraction | None = None,
    times: list[int] | None = None,
    pix_fmt: str = "yuv420p",
) -> bytes:
    """RGB pictures and 48 kHz sound; `times`: when each is shown, in thousandths of a second."""
    out = io.BytesIO()
    with av.open(out, "w", format=format) as file:
        first, rest = None, iter(pictures)
        first = next(rest)
        stream = file.add_stream(codec, rate=rate, options={"preset": "ultrafast", "crf": "16"})
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = pix_fmt
        stream.codec_context.gop_size = 10
        if pixel:
            stream.codec_context.sample_aspect_ratio = pixel
        if times:
            stream.codec_context.time_base = Fraction(1, 1000)
        heard = file.add_stream("aac", rate=48_000, layout="stereo") if sound is not None else None
        for number, picture in enumerate([first, *rest]):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = times[number] if times else number
            frame.time_base = Fraction(1, 1000) if times else 1 / Fraction(rate)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        if heard is not None and sound is not None:
            for part in frames(sound, 48_000, "stereo"):
                file.mux(heard.encode(part))
            file.mux(heard.encode(None))
    return out.getvalue()


TURN = {
    90: (0, 1, -1, 0),
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}
"""Degrees clockwise → the first two columns of a track header's matrix."""


def turned(movie: bytes, degrees: int) -> bytes:
    """The same MP4, to be shown `degrees` clockwise (ISO/IEC 14496-12, 8.3.2)."""
    at = movie.index(b"tkhd") + 44
    a, b, c, d = (value << 16 for value in TURN[degrees])
    return movie[:at] + struct.pack(">iiiiiiiii", a, b, 0, c, d, 0, 0, 0, 1 << 30) + movie[at + 36 :]
