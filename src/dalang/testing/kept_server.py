"""A server that a test session keeps: started when it is first asked for, and replaced once it is no use any more."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dalang.launch import Setting
from dalang.testing.errors import ServerGone
from dalang.testing.start import server

if TYPE_CHECKING:
    from dalang.testing.stand_in import Server


class KeptServer:
    """The one that takes the place of another listens on the same port. Raises `StartFailed`."""

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        self._settings: dict[str, Any] = dict(settings)
        self._stack = ExitStack()
        self._server: Server | None = None

    @property
    def server(self) -> Server:
        """As it stands."""
        if self._server is None:
            self._server = self._stack.enter_context(server(**self._settings))
            self._settings["port"] = urlsplit(self._server.url).port
        return self._server

    def fresh(self) -> Server:
        """As new; another one if it has died or hangs."""
        if self._server is not None:
            try:
                self._server.reset()
            except ServerGone:
                self.close()
        return self.server

    def close(self) -> None:
        self._stack.close()
        self._server = None
