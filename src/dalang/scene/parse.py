"""A prompt's plan, from its English words."""

from __future__ import annotations

from dalang.scene.plan import Action, Camera, Place, Scene, Shot, Time, Weather


def parse(prompt: str, duration: float) -> Scene:
    """The plan of a clip of `duration` seconds."""
    shot = Shot(
        place=Place.MEADOW,
        time=Time.DAY,
        weather=Weather.CLEAR,
        camera=Camera.DOLLY_IN,
        subject=None,
        action=Action.STAND,
        duration=duration,
    )
    return Scene(shots=(shot,))
