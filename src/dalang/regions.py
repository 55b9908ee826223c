"""Regions as they act: which one a host name means, and which models a key may use in its own.

Model, endpoint and key must be of one region (the guide's "Call" section). `local` is ours and offers every model.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from dalang.errors import AccessDenied, ConfigError, InvalidParameter
from dalang.models import REGIONS, ModelSpec
from dalang.store import Key

LOCAL = "local"

CITIES = {
    "cn-beijing": "Beijing",
    "ap-southeast-1": "Singapore",
    "us-east-1": "Virginia",
    "eu-central-1": "Frankfurt",
}

Hosts = tuple[tuple[str, str], ...]
"""Host name patterns and the region each means, in the order of the setting `hosts`."""


def check_hosts(hosts: Mapping[str, str]) -> None:
    """Raises ConfigError for a setting `hosts` that leads to no region."""
    for pattern, region in hosts.items():
        if region not in REGIONS:
            raise ConfigError(f"Setting hosts: {pattern!r} leads to {region!r}; regions are {', '.join(REGIONS)}.")


@lru_cache(maxsize=256)
def region_of(host: str, hosts: Hosts) -> str | None:
    """The region of the first pattern that `host` (a port may follow) matches; None where it says nothing of one."""
    name = host.partition(":")[0].rstrip(".").lower()
    region = next((region for pattern, region in hosts if fnmatchcase(name, pattern.lower())), None)
    return None if region == LOCAL else region


def check_model(key: Key, spec: ModelSpec) -> None:
    """Raises InvalidParameter where the key's region does not offer the model, and AccessDenied (Model.AccessDenied)
    where the key is for other models."""
    check_offered(key.region, spec)
    if key.models and not any(fnmatchcase(spec.name, pattern) for pattern in key.models):
        raise AccessDenied(
            f"Model access denied. This key may use {', '.join(key.models)}, not {spec.name}.",
            code="Model.AccessDenied",
        ).at("model")


def check_offered(region: str, spec: ModelSpec) -> None:
    """Raises InvalidParameter where `region` does not offer the model."""
    if region not in (LOCAL, *spec.regions):
        offered = " and ".join(map(called, spec.regions))
        raise InvalidParameter(
            f"Model not exist. {spec.name} is not offered in {called(region)}, but in {offered}: "
            "use a key and an endpoint of that region."
        ).at("model")


def called(region: str) -> str:
    """`cn-beijing (Beijing)`"""
    return f"{region} ({CITIES[region]})" if region in CITIES else region
