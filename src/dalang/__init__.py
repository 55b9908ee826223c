"""Dalang: the Wan video API on your own machines."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dalang import errors as errors
    from dalang.api.app import create_app as create_app
    from dalang.client import Client as Client

__all__ = ["Client", "create_app", "errors"]

PUBLIC = {"Client": "dalang.client", "create_app": "dalang.api.app"}


def __getattr__(name: str) -> Any:
    """The public names load when they are first used: a worker needs no HTTP client, a client no server."""
    if name in PUBLIC:
        return getattr(import_module(PUBLIC[name]), name)
    if name == "errors":
        return import_module("dalang.errors")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
