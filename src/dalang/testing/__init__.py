"""Dalang in the place of the cloud in your tests: a real server, started in a moment, that does whatever a test wants.

    with dalang.testing.server() as server:
        server.refuse("Throttling", retry_after=1, times=1)
        app.make_video(server.base_url, server.api_key)
        server.assert_created(model="wan2.6-t2v", prompt=contains("fox"))

pytest finds the fixture `dalang_server` by itself. docs/testing.md tells all.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dalang.launch import StartFailed as StartFailed
    from dalang.testbed.call import Call as Call
    from dalang.testbed.transition import Stage as Stage
    from dalang.testing.errors import ControlRefused as ControlRefused
    from dalang.testing.errors import ServerGone as ServerGone
    from dalang.testing.fault import Fault as Fault
    from dalang.testing.matcher import anything as anything
    from dalang.testing.matcher import between as between
    from dalang.testing.matcher import contains as contains
    from dalang.testing.matcher import matches as matches
    from dalang.testing.matcher import one_of as one_of
    from dalang.testing.stage import at_once as at_once
    from dalang.testing.stage import by_hand as by_hand
    from dalang.testing.stage import polls as polls
    from dalang.testing.stage import seconds as seconds
    from dalang.testing.stand_in import Server as Server
    from dalang.testing.start import server as server

PLACES = {
    "dalang.launch": ("StartFailed",),
    "dalang.testbed.call": ("Call",),
    "dalang.testbed.transition": ("Stage",),
    "dalang.testing.errors": ("ControlRefused", "ServerGone"),
    "dalang.testing.fault": ("Fault",),
    "dalang.testing.matcher": ("anything", "between", "contains", "matches", "one_of"),
    "dalang.testing.stage": ("at_once", "by_hand", "polls", "seconds"),
    "dalang.testing.stand_in": ("Server",),
    "dalang.testing.start": ("server",),
}
PUBLIC = {name: place for place, names in PLACES.items() for name in names}

__all__ = [*PUBLIC]


def __getattr__(name: str) -> Any:
    """The public names load when they are first used: pytest loads the plugin, and so this, in every project."""
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(PUBLIC[name]), name)
