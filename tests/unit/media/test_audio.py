"""User sound: what is accepted comes out in time, as loud, of the video's length; the rest is refused in a sentence."""

from __future__ import annotations

import contextlib
import random
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.unit.media.recordings import click, mp3, tone, wav

from dalang.engines import SAMPLE_RATE, Sound
from dalang.errors import InvalidFile
from dalang.media.audio import prepare_audio
from dalang.media.wav import read_wav

MB = 2**20

Prepare = Callable[..., Sound]


@pytest.fixture
def prepare(tmp_path: Path) -> Prepare:
    """Bytes of a sound → what is prepared of it for a video of `duration` seconds."""

    def run(data: bytes, duration: int = 5, least: float = 3, most: float = 30) -> Sound:
        source, target = tmp_path / "source", tmp_path / "target.wav"
        source.write_bytes(data)
        prepare_audio(source, target, duration, least, most, 15 * MB)
        sound = read_wav(target)
        assert sound.shape == (duration * SAMPLE_RATE, 2), "sample-exact"
        return sound

    return run


def loudness(sound: Sound) -> float:
    """Root mean square of its second and third second, in dB of full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(sound[SAMPLE_RATE : 3 * SAMPLE_RATE] ** 2))))


def test_a_sound_of_our_own_form_passes_bit_for_bit(prepare: Prepare) -> None:
    sound = tone(5, peak=0.89)
    expected = np.clip(np.rint(sound * 32768), -32768, 32767) / 32768
    assert np.array_equal(prepare(wav(sound)), expected.astype(np.float32))


def test_peaks_leave_a_decibel_for_what_the_codec_adds(prepare: Prepare) -> None:
    peak = np.abs(prepare(wav(tone(5, peak=1.0)))).max()
    assert 20 * np.log10(peak) == pytest.approx(-1, abs=0.05)


def test_a_longer_sound_is_cut_and_a_shorter_one_followed_by_silence(prepare: Prepare) -> None:
    assert np.abs(prepare(wav(tone(8)))[-500:]).max() > 0.25
    short = prepare(wav(tone(3)))
    assert np.abs(short[3 * SAMPLE_RATE - 500 : 3 * SAMPLE_RATE]).max() > 0.25
    assert not short[3 * SAMPLE_RATE :].any()


@pytest.mark.parametrize("rate", [8_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000])
def test_a_click_stays_at_its_time(rate: int, prepare: Prepare) -> None:
    sound = prepare(wav(click(rate // 2, 4, rate), rate))
    assert abs(int(np.abs(sound[:, 0]).argmax()) - SAMPLE_RATE // 2) <= 1


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_the_delay_that_an_mp3_states_is_cut_off(rate: int, prepare: Prepare) -> None:
    sound = prepare(mp3(click(rate // 2, 4, rate), rate, bit_rate=64_000))
    assert abs(int(np.abs(sound[:, 0]).argmax()) - SAMPLE_RATE // 2) <= 1


def test_an_mp3_that_states_no_delay_starts_where_players_start_it(prepare: Prepare) -> None:
    found = int(np.abs(prepare(mp3(click(24_000, 4, 48_000), 48_000, gapless=False))[:, 0]).argmax())
    assert 0 <= found - 24_000 < 1152, "within a frame of the format"


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_loudness_is_kept(rate: int, channels: int, prepare: Prepare) -> None:
    sound = prepare(wav(tone(4, rate, channels), rate))
    assert loudness(sound) == pytest.approx(loudness(tone(4)), abs=0.05)
    assert np.array_equal(sound[:, 0], sound[:, 1])


def test_an_mp3_of_one_channel_goes_to_both_sides_as_loud(prepare: Prepare) -> None:
    sound = prepare(mp3(tone(4, 44_100, channels=1)))
    assert loudness(sound) == pytest.approx(loudness(tone(4)), abs=0.5)


@pytest.mark.parametrize("bits", [8, 16])
def test_each_width_of_samples_is_read(bits: int, prepare: Prepare) -> None:
    assert loudness(prepare(wav(tone(4), bits=bits))) == pytest.approx(loudness(tone(4)), abs=0.2)


@pytest.mark.parametrize("channels", [3, 4, 5, 6, 7, 8])
def test_many_loud_channels_are_mixed_down_without_clipping(channels: int, prepare: Prepare) -> None:
    sound = prepare(wav(tone(4, channels=channels, peak=0.9)))
    assert np.abs(sound).max() <= 1
    spectrum = np.abs(np.fft.rfft(sound[SAMPLE_RATE : 2 * SAMPLE_RATE, 0]))
    assert spectrum[441:].max() < spectrum[440] / 1000, "a clipped tone has overtones"


def test_a_channel_goes_to_its_side(prepare: Prepare) -> None:
    surround = np.zeros((4 * SAMPLE_RATE, 6), np.float32)
    surround[:, 4] = tone(4)[:, 0]
    sound = prepare(wav(surround))
    assert loudness(sound[:, :1]) == pytest.approx(loudness(tone(4)) - 3, abs=0.1)
    assert not sound[:, 1].any()


def test_only_what_would_clip_is_turned_down(prepare: Prepare) -> None:
    loud = tone(4, peak=0.5)
    loud[2 * SAMPLE_RATE : 2 * SAMPLE_RATE + 4800] *= 3
    sound = prepare(wav(loud, is_float=True))
    assert np.abs(sound).max() <= 1
    assert np.abs(sound[: 2 * SAMPLE_RATE - 300] - loud[: 2 * SAMPLE_RATE - 300]).max() < 1e-4


def test_no_number_of_a_float_file_does_harm(prepare: Prepare) -> None:
    odd = tone(4)
    odd[[1000, 2000, 3000, 4000]] = np.array([[np.nan], [np.inf], [-3e38], [1e30]])
    sound = prepare(wav(odd, is_float=True))
    assert np.isfinite(sound).all()
    assert loudness(sound) == pytest.approx(loudness(tone(4)), abs=0.01)


@pytest.mark.parametrize("seconds", [3, 30])
def test_lengths_at_the_limits_are_accepted(seconds: int, prepare: Prepare) -> None:
    prepare(wav(tone(seconds, 8_000), 8_000))
    prepare(mp3(tone(seconds, 44_100, channels=1)))
    prepare(mp3(tone(seconds, 24_000, channels=1), 24_000, gapless=False, bit_rate=64_000))


LENGTHS = {
    "short": (wav(tone(2.9)), "2.90 seconds long"),
    "short mp3": (mp3(tone(2.9, 44_100)), "2.90 seconds long"),
    "nothing": (wav(tone(0)), "0.00 seconds long"),
    "long": (wav(tone(30.2, 8_000), 8_000), "longer than 30 seconds"),
    "long mp3": (mp3(tone(31, 44_100, channels=1)), "longer than 30 seconds"),
    "very long": (
        mp3(np.zeros((8_000 * 300, 1), np.float32), 8_000, gapless=False, bit_rate=8_000) * 40,
        "longer than 30 seconds",
    ),
}


@pytest.mark.parametrize("kind", LENGTHS)
def test_other_lengths_are_refused(kind: str, prepare: Prepare) -> None:
    data, told = LENGTHS[kind]
    with pytest.raises(InvalidFile, match=f"{told}; 3 to 30 seconds are accepted") as caught:
        prepare(data)
    assert caught.value.code == "InvalidFile.Duration"


def test_a_file_over_the_byte_limit_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(bytes(MB + 1))
    with pytest.raises(InvalidFile, match=r"1\.0 MB; at most 1 MB") as caught:
        prepare_audio(tmp_path / "source", tmp_path / "target.wav", 5, 3, 30, MB)
    assert caught.value.code == "InvalidFile.Size"


SONG = mp3(tone(10, 44_100))
HALF = len(SONG) // 2
PLAIN = wav(tone(10))
PICTURE = b"APIC" + struct.pack(">I", 4000) + b"\0\0\0image/jpeg\0\x03\0" + b"\xff\xd8\xff\xe0" + bytes(3982)


def tagged(*frames: bytes) -> bytes:
    """ID3v2.3."""
    body = b"".join(frames)
    size = bytes(len(body) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + body


ACCEPTED = {
    "tags before": tagged(b"TIT2" + struct.pack(">I", 4) + b"\0\0\0abc") + SONG,
    "a cover": tagged(PICTURE) + SONG,
    "a title of no encoding": tagged(b"TIT2" + struct.pack(">I", 6) + b"\0\0\x03\xff\xfe\xff\xc3\x28") + SONG,
    "tags after": SONG + b"TAG" + bytes(125),
    "a size that could not be written": wav(tone(5), claimed_bytes=0xFFFFFFFF),
    "no size": wav(tone(5), claimed_bytes=0),
    "4 GB by its word": wav(tone(5), claimed_bytes=0xFFFFFFF0),
    "half a sample more": wav(tone(5)) + b"x",
}


@pytest.mark.parametrize("kind", ACCEPTED)
def test_a_good_sound_in_an_odd_wrapping_is_accepted(kind: str, prepare: Prepare) -> None:
    assert loudness(prepare(ACCEPTED[kind])) == pytest.approx(loudness(tone(4)), abs=0.5)


NO_SOUND = "no sound that can be read; send a WAV"
DAMAGED = "damaged or incomplete"
REFUSED = {
    "empty": (b"", NO_SOUND),
    "one byte": (b"\xff", NO_SOUND),
    "a web page": (b"<!DOCTYPE html><html></html>", NO_SOUND),
    "a video": (b"\0\0\0\x18ftypisom" + bytes(50), NO_SOUND),
    "aac": (b"\xff\xf1\x50\x80" + bytes(500), NO_SOUND),
    "an avi": (PLAIN[:8] + b"AVI " + PLAIN[12:], NO_SOUND),
    "a header alone": (PLAIN[:30], "holds less than its header states"),
    "aac by its header": (PLAIN[:20] + b"\xff\0" + PLAIN[22:], NO_SOUND),
    "1 Hz": (wav(tone(5), claimed_rate=1), "at 1 Hz"),
    "0 Hz": (wav(tone(5), claimed_rate=0), DAMAGED),
    "768 kHz": (wav(tone(5), claimed_rate=768_000), "at 768000 Hz"),
    "4 GHz": (wav(tone(5), claimed_rate=2**32 - 1), DAMAGED),
    "no channel": (wav(tone(5), channels=0), "0 channels"),
    "255 channels": (wav(tone(5), channels=255), "255 channels"),
    "half a wav": (PLAIN[: len(PLAIN) // 2], "holds less than its header states"),
    "half an mp3": (SONG[:HALF], "holds less than its header states"),
    "garbage in an mp3": (SONG[:HALF] + random.Random(1).randbytes(20_000) + SONG[HALF:], DAMAGED),
    "an mp3 of zeros": (SONG[:4] + bytes(3 * MB), DAMAGED),
    "an mp3 of noise": (SONG[:4] + random.Random(1).randbytes(3 * MB), DAMAGED),
    "tags before nothing": (tagged(PICTURE), DAMAGED),
    "tags before noise": (tagged(PICTURE) + random.Random(1).randbytes(200_000), "0 channels"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_whole_wav_or_mp3_is_refused_in_a_sentence(kind: str, prepare: Prepare) -> None:
    data, told = REFUSED[kind]
    with pytest.raises(InvalidFile, match=told) as caught:
        prepare(data)
    assert caught.value.code == "InvalidFile.Format"


@pytest.mark.parametrize("form", [wav(tone(3, 8_000), 8_000), mp3(tone(3, 44_100))], ids=["wav", "mp3"])
def test_flipped_bytes_end_in_a_sound_or_an_error_of_the_protocol(form: bytes, prepare: Prepare) -> None:
    draw = random.Random(3)
    for _ in range(120):
        data = bytearray(form)
        for _ in range(draw.randint(1, 8)):
            data[draw.randrange(min(len(data), draw.choice([60, 3000])))] = draw.randrange(256)
        with contextlib.suppress(InvalidFile):
            prepare(bytes(data[: draw.choice([len(data), draw.randrange(len(data))])]))


def test_a_missing_source_is_our_own_fault_not_the_callers(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        prepare_audio(tmp_path / "nothing", tmp_path / "target.wav", 5, 3, 30, MB)


def test_a_target_that_cannot_be_written_is_our_own_fault(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(wav(tone(3)))
    with pytest.raises(FileNotFoundError):
        prepare_audio(tmp_path / "source", tmp_path / "nowhere" / "target.wav", 5, 3, 30, MB)
