"""Which engine draws a model's videos, with which weights and how; nothing here knows an engine."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from fnmatch import fnmatchcase

import msgspec

from dalang.errors import InvalidParameter

LOCAL, GPU = "local", "gpu"
"""The pools whose slots are on this machine: for engines that any processor can run, and for those with weights. Every
remote has a pool of its name."""

DRAFTS = ("animatic", "slate")
"""Engines that a request may ask for whatever the routes say."""

PROFILE = "balanced"
"""How weights are run where nothing is said."""


class Route(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a model leads."""

    engine: str
    """A name of `engines.ENGINES`, `module:Class`, or the name of a remote."""
    checkpoint: str | None = None
    """The weights, for an engine that has some; of a remote the model's name there, where it is another."""
    profile: str | None = None
    """How the weights are run; PROFILE where a checkpoint is given and nothing else said."""

    def pool(self, remotes: Container[str]) -> str:
        """Whose slots its tasks wait for."""
        if self.engine in remotes:
            return self.engine
        return GPU if self.checkpoint else LOCAL


Routes = Mapping[str, Route]
"""By pattern of model names (`*`, `?`, `[…]`); the first that matches counts."""


def routes_of(model: str, routes: Routes, default: str) -> list[Route]:
    """All that the model may take: the first is the one it takes where nothing is asked for."""
    found = [route for pattern, route in routes.items() if fnmatchcase(model, pattern)]
    return [*found, Route(default), *(Route(draft) for draft in DRAFTS)]


def choose(ways: Sequence[Route], engine: str | None, profile: str | None, remotes: Container[str] = ()) -> Route:
    """The first of `ways` with `engine`, if one is asked for, and with `profile` in place of its own.

    Raises InvalidParameter for an engine that is none of them and for a profile of an engine without weights.
    """
    found = next((way for way in ways if engine in (None, way.engine)), None)
    if found is None:
        offered = ", ".join(dict.fromkeys(way.engine for way in ways))
        raise InvalidParameter(f"X-Dalang-Engine: this model is drawn by {offered}, not by {engine!r}.")
    if found.pool(remotes) == GPU:
        return msgspec.structs.replace(found, profile=profile or found.profile or PROFILE)
    if profile:
        raise InvalidParameter(f"X-Dalang-Profile: the engine {found.engine} has no profiles.")
    return found
