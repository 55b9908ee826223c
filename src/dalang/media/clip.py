"""User video to go on from, made safe: hostile bytes in, an MP4 as our own out, and its last frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.container import InputContainer

from dalang.engines import SAMPLE_RATE, Clip, Frame, RenderRequest, Sound
from dalang.errors import InvalidFile
from dalang.media.audio import listen
from dalang.media.encode import encode
from dalang.media.framing import Framing
from dalang.media.geometry import MAX_RATIO
from dalang.media.source import DAMAGED, FILM_DECODERS, PICTURE_DECODERS, check_bytes, decoder_of, opened
from dalang.media.stereo import fitted, limited
from dalang.media.still import picture_of, save_still

LEAST_SIDE, MOST_SIDE = 240, 4096
"""Pixels, documented for first_clip, as are the seconds."""

LEAST, MOST, SLACK = 2.0, 10.0, 0.1
"""Seconds, and those by which a clip may exceed them: cameras and cutters count by frames."""

MOST_PICTURES = 240 * 10 + 24
"""Of 10 seconds at the highest rate that cameras take."""

QUALITY = 14
"""x264's scale; it is encoded once more with what follows it."""

BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
"""What an MP4 or QuickTime file begins with (ISO/IEC 14496-12; QuickTime File Format)."""

THREADS = 2


class Footage(NamedTuple):
    """A clip before it is decoded. Times in seconds."""

    start: float
    seconds: float
    pixel: float
    """Width of a pixel over its height."""


def prepare_clip(
    source: Path,
    target: Path,
    last: Path,
    tier: str,
    fps: int,
    duration: int,
    max_bytes: int,
    still: str | None = None,
) -> tuple[int, int, int]:
    """Leave the clip at `source` at `target`, as a video of `tier` at `fps`; return its (width, height, frames).

    MP4 and MOV, told by content. Pictures are turned upright, scaled and cut as `prepare_image` does; sound comes along
    in time. The last frame goes to `last` as PNG, and a smaller JPEG of it to `still`.

    Raises InvalidFile (.Format, .Duration, .Resolution, .Size) with a sentence for the caller, also where the clip
    leaves no room in a video of `duration` seconds; OSError where a file of ours cannot be read or written.
    """
    check_bytes(source, max_bytes, "clip")
    _check_kind(source)
    footage = _survey(source)
    count = _frame_count(footage.seconds, fps, duration)
    pictures = _retimed(_pictures(source), footage.start, fps, count)
    first = next(pictures)
    framing = Framing.of(first, footage.pixel, tier)
    request = _request(framing, count, fps)
    frames = _leaving_last(_framed(chain([first], pictures), framing), last, still)
    sound = _sound(source, footage.start, count * SAMPLE_RATE // fps)
    encode(Clip(frames, sound), request, str(target), lambda _: None, quality=QUALITY)
    return framing.width, framing.height, count


def _check_kind(source: Path) -> None:
    with source.open("rb") as file:
        head = file.read(8)
    if head[4:] not in BOXES:
        raise InvalidFile("The file is no video that can be read; send an MP4 or MOV file.")


def _survey(source: Path) -> Footage:
    """Told by the file's index; nothing is decoded."""
    with opened(source, "mov", FILM_DECODERS, "clip") as file:
        stream = _picture_stream(file)
        _check_sides(stream)
        start, end, count = None, 0, 0
        for packet in file.demux(stream):
            if packet.pts is None or packet.is_discard:
                continue
            start = packet.pts if start is None else min(start, packet.pts)
            end = max(end, packet.pts + (packet.duration or 0))
            count += 1
            if count > MOST_PICTURES:
                raise InvalidFile(f"The clip has more than {MOST_PICTURES} pictures; send one with fewer a second.")
        if start is None or stream.time_base is None:
            raise InvalidFile("The clip holds no pictures.")
        tick = float(stream.time_base)
        return Footage(start * tick, (end - start) * tick, float(stream.sample_aspect_ratio or 1) or 1.0)


def _picture_stream(file: InputContainer) -> av.VideoStream:
    for stream in file.streams.video:
        if decoder_of(stream) in PICTURE_DECODERS:
            return stream
    raise InvalidFile("The clip holds no pictures that can be decoded; send H.264 or H.265 in an MP4 or MOV file.")


def _check_sides(stream: av.VideoStream) -> None:
    width, height = stream.codec_context.width, stream.codec_context.height
    found = f"The clip is {width}x{height} pixels; "
    if not LEAST_SIDE <= min(width, height) <= max(width, height) <= MOST_SIDE:
        raise InvalidFile(f"{found}each side must be {LEAST_SIDE} to {MOST_SIDE}.", code="InvalidFile.Resolution")
    if max(width, height) > MAX_RATIO * min(width, height):
        raise InvalidFile(f"{found}its sides may differ {MAX_RATIO}-fold.", code="InvalidFile.Resolution")


def _frame_count(seconds: float, fps: int, duration: int) -> int:
    """Raises InvalidFile (InvalidFile.Duration)."""
    count = round(min(seconds, MOST) * fps)
    if not LEAST * fps <= count or seconds > MOST + SLACK:
        found = f"The clip is {seconds:.2f} seconds long; {LEAST:g} to {MOST:g} seconds are accepted."
        raise InvalidFile(found, code="InvalidFile.Duration")
    if count >= duration * fps:
        found = f"The clip is {seconds:.2f} seconds long and leaves no room in a video of {duration} seconds"
        raise InvalidFile(f"{found}; ask for a longer duration or send a shorter clip.", code="InvalidFile.Duration")
    return count


def _pictures(source: Path) -> Iterator[av.VideoFrame]:
    with opened(source, "mov", FILM_DECODERS, "clip") as file:
        stream = _picture_stream(file)
        stream.codec_context.thread_count = THREADS
        for picture in file.decode(stream):
            if max(picture.width, picture.height) > MOST_SIDE:
                raise InvalidFile(f"The clip's sides change to more than {MOST_SIDE}.", code="InvalidFile.Resolution")
            yield picture


def _retimed(pictures: Iterable[av.VideoFrame], start: float, fps: int, count: int) -> Iterator[av.VideoFrame]:
    """`count` pictures at `fps`: each shows until the next one's time."""
    made, shown = 0, None
    for picture in pictures:
        until = round((picture.time - start) * fps) if picture.pts is not None else made
        while shown is not None and made < min(until, count):
            yield shown
            made += 1
        shown = picture
    if shown is None:
        raise InvalidFile(DAMAGED.format("clip"))
    for _ in range(made, count):
        yield shown


def _framed(pictures: Iterable[av.VideoFrame], framing: Framing) -> Iterator[Frame]:
    shown = None
    for picture in pictures:
        if picture is not shown:
            shown, frame = picture, framing.frame(picture)
        yield frame


def _leaving_last(frames: Iterable[Frame], last: Path, still: str | None) -> Iterator[Frame]:
    for frame in frames:
        yield frame
    picture = picture_of(frame)
    picture.save(last, "PNG", compress_level=1)
    if still:
        save_still(picture, still)


def _sound(source: Path, start: float, samples: int) -> Sound | None:
    """The clip's own, from the time of its first picture on; None where it has none that can be decoded."""
    with opened(source, "mov", FILM_DECODERS, "clip") as file:
        stream = next((stream for stream in file.streams.audio if decoder_of(stream) in FILM_DECODERS), None)
        if stream is None:
            return None
        frames = file.decode(stream)
        first = next(frames, None)
        if first is None:
            return None
        late = _clamped((first.time or 0.0) - start, MOST)
        sound, _ = listen(chain([first], frames), MOST - late, MOST - late)
    return limited(fitted(_shifted(sound, round(late * SAMPLE_RATE)), samples))


def _clamped(seconds: float, most: float) -> float:
    return max(-most, min(seconds, most))


def _shifted(sound: Sound, late: int) -> Sound:
    """`sound` after `late` samples of silence; without its first -late ones where that is negative."""
    return np.pad(sound, ((late, 0), (0, 0))) if late > 0 else sound[-late:]


def _request(framing: Framing, count: int, fps: int) -> RenderRequest:
    return RenderRequest(
        model="",
        prompt="",
        width=framing.width,
        height=framing.height,
        duration=count / fps,
        fps=fps,
        seed=0,
        sound=True,
    )
