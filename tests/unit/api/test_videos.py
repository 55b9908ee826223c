"""/v1/videos: the same tasks, in OpenAI's words."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from dalang.models import MODELS, ModelSpec
from dalang.moderation import Moderator
from dalang.moderation.words import Words
from dalang.store import Charge, Outcome
from dalang.task import Task, TaskStatus
from tests.samples import a_key
from tests.unit.api.conftest import FOX, PHOTO, Service, query

VIDEOS = "/v1/videos"

ASKED: dict[str, Any] = {"prompt": "A fox runs through snow", "size": "1280x720", "seconds": "5", "seed": 7}

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))

PICTURE = {"input_reference": {"image_url": "https://pictures.example/fox.png"}}


async def make(client: httpx.AsyncClient, asked: dict[str, Any] = ASKED, **more: Any) -> dict[str, Any]:
    reply = await client.post(VIDEOS, json={**asked, **more})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def get(client: httpx.AsyncClient, video_id: str) -> dict[str, Any]:
    reply = await client.get(f"{VIDEOS}/{video_id}")
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def error_of(reply: httpx.Response, status: int) -> dict[str, Any]:
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/json"), reply.text
    assert reply.json().keys() == {"error"}
    error = dict(reply.json()["error"])
    assert list(error) == ["message", "type", "param", "code"]
    return error


def task_id_of(video: dict[str, Any]) -> str:
    return str(video["id"]).removeprefix("video_")


def task_of(service: Service, video: dict[str, Any]) -> Task:
    return service.get(task_id_of(video))


async def refused(client: httpx.AsyncClient, asked: dict[str, Any], status: int = 400) -> dict[str, Any]:
    return error_of(await client.post(VIDEOS, json=asked), status)


# What is asked


async def test_it_is_the_task_that_the_other_protocol_would_make(service: Service, client: httpx.AsyncClient) -> None:
    video = await make(client, model="wan2.6-t2v")
    assert task_of(service, video).request == service.get(await service.created(client, FOX)).request


async def test_a_picture_decides_on_the_model_where_none_is_named(service: Service, client: httpx.AsyncClient) -> None:
    assert (await make(client))["model"] == "wan2.6-t2v"
    with_picture = await make(client, {"prompt": "it turns", **PICTURE})
    assert with_picture["model"] == "wan2.6-i2v"
    assert task_of(service, with_picture).request.image == PICTURE["input_reference"]["image_url"]


@pytest.mark.parametrize("spec", MODELS.values(), ids=MODELS)
async def test_every_model_can_be_asked_for_in_all_its_sizes_and_lengths(
    service: Service, client: httpx.AsyncClient, spec: ModelSpec
) -> None:
    asked: dict[str, Any] = {"model": spec.name, "prompt": "a fox"} | ({} if spec.kind == "t2v" else PICTURE)
    for size in spec.sizes:
        request = task_of(service, await make(client, asked, size="{}x{}".format(*size))).request
        assert request.size == (size if spec.kind == "t2v" else None), "a picture has a shape of its own"
        assert request.tier == spec.tier_of(size)
    for seconds in spec.durations:
        assert task_of(service, await make(client, asked, seconds=str(seconds))).request.duration == seconds


@pytest.mark.parametrize("seconds", ["8", 8, 8.0, "8.0"])
async def test_seconds_may_be_a_text_or_a_number(service: Service, client: httpx.AsyncClient, seconds: Any) -> None:
    video = await make(client, seconds=seconds)
    assert (video["seconds"], task_of(service, video).request.duration) == ("8", 8)


async def test_what_openai_has_not_and_our_models_have_is_taken(service: Service, client: httpx.AsyncClient) -> None:
    more: dict[str, Any] = {"negative_prompt": "flowers", "prompt_extend": False, "watermark": True, "seed": 12}
    request = task_of(service, await make(client, **more)).request
    assert {name: getattr(request, name) for name in more} == more


@pytest.mark.parametrize(
    ("wrong", "param", "says"),
    [
        ({"seconds": "16"}, "seconds", "seconds must be one of 2, 3, 4"),
        ({"seconds": "four"}, "seconds", "seconds must be one of"),
        ({"seconds": True}, "seconds", "seconds must be a number"),
        ({"size": "1024x1792"}, "size", "size must be one of 1280x720, 720x1280"),
        ({"size": "1280*720"}, "size", "size must be one of 1280x720"),
        ({"prompt": " "}, "prompt", "prompt must contain words"),
        ({"prompt": 3}, "prompt", "prompt must be a string"),
        ({"model": "sora-2"}, "model", "Model not exist."),
        ({"fps": 24}, "fps", "Unknown parameter: 'fps'. Known are prompt, model, seconds"),
        ({"seed": -1}, "seed", "seed must be between 0"),
        ({"shot_type": "many"}, "shot_type", "shot_type must be in single,multi"),
        (PICTURE | {"model": "wan2.6-t2v"}, "input_reference", "wan2.6-t2v makes video from words alone"),
        ({"model": "wan2.6-i2v"}, "input_reference", "input_reference must be sent"),
        ({"input_reference": {"file_id": "file-1"}}, "input_reference", "input_reference.file_id is not supported"),
        ({"input_reference": {"image_url": "c:\\fox.png"}}, "input_reference", "input_reference names a file"),
        ({"input_reference": {"image_url": "fox"}}, "input_reference", "input_reference must be an http:// or"),
        ({"input_reference": "fox.png"}, "input_reference", "input_reference must be a JSON object"),
    ],
)
async def test_what_is_wrong_is_named_as_it_was_sent(
    service: Service, client: httpx.AsyncClient, wrong: dict[str, Any], param: str, says: str
) -> None:
    error = await refused(client, ASKED | wrong)
    assert (error["type"], error["param"]) == ("invalid_request_error", param)
    assert says in error["message"]
    assert await service.count() == 0


@pytest.mark.parametrize("model", ["wan2.6-i2v", "wan2.7-i2v", "wan2.2-kf2v-flash"])
async def test_no_field_of_the_other_protocol_is_spoken_of(client: httpx.AsyncClient, model: str) -> None:
    for url in ("fox", "file:///fox.png", "data:image/png;base64,"):
        error = await refused(client, {"model": model, "prompt": "a", "input_reference": {"image_url": url}})
        assert error["param"] == "input_reference"
        assert " input_reference " in error["message"]
        assert not any(name in error["message"] for name in ("img_url", "frame_url", "input.media"))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"prompt": "\xff"}'])
async def test_what_is_no_json_object_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    error = error_of(await client.post(VIDEOS, content=body), 400)
    assert "The body must be a JSON object" in error["message"]


# Forms


async def post_form(client: httpx.AsyncClient, fields: dict[str, Any], file: bytes | None = PNG) -> httpx.Response:
    parts = {name: (None, str(value)) for name, value in fields.items()}
    files: dict[str, Any] = {"input_reference": ("fox.png", file, "image/png")} if file is not None else {}
    return await client.post(VIDEOS, files={**files, **parts})  # the file stands first


async def test_a_file_is_kept_as_the_first_frame(service: Service, client: httpx.AsyncClient) -> None:
    reply = await post_form(client, {"prompt": "it turns", "seconds": 3, "seed": "9", "prompt_extend": "false"})
    assert reply.status_code == 200, reply.text
    task = task_of(service, reply.json())
    assert task.request.image == f"input:{task.id}/image"
    assert (await service.storage.local(f"{task.id}/image")).read_bytes() == PNG
    assert (task.model, task.request.duration, task.request.seed) == ("wan2.6-i2v", 3, 9)
    assert task.request.prompt_extend is False
    assert task.prepared is None, "its bytes are looked at in preparation"


async def test_a_form_may_have_no_file_or_name_a_nested_field(service: Service, client: httpx.AsyncClient) -> None:
    assert (await post_form(client, ASKED, None)).json()["model"] == "wan2.6-t2v"
    url = "https://pictures.example/fox.png"
    nested = await post_form(client, {"prompt": "a", "input_reference[image_url]": url}, None)
    assert task_of(service, nested.json()).request.image == url


async def test_a_form_is_held_to_the_same_rules(service: Service, client: httpx.AsyncClient) -> None:
    for fields, param in (({"fps": 24}, "fps"), ({"seed": "x"}, "seed"), ({"seconds": "no"}, "seconds")):
        assert error_of(await post_form(client, {"prompt": "a", **fields}), 400)["param"] == param
    assert (
        error_of(await post_form(client, {"prompt": "a"}, b""), 400)["message"] == "input_reference is an empty file."
    )
    assert (service.files(), await service.count()) == ([], 0)


async def test_a_file_is_as_large_as_a_picture_may_be(service: Service, client: httpx.AsyncClient) -> None:
    fits, over = bytes(20 << 20), bytes((20 << 20) + 3)
    assert (await post_form(client, {"prompt": "a"}, fits)).status_code == 200
    error = error_of(await post_form(client, {"prompt": "a"}, over), 400)
    assert (error["code"], error["param"]) == ("InvalidImage.ImageSize", "input_reference")
    assert error["message"].startswith("input_reference: the image is over 20 MB")
    assert error_of(await post_form(client, {"prompt": "a"}, bytes(33 << 20)), 413)["code"] == "InvalidParameter"


@pytest.mark.parametrize("names", [("prompt", "prompt[x]"), ("prompt[x]", "prompt")])
async def test_a_field_is_a_text_or_nested(client: httpx.AsyncClient, names: tuple[str, str]) -> None:
    fields = [(name, (None, b"A fox")) for name in names]
    error = error_of(await client.post(VIDEOS, files=fields), 400)
    assert (error["code"], error["param"]) == ("InvalidParameter", "prompt")


async def test_a_form_without_a_boundary_is_told_so(client: httpx.AsyncClient) -> None:
    bare = {"content-type": "multipart/form-data"}
    error = error_of(await client.post(VIDEOS, content=b"--XX--\r\n", headers=bare), 400)
    assert (error["code"], "boundary" in error["message"]) == ("MalformedPOSTRequest", True)


@pytest.mark.parametrize("reference", [{}, {"image_url": None}, {"image_url": ""}])
async def test_a_picture_that_is_none_is_not_left_out_in_silence(client: httpx.AsyncClient, reference: Any) -> None:
    error = await refused(client, {**ASKED, "input_reference": reference})
    assert (error["param"], "image_url" in error["message"]) == ("input_reference", True)


@pytest.mark.parametrize(
    ("asked", "param", "said"),
    [
        ({"input_reference": {"url": "x"}}, "input_reference", "Unknown parameter: 'url' within input_reference."),
        ({"a`b": 1}, "a`b", "Unknown parameter: 'a`b'."),
        ({"a\nb": 1}, "a\nb", "Unknown parameter: 'a\nb'."),
    ],
)
async def test_what_is_not_known_is_named(client: httpx.AsyncClient, asked: Any, param: str, said: str) -> None:
    error = await refused(client, {**ASKED, **asked})
    assert error["param"] == param
    assert error["message"].startswith(said)


async def test_a_form_that_is_cut_short_is_refused(client: httpx.AsyncClient) -> None:
    body = b'--edge\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na fox\r\n'
    headers = {"content-type": "multipart/form-data; boundary=edge"}
    assert error_of(await client.post(VIDEOS, content=body, headers=headers), 400)["code"] == "MalformedPOSTRequest"


async def test_a_form_that_is_sent_again_is_the_same_request_whatever_its_boundary(
    service: Service, client: httpx.AsyncClient
) -> None:
    once = {"Idempotency-Key": "one"}
    parts: dict[str, Any] = {"prompt": (None, "a fox"), "input_reference": ("fox.png", PNG)}
    first, again = [await client.post(VIDEOS, files=parts, headers=once) for _ in range(2)]
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert first.json()["id"] == again.json()["id"]
    assert await service.count() == 1
    other = await client.post(VIDEOS, files={**parts, "prompt": (None, "a cat")}, headers=once)
    assert "Idempotency-Key was used" in error_of(other, 400)["message"]


# The same admission


async def test_a_key_is_needed_and_may_be_of_other_models(service: Service) -> None:
    for key, says in ((None, "No API-key provided."), ("sk-wrong", "Invalid API-key provided.")):
        async with service.client(key=key) as client:
            for method, path in (("POST", ""), ("GET", ""), ("GET", "/video_x"), ("DELETE", "/video_x")):
                error = error_of(await client.request(method, VIDEOS + path), 401)
                assert (error["code"], error["message"]) == ("InvalidApiKey", says)
    await service.store.create_key(a_key(service.clock, id="key-2", models=("wan2.6-i2v",)), "sk-of-pictures")
    async with service.client(key="sk-of-pictures") as client:
        assert (await refused(client, ASKED, 403))["code"] == "Model.AccessDenied"


async def test_limits_act_and_say_when_to_come_again(service: Service) -> None:
    async with service.client(queue_limit=1) as client:
        await make(client)
        reply = await client.post(VIDEOS, json=ASKED)
    error = error_of(reply, 429)
    assert (error["type"], error["code"]) == ("rate_limit_error", "Throttling.AllocationQuota")
    assert int(reply.headers["retry-after"]) > 0


async def test_engine_and_callback_are_asked_for_as_of_the_other_protocol(
    service: Service, client: httpx.AsyncClient
) -> None:
    headers = {"X-Dalang-Engine": "animatic", "X-Dalang-Callback": "https://hooks.example/end"}
    video = (await client.post(VIDEOS, json=ASKED, headers=headers)).json()
    assert video["dalang"]["engine"] == task_of(service, video).engine == "animatic"
    await service.store.cancel(task_id_of(video), "acme", "any")
    (told,) = await service.store.due_callbacks(9, 1)
    assert (told.task.id, told.url) == (task_id_of(video), "https://hooks.example/end")
    wrong = await client.post(VIDEOS, json=ASKED, headers={"X-Dalang-Engine": "nobody"})
    assert "X-Dalang-Engine" in error_of(wrong, 400)["message"]


async def test_the_prompt_is_moderated(service: Service) -> None:
    async with service.client_of(service.edge(Moderator(Words({"fox": "unfit"}), mode="words"))) as client:
        error = await refused(client, ASKED)
    assert (error["code"], error["param"]) == ("DataInspectionFailed", None)


# What is not there


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/video_x/remix", 404),
        ("POST", "/edits", 400),
        ("POST", "/extensions", 400),
        ("POST", "/characters", 400),
        ("GET", "/characters/char_1", 404),
        ("PUT", "", 400),
    ],
)
async def test_what_is_not_there_is_refused_in_its_words(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    assert error_of(await client.request(method, VIDEOS + path), status)["type"] == "invalid_request_error"


async def test_all_of_v1_speaks_so_and_nothing_else_does(client: httpx.AsyncClient) -> None:
    assert error_of(await client.get("/v1/chat/completions"), 404)["code"] == "NotFound"
    for path in ("/api/v1/nothing", "/v1beta", "/"):
        assert (await client.get(path)).json()["code"] == "NotFound"


async def test_a_fault_of_ours_is_told_in_its_words_too(
    service: Service, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(type(service.store), "list_after")
    assert error_of(await client.get(VIDEOS), 500)["type"] == "server_error"


async def test_a_request_is_named_in_a_header(client: httpx.AsyncClient) -> None:
    for reply in (await client.post(VIDEOS, json=ASKED), await client.get(VIDEOS), await client.get(f"{VIDEOS}/x")):
        assert len(reply.headers["x-request-id"]) == 36


# One task, two protocols


async def test_each_protocol_knows_the_tasks_of_the_other(service: Service, client: httpx.AsyncClient) -> None:
    video = await make(client)
    assert (await query(client, task_id_of(video)))["output"]["task_status"] == "PENDING"
    task_id = await service.created(client)
    assert (await get(client, f"video_{task_id}"))["status"] == "queued"


async def test_another_account_s_video_is_not_found(service: Service, client: httpx.AsyncClient) -> None:
    video_id = (await make(client))["id"]
    async with await service.others() as others:
        for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
            reply = await others.request(method, f"{VIDEOS}/{video_id}{path}")
            assert error_of(reply, 404)["message"] == f"Video with id '{video_id}' not found."
        assert (await others.get(VIDEOS)).json()["data"] == []


@pytest.mark.parametrize("video_id", ["video_", "video_1", "nothing", "video_01900000-0000-7000-8000-000000000000"])
async def test_what_never_was_is_not_found(client: httpx.AsyncClient, video_id: str) -> None:
    assert error_of(await client.get(f"{VIDEOS}/{video_id}"), 404)["code"] == "NotFound"


async def test_a_task_s_own_identifier_is_no_video_s(service: Service, client: httpx.AsyncClient) -> None:
    error_of(await client.get(f"{VIDEOS}/{await service.created(client)}"), 404)


async def test_the_size_is_the_tier_until_the_picture_was_looked_at(
    service: Service, client: httpx.AsyncClient
) -> None:
    task_id = await service.created(client, PHOTO)
    assert (await get(client, f"video_{task_id}"))["size"] == "1080P"
    await service.prepare(task_id)
    assert (await get(client, f"video_{task_id}"))["size"] == "816x1104"


# Lists


async def test_pages_hang_together_in_either_order(service: Service, client: httpx.AsyncClient) -> None:
    made = []
    for _ in range(5):
        service.clock.advance(1)
        made.append((await make(client))["id"])
    for order, expected in (("desc", made[::-1]), ("asc", made)):
        seen: list[str] = []
        more, after = True, dict[str, str]()
        while more:
            page = (await client.get(VIDEOS, params={"limit": 2, "order": order, **after})).json()
            ids = [video["id"] for video in page["data"]]
            assert (page["first_id"], page["last_id"]) == (ids[0], ids[-1])
            seen, more, after = seen + ids, page["has_more"], {"after": page["last_id"]}
        assert seen == expected


async def test_an_empty_list_has_no_ends(client: httpx.AsyncClient) -> None:
    page = (await client.get(VIDEOS)).json()
    assert page == {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}


@pytest.mark.parametrize("asked", [{"after": "video_1"}, {"after": "x"}, {"limit": "0"}, {"order": "up"}])
async def test_a_list_says_what_is_wrong_in_the_question(client: httpx.AsyncClient, asked: dict[str, str]) -> None:
    assert error_of(await client.get(VIDEOS, params=asked), 400)["param"] == next(iter(asked))


# The file


async def completed(service: Service, client: httpx.AsyncClient) -> str:
    video = await make(client)
    await service.succeed(await service.start())
    return str(video["id"])


async def test_the_file_comes_whole_or_in_part(service: Service, client: httpx.AsyncClient) -> None:
    path = f"{VIDEOS}/{await completed(service, client)}/content"
    whole = await client.get(path, params={"variant": "video"})
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, b"0123456789", "video/mp4")
    part = await client.get(path, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, b"234")
    assert (await client.head(path)).headers["content-length"] == "10"
    for asked, status in (("bytes=99-", 416), ("letters=1-2", 400)):
        assert "Range" in error_of(await client.get(path, headers={"Range": asked}), status)["message"]


async def test_a_file_that_is_known_does_not_come_again(service: Service, client: httpx.AsyncClient) -> None:
    path = f"{VIDEOS}/{await completed(service, client)}/content"
    tag = (await client.get(path)).headers["etag"]
    reply = await client.get(path, headers={"If-None-Match": tag})
    assert (reply.status_code, reply.content, reply.headers["etag"]) == (304, b"", tag)
    assert (await client.get(path, headers={"If-None-Match": '"another"'})).status_code == 200


@pytest.mark.parametrize("variant", ["thumbnail", "spritesheet", ""])
async def test_there_is_no_other_variant(service: Service, client: httpx.AsyncClient, variant: str) -> None:
    path = f"{VIDEOS}/{await completed(service, client)}/content"
    assert error_of(await client.get(path, params={"variant": variant}), 400)["param"] == "variant"


async def test_what_has_no_file_says_why(service: Service, client: httpx.AsyncClient) -> None:
    path = f"{VIDEOS}/{(await make(client))['id']}/content"
    assert "not ready yet" in error_of(await client.get(path), 404)["message"]
    task = await service.start()
    assert "not ready yet" in error_of(await client.get(path), 404)["message"]
    await service.store.finish(task, Outcome(TaskStatus.FAILED, code="InternalError.Algo", message="no"))
    assert "has failed" in error_of(await client.get(path), 404)["message"]


async def test_a_file_that_is_gone_is_not_found(service: Service, client: httpx.AsyncClient) -> None:
    video_id = await completed(service, client)
    await service.storage.delete_task(video_id.removeprefix("video_"))
    assert "gone" in error_of(await client.get(f"{VIDEOS}/{video_id}/content"), 404)["message"]


# Deletion


async def test_a_video_goes_with_all_its_files_for_both_protocols(service: Service, client: httpx.AsyncClient) -> None:
    video = (await post_form(client, {"prompt": "it turns"})).json()
    await service.prepare(task_id_of(video))
    await service.succeed(await service.start())
    assert len(service.files()) == 3
    reply = await client.delete(f"{VIDEOS}/{video['id']}")
    assert reply.json() == {"id": video["id"], "object": "video.deleted", "deleted": True}
    assert service.files() == []
    assert (await query(client, task_id_of(video)))["output"]["task_status"] == "UNKNOWN"
    assert (await client.get(VIDEOS)).json()["data"] == []
    error_of(await client.delete(f"{VIDEOS}/{video['id']}"), 404)


async def test_what_was_deleted_is_still_paid_for(service: Service, client: httpx.AsyncClient) -> None:
    video = await make(client)
    charge = Charge(seconds=5, tier="720P", size="1280*720", sound=True, price=3_000_000)
    outcome = Outcome(TaskStatus.SUCCEEDED, result="x/1.mp4", charge=charge)
    await service.store.finish(await service.start(), outcome)
    await client.delete(f"{VIDEOS}/{video['id']}")
    assert (await client.get("/api/v1/usage")).json()["total"]["video_count"] == 1


async def test_what_is_still_being_made_is_not_deleted(service: Service, client: httpx.AsyncClient) -> None:
    video = await make(client)
    for _ in ("PENDING", "RUNNING"):
        error = error_of(await client.delete(f"{VIDEOS}/{video['id']}"), 400)
        assert error["code"] == "UnsupportedOperation"
        await service.store.claim("me", 1, 60_000)
    assert task_of(service, video).status is TaskStatus.RUNNING


async def test_of_two_deletions_at_once_one_finds_it(service: Service, client: httpx.AsyncClient) -> None:
    path = f"{VIDEOS}/{await completed(service, client)}"
    replies = await asyncio.gather(client.delete(path), client.delete(path))
    assert sorted(reply.status_code for reply in replies) == [200, 404]


async def test_an_idempotency_key_is_free_once_its_video_is_deleted(
    service: Service, client: httpx.AsyncClient
) -> None:
    once = {"Idempotency-Key": "one"}
    first = (await client.post(VIDEOS, json=ASKED, headers=once)).json()["id"]
    await service.succeed(await service.start())
    await client.delete(f"{VIDEOS}/{first}")
    assert (await client.post(VIDEOS, json=ASKED, headers=once)).json()["id"] != first
