"""What a test may be told by the server that it controls."""

from __future__ import annotations

from dalang.errors import DalangError


class ControlRefused(DalangError):
    """The server does not do what was asked of it, such as to fail a task that has ended; its sentence says why."""


class ServerGone(DalangError):
    """The server ended, or stopped answering."""
