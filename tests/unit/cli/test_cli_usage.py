"""`dalang usage` on a real store."""

import asyncio
import json

import pytest
from tests.clock import ManualClock
from tests.samples import text_task

from dalang.cli import main
from dalang.statement import read_month
from dalang.store import Charge, Outcome
from dalang.store.sqlite import SQLiteStore
from dalang.task import TaskStatus

PRICES = {"acme": 3_000_000, "film": 1_500_000}

COSTS = {"acme": 0, "film": 250_000}
"""Of other servers."""


@pytest.fixture(autouse=True)
def database(tmp_path):
    """One video of each of two accounts, of November 2026."""
    (tmp_path / "data").mkdir()
    asyncio.run(fill(tmp_path / "data" / "dalang.db", ManualClock(read_month("2026-11").since)))


async def fill(path, clock):
    store = SQLiteStore(path, clock, retention=None)
    await store.open()
    for account, price in PRICES.items():
        await store.insert(text_task(clock, account=account))
        (task,) = await store.claim("me", 1, 60_000)
        charge = Charge(seconds=5, tier="720P", size="1280*720", sound=True, price=price, cost=COSTS[account])
        await store.finish(task, Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4", charge=charge))
    await store.close()


def test_all_accounts_are_summed_up(capsys):
    assert main(["usage", "--by", "account", "--month", "2026-11"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["account", "videos", "seconds", "price", "(CNY)", "cost"],
        ["acme", "1", "5", "3.00", "0.00"],
        ["film", "1", "5", "1.50", "0.25"],
        ["total", "2", "10", "4.50", "0.25"],
    ]


def test_keys_are_summed_up_when_nothing_is_said(capsys):
    assert main(["usage", "--month", "2026-11"]) == 0
    assert "key-1  2" in capsys.readouterr().out


def test_another_month_has_none(capsys):
    assert main(["usage", "--month", "2026-12", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["month"], told["data"], told["total"]["price"]) == ("2026-12", [], "0.00")


def test_json_is_what_the_api_answers(capsys):
    assert main(["usage", "--by", "day", "--month", "2026-11", "--json"]) == 0
    sums = {"video_count": 2, "duration": 10, "price": "4.50", "cost": "0.25", "currency": "CNY"}
    expected = {"month": "2026-11", "by": "day", "data": [{"group": "2026-11-01", **sums}], "total": sums}
    assert json.loads(capsys.readouterr().out) == expected


@pytest.mark.parametrize("flags", [["--month", "11/2026"], ["--by", "colour"]])
def test_wrong_usage_is_status_2(flags, capsys):
    with pytest.raises(SystemExit) as exit:
        main(["usage", *flags])
    assert exit.value.code == 2
    assert flags[0] in capsys.readouterr().err
