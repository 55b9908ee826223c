"""`dalang serve`: the server, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

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
    return serve(settings, arguments.ready_file)


def flags(arguments: argparse.Namespace) -> dict[str, Any]:
    paths = {name: getattr(arguments, name) for name in ("data", "tls_cert", "tls_key")}
    return {
        "host": arguments.host,
        "port": arguments.port,
        "engine": arguments.engine,
        "like_cloud": arguments.like_cloud,
        "log_format": arguments.log_format,
        **{name: None if path is None else str(path) for name, path in paths.items()},
    }


def stop_at_eof() -> None:
    """Stop with the command that started this server for itself: its end of the pipe closes however it dies."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
