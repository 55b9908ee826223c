"""What comes in the body or was uploaded goes to storage under its task, which needs nothing else then."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dalang.api.policy import new_folder, upload_id
from dalang.api.uploads import LIFE
from dalang.fetch import parse_data_url
from dalang.store import Upload
from tests.unit.api.conftest import ASYNC, CREATE, PHOTO, PIXEL, SOUND, Service, body_of, changed


async def test_a_picture_in_the_body_goes_to_storage(service: Service, client: httpx.AsyncClient) -> None:
    body = {"model": "wan2.6-i2v", "input": {"img_url": PIXEL}}
    task = service.get(await service.created(client, body))
    assert task.request.image == f"input:{task.id}/image"
    kept = await service.storage.local(f"{task.id}/image")
    assert kept.read_bytes() == parse_data_url(PIXEL)[1]
    assert task.prepared is None


@pytest.mark.parametrize("scheme", ["DATA", "Data"])
async def test_the_letters_of_a_scheme_may_be_large(service: Service, client: httpx.AsyncClient, scheme: str) -> None:
    picture = f"{scheme}{PIXEL.removeprefix('data')}"
    task = service.get(await service.created(client, changed(PHOTO, input={"img_url": picture})))
    assert task.request.image == f"input:{task.id}/image"
    address = (await upload(service)).replace("oss://", "OSS://")
    task = service.get(await service.created(client, changed(PHOTO, input={"img_url": address})))
    assert task.request.image == f"input:{task.id}/image"


async def test_every_medium_in_the_body_goes_to_storage_under_its_name(
    service: Service, client: httpx.AsyncClient
) -> None:
    media = [("first_frame", PIXEL), ("last_frame", PIXEL), ("driving_audio", SOUND)]
    body = {"model": "wan2.7-i2v", "input": {"media": [{"type": type, "url": url} for type, url in media]}}
    task = service.get(await service.created(client, body))
    asked = task.request
    names = ("image", "last_image", "audio")
    assert [asked.image, asked.last_image, asked.audio] == [f"input:{task.id}/{name}" for name in names]
    assert service.files() == sorted(f"{task.id}/{name}" for name in names)


async def upload(service: Service, **changes: Any) -> str:
    """The `oss://` address of a file that is here."""
    now, edge = service.clock(), service.edge()
    account, model = changes.get("account", "acme"), changes.get("model", "wan2.6-i2v")
    folder = new_folder(account, service.clock)
    found = upload_id(f"{folder}/fox.png")
    assert found is not None
    await edge.storage.write(f"{found}/file", [b"a fox"])
    await edge.store.add_upload(Upload(found, account, model, "fox.png", 5, now, now + LIFE))
    return f"oss://{folder}/fox.png"


async def test_an_upload_is_copied_to_its_task_and_may_end(service: Service, client: httpx.AsyncClient) -> None:
    address = await upload(service)
    task = service.get(await service.created(client, changed(PHOTO, input={"img_url": address})))
    assert task.request.image == f"input:{task.id}/image"
    service.clock.advance(LIFE)
    for gone in await service.store.expire(9):
        await service.storage.delete_task(gone.task_id)
    assert service.files() == [f"{task.id}/image"]
    assert (await service.storage.local(f"{task.id}/image")).read_bytes() == b"a fox"


@pytest.mark.parametrize("case", ["another account's", "another model's", "expired", "never was", "no address of ours"])
async def test_an_upload_that_is_not_for_this_call_is_refused(
    service: Service, client: httpx.AsyncClient, case: str
) -> None:
    changes = {"another account's": {"account": "else"}, "another model's": {"model": "wan2.5-i2v-preview"}}
    address = await upload(service, **changes.get(case, {}))
    if case == "expired":
        service.clock.advance(LIFE)
    elif case == "never was":
        address = f"oss://{new_folder('acme', service.clock)}/fox.png"
    elif case == "no address of ours":
        address = "oss://bucket/fox.png"
    body = changed(PHOTO, input={"img_url": address})
    reply = body_of(await client.post(CREATE, json=body, headers=ASYNC), 400)
    assert reply["code"] == "InvalidURL"
    assert reply["message"].startswith("Invalid URL provided in your request. An oss:// address lives 48 hours")
    assert await service.count() == 0


async def test_only_the_cloud_s_habits_need_the_resolve_header(service: Service, client: httpx.AsyncClient) -> None:
    body = changed(PHOTO, input={"img_url": await upload(service)})
    await service.created(client, body)
    cloud = service.client(like_cloud=True)
    refused = body_of(await cloud.post(CREATE, json=body, headers=ASYNC), 400)
    assert refused["code"] == "InvalidParameter.DataInspection"
    resolve = {**ASYNC, "X-DashScope-OssResourceResolve": "enable"}
    assert body_of(await cloud.post(CREATE, json=body, headers=resolve))
