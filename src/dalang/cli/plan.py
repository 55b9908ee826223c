"""`dalang plan`: what the animatic engine makes of a prompt, without drawing it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import msgspec

from dalang.scene.heard import Line, Music, Tone
from dalang.scene.parse import parse
from dalang.scene.performer import Performer
from dalang.scene.plan import Angle, Scene, Shot, View, Weather

LONGEST = 60.0
"""Seconds."""


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dalang plan",
        description="Print the plan that the animatic engine draws for a prompt in English, Chinese or Indonesian: its "
        "shots, who is in them and what is heard, and what of the prompt is not shown.",
    )
    parser.add_argument("prompt", metavar="PROMPT")
    parser.add_argument("--duration", type=seconds, default=5.0, metavar="S", help="seconds (default 5)")
    parser.add_argument("--negative", default="", metavar="TEXT", help="the negative prompt")
    parser.add_argument("--shots", choices=("single", "multi"), help="shot_type; as many as the prompt lists otherwise")
    parser.add_argument("--json", action="store_true", help="print one object")
    return parser


def seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and up to {LONGEST:g}")
    return value


def run(arguments: argparse.Namespace) -> int:
    scene = parse(arguments.prompt, arguments.duration, negative=arguments.negative, shots=arguments.shots)
    print(as_json(scene) if arguments.json else "\n".join(lines(scene)))
    return 0


def as_json(scene: Scene) -> str:
    return msgspec.json.format(msgspec.json.encode(scene, order="deterministic")).decode()


def lines(scene: Scene) -> Iterator[str]:
    """A block a shot, then the warnings."""
    ends = 0.0
    for number, shot in enumerate(scene.shots, start=1):
        starts, ends = ends, ends + shot.duration
        yield f"shot {number}, {starts:.4g}-{ends:.4g} s"
        yield from (f"  {name:<9}{text}" for name, text in told(shot) if text)
    yield from (f"warning: {warning}" for warning in scene.warnings)


def told(shot: Shot) -> Iterator[tuple[str, str]]:
    """(what of a shot, how it is said); empty where it is what any shot has."""
    yield "scene", scene_of(shot)
    yield "camera", camera(shot)
    yield from (("cast", performer(one, shot)) for one in shot.cast)
    yield from (("says", said(line, shot)) for line in shot.dialogue)
    yield "music", music(shot.music, shot)
    yield "sounds", ", ".join(sound.replace("-", " ") for sound in shot.sounds)
    yield "effects", ", ".join(sorted(shot.effects))
    yield "without", ", ".join(sorted(shot.without))


def scene_of(shot: Shot) -> str:
    weather = None if shot.weather is Weather.CLEAR else shot.weather
    light = f"{shot.light} light" if shot.light else None
    return " · ".join(filter(None, (shot.place, shot.time, weather, shot.season, shot.mood, light, shot.style)))


def camera(shot: Shot) -> str:
    view = None if shot.view is View.MEDIUM else shot.view
    angle = None if shot.angle is Angle.EYE else f"{shot.angle} angle"
    return ", ".join(filter(None, (shot.camera.replace("_", " "), view, angle)))


def performer(one: Performer, shot: Shot) -> str:
    """As "3 small red fox; chase the dog left; run; wears black hat"."""
    count = str(one.count) if one.count > 1 else None
    who = " ".join(filter(None, (count, one.size, one.age, one.colour, one.subject)))
    verb = one.verb or one.action.value
    bond = f"{one.bond.relation} the {shot.cast[one.bond.partner].subject}" if one.bond else verb
    does = " ".join(filter(None, (bond, one.direction)))
    worn = ", ".join(" ".join(filter(None, (garment.colour, garment.name))) for garment in one.wears)
    also = verb if one.bond and verb != one.bond.relation else None
    return "; ".join(filter(None, (who, does, also, f"wears {worn}" if worn else None)))


def said(line: Line, shot: Shot) -> str:
    who = "somebody" if line.speaker is None else shot.cast[line.speaker].subject
    tone = "" if line.tone is Tone.PLAIN else f", {line.tone}"
    return f"{who}{tone} ({line.language}): {line.says}"


def music(played: Music | None, shot: Shot) -> str:
    if played is None:
        return ""
    named = " ".join(filter(None, (played.tempo, played.genre, played.instrument)))
    return named.replace("-", " ") or f"as the mood has it: {shot.mood}"
