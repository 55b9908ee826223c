"""The HTTP server: granian, embedded in our event loop, on a socket that we bind ourselves."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from starlette.types import ASGIApp

from dalang.config import Config
from dalang.errors import ConfigError

BACKLOG = 1024

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Where a server that listens on every address is to be found on its own machine."""

AT_ONCE = 10_000
"""Requests in progress; what waits for its body costs little."""


class Listener(Server):
    """Binds at once, so that a port in use is an error of the start and port 0 is known before anyone connects."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        tls: dict[str, Any] = {}
        if config.tls_cert and config.tls_key:
            check_certificate(config.tls_cert, config.tls_key)
            tls = {"ssl_cert": Path(config.tls_cert), "ssl_key": Path(config.tls_key)}
        super().__init__(
            app,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            websockets=False,
            log_enabled=False,
            backlog=BACKLOG,
            backpressure=AT_ONCE,
            runtime_blocking_threads=8,
            **tls,
        )
        self._socket = bind(config.host, config.port)
        scheme = "https" if tls else "http"
        host = EVERYWHERE.get(config.host, config.host)
        self.url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{self._socket.getsockname()[1]}"

    def _init_shared_socket(self) -> None:
        """The socket is granian's from here on, to close too. The holder's arguments are those that it is pickled with;
        granian's stubs leave them out."""
        self._ssp, self._shd = None, SocketHolder(self._socket.detach(), False, BACKLOG)  # type: ignore[assignment,call-arg]

    async def run(self) -> None:
        """Until canceled; then no new connections, and those in use end with their request."""
        serving = asyncio.create_task(self.serve())
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            self.stop()  # type: ignore[no-untyped-call]
            await asyncio.wait([serving], timeout=5)
            raise


def bind(host: str, port: int) -> socket.socket:
    """Raises ConfigError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise ConfigError(
            f"Cannot listen on {host} port {port}: {error.strerror}. "
            "Stop what listens there, or choose another with --port (0 takes a free one)."
        ) from error
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def check_certificate(cert: str, key: str) -> None:
    """Raises ConfigError, where granian would only log."""
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
    except OSError as error:
        raise ConfigError(f"Cannot use the certificate {cert} with the key {key}: {error}.") from error
