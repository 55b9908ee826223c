"""`dalang record`: a recording proxy before the cloud or another Dalang, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
from pathlib import Path

from dalang import config


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dalang record",
        description="Stand before the real service and keep each request, reply and file in a folder.",
        epilog="dalang serve --replay DIR then answers from it. Keys and signatures are not kept.",
    )
    parser.add_argument("--upstream", required=True, metavar="URL", help="the service, such as https://HOST/api/v1")
    parser.add_argument(
        "--cassette",
        type=Path,
        default=Path("cassette"),
        metavar="DIR",
        help="folder to keep it in (default: cassette)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8001, help="port to listen on; 0 takes a free one (default: 8001)")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="written once the recorder answers")
    parser.add_argument("--tls-cert", metavar="FILE", help="certificate for HTTPS, as PEM")
    parser.add_argument("--tls-key", metavar="FILE", help="its private key, as PEM")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """A server's settings from elsewhere are not a recorder's: another port, another key."""
    names = ("host", "port", "tls_cert", "tls_key")
    settings = config.load(environ={}, **{name: getattr(arguments, name) for name in names})
    from dalang.cassette.session import record

    return record(arguments.upstream, arguments.cassette, settings, arguments.ready_file)
