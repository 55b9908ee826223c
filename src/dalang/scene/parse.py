"""A prompt's plan: its shots, from its words and what it must do without."""

from __future__ import annotations

import msgspec

from dalang.scene.cuts import Named, cover, cut, headed, varied
from dalang.scene.listing import Part, listed, unfollowed, unlisted
from dalang.scene.performer import Action, Performer
from dalang.scene.plan import Place, Scene, Shot
from dalang.scene.subjects import SUBJECTS
from dalang.scene.take import Take, sounding, take
from dalang.scene.unwanted import Unwanted, unwanted
from dalang.task import Shots

GROUNDED = frozenset(
    {Action.WALK, Action.RUN, Action.CRAWL, Action.CLIMB, Action.JUMP, Action.DANCE, Action.DRIVE, Action.RIDE}
)
"""What nobody does in the air."""


def parse(prompt: str, duration: float, *, negative: str = "", shots: Shots | None = None) -> Scene:
    """The plan of a clip of `duration` seconds. Words that mean nothing here are passed over.

    What `negative` names is in no shot, whatever the prompt says. `shots` "multi" gives at least two, "single" one;
    None as many as the prompt lists.
    """
    without = unwanted(negative)
    preamble, parts = listed(prompt, duration)
    if shots == "single" or not parts:
        whole = take(unlisted(prompt), duration, without)
        if shots == "multi":
            return _scene(cut(whole.shot, _named(whole), unwanted=without.cameras), (whole,))
        return _scene((whole.shot,), (whole,))
    told = _storyboard(preamble, parts, without)
    return msgspec.structs.replace(told, warnings=(*told.warnings, *unfollowed(prompt, duration)))


def _scene(shots: tuple[Shot, ...], takes: tuple[Take, ...]) -> Scene:
    told = [warning for each in takes for warning in (*each.missing, *each.warnings)]
    return Scene(shots=headed(shots) if len(shots) > 1 else shots, warnings=tuple(dict.fromkeys(told)))


def _storyboard(preamble: str, parts: tuple[Part, ...], without: Unwanted) -> Scene:
    """One shot a part; what a part leaves open goes on as it was, what the preamble says holds in all."""
    whole = msgspec.structs.replace(take(preamble, parts[0].seconds, without), missing=())
    takes = [whole]
    seen: tuple[Performer, ...] = whole.shot.cast
    for number, part in enumerate(parts):
        own = _within(whole, take(part.text, part.seconds, without, seen), is_first=not number)
        going = _continued(own, takes, is_first=not number)
        shot = cover(going.shot, number, _named(own), unwanted=without.cameras)
        takes.append(msgspec.structs.replace(going, shot=shot))
        seen = _seen(shot.cast, seen)
    return _scene(varied([each.shot for each in takes[1:]], [_named(each) for each in takes[1:]]), tuple(takes))


def _seen(cast: tuple[Performer, ...], before: tuple[Performer, ...]) -> tuple[Performer, ...]:
    """All who have been shown, those of the last shot first, each as it was shown last."""
    names = {performer.subject for performer in cast}
    return (*cast, *(performer for performer in before if performer.subject not in names))


def _named(own: Take) -> Named:
    return Named(own.view, own.camera, own.angle)


def _within(whole: Take, own: Take, *, is_first: bool) -> Take:
    """`own` with what the preamble, `whole`, says of every shot; the first one has its lines too."""
    shot = msgspec.structs.replace(
        own.shot,
        camera=own.camera or whole.camera or own.shot.camera,
        view=own.view or whole.view or own.shot.view,
        angle=own.angle or whole.angle or own.shot.angle,
        light=own.shot.light or whole.shot.light,
        effects=own.shot.effects | whole.shot.effects,
        sounds=tuple(dict.fromkeys((*own.shot.sounds, *whole.shot.sounds))),
    )
    return msgspec.structs.replace(
        own,
        shot=shot,
        camera=own.camera or whole.camera,
        view=own.view or whole.view,
        angle=own.angle or whole.angle,
        quotes=(*whole.quotes, *own.quotes) if is_first else own.quotes,
    )


def _continued(own: Take, takes: list[Take], *, is_first: bool) -> Take:
    """`own` after `takes`: in the same place at the same time unless it names others, and of whom "it" means."""
    before = takes[-1]
    place, time, weather = own.place or _stayed(own, takes), own.time or before.time, own.weather or before.weather
    same = own.shot.subject is None and before.shot.subject and (own.refers or not (own.place or own.missing))
    is_elsewhere = (place, time) != (before.place, before.time) and not is_first
    shot = msgspec.structs.replace(
        own.shot,
        place=place or (before if same else own).shot.place,
        time=time or own.shot.time,
        weather=weather or own.shot.weather,
        cast=(before if same else own).shot.cast,
        season=own.shot.season or before.shot.season,
        mood=own.mood or before.mood or own.shot.mood or before.shot.mood,
        light=own.shot.light or (None if is_elsewhere else before.shot.light),
        style=own.shot.style or before.shot.style,
    )
    going = msgspec.structs.replace(
        own,
        shot=shot,
        place=place,
        time=time,
        weather=weather,
        missing=() if same else own.missing,
        mood=own.mood or before.mood,
        music=own.music or before.music,
        is_silent=own.is_silent or (before.is_silent and own.music is None),
    )
    return sounding(going)


def _stayed(own: Take, takes: list[Take]) -> Place | None:
    """The place of the take before; for those who go on the ground, the last one that is not the sky."""
    needs_ground = own.shot.action in GROUNDED and all(SUBJECTS[one.subject].medium != "air" for one in own.shot.cast)
    return next((each.place for each in reversed(takes) if not (needs_ground and each.place is Place.SKY)), None)
