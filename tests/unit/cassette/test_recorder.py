"""What a recorder passes on, what it tells, and what it keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dalang.cassette.folder import Tape
from dalang.cassette.recorder import Recorder
from dalang.cassette.upstream import Upstream
from dalang.errors import ConfigError
from tests.clock import ManualClock
from tests.unit.cassette.conftest import (
    CREATE,
    KEY,
    LINK,
    OSS_REFUSAL,
    POLICY,
    VIDEO,
    Cassette,
    Cloud,
    client_of,
    ended,
    told,
    zipped,
)

PICTURE = "data:image/png;base64,iVBORw0KGgo="
PICTURE_DIGEST = "sha256:4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6"

FORM = {"OSSAccessKeyId": "LTAI-uploader", "Signature": POLICY["signature"], "policy": POLICY["policy"]}


# What goes out


async def test_a_call_reaches_the_service_as_it_was_made(http: httpx.AsyncClient, cloud: Cloud) -> None:
    headers = {"X-DashScope-WorkSpace": "ws-of-mine", "X-Own": "1"}
    await http.get("/api/v1/tasks/?page_no=1&status=a%2Bb", headers=headers)
    (asked,) = cloud.asked
    assert str(asked.url) == "https://cloud.example/api/v1/tasks/?page_no=1&status=a%2Bb"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert (asked.headers["x-dashscope-workspace"], asked.headers["x-own"]) == ("ws-of-mine", "1")
    assert (asked.headers["host"], asked.headers["accept-encoding"]) == ("cloud.example", "identity")


@pytest.mark.parametrize("address", ["https://cloud.example/wan", "https://cloud.example/wan/api/v1/"])
async def test_an_upstream_may_be_named_with_its_api_or_without(
    cloud: Cloud, tmp_path: Path, clock: ManualClock, address: str
) -> None:
    upstream = Upstream(address, httpx.MockTransport(cloud))
    async with client_of(Recorder(upstream, Tape(tmp_path / "new", upstream.name, clock))) as http:
        await http.get("/api/v1/tasks/task-1")
    assert str(cloud.asked[0].url) == "https://cloud.example/wan/api/v1/tasks/task-1"


@pytest.mark.parametrize(
    "address", ["cloud.example", "ftp://cloud.example", "https://user:pw@cloud.example", "http://"]
)
def test_an_upstream_that_is_no_plain_address_stops_the_start(address: str) -> None:
    with pytest.raises(ConfigError, match="must look like"):
        Upstream(address)


def test_a_workspace_in_an_upstreams_name_is_not_shown() -> None:
    upstream = Upstream("https://ws-of-mine.cn-beijing.maas.example/api/v1")
    assert (upstream.name, upstream.workspace) == ("https://workspace.cn-beijing.maas.example", "ws-of-mine")


async def test_other_paths_are_not_passed_on(http: httpx.AsyncClient, cloud: Cloud) -> None:
    reply = await http.get("/console/keys")
    assert (reply.status_code, reply.json()["code"], cloud.asked) == (404, "NotFound", [])


async def test_a_redirect_is_told_and_not_followed(http: httpx.AsyncClient, cloud: Cloud) -> None:
    cloud.answers["/api/v1/tasks/task-1"] = lambda _: httpx.Response(302, headers={"location": "http://127.0.0.1/"})
    reply = await http.get("/api/v1/tasks/task-1")
    assert (reply.status_code, len(cloud.asked)) == (302, 1)


# What comes back


async def test_what_the_service_says_is_told_byte_for_byte(http: httpx.AsyncClient, cloud: Cloud) -> None:
    raw = b'{ "code":"Throttling", "message":"slow", "request_id":"r" }'
    headers = {"content-type": "application/json", "retry-after": "7", "x-request-id": "r"}
    cloud.answers[CREATE] = lambda _: httpx.Response(429, content=raw, headers=headers)
    reply = await http.post(CREATE, json={"model": "m"})
    assert (reply.status_code, reply.content) == (429, raw)
    assert {name: reply.headers[name] for name in headers} == headers


async def test_headers_pass_whatever_their_encoding(http: httpx.AsyncClient, cloud: Cloud) -> None:
    note = "狐.mp4".encode()
    cloud.answers[CREATE] = lambda _: httpx.Response(200, json={}, headers=[(b"X-Note", note)])
    reply = await http.post(CREATE, json={"model": "m"}, headers=[(b"X-Project", note)])
    assert dict(reply.headers.raw)[b"x-note"] == note
    assert dict(cloud.asked[0].headers.raw)[b"x-project"] == note


async def test_a_compressed_reply_is_told_plain(http: httpx.AsyncClient, cloud: Cloud) -> None:
    cloud.answers["/api/v1/tasks/task-1"] = lambda _: zipped({"output": {"task_id": "task-1"}})
    reply = await http.get("/api/v1/tasks/task-1")
    assert reply.json() == {"output": {"task_id": "task-1"}}
    assert "content-encoding" not in reply.headers


async def test_a_service_that_cannot_be_reached_is_told_plainly_and_not_kept(
    http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette
) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused")

    cloud.answers[CREATE] = refuse
    reply = await http.post(CREATE, json={"model": "m"})
    assert (reply.status_code, reply.json()["code"]) == (502, "InternalError.Upstream")
    assert reply.json()["message"] == "https://cloud.example cannot be reached (Connection refused)."
    assert cassette.names == []


# Videos


async def link_of(http: httpx.AsyncClient) -> str:
    return str((await http.get("/api/v1/tasks/task-1")).json()["output"]["video_url"])


async def test_a_video_passes_through_and_is_fetched_once(
    http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette
) -> None:
    link = await link_of(http)
    assert link.startswith("http://here.test:8001/cassette/files/task-1-")
    ranged = [http.get(link, headers={"Range": f"bytes={start}-{start + 9}"}) for start in (0, 100, 1000)]
    replies = await asyncio.gather(*ranged, http.get(link))
    assert [reply.status_code for reply in replies] == [206, 206, 206, 200]
    assert [reply.content for reply in replies] == [VIDEO[0:10], VIDEO[100:110], VIDEO[1000:1010], VIDEO]
    (fetched,) = cloud.to("results.example")
    assert (str(fetched.url), "authorization" in fetched.headers, "range" in fetched.headers) == (LINK, False, False)
    (file,) = (cassette.folder / "files").iterdir()
    assert file.read_bytes() == VIDEO
    assert cassette.read("0001-query.json")["reply"]["body"]["output"]["video_url"] == f"cassette://files/{file.name}"


async def test_a_new_signature_is_the_same_file(http: httpx.AsyncClient, cloud: Cloud) -> None:
    first = await link_of(http)
    newer = {"output": {**ended(), "video_url": LINK.replace("1790000000", "1790009999")}}
    cloud.answers["/api/v1/tasks/task-1"] = lambda _: told(newer)
    assert await link_of(http) == first


async def test_a_link_that_has_ended_is_told_and_nothing_kept(
    http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette
) -> None:
    cloud.answers["/1d/film.mp4"] = lambda _: httpx.Response(403, content=b"<Error/>")
    reply = await http.get(await link_of(http))
    assert (reply.status_code, list((cassette.folder / "files").iterdir())) == (403, [])


async def test_of_a_file_that_breaks_off_nothing_is_kept(
    http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette
) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield VIDEO[:100]
        raise httpx.ReadError("gone")

    cloud.answers["/1d/film.mp4"] = lambda _: httpx.Response(200, content=half())
    reply = await http.get(await link_of(http))
    assert (reply.status_code, list((cassette.folder / "files").iterdir())) == (502, [])


async def test_any_signed_address_passes_through(http: httpx.AsyncClient, cloud: Cloud) -> None:
    cloud.answers["/api/v1/tasks/"] = lambda _: told({"data": [{"cover": LINK, "home": "https://home.example/a"}]})
    (row,) = (await http.get("/api/v1/tasks/")).json()["data"]
    assert (await http.get(row["cover"])).content == VIDEO
    assert row["home"] == "https://home.example/a"


@pytest.mark.parametrize("name", ["task-1-unknown.mp4", "..%2Fcassette.json", ".hidden"])
async def test_a_file_that_no_reply_named_is_not_there(http: httpx.AsyncClient, cloud: Cloud, name: str) -> None:
    assert (await http.get(f"/cassette/files/{name}")).status_code == 404
    assert cloud.asked == []


# Events


async def test_events_pass_through_and_are_kept_as_json(
    http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette
) -> None:
    end = f'event: end\r\ndata: {{"output":{{"video_url":"{LINK}"}}}}\r\n\r\n'
    stream = ': hello\n\nevent: progress\ndata: {"n":1}\n\n' + end + "data: cut"
    headers = {"content-type": "text/event-stream"}
    cloud.answers["/api/v1/tasks/task-1/events"] = lambda _: httpx.Response(200, content=stream, headers=headers)
    reply = await http.get("/api/v1/tasks/task-1/events")
    assert reply.headers["content-type"] == "text/event-stream"
    assert reply.text.startswith(': hello\n\nevent: progress\ndata: {"n":1}\n\nevent: end\n')
    assert reply.text.endswith("\n\ndata: cut")
    assert "results.example" not in reply.text
    first, last = cassette.read("0001-events.json")["reply"]["body"]
    assert first == {"event": "progress", "data": {"n": 1}}
    assert last["data"]["output"]["video_url"].startswith("cassette://files/")


# Uploads


async def post_form(http: httpx.AsyncClient, key: str, content: bytes = b"a picture") -> httpx.Response:
    policy = (await http.get("/api/v1/uploads?action=getPolicy&model=m")).json()["data"]
    assert policy["upload_host"] == "http://here.test:8001/cassette/uploads"
    return await http.post(policy["upload_host"], data={**FORM, "key": key}, files={"file": ("first.png", content)})


KEY_OF_FILE = f"{POLICY['upload_dir']}/first.png"


async def test_an_upload_goes_where_its_policy_said_and_its_address_works(
    http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette
) -> None:
    assert (await post_form(http, KEY_OF_FILE)).status_code == 200
    (sent,) = cloud.to("uploads.example")
    assert str(sent.url) == "https://uploads.example/put"
    assert b'name="Signature"\r\n\r\np0licySignature=' in sent.content
    assert sent.headers["content-length"] == str(len(sent.content))
    await http.post(CREATE, json={"model": "m", "input": {"img_url": f"oss://{KEY_OF_FILE}"}})
    assert f"oss://{KEY_OF_FILE}" in cloud.asked[-1].content.decode()
    upload, create = cassette.read("0002-upload.json"), cassette.read("0003-create.json")
    assert (upload["request"]["body"]["name"], upload["request"]["body"]["size"]) == ("first.png", 9)
    assert create["request"]["body"]["input"]["img_url"] == f"sha256:{upload['request']['body']['sha256']}"


async def test_a_form_without_a_policy_of_this_recorder_goes_nowhere(http: httpx.AsyncClient, cloud: Cloud) -> None:
    reply = await post_form(http, "elsewhere/first.png")
    assert (reply.status_code, cloud.to("uploads.example")) == (403, [])
    assert "<Code>AccessDenied</Code>" in reply.text


async def test_of_a_refused_upload_code_and_sentence_are_kept(
    http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette
) -> None:
    cloud.answers["/put"] = lambda _: httpx.Response(403, text=OSS_REFUSAL, headers={"content-type": "application/xml"})
    reply = await post_form(http, KEY_OF_FILE)
    assert (reply.status_code, reply.text) == (403, OSS_REFUSAL)
    kept = cassette.read("0002-upload.json")["reply"]
    assert kept == {"status": 403, "body": {"code": "AccessDenied", "message": "Policy expired & over."}}


# What is kept


async def test_an_exchange_is_on_the_disk_as_json_when_its_reply_goes_out(
    http: httpx.AsyncClient, cassette: Cassette
) -> None:
    body = {"model": "wan", "input": {"prompt": "一只猫", "img_url": PICTURE}, "parameters": {"seed": 7}}
    await http.post(CREATE, json=body, headers={"X-DashScope-Async": "enable"})
    assert cassette.names == ["0001-create.json"]
    assert '\n      "input": {\n        "prompt": "一只猫",' in (cassette.folder / "0001-create.json").read_text()
    assert cassette.read("0001-create.json") == {
        "request": {
            "method": "POST",
            "path": CREATE,
            "headers": {"content-type": "application/json", "x-dashscope-async": "enable"},
            "body": {**body, "input": {"prompt": "一只猫", "img_url": PICTURE_DIGEST}},
        },
        "reply": {
            "status": 200,
            "headers": {"content-type": "application/json"},
            "body": {"request_id": "r-1", "output": {"task_status": "PENDING", "task_id": "task-1"}},
        },
    }


async def test_no_secret_is_kept_wherever_it_stands(http: httpx.AsyncClient, cloud: Cloud, cassette: Cassette) -> None:
    """Each text here opens something or tells whose it is."""
    workspace, cookie, signed = "ws-of-mine", "cookie-of-mine", "https://me:passw0rd@media.example/a.png?Signature=qs1g"
    repeated: dict[str, Any] = {
        "code": "InvalidApiKey",
        "message": f"No such key {KEY} in {workspace}, with {cookie}; cannot fetch {signed} nor oss://{KEY_OF_FILE}.",
        "data": [{"api_key_id": "id-of-key", "caller_uid": 1234567890123, "link": LINK}],
    }
    cloud.answers["/api/v1/tasks/"] = lambda _: told(repeated, 401, set_cookie="token=told-cookie")
    await post_form(http, KEY_OF_FILE)
    await http.get(await link_of(http))
    headers = {"X-DashScope-WorkSpace": workspace, "Cookie": f"a={cookie}", "Idempotency-Key": "once-only"}
    await http.get("/api/v1/tasks/?api_key_id=id-of-key", headers=headers)
    body = {"model": "m", "input": {"img_url": signed, "audio_url": PICTURE, "prompt": f"see {signed}"}}
    await http.post(CREATE, json=body, headers=headers)
    secrets = [KEY, workspace, cookie, "told-cookie", "once-only", "passw0rd", "qs1g", "id-of-key", "1234567890123"]
    secrets += ["LTAI", "s1gn", "1790000000", "iVBORw0KGgo", "accountdigest", POLICY["policy"], POLICY["signature"]]
    assert [secret for secret in map(str, secrets) if secret in cassette.text()] == []
    assert "https://media.example/a.png" in cassette.text()
