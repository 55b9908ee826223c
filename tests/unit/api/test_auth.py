"""Who calls: key, region and workspace, on a real store."""

from __future__ import annotations

import pytest

from dalang.api.auth import caller
from dalang.config import REGION_HOSTS
from dalang.errors import AccessDenied, InvalidApiKey, NotFound
from dalang.store.sqlite import SQLiteStore
from tests.clock import ManualClock
from tests.samples import a_key

HOSTS = tuple(REGION_HOSTS.items())
HERE = "127.0.0.1:8000"
SINGAPORE = "dashscope-intl.aliyuncs.com"


def headers(secret: str, workspace: str | None = None) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"} | ({"x-dashscope-workspace": workspace} if workspace else {})


@pytest.fixture
async def keys(store: SQLiteStore, clock: ManualClock) -> SQLiteStore:
    await store.create_key(a_key(clock), "sk-local")
    await store.create_key(a_key(clock, region="cn-beijing"), "sk-beijing")
    await store.create_key(a_key(clock, workspace="studio"), "sk-studio")
    await store.create_key(a_key(clock, account="other", workspace="theirs"), "sk-theirs")
    return store


@pytest.mark.parametrize(
    ("secret", "host", "region"),
    [
        ("sk-local", HERE, "local"),
        ("sk-local", SINGAPORE, "ap-southeast-1"),
        ("sk-beijing", HERE, "cn-beijing"),
        ("sk-beijing", "dashscope.aliyuncs.com", "cn-beijing"),
    ],
)
async def test_a_call_acts_in_the_region_of_its_key_or_else_of_its_host(
    keys: SQLiteStore, secret: str, host: str, region: str
) -> None:
    assert caller(keys, HOSTS, headers(secret), host).region == region


async def test_a_key_of_one_region_is_none_in_another_and_told_where_it_is_one(keys: SQLiteStore) -> None:
    with pytest.raises(InvalidApiKey) as refused:
        caller(keys, HOSTS, headers("sk-beijing"), SINGAPORE)
    assert refused.value.message == (
        "Invalid API-key provided. It belongs to region cn-beijing (Beijing), reached at dashscope.* or "
        "*.cn-beijing.*; this host is ap-southeast-1 (Singapore)."
    )


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer  ", "Basic sk-local"])
async def test_no_key_is_told_apart_from_a_wrong_one(keys: SQLiteStore, authorization: str | None) -> None:
    given = {} if authorization is None else {"authorization": authorization}
    with pytest.raises(InvalidApiKey, match=r"^No API-key provided\.$"):
        caller(keys, HOSTS, given, HERE)
    with pytest.raises(InvalidApiKey, match=r"^Invalid API-key provided\.$"):
        caller(keys, HOSTS, headers("sk-nobody"), HERE)


async def test_a_key_acts_in_its_own_workspace_only(keys: SQLiteStore) -> None:
    assert caller(keys, HOSTS, headers("sk-studio", "studio"), HERE).workspace == "studio"
    with pytest.raises(AccessDenied, match=r"^Workspace access denied\. .* workspace default\.$") as refused:
        caller(keys, HOSTS, headers("sk-local", "studio"), HERE)
    assert refused.value.code == "Workspace.AccessDenied"


@pytest.mark.parametrize("workspace", ["nowhere", "theirs"])
async def test_a_workspace_of_nobody_or_of_another_account_is_not_found(keys: SQLiteStore, workspace: str) -> None:
    with pytest.raises(NotFound, match=r"^WorkSpace can not be found\.") as refused:
        caller(keys, HOSTS, headers("sk-local", workspace), HERE)
    assert refused.value.code == "WorkSpaceNotFound"


async def test_a_workspace_goes_with_its_last_key(keys: SQLiteStore) -> None:
    studio = keys.find_key("sk-studio")
    assert studio
    await keys.revoke_key(studio.id)
    with pytest.raises(NotFound):
        caller(keys, HOSTS, headers("sk-local", "studio"), HERE)
