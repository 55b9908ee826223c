"""`?dry_run=true`: what create would say, all of it, and nothing is made."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from dalang.api import schema
from dalang.moderation import NOT_SEEN, Moderator
from dalang.moderation.words import Words, read_words
from dalang.task import VideoRequest
from tests.fuzz.mutations import spoilt_body
from tests.samples import a_key
from tests.unit.api.conftest import ASYNC, CREATE, FOX, PHOTO, PIXEL, Service, body_of, changed
from tests.unit.api.test_create_media import upload

DRY = f"{CREATE}?dry_run=true"

KF2V = "/api/v1/services/aigc/image2video/video-synthesis?dry_run=true"

GOLDEN = sorted((Path(__file__).parents[2] / "wire" / "create").glob("*.json"))

SENT = [json.dumps(case["body"]).encode() for path in GOLDEN if "body" in (case := json.loads(path.read_text("utf-8")))]

WRONG = changed(FOX, parameters={"size": "1280x720", "duration": 99})


async def findings(client: httpx.AsyncClient, body: object, path: str = DRY, **headers: str) -> dict[str, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    output = body_of(await client.post(path, content=raw, headers={**ASYNC, **headers}))["output"]
    assert output.keys() == {"dalang"}, "all that is ours stands in one object"
    found: dict[str, Any] = output["dalang"]
    return found


def first(found: dict[str, Any]) -> tuple[str | None, str]:
    """Field and code of the only problem."""
    assert not found["is_valid"]
    (problem,) = found["problems"]
    return problem["field"], problem["code"]


@pytest.mark.parametrize("path", [DRY, KF2V])
async def test_a_right_call_is_told_as_understood_with_its_price_and_no_task_is_made(
    service: Service, client: httpx.AsyncClient, path: str
) -> None:
    found = await findings(client, FOX, path)
    assert (found["is_valid"], found["problems"], found["warnings"]) == (True, [], [])
    request = found["request"]
    assert (request["size"], request["duration"], request["seed"], request["sound"]) == ([1280, 720], 5, 7, True)
    assert (found["charge"]["price"], found["charge"]["region"]) == ("3.00", "cn-beijing")
    assert (await service.count(), service.files()) == (0, [])


async def test_every_problem_is_told_with_the_nearest_right_value(client: httpx.AsyncClient) -> None:
    found = await findings(client, WRONG)
    told = [(problem["field"], problem["given"], problem["nearest"]) for problem in found["problems"]]
    assert told == [
        ("parameters.size", '"1280x720"', ["1280*720"]),
        ("parameters.duration", "99", [15]),
    ]
    assert found.keys() == {"is_valid", "problems", "warnings"}


async def test_dry_run_false_and_other_names_in_the_query_make_a_task(
    service: Service, client: httpx.AsyncClient
) -> None:
    for query in ("dry_run=false", "size=1280*720", ""):
        body_of(await client.post(f"{CREATE}?{query}", json=FOX, headers=ASYNC))
    assert await service.count() == 3


@pytest.mark.parametrize("text", ["", "1", "True", "yes"])
async def test_dry_run_is_true_or_false(service: Service, client: httpx.AsyncClient, text: str) -> None:
    reply = body_of(await client.post(f"{CREATE}?dry_run={text}", json=FOX, headers=ASYNC), 400)
    assert (reply["code"], reply["message"][:31]) == ("InvalidParameter", "dry_run must be true or false. ")
    assert await service.count() == 0


async def test_who_may_not_create_may_not_look(service: Service, client: httpx.AsyncClient) -> None:
    assert body_of(await service.client(key=None).post(DRY, json=FOX, headers=ASYNC), 401)["code"] == "InvalidApiKey"
    assert body_of(await client.post(DRY, json=FOX), 403)["code"] == "AccessDenied"


async def test_dry_runs_have_a_rate_of_their_own(service: Service) -> None:
    client = service.client(query_rate=1, submit_rate=1)
    await findings(client, FOX)
    reply = await client.post(DRY, json=FOX, headers=ASYNC)
    assert (reply.headers["retry-after"], body_of(reply, 429)["code"]) == ("1", "Throttling.RateQuota")
    assert await service.created(client), "a dry run takes nothing from the creates"


# What only this server knows


async def test_a_model_that_the_region_of_the_key_lacks_is_a_problem_and_its_prices_hold(service: Service) -> None:
    await service.store.create_key(a_key(service.clock, id="key-2", region="ap-southeast-1"), "sk-asia")
    client = service.client(key="sk-asia")
    (problem,) = (await findings(client, changed(FOX, model="wan2.6-t2v-us")))["problems"]
    assert (problem["field"], problem["nearest"]) == ("model", ["wan2.6-t2v"])
    assert (await findings(client, FOX))["charge"]["region"] == "ap-southeast-1"


async def test_a_model_that_the_key_is_not_for_is_a_problem_without_a_guess(service: Service) -> None:
    await service.store.create_key(a_key(service.clock, id="key-2", models=("wan2.6-*",)), "sk-some")
    (problem,) = (await findings(service.client(key="sk-some"), changed(FOX, model="wan2.7-t2v", parameters={})))[
        "problems"
    ]
    assert (problem["field"], problem["code"], problem["nearest"]) == ("model", "Model.AccessDenied", [])


def words(folder: Path) -> Words:
    (folder / "words.txt").write_text("fox\n", encoding="utf-8")
    return read_words(folder / "words.txt")


async def test_word_lists_have_their_say_beside_other_problems(service: Service, tmp_path: Path) -> None:
    client = service.client_of(service.edge(Moderator(words(tmp_path), mode="words")))
    assert first(await findings(client, FOX)) == ("input.prompt", "DataInspectionFailed")
    told = [problem["field"] for problem in (await findings(client, WRONG))["problems"]]
    assert told == ["parameters.size", "parameters.duration", "input.prompt"]


async def test_what_the_moderator_warns_of_is_told(client: httpx.AsyncClient) -> None:
    found = await findings(client, PHOTO, **{"X-DashScope-DataInspection": '{"output": "cip"}'})
    assert (found["warnings"], found["request"]["inspect_output"]) == ([NOT_SEEN], True)


async def test_an_upload_must_be_there_and_of_this_account_and_model(
    service: Service, client: httpx.AsyncClient
) -> None:
    def with_picture(url: str) -> dict[str, Any]:
        return changed(PHOTO, input={"img_url": url})

    assert (await findings(client, with_picture(await upload(service))))["is_valid"]
    for url in ("oss://nothing", await upload(service, account="else"), await upload(service, model="wan2.5-i2v")):
        assert first(await findings(client, with_picture(url))) == ("input.img_url", "InvalidURL")
    media = [{"type": "first_frame", "url": PIXEL}, {"type": "last_frame", "url": "oss://nothing"}]
    assert first(await findings(client, {"model": "wan2.7-i2v", "input": {"media": media}})) == (
        "input.media.1.url",
        "InvalidURL",
    )


async def test_what_media_hold_is_told_in_the_order_of_create(client: httpx.AsyncClient) -> None:
    media = [{"type": "driving_audio", "url": "data:audio/wav;base64,A"}, {"type": "first_frame", "url": "oss://none"}]
    body = {"model": "wan2.7-i2v", "input": {"media": media}}
    problems = (await findings(client, body))["problems"]
    assert [problem["field"] for problem in problems] == ["input.media.1.url", "input.media.0.url"]
    reply = body_of(await client.post(CREATE, json=body, headers=ASYNC), 400)
    assert reply["message"] == problems[0]["message"]


async def test_the_cloud_s_habit_about_uploads_is_a_problem_too(service: Service) -> None:
    client = service.client(like_cloud=True)
    body = changed(PHOTO, input={"img_url": await upload(service)})
    assert first(await findings(client, body)) == ("input.img_url", "InvalidParameter.DataInspection")
    resolved = await findings(client, body, **{"X-DashScope-OssResourceResolve": "enable"})
    assert resolved["is_valid"]


async def test_like_the_cloud_or_not_problems_are_told_now(service: Service) -> None:
    assert len((await findings(service.client(like_cloud=True), WRONG))["problems"]) == 2
    assert await service.count() == 0


# Any body


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"model": "\xff"}'])
async def test_what_is_no_json_object_has_that_problem(client: httpx.AsyncClient, raw: bytes) -> None:
    assert first(await findings(client, raw)) == (None, "InvalidParameter")


async def test_it_is_valid_if_and_only_if_create_takes_it_and_the_first_problem_is_what_create_answers(
    service: Service, client: httpx.AsyncClient
) -> None:
    random = Random(23)
    taken = 0
    for _ in range(300):
        raw = spoilt_body(random, random.choice(SENT), random.choice(SENT))
        found = await findings(client, raw)
        reply = await client.post(CREATE, content=raw, headers=ASYNC)
        assert found["is_valid"] is (reply.status_code == 200), raw[:500]
        if found["problems"]:
            problem = found["problems"][0]
            assert (problem["code"], problem["message"]) == (reply.json()["code"], reply.json()["message"]), raw[:500]
        taken += found["is_valid"]
    assert 20 < taken < 280, "both sides are seen"
    assert await service.count() == taken


def test_the_document_tells_every_field_of_a_request() -> None:
    assert {*schema.Understood.__struct_fields__} == {*VideoRequest.__struct_fields__} - {"warnings"}
