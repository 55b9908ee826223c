"""Starts: what makes one impossible is one line that says what and how to mend it; and what a good one leaves."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.running import KEY, dalang


class Refusal(NamedTuple):
    """A start that must fail: how the folder is made unfit, with which flags and settings, and what the line names."""

    names: tuple[str, ...]
    flags: tuple[str, ...] = ()
    settings: Mapping[str, str] = MappingProxyType({})
    spoil: Callable[[Path], object] = lambda folder: None


def newer_database(folder: Path) -> None:
    folder.mkdir()
    with sqlite3.connect(folder / "dalang.db") as database:
        database.execute("PRAGMA user_version = 999")


def no_database(folder: Path) -> None:
    folder.mkdir()
    (folder / "dalang.db").write_bytes(b"nothing that SQLite wrote" * 100)


TAKEN = socket.create_server(("127.0.0.1", 0))

REFUSALS = {
    "a port in use": Refusal(("port", "--port"), ("--port", str(TAKEN.getsockname()[1]))),
    "a folder that cannot be": Refusal(("data folder", "--data"), spoil=lambda folder: folder.write_text("a file")),
    "a database of a newer version": Refusal(("newer", "upgrade"), spoil=newer_database),
    "a database that is none": Refusal(("not a usable database",), spoil=no_database),
    "a setting that is none": Refusal(("colour",), settings={"colour": "red"}),
    "an engine that is none": Refusal(("engine", "slate"), settings={"engine": "paint"}),
    "a host to fetch from that is none": Refusal(("DALANG_FETCH_ALLOW",), settings={"fetch_allow": "not a host"}),
    "a proxy that is none": Refusal(("trusted_proxies",), settings={"trusted_proxies": "proxy.example"}),
    "the world without TLS": Refusal(("--tls-cert", "trusted_proxies"), ("--host", "0.0.0.0")),
    "a certificate that is none": Refusal(("certificate",), ("--tls-cert", __file__, "--tls-key", __file__)),
    "a host that is not ours": Refusal(("192.0.2.1",), ("--host", "192.0.2.1"), {"trusted_proxies": "127.0.0.1"}),
}


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[subprocess.CompletedProcess[str]]]]:
    """All of them, two at a time."""
    folder = tmp_path_factory.mktemp("start")

    def start(name: str) -> subprocess.CompletedProcess[str]:
        refusal, data = REFUSALS[name], folder / name
        refusal.spoil(data)
        return dalang("serve", "--data", data, "--port", "0", *refusal.flags, **refusal.settings)

    with ThreadPoolExecutor(2) as threads:
        yield {name: threads.submit(start, name) for name in REFUSALS}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_start_that_cannot_be_says_why_and_how_to_mend_it_in_one_line(
    starts: dict[str, Future[subprocess.CompletedProcess[str]]], name: str
) -> None:
    done = starts[name].result()
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("dalang: ")
    for part in REFUSALS[name].names:
        assert part in done.stderr


def test_a_start_tells_where_the_server_is_and_keeps_the_key_private(launch: Launch) -> None:
    server = launch()
    env = server.data / "env"
    assert env.read_text().splitlines()[:2] == [
        f"export DASHSCOPE_HTTP_BASE_URL={server.url}/api/v1",
        f"export DASHSCOPE_API_KEY={KEY}",
    ]
    assert env.stat().st_mode & 0o777 == 0o600
    assert f"source {env}" in server.log
    assert f'dashscope.base_http_api_url = "{server.url}/api/v1"' in server.log
    server.stop()
    database = b"".join(file.read_bytes() for file in server.data.glob("dalang.db*"))
    assert KEY.encode() not in database, "only its hash is stored"
    assert KEY not in server.log
