"""Sound and video of users, opened for reading: one demuxer, named decoders, local files only, one kind of error.

Runs in a worker child only. FFmpeg has hundreds of formats, some of which open other files or addresses; what is not
named here is never started.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer

from dalang.errors import InvalidFile

SOUND_DECODERS = (
    *("mp3float", "mp3", "pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"),
    *("pcm_alaw", "pcm_mulaw", "adpcm_ms", "adpcm_ima_wav"),
)

PICTURE_DECODERS = ("h264", "hevc", "libdav1d", "vp9", "mpeg4", "prores", "mjpeg")

FILM_DECODERS = (*SOUND_DECODERS, *PICTURE_DECODERS, "aac", "alac", "ac3", "eac3", "opus", "libopus")

FAULTS = (av.FFmpegError, ValueError, OverflowError, EOFError, ZeroDivisionError)
"""What PyAV raises on bytes that are not what they say."""

DAMAGED = "The {} is damaged or incomplete; save it again and resend it."


@contextmanager
def opened(source: Path, format: str, decoders: tuple[str, ...], noun: str) -> Iterator[InputContainer]:
    """The file at `source` as FFmpeg's `format`; what is wrong with its bytes becomes InvalidFile about the `noun`."""
    options = {"codec_whitelist": ",".join(decoders), "format_whitelist": format, "protocol_whitelist": "file"}
    try:
        with av.open(
            f"file:{source}", "r", format=format, container_options=options, metadata_errors="replace"
        ) as file:
            yield file
    except MemoryError as error:
        raise InvalidFile(f"The {noun} takes too much memory to decode; send a smaller one.") from error
    except FAULTS as error:
        raise InvalidFile(DAMAGED.format(noun)) from error


def decoder_of(stream: av.AudioStream | av.VideoStream) -> str | None:
    """Its name; None where this FFmpeg has none for the stream, which PyAV's types do not tell."""
    codec: av.CodecContext | None = stream.codec_context
    return None if codec is None else codec.name


def check_bytes(source: Path, most: int, noun: str) -> None:
    """Raises InvalidFile (InvalidFile.Size) where the file at `source` has more than `most` bytes."""
    size = source.stat().st_size
    if size > most:
        raise InvalidFile(
            f"The {noun} has {size / 2**20:.1f} MB; at most {most / 2**20:g} MB are accepted.", code="InvalidFile.Size"
        )
