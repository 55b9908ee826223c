"""User sound, made safe: hostile bytes in, a WAV of exactly the video's length out."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer

from dalang.engines import SAMPLE_RATE, Sound
from dalang.errors import InvalidFile
from dalang.media.source import SOUND_DECODERS, check_bytes, decoder_of, opened
from dalang.media.stereo import fitted, limited, stereo
from dalang.media.wav import write_wav

RATES = range(8_000, 192_001)
"""Samples a second."""

MOST_CHANNELS = 8

SLACK = 0.1
"""Seconds by which a sound may exceed the limit: an MP3 encoder fills up its frames."""

INCOMPLETE = "The sound is incomplete: it holds less than its header states; send the whole file."

CHUNK_SLACK = 4096
"""Bytes by which programs miscount the size in a RIFF header."""

UNKNOWN_SIZE = 2**31 - 2**16
"""Bytes from which on that size means that the program which wrote it could not go back."""


def prepare_audio(source: Path, target: Path, duration: int, least: float, most: float, max_bytes: int) -> float:
    """Leave the first `duration` seconds of the sound at `source` as a WAV at `target`; return its length in seconds.

    WAV and MP3, told by their content. A shorter sound is followed by silence. The first sample stays the first: an
    encoder's delay is cut off where the file states it. Loudness is kept; peaks that would clip are turned down.

    Raises InvalidFile (.Format, .Duration, .Size) with a sentence for the caller; OSError where a file of ours cannot
    be read or written.
    """
    check_bytes(source, max_bytes, "sound")
    with opened(source, _format(source), SOUND_DECODERS, "sound") as file:
        stream = _only_stream(file)
        sound, seconds = listen(file.decode(stream), duration, most + SLACK)
        stated = _stated_seconds(stream)
    if seconds < min(stated, most) - SLACK:
        raise InvalidFile(INCOMPLETE)
    if not least <= seconds <= most + SLACK:
        raise InvalidFile(_length(seconds, least, most), code="InvalidFile.Duration")
    write_wav(target, limited(fitted(sound, duration * SAMPLE_RATE)))
    return seconds


def listen(frames: Iterable[av.AudioFrame], keep: float = inf, most: float = inf) -> tuple[Sound, float]:
    """The first `keep` seconds of the frames' sound, and their length; beyond `most` seconds nothing is decoded."""
    blocks, heard = [np.zeros((0, 2), np.float32)], 0
    for block in stereo(frames):
        if heard < keep * SAMPLE_RATE:
            blocks.append(block)
        heard += len(block)
        if heard > most * SAMPLE_RATE:
            break
    return np.concatenate(blocks), heard / SAMPLE_RATE


def _format(source: Path) -> str:
    with source.open("rb") as file:
        head = file.read(12)
    if head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE":
        if source.stat().st_size + CHUNK_SLACK < int.from_bytes(head[4:8], "little") < UNKNOWN_SIZE:
            raise InvalidFile(INCOMPLETE)
        return "wav"
    # ISO/IEC 11172-3, 2.4.1.3: eleven bits of sync, two of version, 01 for layer III.
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "mp3"
    raise InvalidFile("The file is no sound that can be read; send a WAV or MP3 file.")


def _stated_seconds(stream: av.AudioStream) -> float:
    """Those that an MP3's LAME header states; 0 where there is none, and FFmpeg only guesses from the bit rate."""
    if not stream.start_time or stream.duration is None or stream.time_base is None:
        return 0
    return float(stream.duration * stream.time_base)


def _only_stream(file: InputContainer) -> av.AudioStream:
    streams = file.streams.audio
    if len(streams) != 1 or decoder_of(streams[0]) not in SOUND_DECODERS:
        raise InvalidFile("The file holds no sound that can be read; send a WAV (PCM) or MP3 file.")
    codec = streams[0].codec_context
    if codec.sample_rate not in RATES or not 1 <= codec.channels <= MOST_CHANNELS:
        raise InvalidFile(
            f"The sound has {codec.channels} channels at {codec.sample_rate} Hz; at most {MOST_CHANNELS} channels at"
            f" {RATES[0]} to {RATES[-1]} Hz are accepted."
        )
    return streams[0]


def _length(seconds: float, least: float, most: float) -> str:
    found = f"longer than {most:g} seconds" if seconds > most else f"{seconds:.2f} seconds long"
    return f"The sound is {found}; {least:g} to {most:g} seconds are accepted."
