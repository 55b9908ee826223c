"""`server`: a server for as long as a `with` block lasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dalang.config import own_server_environment
from dalang.launch import Setting, starting
from dalang.testing.folder import own_folder

if TYPE_CHECKING:
    from dalang.testing.stand_in import Server


@contextmanager
def server(**settings: Setting) -> Iterator[Server]:
    """A server in test mode, on a free port and with a folder of its own; gone at the end, and with this process.

    `settings` are those of docs/operating.md: `server(like_cloud=True, retention="1h")`. What stands in the
    environment for other servers does not reach it. Raises `StartFailed`, and TypeError for what no setting can be.
    """
    check_settings(settings)
    if "tls_cert" in settings or "tls_key" in settings:
        raise TypeError("A server of tests speaks plain HTTP: start one with TLS by `dalang serve --test`.")
    environment = {name: text for name, text in own_server_environment().items() if not name.startswith("DALANG_")}
    is_killed = "data" not in settings
    with (
        own_folder() as folder,
        starting(folder, {"test": True, **settings}, environment, is_killed=is_killed) as child,
    ):
        # httpx takes 0.1 s to load, which the server needs too until it answers.
        from dalang.testing.controls import Controls
        from dalang.testing.stand_in import Server

        launched = child.wait()
        with closing(Controls(launched)) as controls:
            yield Server(launched, controls)


def check_settings(settings: Mapping[str, Setting]) -> None:
    """Raises TypeError for what no setting can be; what one may be is the server's to say."""
    if not isinstance(settings, Mapping):
        raise TypeError(f'Settings are a dict, such as {{"like_cloud": True}}, not {settings!r}.')
    for name, value in settings.items():
        if not isinstance(value, str | int | float | Path | tuple | list | Mapping):
            raise TypeError(
                f"The setting {name} cannot be {value!r}: give text, a number, a bool, a path, a list or a dict; "
                "a span is text, such as '1h'."
            )
