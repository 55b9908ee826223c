"""The room about a sound: how long it rings on, and how much of that is heard."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from dalang.scene.plan import Place
from dalang.sound.spectrum import filtered
from dalang.sound.tone import RATE, Line, Track

LENGTH = 1 << 16
"""Samples of a room's response: 1.4 s."""


class Room(msgspec.Struct, frozen=True):
    seconds: float
    """Until the sound has fallen by 60 dB."""
    wet: float
    """Level of what rings, beside the sound itself."""
    early: float = 0.012
    """Seconds to the first wall and back."""
    dull: float = 4500.0
    """Hz over which the walls swallow."""


OPEN = Room(0.35, 0.06, 0.03, 3000)
ROOM = Room(0.4, 0.16, 0.006, 5000)
HALL = Room(1.4, 0.22, 0.02, 5500)

ROOMS: dict[Place, Room] = dict.fromkeys(Place, OPEN) | {
    Place.FOREST: Room(0.7, 0.1, 0.035, 3500),
    Place.MOUNTAIN: Room(1.4, 0.13, 0.09, 2600),
    Place.STREET: Room(0.6, 0.12, 0.025, 4000),
    Place.ALLEY: Room(0.9, 0.2, 0.012, 4500),
    Place.LIVING_ROOM: ROOM,
    Place.OFFICE: ROOM,
    Place.KITCHEN: Room(0.5, 0.2, 0.006, 6500),
    Place.CLASSROOM: Room(0.7, 0.2, 0.01, 5500),
    Place.STAGE: Room(1.3, 0.22, 0.02, 5000),
    Place.STADIUM: Room(1.4, 0.2, 0.07, 3500),
    Place.CASTLE: Room(1.4, 0.26, 0.018, 4500),
    Place.UNDERWATER: Room(0.8, 0.3, 0.005, 900),
    Place.SPACE: Room(0.5, 0.15, 0.006, 3500),
}


def resounding(track: Track, room: Room) -> Track:
    """`track` in `room`."""
    mono = np.ascontiguousarray(track.mean(axis=1))
    rung = [filtered(mono, response, LENGTH) for response in _responses(room)]
    return track + np.float32(room.wet) * np.stack(rung, axis=1)


@lru_cache(maxsize=4)
def _responses(room: Room) -> tuple[NDArray[np.complex64], NDArray[np.complex64]]:
    """Of both ears, for blocks twice LENGTH long: noise that dies away, as the walls swallow it, of power 1."""
    left, right = (_response(room, ear) for ear in (1, 2))
    return left, right


def _response(room: Room, ear: int) -> NDArray[np.complex64]:
    time = np.arange(LENGTH, dtype=np.float32) / RATE
    hiss: Line = np.random.default_rng(ear).standard_normal(LENGTH, np.float32)
    late = np.clip((time - room.early) / 0.01, 0, 1) * np.float32(10) ** (-3 * time / room.seconds)
    spectrum = np.fft.rfft(hiss * late * np.minimum(1, (LENGTH - np.arange(LENGTH)) / 4800), 2 * LENGTH)
    frequency = np.fft.rfftfreq(2 * LENGTH, 1 / RATE)
    swallowed = (frequency / (frequency + 150)) / (1 + (frequency / room.dull) ** 2)
    return np.asarray(spectrum * swallowed / np.sqrt(np.sum(late**2)) * 2.0, np.complex64)
