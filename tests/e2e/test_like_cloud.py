"""A server with the cloud's habits: what is bad fails the task, keys act in Beijing, the documented limits hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.e2e.media_host import picture
from tests.e2e.running import CREATE, Server, dalang, task_id
from tests.e2e.until import until

MANY = 400
"""Calls, one after another: far more than a slow machine makes in the seconds that twenty of them a second allow."""

FOX = "data:image/jpeg;base64,//79"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("cloud") / "data", like_cloud="true").start()
    yield server
    assert server.stop() == 0


def account(server: Server, name: str) -> httpx.Client:
    """With buckets of its own."""
    made = dalang("keys", "create", "--account", name, "--data", server.data)
    assert made.returncode == 0, made.stderr
    return server.client(made.stdout.strip())


def post(
    http: httpx.Client, model: str, parameters: dict[str, Any], headers: Any = None, **input: str
) -> httpx.Response:
    return http.post(CREATE, json={"model": model, "input": input, "parameters": parameters}, headers=headers)


def end(http: httpx.Client, task: str) -> dict[str, Any]:
    """The whole reply, by one query: polls are counted here."""
    return dict(http.get(f"/api/v1/tasks/{task}", params={"wait": 30}).json())


# model, parameters, input, code, sentence
BAD: dict[str, tuple[str, dict[str, Any], dict[str, str], str, str]] = {
    "size": (
        "wan2.6-t2v",
        {"size": "1*1"},
        {"prompt": "a fox"},
        "InvalidParameter",
        "size must be in 1280*720,",
    ),
    "duration": (
        "wan2.2-t2v-plus",
        {"duration": 10},
        {"prompt": "a fox"},
        "InvalidParameter",
        "duration customization is not supported",
    ),
    "prompt": ("wan2.5-t2v-preview", {}, {"prompt": " "}, "InvalidParameter", "prompt must contain words"),
    "no picture": ("wan2.6-i2v", {}, {}, "InvalidParameter", "img_url must be set for image to video method"),
    "picture": ("wan2.5-i2v-preview", {}, {"img_url": FOX}, "InvalidImage.FileFormat", ""),
    "media": ("wan2.7-i2v", {}, {"img_url": FOX}, "InvalidParameter", "Field required: input.media"),
    "frames": ("wan2.2-kf2v-flash", {}, {}, "InvalidParameter", "video frames must be set"),
    "tier": (
        "wan2.7-t2v",
        {"resolution": "480P"},
        {"prompt": "a fox"},
        "InvalidParameter",
        "Input should be '1080P' or '720P'",
    ),
}


@pytest.mark.parametrize(("model", "parameters", "input", "code", "sentence"), BAD.values(), ids=BAD)
def test_what_is_bad_is_accepted_and_fails_with_the_documented_code(
    cloud: Server, model: str, parameters: dict[str, Any], input: dict[str, str], code: str, sentence: str
) -> None:
    created = post(cloud.http, model, parameters, **input)
    assert created.status_code == 200, created.text
    assert created.json()["output"]["task_status"] == "PENDING"
    reply = end(cloud.http, task_id(created))
    assert set(reply) == {"request_id", "output"}, "no usage, and no code beside output"
    output = reply["output"]
    assert (output["task_status"], output["code"], output["message"][: len(sentence)]) == ("FAILED", code, sentence)


def test_a_key_of_no_region_acts_in_beijing(cloud: Server) -> None:
    elsewhere = post(cloud.http, "wan2.1-t2v-turbo", {"size": "832*480"}, prompt="a fox")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "InvalidParameter")
    assert elsewhere.json()["message"].startswith("Model not exist. wan2.1-t2v-turbo is not offered in cn-beijing")
    task = task_id(post(cloud.http, "wanx2.1-t2v-turbo", {"size": "832*480"}, prompt="a fox"))
    assert end(cloud.http, task)["output"]["task_status"] == "SUCCEEDED"
    (row,) = cloud.http.get("/api/v1/tasks", params={"task_id": task}).json()["data"]
    assert row["region"] == "cn-beijing"


@pytest.mark.parametrize(("model", "rate"), [("wan2.6-t2v", 5), ("wan2.2-t2v-plus", 2)])
def test_a_model_takes_as_many_creates_at_once_as_documented(cloud: Server, model: str, rate: int) -> None:
    http = account(cloud, model)
    replies = [post(http, model, {"size": "1*1"}, prompt="a fox") for _ in range(rate)]
    assert [reply.status_code for reply in replies] == [200] * rate
    refused = next(reply for _ in range(MANY) if (reply := post(http, model, {}, prompt=" ")).status_code != 200)
    assert (refused.status_code, refused.json()["code"]) == (429, "Throttling.RateQuota")
    assert refused.headers["Retry-After"] == "1"


def test_twenty_queries_a_second_and_then_429(cloud: Server) -> None:
    http = account(cloud, "asks much")
    replies = [http.get("/api/v1/tasks/01900000-0000-7000-8000-000000000000") for _ in range(20)]
    assert {reply.status_code for reply in replies} == {200}
    refused = next(reply for _ in range(MANY) if (reply := http.get(replies[0].url)).status_code != 200)
    assert (refused.status_code, refused.json()["code"]) == (429, "Throttling.RateQuota")
    assert refused.json()["message"] == "Requests rate limit exceeded, please try again later."
    assert refused.headers["Retry-After"] == "1"
    until(lambda: http.get(replies[0].url).status_code == 200, "it may ask again", within=5)


def test_an_upload_is_resolved_with_the_header_only(cloud: Server) -> None:
    http, model = account(cloud, "uploads"), "wan2.2-i2v-flash"
    policy = http.get("/api/v1/uploads", params={"action": "getPolicy", "model": model}).json()["data"]
    form = {"policy": policy["policy"], "signature": policy["signature"], "key": f"{policy['upload_dir']}/a.jpg"}
    form["success_action_status"] = "200"
    assert httpx.post(policy["upload_host"], data=form, files={"file": picture()}, trust_env=False).status_code == 200
    asked = {"model": model, "parameters": {"resolution": "480P"}, "img_url": f"oss://{form['key']}"}
    refused = post(http, **asked)
    assert (refused.status_code, refused.json()["code"]) == (400, "InvalidParameter.DataInspection")
    sentence = "The media format is not supported or incorrect for the data inspection."
    assert refused.json()["message"].startswith(sentence)
    made = post(http, **asked, headers={"X-DashScope-OssResourceResolve": "enable"})
    assert end(http, task_id(made))["output"]["task_status"] == "SUCCEEDED"
