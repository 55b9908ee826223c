"""What draws the video of a create call: as the config's routes say, and what the caller asks for."""

from __future__ import annotations

from dalang.config import Config
from dalang.errors import InvalidParameter
from dalang.routes import Route, choose, routes_of
from dalang.weights.profile import profile_names


def route_of(config: Config, model: str, engine: str | None, profile: str | None) -> Route:
    """Raises InvalidParameter for an engine that this model is not drawn by, and for a profile that is not."""
    if profile and profile not in (known := profile_names(config.profiles)):
        raise InvalidParameter(f"X-Dalang-Profile: there is no {profile!r}; take {', '.join(known)}.")
    return choose(routes_of(model, config.routes, config.engine), engine, profile)
