"""`dalang serve`: the server, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from dalang import config


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dalang serve",
        description="Run the server: API, queue, preparation and local workers.",
        epilog="Every setting can also stand in a TOML file (--config) or in the environment (DALANG_PORT=9000).",
    )
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on; 0 takes a free one (default: 8000)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of database, files and keys")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, as TOML")
    parser.add_argument("--engine", metavar="NAME", help="what draws: animatic, slate or module:Class")
    parser.add_argument(
        "--test",
        action="store_true",
        default=None,
        help="test mode: controls, declared faults, a clock that can be moved",
    )
    parser.add_argument("--replay", type=Path, metavar="DIR", help="answer from calls that `dalang record` has kept")
    parser.add_argument("--replay-miss", choices=("refuse", "engine"), help="what a call that was not recorded meets")
    parser.add_argument("--like-cloud", action="store_true", default=None, help="the cloud's habits in place of ours")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="written once the server answers")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="certificate for HTTPS, as PEM")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="its private key, as PEM")
    parser.add_argument("--log-format", choices=("text", "json"), help="one line an event (default: text)")
    parser.add_argument("--until-eof", action="store_true", help=argparse.SUPPRESS)
    return parser


def run(arguments: argparse.Namespace) -> int:
    settings = config.load(arguments.config, **flags(arguments))
    from dalang.server import serve

    if arguments.until_eof:
        threading.Thread(target=stop_at_eof, daemon=True).start()
    with data_folder(settings) as data:
        return serve(msgspec.structs.replace(settings, data=data), arguments.ready_file)


def data_folder(settings: config.Config) -> AbstractContextManager[str]:
    """The one that is named; else one that goes with the server."""
    if settings.data:
        return nullcontext(settings.data)
    return TemporaryDirectory(prefix="dalang-test-", ignore_cleanup_errors=True)


def flags(arguments: argparse.Namespace) -> dict[str, Any]:
    paths = {name: getattr(arguments, name) for name in ("data", "replay", "tls_cert", "tls_key")}
    return {
        "host": arguments.host,
        "port": arguments.port,
        "engine": arguments.engine,
        "like_cloud": arguments.like_cloud,
        "test": arguments.test,
        "replay_miss": arguments.replay_miss,
        "log_format": arguments.log_format,
        **{name: None if path is None else str(path) for name, path in paths.items()},
    }


def stop_at_eof() -> None:
    """Stop with the command that started this server for itself: its end of the pipe closes however it dies."""
    while os.read(sys.stdin.fileno(), 4096):  # not through sys.stdin, whose lock Python wants at its end
        pass
    os.kill(os.getpid(), signal.SIGTERM)
