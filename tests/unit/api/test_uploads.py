"""getPolicy, the form POST and `oss://` addresses, over ASGI on a real store and storage."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ElementTree
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dalang.api import uploads
from dalang.api.edge import Edge
from dalang.api.uploads import find_upload
from dalang.config import Config
from dalang.errors import ProtocolError
from dalang.ids import is_id
from dalang.store import Upload
from tests.samples import a_key
from tests.unit.api.conftest import Service

MODEL = "wan2.6-i2v"
POLICY = "/api/v1/uploads"
FOX = b"\x89PNG a fox \r\n--" * 20_000

HOUR = 3_600_000


async def policy(client: httpx.AsyncClient, model: str = MODEL) -> dict[str, Any]:
    reply = await client.get(POLICY, params={"action": "getPolicy", "model": model})
    assert reply.status_code == 200, reply.text
    return dict(reply.json()["data"])


def fields(policy: dict[str, Any], name: str = "fox.png", /, **changes: str | None) -> dict[str, str]:
    """As the SDKs send them."""
    form = {
        "OSSAccessKeyId": policy["oss_access_key_id"],
        "Signature": policy["signature"],
        "policy": policy["policy"],
        "key": f"{policy['upload_dir']}/{name}",
        "x-oss-object-acl": policy["x_oss_object_acl"],
        "x-oss-forbid-overwrite": policy["x_oss_forbid_overwrite"],
        "success_action_status": "200",
        **changes,
    }
    return {name: value for name, value in form.items() if value is not None}


async def post(client: httpx.AsyncClient, form: dict[str, str], content: bytes = FOX) -> httpx.Response:
    """Without the key: the form carries the only credential."""
    request = client.build_request("POST", "/uploads", data=form, files={"file": ("fox.png", content)})
    request.headers.pop("authorization", None)
    return await client.send(request)


async def uploaded(service: Service, content: bytes = FOX, **settings: Any) -> tuple[Edge, str]:
    """The edge it came through and its `oss://` address."""
    async with service.client(**settings) as client:
        form = fields(await policy(client))
        assert (await post(client, form, content)).status_code == 200
    return edge(service, **settings), f"oss://{form['key']}"


def edge(service: Service, **settings: Any) -> Edge:
    return Edge(Config(data=str(service.data), **settings), service.store, service.storage, service.clock)


def error(reply: httpx.Response) -> tuple[int, str | None]:
    assert reply.headers["content-type"].startswith("application/xml")
    root = ElementTree.fromstring(reply.text)
    assert root.tag == "Error"
    assert root.findtext("Message")
    return reply.status_code, root.findtext("Code")


def files(service: Service) -> list[Path]:
    return [file for file in (service.data / "files").rglob("*") if file.is_file()]


# The policy


async def test_a_policy_has_every_documented_member(client: httpx.AsyncClient) -> None:
    reply = await client.get(POLICY, params={"action": "getPolicy", "model": MODEL})
    assert set(reply.json()) == {"request_id", "data"}
    data = reply.json()["data"]
    assert data.pop("policy")
    assert data.pop("signature")
    assert data.pop("upload_dir").startswith("dashscope-instant/")
    assert data == {
        "upload_host": "http://dalang.test:8000/uploads",
        "expire_in_seconds": 300,
        "max_file_size_mb": 100,
        "capacity_limit_mb": 999999999,
        "oss_access_key_id": "dalang",
        "x_oss_object_acl": "private",
        "x_oss_forbid_overwrite": "true",
    }


async def test_the_upload_host_is_where_clients_reach_us(service: Service) -> None:
    async with service.client(public_url="https://video.example.com/") as client:
        assert (await policy(client))["upload_host"] == "https://video.example.com/uploads"


async def test_every_policy_has_a_folder_of_its_own(client: httpx.AsyncClient) -> None:
    assert len({(await policy(client))["upload_dir"] for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"model": MODEL}, "Required parameter(action) missing or invalid"),
        ({"action": "other", "model": MODEL}, "Required parameter(action) missing or invalid"),
        ({"action": "getPolicy"}, "Required parameter(model) missing or invalid"),
        ({"action": "getPolicy", "model": "wan9"}, "Model not exist."),
    ],
)
async def test_a_policy_is_for_a_model_we_have(client: httpx.AsyncClient, asked: dict[str, str], message: str) -> None:
    reply = await client.get(POLICY, params=asked)
    assert (reply.status_code, reply.json()["code"]) == (400, "InvalidParameter")
    assert reply.json()["message"].startswith(message)


async def test_a_policy_needs_a_key_and_one_for_that_model(service: Service) -> None:
    async with service.client(key=None) as client:
        assert (await client.get(POLICY)).status_code == 401
    await service.store.create_key(a_key(service.clock, models=("wan2.6-t2v*",)), "sk-text")
    async with service.client(key="sk-text") as client:
        reply = await client.get(POLICY, params={"action": "getPolicy", "model": MODEL})
    assert (reply.status_code, reply.json()["code"]) == (403, "Model.AccessDenied")


# The form


async def test_a_file_is_kept_as_it_was_sent_and_found_by_its_address(service: Service) -> None:
    edge, url = await uploaded(service)
    found = await find_upload(edge, a_key(service.clock), MODEL, url)
    assert is_id(found.id)
    now = service.clock()
    assert found == Upload(found.id, "acme", MODEL, "fox.png", len(FOX), now, now + 48 * HOUR)
    assert (await service.storage.local(f"{found.id}/file")).read_bytes() == FOX
    assert len(files(service)) == 1


@pytest.mark.parametrize("name", ["雪 狐.png", "a+b&c=d%20.png", "x" * 255, ".."])
async def test_a_file_may_have_any_name(service: Service, name: str) -> None:
    async with service.client() as client:
        form = fields(await policy(client), name)
        assert (await post(client, form)).status_code == 200
    found = await find_upload(edge(service), a_key(service.clock), MODEL, f"oss://{form['key']}")
    assert found.name == name


@pytest.mark.parametrize(("asked", "status"), [("200", 200), ("201", 201), ("204", 204), ("302", 204), (None, 204)])
async def test_the_form_chooses_the_status_of_success(
    client: httpx.AsyncClient, asked: str | None, status: int
) -> None:
    form = fields(await policy(client), success_action_status=asked)
    reply = await post(client, form)
    assert reply.status_code == status
    if status == 201:
        assert ElementTree.fromstring(reply.text).findtext("Key") == form["key"]


async def test_one_policy_may_bring_several_files_but_none_twice(client: httpx.AsyncClient) -> None:
    granted = await policy(client)
    names = ("first.png", "last.png", "first.png")
    replies = [await post(client, fields(granted, name)) for name in names]
    assert [reply.status_code for reply in replies] == [200, 200, 409]
    assert error(replies[2]) == (409, "FileAlreadyExists")


async def test_of_two_that_send_the_same_file_at_once_one_is_told_that_it_exists(service: Service) -> None:
    async with service.client() as client:
        form = fields(await policy(client))
        replies = await asyncio.gather(post(client, form, b"one"), post(client, form, b"two"))
    assert sorted(reply.status_code for reply in replies) == [200, 409]
    (kept,) = files(service)
    assert kept.read_bytes() == (b"one", b"two")[[reply.status_code for reply in replies].index(200)]


REFUSED: list[tuple[dict[str, str | None], int, str]] = [
    ({"policy": None}, 403, "AccessDenied"),
    ({"Signature": None}, 403, "AccessDenied"),
    ({"Signature": "c2lnbmF0dXJl"}, 403, "SignatureDoesNotMatch"),
    ({"policy": "e30="}, 403, "SignatureDoesNotMatch"),
    ({"key": None}, 403, "AccessDenied"),
    ({"key": "dashscope-instant/elsewhere/fox.png"}, 403, "AccessDenied"),
]


@pytest.mark.parametrize(("changes", "status", "code"), REFUSED)
async def test_a_form_against_its_policy_leaves_nothing(
    service: Service, client: httpx.AsyncClient, changes: dict[str, str | None], status: int, code: str
) -> None:
    assert error(await post(client, fields(await policy(client), **changes))) == (status, code)
    assert files(service) == []


@pytest.mark.parametrize("name", ["", "a/b.png", "a\nb.png", "x" * 256])
async def test_a_name_that_is_none_is_refused(service: Service, client: httpx.AsyncClient, name: str) -> None:
    assert error(await post(client, fields(await policy(client), name))) == (400, "InvalidObjectName")
    assert files(service) == []


async def test_a_late_form_is_told_what_oss_tells(service: Service, client: httpx.AsyncClient) -> None:
    form = fields(await policy(client))
    service.clock.advance(300_000)
    reply = await post(client, form)
    assert error(reply) == (403, "AccessDenied")
    assert "<Message>Invalid according to Policy: Policy expired.</Message>" in reply.text


async def test_a_file_may_be_as_large_as_the_policy_says_and_no_byte_larger(service: Service) -> None:
    async with service.client(upload_limit=1) as client:
        form = fields(await policy(client))
        assert error(await post(client, form, bytes((1 << 20) + 1))) == (400, "EntityTooLarge")
        assert files(service) == []
        assert (await post(client, form, bytes(1 << 20))).status_code == 200
        assert error(await post(client, fields(await policy(client)), bytes(3 << 20))) == (400, "EntityTooLarge")


async def test_a_body_that_announces_too_much_is_refused_before_a_byte_of_it_is_kept(service: Service) -> None:
    async with service.client(upload_limit=1) as client:
        assert error(await post(client, fields(await policy(client)), bytes(2 << 20))) == (400, "EntityTooLarge")
    assert list((service.data / "files").iterdir()) == [], "no folder was made for it"


async def test_a_file_that_was_taken_is_known_by_its_row_alone(service: Service, client: httpx.AsyncClient) -> None:
    form = fields(await policy(client))
    assert (await post(client, form)).status_code == 200
    (kept,) = files(service)
    kept.unlink()
    assert error(await post(client, form)) == (409, "FileAlreadyExists")


async def test_a_body_of_unknown_length_is_held_to_the_same_limit(service: Service) -> None:
    async with service.client(upload_limit=1) as client:
        granted = await policy(client)
        for size, status in (((1 << 20) + 1, 400), (1 << 20, 200)):
            made = httpx.Request("POST", "http://x", data=fields(granted), files={"file": ("a", bytes(size))})

            async def chunks(body: bytes = made.read()) -> AsyncIterator[bytes]:
                for start in range(0, len(body), 50_000):
                    yield body[start : start + 50_000]

            reply = await client.post(
                "/uploads", content=chunks(), headers={"content-type": made.headers["content-type"]}
            )
            assert reply.status_code == status


async def test_an_empty_file_is_refused(service: Service, client: httpx.AsyncClient) -> None:
    assert error(await post(client, fields(await policy(client)), b"")) == (400, "EntityTooSmall")
    assert files(service) == []


async def test_a_nearly_full_disk_takes_no_file(service: Service) -> None:
    async with service.client(disk_floor=1 << 40) as client:
        granted = await policy(client)
        assert error(await post(client, fields(granted))) == (503, "ServiceUnavailable")
    assert files(service) == []


async def test_a_client_that_stalls_is_told_and_leaves_nothing(
    service: Service, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "START_SECONDS", 0.05)
    form = fields(await policy(client))
    made = httpx.Request("POST", "http://x", data=form, files={"file": ("a", bytes(400))})
    never = asyncio.Event()

    async def chunks() -> AsyncIterator[bytes]:
        yield made.read()[:-200]
        await never.wait()

    reply = await client.post("/uploads", content=chunks(), headers={"content-type": made.headers["content-type"]})
    assert error(reply) == (400, "RequestTimeout")
    assert files(service) == []


async def test_a_truncated_form_leaves_nothing(service: Service, client: httpx.AsyncClient) -> None:
    made = httpx.Request("POST", "http://x", data=fields(await policy(client)), files={"file": ("a", bytes(400))})
    content_type = {"content-type": made.headers["content-type"]}
    reply = await client.post("/uploads", content=made.read()[:-50], headers=content_type)
    assert error(reply) == (400, "MalformedPOSTRequest")
    assert files(service) == []


async def test_more_files_than_places_wait_their_turn(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "WAIT_SECONDS", 0.05)
    full = edge(service, disk_floor=0)
    for n in range(64):
        await full.uploads.take(f"account {n % 2}", 1)
    with pytest.raises(ProtocolError) as refused:
        async with uploads._place(full, "a third"):
            raise AssertionError("there was no place")
    assert (refused.value.status, refused.value.code) == (503, "ServiceUnavailable")
    await full.uploads.give_back("account 0", 1)
    for _ in range(2):
        async with uploads._place(full, "a third"):
            pass  # and it is given back


async def test_one_account_s_files_leave_places_to_others(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "WAIT_SECONDS", 0.05)
    half = edge(service, disk_floor=0)
    for _ in range(32):
        await half.uploads.take("slow", 1)
    with pytest.raises(ProtocolError, match="Too many files"):
        async with uploads._place(half, "slow"):
            raise AssertionError("it has its half")
    async with uploads._place(half, "another"):
        pass


# The address


async def test_an_address_works_for_its_account_and_model_for_48_hours_and_else_all_is_alike(service: Service) -> None:
    edge, url = await uploaded(service)
    mine = a_key(service.clock)

    async def refusal(key: Any = mine, model: str = MODEL, url: str = url) -> tuple[str, str]:
        with pytest.raises(ProtocolError) as refused:
            await find_upload(edge, key, model, url)
        assert refused.value.status == 400
        return refused.value.code, refused.value.message

    told = {
        await refusal(key=a_key(service.clock, account="other")),
        await refusal(model="wan2.6-i2v-flash"),
        await refusal(url=url + "x"),
        await refusal(url="oss://bucket/fox.png"),
    }
    service.clock.advance(48 * HOUR - 1)
    assert await find_upload(edge, mine, MODEL, url)
    service.clock.advance(1)
    told.add(await refusal())
    ((code, message),) = told
    assert code == "InvalidURL"
    assert "48 hours" in message


async def test_only_the_clouds_habits_ask_for_the_resolve_header(service: Service) -> None:
    edge, url = await uploaded(service)
    assert await find_upload(edge, a_key(service.clock), MODEL, url, resolves=False)
    strict, url = await uploaded(service, like_cloud=True)
    assert await find_upload(strict, a_key(service.clock), MODEL, url, resolves=True)
    with pytest.raises(ProtocolError) as refused:
        await find_upload(strict, a_key(service.clock), MODEL, url, resolves=False)
    assert (refused.value.status, refused.value.code) == (400, "InvalidParameter.DataInspection")
    assert refused.value.message.startswith("The media format is not supported or incorrect for the data inspection.")


async def test_an_upload_has_no_link(service: Service, client: httpx.AsyncClient) -> None:
    _, url = await uploaded(service)
    (kept,) = files(service)
    for path in (
        f"/files/{kept.parent.name}/file",
        f"/files/{url.removeprefix('oss://')}",
        f"/uploads/{kept.parent.name}",
    ):
        assert (await client.get(path)).status_code in (400, 403, 404)
