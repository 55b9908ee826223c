"""`dalang usage`: what a month's videos come to, from the store of a data folder whose server may run or not."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from dalang.cli.keys import opened
from dalang.cli.table import table
from dalang.clock import system_clock
from dalang.config import client_environment
from dalang.models import CURRENCY, yuan
from dalang.statement import GROUPS, Month, as_json, month_of, read_month, spent_in, total
from dalang.store import Spent


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dalang usage", description="What a month's videos come to, of all accounts.")
    parser.add_argument("--by", choices=GROUPS, default="key", help="what to sum up by (default: key)")
    parser.add_argument("--month", type=month, metavar="YYYY-MM", help="in UTC+8 (default: this month)")
    parser.add_argument("--json", action="store_true", help="as GET /api/v1/usage answers")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    return parser


def month(text: str) -> Month:
    try:
        return read_month(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(arguments: argparse.Namespace) -> int:
    month = arguments.month or month_of(system_clock())
    rows = asyncio.run(spent(arguments, month))
    if arguments.json:
        print(json.dumps(as_json(month, arguments.by, rows), ensure_ascii=False, indent=2))
    else:
        head = (arguments.by, "videos", "seconds", f"price ({CURRENCY})", "cost")
        print(table(head, [cells(row) for row in (*rows, total(rows))]))
    return 0


async def spent(arguments: argparse.Namespace, month: Month) -> Sequence[Spent]:
    async with opened(arguments.data or client_environment().data) as store:
        return await spent_in(store, month, arguments.by, account=None)


def cells(row: Spent) -> tuple[str, ...]:
    return row.group, str(row.videos), str(row.seconds), yuan(row.price), yuan(row.cost)
