"""Loudness and true peak: as BS.1770-4 says, held against FFmpeg's own meter and the recommendation's own tones."""

from __future__ import annotations

import av
import numpy as np
import pytest

from dalang.sound.loudness import ABSOLUTE_GATE, loudness, true_peaks
from dalang.sound.tone import RATE, Track, noise


def tone(hertz: float, decibels: float, seconds: float, phase: float = 0.0) -> Track:
    time = np.arange(round(seconds * RATE)) / RATE
    line = 10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * time + phase)
    return np.repeat(line.astype(np.float32)[:, None], 2, axis=1)


def metered(track: Track) -> float:
    """Integrated LUFS by FFmpeg."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="stereo")
    meter, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    measured = 0.0
    for start in range(0, len(track), RATE // 10):
        part = np.ascontiguousarray(track[start : start + RATE // 10]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = RATE, start
        graph.push(frame)
        measured = float(sink.pull().metadata["lavfi.r128.I"])
    return measured


def test_a_full_scale_tone_of_997_hertz_on_both_channels_measures_0() -> None:
    assert loudness(tone(997, 0, 5)) == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0])
def test_noise_with_pauses_measures_as_ffmpeg_does(slope: float) -> None:
    track = 0.1 * noise(12 * RATE, 40, 9000, slope, np.random.default_rng(3))
    track[4 * RATE : 7 * RATE] *= 0.01
    track[9 * RATE : 10 * RATE] = 0
    assert loudness(track.astype(np.float32)) == pytest.approx(metered(track.astype(np.float32)), abs=0.1)


def test_what_is_quieter_by_more_than_the_gate_does_not_count() -> None:
    loud, quiet = tone(997, -20, 5), tone(997, -45, 5)
    assert loudness(np.concatenate([loud, quiet])) == pytest.approx(loudness(loud), abs=0.2)


def test_silence_measures_the_absolute_gate() -> None:
    assert loudness(np.zeros((RATE, 2), np.float32)) == ABSOLUTE_GATE


def test_a_short_tone_is_measured_as_one_block() -> None:
    assert loudness(tone(997, -10, 0.2)) == pytest.approx(-10, abs=0.5)


def test_a_peak_between_samples_is_seen() -> None:
    track = tone(RATE / 4, 0, 0.1, phase=np.pi / 4)
    assert np.abs(track).max() < 0.71
    assert true_peaks(track, 0.3)[10:-10].max() == pytest.approx(1.0, abs=0.06)
