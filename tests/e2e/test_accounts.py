"""Accounts side by side on one server: no call shows one of them what is another's. And where a key may be used."""

from __future__ import annotations

from typing import Any, NamedTuple

import httpx
import pytest

from dalang.api.app import PARTS
from tests.e2e.media_host import picture
from tests.e2e.running import CREATE, SMALL_IMAGE, SMALL_TEXT, Server, dalang, task_id

NEVER = "01900000-0000-7000-8000-000000000000"
"""A task that never was."""

ROUTES = [(route.path, method) for part in PARTS for route in part.routes for method in route.methods]

ABOUT_A_TASK = [
    (path.replace("{video_id}", "video_{task_id}"), method)
    for path, method in ROUTES
    if (path.startswith("/api/") and "{task_id}" in path) or "{video_id}" in path
]

TOLD_APART_BELOW = {
    "/api/v1/services/aigc/video-generation/video-synthesis",
    "/api/v1/services/aigc/image2video/video-synthesis",
    "/api/v1/tasks",
    "/api/v1/tasks/",
    "/api/v1/uploads",
    "/api/v1/uploads/",
    "/api/v1/usage",
    "/v1/videos",
}

THE_SAME_FOR_ALL = {
    "/api/v1/services/{path:path}",
    "/api/v1/models",
    "/api/v1/models/",
    "/api/v1/models/{name}",
    "/files/{task_id}/{name}",  # the signature is the authorization
    "/uploads",  # the policy is
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
}


class Account(NamedTuple):
    name: str
    http: httpx.Client

    def create(self, model: str, parameters: dict[str, Any], **more: Any) -> httpx.Response:
        headers = more.pop("headers", {})
        return self.http.post(CREATE, json={"model": model, "parameters": parameters, "input": more}, headers=headers)

    def upload(self, model: str) -> str:
        """The `oss://` address of a picture."""
        reply = self.http.get("/api/v1/uploads", params={"action": "getPolicy", "model": model})
        policy = reply.json()["data"]
        form = {"policy": policy["policy"], "signature": policy["signature"], "key": f"{policy['upload_dir']}/a.jpg"}
        assert (
            httpx.post(policy["upload_host"], data=form, files={"file": picture()}, trust_env=False).status_code == 204
        )
        return f"oss://{form['key']}"


def new_key(server: Server, *flags: str) -> httpx.Client:
    made = dalang("keys", "create", "--data", server.data, *flags)
    assert made.returncode == 0, made.stderr
    return server.client(made.stdout.strip())


@pytest.fixture(scope="module")
def ann(server: Server) -> Account:
    return Account("ann", new_key(server, "--account", "ann", "--cancel", "any"))


@pytest.fixture(scope="module")
def bob(server: Server) -> Account:
    return Account("bob", new_key(server, "--account", "bob", "--cancel", "any"))


@pytest.fixture(scope="module")
def film(server: Server, ann: Account) -> str:
    """A task of Ann's that has succeeded."""
    task = task_id(ann.create(*SMALL_TEXT, prompt="ann's secret", headers={"Idempotency-Key": "same"}))
    reply = ann.http.get(f"/api/v1/tasks/{task}", params={"wait": 20})
    assert reply.json()["output"]["task_status"] == "SUCCEEDED", reply.text
    return task


def answer(account: Account, method: str, path: str, task: str) -> tuple[int, str]:
    """With what differs between any two calls taken out."""
    reply = account.http.request(method, path.replace("{task_id}", task), timeout=10)
    text = reply.text.replace(task, "TASK")
    if own := request_id(reply):
        text = text.replace(own, "REQUEST")
    return reply.status_code, text


def request_id(reply: httpx.Response) -> str | None:
    _, _, rest = reply.text.partition('"request_id":"')
    return rest[:36] or None


def test_no_route_is_forgotten_here() -> None:
    known = {path for path, _ in ABOUT_A_TASK} | TOLD_APART_BELOW | THE_SAME_FOR_ALL
    assert {path.replace("{video_id}", "video_{task_id}") for path, _ in ROUTES} <= known, (
        "say of a new route how it keeps accounts apart"
    )


@pytest.mark.parametrize(("path", "method"), ABOUT_A_TASK)
def test_a_task_of_another_account_is_answered_as_one_that_never_was(
    ann: Account, bob: Account, film: str, path: str, method: str
) -> None:
    assert answer(bob, method, path, film) == answer(bob, method, path, NEVER)
    assert ann.http.get(f"/api/v1/tasks/{film}").json()["output"]["task_status"] == "SUCCEEDED"


def test_waiting_for_another_accounts_task_does_not_wait(bob: Account, film: str) -> None:
    reply = bob.http.get(f"/api/v1/tasks/{film}", params={"wait": 60}, timeout=10)
    assert reply.json()["output"] == {"task_id": film, "task_status": "UNKNOWN"}


def test_a_list_holds_the_accounts_own_tasks_only(ann: Account, bob: Account, film: str) -> None:
    for asked in ({}, {"task_id": film}, {"model_name": SMALL_TEXT[0]}, {"status": "SUCCEEDED"}):
        assert film in ann.http.get("/api/v1/tasks/", params=asked).text
        assert film not in bob.http.get("/api/v1/tasks/", params=asked).text
    assert {row["caller_uid"] for row in ann.http.get("/api/v1/tasks").json()["data"]} == {"ann"}
    assert bob.http.get("/api/v1/tasks", params={"task_id": film}).json()["total"] == 0
    assert film in ann.http.get("/v1/videos").text
    for asked in ({}, {"after": f"video_{film}", "order": "asc"}, {"order": "desc", "limit": 100}):
        assert film not in bob.http.get("/v1/videos", params=asked).text


@pytest.mark.usefixtures("film")
def test_usage_is_the_accounts_own(server: Server, ann: Account) -> None:
    with new_key(server, "--account", "carl") as carl:
        mine, theirs = (http.get("/api/v1/usage").json()["total"] for http in (ann.http, carl))
    assert mine["video_count"] >= 1
    assert theirs["video_count"] == 0


def test_an_idempotency_key_means_nothing_to_another_account(bob: Account, film: str) -> None:
    other = bob.create(*SMALL_TEXT, prompt="ann's secret", headers={"Idempotency-Key": "same"})
    assert task_id(other) != film
    bob.http.post(f"/api/v1/tasks/{task_id(other)}/cancel")


def test_an_upload_serves_its_own_account_and_model_only(ann: Account, bob: Account) -> None:
    url = ann.upload(SMALL_IMAGE[0])
    stolen = bob.create(*SMALL_IMAGE, img_url=url)
    unknown = bob.create(*SMALL_IMAGE, img_url="oss://dashscope-instant/0/0/a.jpg")
    assert (stolen.status_code, stolen.json()["code"]) == (400, "InvalidURL")
    assert stolen.json()["message"] == unknown.json()["message"]
    assert ann.create("wan2.6-i2v", {}, img_url=url).json()["code"] == "InvalidURL"
    mine = ann.create(*SMALL_IMAGE, img_url=url)
    ann.http.post(f"/api/v1/tasks/{task_id(mine)}/cancel")


# Where a key may be used


def at(host: str) -> dict[str, str]:
    return {"Host": host}


def refusal(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json().get("code", "")


@pytest.fixture(scope="module")
def beijing(server: Server) -> Account:
    return Account("ann", new_key(server, "--account", "ann", "--region", "cn-beijing"))


def test_a_host_name_of_the_cloud_means_its_region(ann: Account) -> None:
    model, parameters = "wanx2.1-t2v-turbo", {"size": "832*480"}
    refused = ann.create(model, parameters, prompt="a card", headers=at("dashscope-intl.example.com"))
    assert refusal(refused) == (400, "InvalidParameter")
    assert refused.json()["message"].startswith("Model not exist. wanx2.1-t2v-turbo is not offered in ap-southeast-1")
    assert "cn-beijing (Beijing)" in refused.json()["message"]
    policy = {"action": "getPolicy", "model": model}
    assert refusal(ann.http.get("/api/v1/uploads", params=policy, headers=at("dashscope-us.example.com")))[0] == 400
    made = task_id(ann.create(model, parameters, prompt="a card", headers=at("dashscope.example.com")))
    (row,) = ann.http.get("/api/v1/tasks", params={"task_id": made}).json()["data"]
    assert row["region"] == "cn-beijing"
    ann.http.post(f"/api/v1/tasks/{made}/cancel")


def test_a_trusted_proxy_tells_the_host_name(ann: Account) -> None:
    forwarded = {"X-Forwarded-Host": "dashscope-intl.example.com"}
    refused = ann.create("wanx2.1-t2v-turbo", {"size": "832*480"}, prompt="a card", headers=forwarded)
    assert refusal(refused) == (400, "InvalidParameter")


def test_a_key_of_one_region_is_invalid_in_another_on_every_call(beijing: Account, film: str) -> None:
    elsewhere, home = at("dashscope-intl.example.com"), at("dashscope.example.com")
    for path in (f"/api/v1/tasks/{film}", "/api/v1/tasks", "/api/v1/uploads", "/api/v1/usage"):
        reply = beijing.http.get(path, headers=elsewhere)
        assert refusal(reply) == (401, "InvalidApiKey")
        assert reply.json()["message"].startswith("Invalid API-key provided. It belongs to region cn-beijing (Beijing)")
        assert beijing.http.get(path, headers=home).status_code != 401
        assert beijing.http.get(path).status_code != 401
    refused = beijing.create("wan2.6-t2v-us", {}, prompt="a card")
    assert "us-east-1 (Virginia)" in refused.json()["message"]


def test_a_key_for_some_models_makes_no_others(server: Server) -> None:
    account = Account("ann", new_key(server, "--account", "ann", "--models", "wan2.6-*"))
    assert refusal(account.create(*SMALL_TEXT, prompt="a card")) == (403, "Model.AccessDenied")
    policy = {"action": "getPolicy", "model": "wan2.6-i2v"}
    assert account.http.get("/api/v1/uploads", params=policy).status_code == 200


def test_a_workspace_must_be_the_keys_own(server: Server, ann: Account) -> None:
    new_key(server, "--account", "ann", "--workspace", "studio")
    asked = {name: {"X-DashScope-WorkSpace": name} for name in ("default", "studio", "nowhere")}
    assert ann.http.get("/api/v1/tasks", headers=asked["default"]).status_code == 200
    assert refusal(ann.http.get("/api/v1/tasks", headers=asked["studio"])) == (403, "Workspace.AccessDenied")
    assert refusal(ann.http.get("/api/v1/tasks", headers=asked["nowhere"])) == (404, "WorkSpaceNotFound")
