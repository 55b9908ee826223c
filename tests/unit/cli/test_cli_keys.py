"""`dalang keys` on a real store."""

import asyncio

import pytest

from dalang.cli import main
from dalang.clock import system_clock
from dalang.home import Home
from dalang.keys import webhook_secret
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


def test_a_key_belongs_to_what_it_was_made_for(database, capsys):
    create = ["keys", "create", "--account", "film", "--workspace", "studio", "--region", "cn-beijing"]
    assert main([*create, "--models", "wan2.6-*, wan2.5-t2v-preview", "--callback", "https://film.example/done"]) == 0
    key = find(database, capsys.readouterr().out.strip())
    assert (key.workspace, key.region) == ("studio", "cn-beijing")
    assert key.models == ("wan2.6-*", "wan2.5-t2v-preview")
    assert key.callback == "https://film.example/done"
    assert main(["keys", "list"]) == 0
    told = capsys.readouterr().out
    for part in ("film", "studio", "cn-beijing", "wan2.6-*,wan2.5-t2v-preview", "https://film.example/done"):
        assert part in told


def test_a_key_is_for_everything_everywhere_unless_told_otherwise(database, capsys):
    main(["keys", "create"])
    key = find(database, capsys.readouterr().out.strip())
    assert (key.account, key.workspace, key.region, key.models) == ("default", "default", "local", ())
    assert (key.callback, key.cancel) == (None, "pending")


@pytest.mark.parametrize(
    "flags",
    [
        ("--models", "wan9-*"),
        ("--models", " , "),
        ("--region", "mars"),
        ("--callback", "ftp://film.example"),
        ("--callback", "film.example"),
        ("--workspace", "my studio"),
        ("--workspace", ""),
    ],
)
def test_a_key_that_could_not_be_used_is_not_made(database, capsys, flags):
    with pytest.raises(SystemExit) as ended:
        main(["keys", "create", *flags])
    assert ended.value.code == 2
    assert flags[0] in capsys.readouterr().err


def test_the_webhook_secret_of_a_key_is_shown_as_often_as_asked(database, capsys):
    main(["keys", "create"])
    key = find(database, capsys.readouterr().out.strip())
    shown = []
    for _ in range(2):
        assert main(["keys", "webhook-secret", key.id]) == 0
        shown.append(capsys.readouterr().out.strip())
    assert shown[0] == shown[1] == webhook_secret(Home(database.parent).secret(), key.id)
    assert main(["keys", "webhook-secret", "nobody"]) == 1
    assert "dalang keys list" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["a\nb", "a\x1b[31m", "x" * 65])
@pytest.mark.parametrize("flag", ["--account", "--name"])
def test_names_that_would_break_the_list_are_refused(database, capsys, flag, words):
    with pytest.raises(SystemExit):
        main(["keys", "create", flag, words])
    assert "can be printed" in capsys.readouterr().err


def test_an_account_without_a_name_is_refused(database, capsys):
    with pytest.raises(SystemExit):
        main(["keys", "create", "--account", ""])
    assert "an account has a name" in capsys.readouterr().err
