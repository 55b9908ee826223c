"""`dalang tasks`: what a server is doing, and ending or repeating it."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

import msgspec

from dalang.cli.destination import find_or_refuse
from dalang.cli.progress import display
from dalang.cli.table import table
from dalang.client import ApiError, Client, Task, TaskPage
from dalang.client.client import WAIT_LIMIT
from dalang.config import client_environment
from dalang.task import TaskStatus


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dalang tasks",
        description="Of the server that DALANG_URL (with DALANG_API_KEY) names, else of the one that runs on the data "
        "folder.",
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list|show|wait|cancel|retry")
    listed = verbs.add_parser("list", parents=[common], help="the tasks of the last 24 hours, newest first")
    listed.add_argument("--status", type=TaskStatus, choices=TaskStatus, metavar="STATUS")
    listed.add_argument("--model")
    listed.add_argument("--page", type=int, default=1, metavar="N")
    listed.add_argument("--page-size", type=int, default=20, metavar="N")
    listed.add_argument("--json", action="store_true")
    shown = verbs.add_parser("show", parents=[common], help="one task")
    shown.add_argument("id", metavar="ID")
    shown.add_argument("--json", action="store_true")
    awaited = verbs.add_parser("wait", parents=[common], help="one task, once it is over")
    awaited.add_argument("id", metavar="ID")
    awaited.add_argument("--timeout", type=float, default=WAIT_LIMIT, metavar="S", help="seconds (default: 10800)")
    awaited.add_argument("--json", action="store_true")
    for verb, what in (("cancel", "end tasks, running ones too"), ("retry", "order the same again")):
        verbs.add_parser(verb, parents=[common], help=what).add_argument("ids", nargs="+", metavar="ID")
    return parser


def run(arguments: argparse.Namespace) -> int:
    place = find_or_refuse(client_environment(), arguments.data)
    with Client(place.url, place.key) as client:
        return VERBS[arguments.verb](client, arguments)


def list_tasks(client: Client, arguments: argparse.Namespace) -> int:
    page = client.list(
        status=arguments.status, model=arguments.model, page=arguments.page, page_size=arguments.page_size
    )
    print(pretty(page) if arguments.json else page_table(page))
    return 0


def show(client: Client, arguments: argparse.Namespace) -> int:
    """Status 1 for an id that the server does not know."""
    task = client.fetch(arguments.id)
    print(pretty(task) if arguments.json else task_lines(task))
    return int(task.status is TaskStatus.UNKNOWN)


def wait(client: Client, arguments: argparse.Namespace) -> int:
    """Status 1 unless it SUCCEEDED. Raises `WaitTimeout`."""
    with display(sys.stderr, arguments.id) as shown:
        task = client.wait(arguments.id, timeout=arguments.timeout, on_update=shown.show)
    print(pretty(task) if arguments.json else task_lines(task))
    return int(task.status is not TaskStatus.SUCCEEDED)


def cancel(client: Client, arguments: argparse.Namespace) -> int:
    """Status 1 when one of the tasks cannot be ended; the others are all the same."""
    refusals = [refusal for task_id in arguments.ids if (refusal := cancel_one(client, task_id))]
    for refusal in refusals:
        print(f"dalang: {refusal}", file=sys.stderr)
    return int(bool(refusals))


def cancel_one(client: Client, task_id: str) -> str | None:
    """Why it could not be done."""
    try:
        client.cancel(task_id, running=True)
    except ApiError as error:
        return f"{task_id}: {error}"
    print(f"{task_id} CANCELED")
    return None


def retry(client: Client, arguments: argparse.Namespace) -> int:
    for task_id in arguments.ids:
        print(client.retry(task_id).id)
    return 0


VERBS = {"list": list_tasks, "show": show, "wait": wait, "cancel": cancel, "retry": retry}


def page_table(page: TaskPage) -> str:
    rows = [
        (row.id, row.status, row.model, local(row.created), local(row.started), local(row.ended)) for row in page.rows
    ]
    foot = f"page {page.page} of {page.pages}, {page.total} tasks"
    return table(("id", "status", "model", "created", "started", "ended"), rows) + "\n" + foot


def task_lines(task: Task) -> str:
    """One `name: value` a line, of what there is."""
    fields = msgspec.structs.asdict(task)
    fields.pop("from_dalang")
    for name in ("submit_time", "scheduled_time", "end_time"):
        fields[name] = local(fields[name])
    fields["usage"] = ", ".join(f"{name} {value}" for name, value in task.usage.items())
    fields["warnings"] = " ".join(task.warnings)
    return "\n".join(f"{name}: {value}" for name, value in fields.items() if value not in (None, ""))


def pretty(reply: Task | TaskPage) -> str:
    return msgspec.json.format(msgspec.json.encode(reply)).decode()


def local(moment: datetime | None) -> str:
    """In the zone of this machine."""
    return moment.astimezone().isoformat(" ", "seconds") if moment else ""
