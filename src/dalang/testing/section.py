"""What a server has to say of a test that failed: a section of pytest's report."""

from __future__ import annotations

from dalang.testing.errors import ServerGone
from dalang.testing.journal import call_lines
from dalang.testing.stand_in import Server

CALLS, LOG_LINES = 40, 20
"""The last ones are shown."""


def section(server: Server) -> str:
    """The calls of this test, and the end of the log."""
    try:
        calls = call_lines(server.calls())[-CALLS:] or ["   none"]
    except ServerGone as error:
        calls = [f"   {error}"]
    return "\n".join(["Calls:", *calls, "", "Log:", *server.log.splitlines()[-LOG_LINES:]])
