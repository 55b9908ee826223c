"""`dalang models`: the catalogue of this version."""

from __future__ import annotations

import argparse

from dalang.cli.table import table
from dalang.models import CATALOGUE, ModelSpec


def parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="dalang models", description="List the models that this version serves, with what they can be asked for."
    )


def run(_: argparse.Namespace) -> int:
    rows = [row(spec) for spec in CATALOGUE]
    print(table(("model", "from", "resolution (* default)", "seconds", "sound"), rows))
    return 0


def row(spec: ModelSpec) -> tuple[str, ...]:
    return spec.name, SOURCE[spec.kind], resolutions(spec), seconds(spec.durations), SOUND[spec.sound]


SOURCE = {"t2v": "text", "i2v": "picture", "kf2v": "one or two pictures"}
SOUND = {"auto": "yes", "optional": "yes, or none", "silent": "none"}


def resolutions(spec: ModelSpec) -> str:
    """The tiers; the default has a star."""
    return " ".join(f"{tier}*" if tier == spec.default_tier else tier for tier in spec.tiers)


def seconds(durations: tuple[int, ...]) -> str:
    """`2-15` for a run of whole seconds, `5, 10` for single ones."""
    first, last = durations[0], durations[-1]
    if len(durations) > 2 and last - first == len(durations) - 1:
        return f"{first}-{last}"
    return ", ".join(map(str, durations))
