"""`server`: a server for as long as a `with` block lasts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dalang.config import own_server_environment
from dalang.launch import Setting, starting

if TYPE_CHECKING:
    from dalang.testing.stand_in import Server


@contextmanager
def server(**settings: Setting) -> Iterator[Server]:
    """A server in test mode, on a free port and with a folder of its own; gone at the end, and with this process.

    `settings` are those of docs/operating.md: `server(like_cloud=True, retention="1h")`. What stands in the
    environment for other servers does not reach it. Raises `StartFailed`.
    """
    environment = {name: text for name, text in own_server_environment().items() if not name.startswith("DALANG_")}
    is_killed = "data" not in settings
    with (
        tempfile.TemporaryDirectory(prefix="dalang-test-", ignore_cleanup_errors=True) as folder,
        starting(Path(folder), {"test": True, **settings}, environment, is_killed=is_killed) as child,
    ):
        # httpx takes 0.1 s to load, which the server needs too until it answers.
        from dalang.testing.controls import Controls
        from dalang.testing.stand_in import Server

        launched = child.wait()
        with closing(Controls(launched)) as controls:
            yield Server(launched, controls)
