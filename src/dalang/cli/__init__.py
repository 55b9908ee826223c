"""The command line. Each command is a module with `parser()` and `run(arguments) -> exit status`, loaded when named.

Exit status: 0, 1 (failed, with one line that says how to mend it), 2 (wrong usage), 130 (interrupted).
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

from dalang.errors import DalangError

COMMANDS = {
    "serve": "run the server: API, queue and local workers",
    "check": "hold the body of a create call against its model's rules, and tell its price",
    "record": "stand before the real service and keep what is said, for `dalang serve --replay`",
    "plan": "print the plan of a prompt: its shots, and what is not shown",
    "generate": "make one video from a prompt, or from a prompt and a picture",
    "tasks": "list, show, cancel or retry tasks",
    "keys": "create, list or revoke API keys",
    "usage": "sum up what videos cost, by key, account, model, workspace or day",
    "models": "list the models, their sizes and durations",
    "pull": "fetch open weights by name, or list them",
    "doctor": "tell what this machine can render, and what to do next",
}

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the only place that catches whatever comes. Returns the exit status."""
    try:
        return run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has left (`dalang tasks list | head`): nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (DalangError, OSError) as error:
        print(f"dalang: {error}", file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - the outermost wall
        traceback.print_exc()
        print(f"dalang: a fault of dalang itself, please report it: {error!r}", file=sys.stderr)
        return 1


def run(arguments: Sequence[str]) -> int:
    chosen = top_parser().parse_args(arguments)
    command = import_module(f"dalang.cli.{chosen.command}")
    status: int = command.run(command.parser().parse_args(chosen.arguments))
    return status


class Version(argparse.Action):
    """Prints the version; asks for it only then, since that takes longer than all else here."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"dalang {version('dalang')}")
        parser.exit()


def top_parser() -> argparse.ArgumentParser:
    lines = [f"  {name:<10}{what}" for name, what in COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog="dalang",
        description="The Wan video API on your own machines.",
        epilog="\n".join(["commands:", *lines, "", "dalang COMMAND --help tells more."]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=Version, nargs=0, help="print the version and exit")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of those below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="its arguments")
    return parser
