"""The servers of a whole test session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from dalang.launch import Setting, toml
from dalang.testing.kept_server import KeptServer
from dalang.testing.start import check_settings

if TYPE_CHECKING:
    from dalang.testing.stand_in import Server

Settings = Mapping[str, Setting]


class Session:
    """One server for each of the settings that tests ask for. `settings_here` tells those of the test that runs."""

    def __init__(self, settings_here: Callable[[], Settings]) -> None:
        self._settings_here = settings_here
        self._stack = ExitStack()
        self._kept: dict[str, KeptServer] = {}

    @property
    def server(self) -> Server:
        """The one of the settings that hold where this is asked, as it stands; for fixtures that outlive a test.

        Raises `StartFailed`, and TypeError for what no setting can be.
        """
        return self._of(self._settings_here()).server

    def fresh(self, settings: Settings) -> Server:
        """Without tasks, faults or calls of an earlier test."""
        return self._of(settings).fresh()

    def close(self) -> None:
        """Ends all."""
        self._stack.close()
        self._kept.clear()

    def _of(self, settings: Settings) -> KeptServer:
        check_settings(settings)
        written = toml(dict(sorted(settings.items())))
        if written not in self._kept:
            self._kept[written] = self._stack.enter_context(closing(KeptServer(settings)))
        return self._kept[written]
