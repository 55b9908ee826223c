"""`dalang generate`: one video, from a prompt to a file."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import cast

import msgspec

from dalang.cli.destination import Destination, cloud, find
from dalang.cli.embedded import embedded
from dalang.cli.progress import display
from dalang.client import Client, ClientError, Task, TaskFailed
from dalang.client.order import URL_SCHEMES, Wishes
from dalang.config import client_environment
from dalang.task import TaskStatus

TITLE_WIDTH = 28
"""Characters of the prompt before the bar, so that both fit on a line of 80."""


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dalang generate",
        description="Make one video. It goes through the server that DALANG_URL (with DALANG_API_KEY) names, else the "
        "one that runs on the data folder, else one started for this command alone.",
    )
    parser.add_argument("prompt", metavar="PROMPT", help="what the video shows")
    parser.add_argument("--image", type=picture, metavar="FILE", help="the first frame: a file or a URL")
    parser.add_argument("--model", help="default: wan2.6-t2v, with --image wan2.6-i2v")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--size", type=size, metavar="W*H", help="pixels, without --image")
    shape.add_argument("--resolution", metavar="TIER", help="480P, 720P or 1080P, with --image")
    parser.add_argument("--duration", type=int, metavar="S", help="seconds")
    parser.add_argument("--seed", type=int, metavar="N", help="0..2147483647; random when absent")
    parser.add_argument("-o", "--output", type=target, metavar="FILE", help="default: the task's id and .mp4")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--data", type=Path, metavar="DIR", help="data folder on which a server may run")
    parser.add_argument("--cloud", action="store_true", help="through the paid cloud, with DASHSCOPE_API_KEY")
    return parser


def picture(text: str) -> str:
    if not text.startswith(URL_SCHEMES) and not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return text


def size(text: str) -> str:
    """`1280*720`; `1280x720` is taken too, since a shell may expand the star."""
    if not re.fullmatch(r"\d+[*xX]\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; one looks like 1280*720")
    return re.sub("[xX]", "*", text)


def target(text: str) -> Path:
    """A path that can be written: better known before the video is made than after."""
    path = Path(text)
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text} cannot be written")
    return path


def run(arguments: argparse.Namespace) -> int:
    # A supervisor's SIGTERM is to cancel the task as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with destination(arguments) as place, Client(place.url, place.key) as client:
        say(f"to {place.words}")
        task = client.create(arguments.prompt, **wishes(arguments))
        say(f"task {task.id}")
        task = follow(client, task, shorten(arguments.prompt, TITLE_WIDTH, placeholder="…"))
        for warning in task.warnings:
            say(f"warning: {warning}")
        if task.status is not TaskStatus.SUCCEEDED:
            raise TaskFailed(task)
        path = client.download(task, arguments.output or Path(f"{task.id}.mp4"))
    print(as_json(task, path) if arguments.json else path)
    return 0


@contextmanager
def destination(arguments: argparse.Namespace) -> Iterator[Destination]:
    """Where the order goes; the cloud, which costs money, only when asked for."""
    environment = client_environment()
    place = cloud(environment) if arguments.cloud else find(environment, arguments.data)
    if place is not None:
        yield place
    else:
        with embedded() as own:
            yield own


def wishes(arguments: argparse.Namespace) -> Wishes:
    names = ("model", "image", "size", "resolution", "duration", "seed")
    given = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    return cast(Wishes, given)


def follow(client: Client, task: Task, title: str) -> Task:
    """Show the task until it is over; cancel it when interrupted."""
    try:
        with display(sys.stderr, title) as shown:
            return client.wait(task.id, on_update=shown.show)
    except KeyboardInterrupt:
        cancel(client, task)
        raise


def cancel(client: Client, task: Task) -> None:
    try:
        client.cancel(task.id, running=True)
    except ClientError as error:
        say(f"task {task.id} could not be cancelled and goes on: {error}")
    else:
        say(f"task {task.id} is cancelled")


def as_json(task: Task, path: Path) -> str:
    result = {**msgspec.to_builtins(task), "path": str(path)}
    return msgspec.json.format(msgspec.json.encode(result)).decode()


def say(line: str) -> None:
    """To standard error, which leaves standard output to the result."""
    print(line, file=sys.stderr, flush=True)
