"""The plan of a clip: what stands before the camera, where, when, and how the camera moves. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Place(StrEnum):
    MEADOW = "meadow"
    SEA = "sea"
    SNOW = "snow"
    DESERT = "desert"
    STREET = "street"


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


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt's plan."""

    shots: tuple[Shot, ...]
    warnings: tuple[str, ...] = ()
    """Sentences for the caller: what was asked for and is not shown."""
