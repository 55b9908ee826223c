"""Which connection is dropped."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from dalang.errors import InternalError
from dalang.testbed import connection
from dalang.testbed.connection import hang_up

Pair = tuple[socket.socket, socket.socket]
"""Both ends of a connection, the server's first."""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """For both kinds of addresses."""
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:
        yield listener


@pytest.fixture
def pairs(listener: socket.socket) -> Iterator[list[Pair]]:
    """By IPv4, twice, and by IPv6."""
    pairs = []
    for host in ("127.0.0.1", "127.0.0.1", "::1"):
        client = socket.create_connection((host, listener.getsockname()[1]), timeout=10)
        pairs.append((listener.accept()[0], client))
    yield pairs
    for pair in pairs:
        for end in pair:
            end.close()


def scope(pair: Pair) -> dict[str, tuple[str, str]]:
    """As granian tells it: ports are text."""
    (server, port), (client, client_port) = pair[0].getsockname()[:2], pair[0].getpeername()[:2]
    return {"server": (server, str(port)), "client": (client, str(client_port))}


def lives(pair: Pair) -> bool:
    try:
        pair[0].sendall(b"x")
    except BrokenPipeError:
        return False
    return pair[1].recv(1) == b"x"


@pytest.mark.parametrize("one", [0, 1, 2])
def test_the_one_of_these_ends_is_dropped_and_no_other(pairs: list[Pair], one: int) -> None:
    hang_up(scope(pairs[one]))
    assert pairs[one][1].recv(1) == b"", "the client reads the end"
    assert [lives(pair) for pair in pairs] == [place != one for place in range(3)]


def test_ipv4_may_be_told_plainly_or_as_ipv6(pairs: list[Pair]) -> None:
    told = scope(pairs[0])
    plain = {name: (host.removeprefix("::ffff:"), port) for name, (host, port) in told.items()}
    assert plain != told
    hang_up(plain)
    assert [lives(pair) for pair in pairs] == [False, True, True]


def test_nothing_is_closed_by_looking(pairs: list[Pair], tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        hang_up(scope(pairs[2]))
        file.write(b"still open")
        file.flush()
    assert pairs[2][0].fileno() > 0
    assert pairs[2][0].getsockname()


def test_a_connection_that_is_gone_is_told(pairs: list[Pair]) -> None:
    told = scope(pairs[0])
    for end in pairs[0]:
        end.close()
    with pytest.raises(InternalError, match="gone"):
        hang_up(told)


def test_a_system_without_a_way_says_so(pairs: list[Pair], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(InternalError, match="no way"):
        hang_up({"client": None, "server": None})
    monkeypatch.setattr(connection, "OPEN_FILES", tmp_path / "none")
    with pytest.raises(InternalError, match="no way"):
        hang_up(scope(pairs[0]))
