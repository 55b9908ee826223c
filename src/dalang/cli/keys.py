"""`dalang keys`: who may call the server of a data folder, running or not."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from dalang.cli.table import table
from dalang.clock import system_clock
from dalang.config import client_environment
from dalang.errors import ConfigError
from dalang.home import Home
from dalang.keys import new_key, new_secret
from dalang.store import Store
from dalang.store.sqlite import SQLiteStore


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dalang keys", description="The API keys of a data folder.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="create|list|revoke")
    create = verbs.add_parser(
        "create", parents=[common], help="make a key; its secret is shown this once and stored nowhere"
    )
    create.add_argument("--account", default="default", help="tasks belong to accounts (default: default)")
    create.add_argument("--name", default="", help="words by which to know it again")
    create.add_argument(
        "--cancel", choices=("pending", "any"), default="pending", help="tasks its cancel calls may end"
    )
    verbs.add_parser("list", parents=[common], help="keys, without their secrets")
    revoke = verbs.add_parser("revoke", parents=[common], help="end keys at once")
    revoke.add_argument("ids", nargs="+", metavar="ID")
    return parser


def run(arguments: argparse.Namespace) -> int:
    return asyncio.run(with_store(arguments))


async def with_store(arguments: argparse.Namespace) -> int:
    async with opened(arguments.data or client_environment().data) as store:
        return await VERBS[arguments.verb](store, arguments)


@asynccontextmanager
async def opened(data: Path) -> AsyncIterator[Store]:
    path = Home(data).database
    if not path.is_file():
        raise ConfigError(f"{data} is no data folder yet: `dalang serve --data {data}` makes it one.")
    store = SQLiteStore(path, system_clock, retention=None)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def create(store: Store, arguments: argparse.Namespace) -> int:
    secret = new_secret()
    key = new_key(arguments.name, system_clock, arguments.account)
    await store.create_key(msgspec.structs.replace(key, cancel=arguments.cancel), secret)
    print(secret)
    return 0


async def list_keys(store: Store, _: argparse.Namespace) -> int:
    rows = [(key.id, key.account, key.name, day(key.created), day(key.revoked)) for key in await store.list_keys()]
    print(table(("id", "account", "name", "created", "revoked"), rows))
    return 0


async def revoke(store: Store, arguments: argparse.Namespace) -> int:
    """Status 1 when one of the ids names no live key; the others are revoked all the same."""
    done = {key_id: await store.revoke_key(key_id) for key_id in arguments.ids}
    for key_id, was_live in done.items():
        print(f"{key_id} {'revoked' if was_live else 'is no live key'}")
    return int(not all(done.values()))


VERBS = {"create": create, "list": list_keys, "revoke": revoke}


def day(milliseconds: int | None) -> str:
    """In UTC."""
    return "" if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat()
