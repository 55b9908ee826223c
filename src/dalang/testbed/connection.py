"""Closing the TCP connection of a request from within an ASGI application, which has no message for it: the listener's
socket is found among the open files of this process, by the addresses of both its ends."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from starlette.types import Scope

from dalang.errors import InternalError

OPEN_FILES = Path("/dev/fd")
"""Names are the numbers of this process's descriptors; Linux and macOS have it."""

IP = (socket.AF_INET, socket.AF_INET6)

End = tuple[str, int]
"""Address and port."""


def hang_up(scope: Scope) -> None:
    """Whoever waits for the reply to the request of `scope` reads the end of the stream. Without TLS's farewell, where
    there is TLS. Raises InternalError where it cannot be done."""
    if scope["client"] is None or scope["server"] is None or not OPEN_FILES.is_dir():
        raise InternalError("This system gives a server no way to drop a connection.")
    ends = _end(*scope["server"]), _end(*scope["client"])
    for number in _open_files():
        with suppress(OSError), _borrowed(number) as connection:
            if connection.family in IP and _ends(connection) == ends:
                connection.shutdown(socket.SHUT_RDWR)
                return
    raise InternalError("The connection is gone, or not this server's own: it cannot be dropped.")


def _open_files() -> list[int]:
    return [int(file.name) for file in OPEN_FILES.iterdir()]


@contextmanager
def _borrowed(number: int) -> Iterator[socket.socket]:
    """Never closed here, not even a copy: closing any descriptor of the database would take its locks away (fcntl(2)).
    Raises OSError for what is no socket."""
    connection = socket.socket(fileno=number)
    try:
        yield connection
    finally:
        connection.detach()


def _ends(connection: socket.socket) -> tuple[End, End]:
    """Ours and the other one. Raises OSError for what is not connected."""
    return _end(*connection.getsockname()[:2]), _end(*connection.getpeername()[:2])


def _end(host: str, port: int | str) -> End:
    """One way to write each: a socket for both kinds of addresses tells IPv4 as IPv6, and granian ports as text."""
    address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address), int(port)
