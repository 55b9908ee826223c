"""What is done to an engine's clip before it is a file: what it begins with, its sound, its mark, its stills."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path

import msgspec
import numpy as np

from dalang.engines import SAMPLE_RATE, Clip, RenderRequest, Sound
from dalang.events import Finish
from dalang.media.film import film_frames, film_sound
from dalang.media.stereo import fitted
from dalang.media.still import with_stills
from dalang.media.watermark import marked
from dalang.media.wav import read_wav


def drawable(request: RenderRequest, finish: Finish) -> RenderRequest:
    """What the engine is asked for: frames that join an opening have its size and rate, whatever the profile says."""
    setup = request.setup
    if setup is None or not finish.opening:
        return request
    joining = msgspec.structs.replace(setup, profile=msgspec.structs.replace(setup.profile, native=False))
    return msgspec.structs.replace(request, setup=joining)


def shaped(request: RenderRequest, clip: Clip) -> RenderRequest:
    """`request` as `clip` is: an engine may keep the size and the rate that its weights make."""
    if clip.form is None:
        return request
    width, height, fps, frames = clip.form
    return msgspec.structs.replace(request, width=width, height=height, fps=fps, duration=frames / fps)


def lengthened(request: RenderRequest, finish: Finish) -> RenderRequest:
    """`request` as it is of the whole video: with the opening before what the engine draws."""
    return msgspec.structs.replace(request, duration=(finish.opening_frames + request.frame_count) / request.fps)


def finished(clip: Clip, whole: RenderRequest, finish: Finish, output: str) -> Clip:
    """The whole video, which `whole` asks for, from the engine's `clip`. Its stills go beside `output`.

    Raises InternalError where what preparation left is missing or is not what it was.
    """
    frames = clip.frames
    if finish.opening:
        frames = chain(film_frames(finish.opening, finish.opening_frames), frames)
    if finish.watermark:
        frames = marked(frames, whole.width, whole.height)
    if finish.stills:
        frames = with_stills(frames, whole.frame_count, finish.stills, output)
    return replace(clip, frames=iter(frames), sound=_sound(clip.sound, whole, finish))


def _sound(drawn: Sound | None, whole: RenderRequest, finish: Finish) -> Sound | None:
    samples = whole.frame_count * SAMPLE_RATE // whole.fps
    if finish.audio:
        return fitted(read_wav(Path(finish.audio)), samples)
    if drawn is None or not finish.opening:
        return drawn
    first = film_sound(finish.opening)
    opening = fitted(np.zeros((0, 2), np.float32) if first is None else first, samples - len(drawn))
    return np.concatenate([opening, drawn])
