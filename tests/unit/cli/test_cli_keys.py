"""`dalang keys` on a real store."""

import asyncio

import pytest

from dalang.cli import main
from dalang.clock import system_clock
from dalang.store.schema import migrate
from dalang.store.sqlite import SQLiteStore


@pytest.fixture
def database(tmp_path):
    (tmp_path / "data").mkdir()
    migrate(tmp_path / "data" / "dalang.db")
    return tmp_path / "data" / "dalang.db"


def find(database, secret):
    async def look():
        store = SQLiteStore(database, system_clock, retention=None)
        await store.open()
        try:
            return store.find_key(secret)
        finally:
            await store.close()

    return asyncio.run(look())


def test_a_created_key_opens_and_a_revoked_one_does_not(database, capsys):
    assert main(["keys", "create", "--account", "film", "--name", "Ann's laptop", "--cancel", "any"]) == 0
    secret = capsys.readouterr().out.strip()
    assert secret.startswith("sk-")
    key = find(database, secret)
    assert (key.account, key.name, key.cancel) == ("film", "Ann's laptop", "any")
    assert main(["keys", "revoke", key.id]) == 0
    assert find(database, secret) is None


def test_no_secret_is_listed(database, capsys):
    main(["keys", "create", "--name", "laptop"])
    secret = capsys.readouterr().out.strip()
    assert main(["keys", "list"]) == 0
    told = capsys.readouterr().out
    assert "laptop" in told
    assert secret not in told


def test_revoking_what_is_no_live_key_is_status_1_and_revokes_the_rest(database, capsys):
    main(["keys", "create"])
    secret = capsys.readouterr().out.strip()
    key = find(database, secret)
    assert main(["keys", "revoke", "nonsense", key.id]) == 1
    assert find(database, secret) is None
    assert "nonsense is no live key" in capsys.readouterr().out


def test_a_folder_without_a_store_is_refused_not_made(tmp_path, capsys):
    assert main(["keys", "list", "--data", str(tmp_path / "none")]) == 1
    assert "dalang serve --data" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
