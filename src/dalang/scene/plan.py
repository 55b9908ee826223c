"""The plan of a clip: what stands before the camera, where, when, and how the camera moves. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Place(StrEnum):
    """Sets; prompts lead only to those that `engines.animatic.sets` has."""

    MEADOW = "meadow"
    FOREST = "forest"
    MOUNTAIN = "mountain"
    DESERT = "desert"
    SNOW = "snow"
    BEACH = "beach"
    SEA = "sea"
    UNDERWATER = "underwater"
    RIVER = "river"
    STREET = "street"
    ALLEY = "alley"
    LIVING_ROOM = "living room"
    OFFICE = "office"
    KITCHEN = "kitchen"
    CLASSROOM = "classroom"
    STAGE = "stage"
    STADIUM = "stadium"
    SKY = "sky"
    SPACE = "space"
    CASTLE = "castle"


SHELTERED = frozenset(
    {Place.UNDERWATER, Place.SPACE, Place.STAGE, Place.LIVING_ROOM, Place.OFFICE, Place.KITCHEN, Place.CLASSROOM}
)
"""Where no rain or snow falls before the camera."""
FLOATING = frozenset({Place.UNDERWATER, Place.SKY, Place.SPACE})
"""Where a subject hangs free over whatever ground there is."""


class Time(StrEnum):
    DAWN = "dawn"
    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    CLEAR = "clear"
    RAIN = "rain"
    SNOW = "snow"


class Camera(StrEnum):
    STATIC = "static"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    DOLLY_IN = "dolly_in"
    DOLLY_OUT = "dolly_out"


class Action(StrEnum):
    STAND = "stand"
    WALK = "walk"
    RUN = "run"
    FLY = "fly"
    SWIM = "swim"
    SAIL = "sail"
    DRIVE = "drive"


class View(StrEnum):
    """How much of the place a shot shows about its subject."""

    WIDE = "wide"
    MEDIUM = "medium"
    CLOSE = "close"


class Thing(StrEnum):
    """What a set paints, or lets hear, of its own accord, and can leave out."""

    FLOWERS = "flowers"
    TREES = "trees"
    BUSHES = "bushes"
    GRASS = "grass"
    CACTI = "cacti"
    ROCKS = "rocks"
    MOUNTAINS = "mountains"
    HILLS = "hills"
    SNOW = "snow"
    CLOUDS = "clouds"
    FOG = "fog"
    SUN = "sun"
    MOON = "moon"
    STARS = "stars"
    BUILDINGS = "buildings"
    LAMPS = "lamps"
    LIGHTS = "lights"
    TRAFFIC = "traffic"
    BIRDS = "birds"
    INSECTS = "insects"


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """One continuous camera take."""

    place: Place
    time: Time
    weather: Weather
    camera: Camera
    subject: str | None
    """A name in `scene.subjects.SUBJECTS`, or None: the set alone."""
    action: Action
    duration: float
    """Seconds."""
    view: View = View.MEDIUM
    without: frozenset[Thing] = frozenset()
    """What its set leaves out."""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt's plan."""

    shots: tuple[Shot, ...]
    warnings: tuple[str, ...] = ()
    """Sentences for the caller: what was asked for and is not shown."""
