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
from dalang.client import ApiError, Client, ClientError, Task, TaskFailed
from dalang.client.order import URL_SCHEMES, Wishes
from dalang.config import client_environment
from dalang.errors import DalangError, ProtocolError
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
    parser.add_argument("--model", help="default: wan2.6-t2v, or one that takes what is given: wan2.6-i2v with --image")
    add_media(parser.add_argument_group("made from (files or URLs)"))
    add_wishes(parser.add_argument_group("to be like"))
    parser.add_argument("-o", "--output", type=target, metavar="FILE", help="default: the task's id and .mp4")
    parser.add_argument("--contact-sheet", type=sheet, metavar="FILE", help="six frames of it as a PNG or JPEG")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--data", type=Path, metavar="DIR", help="data folder on which a server may run")
    parser.add_argument("--cloud", action="store_true", help="through the paid cloud, with DASHSCOPE_API_KEY")
    return parser


def add_media(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--image", type=medium, metavar="FILE", help="the first frame")
    group.add_argument("--last-image", type=medium, metavar="FILE", help="the last frame (kf2v models, wan2.7-i2v)")
    group.add_argument("--clip", type=medium, metavar="FILE", help="what the video goes on from (wan2.7-i2v)")
    group.add_argument("--audio", type=medium, metavar="FILE", help="its sound: wav or mp3 (wan2.5 and later)")


def add_wishes(group: argparse._ArgumentGroup) -> None:
    shape = group.add_mutually_exclusive_group()
    shape.add_argument("--size", type=size, metavar="W*H", help="pixels, without --image")
    shape.add_argument("--resolution", metavar="TIER", help="480P, 720P or 1080P, with --image")
    group.add_argument("--ratio", metavar="W:H", help="16:9, 9:16, 1:1, 4:3 or 3:4 (wan2.7-t2v)")
    group.add_argument("--duration", type=int, metavar="S", help="seconds")
    group.add_argument("--negative-prompt", metavar="TEXT", help="what must not be seen")
    group.add_argument("--no-prompt-extend", dest="prompt_extend", action="store_false", default=None)
    group.add_argument("--shots", dest="shot_type", choices=("single", "multi"), help="one take or several (wan2.6)")
    group.add_argument("--watermark", action="store_true", default=None, help="AI Generated, lower right")
    group.add_argument("--no-sound", dest="sound", action="store_false", default=None, help="for wan2.6-i2v-flash")
    group.add_argument("--seed", type=int, metavar="N", help="0..2147483647; random when absent")
    group.add_argument("--engine", metavar="NAME", help="what draws it, such as animatic for a draft")
    group.add_argument(
        "--profile", metavar="NAME", help="quality, balanced, fast or one of yours, of an engine with weights"
    )


def medium(text: str) -> str:
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


def sheet(text: str) -> Path:
    if not text.lower().endswith((".png", ".jpg", ".jpeg")):
        raise argparse.ArgumentTypeError(f"{text} is to end in .png or .jpg")
    return target(text)


def run(arguments: argparse.Namespace) -> int:
    # A supervisor's SIGTERM is to cancel the task as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ordered: list[str] = []
    try:
        generate(arguments, ordered)
    except (DalangError, OSError) as error:
        if arguments.json:
            print(failure(error, *ordered))
        raise
    return 0


def generate(arguments: argparse.Namespace, ordered: list[str]) -> None:
    """Make the video; its task's identifier stands in `ordered` once there is one."""
    with destination(arguments) as place, Client(place.url, place.key) as client:
        say(f"to {place.words}")
        task = client.create(arguments.prompt, **wishes(arguments))
        ordered.append(task.id)
        say(f"task {task.id}")
        task = follow(client, task, shorten(arguments.prompt, TITLE_WIDTH, placeholder="…"))
        for warning in task.warnings:
            say(f"warning: {warning}")
        if task.status is not TaskStatus.SUCCEEDED:
            raise TaskFailed(task)
        path = client.download(task, arguments.output or Path(f"{task.id}.mp4"))
    if arguments.contact_sheet:
        save_contact_sheet(path, arguments.contact_sheet)
    print(as_json(task, path) if arguments.json else path)


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
    asked = vars(arguments)
    given = {name: asked[name] for name in Wishes.__annotations__ if asked.get(name) is not None}
    return cast(Wishes, given)


def save_contact_sheet(video: Path, target: Path) -> None:
    from dalang.media import contact_sheet  # loads the codecs, which nothing else of this command needs

    contact_sheet.save_contact_sheet(video, target)
    say(f"contact sheet {target}")


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
    return pretty({**msgspec.to_builtins(task), "path": str(path)})


def failure(error: Exception, task_id: str | None = None) -> str:
    """The wire's code and sentence where the server gave them, else the error's name and words."""
    code, message = type(error).__name__, str(error)
    if isinstance(error, ApiError | TaskFailed | ProtocolError) and error.code:
        code, message = error.code, error.message
    return pretty({"code": code, "message": message, "task_id": task_id})


def pretty(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode()


def say(line: str) -> None:
    """To standard error, which leaves standard output to the result."""
    print(line, file=sys.stderr, flush=True)
