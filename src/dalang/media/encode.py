"""From frames to file: the only writer of MP4.

H.264 (libx264, 4:2:0, limited range) and, where the clip has sound, AAC. Drawing and encoding overlap:
frames are drawn in the caller's thread, encoded and written in a second one, a few frames behind.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from fractions import Fraction
from functools import lru_cache
from itertools import cycle
from types import TracebackType
from typing import NamedTuple, Self

import av
import numpy as np
from av.stream import Stream

from dalang.engines import SAMPLE_RATE, Clip, Frame, RenderRequest, Report, Sound
from dalang.errors import InternalError

AHEAD = 4
"""Frames that may wait for the encoder."""

X264_THREADS = 2
"""Fixed, because x264's output depends on it."""

QUALITY = 20

Tags = tuple[tuple[str, str], ...]
"""Key and value each."""

GOP_SECONDS = 2
AUDIO_BIT_RATE = 128_000
SAMPLE = Fraction(1, SAMPLE_RATE)

# Without use_metadata_tags the muxer drops every key that iTunes does not know. Without the delta it would write what
# is more than 10 s ahead of the first picture before that.
MUXER = {"movflags": "+faststart+use_metadata_tags", "max_interleave_delta": "0"}

# ITU-T H.273: matrix 6 is SMPTE 170M (BT.601, as OpenCV's I420 is), primaries and transfer 1 are BT.709.
MATRIX, PRIMARIES, TRANSFER, LIMITED = 6, 1, 1, 1


def encode(
    clip: Clip, request: RenderRequest, path: str, report: Report, *, tags: Tags = (), quality: int = QUALITY
) -> None:
    """Draw `clip` into a new MP4 at `path`, telling `report` what part is done after each frame.

    `tags` are written into the file as they are, in order; `quality` is x264's scale, 0 (lossless) to 51.

    A frame's bytes are copied before the next one is asked for, so an engine may draw into one buffer.
    The same clip gives the same decoded frames. On any exception the partial file is left to the caller.

    Raises InternalError (InternalError.Algo) where the clip is not what `request` asks (number or shape of
    frames, length of sound), OSError with its errno where the file cannot be written, and what drawing or
    `report` raises.
    """
    _check_sound(clip.sound, request)
    with (
        ThreadPoolExecutor(1, "encode") as thread,
        Mp4(path, request, clip, tags, quality) as file,
    ):
        pending: deque[Future[None]] = deque()
        try:
            for picture in _pictures(clip.frames, request, report):
                pending.append(thread.submit(file.write, picture))
                if len(pending) > AHEAD:
                    pending.popleft().result()
            while pending:
                pending.popleft().result()
            thread.submit(file.finish).result()
        finally:
            thread.shutdown(cancel_futures=True)


class Mp4:
    """An MP4 being written: its sound at once, which the muxer keeps back, then one picture at a time."""

    def __init__(self, path: str, request: RenderRequest, clip: Clip, tags: Tags, quality: int) -> None:
        self._file = av.open(path, "w", format="mp4", options=MUXER)
        self._file.metadata.update(tags)
        self._fps = request.fps
        self._video = self._file.add_stream("libx264", rate=request.fps)
        _set_up_video(self._video.codec_context, request, clip.preset, quality)
        self._seen = 0
        self._whole = True
        sound = [] if clip.sound is None else self._add_sound(clip.sound)
        self._file.start_encoding()
        self._file.mux(sound)

    def _add_sound(self, sound: Sound) -> list[av.Packet[Stream]]:
        stream = self._file.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        _set_up_audio(stream.codec_context)
        return [_packet(unit, stream) for unit in _aac(sound.tobytes())]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After an error the half-written file is of no use, and the first error is the one to tell.
        with suppress(av.FFmpegError) if error else nullcontext():
            self._file.close()

    def write(self, picture: av.VideoFrame) -> None:
        """Append `picture`; does nothing once a write has failed, since FFmpeg may crash on the next one."""
        if not self._whole:
            return
        self._whole = False
        picture.pts = self._seen
        picture.time_base = Fraction(1, self._fps)
        self._file.mux(self._video.encode(picture))
        self._seen += 1
        self._whole = True

    def finish(self) -> None:
        """Flush the pictures and put the index in front."""
        self._file.mux(self._video.encode(None))
        self._file.close()


def _set_up_video(codec: av.VideoCodecContext, request: RenderRequest, preset: str, quality: int) -> None:
    codec.width, codec.height, codec.pix_fmt = request.width, request.height, "yuv420p"
    codec.time_base = Fraction(1, request.fps)
    codec.gop_size = GOP_SECONDS * request.fps
    codec.thread_count = X264_THREADS
    codec.colorspace, codec.color_primaries = MATRIX, PRIMARIES
    codec.color_trc, codec.color_range = TRANSFER, LIMITED
    # A constant rate factor looks at every frame twice; at ultrafast that is a third of the time.
    scale = "qp" if preset == "ultrafast" else "crf"
    # The macroblock tree reads memory that an earlier clip of another size has left, and the same frames come out
    # different in a worker that has worked before.
    codec.options = {"preset": preset, scale: str(quality), "mbtree": "0"}


def _set_up_audio(codec: av.AudioCodecContext) -> None:
    codec.bit_rate = AUDIO_BIT_RATE
    codec.options = {"aac_coder": "fast"}


def _pictures(frames: Iterator[Frame], request: RenderRequest, report: Report) -> Iterator[av.VideoFrame]:
    """Those that wait for the encoder are copies; each is drawn over once AHEAD more have been asked for."""
    shape, asked, made = (request.height * 3 // 2, request.width), request.frame_count, 0
    copies = cycle([np.empty(shape, np.uint8) for _ in range(AHEAD + 1)])
    for frame in frames:
        if frame.shape != shape or frame.dtype != np.uint8:
            raise _mismatch(f"frame {made} is {frame.dtype}{frame.shape}, not uint8{shape}")
        if made == asked:
            raise _mismatch(f"there are more than {asked} frames")
        copy = next(copies)
        np.copyto(copy, frame)
        yield av.VideoFrame.from_numpy_buffer(copy, format="yuv420p")
        made += 1
        report(made / asked)
    if made != asked:
        raise _mismatch(f"there are {made} frames, not {asked}")


def _check_sound(sound: Sound | None, request: RenderRequest) -> None:
    shape = (request.frame_count * SAMPLE_RATE // request.fps, 2)
    if sound is not None and (sound.shape != shape or sound.dtype != np.float32):
        raise _mismatch(f"its sound is {sound.dtype}{sound.shape}, not float32{shape}")


class Unit(NamedTuple):
    """Some AAC, for `duration` samples from `pts` on."""

    data: bytes
    pts: int
    duration: int


@lru_cache(maxsize=1)
def _aac(sound: bytes) -> list[Unit]:
    """The samples of a `Sound`, encoded. Kept, since slate's are the same for all videos of one length."""
    samples = np.frombuffer(sound, np.float32).reshape(-1, 2)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, 0, SAMPLE
    codec = av.AudioCodecContext.create("aac", "w")
    codec.sample_rate, codec.time_base, codec.format, codec.layout = SAMPLE_RATE, SAMPLE, "fltp", "stereo"
    _set_up_audio(codec)
    packets = [*codec.encode(frame), *codec.encode(None)]
    return [Unit(bytes(packet), packet.pts or 0, packet.duration or 0) for packet in packets]


def _packet(unit: Unit, stream: av.AudioStream) -> av.Packet[Stream]:
    packet = av.Packet(unit.data)
    packet.stream, packet.time_base, packet.is_keyframe = stream, SAMPLE, True
    packet.pts = packet.dts = unit.pts
    packet.duration = unit.duration
    return packet


def _mismatch(what: str) -> InternalError:
    return InternalError(
        f"The engine drew a clip that does not match the request: {what}.",
        code="InternalError.Algo",
    )
