"""What performers let hear by moving: each sound at the time at which the picture shows its cause."""

from __future__ import annotations

import numpy as np

from dalang.scene.directing import MET, approaching, directed
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Place, Shot, View
from dalang.scene.subjects import SUBJECTS
from dalang.sound.calls import CALLS
from dalang.sound.elements import plunge
from dalang.sound.motors import drive
from dalang.sound.pattern import Random
from dalang.sound.room import OPEN, ROOMS, resounding
from dalang.sound.steps import footfalls, landings, strokes
from dalang.sound.surface import step, surface
from dalang.sound.tone import RATE, Track, put

NEAR = {View.WIDE: 0.6, View.MEDIUM: 0.85, View.CLOSE: 1.0}
"""How loud a performer is, by how much of the place a shot shows about it."""
VARIANTS = 6
"""Different steps of one foot on one ground."""
STEP = 0.27
"""Level of a grown person's step in a close shot."""
STROKE = 0.12
MOTION = 0.13
"""Of what drives, sails or flies."""
CALL = 0.16
REST = (2.6, 5.5)
"""Seconds between an animal's calls."""


def foley(shot: Shot, samples: int, random: Random, since: float = 0.0) -> Track:
    """The sounds of the cast of `shot`, in its first `samples`; its subject has been at it for `since` seconds."""
    track = np.zeros((samples, 2), np.float32)
    speakers, approach = {line.speaker for line in shot.dialogue}, approaching(shot.cast)
    for number, performer in enumerate(directed(shot.cast)):
        until = MET * shot.duration if number in approach else None
        _walk(track, shot, performer, random, since, until)
        _swim(track, shot, performer, random)
        _drive(track, shot, performer, random)
        if number not in speakers:
            _call(track, shot, performer, random)
    room = ROOMS[shot.place]
    return track if room == OPEN or not track.any() else resounding(track, room)


def _walk(track: Track, shot: Shot, performer: Performer, random: Random, since: float, until: float | None) -> None:
    seconds = len(track) / RATE
    ground = surface(shot)
    falls = (*footfalls(performer, seconds, since, until=until), *landings(performer, seconds, since))
    if ground is None or not falls:
        return
    steps = [step(ground, falls[0].foot, random) for _ in range(VARIANTS)]
    near = STEP * NEAR[shot.view] / performer.count**0.4
    for number, fall in enumerate(falls):
        loud = near * fall.weight**0.7 * random.uniform(0.75, 1.1)
        put(track, steps[(number + int(random.integers(3))) % VARIANTS] * np.float32(loud), fall.second, fall.pan)


def _swim(track: Track, shot: Shot, performer: Performer, random: Random) -> None:
    if shot.place is Place.UNDERWATER:
        return
    near = STROKE * NEAR[shot.view]
    for second in strokes(performer, len(track) / RATE):
        put(track, plunge(random) * np.float32(near * random.uniform(0.6, 1.0)), second, 0.5)


def _drive(track: Track, shot: Shot, performer: Performer, random: Random) -> None:
    voice = drive(SUBJECTS[performer.subject], performer.action, shot.place)
    if voice is not None:
        track += np.float32(MOTION * NEAR[shot.view]) * voice(len(track), random)


def _call(track: Track, shot: Shot, performer: Performer, random: Random) -> None:
    """One call early on, and others now and then; those who sleep, and who are under water or in space, are silent."""
    name = performer.subject
    if name not in CALLS or performer.action is Action.SLEEP or shot.place is Place.SPACE:
        return
    if shot.place is Place.UNDERWATER and SUBJECTS[name].kind != "sea":
        return
    second = random.uniform(0.5, 1.6)
    while second < len(track) / RATE - 0.5:
        put(track, CALLS[name](random) * np.float32(CALL * NEAR[shot.view] * random.uniform(0.7, 1.0)), second, 0.5)
        second += random.uniform(*REST)
