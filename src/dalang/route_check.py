"""The routes, held against models, engines, weights and remotes before the start: an operator hears of a mistake then,
not somebody whose video fails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from dalang.config import Config
from dalang.engines import ENGINES, EXTRAS, check_engine, is_engine
from dalang.errors import ConfigError, InternalError
from dalang.models import MODELS
from dalang.routes import DRAFTS, GPU, LOCAL, PROFILE, Route
from dalang.weights.checkpoint import find_checkpoint
from dalang.weights.library import Library
from dalang.weights.profile import profile_names

REMOTE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def check_routes(config: Config) -> list[str]:
    """What may be meant so, and seldom is: sentences for the log. Raises ConfigError for what cannot be."""
    check_engine(config.engine)
    if config.engine in EXTRAS:
        raise ConfigError(f"Setting engine: {config.engine} needs weights, which only a route can name; see routes.")
    _check_remotes(config)
    for pattern, route in config.routes.items():
        _check_route(config, pattern, route)
    library = Library(config.weights_folder, config.profiles, config.loras, config.checkpoints)
    library.check(route.checkpoint for route in with_weights(config).values() if route.checkpoint)
    for pattern, models in first_matches(config.routes).items():
        _check_kinds(config, pattern, models)
    return [*_unreached(config), *_unused(config), *_missing(config, library)]


def with_weights(config: Config) -> dict[str, Route]:
    """The routes whose tasks wait for the slots of GPUs."""
    return {pattern: route for pattern, route in config.routes.items() if route.pool(config.remotes) == GPU}


def first_matches(routes: Mapping[str, Route]) -> dict[str, list[str]]:
    """The models that each pattern takes before any other does."""
    found: dict[str, list[str]] = {pattern: [] for pattern in routes}
    for model in MODELS:
        if first := next((pattern for pattern in routes if fnmatchcase(model, pattern)), None):
            found[first].append(model)
    return found


def _check_remotes(config: Config) -> None:
    for name in config.remotes:
        if name in ENGINES or name in (LOCAL, GPU):
            raise ConfigError(f"Remote {name}: the name is taken by one of ours; give it another, such as cloud.")
        if not REMOTE_NAME.match(name):
            raise ConfigError(f"Remote {name!r}: take letters, digits, dots, dashes and underscores.")


def _check_route(config: Config, pattern: str, route: Route) -> None:
    """Raises ConfigError."""
    if not any(fnmatchcase(model, pattern) for model in MODELS):
        raise ConfigError(f"Route {pattern}: no model has such a name; `dalang models` lists them.")
    if route.engine in config.remotes:
        _check_far(config, pattern, route)
    else:
        _check_near(config, pattern, route)


def _check_far(config: Config, pattern: str, route: Route) -> None:
    if route.profile and not config.remotes[route.engine].dalang:
        raise ConfigError(f"Route {pattern}: the remote {route.engine} has no profiles; leave `profile` out.")


def _check_near(config: Config, pattern: str, route: Route) -> None:
    if not is_engine(route.engine):
        known = ", ".join((*ENGINES, *config.remotes))
        raise ConfigError(
            f"Route {pattern}: there is no engine or remote {route.engine!r}; take {known}, or write module:Class."
        )
    check_engine(route.engine)
    if route.engine in DRAFTS and route.checkpoint:
        raise ConfigError(f"Route {pattern}: the engine {route.engine} has no weights; leave `checkpoint` out.")
    if route.engine in EXTRAS and not route.checkpoint:
        raise ConfigError(f"Route {pattern}: the engine {route.engine} needs weights; name a `checkpoint`.")
    if route.profile and not route.checkpoint:
        raise ConfigError(f"Route {pattern}: only weights have profiles; name a `checkpoint`, or leave `profile` out.")
    if route.profile and route.profile not in (names := profile_names(config.profiles)):
        raise ConfigError(f"Route {pattern}: there is no profile {route.profile!r}; take {', '.join(names)}.")


def _check_kinds(config: Config, pattern: str, models: list[str]) -> None:
    """Raises ConfigError where weights are to make what they cannot."""
    route = with_weights(config).get(pattern)
    if not (route and route.checkpoint):
        return
    kinds = find_checkpoint(route.checkpoint, config.checkpoints).kinds
    if others := [model for model in models if MODELS[model].kind not in kinds]:
        raise ConfigError(
            f"Route {pattern}: {route.checkpoint} makes {' and '.join(kinds)} only, and the pattern also takes "
            f"{', '.join(others)}; narrow it, or put a route for these before it."
        )


def _unreached(config: Config) -> Iterator[str]:
    for pattern, models in first_matches(config.routes).items():
        if not models:
            yield f"Route {pattern}: routes before it take all its models; only X-Dalang-Engine may lead there."


def _unused(config: Config) -> Iterator[str]:
    used = {route.engine for route in config.routes.values()}
    yield from (f"Remote {name}: no route leads there." for name in config.remotes if name not in used)


def _missing(config: Config, library: Library) -> Iterator[str]:
    """A pull may still be under way."""
    for pattern, route in with_weights(config).items():
        assert route.checkpoint
        try:
            library.setup(route.checkpoint, route.profile or PROFILE)
        except InternalError as error:
            yield f"Route {pattern}: {error}"
