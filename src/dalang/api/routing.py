"""What draws the video of a create call: as the config's routes say, and what the caller asks for."""

from __future__ import annotations

from dalang.config import Config
from dalang.errors import InvalidParameter
from dalang.models import MODELS, ModelSpec
from dalang.routes import GPU, Route, choose, routes_of
from dalang.task import Task
from dalang.weights.checkpoint import find_checkpoint
from dalang.weights.profile import profile_names


def ways_of(config: Config, spec: ModelSpec) -> list[Route]:
    """All that may draw the model's videos: the first is what does where nothing is asked for."""
    return [way for way in routes_of(spec.name, config.routes, config.engine) if _is_fit(config, way, spec)]


def _is_fit(config: Config, way: Route, spec: ModelSpec) -> bool:
    """Weights are for some kinds of request only; a route for all models may name them."""
    if way.checkpoint is None or way.pool(config.remotes) != GPU:
        return True
    return spec.kind in find_checkpoint(way.checkpoint, config.checkpoints).kinds


def profiles_of(config: Config, spec: ModelSpec) -> tuple[str, ...]:
    """All by which the model's videos may be drawn."""
    has_weights = any(way.pool(config.remotes) == GPU for way in ways_of(config, spec))
    return profile_names(config.profiles) if has_weights else ()


def route_of(config: Config, model: str, engine: str | None, profile: str | None) -> Route:
    """Raises InvalidParameter for an engine that this model is not drawn by, and for a profile that is not."""
    if profile and profile not in (known := profile_names(config.profiles)):
        raise InvalidParameter(f"X-Dalang-Profile: there is no {profile!r}; take {', '.join(known)}.")
    return choose(ways_of(config, MODELS[model]), engine, profile, config.remotes)


def route_again(config: Config, old: Task, engine: str | None, profile: str | None) -> Route:
    """For a task like `old`: the same, as far as the config still has it, but for what the caller asks. Raises
    InvalidParameter, as `route_of`."""
    same = next((way for way in ways_of(config, MODELS[old.model]) if way.engine == old.engine), None)
    if engine not in (None, old.engine) or same is None:
        return route_of(config, old.model, engine, profile)
    if profile is None and same.pool(config.remotes) == GPU and old.profile in profile_names(config.profiles):
        profile = old.profile
    return route_of(config, old.model, old.engine, profile)
