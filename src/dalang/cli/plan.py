"""`dalang plan`: what the animatic engine makes of a prompt, without drawing it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import msgspec

from dalang.cli.table import table
from dalang.scene.parse import parse
from dalang.scene.plan import Scene, Shot

LONGEST = 60.0
"""Seconds."""


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dalang plan",
        description="Print the plan that the animatic engine draws for a prompt in English, Chinese or Indonesian: its "
        "shots, and what of the prompt is not shown.",
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


COLUMNS = ("seconds", "place", "time", "weather", "camera", "view", "subject", "action", "without")


def lines(scene: Scene) -> Iterator[str]:
    ends = 0.0
    rows = []
    for shot in scene.shots:
        starts, ends = ends, ends + shot.duration
        rows.append((f"{starts:g}-{ends:g}", *row(shot)))
    yield table(COLUMNS, rows)
    yield from (f"warning: {warning}" for warning in scene.warnings)


def row(shot: Shot) -> tuple[str, ...]:
    without = ", ".join(sorted(shot.without)) or "-"
    camera = shot.camera.replace("_", " ")
    action = shot.action if shot.cast else "-"
    return shot.place, shot.time, shot.weather, camera, shot.view, shot.subject or "-", action, without
