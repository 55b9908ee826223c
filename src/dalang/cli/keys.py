"""`dalang keys`: who may call the server of a data folder, running or not."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from dalang.callbacks.address import check_callback_url
from dalang.cli.table import table
from dalang.clock import system_clock
from dalang.config import client_environment
from dalang.errors import ConfigError, InvalidParameter
from dalang.home import Home
from dalang.keys import new_key, new_secret, webhook_secret
from dalang.models import MODELS, REGIONS
from dalang.store import Key, Store
from dalang.store.sqlite import SQLiteStore

WORKSPACE = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What fits into a header, and into the label of a host name."""

LONGEST = 64
"""Characters of an account's or a key's name."""

COLUMNS = ("id", "account", "workspace", "region", "name", "models", "cancel", "callback", "created", "revoked")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dalang keys", description="The API keys of a data folder.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="create|list|revoke|webhook-secret")
    _add_create(
        verbs.add_parser(
            "create", parents=[common], help="make a key; its secret is shown this once and stored nowhere"
        )
    )
    verbs.add_parser("list", parents=[common], help="keys, without their secrets")
    revoke = verbs.add_parser("revoke", parents=[common], help="end keys at once")
    revoke.add_argument("ids", nargs="+", metavar="ID")
    webhook = verbs.add_parser("webhook-secret", parents=[common], help="what a key's callbacks are signed with")
    webhook.add_argument("id", metavar="ID")
    return parser


def _add_create(create: argparse.ArgumentParser) -> None:
    create.add_argument(
        "--account", type=account, default="default", help="tasks belong to accounts (default: default)"
    )
    create.add_argument("--workspace", type=workspace, default="default", help="of the account (default: default)")
    create.add_argument(
        "--region", choices=REGIONS, default="local", help="where it may be used; local: everywhere (default)"
    )
    create.add_argument(
        "--models",
        type=models,
        default=(),
        metavar="MODEL,…",
        help="names or patterns (wan2.6-*) it is for; all if absent",
    )
    create.add_argument("--callback", type=callback, metavar="URL", help="where the ends of its tasks are told")
    create.add_argument("--name", type=line, default="", help="words by which to know it again")
    create.add_argument(
        "--cancel", choices=("pending", "any"), default="pending", help="tasks its cancel calls may end"
    )


def workspace(text: str) -> str:
    if not WORKSPACE.fullmatch(text):
        raise argparse.ArgumentTypeError("1 to 64 letters, digits, dots, dashes and underscores")
    return text


def account(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("an account has a name; leave the flag out for the one called default")
    return line(text)


def line(text: str) -> str:
    """What may stand in a column of `dalang keys list`: a terminal obeys more than letters."""
    if len(text) > LONGEST or not text.isprintable():
        raise argparse.ArgumentTypeError(f"at most {LONGEST} characters, all of which can be printed")
    return text


def models(text: str) -> tuple[str, ...]:
    """A pattern that no model fits would lock the key out of what was meant, so it is refused."""
    patterns = tuple(pattern for part in text.split(",") if (pattern := part.strip()))
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in MODELS):
            raise argparse.ArgumentTypeError(f"no model is called {pattern}; `dalang models` lists them")
    if not patterns:
        raise argparse.ArgumentTypeError("name one at least, or leave the flag out for all")
    return patterns


def callback(text: str) -> str:
    try:
        return check_callback_url(text)
    except InvalidParameter as error:
        raise argparse.ArgumentTypeError(error.message) from error


def run(arguments: argparse.Namespace) -> int:
    return asyncio.run(with_store(arguments))


async def with_store(arguments: argparse.Namespace) -> int:
    async with opened(data(arguments)) as store:
        return await VERBS[arguments.verb](store, arguments)


def data(arguments: argparse.Namespace) -> Path:
    return arguments.data or client_environment().data


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
    key = msgspec.structs.replace(
        new_key(arguments.name, system_clock, arguments.account),
        workspace=arguments.workspace,
        region=arguments.region,
        models=arguments.models,
        callback=arguments.callback,
        cancel=arguments.cancel,
    )
    await store.create_key(key, secret)
    print(f"key {key.id} of account {key.account}", file=sys.stderr)
    print(secret)
    return 0


async def list_keys(store: Store, _: argparse.Namespace) -> int:
    print(table(COLUMNS, [row(key) for key in await store.list_keys()]))
    return 0


def row(key: Key) -> tuple[str, ...]:
    models = ",".join(key.models) or "all"
    belongs = (key.id, key.account, key.workspace, key.region, key.name)
    return (*belongs, models, key.cancel, key.callback or "", day(key.created), day(key.revoked))


async def revoke(store: Store, arguments: argparse.Namespace) -> int:
    """Status 1 when one of the ids names no live key; the others are revoked all the same."""
    done = {key_id: await store.revoke_key(key_id) for key_id in arguments.ids}
    for key_id, was_live in done.items():
        print(f"{key_id} {'revoked' if was_live else 'is no live key'}")
    return int(not all(done.values()))


async def show_webhook_secret(store: Store, arguments: argparse.Namespace) -> int:
    """Raises ConfigError."""
    if arguments.id not in {key.id for key in await store.list_keys()}:
        raise ConfigError(f"There is no key {arguments.id}: `dalang keys list` shows them.")
    print(webhook_secret(Home(data(arguments)).secret(), arguments.id))
    return 0


VERBS = {"create": create, "list": list_keys, "revoke": revoke, "webhook-secret": show_webhook_secret}


def day(milliseconds: int | None) -> str:
    """In UTC."""
    return "" if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat()
