"""From frames to file: the only writer of MP4.

H.264 (libx264, 4:2:0, limited range) and, where the clip has sound, AAC. Drawing and encoding overlap:
frames are drawn and the sound is encoded in the caller's thread, frames are encoded and all is written in a second
one, a few frames behind.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from fractions import Fraction
from itertools import cycle
from types import TracebackType
from typing import Self

import av
import numpy as np

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
AUDIO_FRAME = 1024
"""Samples in an AAC frame."""

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
            for number, picture in enumerate(_pictures(clip.frames, request, report), 1):
                sound = file.hear(number * SAMPLE_RATE // request.fps)
                pending.append(thread.submit(file.write, picture, sound))
                if len(pending) > AHEAD:
                    pending.popleft().result()
            while pending:
                pending.popleft().result()
            thread.submit(file.finish).result()
        finally:
            thread.shutdown(cancel_futures=True)


class Mp4:
    """An MP4 being written: one picture at a time, each with its share of the sound.

    `hear` may run beside `write`, each in a thread of its own.
    """

    def __init__(self, path: str, request: RenderRequest, clip: Clip, tags: Tags, quality: int) -> None:
        # Without use_metadata_tags the muxer drops every key that iTunes does not know.
        self._file = av.open(path, "w", format="mp4", options={"movflags": "+faststart+use_metadata_tags"})
        self._file.metadata.update(tags)
        self._fps = request.fps
        self._video = self._file.add_stream("libx264", rate=request.fps)
        _set_up_video(self._video.codec_context, request, clip.preset, quality)
        self._sound = clip.sound
        if clip.sound is not None:
            self._audio = self._file.add_stream(
                "aac",
                rate=SAMPLE_RATE,
                layout="stereo",
                bit_rate=AUDIO_BIT_RATE,
                options={"aac_coder": "fast"},
            )
        self._heard = self._seen = 0
        self._whole = True
        self._file.start_encoding()

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

    def hear(self, until: int) -> list[av.Packet[av.AudioStream]]:
        """The sound up to the sample `until`, encoded, as far as it fills AAC frames and was not given before."""
        packets: list[av.Packet[av.AudioStream]] = []
        while self._sound is not None and self._heard + AUDIO_FRAME <= until:
            packets += self._next_sound()
        return packets

    def write(self, picture: av.VideoFrame, sound: Sequence[av.Packet[av.AudioStream]]) -> None:
        """Append both; does nothing once a write has failed, since FFmpeg may crash on the next one."""
        if not self._whole:
            return
        self._whole = False
        picture.pts = self._seen
        picture.time_base = Fraction(1, self._fps)
        self._file.mux(self._video.encode(picture))
        self._seen += 1
        self._file.mux(sound)
        self._whole = True

    def finish(self) -> None:
        """Flush both streams and put the index in front."""
        self._file.mux(self._video.encode(None))
        if self._sound is not None:
            while self._heard < len(self._sound):
                self._file.mux(self._next_sound())
            self._file.mux(self._audio.encode(None))
        self._file.close()

    def _next_sound(self) -> list[av.Packet[av.AudioStream]]:
        assert self._sound is not None
        samples = self._sound[self._heard : self._heard + AUDIO_FRAME]
        packets = self._audio.encode(_audio_frame(samples, self._heard))
        self._heard += len(samples)
        return packets


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


def _audio_frame(samples: Sound, pts: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = (
        SAMPLE_RATE,
        pts,
        Fraction(1, SAMPLE_RATE),
    )
    return frame


def _mismatch(what: str) -> InternalError:
    return InternalError(
        f"The engine drew a clip that does not match the request: {what}.",
        code="InternalError.Algo",
    )
