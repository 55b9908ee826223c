"""What drives, sails and flies: motors that turn faster the faster they go, wheels, wash, wings."""

from __future__ import annotations

import msgspec
import numpy as np

from dalang.scene.performer import Action
from dalang.scene.plan import Place
from dalang.scene.subject import Subject
from dalang.sound.calls import buzz
from dalang.sound.machines import clatter, motor
from dalang.sound.pattern import Random, Voice
from dalang.sound.tone import RATE, Line, Track, burst, drift, noise, put, struck, swept


class Motor(msgspec.Struct, frozen=True):
    """How fast a motor fires at rest and with speed, and how it sounds."""

    idle: float
    """Hz."""
    per_speed: float
    """Hz more for each metre a second."""
    dull: float = 1.3
    """Fall of its overtones."""
    rattle: float = 0.0
    """0..1, of a diesel."""
    road: float = 0.3
    """Level of what rolls, or of the water."""


CAR = Motor(30, 5.5)
LORRY = Motor(24, 3.2, 1.15, 0.8, 0.4)
MOTORS = {
    **dict.fromkeys(("car", "taxi", "police-car", "jeep", "minibus", "ambulance", "pickup-truck"), CAR),
    **dict.fromkeys(("bus", "truck", "fire-truck", "semi-truck"), LORRY),
    **dict.fromkeys(("ship", "ferry", "cruise-ship"), Motor(14, 2.5, 1.2, 0.6, 0.8)),
    **dict.fromkeys(("motorcycle", "scooter"), Motor(42, 7.0, 0.9, 0.1, 0.15)),
    "tractor": Motor(17, 5.0, 1.0, 1.0, 0.3),
    "racing-car": Motor(60, 9.0, 0.75, 0.0, 0.25),
    "auto-rickshaw": Motor(34, 6.0, 0.8, 0.4, 0.2),
    "boat": Motor(28, 7.0, 1.1, 0.3, 0.7),
    "speedboat": Motor(45, 9.0, 0.9, 0.1, 0.9),
    "airplane": Motor(55, 1.6, 0.9, 0.0, 0.9),
}
"""By a subject's name."""
MOVING = frozenset({Action.DRIVE, Action.SAIL, Action.FLY, Action.RUN, Action.RIDE})
PITCHES = {"bee": 225.0, "mosquito": 590.0, "housefly": 185.0}
"""Hz of wings that are too fast to be told apart."""
SILENT = frozenset(
    {"butterfly", "fairy", "fairy-boy", "ghost", "planet", "globe", "comet", "satellite", "balloon", "bat"}
)
LEVEL = 0.16


def drive(subject: Subject, action: Action, place: Place) -> Voice | None:
    """What `subject` lets hear on its way; None if nothing, as where there is no air."""
    speed = subject.pace(action)
    if not speed or action not in MOVING or place is Place.SPACE or subject.name in SILENT:
        return None
    if subject.name in MOTORS:
        return lambda samples, random: _motor(MOTORS[subject.name], speed, samples, random)
    if subject.name in OTHERS:
        return OTHERS[subject.name]
    if subject.name in PITCHES:
        return lambda samples, random: _mono(buzz(samples, random, PITCHES[subject.name]))
    if subject.medium == "water" and action is Action.SAIL:
        return wash
    if subject.medium == "air" and subject.kind in ("birds", "fantasy"):
        return lambda samples, random: wings(samples, random, subject)
    return None


def _mono(line: Line) -> Track:
    return np.repeat(line[:, None], 2, axis=1)


def _motor(row: Motor, speed: float, samples: int, random: Random) -> Track:
    firing = (row.idle + row.per_speed * speed) * (0.97 + 0.06 * drift(samples, 1.4, random))
    track = 0.5 * motor(samples, random, firing, dull=row.dull, rattle=row.rattle)
    return track + np.float32(row.road) * noise(samples, 120, 900 + 90 * speed, 1.0, random)


def wash(samples: int, random: Random) -> Track:
    """Water along a hull, and the swell that lifts it."""
    swell = (0.45 + 0.55 * drift(samples, 0.9, random))[:, None]
    return swell * noise(samples, 280, 2600, 0.8, random)


def rotor(samples: int, random: Random) -> Track:
    """A helicopter: blades that slap 11 times a second, and the turbine."""
    time = np.arange(samples, dtype=np.float32) / RATE
    slap = np.maximum(0, np.sin(2 * np.pi * 11 * time)) ** 5
    whine = np.sin(swept(1900 + 30 * drift(samples, 1.0, random))) * np.float32(0.05)
    return np.asarray((0.2 + 1.6 * slap)[:, None] * noise(samples, 50, 700, 1.0, random) + whine[:, None], np.float32)


def thrust(samples: int, random: Random) -> Track:
    """A rocket."""
    flutter = (0.7 + 0.3 * drift(samples, 0.08, random))[:, None]
    return flutter * noise(samples, 30, 900, 1.0, random) + 0.2 * flutter * noise(samples, 900, 6000, 1.0, random)


def saucer(samples: int, random: Random) -> Track:
    """What no one has heard: two tones that circle one another."""
    wander = 1 + 0.12 * (drift(samples, 1.2, random) - 0.5)
    time = np.arange(samples, dtype=np.float32) / RATE
    bent = 1 + 0.02 * np.sin(2 * np.pi * 5.5 * time)
    left, right = (np.sin(swept(hertz * wander * bent)) for hertz in (330.0, 415.0))
    return np.stack((left + 0.3 * right, right + 0.3 * left), axis=1).astype(np.float32)


def spokes(samples: int, random: Random) -> Track:
    """A bicycle: its tyres, and the freewheel's ticking."""
    track = 0.35 * noise(samples, 300, 2600, 0.8, random)
    tick = struck(((3100, 0.5, 0.003), (5200, 0.3, 0.002)), 0.02)
    for second in np.arange(0, samples / RATE, 0.055):
        put(track, tick * np.float32(random.uniform(0.4, 0.9)), float(second), 0.5)
    return track


def runners(samples: int, random: Random) -> Track:
    """Skis over snow."""
    return (0.5 + 0.5 * drift(samples, 0.7, random))[:, None] * noise(samples, 900, 6500, 0.6, random)


def casters(samples: int, random: Random) -> Track:
    return (0.7 + 0.3 * drift(samples, 0.2, random))[:, None] * noise(samples, 150, 1300, 0.8, random) * np.float32(0.6)


def oars(samples: int, random: Random) -> Track:
    """A stroke every 2.4 seconds: in, through, and the drops."""
    track = 0.35 * wash(samples, random)
    for second in np.arange(0.3, samples / RATE, 2.4):
        stroke = burst(1.0, 350, 3800, 0.18, 0.22, random)
        put(track, stroke * np.float32(1.4), float(second), 0.4)
        put(track, stroke * np.float32(1.2), float(second) + 0.02, 0.6)
    return track


def wings(samples: int, random: Random, subject: Subject) -> Track:
    """A beat a loop; the larger, the deeper and the slower to open."""
    track = np.zeros((samples, 2), np.float32)
    low = 420 / max(0.25, subject.height) ** 0.7
    beats = [burst(0.3, low, low * 7, 0.05 + 0.02 * subject.height, 0.06, random) for _ in range(4)]
    for number, second in enumerate(np.arange(0.1, samples / RATE, max(0.18, subject.loop))):
        put(track, beats[number % 4] * np.float32(random.uniform(1.1, 1.5)), float(second), 0.5)
    return track


OTHERS: dict[str, Voice] = {
    **dict.fromkeys(("cyclist", "cycling-woman", "bicycle"), spokes),
    **dict.fromkeys(("skier", "sled"), runners),
    **dict.fromkeys(("wheelchair-man", "wheelchair-woman", "kick-scooter", "trolleybus"), casters),
    **dict.fromkeys(("rower", "rowing-woman", "canoe"), oars),
    **dict.fromkeys(("train", "cable-car"), clatter),
    **dict.fromkeys(("parachutist", "kite"), runners),
    **{"helicopter": rotor, "rocket": thrust, "ufo": saucer},
}
