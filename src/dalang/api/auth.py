"""The bearer key → account, workspace, region."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from dalang.errors import AccessDenied, InvalidApiKey, NotFound
from dalang.regions import LOCAL, Hosts, called, region_of
from dalang.store import Key, Store


def caller(store: Store, hosts: Hosts, headers: Mapping[str, str], host: str, home: str = LOCAL) -> Key:
    """Who calls under the name `host`, in the region where the call acts: of a key that belongs to none, under a name
    that says nothing of one, that is `home`. Raises InvalidApiKey, AccessDenied
    (Workspace.AccessDenied) and NotFound (WorkSpaceNotFound), with the service's sentences."""
    key = bearer_key(store, headers.get("authorization"))
    region = region_of(host, hosts)
    if region is None and key.region == LOCAL:
        region = home
    if region is not None and region != key.region:
        key = _move(key, region, hosts)
    workspace = headers.get("x-dashscope-workspace")
    if workspace and workspace != key.workspace:
        raise _wrong_workspace(store, key, workspace)
    return key


def bearer_key(store: Store, authorization: str | None) -> Key:
    """Raises InvalidApiKey with the service's sentences."""
    scheme, _, secret = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise InvalidApiKey("No API-key provided.")
    key = store.find_key(secret.strip())
    if key is None:
        raise InvalidApiKey("Invalid API-key provided.")
    return key


def _move(key: Key, region: str, hosts: Hosts) -> Key:
    """A key of no region of the cloud acts wherever it is used; any other at home only. Raises InvalidApiKey."""
    if key.region == LOCAL:
        return msgspec.structs.replace(key, region=region)
    names = [pattern for pattern, its in hosts if its == key.region]
    place = f", reached at {' or '.join(names)}" if names else ""
    raise InvalidApiKey(
        f"Invalid API-key provided. It belongs to region {called(key.region)}{place}; this host is {called(region)}."
    )


def _wrong_workspace(store: Store, key: Key, workspace: str) -> AccessDenied | NotFound:
    if store.has_workspace(key.account, workspace):
        return AccessDenied(
            f"Workspace access denied. This key belongs to workspace {key.workspace}.", code="Workspace.AccessDenied"
        )
    return NotFound(
        f"WorkSpace can not be found. This key belongs to workspace {key.workspace}; X-DashScope-WorkSpace may be "
        "left out.",
        code="WorkSpaceNotFound",
    )
