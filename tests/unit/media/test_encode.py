"""Frames to file: what a player must find in the MP4, and how encoding ends when a side fails."""

from __future__ import annotations

import errno
import filecmp
import resource
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest

from dalang.engines import SAMPLE_RATE, Canceled, Clip, Frame, RenderRequest, Sound
from dalang.engines.animatic import Animatic
from dalang.errors import InternalError
from dalang.media.encode import encode

WIDTH, HEIGHT, FPS, SECONDS = 160, 96, 30, 2


def request() -> RenderRequest:
    return RenderRequest(
        model="m", prompt="", width=WIDTH, height=HEIGHT, duration=SECONDS, fps=FPS, seed=0, sound=True
    )


def gradients(count: int = SECONDS * FPS) -> Iterator[Frame]:
    """A moving slope, drawn into one buffer over and over, as an engine may."""
    frame = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    for number in range(count):
        frame[:HEIGHT] = (np.arange(WIDTH) + number) % 200 + 20
        yield frame


def noise(count: int = SECONDS * FPS, width: int = WIDTH, height: int = HEIGHT) -> Iterator[Frame]:
    random = np.random.default_rng(0)
    for _ in range(count):
        yield random.integers(16, 235, (height * 3 // 2, width), np.uint8)


def tone() -> Sound:
    time = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    return np.repeat(0.3 * np.sin(2 * np.pi * 440 * time), 2).reshape(-1, 2).astype(np.float32)


def ignore(_: float) -> None:
    return None


def decoded(path: Path) -> list[Frame]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray().astype(np.uint8) for frame in file.decode(video=0)]


def test_file_has_the_clips_size_rate_and_length(tmp_path: Path) -> None:
    encode(Clip(gradients(), None), request(), str(tmp_path / "a.mp4"), ignore)
    with av.open(str(tmp_path / "a.mp4")) as file:
        video = file.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height, video.average_rate) == (WIDTH, HEIGHT, FPS)
        assert (video.start_time, video.duration * video.time_base) == (0, SECONDS)
        assert not file.streams.audio, "a clip without sound has no audio stream"


def test_colours_are_tagged_as_they_are(tmp_path: Path) -> None:
    encode(Clip(gradients(), None), request(), str(tmp_path / "a.mp4"), ignore)
    with av.open(str(tmp_path / "a.mp4")) as file:
        codec = file.streams.video[0].codec_context
        tags = (codec.colorspace, codec.color_primaries, codec.color_trc, codec.color_range)
        assert tags == (6, 1, 1, 1), "SMPTE 170M matrix, BT.709 primaries and transfer, limited range (H.273)"


def test_each_frame_comes_back_in_its_place(tmp_path: Path) -> None:
    encode(Clip(gradients(), None), request(), str(tmp_path / "a.mp4"), ignore)
    frames = decoded(tmp_path / "a.mp4")
    assert len(frames) == SECONDS * FPS
    for drawn, shown in zip(gradients(), frames, strict=True):
        error = np.mean((drawn.astype(float) - shown) ** 2)
        assert error < 255**2 / 10**3.2, "PSNR is over 32 dB"


def test_sound_starts_with_the_picture_and_ends_with_it(tmp_path: Path) -> None:
    encode(Clip(gradients(), tone()), request(), str(tmp_path / "a.mp4"), ignore)
    with av.open(str(tmp_path / "a.mp4")) as file:
        audio = file.streams.audio[0]
        assert (audio.codec_context.name, audio.rate, audio.channels) == ("aac", SAMPLE_RATE, 2)
        assert (audio.start_time, audio.duration * audio.time_base) == (0, SECONDS)
        heard = np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1).T
    assert np.abs(heard[: len(tone())] - tone()).max() < 0.05, "sample for sample: the encoder's delay is undone"


@pytest.mark.parametrize("at", [0, 1, 1023, 1024, 30_000, 95_999])
def test_a_click_is_heard_at_its_sample(tmp_path: Path, at: int) -> None:
    sound = np.zeros((SECONDS * SAMPLE_RATE, 2), np.float32)
    sound[at] = 0.9
    encode(Clip(gradients(), sound), request(), str(tmp_path / "a.mp4"), ignore)
    with av.open(str(tmp_path / "a.mp4")) as file:
        frames = list(file.decode(audio=0))
    assert frames[0].pts == 0
    heard = np.concatenate([frame.to_ndarray() for frame in frames], axis=1)[0]
    assert abs(int(np.abs(heard).argmax()) - at) <= 1


def test_sound_lies_beside_its_pictures_however_long_the_clip(tmp_path: Path) -> None:
    """The muxer is given all sound first, and by its own habit would not keep back more than 10 seconds of it."""
    asked = msgspec.structs.replace(request(), duration=15)
    encode(Clip(gradients(450), np.tile(tone(), (8, 1))[: 15 * SAMPLE_RATE]), asked, str(tmp_path / "a.mp4"), ignore)
    with av.open(str(tmp_path / "a.mp4")) as file:
        order = [(packet.pos, packet.pts * packet.time_base) for packet in file.demux() if packet.pts is not None]
    times = [float(time) for _, time in sorted(order)]
    assert max(one - other for one, other in pairwise(times)) < 1


def test_another_clips_sound_is_its_own(tmp_path: Path) -> None:
    heard = []
    for number, sound in enumerate((tone(), 0 * tone(), tone())):
        encode(Clip(gradients(), sound), request(), str(tmp_path / f"{number}.mp4"), ignore)
        heard.append((tmp_path / f"{number}.mp4").read_bytes())
    assert heard[0] == heard[2] != heard[1]


TAGS = (
    ("comment", "Made by an engine; 由人工智能生成"),
    ("AIGC", '{"Label":"1","ContentProducer":"dalang","ProduceID":"0123"}'),
    ("DigitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"),
    ("com.example.seed", "7"),
)


def test_tags_of_any_name_stand_in_the_file(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        encode(Clip(gradients(), tone()), request(), str(tmp_path / name), ignore, tags=TAGS)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    with av.open(str(tmp_path / "a.mp4")) as file:
        assert dict(TAGS).items() <= file.metadata.items()
    content = (tmp_path / "a.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")
    assert len(decoded(tmp_path / "a.mp4")) == SECONDS * FPS


def test_a_clip_may_last_a_part_of_a_second_more(tmp_path: Path) -> None:
    asked = msgspec.structs.replace(request(), duration=67 / FPS)
    sound = np.zeros((67 * SAMPLE_RATE // FPS, 2), np.float32)
    encode(Clip(gradients(67), sound), asked, str(tmp_path / "a.mp4"), ignore)
    assert len(decoded(tmp_path / "a.mp4")) == 67


def test_index_stands_before_the_pictures(tmp_path: Path) -> None:
    encode(Clip(gradients(), None), request(), str(tmp_path / "a.mp4"), ignore)
    content = (tmp_path / "a.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_the_same_clip_gives_the_same_file_whatever_was_encoded_before(tmp_path: Path) -> None:
    """x264's macroblock tree read what an earlier clip had left in memory; scenes show it, noise does not."""
    asked = msgspec.structs.replace(request(), prompt="A dog on a beach", width=832, height=480, duration=1)
    larger = msgspec.structs.replace(asked, width=1664, height=960, duration=0.5)
    small = [frame.copy() for frame in Animatic().render(asked, ignore).frames]
    large = [np.tile(frame, (2, 2)) for frame in small[: FPS // 2]]
    for number, (of, frames) in enumerate(((asked, small), (larger, large), (asked, small))):
        encode(Clip(iter(frames), None), of, str(tmp_path / f"{number}.mp4"), ignore)
    assert filecmp.cmp(tmp_path / "0.mp4", tmp_path / "2.mp4", shallow=False)


def test_report_grows_to_one(tmp_path: Path) -> None:
    told: list[float] = []
    encode(Clip(gradients(), None), request(), str(tmp_path / "a.mp4"), told.append)
    assert told == [pytest.approx((n + 1) / (SECONDS * FPS)) for n in range(SECONDS * FPS)]


def few() -> Iterator[Frame]:
    return gradients(SECONDS * FPS - 1)


def many() -> Iterator[Frame]:
    return gradients(SECONDS * FPS + 1)


def small() -> Iterator[Frame]:
    yield np.zeros((HEIGHT, WIDTH), np.uint8)


def deep() -> Iterator[Frame]:
    yield np.zeros((HEIGHT * 3 // 2, WIDTH), np.uint16)


@pytest.mark.parametrize("frames", [few, many, small, deep])
def test_a_clip_that_is_not_what_was_asked_is_an_algorithms_fault(
    tmp_path: Path, frames: Callable[[], Iterator[Frame]]
) -> None:
    with pytest.raises(InternalError) as caught:
        encode(Clip(frames(), None), request(), str(tmp_path / "a.mp4"), ignore)
    assert caught.value.code == "InternalError.Algo"


def test_sound_of_another_length_is_an_algorithms_fault(tmp_path: Path) -> None:
    with pytest.raises(InternalError) as caught:
        encode(Clip(gradients(), tone()[:-1]), request(), str(tmp_path / "a.mp4"), ignore)
    assert caught.value.code == "InternalError.Algo"


def test_cancel_stops_at_that_frame_and_leaves_no_thread(tmp_path: Path) -> None:
    threads, told = threading.active_count(), []

    def cancel(fraction: float) -> None:
        told.append(fraction)
        if len(told) == 3:
            raise Canceled

    with pytest.raises(Canceled):
        encode(Clip(gradients(), None), request(), str(tmp_path / "a.mp4"), cancel)
    assert len(told) == 3
    assert threading.active_count() == threads


def test_an_engines_error_comes_through(tmp_path: Path) -> None:
    def breaking() -> Iterator[Frame]:
        yield from gradients(5)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        encode(Clip(breaking(), None), request(), str(tmp_path / "a.mp4"), ignore)


@pytest.mark.parametrize("room", [0, 1_000, 100_000])
def test_a_full_disk_is_an_oserror_with_its_number(tmp_path: Path, room: int) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(OSError) as caught:
            encode(Clip(noise(), tone()), request(), str(tmp_path / "a.mp4"), ignore)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG


def test_a_folder_that_is_not_there_is_told_before_drawing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        encode(Clip(gradients(), None), request(), str(tmp_path / "none" / "a.mp4"), pytest.fail)
